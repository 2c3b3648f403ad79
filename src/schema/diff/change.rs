//! What is to be said of a change.

use std::sync::Arc;

use super::{Change, What};
use crate::schema::{Column, Comment, Constraint, ConstraintKind, Default, Deferral, quoted};

impl Change {
    /// `add_column`, `modify_type` … as `onehead drift` calls them, after Alembic's `compare_metadata`.
    pub fn kind(&self) -> &'static str {
        let is_key = |constraint: &Constraint| matches!(constraint.kind, ConstraintKind::Foreign(_));
        match &self.what {
            What::AddTable(_) => "add_table",
            What::RemoveTable => "remove_table",
            What::AddColumn(_) => "add_column",
            What::RemoveColumn(_) => "remove_column",
            What::ModifyType { .. } => "modify_type",
            What::ModifyNullable { .. } => "modify_nullable",
            What::ModifyDefault { .. } => "modify_default",
            What::ModifyComment { .. } => "modify_comment",
            What::AddIndex(_) => "add_index",
            What::RemoveIndex(_) => "remove_index",
            What::AddConstraint(constraint) if is_key(constraint) => "add_fk",
            What::AddConstraint(_) => "add_constraint",
            What::RemoveConstraint(constraint) if is_key(constraint) => "remove_fk",
            What::RemoveConstraint(_) => "remove_constraint",
            What::AddEnumValue { .. } => "add_enum_value",
            What::RemoveEnumValue { .. } => "remove_enum_value",
        }
    }

    /// Whether a table of the database has something too many.
    pub fn is_removal(&self) -> bool {
        matches!(self.what, What::RemoveColumn(_) | What::RemoveIndex(_) | What::RemoveConstraint(_))
    }

    /// The columns that it is about, in order; none where it is about a table or a type.
    pub fn columns(&self) -> Vec<&str> {
        match &self.what {
            What::AddTable(_) | What::RemoveTable | What::AddEnumValue { .. } | What::RemoveEnumValue { .. } => {
                Vec::new()
            }
            What::AddColumn(column) => vec![&column.name],
            What::RemoveColumn(column)
            | What::ModifyType { column, .. }
            | What::ModifyNullable { column, .. }
            | What::ModifyDefault { column, .. } => vec![column],
            What::ModifyComment { column, .. } => column.as_deref().into_iter().collect(),
            What::AddIndex(index) | What::RemoveIndex(index) => {
                index.columns.iter().flatten().map(|name| &**name).collect()
            }
            What::AddConstraint(constraint) | What::RemoveConstraint(constraint) => {
                constraint.columns.iter().map(|name| &**name).collect()
            }
        }
    }

    /// The name of the index, constraint or type, where it has one.
    pub fn name(&self) -> Option<&str> {
        match &self.what {
            What::AddIndex(index) | What::RemoveIndex(index) => Some(&index.name),
            What::AddConstraint(constraint) | What::RemoveConstraint(constraint) => constraint.name.as_deref(),
            What::AddEnumValue { ty, .. } | What::RemoveEnumValue { ty, .. } => Some(&ty.name),
            What::AddTable(_)
            | What::RemoveTable
            | What::AddColumn(_)
            | What::RemoveColumn(_)
            | What::ModifyType { .. }
            | What::ModifyNullable { .. }
            | What::ModifyDefault { .. }
            | What::ModifyComment { .. } => None,
        }
    }

    /// What the models want, in SQL's words; nothing where they want something gone.
    pub fn detail(&self) -> String {
        match &self.what {
            What::AddTable(table) => list(table.columns.iter().map(|column| &column.name)),
            What::AddColumn(column) => definition(column),
            What::ModifyType { to, .. } => to.to_string(),
            What::ModifyNullable { nullable, .. } => if *nullable { "NULL" } else { "NOT NULL" }.to_owned(),
            What::ModifyDefault { to, .. } => match to {
                Default::Some(Some(text)) => format!("DEFAULT {text}"),
                Default::Some(None) | Default::Unknown => "DEFAULT".to_owned(),
                Default::None => "no DEFAULT".to_owned(),
            },
            What::ModifyComment { to, .. } => match to {
                Comment::Text(text) if !text.is_empty() => format!("COMMENT {}", literal(text)),
                Comment::Text(_) | Comment::None | Comment::Unknown => "no COMMENT".to_owned(),
            },
            What::AddIndex(index) => {
                let column = |(at, column): (usize, &Option<Arc<str>>)| match column {
                    Some(column) => format!("{}{}", quoted(column), index.order(at)),
                    None => "expression".to_owned(),
                };
                let columns: Vec<String> = index.columns.iter().enumerate().map(column).collect();
                format!("{}INDEX ({})", if index.unique { "UNIQUE " } else { "" }, columns.join(", "))
            }
            What::AddConstraint(constraint) => constraint_definition(constraint),
            What::AddEnumValue { value, .. } | What::RemoveEnumValue { value, .. } => literal(value),
            What::RemoveTable | What::RemoveColumn(_) | What::RemoveIndex(_) | What::RemoveConstraint(_) => {
                String::new()
            }
        }
    }

    /// Whether the models ask for the same thing of the same table, whatever the database has there.
    pub fn asks_the_same(&self, other: &Change) -> bool {
        self.table == other.table
            && self.kind() == other.kind()
            && self.columns() == other.columns()
            && self.name() == other.name()
            && match (&self.what, &other.what) {
                (What::AddTable(one), What::AddTable(two)) => {
                    let names = |table: &crate::schema::Table| {
                        table
                            .columns
                            .iter()
                            .map(|column| column.name.clone())
                            .collect::<std::collections::BTreeSet<_>>()
                    };
                    names(one) == names(two)
                }
                _ => self.detail() == other.detail(),
            }
    }
}

fn definition(column: &Column) -> String {
    let mut res = column.ty.to_string();
    if !column.nullable {
        res.push_str(" NOT NULL");
    }
    if let Default::Some(Some(text)) = &column.default {
        res.push_str(&format!(" DEFAULT {text}"));
    }
    res
}

fn constraint_definition(constraint: &Constraint) -> String {
    let columns = list(constraint.columns.iter());
    let kind = match &constraint.kind {
        ConstraintKind::Primary => "PRIMARY KEY",
        ConstraintKind::Unique => "UNIQUE",
        ConstraintKind::Check => "CHECK",
        ConstraintKind::Exclude => "EXCLUDE",
        ConstraintKind::Foreign(reference) => {
            let mut res = format!("FOREIGN KEY ({columns}) REFERENCES {}", reference.table);
            if !reference.columns.is_empty() {
                res.push_str(&format!(" ({})", list(reference.columns.iter())));
            }
            for (event, action) in [("DELETE", &reference.on_delete), ("UPDATE", &reference.on_update)] {
                if let Some(action) = action {
                    res.push_str(&format!(" ON {event} {action}"));
                }
            }
            res.push_str(match reference.deferral {
                Deferral::Never => "",
                Deferral::Possible => " DEFERRABLE",
                Deferral::Initially => " DEFERRABLE INITIALLY DEFERRED",
            });
            return res;
        }
    };
    format!("{kind} ({columns})")
}

fn list<'n>(names: impl Iterator<Item = &'n Arc<str>>) -> String {
    names.map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
