//! `op.*`: tables, columns and indexes. (Constraints are `constrain`'s, `alter_column` is `alter`'s.)

use std::rc::Rc;

use super::arguments::Bound;
use super::host::{Actions, Lowering, one};
use crate::python::interpret::{Arguments, Interpreter, Term, Value};
use crate::schema::{Action, ColumnDef, Comment, Name, Object, Touches};
use crate::sqlalchemy::{Given, Item, Kind, Parts, column_name, given_name, stored, text_of, written_comment};

impl<'a> Lowering<'a> {
    /// What a directive does; `None` for what does nothing and is not worth counting.
    pub(super) fn directive(
        &mut self,
        interpreter: &mut Interpreter<'a>,
        name: &str,
        arguments: &Arguments<'a>,
        batch: Option<&Rc<Term<'a>>>,
        term: &Rc<Term<'a>>,
    ) -> Option<Actions> {
        const SILENT: [&str; 16] = [
            "batch_alter_table",
            "f",
            "get_bind",
            "get_context",
            "inline_literal",
            "implementation_for",
            "register_operation",
            "get_impl",
            "run_async",
            "impl",
            "migration_context",
            "context",
            "__enter__",
            "__exit__",
            "autocommit_block",
            "configure",
        ];
        if SILENT.contains(&name) {
            return None;
        }
        let Some(bound) = Bound::new(name, arguments, batch) else { return self.entity(interpreter, name, arguments) };
        Some(match name {
            "execute" => self.execute_statement(interpreter, bound.get(0), None, true, term),
            "bulk_insert" => one(self.bulk_insert(interpreter, &bound)),
            "create_table" => one(self.create_table(interpreter, &bound)),
            "drop_table" => one(match bound.table() {
                Some(name) => Action::DropTable { name, if_exists: bound.flag("if_exists"), cascade: false },
                None => anything("op.drop_table"),
            }),
            "rename_table" => {
                let to = bound.get(1).and_then(|to| text_of(&to));
                one(match (bound.table(), to) {
                    (Some(name), Some(to)) => Action::RenameTable { name, to: stored(&to), if_exists: false },
                    (Some(name), None) => touching("op.rename_table", Object::Table(name)),
                    (None, _) => anything("op.rename_table"),
                })
            }
            _ => {
                let Some(table) = bound.table() else {
                    return Some(match name {
                        // an index is found without its table
                        "drop_index" => one(self.drop_index(&bound, None)),
                        "create_table_comment" | "drop_table_comment" => one(Action::Nothing),
                        _ => one(anything(&format!("op.{name}"))),
                    });
                };
                if name == "alter_column" {
                    return Some(self.alter_column(interpreter, &bound, table));
                }
                if name == "create_check_constraint" {
                    return Some(self.check_constraint(&bound, table));
                }
                one(match name {
                    "add_column" => self.add_column(interpreter, &bound, table),
                    "create_table_comment" => {
                        let comment = written_comment(bound.get(1).as_ref());
                        Action::Comment { table, column: None, comment }
                    }
                    "drop_table_comment" => Action::Comment { table, column: None, comment: Comment::None },
                    "drop_column" => match bound.get(1).and_then(|column| column_name(&column)) {
                        Some(column) => {
                            Action::DropColumn { table, column, if_exists: bound.flag("if_exists"), cascade: false }
                        }
                        None => touching("op.drop_column", Object::Table(table)),
                    },
                    "create_index" => self.create_index(interpreter, &bound, table),
                    "drop_index" => self.drop_index(&bound, Some(table)),
                    _ => self.constrain(interpreter, name, &bound, table),
                })
            }
        })
    }

    fn create_table(&mut self, interpreter: &mut Interpreter<'a>, bound: &Bound<'_, 'a>) -> Action {
        let Some(name) = bound.table() else { return anything("op.create_table") };
        let arguments = bound.all();
        let by_keyword = bound.written("table_name").or_else(|| bound.written("name")).is_some();
        let skipped = if by_keyword { 0 } else { 1 };
        let items: Vec<Value<'a>> = arguments.positional.iter().skip(skipped).map(|(value, _)| value.clone()).collect();
        let naming = self.naming();
        let table = self.reader(interpreter, &naming).table_of(name, &items);
        let mut definition = table.definition;
        definition.opaque |= arguments.more;
        definition.comment = written_comment(bound.written("comment").as_ref());
        definition.if_not_exists = bound.flag("if_not_exists");
        if let Some(prefixes) = bound.written("prefixes")
            && let Some(prefixes) = interpreter.iterate(self, &prefixes)
        {
            let is_temporary = |text: String| matches!(text.to_ascii_uppercase().as_str(), "TEMPORARY" | "TEMP");
            definition.temporary = prefixes.iter().filter_map(text_of).any(is_temporary);
        }
        Action::CreateTable(definition)
    }

    fn add_column(&mut self, interpreter: &mut Interpreter<'a>, bound: &Bound<'_, 'a>, table: Name) -> Action {
        let naming = self.naming();
        let column = bound.get(1).and_then(|column| self.reader(interpreter, &naming).column(&column, &table, None));
        let Some(mut column) = column else { return touching("op.add_column", Object::Table(table)) };
        // there is no PRIMARY KEY in what `add_column` emits, but SERIAL there is
        if column.primary {
            column.make_primary(true);
            if bound.flag("inline_primary_key") {
                let columns = [column.definition.name.clone()];
                let parts = Parts { table: &table, columns: &columns, referred: None };
                let made = naming.name(Kind::Primary, &Given::None, parts);
                column.definition.constraints.push(crate::schema::Constraint {
                    name: made.name(),
                    kind: crate::schema::ConstraintKind::Primary,
                    columns: columns.to_vec(),
                    certainty: crate::schema::Certainty::Certain,
                    origin: None,
                });
            }
        }
        let definition: ColumnDef = column.definition;
        Action::AddColumn { table, column: definition, if_not_exists: bound.flag("if_not_exists") }
    }

    fn create_index(&mut self, interpreter: &mut Interpreter<'a>, bound: &Bound<'_, 'a>, table: Name) -> Action {
        let given = given_name(bound.get(0).as_ref());
        let expressions = bound.get(2).and_then(|columns| match columns {
            // one that is no list is refused; older versions took it
            Value::Str(_) => Some(vec![columns]),
            columns => interpreter.iterate(self, &columns),
        });
        let expressions = expressions.unwrap_or_else(|| vec![Value::Unknown]);
        let naming = self.naming();
        let index = self.reader(interpreter, &naming).index_of(&given, &expressions, bound.all(), &table);
        match index {
            Some(mut index) => {
                let predicate = bound.written("postgresql_where").and_then(|value| self.sql_text(&value));
                index.compares = predicate.map(|text| crate::sql::expression(&text).compares).unwrap_or_default();
                Action::CreateIndex { table, index }
            }
            None => touching("op.create_index", Object::Table(table)),
        }
    }

    fn drop_index(&self, bound: &Bound<'_, 'a>, table: Option<Name>) -> Action {
        let parts = table.as_ref().map(|table| Parts { table, columns: &[], referred: None });
        let name = match given_name(bound.get(0).as_ref()) {
            given @ (Given::Plain(_) | Given::Final(_)) => {
                let anywhere = Name::from("");
                let parts = parts.unwrap_or(Parts { table: &anywhere, columns: &[], referred: None });
                self.naming().name(Kind::Index, &given, parts).name()
            }
            Given::None | Given::Unknown => None,
        };
        match (name, table) {
            (Some(name), table) => {
                let schema = match &table {
                    Some(table) => table.schema.clone(),
                    None => bound.written("schema").and_then(|schema| text_of(&schema)).map(Into::into),
                };
                Action::DropIndex {
                    name: Name::new(schema.as_deref(), &name),
                    table,
                    if_exists: bound.flag("if_exists"),
                    cascade: false,
                    concurrently: bound.flag("postgresql_concurrently"),
                }
            }
            (None, Some(table)) => touching("op.drop_index", Object::Table(table)),
            (None, None) => anything("op.drop_index"),
        }
    }

    /// A constraint, an index or a column that stands by itself.
    pub(super) fn item(&mut self, interpreter: &mut Interpreter<'a>, value: &Value<'a>, table: &Name) -> Item {
        let naming = self.naming();
        self.reader(interpreter, &naming).item(value, table)
    }
}

/// Something that we do not understand and that may touch anything.
pub(super) fn anything(text: &str) -> Action {
    Action::Unknown { text: text.to_owned(), touches: Touches::Anything }
}

pub(super) fn touching(text: &str, object: Object) -> Action {
    Action::Unknown { text: text.to_owned(), touches: Touches::Objects(vec![object]) }
}
