//! `create` and `drop` of types, tables, sequences and indexes, and `metadata.create_all`.

use super::construct::sequence_name;
use super::directive::anything;
use super::host::{Actions, Lowering, one};
use crate::python::interpret::{Arguments, Interpreter, Term, TermKind, Value};
use crate::schema::{Action, ConstraintKind, EnumDef, Guard, OtherKind, TableDef, TypeCreation};
use crate::sqlalchemy::{Table, call_of, known};

impl<'a> Lowering<'a> {
    /// `x.create(bind, checkfirst=…)`; `None` when `x` is nothing that the database holds.
    pub(super) fn create_or_drop(
        &mut self,
        interpreter: &mut Interpreter<'a>,
        object: &Value<'a>,
        method: &str,
        arguments: &Arguments<'a>,
    ) -> Option<Actions> {
        let is_create = method == "create";
        let checks = |otherwise: bool| match arguments.get(1, "checkfirst") {
            None => (otherwise, Vec::new()),
            Some(value) => match value.truth() {
                Some(checks) => (checks, Vec::new()),
                None => (true, vec![Guard::Unknown]),
            },
        };
        let naming = self.naming();
        if let Some(table) = self.reader(interpreter, &naming).table(object) {
            let (lenient, guards) = checks(false);
            let actions = match is_create {
                true => create_table(table.definition, lenient),
                false => drop_table(table.definition, lenient),
            };
            return Some(
                actions
                    .into_iter()
                    .map(|(action, span, more)| (action, span, [guards.clone(), more].concat()))
                    .collect(),
            );
        }
        if let Some(name) = sequence_name(object) {
            let (lenient, guards) = checks(true);
            let kind = OtherKind::Sequence;
            let action = match is_create {
                true => Action::CreateOther { kind, name, if_not_exists: lenient, or_replace: false },
                false => Action::DropOther { kind, name, if_exists: lenient, cascade: false },
            };
            return Some(vec![(action, None, guards)]);
        }
        let class = if is_create { "CreateIndex" } else { "DropIndex" };
        if let Some(actions) = self.index_element(interpreter, class, object, checks(false).0) {
            return Some(actions);
        }
        let ty = self.reader(interpreter, &naming).type_of(object)?;
        let Some(definition) = ty.enumeration else { return self.without_values(object, &ty, is_create) };
        // `postgresql.ENUM` looks first, `sqlalchemy.Enum` does not
        let is_postgresql =
            call_of(object).and_then(|(callee, _)| known(callee)).is_some_and(|(_, name)| name == "ENUM");
        let (lenient, guards) = checks(is_postgresql);
        let action = match is_create {
            true => Action::CreateEnum { definition, if_missing: lenient },
            false => Action::DropType { name: definition.name, if_exists: lenient, cascade: false },
        };
        Some(vec![(action, None, guards)])
    }

    /// A type that is no enum: a domain, or one that is not made at all.
    fn without_values(&self, object: &Value<'a>, ty: &crate::sqlalchemy::TypeUse, is_create: bool) -> Option<Actions> {
        let is_domain = call_of(object).and_then(|(callee, _)| known(callee)).is_some_and(|(_, name)| name == "DOMAIN");
        match &ty.ty {
            crate::schema::Type::Named { name, .. } if is_domain => Some(one(match is_create {
                true => Action::CreateOther {
                    kind: OtherKind::Type,
                    name: name.clone(),
                    if_not_exists: true,
                    or_replace: false,
                },
                false => Action::DropType { name: name.clone(), if_exists: true, cascade: false },
            })),
            crate::schema::Type::Unknown => Some(one(anything("create"))),
            _ => Some(one(Action::Nothing)),
        }
    }

    /// `metadata.create_all(bind)`: the tables that the file itself declares on it. Those of other files are not known.
    pub(super) fn create_all(
        &mut self,
        interpreter: &mut Interpreter<'a>,
        object: Option<&&Value<'a>>,
        callee: &Value<'a>,
        method: &str,
    ) -> Option<Actions> {
        let unknown = || Some(one(anything(method)));
        let Some(metadata) = object else {
            return match callee.as_name()?.contains("metadata") {
                true => unknown(),
                false => None,
            };
        };
        let mut tables = self.declared(interpreter, metadata);
        if tables.is_empty() {
            return unknown();
        }
        sort(&mut tables);
        Some(match method {
            "create_all" => tables.into_iter().flat_map(|table| create_table(table.definition, true)).collect(),
            _ => tables.into_iter().rev().flat_map(|table| drop_table(table.definition, true)).collect(),
        })
    }

    fn declared(&mut self, interpreter: &mut Interpreter<'a>, metadata: &Value<'a>) -> Vec<Table> {
        let base = match metadata.as_term().map(|term| &term.kind) {
            Some(TermKind::Attribute(base, name)) if **name == *"metadata" => Some(base.clone()),
            _ => None,
        };
        let naming = self.naming();
        let mut values: Vec<Value<'a>> = Vec::new();
        for term in self.tables.clone() {
            if metadata_of(&term).is_some_and(|own| same_metadata(&own, metadata)) {
                values.push(Value::Term(term));
            }
        }
        if let (Some(base), Some(scope)) = (base, self.scope.clone()) {
            for name in crate::python::classes(&self.script.statements) {
                if let Some(Value::Class(class)) = interpreter.global(self, &scope, name)
                    && class.lineage().iter().skip(1).any(|known| known.same(&base))
                {
                    values.push(Value::Class(class));
                }
            }
        }
        values.iter().filter_map(|value| self.reader(interpreter, &naming).table(value)).collect()
    }
}

fn metadata_of<'a>(term: &Term<'a>) -> Option<Value<'a>> {
    match &term.kind {
        TermKind::Call { arguments, .. } => arguments.get(1, "metadata"),
        _ => None,
    }
}

fn same_metadata<'a>(one: &Value<'a>, other: &Value<'a>) -> bool {
    if one.same(other) {
        return true;
    }
    match (one.as_term().map(|term| &term.kind), other.as_term().map(|term| &term.kind)) {
        (Some(TermKind::Attribute(one, name)), Some(TermKind::Attribute(other, also))) => {
            name == also && one.same(other)
        }
        _ => false,
    }
}

/// Referenced tables first.
fn sort(tables: &mut Vec<Table>) {
    let mut sorted: Vec<Table> = Vec::new();
    while !tables.is_empty() {
        let waits = |table: &Table| {
            let name = &table.definition.name;
            let constraints = table.definition.columns.iter().flat_map(|column| &column.constraints);
            constraints.chain(&table.definition.constraints).any(|constraint| match &constraint.kind {
                ConstraintKind::Foreign(reference) => {
                    reference.table != *name && tables.iter().any(|other| other.definition.name == reference.table)
                }
                _ => false,
            })
        };
        let next = tables.iter().position(|table| !waits(table)).unwrap_or(0);
        sorted.push(tables.remove(next));
    }
    *tables = sorted;
}

/// SQLAlchemy makes the enum types of the table itself, each time.
fn create_table(mut definition: TableDef, lenient: bool) -> Actions {
    let mut res: Actions = Vec::new();
    let mut made: Vec<EnumDef> = Vec::new();
    for column in &mut definition.columns {
        let Some(enumeration) = &mut column.enumeration else { continue };
        if enumeration.creation != TypeCreation::Never && !made.iter().any(|known| known.name == enumeration.name) {
            made.push(enumeration.clone());
            let action = Action::CreateEnum { definition: enumeration.clone(), if_missing: lenient };
            res.push((action, None, Vec::new()));
        }
        enumeration.creation = TypeCreation::Never;
    }
    definition.if_not_exists = lenient;
    res.push((Action::CreateTable(definition), None, Vec::new()));
    res
}

/// Before 2.1 SQLAlchemy drops the enum types with the table.
fn drop_table(definition: TableDef, lenient: bool) -> Actions {
    let types = definition.columns.iter().filter_map(|column| column.enumeration.as_ref());
    let types: Vec<_> = types.filter(|enumeration| enumeration.creation != TypeCreation::Never).collect();
    let drop = Action::DropTable { name: definition.name.clone(), if_exists: lenient, cascade: false };
    let mut res = one(drop);
    for enumeration in types {
        let action = Action::DropType { name: enumeration.name.clone(), if_exists: true, cascade: false };
        res.push((action, None, vec![Guard::Unknown]));
    }
    res
}
