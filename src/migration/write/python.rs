//! Python text: calls, strings, lists.

use std::fmt::Write;

use crate::schema::{Name, quoted};

/// A call while it is written.
pub(super) struct Call {
    callee: String,
    arguments: Vec<String>,
}

impl Call {
    pub fn new(callee: &str) -> Call {
        Call { callee: callee.to_owned(), arguments: Vec::new() }
    }

    /// An argument as it stands in the code.
    pub fn value(mut self, code: &str) -> Call {
        self.arguments.push(code.to_owned());
        self
    }

    /// A string as argument.
    pub fn text(self, content: &str) -> Call {
        let code = text(content);
        self.value(&code)
    }

    pub fn keyword(self, name: &str, code: &str) -> Call {
        self.value(&format!("{name}={code}"))
    }

    /// The schema of a table, unless it is the usual one.
    pub fn schema(self, table: &Name) -> Call {
        match &table.schema {
            Some(schema) => self.keyword("schema", &text(schema)),
            None => self,
        }
    }

    pub fn one_line(self) -> String {
        format!("{}({})", self.callee, self.arguments.join(", "))
    }

    /// Each argument on a line of its own.
    pub fn lines(self) -> String {
        let mut res = format!("{}(\n", self.callee);
        for argument in &self.arguments {
            let _ = writeln!(res, "    {argument},");
        }
        res.push(')');
        res
    }
}

/// A string literal.
pub(super) fn text(content: &str) -> String {
    let mut res = String::from("\"");
    for c in content.chars() {
        match c {
            '"' | '\\' => {
                res.push('\\');
                res.push(c);
            }
            '\n' => res.push_str("\\n"),
            '\r' => res.push_str("\\r"),
            '\t' => res.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(res, "\\x{:02x}", u32::from(c));
            }
            c => res.push(c),
        }
    }
    res.push('"');
    res
}

pub(super) fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

pub(super) fn boolean(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

/// A name in SQL text that `sqlalchemy.text` reads.
pub(super) fn sql_name(name: &Name) -> String {
    let schema = name.schema.as_ref().map(|schema| format!("{}.", quoted(schema))).unwrap_or_default();
    escape_binds(&format!("{schema}{}", quoted(&name.name)))
}

pub(super) fn sql_text(value: &str) -> String {
    escape_binds(&format!("'{}'", value.replace('\'', "''")))
}

/// `:name` would be a parameter.
fn escape_binds(sql: &str) -> String {
    sql.replace(':', "\\:")
}
