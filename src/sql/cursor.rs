//! A place in the tokens of one statement: names, words and groups are taken from it one after the other.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::token::{Kind, Token, name_value, text_value};
use super::{HOLE, Options};
use crate::schema::{Keyword, Name, keyword};

/// Why a statement was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The token with this number should not stand here, as far as we know the grammar.
    Unexpected(usize),
    /// What comes depends on a hole.
    Hole,
    /// It may well be right; we do not read it.
    Unread,
}

pub type Read<T> = Result<T, Stop>;

/// A text and how it is to be read.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    pub text: &'a str,
    pub options: &'a Options<'a>,
    /// Inside of a PL/pgSQL block.
    pub in_block: bool,
}

impl<'a> Source<'a> {
    pub fn new(text: &'a str, options: &'a Options<'a>) -> Self {
        Source { text, options, in_block: false }
    }

    pub fn at(self, tokens: &'a [Token]) -> Cursor<'a> {
        Cursor { source: self, tokens, at: 0, base: 0, furthest: 0, passed: 0 }
    }

    /// What a string token says; `None` when that cannot be told.
    pub fn string(self, token: &Token) -> Option<Arc<str>> {
        self.string_with_holes(token).filter(|value| !value.contains(HOLE)).map(Arc::from)
    }

    pub fn string_with_holes(self, token: &Token) -> Option<Cow<'a, str>> {
        text_value(self.text, token, self.options.binds)
    }

    pub fn name(self, token: &Token) -> Arc<str> {
        name_value(self.text, token).into()
    }

    pub fn is_word(self, token: &Token, word: &str) -> bool {
        token.kind == Kind::Word && token.text(self.text).eq_ignore_ascii_case(word)
    }

    pub fn is_one_of(self, token: &Token, words: &[&str]) -> bool {
        token.kind == Kind::Word && {
            let text = token.text(self.text);
            words.iter().any(|word| text.eq_ignore_ascii_case(word))
        }
    }

    pub fn is_operator(self, token: &Token, operator: &str) -> bool {
        token.kind == Kind::Operator && token.text(self.text) == operator
    }

    pub fn has_hole(self, tokens: &[Token]) -> bool {
        tokens.iter().any(|token| token.text(self.text).contains(HOLE))
    }

    /// The text from the first to the last of these tokens.
    pub fn span(self, tokens: &[Token]) -> &'a str {
        let range = bounds(tokens);
        self.text.get(range).unwrap_or("")
    }

    pub fn keyword(self, token: &Token) -> Option<Keyword> {
        let text = token.text(self.text);
        const LONGEST: usize = 17;
        if token.kind != Kind::Word || text.len() > LONGEST {
            return None;
        }
        match text.bytes().any(|b| b.is_ascii_uppercase()) {
            true => keyword(&text.to_ascii_lowercase()),
            false => keyword(text),
        }
    }
}

/// Where the tokens stand in the text.
pub fn bounds(tokens: &[Token]) -> Range<usize> {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => first.start..last.end,
        _ => 0..0,
    }
}

#[derive(Clone)]
pub struct Cursor<'a> {
    pub source: Source<'a>,
    pub tokens: &'a [Token],
    pub at: usize,
    /// The number of the first of the tokens in the statement.
    base: usize,
    /// How far a phrase of several words fitted before it did not: PostgreSQL complains about the word behind that.
    furthest: usize,
    /// Where the last expression that was passed by ends: what is in it was not looked at.
    passed: usize,
}

impl<'a> Cursor<'a> {
    pub fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    pub fn peek_at(&self, offset: usize) -> Option<&'a Token> {
        self.tokens.get(self.at + offset)
    }

    pub fn is_done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    pub fn rest(&self) -> &'a [Token] {
        self.tokens.get(self.at..).unwrap_or(&[])
    }

    pub fn unexpected<T>(&self) -> Read<T> {
        match self.peek().is_some_and(|token| token.text(self.source.text).contains(HOLE)) {
            true => Err(Stop::Hole),
            false => Err(Stop::Unexpected(self.base + self.at.max(self.furthest))),
        }
    }

    /// Whether the next words are these.
    pub fn is(&self, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(n, word)| self.peek_at(n).is_some_and(|token| self.source.is_word(token, word)))
    }

    pub fn is_one_of(&self, words: &[&str]) -> bool {
        self.peek().is_some_and(|token| self.source.is_one_of(token, words))
    }

    pub fn eat(&mut self, words: &[&str]) -> bool {
        let fits = |(n, word): (usize, &&str)| self.peek_at(n).is_some_and(|token| self.source.is_word(token, word));
        let n_fit = words.iter().enumerate().take_while(|pair| fits(*pair)).count();
        if n_fit == words.len() {
            self.at += n_fit;
        } else if n_fit > 0 {
            self.furthest = self.furthest.max(self.at + n_fit);
        }
        n_fit == words.len()
    }

    pub fn eat_one_of(&mut self, words: &[&str]) -> bool {
        let found = self.is_one_of(words);
        self.at += usize::from(found);
        found
    }

    /// The words must follow; the first that does not is where reading stops.
    pub fn expect(&mut self, words: &[&str]) -> Read<()> {
        words.iter().try_for_each(|word| if self.eat(&[word]) { Ok(()) } else { self.unexpected() })
    }

    pub fn is_mark(&self, mark: u8) -> bool {
        self.peek().is_some_and(|token| token.kind == Kind::Mark(mark))
    }

    pub fn eat_mark(&mut self, mark: u8) -> bool {
        let found = self.is_mark(mark);
        self.at += usize::from(found);
        found
    }

    pub fn expect_mark(&mut self, mark: u8) -> Read<()> {
        if self.eat_mark(mark) { Ok(()) } else { self.unexpected() }
    }

    pub fn eat_operator(&mut self, operator: &str) -> bool {
        let found = self.peek().is_some_and(|token| self.source.is_operator(token, operator));
        self.at += usize::from(found);
        found
    }

    pub fn if_exists(&mut self) -> Read<bool> {
        Ok(self.eat(&["if", "exists"]))
    }

    pub fn if_not_exists(&mut self) -> bool {
        self.eat(&["if", "not", "exists"])
    }

    /// `CASCADE`, `RESTRICT` or nothing: whether it is the first.
    pub fn cascade(&mut self) -> bool {
        let res = self.eat(&["cascade"]);
        if !res {
            self.eat(&["restrict"]);
        }
        res
    }

    /// The name of a column, a table, a constraint (`ColId`).
    pub fn id(&mut self) -> Read<Arc<str>> {
        self.name_that(|keyword| keyword.is_none_or(|keyword| keyword == Keyword::Column))
    }

    /// Any word (`ColLabel`).
    pub fn label(&mut self) -> Read<Arc<str>> {
        self.name_that(|_| true)
    }

    fn name_that(&mut self, fits: impl Fn(Option<Keyword>) -> bool) -> Read<Arc<str>> {
        let Some(token) = self.peek().filter(|token| token.is_name()) else { return self.unexpected() };
        if !fits(self.source.keyword(token)) {
            return self.unexpected();
        }
        self.at += 1;
        let name = self.source.name(token);
        if name.contains(HOLE) { Err(Stop::Hole) } else { Ok(name) }
    }

    /// `table`, `schema.table`, `database.schema.table`.
    pub fn qualified(&mut self) -> Read<Name> {
        self.qualified_from(Cursor::id)
    }

    /// A function's name, which may be a word that no table's may.
    pub fn function(&mut self) -> Read<Name> {
        self.qualified_from(Cursor::label)
    }

    /// A table of a statement on tables: `[ONLY] name [*]`, `ONLY (name)`.
    pub fn relation(&mut self) -> Read<Name> {
        if self.eat(&["only"]) && self.is_mark(b'(') {
            return self.in_group(Cursor::qualified);
        }
        let name = self.qualified()?;
        self.eat_operator("*");
        Ok(name)
    }

    fn qualified_from(&mut self, first: impl FnOnce(&mut Self) -> Read<Arc<str>>) -> Read<Name> {
        let start = self.at;
        let (mut schema, mut name) = (None, first(self));
        while self.is_mark(b'.') {
            self.at += 1;
            (schema, name) = (Some(name), self.label());
        }
        // the whole name is passed by, whatever is in it
        match schema.transpose() {
            Ok(schema) => Ok(Name::new(schema.as_deref(), &name?)),
            Err(Stop::Hole) => Err(Stop::Hole),
            Err(stop) => {
                self.at = start;
                Err(stop)
            }
        }
    }

    /// A comma-separated list of whatever `item` reads.
    pub fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        let mut res = vec![item(self)?];
        while self.eat_mark(b',') {
            res.push(item(self)?);
        }
        Ok(res)
    }

    /// `(a, b)`: names.
    pub fn columns(&mut self) -> Read<Vec<Arc<str>>> {
        self.in_group(|group| group.list(Cursor::id))
    }

    /// A group in brackets, as a cursor over what is inside; reading goes on behind it.
    pub fn group(&mut self) -> Read<Cursor<'a>> {
        let inner = self.open()?;
        if self.eat_mark(b')') { Ok(inner) } else { Err(Stop::Unread) }
    }

    /// A group in brackets that `read` reads to its end. Whatever is wrong inside comes before a bracket that is missing.
    pub fn in_group<T>(&mut self, read: impl FnOnce(&mut Cursor<'a>) -> Read<T>) -> Read<T> {
        let mut inner = self.open()?;
        let res = read(&mut inner).and_then(|res| if inner.is_done() { Ok(res) } else { inner.unexpected() });
        match res {
            Err(Stop::Unexpected(_)) => res,
            // the bracket may be missing further back
            Ok(_) if self.is_done() && inner.passed == inner.at => Err(Stop::Unread),
            _ => self.expect_mark(b')').and(res),
        }
    }

    /// What stands behind an opening bracket, up to the one that closes it; reading goes on there.
    fn open(&mut self) -> Read<Cursor<'a>> {
        self.expect_mark(b'(')?;
        let start = self.at;
        self.skip_while(|_, _| true);
        let tokens = self.tokens.get(start..self.at).unwrap_or(&[]);
        Ok(Cursor { base: self.base + start, ..self.source.at(tokens) })
    }

    /// Passes tokens for which `goes_on` holds, and groups in brackets wholly; stops at a closing bracket that was not
    /// opened here. Returns what it passed.
    pub fn skip_while(&mut self, goes_on: impl Fn(&Cursor<'a>, &Token) -> bool) -> &'a [Token] {
        let (start, mut depth) = (self.at, 0usize);
        while let Some(token) = self.peek() {
            match token.kind {
                Kind::Mark(b')' | b']') if depth == 0 => break,
                Kind::Mark(b')' | b']') => depth -= 1,
                _ if depth == 0 && !goes_on(self, token) => break,
                Kind::Mark(b'(' | b'[') => depth += 1,
                _ => {}
            }
            self.at += 1;
        }
        if self.at > start + 1 {
            self.passed = self.at;
        }
        self.tokens.get(start..self.at).unwrap_or(&[])
    }

    /// An expression: up to a comma, a closing bracket or one of the words, outside brackets and CASE.
    pub fn expression(&mut self, ends: &[&str]) -> Read<&'a [Token]> {
        let start = self.at;
        let mut n_cases = 0usize;
        loop {
            let is_first = self.at == start;
            self.skip_while(|cursor, token| {
                token.kind != Kind::Mark(b',')
                    && !cursor.source.is_one_of(token, &["case", "end"])
                    && (n_cases > 0 || (is_first && cursor.at == start) || !cursor.source.is_one_of(token, ends))
            });
            match self.peek() {
                Some(token) if self.source.is_word(token, "case") => n_cases += 1,
                Some(token) if self.source.is_word(token, "end") && n_cases > 0 => n_cases -= 1,
                Some(token) if token.kind == Kind::Mark(b',') && n_cases > 0 => {}
                _ => break,
            }
            self.at += 1;
        }
        match self.at > start {
            true => Ok(self.tokens.get(start..self.at).unwrap_or(&[])),
            false => self.unexpected(),
        }
    }

    pub fn string(&mut self) -> Read<Option<Arc<str>>> {
        match self.peek() {
            Some(token) if token.kind == Kind::Text => {
                self.at += 1;
                Ok(self.source.string(token))
            }
            _ => self.unexpected(),
        }
    }
}
