//! Methods of text.

use super::Run;
use super::value::{Arguments, Part, Place, TermKind, Text, Value};

impl<'a> Run<'_, 'a> {
    pub(super) fn text_method(
        &mut self,
        text: Text<'a>,
        name: &str,
        arguments: Arguments<'a>,
        place: Place<'a>,
    ) -> Value<'a> {
        match self.known_text_method(&text, name, &arguments, place) {
            Some(value) => value,
            None => {
                let method = Value::Method(std::rc::Rc::new((Value::Str(text), Text::from(name.to_owned()))));
                self.term(TermKind::Call { callee: method, arguments }, place)
            }
        }
    }

    fn known_text_method(
        &mut self,
        text: &Text<'a>,
        name: &str,
        arguments: &Arguments<'a>,
        place: Place<'a>,
    ) -> Option<Value<'a>> {
        let argument = |at: usize| arguments.positional.get(at).and_then(|(value, _)| value.to_text());
        let n_given = arguments.positional.len();
        let number = |at: usize, name: &str| match arguments.get(at, name) {
            None => Some(None),
            Some(value) => value.to_int().map(Some),
        };
        Some(match name {
            "format" => self.format(text, arguments, place),
            "format_map" => {
                let Some((Value::Dict(dict), _)) = arguments.positional.first() else { return None };
                let named = |(key, value): (Value<'a>, Value<'a>)| Some((key.to_text()?, value, Default::default()));
                let keywords = dict.items().into_iter().filter_map(named).collect();
                self.format(text, &Arguments { keywords, more: dict.more.get(), ..Arguments::default() }, place)
            }
            "join" => {
                let (values, _) = arguments.positional.first()?;
                return Some(self.joined_text(text, &values.clone(), place));
            }
            "lower" | "casefold" => self.new_text(text.to_lowercase()),
            "upper" => self.new_text(text.to_uppercase()),
            "capitalize" => {
                let mut chars = text.chars();
                let first = chars.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
                self.new_text(first + &chars.as_str().to_lowercase())
            }
            "title" => self.new_text(title(text)),
            "swapcase" => return None,
            "strip" | "lstrip" | "rstrip" => {
                let set = match n_given {
                    0 => None,
                    _ => Some(argument(0)?),
                };
                let strips = |c: char| set.as_ref().map_or(c.is_whitespace(), |set| set.contains(c));
                let res = match name {
                    "strip" => text.trim_matches(strips),
                    "lstrip" => text.trim_start_matches(strips),
                    _ => text.trim_end_matches(strips),
                };
                self.new_text(res.to_owned())
            }
            "replace" => {
                let (from, to) = (argument(0)?, argument(1)?);
                let count = number(2, "count")?;
                let n_found = text.matches(&*from).count();
                let grown = text.len().saturating_add(n_found.saturating_mul(to.len()));
                if grown > self.limits.text {
                    self.exhaust();
                    return Some(Value::Unknown);
                }
                let res = match count.and_then(|count| usize::try_from(count).ok()) {
                    Some(count) => text.replacen(&*from, &to, count),
                    None => text.replace(&*from, &to),
                };
                self.new_text(res)
            }
            "split" | "rsplit" => {
                let most = number(1, "maxsplit")?.and_then(|most| usize::try_from(most).ok());
                let by = match arguments.get(0, "sep") {
                    None | Some(Value::None) => None,
                    Some(value) => Some(value.to_text().filter(|by| !by.is_empty())?),
                };
                split(text, by.as_deref(), most, name == "rsplit")?
            }
            "splitlines" => Value::list(text.lines().map(|line| Value::text(line.to_owned())).collect()),
            "partition" | "rpartition" => {
                let by = argument(0)?;
                let found = if name == "partition" { text.split_once(&*by) } else { text.rsplit_once(&*by) };
                let parts = match found {
                    Some((before, after)) => [before.to_owned(), by.to_string(), after.to_owned()],
                    None if name == "partition" => [text.to_string(), String::new(), String::new()],
                    None => [String::new(), String::new(), text.to_string()],
                };
                Value::tuple(parts.into_iter().map(Value::text).collect())
            }
            "startswith" | "endswith" if n_given == 1 => {
                let prefixes = match &arguments.positional.first()?.0 {
                    Value::Tuple(values) => values.iter().map(Value::to_text).collect::<Option<Vec<_>>>()?,
                    value => vec![value.to_text()?],
                };
                let fits = |prefix: &Text<'a>| match name {
                    "startswith" => text.starts_with(&**prefix),
                    _ => text.ends_with(&**prefix),
                };
                Value::Bool(prefixes.iter().any(fits))
            }
            "removeprefix" => self.new_text(text.strip_prefix(&*argument(0)?).unwrap_or(text).to_owned()),
            "removesuffix" => self.new_text(text.strip_suffix(&*argument(0)?).unwrap_or(text).to_owned()),
            "zfill" | "ljust" | "rjust" | "center" => {
                let width = number(0, "width")??;
                let width = usize::try_from(width.max(0)).ok().filter(|width| *width <= self.limits.text)?;
                let missing = width.saturating_sub(text.chars().count());
                let fill = if n_given > 1 { argument(1)?.to_string() } else { " ".to_owned() };
                let padded = match name {
                    "zfill" if text.starts_with(['-', '+']) => return None,
                    "zfill" => "0".repeat(missing) + text,
                    "ljust" => text.to_string() + &fill.repeat(missing),
                    "rjust" => fill.repeat(missing) + text,
                    _ => return None,
                };
                self.new_text(padded)
            }
            "find" | "index" | "rfind" if n_given == 1 => {
                let part = argument(0)?;
                let at = if name == "rfind" { text.rfind(&*part) } else { text.find(&*part) };
                Value::Int(at.map_or(-1, |at| text[..at].chars().count() as i64))
            }
            "count" if n_given == 1 => Value::Int(text.matches(&*argument(0)?).count() as i64),
            "isdigit" | "isnumeric" | "isdecimal" if text.is_ascii() => {
                Value::Bool(!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()))
            }
            "isalpha" if text.is_ascii() => {
                Value::Bool(!text.is_empty() && text.bytes().all(|b| b.is_ascii_alphabetic()))
            }
            "isupper" if text.is_ascii() => Value::Bool(
                text.bytes().any(|b| b.is_ascii_uppercase()) && !text.bytes().any(|b| b.is_ascii_lowercase()),
            ),
            "islower" if text.is_ascii() => Value::Bool(
                text.bytes().any(|b| b.is_ascii_lowercase()) && !text.bytes().any(|b| b.is_ascii_uppercase()),
            ),
            "isspace" => Value::Bool(!text.is_empty() && text.chars().all(char::is_whitespace)),
            "encode" => Value::Bytes(text.as_bytes().into()),
            _ => return None,
        })
    }

    /// Methods of text that has holes.
    pub(super) fn format_method(
        &mut self,
        object: &Value<'a>,
        name: &str,
        arguments: Arguments<'a>,
        place: Place<'a>,
    ) -> Value<'a> {
        match name {
            // what they change does not matter to text that is not known whole
            "strip" | "lstrip" | "rstrip" | "lower" | "upper" if arguments.positional.is_empty() => object.clone(),
            _ => {
                let method = Value::Method(std::rc::Rc::new((object.clone(), Text::from(name.to_owned()))));
                self.term(TermKind::Call { callee: method, arguments }, place)
            }
        }
    }

    fn joined_text(&mut self, by: &Text<'a>, values: &Value<'a>, place: Place<'a>) -> Value<'a> {
        let Some(iterated) = self.iterate(values) else {
            return self.formatted(vec![Part::Hole(Value::Unknown)], place);
        };
        let (mut parts, mut text) = (Vec::new(), String::new());
        for (at, value) in iterated.values.into_iter().enumerate() {
            if at > 0 {
                text.push_str(by);
            }
            match value.to_text() {
                Some(known) => text.push_str(&known),
                None => {
                    self.push_part(&mut parts, Value::text(std::mem::take(&mut text)));
                    self.push_part(&mut parts, value);
                }
            }
            if text.len() > self.limits.text {
                self.exhaust();
                return Value::Unknown;
            }
        }
        self.push_part(&mut parts, Value::text(text));
        if iterated.more {
            parts.push(Part::Hole(Value::Unknown));
        }
        self.formatted(parts, place)
    }

    /// `textwrap.dedent(text)`, `inspect.cleandoc(text)`
    pub(super) fn dedented(&mut self, name: &str, value: &Value<'a>) -> Value<'a> {
        let Value::Str(text) = value else { return value.clone() };
        let is_blank = |line: &&str| line.trim().is_empty();
        let lines: Vec<&str> = text.split('\n').collect();
        let clean = name == "inspect.cleandoc";
        let measured = &lines[usize::from(clean).min(lines.len())..];
        let indent = |line: &&str| line.len() - line.trim_start_matches([' ', '\t']).len();
        let margin = measured.iter().filter(|line| !is_blank(line)).map(indent).min().unwrap_or(0);
        let cut = |(at, line): (usize, &&str)| match (at, is_blank(line)) {
            (0, _) if clean => line.trim_start().to_owned(),
            (_, true) if clean => line.get(margin..).unwrap_or_default().to_owned(),
            (_, true) => String::new(),
            _ => line.get(margin..).unwrap_or(line).to_owned(),
        };
        let res: Vec<String> = lines.iter().enumerate().map(cut).collect();
        let res = res.join("\n");
        self.new_text(if clean { res.trim_matches('\n').to_owned() } else { res })
    }
}

/// Words begin with a capital; anything that is no letter ends a word.
fn title(text: &str) -> String {
    let (mut res, mut in_word) = (String::with_capacity(text.len()), false);
    for c in text.chars() {
        match in_word {
            true => res.extend(c.to_lowercase()),
            false => res.extend(c.to_uppercase()),
        }
        in_word = c.is_alphabetic();
    }
    res
}

fn split<'a>(text: &str, by: Option<&str>, most: Option<usize>, from_right: bool) -> Option<Value<'a>> {
    let most = most.map_or(usize::MAX, |most| most.saturating_add(1));
    let mut parts: Vec<&str> = match (by, from_right) {
        (Some(by), false) => text.splitn(most, by).collect(),
        (Some(by), true) => text.rsplitn(most, by).collect(),
        (None, _) if most == usize::MAX => text.split_whitespace().collect(),
        (None, false) => {
            let (mut parts, mut rest) = (Vec::new(), text.trim_start());
            while !rest.is_empty() {
                let end = if parts.len() + 1 >= most { None } else { rest.find(char::is_whitespace) };
                let (part, after) = rest.split_at(end.unwrap_or(rest.len()));
                parts.push(part);
                rest = after.trim_start();
            }
            parts
        }
        (None, true) => return None,
    };
    if by.is_some() && from_right {
        parts.reverse();
    }
    Some(Value::list(parts.into_iter().map(|part| Value::text(part.to_owned())).collect()))
}
