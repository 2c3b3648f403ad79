//! What a branch that may not run changed: taken back before the other branch runs, joined after both.

use std::collections::HashSet;
use std::rc::Rc;

use super::dict::{Dict, Pairs};
use super::scope::Scope;
use super::value::{Items, Value};
use super::{Interpreter, Run};

/// What things were before a branch, oldest first.
pub(super) struct Journal<'a> {
    id: u32,
    saved: Vec<State<'a>>,
}

/// What a branch leaves, and what was before it.
pub(super) struct Outcome<'a> {
    before: Vec<State<'a>>,
    after: Vec<State<'a>>,
}

/// What something held at a moment.
enum State<'a> {
    Variable(Rc<Scope<'a>>, &'a str, Option<Value<'a>>),
    Items(Rc<Items<'a>>, Vec<Value<'a>>, bool),
    Dict(Rc<Dict<'a>>, Pairs<'a>, bool),
}

/// Which thing it is.
#[derive(PartialEq, Eq, Hash)]
enum Slot<'a> {
    Variable(usize, &'a str),
    Object(usize),
}

impl<'a> State<'a> {
    fn slot(&self) -> Slot<'a> {
        match self {
            State::Variable(scope, name, _) => Slot::Variable(Rc::as_ptr(scope) as usize, name),
            State::Items(items, ..) => Slot::Object(Rc::as_ptr(items) as usize),
            State::Dict(dict, ..) => Slot::Object(Rc::as_ptr(dict) as usize),
        }
    }

    /// The same thing as it is now.
    fn now(&self) -> State<'a> {
        match self {
            State::Variable(scope, name, _) => {
                State::Variable(scope.clone(), name, scope.variables.borrow().get(name).cloned())
            }
            State::Items(items, ..) => State::of_items(items),
            State::Dict(dict, ..) => State::of_dict(dict),
        }
    }

    fn of_items(items: &Rc<Items<'a>>) -> State<'a> {
        State::Items(items.clone(), items.values.borrow().clone(), items.more.get())
    }

    fn of_dict(dict: &Rc<Dict<'a>>) -> State<'a> {
        State::Dict(dict.clone(), dict.pairs.borrow().clone(), dict.more.get())
    }

    fn put(self) {
        match self {
            State::Variable(scope, name, value) => drop(scope.variables.borrow_mut().set(name, value)),
            State::Items(items, values, more) => {
                items.values.replace(values);
                items.more.set(more);
            }
            State::Dict(dict, pairs, more) => {
                dict.pairs.replace(pairs);
                dict.more.set(more);
            }
        }
    }

    /// Makes the thing what it certainly is, whether it is as it is now or as it was in this state.
    fn join(self) {
        match self {
            State::Variable(scope, name, value) => {
                let now = scope.variables.borrow().get(name).cloned();
                let joined = match (value, now) {
                    (Some(a), Some(b)) => Some(a.joined(b)),
                    // where it is not bound, using it fails
                    (a, b) => a.or(b),
                };
                scope.variables.borrow_mut().set(name, joined);
            }
            State::Items(items, values, more) => {
                let mut now = items.values.borrow_mut();
                let n_same = now.iter().zip(&values).take_while(|(a, b)| a.same(b)).count();
                let differs = n_same != now.len() || n_same != values.len();
                now.truncate(n_same);
                items.more.set(differs || more || items.more.get());
            }
            State::Dict(dict, pairs, more) => {
                let now = dict.pairs.replace(Pairs::default());
                let mut differs = now.entries.len() != pairs.entries.len();
                let mut res = Pairs::default();
                for entry in now.entries {
                    match pairs.get(&entry.key).cloned() {
                        Some(value) => res.insert(entry.key, entry.name, value.joined(entry.value)),
                        None => differs = true,
                    }
                }
                dict.pairs.replace(res);
                dict.more.set(differs || more || dict.more.get());
            }
        }
    }
}

impl<'a> Value<'a> {
    /// What it certainly is when it is one of two.
    pub(super) fn joined(self, other: Value<'a>) -> Value<'a> {
        if self.same(&other) { self } else { Value::Unknown }
    }
}

impl<'a> Interpreter<'a> {
    /// From here on what is changed is noted, until [`Run::taken_back`] or [`Run::kept`].
    pub(super) fn begin_branch(&mut self) {
        self.n_journals = self.n_journals.wrapping_add(1).max(1);
        self.journals.push(Journal { id: self.n_journals, saved: Vec::new() });
    }

    /// Notes what a list is before it is changed.
    pub(super) fn touch_items(&mut self, items: &Rc<Items<'a>>) {
        let Some(journal) = self.journals.last_mut() else { return };
        if items.stamp.replace(journal.id) != journal.id {
            journal.saved.push(State::of_items(items));
            let size = items.values.borrow().len() / 8;
            self.spend(size);
        }
    }

    /// Notes what a dictionary or set is before it is changed.
    pub(super) fn touch_dict(&mut self, dict: &Rc<Dict<'a>>) {
        let Some(journal) = self.journals.last_mut() else { return };
        if dict.stamp.replace(journal.id) != journal.id {
            journal.saved.push(State::of_dict(dict));
            self.spend(dict.len() / 8);
        }
    }

    pub(super) fn set_variable(&mut self, scope: &Rc<Scope<'a>>, name: &'a str, value: Option<Value<'a>>) {
        let before = scope.variables.borrow_mut().set(name, value);
        if let Some(journal) = self.journals.last_mut() {
            journal.saved.push(State::Variable(scope.clone(), name, before));
        }
    }
}

impl<'a> Run<'_, 'a> {
    /// Ends a branch: everything is as before it.
    pub(super) fn taken_back(&mut self) -> Outcome<'a> {
        let before = self.journals.pop().map(|journal| journal.saved).unwrap_or_default();
        self.spend(before.len() / 8);
        let after = latest(&before).into_iter().map(State::now).collect();
        let mut saved = Vec::with_capacity(before.len());
        for state in before.into_iter().rev() {
            saved.push(state.copy());
            state.put();
        }
        saved.reverse();
        Outcome { before: saved, after }
    }

    /// Ends a branch: everything stays as the branch left it.
    pub(super) fn kept(&mut self) -> Outcome<'a> {
        let before = self.journals.pop().map(|journal| journal.saved).unwrap_or_default();
        self.spend(before.len() / 8);
        Outcome { before, after: Vec::new() }
    }

    /// Goes where a branch that was taken back had gone, noting it.
    pub(super) fn go_again(&mut self, outcome: &Outcome<'a>) {
        for state in &outcome.after {
            match state {
                State::Variable(scope, name, value) => self.set_variable(scope, name, value.clone()),
                State::Items(items, ..) => {
                    self.touch_items(items);
                    state.copy().put();
                }
                State::Dict(dict, ..) => {
                    self.touch_dict(dict);
                    state.copy().put();
                }
            }
        }
    }

    /// Makes everything that a branch changed what it is whether the branch ran or not, noting it.
    pub(super) fn blur(&mut self, outcome: &Outcome<'a>) {
        for state in &outcome.after {
            if let Some(journal) = self.journals.last_mut() {
                journal.saved.push(state.now());
            }
            state.copy().join();
        }
    }

    /// Forgets a path that does not go on; what was before it stays noted for the branches round it.
    pub(super) fn note(&mut self, outcome: Outcome<'a>) {
        if let Some(journal) = self.journals.last_mut() {
            journal.saved.extend(outcome.before);
        }
    }

    /// Joins what one path left (and was taken back) with what the other has left just now.
    pub(super) fn join(&mut self, one: Outcome<'a>, other: Outcome<'a>) {
        let slots: HashSet<Slot<'a>> = one.after.iter().map(State::slot).collect();
        // what only the other changed: it is as it was before, or as it is now
        let mut seen = HashSet::new();
        for state in &other.before {
            let slot = state.slot();
            if !slots.contains(&slot) && seen.insert(slot) {
                state.copy().join();
            }
        }
        for state in one.after {
            state.join();
        }
        if let Some(journal) = self.journals.last_mut() {
            journal.saved.extend(one.before);
            journal.saved.extend(other.before);
        }
    }
}

impl<'a> State<'a> {
    fn copy(&self) -> State<'a> {
        match self {
            State::Variable(scope, name, value) => State::Variable(scope.clone(), name, value.clone()),
            State::Items(items, values, more) => State::Items(items.clone(), values.clone(), *more),
            State::Dict(dict, pairs, more) => State::Dict(dict.clone(), pairs.clone(), *more),
        }
    }
}

/// One state of each thing.
fn latest<'s, 'a>(states: &'s [State<'a>]) -> Vec<&'s State<'a>> {
    let mut seen = HashSet::new();
    states.iter().filter(|state| seen.insert(state.slot())).collect()
}
