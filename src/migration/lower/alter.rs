//! `op.alter_column`.

use super::arguments::Bound;
use super::directive::touching;
use super::host::{Actions, Lowering, one};
use crate::python::interpret::{Interpreter, Value};
use crate::schema::{Action, DefaultChange, Name, Object, Retype, Scalar};
use crate::sqlalchemy::{Written, stored, text_of, written_comment, written_default};

impl<'a> Lowering<'a> {
    /// Only what is given is emitted; `existing_*` never is (PostgreSQL).
    pub(super) fn alter_column(
        &mut self,
        interpreter: &mut Interpreter<'a>,
        bound: &Bound<'_, 'a>,
        table: Name,
    ) -> Actions {
        let Some(column) = bound.get(1).and_then(|column| text_of(&column)).map(|column| stored(&column)) else {
            return one(touching("op.alter_column", Object::Table(table)));
        };
        let unknown = |table: Name| one(touching("op.alter_column", Object::Column(table, column.clone())));
        if bound.all().more {
            return unknown(table);
        }
        let nullable = match bound.written("nullable") {
            None | Some(Value::None) => None,
            Some(value) => match value.truth() {
                Some(nullable) => Some(nullable),
                None => return unknown(table),
            },
        };
        let default = match bound.written("server_default") {
            None | Some(Value::Bool(false)) => None,
            value => Some(match written_default(value.as_ref()) {
                Written::None => DefaultChange::Drop,
                Written::Expression(_, Scalar::Null) => DefaultChange::Drop,
                Written::Expression(_, scalar) => DefaultChange::Set(scalar),
                Written::Unknown => DefaultChange::Unknown,
            }),
        };
        let rename = match bound.written("new_column_name").or_else(|| bound.written("name")) {
            None | Some(Value::None) => None,
            Some(name) => match text_of(&name) {
                Some(name) => Some(stored(&name)).filter(|name| *name != column),
                None => return one(touching("op.alter_column", Object::Table(table))),
            },
        };
        let retype = match bound.written("type_").or_else(|| bound.written("type")) {
            None | Some(Value::None) => None,
            Some(ty) => {
                let naming = self.naming();
                let ty = self.reader(interpreter, &naming).type_use(&ty);
                let using = bound.written("postgresql_using").is_some_and(|using| !matches!(using, Value::None));
                Some(Retype { ty: ty.ty, enumeration: ty.enumeration, using })
            }
        };
        // `False`: it stays; before the column gets its new name
        let comment = match bound.written("comment") {
            None | Some(Value::Bool(false)) => None,
            comment => Some(written_comment(comment.as_ref())),
        };
        let comment = comment.map(|comment| {
            let column = Some(column.clone());
            Action::Comment { table: table.clone(), column, comment }
        });
        let alters = nullable.is_some() || default.is_some() || rename.is_some() || retype.is_some();
        let alter = alters.then_some(Action::AlterColumn { table, column, retype, nullable, default, rename });
        let actions: Actions = comment.into_iter().chain(alter).flat_map(one).collect();
        if actions.is_empty() { one(Action::Nothing) } else { actions }
    }
}
