//! The tokens of SQL as PostgreSQL's scanner sees them, with holes and parameters as parts of them. Never fails.

use std::borrow::Cow;

use super::{Binds, HOLE};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A keyword, or a name without quotes; may hold a hole.
    Word,
    /// `"name"`, `U&"name"`.
    Quoted,
    /// A string, in whatever quotes; pieces that go on after a line break are one.
    Text,
    /// `B'01'`, `X'1f'`.
    Bits,
    Number,
    /// `:name`, `%s`, `%(name)s`, `$1`.
    Param,
    /// `::`, escaped or not.
    Cast,
    /// One of `( ) [ ] , ; . :`.
    Mark(u8),
    Operator,
    /// A string, name or comment that does not end.
    Unclosed,
    /// What no token begins with.
    Stray,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
}

impl Token {
    pub fn text<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or("")
    }

    pub fn is_name(&self) -> bool {
        matches!(self.kind, Kind::Word | Kind::Quoted)
    }
}

/// The tokens of `text`, without white space and comments.
pub fn tokens(text: &str, binds: Binds) -> Vec<Token> {
    let mut scanner = Scanner { text, bytes: text.as_bytes(), at: 0, binds };
    let mut res = Vec::with_capacity(text.len() / 5);
    while let Some(token) = scanner.next() {
        res.push(token);
    }
    res
}

/// The name that a word or a quoted name spells: folded, unescaped, cut to 63 bytes as PostgreSQL does.
pub fn name_value<'a>(text: &'a str, token: &Token) -> Cow<'a, str> {
    let raw = token.text(text);
    let mut name = match (token.kind, raw.strip_prefix('"')) {
        (Kind::Quoted, Some(inner)) => {
            let inner = inner.strip_suffix('"').unwrap_or(inner);
            if inner.contains("\"\"") { inner.replace("\"\"", "\"").into() } else { Cow::Borrowed(inner) }
        }
        (Kind::Quoted, None) => {
            let inner = raw.get(3..raw.len().saturating_sub(1)).unwrap_or("");
            unicode_unescaped(&inner.replace("\"\"", "\"")).unwrap_or_else(|| HOLE.to_string()).into()
        }
        _ if raw.bytes().any(|b| b.is_ascii_uppercase()) => raw.to_ascii_lowercase().into(),
        _ => Cow::Borrowed(raw),
    };
    const LONGEST: usize = 63;
    if name.len() > LONGEST && !name.contains(HOLE) {
        let end = (0..=LONGEST).rev().find(|at| name.is_char_boundary(*at)).unwrap_or(0);
        name.to_mut().truncate(end);
    }
    name
}

/// What a string says, holes and all; `None` when it uses escapes that are not read.
pub fn text_value<'a>(text: &'a str, token: &Token, binds: Binds) -> Option<Cow<'a, str>> {
    let raw = token.text(text);
    let res = match raw.as_bytes().first()? {
        b'$' => {
            let tag = raw.get(1..)?.find('$')? + 2;
            Cow::Borrowed(raw.get(tag..raw.len().checked_sub(tag)?)?)
        }
        b'e' | b'E' => escaped(&pieces(raw.get(1..)?)?)?.into(),
        b'u' | b'U' => unicode_unescaped(&pieces(raw.get(2..)?)?)?.into(),
        b'n' | b'N' => pieces(raw.get(1..)?)?,
        _ => pieces(raw)?,
    };
    match binds {
        Binds::Text(_) if res.contains("\\:") => Some(res.replace("\\:", ":").into()),
        _ => Some(res),
    }
}

/// The text between the quotes, of all the pieces.
fn pieces(raw: &str) -> Option<Cow<'_, str>> {
    let inner = raw.strip_prefix('\'')?.strip_suffix('\'')?;
    if !inner.contains('\'') {
        return Some(Cow::Borrowed(inner));
    }
    let mut res = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\'') {
        // a quote that is escaped belongs to `escaped`
        let n_backslashes = rest[..at].bytes().rev().take_while(|b| *b == b'\\').count();
        res.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('\'') {
            res.push('\'');
            rest = after;
        } else if n_backslashes % 2 == 1 {
            res.push('\'');
        } else {
            rest = rest.find('\'').map_or("", |next| &rest[next + 1..]);
        }
    }
    res.push_str(rest);
    Some(res.into())
}

/// `E'…'`.
fn escaped(text: &str) -> Option<String> {
    let mut res = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next()? } else { c }) {
            ('\\', 'n') => res.push('\n'),
            ('\\', 't') => res.push('\t'),
            ('\\', 'r') => res.push('\r'),
            ('\\', 'b') => res.push('\u{8}'),
            ('\\', 'f') => res.push('\u{c}'),
            ('\\', 'x' | 'u' | 'U' | '0'..='7') => return None,
            (_, c) => res.push(c),
        }
    }
    Some(res)
}

/// `U&'…'`, with the usual escape character.
fn unicode_unescaped(text: &str) -> Option<String> {
    let mut res = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        res.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('\\') {
            res.push('\\');
            rest = after;
            continue;
        }
        let (digits, len) = match rest.strip_prefix('+') {
            Some(after) => (after.get(..6)?, 7),
            None => (rest.get(..4)?, 4),
        };
        res.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?)?);
        rest = &rest[len..];
    }
    res.push_str(rest);
    Some(res)
}

/// The name of the parameter that `sqlalchemy.text()` sees in the colon at `at`: one that no colon, word or backslash
/// precedes and no colon follows (`(?<![:\w\\]):(\w+)(?![:\w])`; before 2.1 the last letter of `:a_b:` was given back).
pub fn parameter_at(text: &str, at: usize) -> Option<&str> {
    let before = text.get(..at)?.chars().next_back();
    if before.is_some_and(|c| c == ':' || c == '\\' || is_word(c)) {
        return None;
    }
    let rest = text.get(at + 1..)?;
    let name = &rest[..rest.find(|c| !is_word(c)).unwrap_or(rest.len())];
    (!name.is_empty() && !rest[name.len()..].starts_with(':')).then_some(name)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    binds: Binds<'a>,
}

impl Scanner<'_> {
    fn byte(&self, offset: usize) -> u8 {
        self.bytes.get(self.at + offset).copied().unwrap_or(0)
    }

    fn next(&mut self) -> Option<Token> {
        if !self.skip_space() {
            return self.rest();
        }
        let start = self.at;
        let kind = self.kind(*self.bytes.get(start)?)?;
        Some(Token { kind, start, end: self.at })
    }

    /// Everything that is left, as something that does not end.
    fn rest(&mut self) -> Option<Token> {
        let start = self.at;
        self.at = self.bytes.len();
        Some(Token { kind: Kind::Unclosed, start, end: self.at })
    }

    /// False at a comment that does not end.
    fn skip_space(&mut self) -> bool {
        loop {
            match (self.byte(0), self.byte(1)) {
                (b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c, _) => self.at += 1,
                (b'-', b'-') => self.at = self.find("\n", 2).unwrap_or(self.bytes.len()),
                (b'/', b'*') => {
                    let start = self.at;
                    if !self.skip_comment() {
                        self.at = start;
                        return false;
                    }
                }
                _ => return true,
            }
        }
    }

    fn skip_comment(&mut self) -> bool {
        let mut depth = 0usize;
        while self.at < self.bytes.len() {
            match (self.byte(0), self.byte(1)) {
                (b'/', b'*') => (depth, self.at) = (depth + 1, self.at + 2),
                (b'*', b'/') => {
                    (depth, self.at) = (depth - 1, self.at + 2);
                    if depth == 0 {
                        return true;
                    }
                }
                _ => self.at += 1,
            }
        }
        false
    }

    /// Where `what` begins, looking from `offset` on.
    fn find(&self, what: &str, offset: usize) -> Option<usize> {
        let from = self.at + offset;
        self.text.get(from..)?.find(what).map(|at| from + at)
    }

    fn kind(&mut self, first: u8) -> Option<Kind> {
        let is_text = matches!(self.binds, Binds::Text(_));
        Some(match (first, self.byte(1)) {
            (b'e' | b'E', b'\'') => self.string(1, true),
            (b'n' | b'N', b'\'') => self.string(1, false),
            (b'b' | b'B' | b'x' | b'X', b'\'') => match self.string(1, false) {
                Kind::Text => Kind::Bits,
                other => other,
            },
            (b'u' | b'U', b'&') if self.byte(2) == b'\'' => self.string(2, false),
            (b'u' | b'U', b'&') if self.byte(2) == b'"' => self.quoted(2),
            (b'\'', _) => self.string(0, false),
            (b'"', _) => self.quoted(0),
            (b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.., _) => self.word(),
            (b'0'..=b'9', _) | (b'.', b'0'..=b'9') => self.number(),
            (b'$', _) => self.dollar(),
            (b':', b':') => self.take(2, Kind::Cast),
            (b':', b'=') | (b'.', b'.') => self.take(2, Kind::Operator),
            (b'\\', b':') if is_text => match (self.byte(2), self.byte(3)) {
                (b'\\', b':') => self.take(4, Kind::Cast),
                (b':', _) => self.take(3, Kind::Cast),
                (b'=', _) => self.take(3, Kind::Operator),
                _ => self.take(2, Kind::Mark(b':')),
            },
            (b':', _) => match parameter_at(self.text, self.at).filter(|_| is_text) {
                Some(name) => self.take(1 + name.len(), Kind::Param),
                None => self.take(1, Kind::Mark(b':')),
            },
            (b'%', b's') if !is_text && !is_word_byte(self.byte(2)) => self.take(2, Kind::Param),
            (b'%', b'(') if !is_text => match self.find(")s", 2) {
                Some(end) if end - self.at < 80 => self.take(end + 2 - self.at, Kind::Param),
                _ => self.operator(),
            },
            (b'(' | b')' | b'[' | b']' | b',' | b';' | b'.', _) => self.take(1, Kind::Mark(first)),
            _ if OPERATORS.contains(&first) => self.operator(),
            _ => self.take(1, Kind::Stray),
        })
    }

    fn take(&mut self, len: usize, kind: Kind) -> Kind {
        self.at += len;
        kind
    }

    fn word(&mut self) -> Kind {
        while matches!(self.byte(0), b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'0'..=b'9' | b'$' | 0x80..) {
            self.at += 1;
        }
        Kind::Word
    }

    fn number(&mut self) -> Kind {
        self.digits();
        if self.byte(0) == b'.' && self.byte(1) != b'.' {
            self.at += 1;
            self.digits();
        }
        let exponent = 1 + usize::from(matches!(self.byte(1), b'+' | b'-'));
        if matches!(self.byte(0), b'e' | b'E') && self.byte(exponent).is_ascii_digit() {
            self.at += exponent;
            self.digits();
        }
        Kind::Number
    }

    fn digits(&mut self) {
        while self.byte(0).is_ascii_digit() {
            self.at += 1;
        }
    }

    fn quoted(&mut self, prefix: usize) -> Kind {
        self.at += prefix + 1;
        loop {
            match (self.find("\"", 0), self.bytes.len()) {
                (Some(end), _) if self.bytes.get(end + 1) == Some(&b'"') => self.at = end + 2,
                (Some(end), _) => {
                    self.at = end + 1;
                    return Kind::Quoted;
                }
                (None, len) => {
                    self.at = len;
                    return Kind::Unclosed;
                }
            }
        }
    }

    fn string(&mut self, prefix: usize, backslashes: bool) -> Kind {
        self.at += prefix + 1;
        while self.at < self.bytes.len() {
            match self.byte(0) {
                b'\\' if backslashes => self.at += 2,
                b'\'' if self.byte(1) == b'\'' => self.at += 2,
                b'\'' => {
                    self.at += 1;
                    match self.next_piece() {
                        Some(next) => self.at = next + 1,
                        None => return Kind::Text,
                    }
                }
                _ => self.at += 1,
            }
        }
        self.at = self.bytes.len();
        Kind::Unclosed
    }

    /// The quote of the next piece of a string: after white space that holds a line break.
    fn next_piece(&self) -> Option<usize> {
        let rest = self.bytes.get(self.at..)?;
        let space = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
        (rest.get(space) == Some(&b'\'') && rest[..space].iter().any(|b| matches!(b, b'\n' | b'\r')))
            .then_some(self.at + space)
    }

    fn dollar(&mut self) -> Kind {
        if self.byte(1).is_ascii_digit() {
            self.at += 1;
            self.digits();
            return Kind::Param;
        }
        let rest = &self.text[self.at..];
        let tag = rest[1..].find('$').map(|end| &rest[..end + 2]);
        let is_tag = |tag: &&str| {
            tag.bytes().skip(1).take(tag.len() - 2).all(|b| b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80)
        };
        let Some(tag) = tag.filter(is_tag) else { return self.take(1, Kind::Stray) };
        match rest[tag.len()..].find(tag) {
            Some(end) => self.take(end + 2 * tag.len(), Kind::Text),
            None => self.take(rest.len(), Kind::Unclosed),
        }
    }

    /// PostgreSQL's rule: the longest run that no comment begins in, without `+` and `-` at the end unless an unusual
    /// character is in it.
    fn operator(&mut self) -> Kind {
        let start = self.at;
        while OPERATORS.contains(&self.byte(0)) && !matches!((self.byte(0), self.byte(1)), (b'-', b'-') | (b'/', b'*'))
        {
            self.at += 1;
        }
        let run = &self.bytes[start..self.at];
        if !run.iter().any(|b| b"~!@#^&|`?%".contains(b)) {
            let end = run.iter().rposition(|b| !matches!(b, b'+' | b'-')).map_or(1, |last| last + 1);
            self.at = start + end.min(run.len()).max(1);
        }
        Kind::Operator
    }
}

const OPERATORS: &[u8] = b"~!@#^&|`?+-*/%<>=";

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str, binds: Binds) -> Vec<(Kind, String)> {
        tokens(text, binds).iter().map(|token| (token.kind, token.text(text).to_owned())).collect()
    }

    fn texts(text: &str, binds: Binds) -> Vec<String> {
        scan(text, binds).into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn comments_and_operators() {
        assert_eq!(texts("a /* x /* y */ */ -- z\n+-1", Binds::Raw), ["a", "+", "-", "1"]);
        assert_eq!(
            texts("a=-1 a<>b a->>'x' a@-1 a||b", Binds::Raw).join(" "),
            "a = - 1 a <> b a ->> 'x' a @- 1 a || b"
        );
        assert_eq!(texts("1..2 1.5e-3 .5 a.b", Binds::Raw), ["1", "..", "2", "1.5e-3", ".5", "a", ".", "b"]);
        assert_eq!(scan("x /* y", Binds::Raw)[1].0, Kind::Unclosed);
    }

    #[test]
    fn strings() {
        let value = |text: &str| text_value(text, &tokens(text, Binds::Raw)[0], Binds::Raw).map(Cow::into_owned);
        let cases = [
            ("'a''b'", Some("a'b")),
            ("E'a\\'b\\n'", Some("a'b\n")),
            ("'a' \n 'b'", Some("ab")),
            ("$$a'b$$", Some("a'b")),
            ("$x$a$$b$x$", Some("a$$b")),
            ("U&'d\\0061t'", Some("dat")),
            ("'a\\'", Some("a\\")),
            ("'\u{fffc}'", Some("\u{fffc}")),
            ("''''", Some("'")),
            ("''", Some("")),
            ("E'\\\\'", Some("\\")),
        ];
        for (text, expected) in cases {
            assert_eq!(tokens(text, Binds::Raw).len(), 1, "{text}");
            assert_eq!(value(text).as_deref(), expected, "{text}");
        }
        assert_eq!(texts("'a' 'b'", Binds::Raw), ["'a'", "'b'"]);
        assert_eq!(scan("'a", Binds::Raw), [(Kind::Unclosed, "'a".to_owned())]);
        assert_eq!(scan("$$a", Binds::Raw), [(Kind::Unclosed, "$$a".to_owned())]);
    }

    #[test]
    fn names() {
        let value = |text: &str| name_value(text, &tokens(text, Binds::Raw)[0]).into_owned();
        assert_eq!(value("Abc"), "abc");
        assert_eq!(value("\"A\"\"b\""), "A\"b");
        assert_eq!(value("U&\"d\\0061t\""), "dat");
        assert_eq!(value(&"x".repeat(70)).len(), 63);
        assert_eq!(value("a\u{fffc}b"), "a\u{fffc}b");
    }

    #[test]
    fn parameters() {
        let text = Binds::Text(None);
        assert_eq!(texts("a = :b AND c\\:\\:int AND d::int", text).join("|"), "a|=|:b|AND|c|\\:\\:|int|AND|d|::|int");
        assert_eq!(scan("x[1:2] :a:b", text).iter().filter(|(kind, _)| *kind == Kind::Param).count(), 0);
        assert_eq!(scan("a = %s, %(b)s, $1", Binds::Raw).iter().filter(|(kind, _)| *kind == Kind::Param).count(), 3);
        assert_eq!(scan("a = %s", text)[1], (Kind::Operator, "=".to_owned()));
        assert_eq!(texts("$1", Binds::Raw), ["$1"]);
    }

    #[test]
    fn nothing_is_lost_or_split_inside_a_character() {
        for text in ["é\u{fffc}\u{a0}'é", "$é$ x", "\\d t", "@\u{1}é", "'\\", "E'\\", "$", "U&", "U&\"", ":é:é", "%(é"]
        {
            for binds in [Binds::Raw, Binds::Text(None)] {
                for token in tokens(text, binds) {
                    assert!(text.get(token.start..token.end).is_some_and(|part| !part.is_empty()), "{text}");
                    name_value(text, &token);
                    text_value(text, &token, binds);
                }
            }
        }
    }
}
