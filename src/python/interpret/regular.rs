//! Regular expressions on short known texts, such as those that make a table's name out of that of a class. Look-around is understood at
//! the ends of alternatives, where it stands in such patterns; all else that `regex` cannot read is not known.

use regex::{Captures, Regex, RegexBuilder};

use super::Run;
use super::value::{Arguments, TermKind, Value};

/// Longer texts are no names.
const LONGEST: usize = 2_000;

impl<'a> Run<'_, 'a> {
    /// `re.sub(pattern, by, text)`, `re.compile(pattern).sub(by, text)`, and `split` and `findall` of both.
    pub(super) fn call_regular(&mut self, callee: &Value<'a>, arguments: &Arguments<'a>) -> Option<Value<'a>> {
        let (method, compiled) = match &callee.as_term()?.kind {
            TermKind::Name(name) => (name.strip_prefix("re.")?, None),
            TermKind::Attribute(Value::Term(made), method) => match &made.kind {
                TermKind::Call { callee, arguments }
                    if callee.as_name() == Some("re.compile") && arguments.positional.len() == 1 =>
                {
                    (&**method, arguments.positional.first())
                }
                _ => return None,
            },
            _ => return None,
        };
        let given = compiled.into_iter().chain(&arguments.positional).map(|(value, _)| value);
        let given: Vec<&Value<'a>> = given.collect();
        let (pattern, rest) = given.split_first()?;
        if arguments.more || !arguments.keywords.is_empty() {
            return None;
        }
        let pattern = pattern.as_str()?;
        match (method, rest) {
            ("sub", [Value::Str(by), Value::Str(text)]) => Some(Value::text(replaced(pattern, by, text)?)),
            ("split", [Value::Str(text)]) => {
                let (mut res, mut from) = (Vec::new(), 0);
                for found in matches(pattern, text)? {
                    res.push(Value::text(text.get(from..found.start)?.to_owned()));
                    from = found.end;
                }
                res.push(Value::text(text.get(from..)?.to_owned()));
                Some(Value::list(res))
            }
            ("findall", [Value::Str(text)]) => {
                let found = matches(pattern, text)?;
                let one = |found: &Found| match found.groups.as_slice() {
                    [] => text.get(found.start..found.end).map(|text| Value::text(text.to_owned())),
                    [group] => Some(Value::text(group.clone())),
                    _ => None,
                };
                found.iter().map(one).collect::<Option<Vec<_>>>().map(Value::list)
            }
            _ => None,
        }
    }
}

struct Found {
    start: usize,
    end: usize,
    groups: Vec<String>,
}

fn replaced(pattern: &str, by: &str, text: &str) -> Option<String> {
    let (mut res, mut from) = (String::new(), 0);
    for found in matches(pattern, text)? {
        res.push_str(text.get(from..found.start)?);
        let mut rest = by;
        while let Some(at) = rest.find('\\') {
            res.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            rest = match rest.strip_prefix("g<0>") {
                Some(after) => {
                    res.push_str(text.get(found.start..found.end)?);
                    after
                }
                None => {
                    let digit = rest.chars().next()?.to_digit(10)? as usize;
                    res.push_str(found.groups.get(digit.checked_sub(1)?)?);
                    &rest[1..]
                }
            };
        }
        res.push_str(rest);
        from = found.end;
    }
    res.push_str(text.get(from..)?);
    Some(res)
}

fn compiled(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).size_limit(1 << 18).build().ok()
}

/// Where a pattern is found, as Python's `re` has it; `None` when it is not understood.
fn matches(pattern: &str, text: &str) -> Option<Vec<Found>> {
    if pattern.len() > 200 || text.len() > LONGEST {
        return None;
    }
    if !["(?=", "(?!", "(?<=", "(?<!"].iter().any(|mark| pattern.contains(mark)) {
        let of = |captures: Captures<'_>| {
            let whole = captures.get(0)?;
            let groups = captures.iter().skip(1).map(|group| group.map_or("", |group| group.as_str()).to_owned());
            Some(Found { start: whole.start(), end: whole.end(), groups: groups.collect() })
        };
        return compiled(pattern)?.captures_iter(text).map(of).collect();
    }
    let (inner, grouped) = match pattern.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) if !inner.starts_with('?') && closes_last(pattern) => (inner, true),
        _ => (pattern, false),
    };
    let alternatives: Vec<Alternative> =
        alternatives(inner)?.into_iter().map(Alternative::read).collect::<Option<_>>()?;
    let (mut res, mut at): (Vec<Found>, usize) = (Vec::new(), 0);
    while at <= text.len() {
        let end = alternatives.iter().find_map(|alternative| alternative.end(text, at));
        match end {
            Some(end) => {
                let groups = if grouped { vec![text.get(at..end)?.to_owned()] } else { Vec::new() };
                res.push(Found { start: at, end, groups });
                at = end.max(at + 1);
            }
            None => at += 1,
        }
        while !text.is_char_boundary(at.min(text.len())) {
            at += 1;
        }
    }
    Some(res)
}

/// Whether the bracket that opens a pattern is closed by its last character.
fn closes_last(pattern: &str) -> bool {
    let mut depth = 0_usize;
    for (at, c) in pattern.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '\\' | '[' => {}
            _ => {}
        }
        if depth == 0 {
            return at + 1 == pattern.len();
        }
    }
    false
}

/// The alternatives of a pattern, outside of brackets.
fn alternatives(pattern: &str) -> Option<Vec<&str>> {
    let (mut res, mut depth, mut from) = (Vec::new(), 0_usize, 0);
    for (at, c) in pattern.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.checked_sub(1)?,
            '|' if depth == 0 => {
                res.push(&pattern[from..at]);
                from = at + 1;
            }
            '\\' => return None,
            _ => {}
        }
    }
    res.push(&pattern[from..]);
    Some(res)
}

/// One alternative: what must or must not stand before and behind it, and what it is itself.
struct Alternative {
    around: Vec<(Regex, bool, bool)>,
    core: Regex,
}

impl Alternative {
    fn read(pattern: &str) -> Option<Alternative> {
        let (mut around, mut core) = (Vec::new(), String::new());
        let mut rest = pattern;
        while !rest.is_empty() {
            let looks = [("(?<=", true, true), ("(?<!", true, false), ("(?=", false, true), ("(?!", false, false)];
            let found = looks.iter().find_map(|&(mark, behind, holds)| Some((rest.strip_prefix(mark)?, behind, holds)));
            let Some((inner, behind, holds)) = found else {
                // nothing of itself may follow what looks ahead
                let ahead = around.iter().any(|&(_, behind, after_core): &(Regex, bool, bool)| !behind && after_core);
                let end = rest.find("(?").unwrap_or(rest.len());
                if end == 0 || ahead || rest[..end].contains(['*', '+', '?', '{', '(']) {
                    return None;
                }
                core.push_str(&rest[..end]);
                rest = &rest[end..];
                continue;
            };
            let end = inner.find(')')?;
            if inner[..end].contains('(') || (behind && !core.is_empty()) {
                return None;
            }
            let written = match behind {
                true => format!("(?:{})$", &inner[..end]),
                false => format!("^(?:{})", &inner[..end]),
            };
            // a `^` inside means the beginning of the text, and not that of what follows
            match (&inner[..end], behind) {
                ("^", _) => around.push((compiled("^$")?, true, holds)),
                (_, true) => around.push((compiled(&written)?, true, holds)),
                (_, false) if core.is_empty() && !rest.ends_with(')') => return None,
                (_, false) => around.push((compiled(&written)?, false, holds)),
            }
            rest = &inner[end + 1..];
        }
        Some(Alternative { around, core: compiled(&format!("^(?:{core})"))? })
    }

    /// Where it ends when it is found at this place.
    fn end(&self, text: &str, at: usize) -> Option<usize> {
        let (before, rest) = (text.get(..at)?, text.get(at..)?);
        let end = at + self.core.find(rest)?.end();
        let behind = text.get(end..)?;
        let fits = |(regex, is_before, holds): &(Regex, bool, bool)| {
            regex.is_match(if *is_before { before } else { behind }) == *holds
        };
        self.around.iter().all(fits).then_some(end)
    }
}

#[cfg(test)]
mod tests {
    use super::replaced;

    /// What Python's `re.sub` gives.
    #[test]
    fn names_of_tables() {
        for (pattern, by, text, expected) in [
            (r"(?<!^)(?=[A-Z])", "_", "FlowRunState", Some("Flow_Run_State")),
            (r"([a-z0-9])([A-Z])", r"\1_\2", "FlowRunState", Some("Flow_Run_State")),
            (r"(.)([A-Z][a-z]+)", r"\1_\2", "HTTPServer", Some("HTTP_Server")),
            (r"((?<=[a-z0-9])[A-Z]|(?!^)[A-Z](?=[a-z]))", r"_\1", "HTTPServer", Some("HTTP_Server")),
            (r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", "HTTPServerX", Some("HTTP_Server_X")),
            (r"(?=[A-Z])", "-", "AbC", Some("-Ab-C")),
            (r"(?=(a))b(?!c)", "-", "ab", None),
            (r"[A-Z]+(?=[a-z])", "-", "ABc", None),
        ] {
            assert_eq!(replaced(pattern, by, text).as_deref(), expected, "{pattern} {text}");
        }
    }
}
