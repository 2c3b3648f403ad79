//! ALTER COLUMN … TYPE: what PostgreSQL converts by itself, and what becomes of the default.

use std::sync::Arc;

use super::literals::is_plain_string;
use super::{Applier, enums};
use crate::schema::{Certainty, Column, Default, Error, Name, Retype, Statement, Type, casts_without_using};

impl Applier<'_> {
    pub(super) fn retype(&mut self, table: &Name, column_name: &Arc<str>, retype: &Retype) {
        self.require_new_type(retype);
        let column = self.schema.exact(table).and_then(|table| table.column(column_name));
        if let Some(column) = column.filter(|column| column.certainty == Certainty::Certain) {
            let refused = |default: bool| Error::CannotCast {
                table: table.clone(),
                column: column_name.clone(),
                from: column.ty.to_string(),
                to: retype.ty.to_string(),
                default,
            };
            if self.casts(&column.ty, &retype.ty) == Some(false) {
                if !retype.using {
                    self.fault(refused(false));
                } else if has_literal_default(column) {
                    self.fault(refused(true));
                }
            }
        }
        self.with_column(table, column_name, |column| column.ty = retype.ty.clone());
    }

    pub(super) fn require_new_type(&mut self, retype: &Retype) {
        match &retype.enumeration {
            Some(enumeration) => self.refer_to_enum(enumeration),
            None => self.require_type(&retype.ty, Statement::Alter),
        }
    }

    /// Of types with a name, only enums are known well enough: a domain converts as what it is made of.
    fn casts(&self, from: &Type, to: &Type) -> Option<bool> {
        let known = |ty: &Type| match enums::element(ty) {
            Some(name) => self.schema.enums.get(name).is_some_and(|ty| ty.certainty == Certainty::Certain),
            None => true,
        };
        let array = |ty: &Type| matches!(ty, Type::Array(_));
        match (from, to) {
            _ if !known(from) || !known(to) => None,
            (Type::Named { name: from, .. }, Type::Named { name: to, .. }) => Some(from == to),
            (Type::Named { .. }, to) if !array(to) => Some(is_text(to)),
            (from, Type::Named { .. }) if !array(from) => Some(false),
            _ => casts_without_using(from, to),
        }
    }
}

/// A string literal as default is kept as a constant of the column's type, so that it must be converted as the column is.
fn has_literal_default(column: &Column) -> bool {
    matches!(&column.default, Default::Some(Some(expression)) if is_plain_string(expression))
}

fn is_text(ty: &Type) -> bool {
    matches!(ty, Type::BuiltIn { name: "text" | "character varying" | "character", .. })
}
