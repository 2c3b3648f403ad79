//! What is executed: SQL text, `text(…)`, SQLAlchemy's constructs; through `op.execute`, a connection or a session.

use std::rc::Rc;

use super::Dialect;
use super::directive::anything;
use super::guard;
use super::host::{Actions, Lowering, one};
use super::text::{holed, statement_text};
use crate::python::interpret::{Arguments, Interpreter, Place, Term, TermKind, Value};
use crate::schema::{Action, Touches};
use crate::source::Span;
use crate::sql::{self, Binds};
use crate::sqlalchemy::{call_of, known, text_of};

/// The parameters of a statement that have values; `None` when that cannot be told.
type Values = Option<Vec<String>>;

impl<'a> Lowering<'a> {
    /// `x.execute(…)` and its like; `object` is `None` for what has only a dotted name.
    pub(super) fn execute_on(
        &mut self,
        interpreter: &mut Interpreter<'a>,
        object: Option<&&Value<'a>>,
        method: &str,
        arguments: &Arguments<'a>,
        term: &Rc<Term<'a>>,
    ) -> Option<Actions> {
        let statement = arguments.positional.first().map(|(value, _)| value.clone());
        let statement = statement.or_else(|| {
            let names = ["statement", "sqltext", "query", "clause", "object_", "sql", "operation"];
            names.iter().find_map(|name| arguments.keyword(name))
        })?;
        let given = arguments.positional.get(1).map(|(value, _)| value.clone());
        let given = given.or_else(|| ["params", "parameters", "vars"].iter().find_map(|name| arguments.keyword(name)));
        let is_raw = method == "exec_driver_sql" || text_of(&statement).is_some();
        let is_connection = object.is_some_and(|object| guard::is_connection(object));
        if statement.is_unknown() && !is_connection {
            return None;
        }
        // a call of something else that is also called `execute`
        if !is_connection && holed(&statement).is_none() && !is_statement(&statement) {
            return None;
        }
        let extra = given.or_else(|| (!arguments.keywords.is_empty()).then_some(Value::Unknown));
        let values = extra.or(is_raw.then_some(Value::Unknown));
        let mut actions = self.execute_statement(interpreter, Some(statement), values, false, term);
        if object.is_some_and(|object| guard::commits_at_once(object)) {
            actions.insert(0, (Action::EnterAutocommit, None, Vec::new()));
            actions.push((Action::LeaveAutocommit, None, Vec::new()));
        }
        Some(actions)
    }

    /// Lowers what is executed. `values` are the parameters it is given, if any.
    pub(super) fn execute_statement(
        &mut self,
        interpreter: &mut Interpreter<'a>,
        statement: Option<Value<'a>>,
        values: Option<Value<'a>>,
        by_op: bool,
        term: &Rc<Term<'a>>,
    ) -> Actions {
        let Some(statement) = statement else { return one(anything("execute")) };
        let (inner, mut bound) = unwrapped(&statement);
        match &values {
            None => {}
            Some(Value::Dict(dict)) if !dict.more.get() => {
                if let Some(bound) = &mut bound {
                    bound.extend(dict.keys().iter().filter_map(text_of));
                }
            }
            Some(Value::List(items)) if !items.more.get() => {
                let first = items.values.borrow().first().cloned();
                match (first, &mut bound) {
                    (Some(Value::Dict(dict)), Some(bound)) if !dict.more.get() => {
                        bound.extend(dict.keys().iter().filter_map(text_of));
                    }
                    _ => bound = None,
                }
            }
            Some(_) => bound = None,
        }
        let (text, place) = match call_of(&inner) {
            Some((callee, arguments)) if matches!(known(callee), Some((_, "text" | "DDL" | "TextClause"))) => {
                let span = arguments.span(0, "text");
                (
                    statement_text(callee, arguments),
                    inner.as_term().zip(span).map(|(term, span)| Place { span, ..term.place }),
                )
            }
            _ => {
                if let Some(actions) = self.construct(interpreter, &inner, values.as_ref()) {
                    return actions;
                }
                let span = match &term.kind {
                    TermKind::Call { arguments, .. } => {
                        arguments.span(0, "sqltext").or_else(|| arguments.span(0, "statement"))
                    }
                    _ => None,
                };
                (holed(&inner), span.map(|span| Place { span, ..term.place }))
            }
        };
        // a driver's own parameters
        let is_driver = !by_op && text_of(&inner).is_some();
        match text {
            Some(text) => self.statements(&text, if is_driver { None } else { Some(bound) }, place),
            // what defines takes no parameters
            None if !by_op && values.is_some() => {
                one(Action::Unknown { text: "execute".to_owned(), touches: Touches::Rows })
            }
            None => one(anything("execute")),
        }
    }

    /// The operations of SQL text; `values` is `None` for text that goes to the driver as it is.
    pub(super) fn statements(&self, text: &str, values: Option<Values>, place: Option<Place<'a>>) -> Actions {
        let values = values.map(|values| values.map(|values| values.into_iter().collect::<Vec<_>>()));
        let names: Option<Vec<&str>> = match &values {
            Some(Some(values)) => Some(values.iter().map(String::as_str).collect()),
            _ => None,
        };
        let binds = match &values {
            Some(_) => Binds::Text(names.as_deref()),
            None => Binds::Raw,
        };
        let dialect = match self.dialect {
            Dialect::Postgres | Dialect::Unknown => sql::Dialect::PostgreSql,
            Dialect::Sqlite | Dialect::Mysql | Dialect::Other => sql::Dialect::Other,
        };
        let at = place.and_then(|place| self.within_literal(place, text));
        let whole = place.filter(|place| self.is_own(*place)).map(|place| place.span);
        sql::parse(text, &sql::Options { dialect, binds })
            .into_iter()
            .map(|statement| {
                let span = at.map(|at| Span::new(at + statement.range.start, at + statement.range.end)).or(whole);
                (statement.action, span, statement.guards)
            })
            .collect()
    }
}

/// A statement without the methods that only add to it, and the parameters they give values to.
fn unwrapped<'a>(statement: &Value<'a>) -> (Value<'a>, Values) {
    let (mut inner, mut bound) = (statement.clone(), Some(Vec::new()));
    for _ in 0..50 {
        let next = match crate::sqlalchemy::method_of(&inner) {
            Some((object, "bindparams" | "params", arguments)) => {
                if arguments.more {
                    bound = None;
                }
                let names = arguments.positional.iter().map(|(value, _)| parameters(value));
                match (&mut bound, names.collect::<Option<Vec<_>>>()) {
                    (Some(bound), Some(names)) => {
                        bound.extend(names.into_iter().flatten());
                        bound.extend(arguments.keywords.iter().map(|(name, ..)| name.to_string()));
                    }
                    _ => bound = None,
                }
                object.clone()
            }
            Some((object, "execution_options" | "columns" | "execute_if" | "self_group" | "options", _)) => {
                object.clone()
            }
            _ => break,
        };
        inner = next;
    }
    (inner, bound)
}

/// The parameters that `bindparam("x", value)` or `{"x": value}` gives values to.
fn parameters(value: &Value<'_>) -> Option<Vec<String>> {
    match value {
        Value::Dict(dict) if !dict.more.get() => dict.keys().iter().map(text_of).collect(),
        _ => call_of(value).and_then(|(_, arguments)| Some(vec![text_of(&arguments.get(0, "key")?)?])),
    }
}

/// Whether a value is something of SQLAlchemy's that can be executed, as far as its shape tells.
fn is_statement(value: &Value<'_>) -> bool {
    let Some((callee, _)) = call_of(value) else { return false };
    match callee.as_term().map(|term| &term.kind) {
        Some(TermKind::Attribute(_, name)) => {
            const METHODS: [&str; 16] = [
                "insert",
                "update",
                "delete",
                "select",
                "values",
                "where",
                "filter",
                "returning",
                "bindparams",
                "execution_options",
                "on_conflict_do_nothing",
                "on_conflict_do_update",
                "from_select",
                "order_by",
                "limit",
                "join",
            ];
            METHODS.contains(&&**name)
        }
        _ => known(callee).is_some_and(|(family, _)| family != crate::sqlalchemy::Family::Other),
    }
}

/// Nothing is known to happen.
pub(super) fn nothing() -> Actions {
    one(Action::Nothing)
}
