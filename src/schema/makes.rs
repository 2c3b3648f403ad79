//! What an operation, taken by itself, brings into being or changes.

use std::sync::Arc;

use super::{Action, ColumnDef, Constraint, EnumDef, IndexDef, Name, Object, OtherKind, TypeCreation};

impl Action {
    /// Whether the operation makes an object: also as part of a table, or by giving its name to another.
    pub fn makes(&self, object: &Object) -> bool {
        match object {
            Object::Table(name) => self.makes_table(name),
            Object::Column(table, column) => self.makes_column(table, column),
            Object::Constraint(table, name) => self.makes_constraint(table, name),
            Object::Index(name) => self.makes_index(name),
            Object::Type(name) => self.makes_type(name),
            Object::EnumValue(ty, value) => self.makes_value(ty, value),
            Object::Other(kind, name) => self.makes_other(*kind, name),
        }
    }

    /// Whether the operation takes an object away, or its name.
    pub fn takes(&self, object: &Object) -> bool {
        match (self, object) {
            (Action::DropTable { name, .. } | Action::RenameTable { name, .. }, Object::Table(table)) => name == table,
            (
                Action::DropTable { name, .. } | Action::RenameTable { name, .. },
                Object::Column(table, _) | Object::Constraint(table, _),
            ) => name == table,
            (Action::DropColumn { table, column, .. }, Object::Column(of, name)) => table == of && column == name,
            (Action::AlterColumn { table, column, rename: Some(_), .. }, Object::Column(of, name)) => {
                table == of && column == name
            }
            (Action::DropConstraint { table, name: Some(own), .. }, Object::Constraint(of, name)) => {
                table == of && own == name
            }
            (Action::RenameConstraint { table, name: own, .. }, Object::Constraint(of, name)) => {
                table == of && own == name
            }
            (Action::DropIndex { name, .. } | Action::RenameIndex { name, .. }, Object::Index(index)) => name == index,
            (Action::DropType { name, .. } | Action::RenameType { name, .. }, Object::Type(ty)) => name == ty,
            (
                Action::DropOther { kind, name, .. } | Action::RenameOther { kind, name, .. },
                Object::Other(of, other),
            ) => kind == of && name == other,
            (Action::SetSchema { object: moved, .. }, object) => moved == object,
            _ => false,
        }
    }

    /// The enum type that a column of it is written with, if it is of that name.
    pub fn enumeration(&self, name: &Name) -> Option<&EnumDef> {
        let columns = match self {
            Action::CreateTable(table) => &table.columns[..],
            Action::AddColumn { column, .. } => std::slice::from_ref(column),
            Action::AlterColumn { retype: Some(retype), .. } => {
                return retype.enumeration.as_ref().filter(|own| own.name == *name);
            }
            _ => return None,
        };
        columns.iter().filter_map(|column| column.enumeration.as_ref()).find(|own| own.name == *name)
    }

    /// The enum types that it makes.
    pub fn made_enums(&self) -> Vec<&Name> {
        match self {
            Action::CreateEnum { definition, .. } => vec![&definition.name],
            Action::CreateTable(table) => emitted(&table.columns).map(|definition| &definition.name).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether it changes for sure what a downgrade would have to bring back. What looks first (`IF EXISTS`) may do nothing; and a new
    /// value of an enum type PostgreSQL cannot take away again.
    pub fn is_reversible_change(&self) -> bool {
        match self {
            Action::CreateTable(table) => !table.if_not_exists && !table.temporary,
            Action::CreateIndex { index, .. } => !index.if_not_exists,
            Action::CreateEnum { if_missing: tolerant, .. }
            | Action::AddColumn { if_not_exists: tolerant, .. }
            | Action::CreateOther { if_not_exists: tolerant, .. }
            | Action::DropTable { if_exists: tolerant, .. }
            | Action::RenameTable { if_exists: tolerant, .. }
            | Action::DropColumn { if_exists: tolerant, .. }
            | Action::DropConstraint { if_exists: tolerant, .. }
            | Action::DropIndex { if_exists: tolerant, .. }
            | Action::RenameIndex { if_exists: tolerant, .. }
            | Action::DropType { if_exists: tolerant, .. }
            | Action::DropOther { if_exists: tolerant, .. } => !tolerant,
            Action::Insert { .. }
            | Action::Update { .. }
            | Action::Delete { .. }
            | Action::Select { .. }
            | Action::Commit
            | Action::EnterAutocommit
            | Action::LeaveAutocommit
            | Action::Refused(_)
            | Action::Raise
            | Action::Unknown { .. }
            | Action::Nothing
            | Action::Comment { .. }
            | Action::AddEnumValue { .. } => false,
            Action::AlterColumn { .. }
            | Action::AddConstraint { .. }
            | Action::RenameConstraint { .. }
            | Action::RenameType { .. }
            | Action::RenameEnumValue { .. }
            | Action::SetEnumValues { .. }
            | Action::RenameOther { .. }
            | Action::SetSchema { .. } => true,
        }
    }

    fn makes_table(&self, name: &Name) -> bool {
        match self {
            Action::CreateTable(table) => table.name == *name && !table.temporary,
            Action::RenameTable { name: from, to, .. } => from.sibling(to) == *name,
            Action::SetSchema { object: Object::Table(from), to } => Name::new(to.as_deref(), &from.name) == *name,
            _ => self.makes_other(OtherKind::View, name) || self.makes_other(OtherKind::MaterializedView, name),
        }
    }

    fn makes_column(&self, table: &Name, column: &Arc<str>) -> bool {
        match self {
            Action::CreateTable(made) => made.name == *table && made.columns.iter().any(|own| own.name == *column),
            Action::AddColumn { table: of, column: own, .. } => of == table && own.name == *column,
            Action::AlterColumn { table: of, rename: Some(to), .. } => of == table && to == column,
            _ => false,
        }
    }

    fn makes_constraint(&self, table: &Name, name: &Arc<str>) -> bool {
        let named = |constraint: &Constraint| constraint.name.as_ref() == Some(name);
        let on_column = |column: &ColumnDef| column.constraints.iter().any(named);
        match self {
            Action::CreateTable(made) => {
                made.name == *table && (made.constraints.iter().any(named) || made.columns.iter().any(on_column))
            }
            Action::AddColumn { table: of, column, .. } => of == table && on_column(column),
            Action::AddConstraint { table: of, constraint } => of == table && named(constraint),
            Action::RenameConstraint { table: of, to, .. } => of == table && to == name,
            _ => false,
        }
    }

    fn makes_index(&self, name: &Name) -> bool {
        let named =
            |table: &Name, index: &IndexDef| table.schema == name.schema && index.name.as_ref() == Some(&name.name);
        let on_column =
            |table: &Name, column: &ColumnDef| column.index.as_ref().is_some_and(|index| named(table, index));
        match self {
            Action::CreateTable(made) => {
                made.indexes.iter().any(|index| named(&made.name, index))
                    || made.columns.iter().any(|column| on_column(&made.name, column))
            }
            Action::AddColumn { table, column, .. } => on_column(table, column),
            Action::CreateIndex { table, index } => named(table, index),
            Action::RenameIndex { name: from, to, .. } => from.sibling(to) == *name,
            _ => false,
        }
    }

    fn makes_type(&self, name: &Name) -> bool {
        match self {
            Action::RenameType { name: from, to } => from.sibling(to) == *name,
            Action::SetSchema { object: Object::Type(from), to } => Name::new(to.as_deref(), &from.name) == *name,
            _ => self.made_enums().contains(&name) || self.makes_other(OtherKind::Type, name),
        }
    }

    fn makes_value(&self, ty: &Name, value: &Arc<str>) -> bool {
        let has = |values: &Option<Vec<Arc<str>>>| values.as_ref().is_some_and(|values| values.contains(value));
        match self {
            Action::CreateEnum { definition, .. } => definition.name == *ty && has(&definition.values),
            Action::CreateTable(table) => {
                emitted(&table.columns).any(|definition| definition.name == *ty && has(&definition.values))
            }
            Action::AddEnumValue { ty: of, value: added, .. } => of == ty && added == value,
            Action::RenameEnumValue { ty: of, to, .. } => of == ty && to == value,
            Action::SetEnumValues { ty: of, values } => of == ty && has(values),
            _ => false,
        }
    }

    fn makes_other(&self, kind: OtherKind, name: &Name) -> bool {
        match self {
            Action::CreateOther { kind: made, name: own, .. } => *made == kind && own == name,
            Action::RenameOther { kind: made, name: from, to } => *made == kind && from.sibling(to) == *name,
            _ => false,
        }
    }
}

fn emitted(columns: &[ColumnDef]) -> impl Iterator<Item = &EnumDef> {
    let enums = columns.iter().filter_map(|column| column.enumeration.as_ref());
    enums.filter(|definition| definition.creation != TypeCreation::Never)
}
