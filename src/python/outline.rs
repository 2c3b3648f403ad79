//! What a module defines at its top level, without running it.

use ruff_python_ast::visitor::{Visitor, walk_stmt};
use ruff_python_ast::{Expr, Stmt, StmtFunctionDef};
use ruff_text_size::Ranged;

use crate::source::Span;

/// A function as it is written.
pub struct FunctionOutline<'a> {
    pub name: &'a str,
    /// Where its name stands.
    pub span: Span,
    /// Its positional parameters, where they stand, and whether they have a default.
    pub parameters: Vec<(&'a str, Span, bool)>,
    /// The `raise` that it begins with, its docstring aside.
    pub raises: Option<Span>,
}

/// The functions at the top level, in order.
pub fn functions(statements: &[Stmt]) -> Vec<FunctionOutline<'_>> {
    let functions = statements.iter().filter_map(|statement| match statement {
        Stmt::FunctionDef(definition) => Some(outline(definition)),
        _ => None,
    });
    functions.collect()
}

/// The names of the classes at the top level, in order.
pub fn classes(statements: &[Stmt]) -> Vec<&str> {
    let names = statements.iter().filter_map(|statement| match statement {
        Stmt::ClassDef(definition) => Some(definition.name.as_str()),
        _ => None,
    });
    names.collect()
}

/// Every statement without a body of its own, wherever it stands, in order.
pub fn simple_statements(statements: &[Stmt]) -> Vec<Span> {
    struct Simple(Vec<Span>);
    impl<'a> Visitor<'a> for Simple {
        fn visit_stmt(&mut self, statement: &'a Stmt) {
            match statement {
                Stmt::FunctionDef(_)
                | Stmt::ClassDef(_)
                | Stmt::If(_)
                | Stmt::For(_)
                | Stmt::While(_)
                | Stmt::With(_)
                | Stmt::Try(_)
                | Stmt::Match(_) => walk_stmt(self, statement),
                _ => self.0.push(Span::new(statement.start().to_usize(), statement.end().to_usize())),
            }
        }

        fn visit_expr(&mut self, _: &'a Expr) {}
    }
    let mut res = Simple(Vec::new());
    statements.iter().for_each(|statement| res.visit_stmt(statement));
    res.0
}

fn outline(definition: &StmtFunctionDef) -> FunctionOutline<'_> {
    let parameters = definition.parameters.posonlyargs.iter().chain(&definition.parameters.args);
    let is_text =
        |statement: &&Stmt| matches!(statement, Stmt::Expr(text) if matches!(*text.value, Expr::StringLiteral(_)));
    let raises = match definition.body.iter().find(|statement| !is_text(statement)) {
        Some(Stmt::Raise(raise)) => Some(span(raise)),
        _ => None,
    };
    FunctionOutline {
        name: definition.name.as_str(),
        span: span(&definition.name),
        parameters: parameters
            .map(|parameter| (parameter.name().as_str(), span(parameter), parameter.default.is_some()))
            .collect(),
        raises,
    }
}

fn span(written: &impl Ranged) -> Span {
    let range = written.range();
    Span::new(range.start().to_usize(), range.end().to_usize())
}
