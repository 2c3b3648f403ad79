//! Spellings of attributes, and what SQLAlchemy and SQLModel themselves make of them: each line of a `.tsv` is an attribute and its
//! column, as told by the columns of `__table__`.

use std::collections::HashMap;
use std::rc::Rc;

use super::{Column, Naming, Reader, Versions};
use crate::python::interpret::{Block, Host, Interpreter, Limits, Modules, ParsedModule, Term, Value};
use crate::python::on_deep_stack;
use crate::schema::{Comment, ConstraintKind, Default as ServerDefault};
use crate::source::RepoPath;
use crate::sqlalchemy::ClassTable;

const SQLMODEL: (u32, u32, u32) = (0, 0, 50);

struct One(ParsedModule);

impl Modules for One {
    fn module(&self, dotted: &str) -> Option<&ParsedModule> {
        (dotted == "models").then_some(&self.0)
    }
}

struct Silent;

impl<'a> Host<'a> for Silent {
    fn resolve(&mut self, _: &mut Interpreter<'a>, term: &Rc<Term<'a>>) -> Option<Value<'a>> {
        super::resolve(term)
    }

    fn enter(&mut self, _: &Block<'a>) {}

    fn leave(&mut self, _: &Block<'a>) {}
}

/// The columns of each class of a module; `referred` is the type of what foreign keys point at.
fn columns(source: &str, n_classes: usize, referred: &str) -> Vec<String> {
    on_deep_stack(|| {
        let path = RepoPath::new("models.py");
        let module = ParsedModule::read("models".into(), path, source.as_bytes(), false).expect("Python");
        let modules = One(module);
        let mut interpreter = Interpreter::new(&modules, Limits { steps: 10_000_000, ..Limits::default() });
        let scope = interpreter.visit_module(&mut Silent, &modules.0);
        let classes: Vec<_> = (0..n_classes)
            .map(|at| interpreter.global(&mut Silent, &scope, &format!("C{at}")).expect("a class"))
            .collect();
        let mut host = Silent;
        let mut reader = Reader::new(&mut interpreter, &mut host, &Naming::None);
        reader.versions = Versions { sqlmodel: Some(SQLMODEL), ..Versions::default() };
        classes
            .iter()
            .map(|class| match class {
                Value::Class(class) => reader.class_table(class),
                _ => panic!("no class"),
            })
            .map(|table| match table {
                ClassTable::Own(draft) => {
                    let columns = draft.columns.iter().filter(|(column, _)| *column.definition.name != *"id");
                    let mut shown: Vec<String> = columns.map(|(column, _)| shown(column, referred)).collect();
                    shown.extend(draft.opaque.then(|| "opaque".to_owned()));
                    match shown.is_empty() {
                        true => "nothing".into(),
                        false => shown.join("; "),
                    }
                }
                _ => "no table".into(),
            })
            .collect()
    })
}

/// As the truth is written.
fn shown(column: &Column, referred: &str) -> String {
    let definition = &column.definition;
    let ty = match column.ty_from_reference {
        true => referred.to_owned(),
        false => definition.ty.to_string(),
    };
    let mut res = vec![definition.name.to_string(), ty];
    res.push(if definition.nullable && !column.primary { "null" } else { "not null" }.into());
    if let Some(values) = definition.enumeration.as_ref().and_then(|enumeration| enumeration.values.as_ref()) {
        res.push(format!("({})", values.join(",")));
    }
    res.extend(column.primary.then(|| "pk".to_owned()));
    if let ServerDefault::Some(Some(text)) = &definition.default {
        res.push(format!("default {}", text.trim_matches('\'').replace("''", "'")));
    }
    let is_unique = definition.index.as_ref().is_some_and(|index| index.unique)
        || definition.constraints.iter().any(|constraint| matches!(constraint.kind, ConstraintKind::Unique));
    res.extend(definition.index.as_ref().map(|_| "index".to_owned()));
    res.extend(is_unique.then(|| "unique".to_owned()));
    if let Comment::Text(text) = &definition.comment {
        res.push(format!("comment {text}"));
    }
    for constraint in &definition.constraints {
        if let ConstraintKind::Foreign(reference) = &constraint.kind {
            res.push(format!("-> {}.{}", reference.table, reference.columns.join(",")));
            res.extend(reference.on_delete.as_deref().map(str::to_owned));
        }
    }
    if column.key != definition.name {
        res.push(format!("key {}", column.key));
    }
    res.extend((!definition.certain).then(|| "uncertain".to_owned()));
    res.join(" ")
}

/// The truth with the type in PostgreSQL's words.
fn expected(truth: &str) -> String {
    let at = [" null", " not null"].iter().filter_map(|word| truth.find(word)).min();
    let (Some(at), Some((name, _))) = (at, truth.split_once(' ')) else { return truth.to_owned() };
    let ty = crate::sql::parse_type(&truth[name.len() + 1..at]).to_string();
    format!("{name} {ty}{}", &truth[at..])
}

fn check(preamble: &str, spellings: &str, referred: &str, class: impl Fn(usize, &str) -> String) {
    let lines: Vec<(&str, &str)> = spellings.lines().map(|line| line.split_once('\t').expect("two columns")).collect();
    let classes: Vec<String> = lines.iter().enumerate().map(|(at, (written, _))| class(at, written)).collect();
    let found = columns(&format!("{preamble}\n{}", classes.concat()), lines.len(), referred);
    let mut wrong: HashMap<usize, String> = HashMap::new();
    for (at, ((written, truth), found)) in lines.iter().zip(&found).enumerate() {
        let expected = expected(truth);
        if *found != expected {
            wrong.insert(at, format!("{written}\n  is    {expected}\n  found {found}\n"));
        }
    }
    let mut wrong: Vec<(usize, String)> = wrong.into_iter().collect();
    wrong.sort();
    let wrong: String = wrong.into_iter().map(|(_, text)| text).collect();
    assert!(wrong.is_empty() && found.len() == lines.len(), "\n{wrong}");
}

#[test]
fn mapped_attributes_are_what_sqlalchemy_makes_of_them() {
    check(include_str!("mapped.py"), include_str!("mapped.tsv"), "bigint", |at, written| {
        let (base, body) = written.split_once("| ").expect("a base");
        let body = body.replace("{C}", &format!("C{at}"));
        format!(
            "class C{at}({base}):\n    __tablename__ = 'c{at}'\n    id = sa.Column(sa.Integer, primary_key=True)\n    {body}\n"
        )
    });
}

#[test]
fn fields_are_what_sqlmodel_makes_of_them() {
    check(include_str!("sqlmodel.py"), include_str!("sqlmodel.tsv"), "integer", |at, body| {
        format!(
            "class C{at}(SQLModel, table=True):\n    id: Optional[int] = Field(default=None, primary_key=True)\n    {body}\n"
        )
    });
}
