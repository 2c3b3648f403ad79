//! When two types are one, as Alembic's `DefaultImpl.compare_type` has it: by the words that SQLAlchemy renders them with.

use super::values::named;
use crate::schema::{Certainty, Name, OtherKind, Schema, Type};

/// What SQLAlchemy does not reflect (`NullType`) is not compared.
const NOT_REFLECTED: [&str; 25] = [
    "aclitem",
    "box",
    "bpchar",
    "cid",
    "circle",
    "int2vector",
    "jsonpath",
    "line",
    "lseg",
    "oidvector",
    "path",
    "pg_lsn",
    "pg_snapshot",
    "point",
    "polygon",
    "refcursor",
    "regcollation",
    "regdictionary",
    "regoper",
    "regproc",
    "regtype",
    "tid",
    "txid_snapshot",
    "xid",
    "xml",
];

/// Types of extensions that SQLAlchemy knows.
const OF_EXTENSIONS: [&str; 2] = ["citext", "hstore"];

/// Whether a column of one type in the database differs from the models' for sure. Arrays count as their items: `text[]` and `Text`
/// are the same.
pub(super) fn differ(there: &Type, wanted: &Type, database: &Schema, models: &Schema) -> bool {
    match (there, wanted) {
        (Type::Array(there), wanted) => differ(there, wanted, database, models),
        (there, Type::Array(wanted)) => differ(there, wanted, database, models),
        (Type::Unknown, _) | (_, Type::Unknown) => false,
        (Type::Named { name: there, .. }, Type::Named { name: wanted, .. }) => there != wanted,
        (Type::Named { name, .. }, Type::BuiltIn { .. }) => is_reflected(name, database),
        (Type::BuiltIn { name, .. }, Type::Named { .. }) => {
            !NOT_REFLECTED.contains(name) && named(wanted).is_some_and(|name| is_type(name, models))
        }
        (Type::BuiltIn { name: there, modifiers: own }, Type::BuiltIn { name: wanted, modifiers }) => {
            differ_built_in(there, own, wanted, modifiers)
        }
    }
}

/// The same on another database, of which only what holds on all is told: enums are no types there, times have no zones, and what
/// PostgreSQL alone has is stored as something else.
pub(super) fn differ_elsewhere(there: &Type, wanted: &Type) -> bool {
    let (Type::BuiltIn { name: there, modifiers: own }, Type::BuiltIn { name: wanted, modifiers }) = (there, wanted)
    else {
        return false;
    };
    let (first, wanted_first) = (words(there).0, words(wanted).0);
    let is_shared = |name: &str| SHARED.contains(&name);
    match first == wanted_first {
        true => differ_built_in(first, own, first, modifiers),
        false => is_shared(first) && is_shared(wanted_first),
    }
}

/// First words of what all databases have, each by itself.
const SHARED: [&str; 9] =
    ["bigint", "boolean", "date", "integer", "numeric", "smallint", "text", "timestamp", "varchar"];

/// Whether it is known what SQLAlchemy makes of a type in the database.
fn is_reflected(name: &Name, database: &Schema) -> bool {
    let certain = |certainty| certainty == Certainty::Certain;
    database.enums.get(name).is_some_and(|ty| certain(ty.certainty))
        || name.schema.is_none() && OF_EXTENSIONS.contains(&&*name.name)
}

/// Whether a name is that of a type of its own, and not another word for one that PostgreSQL brings.
fn is_type(name: &Name, models: &Schema) -> bool {
    models.enums.contains_key(name)
        || models.others.contains_key(&(OtherKind::Type, name.clone()))
        || Type::built_in(&name.name, Vec::new()).is_none()
}

fn differ_built_in(there: &str, own: &[i32], wanted: &str, modifiers: &[i32]) -> bool {
    if NOT_REFLECTED.contains(&there) || NOT_REFLECTED.contains(&wanted) {
        return false;
    }
    let (first, others) = words(there);
    let (wanted_first, wanted_others) = words(wanted);
    if first != wanted_first {
        // `Float(24)` is written FLOAT(24), which is DOUBLE PRECISION to Alembic
        return (there, wanted) != ("double precision", "real");
    }
    if others.len() == wanted_others.len() && others != wanted_others {
        return true;
    }
    // `Numeric(10)` is NUMERIC(10, 0) to PostgreSQL and NUMERIC(10) to SQLAlchemy, which Alembic takes for any
    let is_short = wanted == "numeric" && matches!(modifiers, [_, 0]);
    !is_short && own.len() == modifiers.len() && own != modifiers
}

/// The words that SQLAlchemy writes a type with.
fn words(name: &str) -> (&str, Vec<&str>) {
    let mut words = name.split(' ');
    match (words.next().unwrap_or_default(), words.collect::<Vec<_>>()) {
        ("character", others) if others == ["varying"] => ("varchar", Vec::new()),
        ("\"char\"" | "name", _) => ("varchar", Vec::new()),
        (first, others) => (first, others),
    }
}
