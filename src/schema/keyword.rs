//! PostgreSQL's keywords that are not free to be names, as `pg_get_keywords()` lists them in PostgreSQL 15.

/// What an unquoted word may be, when it is not free to be anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyword {
    /// Never a name; after AS only.
    Reserved,
    /// A function's or a type's name, not a column's or a table's.
    TypeOrFunction,
    /// A column's or a table's name, not a function's or a type's.
    Column,
}

#[rustfmt::skip]
const RESERVED: &[&str] = &[
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "both", "case", "cast", "check",
    "collate", "column", "constraint", "create", "current_catalog", "current_date", "current_role", "current_time",
    "current_timestamp", "current_user", "default", "deferrable", "desc", "distinct", "do", "else", "end", "except",
    "false", "fetch", "for", "foreign", "from", "grant", "group", "having", "in", "initially", "intersect", "into",
    "lateral", "leading", "limit", "localtime", "localtimestamp", "not", "null", "offset", "on", "only", "or",
    "order", "placing", "primary", "references", "returning", "select", "session_user", "some", "symmetric", "table",
    "then", "to", "trailing", "true", "union", "unique", "user", "using", "variadic", "when", "where", "window",
    "with",
];

#[rustfmt::skip]
const TYPE_OR_FUNCTION: &[&str] = &[
    "authorization", "binary", "collation", "concurrently", "cross", "current_schema", "freeze", "full", "ilike",
    "inner", "is", "isnull", "join", "left", "like", "natural", "notnull", "outer", "overlaps", "right", "similar",
    "tablesample", "verbose",
];

#[rustfmt::skip]
const COLUMN: &[&str] = &[
    "between", "bigint", "bit", "boolean", "char", "character", "coalesce", "dec", "decimal", "exists", "extract",
    "float", "greatest", "grouping", "inout", "int", "integer", "interval", "least", "national", "nchar", "none",
    "normalize", "nullif", "numeric", "out", "overlay", "position", "precision", "real", "row", "setof", "smallint",
    "substring", "time", "timestamp", "treat", "trim", "values", "varchar", "xmlattributes", "xmlconcat",
    "xmlelement", "xmlexists", "xmlforest", "xmlnamespaces", "xmlparse", "xmlpi", "xmlroot", "xmlserialize",
    "xmltable",
];

/// `word` in lower case. `None`: a name as good as any.
pub fn keyword(word: &str) -> Option<Keyword> {
    let tables =
        [(RESERVED, Keyword::Reserved), (TYPE_OR_FUNCTION, Keyword::TypeOrFunction), (COLUMN, Keyword::Column)];
    tables.into_iter().find(|(words, _)| words.binary_search(&word).is_ok()).map(|(_, keyword)| keyword)
}

/// `name` as PostgreSQL prints it where it must be readable as SQL: in quotes unless it is plain (`quote_identifier`).
pub fn quoted(name: &str) -> std::borrow::Cow<'_, str> {
    let is_plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    match is_plain && keyword(name).is_none() {
        true => name.into(),
        false => format!("\"{}\"", name.replace('"', "\"\"")).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted() {
        for words in [RESERVED, TYPE_OR_FUNCTION, COLUMN] {
            assert!(words.is_sorted());
        }
    }

    #[test]
    fn names_are_quoted_as_postgresql_quotes_them() {
        let cases = [
            ("a", "a"),
            ("_1", "_1"),
            ("name", "name"),
            ("a$", "\"a$\""),
            ("A", "\"A\""),
            ("1a", "\"1a\""),
            ("user", "\"user\""),
            ("left", "\"left\""),
            ("time", "\"time\""),
            ("a\"b", "\"a\"\"b\""),
            ("é", "\"é\""),
        ];
        for (name, expected) in cases {
            assert_eq!(quoted(name), expected);
        }
    }
}
