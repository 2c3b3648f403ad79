//! SQLAlchemy's constructs as they are executed: `insert(…)`, `update(…)`, `delete(…)`, `select(…)`, `CreateSequence(…)`.

use std::sync::Arc;

use super::directive::anything;
use super::host::{Actions, Lowering, one};
use crate::python::interpret::{Arguments, CmpOp, Interpreter, TermKind, Value};
use crate::schema::{Action, Comparison, Name, Object, OtherKind, Scalar, Touches};
use crate::sqlalchemy::{
    Family, Item, Kind, Parts, Table, call_of, column_name, given_name, known, method_of, stored, text_of,
};

/// What a chain of methods such as `table.update().where(…).values(…)` begins with, and the methods.
struct Chain<'a> {
    verb: &'static str,
    table: Option<Value<'a>>,
    steps: Vec<(String, Arguments<'a>)>,
}

const VERBS: [&str; 4] = ["insert", "update", "delete", "select"];

impl<'a> Lowering<'a> {
    /// What executing a construct does; `None` when the value is none that is known.
    pub(super) fn construct(
        &mut self,
        interpreter: &mut Interpreter<'a>,
        value: &Value<'a>,
        values: Option<&Value<'a>>,
    ) -> Option<Actions> {
        if let Some((callee, arguments)) = call_of(value)
            && let Some((family, name)) = known(callee)
            && family != Family::Function
            && let Some(actions) = self.ddl(interpreter, name, arguments)
        {
            return Some(actions);
        }
        if let Some(chain) = chain(value) {
            return Some(one(self.dml(interpreter, &chain, values)));
        }
        // functions, and chains whose beginning is not known: data at most
        let (callee, _) = call_of(value)?;
        match callee.as_term().map(|term| &term.kind) {
            Some(TermKind::Attribute(..)) => Some(super::execute::nothing()),
            _ => known(callee)
                .is_some_and(|(family, name)| {
                    family == Family::Function
                        || (family == Family::SqlAlchemy
                            && matches!(
                                name,
                                "union" | "union_all" | "exists" | "func" | "nextval" | "case" | "literal" | "cast"
                            ))
                })
                .then(super::execute::nothing),
        }
    }

    fn dml(&mut self, interpreter: &mut Interpreter<'a>, chain: &Chain<'a>, values: Option<&Value<'a>>) -> Action {
        let naming = self.naming();
        let table = chain.table.as_ref().and_then(|table| self.reader(interpreter, &naming).table(table));
        let Some(table) = table else { return Action::Nothing };
        let name = table.definition.name.clone();
        let compares = self.compares(chain, &table);
        match chain.verb {
            "select" => Action::Select { tables: vec![name], compares },
            "delete" => Action::Delete { table: name, compares },
            "update" => {
                let mut assignments = Vec::new();
                for (step, arguments) in &chain.steps {
                    if step == "values" {
                        for (column, value) in pairs(arguments) {
                            let known = self.column_key(&table, &column);
                            assignments.push((known, scalar(&value)));
                        }
                    }
                }
                if let Some(Value::Dict(dict)) = values {
                    for (column, value) in dict.items() {
                        if let Some(column) = text_of(&column).filter(|column| self.has_column(&table, column)) {
                            assignments.push((self.column_key(&table, &column), scalar(&value)));
                        }
                    }
                }
                Action::Update { table: name, assignments, compares }
            }
            _ => {
                let rows: Vec<&Arguments<'a>> = chain
                    .steps
                    .iter()
                    .filter(|(step, _)| step == "values" || step == "insert")
                    .map(|(_, arguments)| arguments)
                    .collect();
                if chain.steps.iter().any(|(step, _)| step == "from_select") {
                    return self.insert_query(table, chain);
                }
                self.insert(interpreter, &table, &rows, values)
            }
        }
    }

    /// `insert().from_select(["a", "b"], select)`
    fn insert_query(&mut self, table: Table, chain: &Chain<'a>) -> Action {
        let names = chain.steps.iter().find(|(step, _)| step == "from_select").and_then(|(_, arguments)| {
            let Value::List(items) = arguments.get(0, "names")? else { return None };
            let names = items.values.borrow();
            names.iter().map(column_name).collect::<Option<Vec<_>>>().filter(|_| !items.more.get())
        });
        Action::Insert {
            table: table.definition.name,
            columns: names,
            rows: crate::schema::Inserted::Query,
            filled: table.filled,
            compares: Vec::new(),
        }
    }

    pub(super) fn has_column(&self, table: &Table, key: &str) -> bool {
        table.keys.iter().any(|(known, _)| **known == *key)
            || table.definition.columns.iter().any(|column| *column.name == *key)
    }

    pub(super) fn column_key(&self, table: &Table, key: &str) -> Arc<str> {
        let renamed = table.keys.iter().find(|(known, _)| **known == *key);
        renamed.map_or_else(|| stored(key), |(_, name)| name.clone())
    }

    /// `table.c.x == 'literal'` of its conditions.
    fn compares(&self, chain: &Chain<'a>, table: &Table) -> Vec<Comparison> {
        let mut res = Vec::new();
        for (step, arguments) in &chain.steps {
            if matches!(step.as_str(), "where" | "filter" | "whereclause") {
                for (condition, _) in &arguments.positional {
                    collect(condition, table, &mut res, 20);
                }
            }
        }
        res
    }

    /// DDL elements, which `op.execute` takes too.
    fn ddl(&mut self, interpreter: &mut Interpreter<'a>, class: &str, arguments: &Arguments<'a>) -> Option<Actions> {
        let flag = |name: &str| arguments.keyword(name).is_some_and(|value| value.truth() == Some(true));
        let element = arguments.get(0, "element").unwrap_or(Value::Unknown);
        let unknown =
            |objects: Vec<Object>| one(Action::Unknown { text: class.to_owned(), touches: Touches::Objects(objects) });
        Some(match class {
            "CreateSequence" | "DropSequence" => match sequence_name(&element) {
                Some(name) if class == "CreateSequence" => one(Action::CreateOther {
                    kind: OtherKind::Sequence,
                    name,
                    if_not_exists: flag("if_not_exists"),
                    or_replace: false,
                }),
                Some(name) => one(Action::DropOther {
                    kind: OtherKind::Sequence,
                    name,
                    if_exists: flag("if_exists"),
                    cascade: false,
                }),
                None => unknown(Vec::new()),
            },
            "CreateSchema" | "DropSchema" => match text_of(&element) {
                Some(name) if class == "CreateSchema" => one(Action::CreateOther {
                    kind: OtherKind::Schema,
                    name: Name::from(&*stored(&name)),
                    if_not_exists: flag("if_not_exists"),
                    or_replace: false,
                }),
                Some(name) => one(Action::DropOther {
                    kind: OtherKind::Schema,
                    name: Name::from(&*stored(&name)),
                    if_exists: flag("if_exists"),
                    cascade: flag("cascade"),
                }),
                None => unknown(Vec::new()),
            },
            "CreateTable" => match self.table(interpreter, &element) {
                Some(table) => one(Action::CreateTable(crate::schema::TableDef {
                    if_not_exists: flag("if_not_exists"),
                    ..table.definition
                })),
                None => one(anything(class)),
            },
            "DropTable" => match self.table(interpreter, &element) {
                Some(table) => {
                    one(Action::DropTable { name: table.definition.name, if_exists: flag("if_exists"), cascade: false })
                }
                None => one(anything(class)),
            },
            "CreateIndex" | "DropIndex" => {
                self.index_element(interpreter, class, &element, flag("if_exists") || flag("if_not_exists"))?
            }
            "AddConstraint" | "DropConstraint" => one(anything(class)),
            _ => return None,
        })
    }

    fn table(&mut self, interpreter: &mut Interpreter<'a>, value: &Value<'a>) -> Option<Table> {
        let naming = self.naming();
        self.reader(interpreter, &naming).table(value)
    }

    /// An `Index` that knows its table by its columns.
    pub(super) fn index_element(
        &mut self,
        interpreter: &mut Interpreter<'a>,
        class: &str,
        element: &Value<'a>,
        lenient: bool,
    ) -> Option<Actions> {
        let (callee, arguments) = call_of(element)?;
        if !matches!(known(callee), Some((_, "Index"))) {
            return None;
        }
        let columns = arguments.positional.iter().skip(1).map(|(value, _)| value);
        let table = columns.filter_map(|column| self.column_table(interpreter, column)).next();
        let given = given_name(arguments.get(0, "name").as_ref());
        Some(match (table, class) {
            (Some(table), "CreateIndex") => match self.item(interpreter, element, &table) {
                Item::Index(mut index) => {
                    index.if_not_exists |= lenient;
                    one(Action::CreateIndex { table, index })
                }
                _ => {
                    one(Action::Unknown { text: "Index".into(), touches: Touches::Objects(vec![Object::Table(table)]) })
                }
            },
            (table, "DropIndex") => {
                let anywhere = table.clone().unwrap_or_else(|| Name::from(""));
                let parts = Parts { table: &anywhere, columns: &[], referred: None };
                match self.naming().name(Kind::Index, &given, parts).name() {
                    Some(name) => one(Action::DropIndex {
                        name: anywhere.sibling(&name),
                        table,
                        if_exists: lenient,
                        cascade: false,
                        concurrently: false,
                    }),
                    None => one(anything("DropIndex")),
                }
            }
            _ => one(Action::Unknown { text: "Index".into(), touches: Touches::Objects(Vec::new()) }),
        })
    }

    /// The table of `table.c.x`.
    fn column_table(&mut self, interpreter: &mut Interpreter<'a>, column: &Value<'a>) -> Option<Name> {
        match &column.as_term()?.kind {
            TermKind::Attribute(columns, _) | TermKind::Item(columns, _) => match &columns.as_term()?.kind {
                TermKind::Attribute(table, name) if matches!(&**name, "c" | "columns") => {
                    self.table(interpreter, table).map(|table| table.definition.name)
                }
                _ => self.column_table(interpreter, columns),
            },
            _ => method_of(column).and_then(|(object, ..)| self.column_table(interpreter, object)),
        }
    }
}

/// The name of a `Sequence`.
pub(super) fn sequence_name(value: &Value<'_>) -> Option<Name> {
    let (callee, arguments) = call_of(value)?;
    if !matches!(known(callee), Some((_, "Sequence"))) {
        return None;
    }
    let schema = arguments.keyword("schema").and_then(|schema| text_of(&schema));
    Some(Name::new(schema.as_deref(), &stored(&text_of(&arguments.get(0, "name")?)?)))
}

/// Follows the methods of a statement back to its verb.
fn chain<'a>(value: &Value<'a>) -> Option<Chain<'a>> {
    let (mut value, mut steps) = (value.clone(), Vec::new());
    for _ in 0..60 {
        let (callee, arguments) = call_of(&value)?;
        let (callee, arguments) = (callee.clone(), arguments.clone());
        let own = known(&callee).map(|(family, name)| (family, name.to_owned()));
        match &callee.as_term()?.kind {
            TermKind::Attribute(object, name)
                if own.as_ref().is_none_or(|(family, _)| *family != Family::SqlAlchemy) =>
            {
                let verb = VERBS.into_iter().find(|verb| **verb == **name);
                let is_start = verb.is_some() && !object.as_term().is_some_and(|_| chain(object).is_some());
                if let Some(verb) = verb.filter(|_| is_start) {
                    steps.push((verb.to_owned(), arguments));
                    steps.reverse();
                    return Some(Chain { verb, table: Some(object.clone()), steps });
                }
                steps.push((name.to_string(), arguments));
                value = object.clone();
            }
            _ => {
                let (family, name) = own?;
                let verb = VERBS.into_iter().find(|verb| **verb == *name)?;
                if !matches!(family, Family::SqlAlchemy | Family::Postgresql | Family::OtherDialect) {
                    return None;
                }
                steps.reverse();
                // `select([table.c.a])` and `select(table)` name tables in many ways: only the plain one is read
                let table = arguments.positional.first().map(|(value, _)| value.clone());
                let table = table.or_else(|| arguments.keyword("table"));
                return Some(Chain { verb, table, steps });
            }
        }
    }
    None
}

/// Columns and values that `values(…)` is given.
fn pairs<'a>(arguments: &Arguments<'a>) -> Vec<(String, Value<'a>)> {
    let mut res: Vec<(String, Value<'a>)> = Vec::new();
    if let Some((Value::Dict(dict), _)) = arguments.positional.first() {
        let items = dict.items().into_iter();
        res.extend(items.filter_map(|(column, value)| Some((column_name(&column)?.to_string(), value))));
    }
    res.extend(arguments.keywords.iter().map(|(name, value, _)| (name.to_string(), value.clone())));
    res
}

/// A Python value as SQL has it, as far as it matters.
pub(super) fn scalar(value: &Value<'_>) -> Scalar {
    if let Value::None = value {
        return Scalar::Null;
    }
    if let Some(text) = text_of(value) {
        return Scalar::Text(text.into());
    }
    let named = call_of(value).map_or(value, |(callee, _)| callee);
    match (known(named), call_of(value)) {
        (Some((Family::SqlAlchemy, "null")), _) => Scalar::Null,
        (Some((_, "inline_literal" | "literal")), Some((_, arguments))) => {
            arguments.get(0, "value").map_or(Scalar::Other, |value| scalar(&value))
        }
        _ => Scalar::Other,
    }
}

fn collect(condition: &Value<'_>, table: &Table, res: &mut Vec<Comparison>, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let mut push = |column: &Value<'_>, literal: &Value<'_>| {
        let (Some(column), Some(literal)) = (compared_column(column), text_of(literal)) else { return };
        let is_enum = |found: &crate::schema::ColumnDef| found.name == column && found.enumeration.is_some();
        // labels of a Python enumeration are translated first
        if !table.definition.columns.iter().any(is_enum) {
            res.push(Comparison { table: Some(table.definition.name.clone()), column, literal: literal.into() });
        }
    };
    let Some(term) = condition.as_term() else { return };
    match &term.kind {
        TermKind::Compare(CmpOp::Eq | CmpOp::NotEq, left, right) => push(left, right),
        TermKind::Binary(_, left, right) => {
            collect(left, table, res, depth);
            collect(right, table, res, depth);
        }
        TermKind::Call { callee, arguments } => {
            if let Some((object, "in_" | "notin_" | "not_in", _)) = method_of(condition) {
                if let Some(Value::List(items)) = arguments.get(0, "other") {
                    items.values.borrow().iter().for_each(|item| push(object, item));
                }
            } else if matches!(known(callee), Some((_, "and_" | "or_" | "not_"))) {
                arguments.positional.iter().for_each(|(value, _)| collect(value, table, res, depth));
            }
        }
        _ => {}
    }
}

fn compared_column(value: &Value<'_>) -> Option<Arc<str>> {
    match &value.as_term()?.kind {
        TermKind::Attribute(..) | TermKind::Item(..) => column_name(value),
        _ => None,
    }
}
