//! `op.create_*_constraint`, `op.create_foreign_key`, `op.create_primary_key`, `op.drop_constraint`.

use std::sync::Arc;

use super::arguments::Bound;
use super::directive::touching;
use super::host::{Actions, Lowering, one};
use crate::python::interpret::{Interpreter, Value};
use crate::schema::{Action, Certainty, Constraint, ConstraintKind, Error, Name, Object, Reference};
use crate::sqlalchemy::{Given, Kind, Made, Naming, Parts, deferral, given_name, stored, text_of};

impl<'a> Lowering<'a> {
    pub(super) fn constrain(
        &mut self,
        interpreter: &mut Interpreter<'a>,
        directive: &str,
        bound: &Bound<'_, 'a>,
        table: Name,
    ) -> Action {
        if directive == "drop_constraint" {
            return self.drop_constraint(bound, table);
        }
        let given = given_name(bound.get(0).as_ref());
        let mut columns: Vec<Arc<str>> = Vec::new();
        if directive != "create_exclude_constraint" {
            let at = if directive == "create_foreign_key" { 3 } else { 2 };
            columns = self.columns(interpreter, bound.get(at));
        }
        let (kind, name_kind) = match directive {
            "create_primary_key" => (ConstraintKind::Primary, Kind::Primary),
            "create_unique_constraint" => (ConstraintKind::Unique, Kind::Unique),
            "create_exclude_constraint" => {
                let name = match given {
                    Given::Plain(name) | Given::Final(name) => Some(stored(&name)),
                    Given::None => None,
                    Given::Unknown => return touching("op.create_exclude_constraint", Object::Table(table)),
                };
                return add(table, name, ConstraintKind::Exclude, columns);
            }
            "create_foreign_key" => {
                let Some(referred) = bound.get(2).and_then(|referred| text_of(&referred)) else {
                    return touching("op.create_foreign_key", Object::Table(table));
                };
                let schema = bound.written("referent_schema").and_then(|schema| text_of(&schema));
                let source = bound.written("source_schema").and_then(|schema| text_of(&schema));
                let table = match source {
                    Some(source) => Name::new(Some(&source), &table.name),
                    None => table,
                };
                let action = |name: &str| {
                    let text = bound.written(name).and_then(|text| text_of(&text))?;
                    (!text.eq_ignore_ascii_case("no action")).then(|| Arc::from(text.to_ascii_uppercase()))
                };
                let reference = Reference {
                    table: Name::new(schema.as_deref(), &stored(&referred)),
                    columns: self.columns(interpreter, bound.get(4)),
                    on_delete: action("ondelete"),
                    on_update: action("onupdate"),
                    deferral: deferral(bound.written("deferrable").as_ref(), bound.written("initially").as_ref()),
                };
                let referred = Some((&reference.table, &reference.columns[..]));
                let made =
                    self.naming().name(Kind::Foreign, &given, Parts { table: &table, columns: &columns, referred });
                return match made {
                    Made::Unknown => touching("op.create_foreign_key", Object::Table(table)),
                    made => add(table, made.name(), ConstraintKind::Foreign(reference), columns),
                };
            }
            _ => return touching(&format!("op.{directive}"), Object::Table(table)),
        };
        let made = self.naming().name(name_kind, &given, Parts { table: &table, columns: &columns, referred: None });
        match made {
            Made::Unknown => touching(&format!("op.{directive}"), Object::Table(table)),
            made => add(table, made.name(), kind, columns),
        }
    }

    /// `op.create_check_constraint`: what the condition names and compares is read as in SQL text.
    pub(super) fn check_constraint(&mut self, bound: &Bound<'_, 'a>, table: Name) -> Actions {
        let given = given_name(bound.get(0).as_ref());
        let made = self.naming().name(Kind::Check, &given, Parts { table: &table, columns: &[], referred: None });
        let name = match made {
            Made::Unknown => return one(touching("op.create_check_constraint", Object::Table(table))),
            made => made.name(),
        };
        let (mut columns, mut comparisons) = (Vec::new(), Vec::new());
        if let Some(condition) = bound.get(2).and_then(|condition| self.sql_text(&condition)) {
            let text = format!("ALTER TABLE t ADD CHECK ({condition})");
            for (action, ..) in self.statements(&text, Some(None), None) {
                match action {
                    Action::AddConstraint { constraint, .. } => columns = constraint.columns,
                    Action::Select { compares, .. } => comparisons.extend(compares),
                    _ => {}
                }
            }
        }
        let mut res = one(add(table.clone(), name, ConstraintKind::Check, columns));
        if !comparisons.is_empty() {
            res.extend(one(Action::Select { tables: vec![table], compares: comparisons }));
        }
        res
    }

    /// The names of a list of columns; none when they cannot be told.
    fn columns(&mut self, interpreter: &mut Interpreter<'a>, value: Option<Value<'a>>) -> Vec<Arc<str>> {
        let naming = self.naming();
        value.and_then(|value| self.reader(interpreter, &naming).column_names(&value)).unwrap_or_default()
    }

    fn drop_constraint(&self, bound: &Bound<'_, 'a>, table: Name) -> Action {
        let kind = match bound.get(2) {
            None | Some(Value::None) => None,
            Some(kind) => match text_of(&kind).as_deref() {
                Some("foreignkey") => Some(Kind::Foreign),
                Some("primary") => Some(Kind::Primary),
                Some("unique") => Some(Kind::Unique),
                Some("check") => Some(Kind::Check),
                _ => None,
            },
        };
        let given = given_name(bound.get(0).as_ref());
        let made = match (kind, &given) {
            (Some(kind), given) => {
                let referred = None;
                self.naming().name(kind, given, Parts { table: &table, columns: &[], referred })
            }
            (None, Given::Plain(name) | Given::Final(name)) => Made::Name(stored(name)),
            (None, Given::None) => Made::Unnamed,
            (None, Given::Unknown) => Made::Unknown,
        };
        match made {
            Made::Unnamed if given == Given::None && (kind.is_none() || *self.naming() != Naming::Unknown) => {
                Action::Refused(Error::UnnamedConstraint { table })
            }
            made => {
                Action::DropConstraint { table, name: made.name(), if_exists: bound.flag("if_exists"), cascade: false }
            }
        }
    }
}

fn add(table: Name, name: Option<Arc<str>>, kind: ConstraintKind, columns: Vec<Arc<str>>) -> Action {
    let constraint = Constraint { name, kind, columns, certainty: Certainty::Certain, origin: None };
    Action::AddConstraint { table, constraint }
}
