//! What `env.py` leaves out of the comparison: `include_object`, `include_name`, `include_schemas`, `compare_type`. Its functions are run
//! for each change, as far as the project's own code goes; what the change is about is all that they are told.
//!
//! | file | owns |
//! |---|---|
//! | `host` | what the functions may ask: the object, the tables of the models, the database's name |
//! | `info` | the `info` that models give to tables |
//! | `object` | which objects a change is about, as Alembic names them |

mod host;
mod info;
mod object;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use self::host::Asked;
use self::info::Infos;
use self::object::{Object, objects};
use crate::python;
use crate::python::interpret::{Arguments, Interpreter, Modules, ParsedModule, Place, Term, TermKind, Value};
use crate::schema::{Change, DiffOptions, Name, Schema, What};
use crate::source::{Source, Span};

/// An `env.py`.
#[derive(Clone, Copy)]
pub struct EnvPy<'e> {
    pub module: &'e ParsedModule,
    pub modules: &'e dyn Modules,
    /// The main options of its `alembic.ini`; `None` when they are not known.
    pub options: Option<&'e BTreeMap<String, String>>,
}

/// How `env.py` wants models and database compared, as far as it can be read. It recurses: run it on a deep stack.
///
/// `compare_type` is on unless it is switched off (Alembic 1.12), `compare_server_default` off unless it is switched on by
/// `True`: what a function makes of two defaults is its own affair.
pub fn comparison(env: EnvPy, postgresql: bool) -> DiffOptions {
    let models = Schema::default();
    let filter = Filter::of(env, &models, &[], postgresql);
    let (types, defaults) = (filter.option("compare_type"), filter.option("compare_server_default"));
    DiffOptions {
        postgresql,
        types: types.is_empty() || types.iter().any(|value| value.truth() != Some(false)),
        defaults: !defaults.is_empty() && defaults.iter().all(|value| matches!(value, Value::Bool(true))),
    }
}

/// The changes that `env.py` lets through, and whether it certainly does. `sources` are the files that the origins of the models count.
/// It recurses: run it on a deep stack.
pub fn included(env: EnvPy, changes: Vec<Change>, models: &Schema, sources: &[Arc<Source>]) -> Vec<(Change, bool)> {
    let mut filter = Filter::of(env, models, sources, true);
    let again = changed_again(&changes);
    let mut res = Vec::new();
    for change in changes {
        match filter.includes(&change, &again) {
            Some(false) => {}
            verdict => res.push((change, verdict == Some(true))),
        }
    }
    res
}

/// The indexes and constraints that are both removed and added: changed, in Alembic's words.
fn changed_again(changes: &[Change]) -> HashSet<(Name, Arc<str>)> {
    let mut removed = HashSet::new();
    let mut res = HashSet::new();
    for change in changes {
        let (name, is_removal) = match &change.what {
            What::RemoveIndex(index) => (Some(&index.name), true),
            What::AddIndex(index) => (Some(&index.name), false),
            What::RemoveConstraint(constraint) => (constraint.name.as_ref(), true),
            What::AddConstraint(constraint) => (constraint.name.as_ref(), false),
            _ => continue,
        };
        let Some(name) = name else { continue };
        let key = (change.table.clone(), name.clone());
        if is_removal {
            removed.insert(key);
        } else {
            res.insert(key);
        }
    }
    res.retain(|key| removed.contains(key));
    res
}

/// What an `env.py` calls the metadata of the models, by Alembic's templates.
const TARGET: &str = "target_metadata";

/// The calls of `context.configure` in an `env.py`.
struct Filter<'a> {
    interpreter: Interpreter<'a>,
    host: Asked<'a>,
    place: Place<'a>,
    /// Those for a connection, if there are any: without one nothing is compared.
    calls: Vec<Arguments<'a>>,
    /// It speaks of filters, and no call was found that does.
    lost: bool,
}

impl<'a> Filter<'a> {
    fn of(env: EnvPy<'a>, models: &'a Schema, sources: &'a [Arc<Source>], postgresql: bool) -> Filter<'a> {
        let EnvPy { module: env, modules, options } = env;
        let mut interpreter = Interpreter::new(modules, Default::default());
        let mut host = Asked::new(models, Infos::new(models, sources), options, postgresql);
        let place = Place { module: env, span: Span::default() };
        let scope = interpreter.visit_module(&mut host, env);
        host.target = interpreter.global(&mut host, &scope, TARGET);
        // whatever it is made of, it is that of the models
        if matches!(host.target, Some(Value::Unknown)) {
            let models = Value::Term(Rc::new(Term { kind: TermKind::Name(host::METADATA.into()), place }));
            host.target = Some(models.clone());
            interpreter.set_global(&scope, TARGET, models);
        }
        for function in python::functions(&env.statements) {
            interpreter.refuel();
            if let Some(function @ Value::Function(_)) = interpreter.global(&mut host, &scope, function.name) {
                interpreter.call(&mut host, &function, Arguments::default(), place);
            }
        }
        let all = std::mem::take(&mut host.calls);
        let written = |call: &Arguments<'a>, name: &str| call.keywords.iter().any(|(key, ..)| **key == *name);
        let online: Vec<Arguments<'a>> = all.iter().filter(|call| written(call, "connection")).cloned().collect();
        let calls = if online.is_empty() { all } else { online };
        let filters = |name: &&str| env.source.text.contains(*name) && !calls.iter().any(|call| written(call, name));
        let lost = ["include_object", "include_name"].iter().any(filters);
        Filter { interpreter, host, place, calls, lost }
    }

    /// What the calls say of an option; nothing where none of them speaks of it.
    fn option(&self, name: &str) -> Vec<Value<'a>> {
        let mut res: Vec<Value<'a>> = Vec::new();
        for call in &self.calls {
            let Some((_, value, _)) = call.keywords.iter().find(|(key, ..)| **key == *name) else { continue };
            if !res.iter().any(|known| known.same(value)) {
                res.push(value.clone());
            }
        }
        res
    }

    /// Whether a `compare_type` leaves the comparison to Alembic, or switches it off.
    fn compares(&mut self, value: &Value<'a>) -> Option<bool> {
        match value {
            Value::Function(function) => {
                let n_parameters = function.parameters().count();
                let arguments =
                    (0..n_parameters).map(|at| self.name(&format!("alembic.compared{at}"))).collect::<Vec<_>>();
                match self.call(value, Arguments::of(arguments)) {
                    Value::None => Some(true),
                    Value::Bool(false) => Some(false),
                    _ => None,
                }
            }
            value => value.truth(),
        }
    }

    fn includes(&mut self, change: &Change, again: &HashSet<(Name, Arc<str>)>) -> Option<bool> {
        let mut res = (!self.lost).then_some(true);
        if self.is_version_table(&change.table) {
            return Some(false);
        }
        // without `include_schemas` no other schema is looked into
        if matches!(change.what, What::RemoveTable) && change.table.schema.is_some() {
            let said: Vec<Option<bool>> = self.option("include_schemas").iter().map(Value::truth).collect();
            let looked = match said[..] {
                [] => Some(false),
                [only] => only,
                _ => None,
            };
            res = and(res, looked);
        }
        if let What::ModifyType { .. } = change.what {
            for value in self.option("compare_type") {
                let verdict = self.compares(&value);
                res = and(res, verdict);
            }
        }
        for object in objects(change, again) {
            if res == Some(false) {
                break;
            }
            let verdict = self.lets_through(object);
            res = and(res, verdict);
        }
        res
    }

    fn is_version_table(&self, table: &Name) -> bool {
        self.option("version_table").iter().any(|name| name.as_str() == Some(&*table.name))
    }

    /// Asks `include_name` of what the database has, and `include_object` of everything.
    fn lets_through(&mut self, object: Object) -> Option<bool> {
        let mut res = Some(true);
        let name = object.name.as_deref().map_or(Value::None, |name| Value::text(name.to_owned()));
        let kind = Value::text(object.kind.name());
        if object.in_database {
            for filter in self.option("include_name") {
                let parents = self.parents(&object);
                let verdict = self.verdict(&filter, Arguments::of([name.clone(), kind.clone(), parents]));
                res = and(res, verdict);
            }
        }
        let filters = self.option("include_object");
        if !filters.is_empty() {
            let this = self.name(host::OBJECT);
            let other = if object.is_compared { self.name(host::OTHER) } else { Value::None };
            let reflected = Value::Bool(object.reflected);
            self.host.object = Some(object);
            for filter in filters {
                let arguments = [this.clone(), name.clone(), kind.clone(), reflected.clone(), other.clone()];
                let verdict = self.verdict(&filter, Arguments::of(arguments));
                res = and(res, verdict);
            }
            self.host.object = None;
        }
        res
    }

    /// `parent_names`: asked by key, so that a term stands for it.
    fn parents(&mut self, object: &Object) -> Value<'a> {
        self.host.parents = Some((object.kind, object.table.clone()));
        self.name(host::PARENTS)
    }

    fn verdict(&mut self, filter: &Value<'a>, arguments: Arguments<'a>) -> Option<bool> {
        match filter {
            Value::None => Some(true),
            Value::Unknown => None,
            _ => self.call(filter, arguments).truth(),
        }
    }

    fn call(&mut self, function: &Value<'a>, arguments: Arguments<'a>) -> Value<'a> {
        self.interpreter.refuel();
        let res = self.interpreter.call(&mut self.host, function, arguments, self.place);
        if self.interpreter.exhausted() { Value::Unknown } else { res }
    }

    fn name(&self, name: &str) -> Value<'a> {
        Value::Term(Rc::new(Term { kind: TermKind::Name(name.into()), place: self.place }))
    }
}

fn and(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}
