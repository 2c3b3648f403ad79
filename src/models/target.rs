//! Which `MetaData` counts: the `target_metadata` of `env.py`.

use crate::python::interpret::{Arguments, Interpreter, ParsedModule, Place, Value};
use crate::sqlalchemy::{Metadata, metadata_of};

use super::collect::Collector;

/// The metadata whose tables are compared.
pub(super) enum Targets<'a> {
    These(Vec<Metadata<'a>>),
    /// These for sure, and perhaps tables of others that are added to them.
    AtLeast(Vec<Metadata<'a>>),
    /// It cannot be told.
    All,
}

impl<'a> Targets<'a> {
    /// Whether the tables of a metadata count; `None`: perhaps.
    pub fn count(&self, metadata: &Metadata<'a>) -> Option<bool> {
        match self {
            Targets::All => Some(true),
            Targets::AtLeast(all) => all.iter().any(|target| target.is(metadata) == Some(true)).then_some(true),
            Targets::These(all) => {
                let mut answers = all.iter().map(|target| target.is(metadata));
                answers
                    .try_fold(false, |res, answer| match (res, answer) {
                        (true, _) | (_, Some(true)) => Ok(true),
                        (false, Some(false)) => Ok(false),
                        (false, None) => Err(()),
                    })
                    .ok()
            }
        }
    }
}

/// What `env.py` hands to Alembic: its `target_metadata`, or what it calls `context.configure` with.
pub(super) fn targets<'a>(
    interpreter: &mut Interpreter<'a>,
    host: &mut Collector<'a>,
    env: Option<&'a ParsedModule>,
) -> Targets<'a> {
    let Some(env) = env else { return Targets::All };
    interpreter.refuel();
    let scope = interpreter.lazy_module(env);
    let named = interpreter.global(host, &scope, "target_metadata").and_then(|value| all_of(interpreter, host, &value));
    // `target_metadata._add_table(…)`, `table.to_metadata(target_metadata)`
    let adds = ["._add_table(", ".to_metadata(", ".tometadata("];
    if let Some(found) = named {
        return match adds.iter().any(|method| env.source.text.contains(method)) {
            true => Targets::AtLeast(found),
            false => Targets::These(found),
        };
    }
    for function in ["run_migrations_offline", "run_migrations_online", "do_run_migrations", "main"] {
        if let Some(function @ Value::Function(_)) = interpreter.global(host, &scope, function) {
            let place = Place { module: env, span: Default::default() };
            interpreter.call(host, &function, Arguments::default(), place);
        }
    }
    for value in std::mem::take(&mut host.configured) {
        if let Some(found) = all_of(interpreter, host, &value) {
            return Targets::These(found);
        }
    }
    // Flask-Migrate's own `env.py` asks the application
    match env.source.text.contains("current_app") {
        true => Targets::These(vec![Metadata::Flask]),
        false => Targets::All,
    }
}

/// One metadata, or several; `None` unless all are known.
fn all_of<'a>(
    interpreter: &mut Interpreter<'a>,
    host: &mut Collector<'a>,
    value: &Value<'a>,
) -> Option<Vec<Metadata<'a>>> {
    let values = match value {
        Value::List(_) | Value::Tuple(_) | Value::Set(_) => interpreter.iterate(host, value)?,
        Value::None => return None,
        value => vec![value.clone()],
    };
    let all: Vec<Metadata<'a>> = values.iter().map(metadata_of).collect();
    let known = !all.is_empty() && !all.iter().any(|metadata| matches!(metadata, Metadata::Unknown));
    known.then_some(all)
}
