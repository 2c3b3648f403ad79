//! The values of enum types, which Alembic does not compare: those that were added and removed. Their order is not compared.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Change, What};
use crate::schema::{Certainty, EnumType, Name, Schema, Type};

/// The changes of each type that both sides know, by the first table that uses it.
pub(super) fn compare(database: &Schema, models: &Schema) -> BTreeMap<Name, Vec<Change>> {
    let mut users: BTreeMap<&Name, &Name> = BTreeMap::new();
    for schema in [models, database] {
        for (table, definition) in &schema.tables {
            for ty in definition.columns.iter().filter_map(|column| named(&column.ty)) {
                users.entry(ty).or_insert(table);
            }
        }
    }
    let mut res: BTreeMap<Name, Vec<Change>> = BTreeMap::new();
    for (name, wanted) in &models.enums {
        let there = database.enums.get(name);
        let (Some(there), Some(table)) = (there.and_then(|there| known(there)), users.get(name)) else { continue };
        let Some(wanted_values) = known(wanted) else { continue };
        let change =
            |what: What, origin| Change { table: (*table).clone(), what, origin, existing: None, enums: Vec::new() };
        let changes = res.entry((*table).clone()).or_default();
        for value in wanted_values.iter().filter(|value| !there.contains(value)) {
            let what = What::AddEnumValue { ty: name.clone(), value: value.clone() };
            changes.push(change(what, wanted.origin));
        }
        for value in there.iter().filter(|value| !wanted_values.contains(value)) {
            let what = What::RemoveEnumValue { ty: name.clone(), value: value.clone() };
            changes.push(change(what, wanted.origin));
        }
    }
    res
}

fn known(ty: &EnumType) -> Option<&Vec<Arc<str>>> {
    ty.values.as_ref().filter(|_| ty.certainty == Certainty::Certain)
}

/// The name of a type that PostgreSQL does not bring, be it that of an array's items.
pub(super) fn named(ty: &Type) -> Option<&Name> {
    match ty {
        Type::Named { name, .. } => Some(name),
        Type::Array(item) => named(item),
        Type::BuiltIn { .. } | Type::Unknown => None,
    }
}
