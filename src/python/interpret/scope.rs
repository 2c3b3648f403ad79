//! Where names are bound.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::ParsedModule;
use super::import::Bindings;
use super::value::Value;

/// The names of a module, a function call, a class body or a comprehension.
pub struct Scope<'a> {
    pub module: &'a ParsedModule,
    pub(super) kind: Kind<'a>,
    /// Where to look next; a function looks past the class that holds it.
    pub(super) parent: Option<Rc<Scope<'a>>>,
    pub(super) variables: RefCell<Variables<'a>>,
    /// Names that `global` and `nonlocal` bind elsewhere.
    pub(super) elsewhere: RefCell<Vec<(&'a str, Rc<Scope<'a>>)>>,
    /// A name that is not bound may still be: `from unknown import *`, `globals().update(…)`.
    pub(super) any_name: Cell<bool>,
}

pub(super) enum Kind<'a> {
    /// A module; one that is not run binds each name when it is asked for.
    Module(Option<Rc<Bindings<'a>>>),
    Function,
    Class,
    Comprehension,
}

impl<'a> Scope<'a> {
    pub(super) fn new(module: &'a ParsedModule, kind: Kind<'a>, parent: Option<Rc<Scope<'a>>>) -> Rc<Scope<'a>> {
        Rc::new(Scope {
            module,
            kind,
            parent,
            variables: RefCell::default(),
            elsewhere: RefCell::default(),
            any_name: Cell::new(false),
        })
    }

    /// The scope of the module that this one lies in.
    pub(super) fn global(self: &Rc<Self>) -> Rc<Scope<'a>> {
        let mut scope = self;
        while let Some(parent) = &scope.parent {
            scope = parent;
        }
        scope.clone()
    }
}

/// The variables of a scope, in the order in which they were first bound.
#[derive(Default)]
pub(super) struct Variables<'a> {
    entries: Vec<(&'a str, Option<Value<'a>>)>,
    /// Where each name is; only filled when there are many.
    index: HashMap<&'a str, usize>,
}

impl<'a> Variables<'a> {
    const FEW: usize = 32;

    pub fn get(&self, name: &str) -> Option<&Value<'a>> {
        self.position(name).and_then(|at| self.entries[at].1.as_ref())
    }

    /// Binds or unbinds a name; what it was before.
    pub fn set(&mut self, name: &'a str, value: Option<Value<'a>>) -> Option<Value<'a>> {
        if let Some(at) = self.position(name) {
            return std::mem::replace(&mut self.entries[at].1, value);
        }
        if !self.index.is_empty() {
            self.index.insert(name, self.entries.len());
        }
        self.entries.push((name, value));
        if self.index.is_empty() && self.entries.len() > Self::FEW {
            self.index = self.entries.iter().enumerate().map(|(at, (name, _))| (*name, at)).collect();
        }
        None
    }

    /// How many names were bound, be they unbound again.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &Value<'a>)> {
        self.entries.iter().filter_map(|(name, value)| Some((*name, value.as_ref()?)))
    }

    fn position(&self, name: &str) -> Option<usize> {
        match self.index.is_empty() {
            true => self.entries.iter().position(|(known, _)| *known == name),
            false => self.index.get(name).copied(),
        }
    }
}
