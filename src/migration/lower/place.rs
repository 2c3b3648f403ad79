//! Where an operation is said to be written: always in the revision's own file.

use super::host::Lowering;
use crate::python::interpret::{Interpreter, Place, Value};
use crate::source::Span;

impl<'a> Lowering<'a> {
    /// The place itself, or for code of another module the call that led there.
    pub(super) fn span(&self, interpreter: &Interpreter<'a>, place: Place<'a>) -> Span {
        let _ = interpreter;
        match self.is_own(place) {
            true => place.span,
            false => Span::default(),
        }
    }

    pub(super) fn span_of(&self, value: &Value<'a>) -> Span {
        match value {
            Value::Term(term) if self.is_own(term.place) => term.place.span,
            _ => Span::default(),
        }
    }

    pub(super) fn is_own(&self, place: Place<'a>) -> bool {
        std::ptr::eq(place.module, self.script)
    }

    /// Where a statement of SQL stands when its text is written as one literal without escapes at `span`: `None` when it
    /// is not.
    pub(super) fn within_literal(&self, place: Place<'a>, text: &str) -> Option<usize> {
        if !self.is_own(place) {
            return None;
        }
        let written = self.script.source.text.get(place.span.start..place.span.end)?;
        let body = written.trim_start_matches(|c: char| matches!(c, 'r' | 'R' | 'u' | 'U'));
        let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| body.starts_with(quote))?;
        let inner = body.strip_prefix(quote)?.strip_suffix(quote)?;
        (inner == text).then_some(place.span.start + (written.len() - body.len()) + quote.len())
    }
}
