//! Annotations in quotes: `Mapped["str | None"]` is `Mapped[str | None]`. Knows nothing of what annotations mean.

use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_python_parser::typing::parse_type_annotation;

use crate::python;

/// Quotes within quotes: deeper than any real ones.
const MOST_DEEP: usize = 3;

/// Puts the expressions that the annotations of class bodies quote in the place of the text; `source` is the whole file.
pub(super) fn unquote(statements: &mut [Stmt], source: &str) {
    each(statements, false, source);
}

fn each(statements: &mut [Stmt], in_class: bool, source: &str) {
    for statement in statements {
        match statement {
            Stmt::ClassDef(class) => each(&mut class.body, true, source),
            Stmt::FunctionDef(function) => {
                if in_class && let Some(returned) = &mut function.returns {
                    unquote_annotation(returned, source, MOST_DEEP);
                }
                each(&mut function.body, false, source);
            }
            Stmt::AnnAssign(ast::StmtAnnAssign { annotation, .. }) if in_class => {
                unquote_annotation(annotation, source, MOST_DEEP);
            }
            Stmt::If(choice) => {
                each(&mut choice.body, in_class, source);
                for clause in &mut choice.elif_else_clauses {
                    each(&mut clause.body, in_class, source);
                }
            }
            Stmt::Try(tried) => {
                each(&mut tried.body, in_class, source);
                for ast::ExceptHandler::ExceptHandler(handler) in &mut tried.handlers {
                    each(&mut handler.body, in_class, source);
                }
                each(&mut tried.orelse, in_class, source);
            }
            Stmt::With(with) => each(&mut with.body, in_class, source),
            _ => {}
        }
    }
}

fn unquote_annotation(annotation: &mut Expr, source: &str, depth: usize) {
    match annotation {
        Expr::StringLiteral(text) => {
            let Some(depth) = depth.checked_sub(1) else { return };
            if python::is_deep(text.value.to_str()) {
                return;
            }
            let Ok(parsed) = parse_type_annotation(text, source) else { return };
            let is_simple = parsed.kind().is_simple();
            *annotation = parsed.expression().clone();
            // what stands elsewhere in the file than where it says cannot be read from there
            if is_simple {
                unquote_annotation(annotation, source, depth);
            }
        }
        Expr::Subscript(subscript) => match (last_name(&subscript.value), &mut *subscript.slice) {
            (Some("Literal"), _) => {}
            // the rest of it is data
            (Some("Annotated"), Expr::Tuple(items)) => {
                if let Some(first) = items.elts.first_mut() {
                    unquote_annotation(first, source, depth);
                }
            }
            (_, Expr::Tuple(items)) => items.elts.iter_mut().for_each(|item| unquote_annotation(item, source, depth)),
            (_, slice) => unquote_annotation(slice, source, depth),
        },
        Expr::BinOp(operation) => {
            unquote_annotation(&mut operation.left, source, depth);
            unquote_annotation(&mut operation.right, source, depth);
        }
        _ => {}
    }
}

fn last_name(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use ruff_text_size::Ranged;

    use super::*;

    /// The annotations of a class body, as what stands in the file where they say that they stand.
    fn unquoted(annotation: &str) -> (Expr, String) {
        let source = format!("class A:\n    x: {annotation} = 1\n");
        let mut statements = python::parse(&source).statements;
        unquote(&mut statements, &source);
        let Stmt::ClassDef(class) = &statements[0] else { panic!("a class") };
        let Stmt::AnnAssign(assign) = &class.body[0] else { panic!("an annotation") };
        let annotation = (*assign.annotation).clone();
        let text = source[annotation.range()].to_owned();
        (annotation, text)
    }

    #[test]
    fn quotes_are_seen_through_at_the_right_place() {
        for (written, inner) in [
            ("'Mapped[int]'", "Mapped[int]"),
            ("\"Mapped['int | None']\"", "Mapped['int | None']"),
            ("'''Mapped[\n        int]'''", "Mapped[\n        int]"),
            ("Mapped['é']", "Mapped['é']"),
        ] {
            let (expression, text) = unquoted(written);
            assert!(expression.is_subscript_expr(), "{written}");
            assert_eq!(text, inner);
        }
        let (expression, _) = unquoted("\"Mapped['int | None']\"");
        assert!(expression.as_subscript_expr().is_some_and(|of| of.slice.is_bin_op_expr()));
    }

    #[test]
    fn what_is_data_or_no_expression_stays_text() {
        for written in ["'a b c'", "''", "'('", "'\\x41['", "f'{1}'"] {
            let (expression, _) = unquoted(written);
            assert!(expression.is_string_literal_expr() || expression.is_f_string_expr(), "{written}");
        }
        let (expression, _) = unquoted("Literal['int']");
        assert!(expression.as_subscript_expr().is_some_and(|of| of.slice.is_string_literal_expr()));
        let (expression, _) = unquoted("Annotated['int', 'int']");
        let arguments = expression.as_subscript_expr().and_then(|of| of.slice.as_tuple_expr().cloned()).expect("two");
        assert!(arguments.elts[0].is_name_expr() && arguments.elts[1].is_string_literal_expr());
    }

    #[test]
    fn hostile_quotes_are_bounded() {
        for written in [
            format!("'{}'", "(".repeat(100_000)),
            format!("'{}1'", "-".repeat(100_000)),
            "'é' \"'é'\" '''\"é'''".into(),
        ] {
            unquoted(&written);
        }
        let nested = (0..8).fold("int".to_owned(), |inner, _| format!("{:?}", format!("Mapped[{inner}]")));
        unquoted(&nested);
    }
}
