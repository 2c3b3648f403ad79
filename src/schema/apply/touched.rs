//! What an operation is about: the objects that are in doubt when it may or may not have run.

use std::sync::Arc;

use crate::schema::{Action, Name, Object, TableDef, Touches, TypeCreation};

pub(super) fn by(action: &Action) -> Vec<Object> {
    let column = |table: &Name, column: &Arc<str>| Object::Column(table.clone(), column.clone());
    let constraint = |table: &Name, name: &Arc<str>| Object::Constraint(table.clone(), name.clone());
    match action {
        Action::CreateTable(table) => table_and_types(table),
        Action::DropTable { name, .. } => vec![Object::Table(name.clone())],
        Action::RenameTable { name, to, .. } => vec![Object::Table(name.clone()), Object::Table(name.sibling(to))],
        Action::AddColumn { table, column: definition, .. } => {
            let mut res = vec![column(table, &definition.name)];
            let names = definition.constraints.iter().filter_map(|own| own.name.as_ref());
            res.extend(names.map(|name| constraint(table, name)));
            res.extend(
                definition.index.iter().filter_map(|own| Some(Object::Index(table.sibling(own.name.as_ref()?)))),
            );
            res
        }
        Action::DropColumn { table, column: name, .. } => vec![column(table, name)],
        Action::AlterColumn { table, column: name, rename, .. } => {
            let mut res = vec![column(table, name)];
            res.extend(rename.iter().map(|to| column(table, to)));
            res
        }
        Action::AddConstraint { table, constraint: definition } => match &definition.name {
            Some(name) => vec![constraint(table, name)],
            None => Vec::new(),
        },
        Action::DropConstraint { table, name, .. } => name.iter().map(|name| constraint(table, name)).collect(),
        Action::RenameConstraint { table, name, to } => vec![constraint(table, name), constraint(table, to)],
        Action::CreateIndex { table, index } => {
            index.name.iter().map(|name| Object::Index(table.sibling(name))).collect()
        }
        Action::DropIndex { name, .. } => vec![Object::Index(name.clone())],
        Action::RenameIndex { name, to, .. } => vec![Object::Index(name.clone()), Object::Index(name.sibling(to))],
        Action::CreateEnum { definition, .. } => vec![Object::Type(definition.name.clone())],
        Action::DropType { name, .. } => vec![Object::Type(name.clone())],
        Action::RenameType { name, to } => vec![Object::Type(name.clone()), Object::Type(name.sibling(to))],
        Action::AddEnumValue { ty, .. } | Action::RenameEnumValue { ty, .. } | Action::SetEnumValues { ty, .. } => {
            vec![Object::Type(ty.clone())]
        }
        Action::CreateOther { kind, name, .. } | Action::DropOther { kind, name, .. } => {
            vec![Object::Other(*kind, name.clone())]
        }
        Action::RenameOther { kind, name, to } => {
            vec![Object::Other(*kind, name.clone()), Object::Other(*kind, name.sibling(to))]
        }
        Action::SetSchema { object, to } => {
            let moved = |name: &Name| Name::new(to.as_deref(), &name.name);
            let moved = match object {
                Object::Table(name) => Some(Object::Table(moved(name))),
                Object::Type(name) => Some(Object::Type(moved(name))),
                Object::Other(kind, name) => Some(Object::Other(*kind, moved(name))),
                Object::Column(..) | Object::Constraint(..) | Object::Index(_) | Object::EnumValue(..) => None,
            };
            std::iter::once(object.clone()).chain(moved).collect()
        }
        Action::Unknown { touches: Touches::Objects(objects), .. } => objects.clone(),
        Action::Unknown { touches: Touches::Rows | Touches::Anything, .. }
        | Action::Insert { .. }
        | Action::Update { .. }
        | Action::Delete { .. }
        | Action::Select { .. }
        | Action::Commit
        | Action::EnterAutocommit
        | Action::LeaveAutocommit
        | Action::Refused(_)
        | Action::Raise
        | Action::Comment { .. }
        | Action::Nothing => Vec::new(),
    }
}

fn table_and_types(table: &TableDef) -> Vec<Object> {
    let enums = table.columns.iter().filter_map(|column| column.enumeration.as_ref());
    let enums = enums.filter(|definition| definition.creation != TypeCreation::Never);
    enums.map(|definition| Object::Type(definition.name.clone())).chain([Object::Table(table.name.clone())]).collect()
}
