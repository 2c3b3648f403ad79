//! What the modules of a project make that may be tables: classes, `Table(…)`, indexes and constraints that stand alone.

use std::rc::Rc;

use crate::python::interpret::{Block, Class, Function, Host, Interpreter, Term, TermKind, Value};
use crate::sqlalchemy::{self, Classes, Family, Metadata, Naming, Reader, known, metadata_of, method_of, text_of};

/// Notes what comes into being.
#[derive(Default)]
pub(super) struct Collector<'a> {
    /// And whether it is made for sure.
    pub classes: Vec<(Rc<Class<'a>>, bool)>,
    pub tables: Vec<(Rc<Term<'a>>, bool)>,
    /// `Index(…)`, `UniqueConstraint(…)` and their like.
    pub parts: Vec<(Rc<Term<'a>>, bool)>,
    /// `to_metadata`, `reflect` and other calls that bring tables that nobody sees.
    pub hidden: Vec<(Rc<Term<'a>>, bool)>,
    /// `context.configure(target_metadata=…)`
    pub configured: Vec<Value<'a>>,
    /// Naming conventions and schemas that metadata gets after it is made.
    pub given: Vec<(Metadata<'a>, String, Value<'a>)>,
    /// What `update_type_annotation_map` adds to a registry, by its metadata.
    pub types: Vec<(Metadata<'a>, Value<'a>)>,
    /// Types that `@compiles` writes itself.
    pub compiled: Vec<Rc<Class<'a>>>,
    /// How many blocks are open of which nobody knows whether they run, and how often.
    n_unsure: usize,
    known: Classes<'a>,
}

impl<'a> Collector<'a> {
    fn call(&mut self, term: &Rc<Term<'a>>, callee: &Value<'a>) {
        let sure = self.n_unsure == 0;
        let name = match known(callee) {
            Some((Family::SqlAlchemy | Family::Postgresql, name)) => name,
            Some((_, "configure")) if callee.as_name() == Some("alembic.context.configure") => {
                if let TermKind::Call { arguments, .. } = &term.kind {
                    self.configured.extend(arguments.keyword("target_metadata"));
                }
                return;
            }
            Some((_, "compiles")) => "compiles",
            Some(_) => return,
            None => match callee.as_term().map(|term| &term.kind) {
                Some(TermKind::Attribute(_, name)) => name,
                _ => return,
            },
        };
        match name {
            "Table" => self.tables.push((term.clone(), sure)),
            "Index" | "UniqueConstraint" | "ForeignKeyConstraint" | "PrimaryKeyConstraint" | "ExcludeConstraint" => {
                self.parts.push((term.clone(), sure));
            }
            // the class says itself what it is in SQL
            "compiles" => {
                if let TermKind::Call { arguments, .. } = &term.kind
                    && let Some(Value::Class(class)) = arguments.get(0, "class_")
                {
                    let for_others = arguments.positional.len() > 1
                        && !arguments
                            .positional
                            .iter()
                            .skip(1)
                            .any(|(name, _)| text_of(name).is_none_or(|name| name.starts_with("postgres")));
                    if !for_others {
                        self.compiled.push(class);
                    }
                }
            }
            "update_type_annotation_map" => {
                if let (Some((object, ..)), TermKind::Call { arguments, .. }) =
                    (method_of(&Value::Term(term.clone())), &term.kind)
                    && let Some(types) = arguments.get(0, "type_annotation_map")
                {
                    self.types.push((metadata_of(object), types));
                }
            }
            "to_metadata" | "tometadata" | "reflect" | "append_constraint" | "append_column" => {
                self.hidden.push((term.clone(), sure))
            }
            _ => {}
        }
    }
}

impl<'a> Collector<'a> {
    /// Asks what SQLAlchemy makes of a class.
    fn ask<T>(&mut self, interpreter: &mut Interpreter<'a>, question: impl FnOnce(&mut Reader<'_, 'a>) -> T) -> T {
        let classes = std::mem::take(&mut self.known);
        let mut reader = Reader::new(interpreter, self, &Naming::None);
        reader.classes = classes;
        let answer = question(&mut reader);
        self.known = std::mem::take(&mut reader.classes);
        answer
    }
}

/// The class that `has_inherited_table(cls)` is about.
fn inherits<'a>(term: &Term<'a>) -> Option<Rc<Class<'a>>> {
    let TermKind::Call { callee, arguments } = &term.kind else { return None };
    match (known(callee)?, arguments.get(0, "cls")?) {
        ((Family::SqlAlchemy, "has_inherited_table"), Value::Class(class)) => Some(class),
        _ => None,
    }
}

impl<'a> Host<'a> for Collector<'a> {
    fn resolve(&mut self, interpreter: &mut Interpreter<'a>, term: &Rc<Term<'a>>) -> Option<Value<'a>> {
        match &term.kind {
            TermKind::Call { callee, .. } => {
                self.call(term, callee);
                match inherits(term) {
                    Some(class) => Some(Value::Bool(self.ask(interpreter, |reader| {
                        let standing = reader.standing(&class);
                        standing.parent.is_some()
                    }))),
                    None => sqlalchemy::resolve(term),
                }
            }
            // names that a library makes up
            TermKind::Attribute(Value::Class(class), name) if **name == *"__tablename__" => {
                self.ask(interpreter, |reader| reader.table_name_of_class(class)).map(Value::text)
            }
            _ => sqlalchemy::resolve(term),
        }
    }

    fn declare(&mut self, class: &Rc<Class<'a>>) {
        self.classes.push((class.clone(), self.n_unsure == 0));
    }

    fn set(&mut self, object: &Rc<Term<'a>>, name: &str, value: &Value<'a>) {
        if matches!(name, "naming_convention" | "schema") {
            let metadata = metadata_of(&Value::Term(object.clone()));
            self.given.push((metadata, name.to_owned(), value.clone()));
        }
    }

    fn described(
        &mut self,
        interpreter: &mut Interpreter<'a>,
        function: &Rc<Function<'a>>,
        class: &Rc<Class<'a>>,
    ) -> Option<Value<'a>> {
        sqlalchemy::described(interpreter, self, function, class)
    }

    fn exports(&self, module: &str, name: &str) -> bool {
        sqlalchemy::exports(module, name)
    }

    fn is_copied(&self, value: &Value<'a>) -> bool {
        sqlalchemy::is_column(value)
    }

    fn enter(&mut self, block: &Block<'a>) {
        self.n_unsure += usize::from(is_unsure(block));
    }

    fn leave(&mut self, block: &Block<'a>) {
        self.n_unsure = self.n_unsure.saturating_sub(usize::from(is_unsure(block)));
    }
}

fn is_unsure(block: &Block<'_>) -> bool {
    match block {
        Block::If { .. } | Block::Except | Block::Loop => true,
        Block::Try | Block::With(_) => false,
    }
}
