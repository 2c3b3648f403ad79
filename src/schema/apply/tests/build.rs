//! Small constructors of operations.

use std::sync::Arc;

use super::{
    Action, Certainty, ColumnDef, Constraint, ConstraintKind, Default, DefaultChange, EnumDef, IndexDef, Inserted,
    Reference, Retype, Scalar, TableDef, Type, TypeCreation,
};

fn names(of: &[&str]) -> Vec<Arc<str>> {
    of.iter().map(|name| (*name).into()).collect()
}

pub fn text() -> Type {
    Type::BuiltIn { name: "text", modifiers: Vec::new() }
}

pub fn integer() -> Type {
    Type::BuiltIn { name: "integer", modifiers: Vec::new() }
}

pub fn named(name: &str) -> Type {
    Type::Named { name: name.into(), modifiers: None }
}

pub fn col(name: &str, ty: Type) -> ColumnDef {
    ColumnDef {
        comment: crate::schema::Comment::None,
        name: name.into(),
        ty,
        enumeration: None,
        nullable: true,
        default: Default::None,
        constraints: Vec::new(),
        index: None,
        certain: true,
    }
}

pub fn not_null(name: &str, ty: Type) -> ColumnDef {
    ColumnDef { nullable: false, ..col(name, ty) }
}

fn constraint(kind: ConstraintKind, name: Option<&str>, columns: &[&str]) -> Constraint {
    let name = name.map(Arc::from);
    Constraint { name, kind, columns: names(columns), certainty: Certainty::Certain, origin: None }
}

pub fn pk(name: &str) -> ColumnDef {
    let constraints = vec![constraint(ConstraintKind::Primary, None, &[name])];
    ColumnDef { constraints, default: Default::Some(None), ..not_null(name, integer()) }
}

pub fn unique(column: ColumnDef) -> ColumnDef {
    let constraints = vec![constraint(ConstraintKind::Unique, None, &[&column.name])];
    ColumnDef { constraints, ..column }
}

pub fn check(column: ColumnDef) -> ColumnDef {
    let constraints = vec![constraint(ConstraintKind::Check, None, &[&column.name])];
    ColumnDef { constraints, ..column }
}

pub fn fk(column: ColumnDef, table: &str, columns: &[&str]) -> ColumnDef {
    let reference = Reference {
        table: table.into(),
        columns: names(columns),
        on_delete: None,
        on_update: None,
        deferral: crate::schema::Deferral::Never,
    };
    let constraints = vec![constraint(ConstraintKind::Foreign(reference), None, &[&column.name])];
    ColumnDef { constraints, ..column }
}

pub fn en(name: &str, values: &[&str]) -> EnumDef {
    EnumDef { name: name.into(), values: Some(names(values)), creation: TypeCreation::WithTable }
}

pub fn of_enum(name: &str, definition: EnumDef) -> ColumnDef {
    let ty = Type::Named { name: definition.name.clone(), modifiers: None };
    ColumnDef { enumeration: Some(definition), ..col(name, ty) }
}

pub fn create<const N: usize>(name: &str, columns: [ColumnDef; N]) -> Action {
    Action::CreateTable(TableDef {
        comment: crate::schema::Comment::None,
        name: name.into(),
        columns: columns.to_vec(),
        constraints: Vec::new(),
        indexes: Vec::new(),
        if_not_exists: false,
        opaque: false,
        temporary: false,
    })
}

pub fn drop_table(name: &str) -> Action {
    Action::DropTable { name: name.into(), if_exists: false, cascade: false }
}

pub fn rename_table(name: &str, to: &str) -> Action {
    Action::RenameTable { name: name.into(), to: to.into(), if_exists: false }
}

pub fn add(table: &str, column: ColumnDef) -> Action {
    Action::AddColumn { table: table.into(), column, if_not_exists: false }
}

pub fn drop_column(table: &str, column: &str) -> Action {
    Action::DropColumn { table: table.into(), column: column.into(), if_exists: false, cascade: false }
}

pub fn alter(table: &str, column: &str, nullable: Option<bool>, default: Option<DefaultChange>) -> Action {
    Action::AlterColumn { table: table.into(), column: column.into(), retype: None, nullable, default, rename: None }
}

pub fn set_not_null(table: &str, column: &str) -> Action {
    alter(table, column, Some(false), None)
}

pub fn reti(table: &str, column: &str, ty: Type, using: bool) -> Action {
    let retype = Some(Retype { ty, enumeration: None, using });
    Action::AlterColumn {
        table: table.into(),
        column: column.into(),
        retype,
        nullable: None,
        default: None,
        rename: None,
    }
}

pub fn foreign(table: &str, kind: ConstraintKind, name: Option<&str>, columns: &[&str]) -> Action {
    Action::AddConstraint { table: table.into(), constraint: constraint(kind, name, columns) }
}

pub fn index(table: &str, name: Option<&str>, columns: &[&str]) -> Action {
    let index = IndexDef {
        orders: Vec::new(),
        name: name.map(Arc::from),
        columns: names(columns).into_iter().map(Some).collect(),
        unique: false,
        if_not_exists: false,
        concurrently: false,
        compares: Vec::new(),
    };
    Action::CreateIndex { table: table.into(), index }
}

pub fn drop_type(name: &str, cascade: bool) -> Action {
    Action::DropType { name: name.into(), if_exists: false, cascade }
}

pub fn add_value(ty: &str, value: &str) -> Action {
    Action::AddEnumValue { ty: ty.into(), value: value.into(), if_not_exists: false, before: None, after: None }
}

pub fn values(text: &str) -> Scalar {
    Scalar::Text(text.into())
}

pub fn insert<const N: usize, const M: usize>(table: &str, columns: &[&str], rows: [[Scalar; N]; M]) -> Action {
    Action::Insert {
        table: table.into(),
        columns: Some(names(columns)),
        rows: Inserted::Values(rows.into_iter().map(|row| row.to_vec()).collect()),
        filled: Vec::new(),
        compares: Vec::new(),
    }
}
