//! Literals that PostgreSQL reads as values of an enum: whether the type has them, and whether they may be used yet.

use std::sync::Arc;

use super::Applier;
use crate::schema::{Certainty, Comparison, Default, Error, Name, Type};

impl Applier<'_> {
    /// Literals that a statement on these tables compares columns with. PostgreSQL reads them before it looks at any row.
    pub(super) fn compare(&mut self, tables: &[Name], comparisons: &[Comparison]) {
        for comparison in comparisons {
            if let Some(table) = self.table_of(tables, comparison) {
                self.check_literal(&table, &comparison.column, &comparison.literal);
            }
        }
    }

    /// The table whose column is compared; `None` when several may be meant.
    fn table_of(&self, tables: &[Name], comparison: &Comparison) -> Option<Name> {
        if let Some(table) = &comparison.table {
            return Some(table.clone());
        }
        let mut having = Vec::new();
        for name in tables {
            if self.schema.exact(name)?.column(&comparison.column).is_some() && !having.contains(&name) {
                having.push(name);
            }
        }
        match having[..] {
            [table] => Some(table.clone()),
            _ => None,
        }
    }

    /// A literal that becomes a value of a column.
    pub(super) fn check_literal(&mut self, table: &Name, column: &str, literal: &Arc<str>) {
        let Some(column) = self.schema.exact(table).and_then(|table| table.column(column)) else { return };
        if column.certainty == Certainty::Certain {
            let ty = column.ty.clone();
            self.check_value(&ty, literal);
        }
    }

    /// The default of a column that is being made.
    pub(super) fn check_default(&mut self, ty: &Type, default: &Default) {
        if let Default::Some(Some(expression)) = default
            && let Some(literal) = quoted(expression)
        {
            self.check_value(ty, &literal.into());
        }
    }

    fn check_value(&mut self, ty: &Type, value: &Arc<str>) {
        let Type::Named { name, .. } = ty else { return };
        let error = |fresh: bool| {
            let (ty, value) = (name.clone(), value.clone());
            if fresh { Error::UnsafeNewValue { ty, value } } else { Error::UnknownValue { ty, value } }
        };
        let fresh = self.schema.memory.runs().map(|run| run.fresh.contains(&(name.clone(), value.clone())));
        if fresh.contains(&true) {
            self.fault_in(error(true), fresh);
        } else if self.sure_values(name).is_some_and(|values| !values.contains(value)) {
            self.fault(error(false));
        }
    }
}

/// What stands in a plain string literal, a cast behind it allowed for; `None` for any other expression.
fn quoted(expression: &str) -> Option<String> {
    let body = expression.trim().strip_prefix('\'')?;
    let mut res = String::new();
    let mut rest = body.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\'' if rest.peek() == Some(&'\'') => {
                rest.next();
                res.push('\'');
            }
            '\'' => {
                let tail: String = rest.collect();
                let tail = tail.trim();
                return (tail.is_empty() || is_cast(tail)).then_some(res);
            }
            c => res.push(c),
        }
    }
    None
}

fn is_cast(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '"' | '.' | ' ');
    text.strip_prefix("::").is_some_and(|ty| ty.chars().all(plain))
}

/// Whether an expression is a string literal and nothing else.
pub(super) fn is_plain_string(expression: &str) -> bool {
    !expression.contains("::") && quoted(expression).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_literals_are_read() {
        assert_eq!(quoted("'a'"), Some("a".into()));
        assert_eq!(quoted("'it''s'::st"), Some("it's".into()));
        assert_eq!(quoted("'a' || 'b'"), None);
        assert_eq!(quoted("lower('a')"), None);
        assert_eq!(quoted("'a"), None);
        assert!(is_plain_string("'é'") && !is_plain_string("'é'::text"));
    }
}
