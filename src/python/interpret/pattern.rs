//! `match` statements.

use ruff_python_ast::{self as ast, Expr, Pattern, Singleton};

use super::branch::Flow;
use super::value::{TermKind, Value};
use super::{CmpOp, Run};

/// Whether a pattern fits; a condition where that is not known.
enum Fit<'a> {
    Yes,
    No,
    Maybe(Value<'a>),
}

impl<'a> Run<'_, 'a> {
    pub(super) fn execute_match(&mut self, statement: &'a ast::StmtMatch) -> Flow<'a> {
        let subject = self.evaluate(&statement.subject);
        self.cases(&subject, &statement.cases)
    }

    fn cases(&mut self, subject: &Value<'a>, cases: &'a [ast::MatchCase]) -> Flow<'a> {
        let [case, rest @ ..] = cases else { return Flow::Next };
        let mut fit = self.fits(subject, &case.pattern);
        if let (Some(guard), false) = (&case.guard, matches!(fit, Fit::No)) {
            let value = self.evaluate(guard);
            fit = match (value.truth(), fit) {
                (Some(false), _) => Fit::No,
                (Some(true), fit) => fit,
                (None, _) => Fit::Maybe(value),
            };
        }
        match fit {
            Fit::Yes => self.execute(&case.body),
            Fit::No => self.cases(subject, rest),
            Fit::Maybe(condition) => {
                self.fork(condition, &mut |run| run.execute(&case.body), &mut |run| run.cases(subject, rest))
            }
        }
    }

    fn fits(&mut self, subject: &Value<'a>, pattern: &'a Pattern) -> Fit<'a> {
        match pattern {
            Pattern::MatchValue(value) => {
                let written = self.evaluate(&value.value);
                self.fits_value(subject, written, &value.value)
            }
            Pattern::MatchSingleton(singleton) => {
                let value = match singleton.value {
                    Singleton::None => Value::None,
                    Singleton::True => Value::Bool(true),
                    Singleton::False => Value::Bool(false),
                };
                match subject.identical(&value) {
                    Some(true) => Fit::Yes,
                    Some(false) => Fit::No,
                    None => Fit::Maybe(Value::Unknown),
                }
            }
            Pattern::MatchOr(or) => {
                let mut maybe = None;
                for pattern in &or.patterns {
                    match self.fits(subject, pattern) {
                        Fit::Yes if maybe.is_none() => return Fit::Yes,
                        Fit::Yes => maybe = Some(Value::Unknown),
                        Fit::No => {}
                        Fit::Maybe(condition) => {
                            maybe = Some(if maybe.is_none() { condition } else { Value::Unknown });
                        }
                    }
                }
                maybe.map_or(Fit::No, Fit::Maybe)
            }
            Pattern::MatchAs(named) => {
                let fit = named.pattern.as_deref().map_or(Fit::Yes, |pattern| self.fits(subject, pattern));
                if let (Some(name), false) = (&named.name, matches!(fit, Fit::No)) {
                    self.bind(name.as_str(), subject.clone());
                }
                fit
            }
            Pattern::MatchSequence(sequence) => {
                let iterated = match subject {
                    Value::List(_) | Value::Tuple(_) => self.iterate(subject).filter(|iterated| !iterated.more),
                    value if value.is_open() => None,
                    _ => return Fit::No,
                };
                let has_star = sequence.patterns.iter().any(Pattern::is_match_star);
                match iterated {
                    Some(iterated) if !has_star => {
                        if iterated.values.len() != sequence.patterns.len() {
                            return Fit::No;
                        }
                        let mut maybe = None;
                        for (value, pattern) in iterated.values.iter().zip(&sequence.patterns) {
                            match self.fits(value, pattern) {
                                Fit::Yes => {}
                                Fit::No => return Fit::No,
                                Fit::Maybe(condition) => maybe = Some(condition),
                            }
                        }
                        maybe.map_or(Fit::Yes, Fit::Maybe)
                    }
                    _ => self.bind_unknown(pattern),
                }
            }
            Pattern::MatchMapping(_) | Pattern::MatchClass(_) | Pattern::MatchStar(_) => self.bind_unknown(pattern),
        }
    }

    fn fits_value(&mut self, subject: &Value<'a>, written: Value<'a>, at: &'a Expr) -> Fit<'a> {
        match subject.equal(&written) {
            Some(true) => Fit::Yes,
            Some(false) => Fit::No,
            None => {
                let place = self.place(at);
                Fit::Maybe(self.term(TermKind::Compare(CmpOp::Eq, subject.clone(), written), place))
            }
        }
    }

    /// A pattern that is not looked into may fit; then its names are bound to something.
    fn bind_unknown(&mut self, pattern: &'a Pattern) -> Fit<'a> {
        match pattern {
            Pattern::MatchAs(named) => {
                if let Some(inner) = &named.pattern {
                    self.bind_unknown(inner);
                }
                if let Some(name) = &named.name {
                    self.bind(name.as_str(), Value::Unknown);
                }
            }
            Pattern::MatchStar(star) => {
                if let Some(name) = &star.name {
                    self.bind(name.as_str(), Value::Unknown);
                }
            }
            Pattern::MatchSequence(sequence) => {
                for pattern in &sequence.patterns {
                    self.bind_unknown(pattern);
                }
            }
            Pattern::MatchMapping(mapping) => {
                for pattern in &mapping.patterns {
                    self.bind_unknown(pattern);
                }
                if let Some(name) = &mapping.rest {
                    self.bind(name.as_str(), Value::Unknown);
                }
            }
            Pattern::MatchClass(class) => {
                for pattern in &class.arguments.patterns {
                    self.bind_unknown(pattern);
                }
                for keyword in &class.arguments.keywords {
                    self.bind_unknown(&keyword.pattern);
                }
            }
            Pattern::MatchOr(or) => {
                for pattern in &or.patterns {
                    self.bind_unknown(pattern);
                }
            }
            Pattern::MatchValue(_) | Pattern::MatchSingleton(_) => {}
        }
        Fit::Maybe(Value::Unknown)
    }
}
