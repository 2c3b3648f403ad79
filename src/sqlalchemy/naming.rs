//! Names that nobody wrote: SQLAlchemy's naming conventions, and what becomes of names that are too long.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::library::Given;
use crate::schema::Name;

/// The `naming_convention` of the metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Naming {
    /// By kind: `ix`, `uq`, `ck`, `fk`, `pk`.
    Known(BTreeMap<String, String>),
    /// None was given: SQLAlchemy's own names only indexes.
    #[default]
    None,
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Index,
    Unique,
    Check,
    Foreign,
    Primary,
}

/// What a name is made of.
#[derive(Clone, Copy)]
pub struct Parts<'p> {
    pub table: &'p Name,
    pub columns: &'p [Arc<str>],
    /// Table and columns that a foreign key points at.
    pub referred: Option<(&'p Name, &'p [Arc<str>])>,
}

/// The name that SQLAlchemy gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    Name(Arc<str>),
    /// None: the database makes one up.
    Unnamed,
    /// It cannot be told, or SQLAlchemy refuses.
    Unknown,
}

impl Made {
    /// The name, if there is one for sure.
    pub fn name(self) -> Option<Arc<str>> {
        match self {
            Made::Name(name) => Some(name),
            Made::Unnamed | Made::Unknown => None,
        }
    }
}

/// SQLAlchemy's `DEFAULT_NAMING_CONVENTION`.
const DEFAULT_INDEX: &str = "ix_%(column_0_label)s";

impl Naming {
    /// The name of a constraint or index (`sqlalchemy/sql/naming.py`): a convention applies to what has no name, and,
    /// when it holds `%(constraint_name)s`, to what has one that is not `op.f(…)` or `conv(…)`.
    pub fn name(&self, kind: Kind, given: &Given, parts: Parts<'_>) -> Made {
        match given {
            Given::Unknown => return Made::Unknown,
            Given::Final(name) => return Made::Name(shortened(name)),
            Given::None | Given::Plain(_) => {}
        }
        let convention = match self {
            Naming::Known(conventions) => conventions.get(kind.key()).map(String::as_str),
            Naming::None => (kind == Kind::Index).then_some(DEFAULT_INDEX),
            // who replays knows that such names are guesses; almost all conventions leave written names alone, but for those
            // of CHECK constraints
            Naming::Unknown => {
                return match given {
                    Given::Plain(name) if kind != Kind::Check => Made::Name(stored(name)),
                    Given::None if kind == Kind::Index => Made::Unknown,
                    _ => Made::Unnamed,
                };
            }
        };
        match (convention, given) {
            (Some(convention), Given::None) => {
                make(convention, None, parts).map_or(Made::Unknown, |name| Made::Name(shortened(&name)))
            }
            (Some(convention), Given::Plain(name)) if convention.contains("constraint_name") => {
                make(convention, Some(name), parts).map_or(Made::Unknown, |name| Made::Name(shortened(&name)))
            }
            (_, Given::Plain(name)) => Made::Name(stored(name)),
            _ if kind == Kind::Index => Made::Unknown,
            _ => Made::Unnamed,
        }
    }
}

impl Kind {
    /// That of a class which a convention names instead of its two letters.
    pub(super) fn of_class(class: &str) -> Option<Kind> {
        Some(match class {
            "Index" => Kind::Index,
            "UniqueConstraint" => Kind::Unique,
            "CheckConstraint" => Kind::Check,
            "ForeignKeyConstraint" => Kind::Foreign,
            "PrimaryKeyConstraint" => Kind::Primary,
            _ => return None,
        })
    }

    pub(super) fn key(self) -> &'static str {
        match self {
            Kind::Index => "ix",
            Kind::Unique => "uq",
            Kind::Check => "ck",
            Kind::Foreign => "fk",
            Kind::Primary => "pk",
        }
    }
}

/// A name as PostgreSQL stores it: at most 63 bytes.
pub fn stored(name: &str) -> Arc<str> {
    name[..name.floor_char_boundary(63)].into()
}

/// What SQLAlchemy's compiler makes of a name of its own that is longer than PostgreSQL takes.
fn shortened(name: &str) -> Arc<str> {
    let n_chars = name.chars().count();
    if n_chars <= 63 {
        return stored(name);
    }
    let (head, digest) = (name.chars().take(55).collect::<String>(), format!("{:x}", md5::compute(name)));
    stored(&format!("{head}_{}", &digest[digest.len() - 4..]))
}

fn make(convention: &str, given: Option<&str>, parts: Parts<'_>) -> Option<String> {
    let mut res = String::new();
    let mut rest = convention;
    while let Some(at) = rest.find('%') {
        res.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            res.push('%');
            rest = after;
            continue;
        }
        let (token, after) = rest.strip_prefix('(')?.split_once(")s")?;
        res.push_str(&expand(token, given, parts)?);
        rest = after;
    }
    res.push_str(rest);
    Some(res)
}

fn expand<'p>(token: &str, given: Option<&'p str>, parts: Parts<'p>) -> Option<Cow<'p, str>> {
    match token {
        "table_name" => return Some((&*parts.table.name).into()),
        "constraint_name" => return given.map(Cow::from),
        "referred_table_name" => return Some((&*parts.referred?.0.name).into()),
        _ => {}
    }
    let (columns, token) = match token.strip_prefix("referred_") {
        Some(token) => (parts.referred?.1, token),
        None => (parts.columns, token),
    };
    let rest = token.strip_prefix("column_")?;
    let n_digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = rest.split_at(n_digits);
    let attribute = |column: &str, attribute: &str| match attribute {
        "_name" | "_key" => Some(column.to_owned()),
        "_label" => Some(match &parts.table.schema {
            Some(schema) => format!("{}_{}_{column}", schema.replace('.', "_"), parts.table.name),
            None => format!("{}_{column}", parts.table.name),
        }),
        _ => None,
    };
    let all = [("_N", "_"), ("N", "")].iter().find_map(|&(mark, glue)| Some((rest.strip_prefix(mark)?, glue)));
    match all {
        Some((rest, glue)) => {
            let names: Option<Vec<String>> = columns.iter().map(|column| attribute(column, rest)).collect();
            Some(names?.join(glue).into())
        }
        None => match columns.get(number.parse::<usize>().ok()?) {
            Some(column) => attribute(column, rest).map(Cow::from),
            None => Some("".into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naming(conventions: &[(&str, &str)]) -> Naming {
        Naming::Known(conventions.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect())
    }

    fn names(columns: &[&str]) -> Vec<Arc<str>> {
        columns.iter().map(|name| Arc::from(*name)).collect()
    }

    /// What SQLAlchemy 2.0 makes of the same.
    #[test]
    fn names_are_those_of_sqlalchemy() {
        let naming = naming(&[
            ("ix", "ix_%(table_name)s__%(column_0_N_name)s"),
            ("uq", "uq_%(table_name)s_%(column_0N_name)s"),
            ("ck", "ck_%(table_name)s__%(constraint_name)s"),
            ("fk", "fk__%(table_name)s__%(column_0_N_name)s__%(referred_table_name)s_%(referred_column_0_name)s"),
            ("pk", "pk_%(table_name)s__%(column_0_N_label)s"),
        ]);
        let (table, columns, id) = (Name::new(Some("z"), "t"), names(&["a", "b"]), names(&["id"]));
        let referred = Name::from("u");
        let parts = Parts { table: &table, columns: &columns, referred: None };
        let of = |kind, given: Given, parts| naming.name(kind, &given, parts).name();
        assert_eq!(of(Kind::Unique, Given::None, parts).as_deref(), Some("uq_t_ab"));
        assert_eq!(of(Kind::Index, Given::None, parts).as_deref(), Some("ix_t__a_b"));
        assert_eq!(of(Kind::Check, Given::Plain("pos".into()), parts).as_deref(), Some("ck_t__pos"));
        assert_eq!(of(Kind::Check, Given::Final("pos".into()), parts).as_deref(), Some("pos"));
        assert_eq!(of(Kind::Check, Given::None, parts), None);
        assert_eq!(of(Kind::Unique, Given::Plain("mine".into()), parts).as_deref(), Some("mine"));
        let key = Parts { columns: &id, ..parts };
        assert_eq!(of(Kind::Primary, Given::None, key).as_deref(), Some("pk_t__z_t_id"));
        let foreign = Parts { table: &table, columns: &columns[..1], referred: Some((&referred, &id)) };
        assert_eq!(of(Kind::Foreign, Given::None, foreign).as_deref(), Some("fk__t__a__u_id"));
    }

    #[test]
    fn names_without_a_convention() {
        let (table, columns) = (Name::new(Some("z"), "t"), names(&["a"]));
        let parts = Parts { table: &table, columns: &columns, referred: None };
        assert_eq!(Naming::None.name(Kind::Index, &Given::None, parts), Made::Name("ix_z_t_a".into()));
        assert_eq!(Naming::None.name(Kind::Unique, &Given::None, parts), Made::Unnamed);
        assert_eq!(Naming::Unknown.name(Kind::Unique, &Given::None, parts), Made::Unnamed);
        assert_eq!(Naming::Unknown.name(Kind::Index, &Given::None, parts), Made::Unknown);
        let written = Given::Plain("x".into());
        assert_eq!(Naming::Unknown.name(Kind::Unique, &written, parts), Made::Name("x".into()));
        assert_eq!(Naming::Unknown.name(Kind::Check, &written, parts), Made::Unnamed);
        for broken in ["%(nothing)s", "%(column_0_shape)s", "100%", "%(table_name"] {
            assert_eq!(naming(&[("uq", broken)]).name(Kind::Unique, &Given::None, parts), Made::Unknown, "{broken}");
        }
    }

    #[test]
    fn long_names_end_in_a_digest() {
        let table = Name::from("a_table_with_quite_a_long_name_indeed");
        let columns = names(&["and_a_column_with_a_long_name_too"]);
        let parts = Parts { table: &table, columns: &columns, referred: None };
        let found = Naming::None.name(Kind::Index, &Given::None, parts);
        assert_eq!(found, Made::Name("ix_a_table_with_quite_a_long_name_indeed_and_a_column_w_6550".into()));
    }
}
