//! Comprehensions and generator expressions.

use ruff_python_ast::{Comprehension, Expr};

use super::branch::Flow;
use super::dict::Dict;
use super::value::{TermKind, Value};
use super::{Block, Run};

/// What is known of the results of a comprehension.
struct Gathered<'a> {
    values: Vec<(Value<'a>, Value<'a>)>,
    more: bool,
    /// The one element of a comprehension over something that is not known, and what that is.
    each: Option<(Value<'a>, Value<'a>)>,
}

impl<'a> Run<'_, 'a> {
    pub(super) fn list_comprehension(&mut self, element: &'a Expr, generators: &'a [Comprehension]) -> Value<'a> {
        let gathered = self.gather(None, element, generators);
        if let (Some((iterable, element)), true, [generator]) = (gathered.each, gathered.values.is_empty(), generators)
            && generator.ifs.is_empty()
        {
            let place = self.place(&generator.iter);
            return self.term(TermKind::Each { iterable, element }, place);
        }
        let values = gathered.values.into_iter().map(|(value, _)| value).collect();
        match gathered.more {
            true => Value::open_list(values),
            false => Value::list(values),
        }
    }

    pub(super) fn dict_comprehension(
        &mut self,
        key: &'a Expr,
        value: &'a Expr,
        generators: &'a [Comprehension],
    ) -> Value<'a> {
        let gathered = self.gather(Some(value), key, generators);
        let dict = Dict::default();
        for (key, value) in gathered.values {
            dict.insert(key, value);
        }
        if gathered.more {
            self.open(&dict);
        }
        Value::Dict(dict.into())
    }

    fn gather(&mut self, value: Option<&'a Expr>, element: &'a Expr, generators: &'a [Comprehension]) -> Gathered<'a> {
        let scope = self.inner_scope();
        let mut res = Gathered { values: Vec::new(), more: false, each: None };
        self.in_scope(scope, |run| run.gather_from(value, element, generators, true, &mut res));
        res
    }

    fn gather_from(
        &mut self,
        value: Option<&'a Expr>,
        element: &'a Expr,
        generators: &'a [Comprehension],
        certain: bool,
        res: &mut Gathered<'a>,
    ) {
        let [generator, rest @ ..] = generators else {
            let first = self.evaluate(element);
            let second = value.map_or(Value::None, |value| self.evaluate(value));
            match certain && !res.more {
                true => res.values.push((first, second)),
                false => res.more = true,
            }
            if res.values.len() > self.limits.items {
                self.exhaust();
            }
            return;
        };
        let iterable = self.evaluate(&generator.iter);
        let iterated = self.iterate(&iterable);
        let more = iterated.as_ref().is_none_or(|iterated| iterated.more);
        for value_of in iterated.map(|iterated| iterated.values).unwrap_or_default() {
            if self.exhausted {
                return;
            }
            self.assign(&generator.target, value_of);
            let (mut skip, mut certain) = (false, certain);
            for condition in &generator.ifs {
                match self.evaluate(condition).truth() {
                    Some(true) => {}
                    Some(false) => {
                        skip = true;
                        break;
                    }
                    None => certain = false,
                }
            }
            if !skip {
                self.gather_from(value, element, rest, certain, res);
            }
        }
        if more {
            let target = self.element(&iterable, &generator.iter);
            self.begin_branch();
            self.within(Block::Loop, |run| {
                run.assign(&generator.target, target);
                for condition in &generator.ifs {
                    run.evaluate(condition);
                }
                if rest.is_empty() {
                    let first = run.evaluate(element);
                    if let Some(value) = value {
                        run.evaluate(value);
                    } else if matches!(iterable, Value::Term(_)) {
                        res.each = Some((iterable, first));
                    }
                } else {
                    run.gather_from(value, element, rest, false, res);
                }
                Flow::Next
            });
            let (one, other) = (self.taken_back(), {
                self.begin_branch();
                self.kept()
            });
            self.join(one, other);
            res.more = true;
        }
    }
}
