//! Conditions: what they say about the existence of something, and what is known of the dialect.

use std::collections::HashMap;
use std::rc::Rc;

use super::Dialect;
use super::text::holed;
use crate::python::interpret::{Arguments, Block, BoolOp, CmpOp, Term, TermKind, Value};
use crate::schema::{Action, Guard, Name, Object, OtherKind};
use crate::sql;
use crate::sqlalchemy::{call_of, known, method_of, stored, text_of};

/// Deeper conditions are not known.
const MOST_DEEP: usize = 20;

/// What must hold for a branch to run.
pub(super) fn guards(condition: &Value<'_>, holds: bool) -> Vec<Guard> {
    guards_within(condition, holds, MOST_DEEP)
}

fn guards_within(condition: &Value<'_>, holds: bool, depth: usize) -> Vec<Guard> {
    let unknown = vec![Guard::Unknown];
    let Some(depth) = depth.checked_sub(1) else { return unknown };
    if let Some((object, exists)) = existence(condition, depth) {
        return vec![Guard::Exists { object, holds: exists == holds }];
    }
    match condition.as_term().map(|term| &term.kind) {
        Some(TermKind::Not(inner)) => guards_within(inner, !holds, depth),
        // all of `a and b` hold, none of `a or b` does
        Some(TermKind::BoolOp(op, parts)) if (*op == BoolOp::And) == holds => {
            let mut res: Vec<Guard> = Vec::new();
            for guard in parts.iter().flat_map(|part| guards_within(part, holds, depth)) {
                if !res.contains(&guard) {
                    res.push(guard);
                }
            }
            res
        }
        _ => unknown,
    }
}

/// What a condition asks about, and whether it is true when that exists.
fn existence(condition: &Value<'_>, depth: usize) -> Option<(Object, bool)> {
    let depth = depth.checked_sub(1)?;
    let term = condition.as_term()?;
    match &term.kind {
        TermKind::Not(inner) => existence(inner, depth).map(|(object, holds)| (object, !holds)),
        TermKind::Compare(CmpOp::In, item, collection) => Some((member(item, collection)?, true)),
        TermKind::Compare(CmpOp::NotIn, item, collection) => Some((member(item, collection)?, false)),
        TermKind::Compare(op, left, right) => {
            let (object, holds) = existence(left, depth)?;
            let says = match (op, right) {
                (CmpOp::Is | CmpOp::Eq, Value::None) => false,
                (CmpOp::IsNot | CmpOp::NotEq, Value::None) => true,
                (CmpOp::Is | CmpOp::Eq, Value::Bool(value)) => *value,
                (CmpOp::IsNot | CmpOp::NotEq, Value::Bool(value)) => !*value,
                (CmpOp::Eq, Value::Int(value @ (0 | 1))) => *value == 1,
                (CmpOp::NotEq, Value::Int(0)) => true,
                (CmpOp::Gt, Value::Int(0)) | (CmpOp::GtE, Value::Int(1)) => true,
                (CmpOp::Lt, Value::Int(1)) | (CmpOp::LtE, Value::Int(0)) => false,
                _ => return None,
            };
            Some((object, says == holds))
        }
        TermKind::Item(value, _) => existence(value, depth),
        TermKind::Call { callee, arguments } => {
            if let Value::Builtin("bool" | "len" | "list" | "set" | "any" | "int") = callee {
                let (first, _) = arguments.positional.first()?;
                return match first.as_term().map(|term| &term.kind) {
                    Some(TermKind::Each { iterable, element }) => any_of(iterable, element),
                    _ => existence(first, depth),
                };
            }
            let name = match &callee.as_term()?.kind {
                TermKind::Attribute(_, name) => &**name,
                TermKind::Name(path) => path.rsplit('.').next()?,
                _ => return None,
            };
            asks(name, callee, arguments, depth).map(|object| (object, true))
        }
        // `[c for c in inspector.get_columns("t") if c["name"] == "x"]` has no better form
        _ => None,
    }
}

/// `inspector.has_table("t")` and its like; queries of the catalogue.
fn asks(method: &str, callee: &Value<'_>, arguments: &Arguments<'_>, depth: usize) -> Option<Object> {
    let schema = arguments.keyword("schema").and_then(|schema| text_of(&schema));
    // `dialect.has_table(connection, "t")`
    let texts: Vec<String> = arguments.positional.iter().filter_map(|(value, _)| text_of(value)).collect();
    let n_open = arguments.positional.len() - texts.len();
    let named = |keyword: &str| arguments.keyword(keyword).and_then(|value| text_of(&value));
    let name = |text: String| Name::new(schema.as_deref(), &stored(&text));
    let first = |keyword: &str| match texts.first() {
        Some(text) if n_open <= 1 => Some(text.clone()),
        _ => named(keyword),
    };
    match method {
        "has_table" if texts.len() <= 2 => {
            let table = first("table_name")?;
            let schema = texts.get(1).cloned().or(schema);
            Some(Object::Table(Name::new(schema.as_deref(), &stored(&table))))
        }
        "has_column" => {
            let column = texts.get(1).cloned().or_else(|| named("column_name"))?;
            Some(Object::Column(name(first("table_name")?), stored(&column)))
        }
        "has_index" => {
            let index = texts.get(1).cloned().or_else(|| named("index_name"))?;
            Some(Object::Index(name(index)))
        }
        "has_type" => Some(Object::Type(name(first("type_name")?))),
        "has_sequence" => Some(Object::Other(OtherKind::Sequence, name(first("sequence_name")?))),
        "has_schema" => Some(Object::Other(OtherKind::Schema, Name::from(&*stored(&first("schema_name")?)))),
        // what a result is asked for
        "scalar" | "first" | "fetchone" | "one_or_none" | "scalar_one_or_none" | "fetchall" | "all" | "scalar_one"
        | "one" | "rowcount" | "scalars" | "mappings" | "execute" | "exec_driver_sql"
            if arguments.positional.is_empty()
                || matches!(method, "scalar" | "execute" | "exec_driver_sql" | "scalars") =>
        {
            match arguments.positional.first() {
                Some((statement, _)) => query(statement, arguments),
                None => match &callee.as_term()?.kind {
                    TermKind::Attribute(result, _) => {
                        existence(result, depth).filter(|(_, holds)| *holds).map(|(object, _)| object)
                    }
                    _ => None,
                },
            }
        }
        _ => None,
    }
}

/// What a query of the catalogue asks about, with the values of its parameters put in.
fn query(statement: &Value<'_>, arguments: &Arguments<'_>) -> Option<Object> {
    let (mut inner, mut values): (Value<'_>, Vec<(String, String)>) = (statement.clone(), Vec::new());
    while let Some((object, "bindparams" | "params" | "columns" | "execution_options", arguments)) = method_of(&inner) {
        values
            .extend(arguments.keywords.iter().filter_map(|(name, value, _)| Some((name.to_string(), text_of(value)?))));
        let object = object.clone();
        inner = object;
    }
    if let Some((Value::Dict(dict), _)) = arguments.positional.get(1) {
        values.extend(dict.items().iter().filter_map(|(name, value)| Some((text_of(name)?, text_of(value)?))));
    }
    let text = match call_of(&inner) {
        Some((callee, arguments)) if matches!(known(callee), Some((_, "text"))) => holed(&arguments.get(0, "text")?)?,
        _ => holed(&inner)?,
    };
    sql::asks_for_existence(&bound(&text, &values))
}

/// Puts the values of parameters into a text.
fn bound(text: &str, values: &[(String, String)]) -> String {
    let mut res = text.to_owned();
    let mut values: Vec<&(String, String)> = values.iter().collect();
    values.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    for (name, value) in values {
        let literal = format!("'{}'", value.replace('\'', "''"));
        res = res.replace(&format!(":{name}"), &literal).replace(&format!("%({name})s"), &literal);
    }
    res
}

/// `"x" in inspector.get_table_names()`
fn member(item: &Value<'_>, collection: &Value<'_>) -> Option<Object> {
    let name = text_of(item)?;
    let (listed, attribute) = listing(collection, 10)?;
    object_of(&listed, attribute.as_deref(), &name)
}

/// What is listed, and which attribute of it.
struct Listing {
    method: String,
    table: Option<Name>,
    schema: Option<String>,
}

fn listing(collection: &Value<'_>, depth: usize) -> Option<(Listing, Option<String>)> {
    let depth = depth.checked_sub(1)?;
    match &collection.as_term()?.kind {
        TermKind::Each { iterable, element } => {
            let attribute = attribute_of(element)?;
            let (listing, _) = listing(iterable, depth)?;
            Some((listing, attribute))
        }
        // `metadata.tables` after `metadata.reflect()`
        TermKind::Attribute(_, name) if **name == *"tables" => {
            Some((Listing { method: "tables".into(), table: None, schema: None }, None))
        }
        TermKind::Call { callee, arguments } => match callee {
            Value::Builtin("set" | "list" | "tuple" | "sorted" | "frozenset") => {
                listing(&arguments.positional.first()?.0, depth)
            }
            _ => {
                let method = match &callee.as_term()?.kind {
                    TermKind::Attribute(_, name) => name.to_string(),
                    TermKind::Name(path) => path.rsplit('.').next()?.to_owned(),
                    _ => return None,
                };
                if matches!(method.as_str(), "keys" | "union")
                    && let Some((object, ..)) = method_of(collection)
                {
                    return listing(object, depth);
                }
                let texts: Vec<String> = arguments.positional.iter().filter_map(|(value, _)| text_of(value)).collect();
                let schema = arguments.keyword("schema").and_then(|schema| text_of(&schema));
                let of_table = !matches!(
                    method.as_str(),
                    "get_table_names"
                        | "get_view_names"
                        | "get_enums"
                        | "get_schema_names"
                        | "get_sequence_names"
                        | "table_names"
                );
                let (table, schema) = match of_table {
                    true => {
                        let schema = texts.get(1).cloned().or(schema);
                        let table = texts.first().cloned().or_else(|| text_of(&arguments.keyword("table_name")?))?;
                        (Some(Name::new(schema.as_deref(), &stored(&table))), None)
                    }
                    false => (None, texts.first().cloned().or(schema)),
                };
                Some((Listing { method, table, schema }, None))
            }
        },
        _ => None,
    }
}

/// `c["name"]`, `c.name`, `c.get("name")` of each `c`; the element itself is `Some(None)`.
fn attribute_of(element: &Value<'_>) -> Option<Option<String>> {
    match &element.as_term()?.kind {
        TermKind::Element(_) => Some(None),
        TermKind::Item(value, key) => is_element(value).then(|| text_of(key)),
        TermKind::Attribute(value, name) => is_element(value).then(|| Some(name.to_string())),
        TermKind::Call { arguments, .. } => match method_of(element)? {
            (value, "get", _) if is_element(value) => Some(text_of(&arguments.get(0, "key")?)),
            (inner, "lower" | "strip", _) => attribute_of(inner),
            _ => None,
        },
        _ => None,
    }
}

fn is_element(value: &Value<'_>) -> bool {
    matches!(value.as_term().map(|term| &term.kind), Some(TermKind::Element(_)))
}

fn object_of(listing: &Listing, attribute: Option<&str>, name: &str) -> Option<Object> {
    let table = || listing.table.clone();
    let in_schema = |name: &str| Name::new(listing.schema.as_deref(), &stored(name));
    let named = matches!(attribute, None | Some("name" | "constraint_name"));
    Some(match listing.method.as_str() {
        "get_table_names" | "tables" | "table_names" => Object::Table(in_schema(name)),
        "get_view_names" => Object::Other(OtherKind::View, in_schema(name)),
        "get_sequence_names" => Object::Other(OtherKind::Sequence, in_schema(name)),
        "get_schema_names" => Object::Other(OtherKind::Schema, Name::from(name)),
        "get_enums" if named => Object::Type(in_schema(name)),
        "get_columns" if named => Object::Column(table()?, stored(name)),
        "get_indexes" if named => Object::Index(table()?.sibling(&stored(name))),
        "get_unique_constraints" | "get_foreign_keys" | "get_check_constraints" if named => {
            Object::Constraint(table()?, stored(name))
        }
        _ => return None,
    })
}

/// `any(c["name"] == "x" for c in inspector.get_columns("t"))`
fn any_of(iterable: &Value<'_>, element: &Value<'_>) -> Option<(Object, bool)> {
    let TermKind::Compare(CmpOp::Eq, left, right) = &element.as_term()?.kind else { return None };
    let (attribute, name) = match (attribute_of(left), text_of(right)) {
        (Some(attribute), Some(name)) => (attribute, name),
        _ => (attribute_of(right)?, text_of(left)?),
    };
    let (listing, _) = listing(iterable, 10)?;
    object_of(&listing, attribute.as_deref(), &name).map(|object| (object, true))
}

/// What is known of a name or an attribute: the dialect's name, `as_sql`.
pub(super) fn answer<'a>(term: &Rc<Term<'a>>, dialect: Dialect) -> Option<Value<'a>> {
    let (before, name) = match &term.kind {
        TermKind::Name(path) => {
            let (before, name) = path.rsplit_once('.')?;
            (before.rsplit('.').next()?.to_owned(), name.to_owned())
        }
        TermKind::Attribute(object, name) => (last_name(object)?, name.to_string()),
        _ => return None,
    };
    match (before.as_str(), name.as_str()) {
        ("dialect" | "engine" | "__dialect__", "name" | "drivername") | ("url", "drivername") | (_, "__dialect__") => {
            dialect_name(dialect).map(Value::text)
        }
        ("get_context", "as_sql") => Some(Value::Bool(false)),
        // where projects put it to use, it is the schema of all there is
        ("get_context", "version_table_schema") => Some(Value::None),
        _ => None,
    }
}

/// What calling something gives, where that is known.
pub(super) fn answer_call<'a>(callee: &Value<'a>, dialect: Dialect) -> Option<Value<'a>> {
    match &callee.as_term()?.kind {
        TermKind::Name(path) => match &**path {
            "alembic.context.is_offline_mode" => Some(Value::Bool(false)),
            _ => None,
        },
        TermKind::Attribute(object, name) => match &**name {
            "get_backend_name" if last_name(object).as_deref() == Some("url") => dialect_name(dialect).map(Value::text),
            _ => None,
        },
        _ => None,
    }
}

fn dialect_name(dialect: Dialect) -> Option<&'static str> {
    match dialect {
        Dialect::Postgres | Dialect::Unknown => Some("postgresql"),
        Dialect::Sqlite => Some("sqlite"),
        Dialect::Mysql => Some("mysql"),
        Dialect::Other => None,
    }
}

/// The last part of what something is called; of a call, of what is called.
fn last_name(value: &Value<'_>) -> Option<String> {
    match &value.as_term()?.kind {
        TermKind::Name(path) => path.rsplit('.').next().map(str::to_owned),
        TermKind::Attribute(_, name) => Some(name.to_string()),
        TermKind::Call { callee, .. } => match &callee.as_term()?.kind {
            TermKind::Name(path) if path.ends_with("get_context") => Some("get_context".into()),
            TermKind::Attribute(_, name) if matches!(&**name, "get_dialect") => Some("dialect".into()),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a value is a connection, an engine or a session, as far as its origin tells.
pub(super) fn is_connection(value: &Value<'_>) -> bool {
    let mut value = value.clone();
    for _ in 0..30 {
        let Some(term) = value.as_term().cloned() else { return false };
        value = match &term.kind {
            TermKind::Name(path) => {
                return path.ends_with(".session") || path.ends_with(".engine") || path.ends_with("get_bind");
            }
            TermKind::Attribute(object, _) => object.clone(),
            TermKind::Call { callee, arguments } => match callee.as_name() {
                Some("alembic.op.get_bind" | "alembic.op.get_context") => return true,
                Some(path) => {
                    let last = path.rsplit('.').next().unwrap_or(path);
                    match last {
                        "Session" | "sessionmaker" | "scoped_session" | "create_engine" | "get_bind" => return true,
                        "inspect" | "from_engine" => match arguments.positional.first() {
                            Some((first, _)) => first.clone(),
                            None => return false,
                        },
                        _ => return false,
                    }
                }
                None => callee.clone(),
            },
            _ => return false,
        };
    }
    false
}

/// The connection that Alembic itself works on.
pub(super) fn is_bind(value: &Value<'_>) -> bool {
    let is_call = |value: &Value<'_>, name: &str| {
        call_of(value).and_then(|(callee, _)| callee.as_name()).is_some_and(|called| called == name)
    };
    match value.as_term().map(|term| &term.kind) {
        Some(TermKind::Attribute(context, name)) => {
            matches!(&**name, "bind" | "connection") && is_call(context, "alembic.op.get_context")
        }
        _ => is_call(value, "alembic.op.get_bind"),
    }
}

/// A connection of its own, each of whose statements is committed at once: `….execution_options(isolation_level="AUTOCOMMIT")`.
pub(super) fn commits_at_once(value: &Value<'_>) -> bool {
    let mut value = value.clone();
    for _ in 0..30 {
        let Some((object, _, arguments)) = method_of(&value) else { return false };
        if is_autocommit(arguments) {
            return true;
        }
        let object = object.clone();
        value = object;
    }
    false
}

pub(super) fn is_autocommit(arguments: &Arguments<'_>) -> bool {
    arguments.keyword("isolation_level").and_then(|level| text_of(&level)).as_deref() == Some("AUTOCOMMIT")
}

/// `with suppress(…):` hides what goes wrong.
pub(super) fn may_be_swallowed(block: &Block<'_>) -> bool {
    match block {
        Block::With(value) => {
            call_of(value).and_then(|(callee, _)| callee.as_name()).is_some_and(|name| name.ends_with("suppress"))
        }
        _ => false,
    }
}

/// Whether an operation makes, drops or renames an object.
pub(super) fn changes(action: &Action, object: &Object) -> bool {
    match (object, action) {
        (Object::Table(name), Action::CreateTable(table)) => table.name == *name,
        (Object::Table(name), Action::DropTable { name: table, .. }) => table == name,
        (Object::Table(name), Action::RenameTable { name: table, to, .. }) => {
            table == name || table.sibling(to) == *name
        }
        (Object::Column(name, column), Action::AddColumn { table, column: added, .. }) => {
            table == name && added.name == *column
        }
        (Object::Column(name, column), Action::DropColumn { table, column: dropped, .. }) => {
            table == name && dropped == column
        }
        (Object::Column(name, column), Action::AlterColumn { table, column: altered, rename: Some(to), .. }) => {
            table == name && (altered == column || to == column)
        }
        (Object::Constraint(name, constraint), Action::AddConstraint { table, constraint: added }) => {
            table == name && added.name.as_ref() == Some(constraint)
        }
        (Object::Constraint(name, constraint), Action::DropConstraint { table, name: dropped, .. }) => {
            table == name && dropped.as_ref() == Some(constraint)
        }
        (Object::Index(name), Action::CreateIndex { table, index }) => {
            index.name.as_ref().is_some_and(|index| table.sibling(index) == *name)
        }
        (Object::Index(name), Action::DropIndex { name: index, .. }) => index == name,
        (Object::Type(name), Action::CreateEnum { definition, .. }) => definition.name == *name,
        (Object::Type(name), Action::DropType { name: ty, .. } | Action::RenameType { name: ty, .. }) => ty == name,
        (Object::Other(kind, name), Action::CreateOther { kind: made, name: other, .. }) => {
            made == kind && other == name
        }
        (Object::Other(kind, name), Action::DropOther { kind: dropped, name: other, .. }) => {
            dropped == kind && other == name
        }
        _ => false,
    }
}

/// Whether a term asks the database for what it holds.
pub(super) fn asks_the_database(term: &Term<'_>) -> bool {
    let TermKind::Call { callee, .. } = &term.kind else { return false };
    match callee.as_term().map(|callee| &callee.kind) {
        Some(TermKind::Attribute(_, name)) => {
            name.starts_with("has_")
                || name.starts_with("get_")
                || matches!(&**name, "execute" | "scalar" | "table_names")
        }
        _ => false,
    }
}

/// The earliest moment at which a part of a condition asked the database.
pub(super) fn asked_at<'a>(condition: &Value<'a>, asked: &HashMap<*const Term<'a>, usize>) -> Option<usize> {
    fn walk<'a>(value: &Value<'a>, asked: &HashMap<*const Term<'a>, usize>, depth: usize) -> Option<usize> {
        let depth = depth.checked_sub(1)?;
        let term = value.as_term()?;
        if let Some(&at) = asked.get(&Rc::as_ptr(term)) {
            return Some(at);
        }
        let walk = |value: &Value<'a>| walk(value, asked, depth);
        match &term.kind {
            TermKind::Not(inner) | TermKind::Attribute(inner, _) | TermKind::Item(inner, _) => walk(inner),
            TermKind::Compare(_, left, right) => walk(left).into_iter().chain(walk(right)).min(),
            TermKind::BoolOp(_, parts) => parts.iter().filter_map(walk).min(),
            TermKind::Each { iterable, .. } => walk(iterable),
            TermKind::Call { callee, arguments } => {
                let first = arguments.positional.first().and_then(|(value, _)| walk(value));
                walk(callee).into_iter().chain(first).min()
            }
            _ => None,
        }
    }
    walk(condition, asked, 12)
}
