//! Evaluates module-level constants without running anything. What depends on a condition, an import, a call or a
//! later change is [`Value::Unknown`], never guessed.

use std::collections::HashMap;

use ruff_python_ast::{self as ast, Expr, Operator, Stmt};
use ruff_text_size::Ranged;

use crate::source::Span;

/// What an expression is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    None,
    Bool(bool),
    Int(i64),
    Str(String),
    /// A tuple, or a list or set literal.
    Sequence(Vec<Value>),
    /// Not known; the text it is written as.
    Unknown(String),
}

impl Value {
    /// Doubling a value forty times takes forty lines: one that has grown too large is not known.
    fn bounded(self) -> Option<Value> {
        const MOST: usize = 10_000;
        fn size(value: &Value) -> usize {
            match value {
                Value::Str(text) => text.len(),
                Value::Sequence(values) => values.iter().map(|value| 1 + size(value)).sum(),
                _ => 0,
            }
        }
        (size(&self) <= MOST).then_some(self)
    }
}

/// The names a module binds at its top level, each with its last value and where that is written.
#[derive(Default)]
pub struct Constants {
    names: HashMap<String, (Value, Span)>,
    /// Any name may be bound: `from x import *`, `globals()[…] = …`.
    any_name: bool,
}

impl Constants {
    /// Walks the top level of a module in order; the last binding of a name wins, as at run time.
    pub fn of(statements: &[Stmt], text: &str) -> Constants {
        let mut res = Constants::default();
        for statement in statements {
            res.run(statement, text);
        }
        res
    }

    /// The value of a name and the place of the value; `None` when nothing binds it. Unknown, at no place, when only a
    /// star import or its like may.
    pub fn lookup(&self, name: &str) -> Option<(Value, Span)> {
        let maybe = || self.any_name.then(|| (Value::Unknown(name.to_owned()), Span::default()));
        self.lookup_written(name).or_else(maybe)
    }

    /// The same, as if nothing but what is written bound names.
    pub fn lookup_written(&self, name: &str) -> Option<(Value, Span)> {
        self.names.get(name).cloned()
    }

    /// Binds a name, as an assignment would.
    pub fn bind(&mut self, name: &str, value: Value, span: Span) {
        self.names.insert(name.to_owned(), (value, span));
    }

    /// Evaluates an expression of this module.
    pub fn evaluate(&self, expression: &Expr, text: &str) -> Value {
        self.known(expression, text).unwrap_or_else(|| Value::Unknown(slice(text, expression).to_owned()))
    }

    fn run(&mut self, statement: &Stmt, text: &str) {
        match statement {
            Stmt::Assign(assign) => {
                for target in &assign.targets {
                    self.assign(target, &assign.value, text);
                }
            }
            Stmt::AnnAssign(ast::StmtAnnAssign { target, value: Some(value), .. }) => self.assign(target, value, text),
            Stmt::AnnAssign(_) => {}
            Stmt::Expr(expr) => self.mutate(&expr.value, text),
            Stmt::Import(import) => {
                for alias in &import.names {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    self.forget(name.split('.').next().unwrap_or(name), statement, text);
                }
            }
            Stmt::ImportFrom(import) => {
                for alias in &import.names {
                    match alias.name.as_str() {
                        "*" => self.any_name = true,
                        name => self.forget(alias.asname.as_ref().map_or(name, |name| name.as_str()), statement, text),
                    }
                }
            }
            Stmt::Delete(delete) => {
                for target in &delete.targets {
                    if let Expr::Name(name) = target {
                        self.names.remove(name.id.as_str());
                    }
                }
            }
            // whatever a block, a function or an augmented assignment may bind is no longer known
            _ => {
                let mut bound = Vec::new();
                collect_bound(statement, &mut bound);
                for name in bound {
                    self.forget(&name, statement, text);
                }
            }
        }
    }

    fn assign(&mut self, target: &Expr, value: &Expr, text: &str) {
        match (target, value) {
            (Expr::Name(name), _) => {
                let value_span = span(value);
                let value = self.evaluate(value, text);
                self.bind(name.id.as_str(), value, value_span);
            }
            (
                Expr::Tuple(ast::ExprTuple { elts: targets, .. }) | Expr::List(ast::ExprList { elts: targets, .. }),
                _,
            ) => {
                let values: &[Expr] = match value {
                    Expr::Tuple(tuple) => &tuple.elts,
                    Expr::List(list) => &list.elts,
                    _ => &[],
                };
                let pairs = targets.len() == values.len() && !targets.iter().chain(values).any(Expr::is_starred_expr);
                for (at, target) in targets.iter().enumerate() {
                    match target {
                        _ if pairs => self.assign(target, &values[at], text),
                        Expr::Name(name) => self.forget(name.id.as_str(), value, text),
                        _ => {}
                    }
                }
            }
            (Expr::Subscript(subscript), _) => match &*subscript.value {
                Expr::Name(name) => self.forget(name.id.as_str(), value, text),
                // `globals()[…] = …`
                Expr::Call(_) => self.any_name = true,
                _ => {}
            },
            _ => {}
        }
    }

    /// `name.append(…)` and its like change what `name` is worth.
    fn mutate(&mut self, expression: &Expr, text: &str) {
        if let Expr::Call(call) = expression
            && let Expr::Attribute(attribute) = &*call.func
            && let Expr::Name(name) = &*attribute.value
            && matches!(self.names.get(name.id.as_str()), Some((Value::Sequence(_), _)))
        {
            self.forget(name.id.as_str(), expression, text);
        }
    }

    fn forget(&mut self, name: &str, written: &impl Ranged, text: &str) {
        let range = written.range();
        self.bind(
            name,
            Value::Unknown(slice(text, written).to_owned()),
            Span::new(range.start().to_usize(), range.end().to_usize()),
        );
    }

    fn known(&self, expression: &Expr, text: &str) -> Option<Value> {
        Some(match expression {
            Expr::NoneLiteral(_) => Value::None,
            Expr::BooleanLiteral(literal) => Value::Bool(literal.value),
            Expr::NumberLiteral(literal) => match &literal.value {
                ast::Number::Int(int) => Value::Int(int.as_i64()?),
                _ => return None,
            },
            Expr::StringLiteral(literal) => Value::Str(literal.value.to_str().to_owned()),
            Expr::Tuple(ast::ExprTuple { elts, .. })
            | Expr::List(ast::ExprList { elts, .. })
            | Expr::Set(ast::ExprSet { elts, .. }) => {
                if elts.iter().any(Expr::is_starred_expr) {
                    return None;
                }
                Value::Sequence(elts.iter().map(|element| self.evaluate(element, text)).collect()).bounded()?
            }
            Expr::Name(name) => match self.names.get(name.id.as_str())? {
                (Value::Unknown(_), _) => return None,
                (value, _) => value.clone(),
            },
            Expr::BinOp(ast::ExprBinOp { left, op: Operator::Add, right, .. }) => {
                match (self.known(left, text)?, self.known(right, text)?) {
                    (Value::Str(left), Value::Str(right)) => Value::Str(left + &right),
                    (Value::Sequence(left), Value::Sequence(right)) => Value::Sequence([left, right].concat()),
                    _ => return None,
                }
                .bounded()?
            }
            Expr::FString(literal) => {
                let mut res = String::new();
                for part in &literal.value {
                    match part {
                        ast::FStringPart::Literal(part) => res.push_str(&part.value),
                        ast::FStringPart::FString(part) => self.interpolate(part, text, &mut res)?,
                    }
                }
                Value::Str(res).bounded()?
            }
            _ => return None,
        })
    }

    fn interpolate(&self, part: &ast::FString, text: &str, res: &mut String) -> Option<()> {
        for element in &part.elements {
            match element {
                ast::InterpolatedStringElement::Literal(literal) => res.push_str(&literal.value),
                ast::InterpolatedStringElement::Interpolation(value) => {
                    if value.format_spec.is_some() || value.debug_text.is_some() || !value.conversion.is_none() {
                        return None;
                    }
                    match self.known(&value.expression, text)? {
                        Value::Str(text) => res.push_str(&text),
                        Value::Int(int) => res.push_str(&int.to_string()),
                        _ => return None,
                    }
                }
            }
        }
        Some(())
    }
}

/// Every name that a statement may bind at module level, blocks and `global` included.
fn collect_bound(statement: &Stmt, bound: &mut Vec<String>) {
    use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};

    struct Names<'a> {
        bound: &'a mut Vec<String>,
        functions: usize,
    }
    impl<'a> Visitor<'a> for Names<'_> {
        fn visit_stmt(&mut self, statement: &'a Stmt) {
            match statement {
                Stmt::FunctionDef(ast::StmtFunctionDef { name, .. })
                | Stmt::ClassDef(ast::StmtClassDef { name, .. }) => {
                    if self.functions == 0 {
                        self.bound.push(name.to_string());
                    }
                    self.functions += 1;
                    walk_stmt(self, statement);
                    self.functions -= 1;
                }
                Stmt::Global(global) => self.bound.extend(global.names.iter().map(ToString::to_string)),
                Stmt::Import(ast::StmtImport { names, .. }) | Stmt::ImportFrom(ast::StmtImportFrom { names, .. }) => {
                    if self.functions == 0 {
                        self.bound
                            .extend(names.iter().map(|alias| alias.asname.as_ref().unwrap_or(&alias.name).to_string()));
                    }
                }
                _ => walk_stmt(self, statement),
            }
        }

        fn visit_expr(&mut self, expression: &'a Expr) {
            match expression {
                Expr::Name(name) if self.functions == 0 && !name.ctx.is_load() => self.bound.push(name.id.to_string()),
                // `depends_on.append(…)`, `down_revision[0] = …` under a condition
                Expr::Attribute(ast::ExprAttribute { value, .. })
                | Expr::Subscript(ast::ExprSubscript { value, .. })
                    if self.functions == 0 && value.is_name_expr() =>
                {
                    if let Expr::Name(name) = &**value {
                        self.bound.push(name.id.to_string());
                    }
                }
                _ => walk_expr(self, expression),
            }
        }
    }
    Names { bound, functions: 0 }.visit_stmt(statement);
}

fn span(ranged: &impl Ranged) -> Span {
    Span::new(ranged.start().to_usize(), ranged.end().to_usize())
}

fn slice<'a>(text: &'a str, ranged: &impl Ranged) -> &'a str {
    text.get(ranged.start().to_usize()..ranged.end().to_usize()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::parse;

    fn value(text: &str) -> Value {
        let module = parse(text);
        assert_eq!(module.error, None, "{text}");
        Constants::of(&module.statements, text).lookup("x").expect("x is bound").0
    }

    fn text(value: &str) -> Value {
        Value::Str(value.into())
    }

    #[test]
    fn literals_and_names_are_known() {
        assert_eq!(value("x = 'a' 'b'"), text("ab"));
        assert_eq!(value("x: str | None = u'a'"), text("a"));
        assert_eq!(value("y = 'a'\nx = f'{y}_1' + 'z'"), text("a_1z"));
        assert_eq!(value("x = (\n  'a',\n  'b',  # c\n)"), Value::Sequence(vec![text("a"), text("b")]));
        assert_eq!(value("y, x = 'a', None"), Value::None);
        assert_eq!(value("y = x = 'a'"), text("a"));
        assert_eq!(value("x = 'a'\nx = 'b'"), text("b"));
        assert_eq!(value("x = 'a'#'b'"), text("a"));
    }

    #[test]
    fn what_may_change_is_unknown() {
        for code in [
            "x = ['a']\nx += ['b']",
            "x = ['a']\nx.append('b')",
            "x = ['a']\nx[0] = 'b'",
            "x = 'a'\nif y:\n    x = 'b'",
            "x = ['a']\nif y:\n    x.append('b')",
            "try:\n    x = 'a'\nexcept E:\n    pass",
            "from y import x",
            "import a.b as x",
            "x = f()",
            "x = y.z",
            "x = 'a'\ndef f():\n    global x\n    x = 'b'",
            "for x in 'ab': pass",
            "x, *y = 'a', 'b'",
            "x, y = f()",
            "x = (*y, 'a')",
        ] {
            assert!(matches!(value(code), Value::Unknown(_)), "{code}: {:?}", value(code));
        }
    }

    #[test]
    fn what_grows_without_bound_is_unknown() {
        let doubled = |first: &str, next: &dyn Fn(usize) -> String| {
            let lines: String = (0..60).map(|at| format!("x{} = {}\n", at + 1, next(at))).collect();
            value(&format!("x0 = {first}\n{lines}x = x60\n"))
        };
        assert!(matches!(doubled("('a',)", &|at| format!("x{at} + x{at}")), Value::Unknown(_)));
        assert!(matches!(doubled("'a'", &|at| format!("f'{{x{at}}}{{x{at}}}'")), Value::Unknown(_)));
        let text = format!("{:?}", doubled("'a'", &|at| format!("[x{at}, x{at}]")));
        assert!(text.contains("Unknown") && text.len() < 100_000, "{}", text.len());
    }

    #[test]
    fn names_that_are_only_used_stay_known() {
        assert_eq!(value("x = 'a'\ndef f():\n    x = 'b'\n    return x.y"), text("a"));
        assert_eq!(value("x = 'a'\nx.strip()"), text("a"));
        assert_eq!(value("x = 'a'\nx: str"), text("a"));
    }

    #[test]
    fn an_unknown_keeps_its_text() {
        assert_eq!(value("x = (cli.EXPAND,)"), Value::Sequence(vec![Value::Unknown("cli.EXPAND".into())]));
        assert_eq!(value("from c import E\nx = E"), Value::Unknown("E".into()));
    }

    #[test]
    fn deleted_names_and_any_names() {
        let lookup = |code: &str| Constants::of(&parse(code).statements, code).lookup("x").map(|(value, _)| value);
        assert_eq!(lookup("x = 1\ndel x"), None);
        assert_eq!(lookup("y = 1"), None);
        assert!(matches!(lookup("from y import *"), Some(Value::Unknown(_))));
        assert!(matches!(lookup("globals()['x'] = 1"), Some(Value::Unknown(_))));
    }
}
