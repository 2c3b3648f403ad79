//! Text put together: f-strings, `%`, `.format`, `str()`, `repr()`. What is not known leaves a hole.

use ruff_python_ast::{self as ast, ConversionFlag, InterpolatedStringElement};

use super::Run;
use super::value::{Arguments, Place, Text, Value};

impl<'a> Run<'_, 'a> {
    pub(super) fn f_string(&mut self, string: &'a ast::ExprFString) -> Value<'a> {
        let (mut parts, mut text) = (Vec::new(), String::new());
        for part in &string.value {
            match part {
                ast::FStringPart::Literal(part) => text.push_str(&part.value),
                ast::FStringPart::FString(part) => {
                    for element in &part.elements {
                        match element {
                            InterpolatedStringElement::Literal(literal) => text.push_str(&literal.value),
                            InterpolatedStringElement::Interpolation(hole) => {
                                let value = self.evaluate(&hole.expression);
                                match self.interpolated(hole, &value) {
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
                        }
                    }
                }
            }
        }
        if parts.is_empty() {
            return self.new_text(text);
        }
        self.push_part(&mut parts, Value::text(text));
        let place = self.place(string);
        self.formatted(parts, place)
    }

    fn interpolated(&mut self, hole: &'a ast::InterpolatedElement, value: &Value<'a>) -> Option<Text<'a>> {
        if hole.debug_text.is_some() {
            return None;
        }
        let spec = match &hole.format_spec {
            None => String::new(),
            Some(spec) => {
                let mut text = String::new();
                for element in &spec.elements {
                    match element {
                        InterpolatedStringElement::Literal(literal) => text.push_str(&literal.value),
                        InterpolatedStringElement::Interpolation(hole) => {
                            let value = self.evaluate(&hole.expression);
                            text.push_str(&self.text_of(&value)?);
                        }
                    }
                }
                text
            }
        };
        let text = match hole.conversion {
            ConversionFlag::None if spec.is_empty() => return self.format_of(value),
            ConversionFlag::None => return apply_spec(value, &spec).map(Text::from),
            ConversionFlag::Str => self.text_of(value)?,
            ConversionFlag::Repr | ConversionFlag::Ascii => repr(value, 20)?.into(),
        };
        match spec.is_empty() {
            true => Some(text),
            false => apply_spec(&Value::Str(text), &spec).map(Text::from),
        }
    }

    /// `format(value)`: of a member of `class Colour(str, Enum)` it depends on the version of Python.
    fn format_of(&mut self, value: &Value<'a>) -> Option<Text<'a>> {
        match value {
            Value::Instance(instance) if value.plain().is_some() && !instance.class.is_text_enumeration() => None,
            _ => self.text_of(value),
        }
    }

    /// `str(value)`
    pub(super) fn text_of(&mut self, value: &Value<'a>) -> Option<Text<'a>> {
        match value {
            Value::Str(text) => Some(text.clone()),
            Value::Instance(instance) => {
                if let Some(method) = self.own_attribute(value, "__str__") {
                    let place = instance.place;
                    return match self.call(&method, Arguments::default(), place) {
                        Value::Str(text) => Some(text),
                        _ => None,
                    };
                }
                instance.class.members()?;
                match (instance.class.is_text_enumeration(), value.plain()) {
                    (true, Some(Value::Str(text))) => Some(text),
                    // what `str()` of an integer's member is depends on the version of Python
                    (_, Some(Value::Int(_))) => None,
                    _ => match instance.attributes.get_text("name")? {
                        Value::Str(name) => Some(Text::from(format!("{}.{}", &*instance.class.name, &*name))),
                        _ => None,
                    },
                }
            }
            _ => {
                let text = repr(value, 20)?;
                self.spend(text.len() / 64);
                Some(text.into())
            }
        }
    }

    /// `text % right`
    pub(super) fn percent(&mut self, text: &str, right: &Value<'a>, place: Place<'a>) -> Value<'a> {
        let values = match right {
            Value::Tuple(values) => values.to_vec(),
            Value::List(items) if items.more.get() => Vec::new(),
            value => vec![value.clone()],
        };
        let (mut parts, mut literal, mut next) = (Vec::new(), String::new(), 0);
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if c != '%' {
                literal.push(c);
                continue;
            }
            if chars.next_if_eq(&'%').is_some() {
                literal.push('%');
                continue;
            }
            let mut key = None;
            if chars.next_if_eq(&'(').is_some() {
                key = Some(chars.by_ref().take_while(|c| *c != ')').collect::<String>());
            }
            let mut flags = String::new();
            while let Some(flag) = chars.next_if(|c| "#0- +.123456789*hlL".contains(*c)) {
                flags.push(flag);
            }
            let kind = chars.next().unwrap_or('s');
            let value = match key {
                Some(key) => match right {
                    Value::Dict(dict) => dict.get_text(&key).unwrap_or(Value::Unknown),
                    _ => Value::Unknown,
                },
                None => {
                    next += 1;
                    values.get(next - 1).cloned().unwrap_or(Value::Unknown)
                }
            };
            let known = match (kind, flags.is_empty()) {
                ('s', true) => self.text_of(&value).map(|text| text.to_string()),
                ('d' | 'i', true) => value.to_int().map(|value| value.to_string()),
                ('d', false) if flags.chars().all(|c| c.is_ascii_digit()) => apply_spec(&value, &flags),
                ('r', true) => repr(&value, 20),
                _ => None,
            };
            match known {
                Some(known) => literal.push_str(&known),
                None => {
                    self.push_part(&mut parts, Value::text(std::mem::take(&mut literal)));
                    self.push_part(&mut parts, hole(value));
                }
            }
            if literal.len() > self.limits.text {
                self.exhaust();
                return Value::Unknown;
            }
        }
        self.push_part(&mut parts, Value::text(literal));
        self.formatted(parts, place)
    }

    /// `text.format(…)`
    pub(super) fn format(&mut self, text: &str, arguments: &Arguments<'a>, place: Place<'a>) -> Value<'a> {
        let (mut parts, mut literal, mut next) = (Vec::new(), String::new(), 0);
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            literal.push_str(&rest[..at]);
            let brace = &rest[at..at + 1];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                literal.push_str(brace);
                rest = after;
                continue;
            }
            let Some(end) = rest.find('}').filter(|_| brace == "{") else { return Value::Unknown };
            let field = &rest[..end];
            rest = &rest[end + 1..];
            let (field, spec) = field.split_once(':').unwrap_or((field, ""));
            let (field, conversion) = field.split_once('!').unwrap_or((field, ""));
            let value = self.field(field, &mut next, arguments, place);
            let known = match (conversion, spec) {
                ("", "") => self.format_of(&value),
                ("s", "") => self.text_of(&value),
                ("r", "") => repr(&value, 20).map(Text::from),
                ("", spec) if !spec.contains('{') => apply_spec(&value, spec).map(Text::from),
                _ => None,
            };
            match known {
                Some(known) => literal.push_str(&known),
                None => {
                    self.push_part(&mut parts, Value::text(std::mem::take(&mut literal)));
                    self.push_part(&mut parts, hole(value));
                }
            }
            if literal.len() > self.limits.text {
                self.exhaust();
                return Value::Unknown;
            }
        }
        literal.push_str(rest);
        self.push_part(&mut parts, Value::text(literal));
        self.formatted(parts, place)
    }

    /// What `name`, `0`, `name.attribute` or `name[key]` between braces stands for.
    fn field(&mut self, field: &str, next: &mut usize, arguments: &Arguments<'a>, place: Place<'a>) -> Value<'a> {
        let end = field.find(['.', '[']).unwrap_or(field.len());
        let (first, mut rest) = field.split_at(end);
        let positional = |at: usize| arguments.positional.get(at).map(|(value, _)| value.clone());
        let mut value = if first.is_empty() {
            *next += 1;
            positional(*next - 1)
        } else if let Ok(at) = first.parse() {
            positional(at)
        } else {
            arguments.keyword(first)
        };
        while let Some(current) = value.take() {
            if rest.is_empty() {
                return current;
            }
            if let Some(after) = rest.strip_prefix('.') {
                let end = after.find(['.', '[']).unwrap_or(after.len());
                value = Some(self.attribute(&current, &Text::from(after[..end].to_owned()), place));
                rest = &after[end..];
            } else if let Some((key, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
                let key = key.parse().map_or_else(|_| Value::text(key.to_owned()), Value::Int);
                value = Some(self.item(&current, &key, place));
                rest = after;
            }
        }
        Value::Unknown
    }
}

/// A hole for what is known, but not how it prints, is one all the same.
fn hole(value: Value<'_>) -> Value<'_> {
    match value {
        Value::Str(_) => Value::Unknown,
        value => value,
    }
}

/// `repr(value)`; `None` where it is not known.
pub(super) fn repr(value: &Value<'_>, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    const MOST: usize = 100_000;
    let sequence = |values: &[Value<'_>]| -> Option<String> {
        let mut res = String::new();
        for (at, value) in values.iter().enumerate() {
            res.push_str(if at > 0 { ", " } else { "" });
            res.push_str(&repr(value, depth)?);
            if res.len() > MOST {
                return None;
            }
        }
        Some(res)
    };
    Some(match value {
        Value::None => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) if value.is_finite() && value.abs() < 1e16 && (*value == 0.0 || value.abs() > 1e-4) => {
            format!("{value:?}")
        }
        Value::Str(text) => repr_text(text)?,
        Value::List(items) if !items.more.get() => {
            let values = items.values.borrow().clone();
            format!("[{}]", sequence(&values)?)
        }
        Value::Tuple(values) if values.len() == 1 => format!("({},)", repr(&values[0], depth)?),
        Value::Tuple(values) => format!("({})", sequence(values)?),
        Value::Dict(dict) if !dict.more.get() => {
            let mut res = String::from("{");
            for (at, (key, value)) in dict.items().into_iter().enumerate() {
                res.push_str(if at > 0 { ", " } else { "" });
                res.push_str(&repr(&key, depth)?);
                res.push_str(": ");
                res.push_str(&repr(&value, depth)?);
                if res.len() > MOST {
                    return None;
                }
            }
            res.push('}');
            res
        }
        _ => return None,
    })
}

fn repr_text(text: &str) -> Option<String> {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut res = String::with_capacity(text.len() + 2);
    res.push(quote);
    for c in text.chars() {
        match c {
            '\n' => res.push_str("\\n"),
            '\r' => res.push_str("\\r"),
            '\t' => res.push_str("\\t"),
            '\\' => res.push_str("\\\\"),
            c if c == quote => res.extend(['\\', c]),
            // which of the others are escaped is Unicode's to say
            c if c.is_control() => return None,
            c => res.push(c),
        }
    }
    res.push(quote);
    Some(res)
}

/// `format(value, spec)` for the few specifications that such code uses.
fn apply_spec(value: &Value<'_>, spec: &str) -> Option<String> {
    if spec.is_empty() {
        return value.to_text().map(|text| text.to_string()).or_else(|| repr(value, 5));
    }
    let mut rest = spec;
    let mut fill = ' ';
    let mut align = None;
    let mut chars = spec.chars();
    if let (Some(first), Some(second)) = (chars.next(), chars.next()) {
        if "<>^".contains(second) {
            (fill, align) = (first, Some(second));
            rest = &rest[first.len_utf8() + 1..];
        } else if "<>^".contains(first) {
            align = Some(first);
            rest = &rest[1..];
        }
    }
    if align.is_none()
        && let Some(after) = rest.strip_prefix('0')
    {
        (fill, align, rest) = ('0', Some('>'), after);
    }
    let n_digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (width, rest) = rest.split_at(n_digits);
    let width = if width.is_empty() { 0 } else { width.parse::<usize>().ok().filter(|width| *width < 1_000)? };
    let (text, default) = match (value, rest) {
        (Value::Int(value), "" | "d") => (value.to_string(), '>'),
        (Value::Int(value), "x") if *value >= 0 => (format!("{value:x}"), '>'),
        (Value::Str(text), "" | "s") => (text.to_string(), '<'),
        _ => return None,
    };
    if fill == '0' && text.starts_with('-') {
        return None;
    }
    let missing = width.saturating_sub(text.chars().count());
    let (before, after) = match align.unwrap_or(default) {
        '<' => (0, missing),
        '^' => (missing / 2, missing - missing / 2),
        _ => (missing, 0),
    };
    let pad = |count: usize| std::iter::repeat_n(fill, count).collect::<String>();
    Some(format!("{}{text}{}", pad(before), pad(after)))
}
