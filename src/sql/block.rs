//! `DO $$ … $$`: which statements of a PL/pgSQL block run, and under which conditions. Function bodies are never run here.

use std::ops::Range;

use super::condition;
use super::cursor::{Cursor, Source, bounds};
use super::token::{Kind, Token, tokens};
use super::{Binds, HOLE, Options, Statement, excerpt, read};
use crate::schema::{Action, Guard, Object, Touches};

/// Blocks, conditions and loops inside each other, and EXECUTE of texts with DO in them; what is deeper is unknown.
const DEEPEST: usize = 40;

/// The operations of `DO …`, or `None` when it is not in PL/pgSQL or its text cannot be told.
pub fn run(source: Source, statement: &[Token], depth: usize) -> Option<Vec<Statement>> {
    let mut cursor = source.at(statement);
    cursor.eat(&["do"]).then_some(())?;
    let mut body = None;
    while let Some(token) = cursor.peek() {
        if cursor.eat(&["language"]) {
            cursor.eat(&["plpgsql"]).then_some(())?;
        } else if token.kind == Kind::Text && body.is_none() {
            body = Some(token);
            cursor.at += 1;
        } else {
            return None;
        }
    }
    let body = body?;
    let raw = body.text(source.text);
    // a body in dollars is the text itself: its statements have places in it
    let dollars = raw.strip_prefix('$').and_then(|rest| rest.find('$')).map(|end| end + 2);
    let decoded;
    let (text, place) = match dollars {
        Some(tag) => (raw.get(tag..raw.len().checked_sub(tag)?)?, Place::Offset(body.start + tag)),
        None => {
            decoded = source.string_with_holes(body)?;
            (&*decoded, Place::Whole(body.start..body.end))
        }
    };
    let block = Source { text, in_block: true, ..source };
    let tokens = tokens(text, source.options.binds);
    let mut runner = Runner { cursor: block.at(&tokens), guards: Vec::new(), out: Vec::new(), depth, is_bound: true };
    runner.block();
    let mut res = runner.out;
    for statement in &mut res {
        statement.range = place.of(&statement.range);
    }
    Some(res)
}

enum Place {
    Offset(usize),
    Whole(Range<usize>),
}

impl Place {
    fn of(&self, range: &Range<usize>) -> Range<usize> {
        match self {
            Place::Offset(offset) => offset + range.start..offset + range.end,
            Place::Whole(range) => range.clone(),
        }
    }
}

struct Runner<'a> {
    cursor: Cursor<'a>,
    /// What holds where we are.
    guards: Vec<Guard>,
    out: Vec<Statement>,
    depth: usize,
    /// Still running: no RETURN without a condition was passed.
    is_bound: bool,
}

impl<'a> Runner<'a> {
    fn source(&self) -> Source<'a> {
        self.cursor.source
    }

    /// `[DECLARE …] BEGIN … [EXCEPTION …] END`.
    fn block(&mut self) {
        if self.cursor.eat(&["declare"]) {
            self.cursor.skip_while(|cursor, token| !cursor.source.is_word(token, "begin"));
        }
        if !self.cursor.eat(&["begin"]) {
            let rest = self.cursor.rest();
            self.cursor.at = self.cursor.tokens.len();
            return self.unknown(rest);
        }
        let start = self.out.len();
        self.statements(&["exception", "end"]);
        if self.cursor.eat(&["exception"]) {
            self.handlers(start);
        }
        self.cursor.eat(&["end"]);
        self.rest_of_statement();
    }

    /// Statements up to one of the words.
    fn statements(&mut self, ends: &[&str]) {
        while !self.cursor.is_done() && !self.cursor.is_one_of(ends) {
            let before = self.cursor.at;
            self.statement();
            // whatever is not understood, it is passed by
            if self.cursor.at == before {
                self.cursor.at += 1;
            }
        }
    }

    fn statement(&mut self) {
        if self.depth >= DEEPEST {
            let rest = self.cursor.rest();
            self.cursor.at = self.cursor.tokens.len();
            return self.unknown(rest);
        }
        self.depth += 1;
        let (start, was_bound) = (self.out.len(), self.is_bound);
        let cursor = &mut self.cursor;
        if cursor.is_one_of(&["declare", "begin"]) {
            self.block();
        } else if cursor.eat_operator("<<") {
            cursor.skip_while(|cursor, token| !cursor.source.is_operator(token, ">>"));
            cursor.eat_operator(">>");
        } else if cursor.eat(&["if"]) {
            self.condition();
        } else if cursor.eat(&["case"]) {
            self.under(&[Guard::Unknown], |runner| {
                runner.cursor.skip_while(|cursor, token| !cursor.source.is_word(token, "then"));
                while runner.cursor.eat_one_of(&["when", "then", "else"]) {
                    if runner.cursor.peek_at(0).is_some() && !runner.cursor.is_one_of(&["end"]) {
                        runner.statements(&["when", "then", "else", "end"]);
                    }
                }
            });
            self.cursor.eat(&["end"]);
            self.rest_of_statement();
        } else if cursor.is_one_of(&["for", "foreach", "while", "loop"]) {
            cursor.skip_while(|cursor, token| !cursor.source.is_word(token, "loop"));
            cursor.eat(&["loop"]);
            self.under(&[Guard::Unknown], |runner| runner.statements(&["end"]));
            self.cursor.eat(&["end"]);
            self.rest_of_statement();
        } else if cursor.is_one_of(&["return", "exit", "continue"]) {
            self.rest_of_statement();
            self.is_bound = false;
        } else if cursor.eat(&["raise"]) {
            let level = ["debug", "log", "info", "notice", "warning"];
            let fails = !cursor.is_one_of(&level);
            let tokens = self.rest_of_statement();
            if fails {
                self.push(Action::Raise, bounds(tokens));
            }
        } else if cursor.eat(&["execute"]) {
            let tokens = self.rest_of_statement();
            self.execute(tokens);
        } else if cursor.eat(&["perform"]) {
            let tokens = self.rest_of_statement();
            self.perform(tokens);
        } else if self.is_assignment() {
            self.rest_of_statement();
        } else {
            let tokens = self.rest_of_statement();
            if !tokens.is_empty() {
                let next = self.cursor.tokens.get(self.cursor.at.saturating_sub(1));
                let start = self.out.len();
                read(self.source(), tokens, next, &mut self.out, self.depth);
                self.guard(start);
            }
        }
        if !was_bound {
            // behind a RETURN
            self.out.truncate(start);
        }
        self.depth -= 1;
    }

    /// Behind IF.
    fn condition(&mut self) {
        // what must hold for the branch that we are at, because the earlier ones did not run
        let mut not_before: Vec<Guard> = Vec::new();
        loop {
            let tokens = self.cursor.skip_while(|cursor, token| !cursor.source.is_word(token, "then"));
            self.cursor.eat(&["then"]);
            let guards = condition::guards(self.source(), tokens).unwrap_or_else(|| vec![Guard::Unknown]);
            let here = [not_before.as_slice(), guards.as_slice()].concat();
            self.under(&here, |runner| runner.statements(&["elsif", "elseif", "else", "end"]));
            not_before.push(negated(&guards));
            if self.cursor.eat_one_of(&["elsif", "elseif"]) {
                continue;
            }
            if self.cursor.eat(&["else"]) {
                self.under(&not_before, |runner| runner.statements(&["end"]));
            }
            break;
        }
        self.cursor.eat(&["end"]);
        self.rest_of_statement();
    }

    /// Runs a part under more conditions. A RETURN in it is a condition for what comes after it.
    fn under(&mut self, guards: &[Guard], part: impl FnOnce(&mut Self)) {
        let outer = self.guards.clone();
        self.guards.extend_from_slice(guards);
        part(self);
        let always = !std::mem::replace(&mut self.is_bound, true);
        let sometimes = self.guards.len() > outer.len() + guards.len();
        self.guards = outer;
        if sometimes {
            self.guards.push(Guard::Unknown);
        } else if always {
            self.guards.push(negated(guards));
        }
    }

    /// `EXCEPTION WHEN … THEN …`: from `start` on, statements may have been undone.
    fn handlers(&mut self, start: usize) {
        let end = self.out.len();
        let mut conditions: Vec<&str> = Vec::new();
        while self.cursor.eat(&["when"]) {
            let names = self.cursor.skip_while(|cursor, token| !cursor.source.is_word(token, "then"));
            conditions.extend(names.iter().map(|token| token.text(self.source().text)));
            self.cursor.eat(&["then"]);
            self.under(&[Guard::Unknown], |runner| runner.statements(&["when", "end"]));
        }
        let is = |name: &str| conditions.iter().any(|condition| condition.eq_ignore_ascii_case(name));
        let made =
            ["duplicate_object", "duplicate_table", "duplicate_column", "duplicate_schema", "duplicate_function"];
        let missing = ["undefined_object", "undefined_table", "undefined_column", "undefined_function"];
        let body = &mut self.out[start..end];
        let guard = match &*body {
            [only] if made.iter().any(|name| is(name)) => {
                made_by(&only.action).map(|object| Guard::Exists { object, holds: false })
            }
            [only] if missing.iter().any(|name| is(name)) => {
                needed_by(&only.action).map(|object| Guard::Exists { object, holds: true })
            }
            _ => None,
        };
        for statement in body {
            statement.guards.push(guard.clone().unwrap_or(Guard::Unknown));
        }
    }

    fn is_assignment(&self) -> bool {
        let rest = self.cursor.rest();
        let is = |at: usize, operator: &str| {
            rest.get(at)
                .is_some_and(|token| token.kind == Kind::Operator && token.text(self.source().text).ends_with(operator))
        };
        let is_get = self.cursor.is(&["get"]) || self.cursor.is(&["null"]) || self.cursor.is(&["open"]);
        let is_part = rest.get(1).is_some_and(|next| matches!(next.kind, Kind::Mark(b'.' | b'[')));
        is_get || rest.first().is_some_and(Token::is_name) && (is(1, ":=") || is(1, "=") || is_part)
    }

    /// What is left of the statement; the semicolon is taken.
    fn rest_of_statement(&mut self) -> &'a [Token] {
        let res = self.cursor.skip_while(|_, token| token.kind != Kind::Mark(b';'));
        if !self.cursor.eat_mark(b';') && !self.cursor.is_done() {
            self.cursor.at += 1;
        }
        res
    }

    fn perform(&mut self, tokens: &'a [Token]) {
        // as SELECT, but for the word itself
        let text = format!("SELECT {}", self.source().span(tokens));
        let start = self.out.len();
        self.nested(&text, self.source().options.binds, &bounds(tokens));
        self.guard(start);
    }

    /// EXECUTE of a text: the parts of it that are known, with holes between them.
    fn execute(&mut self, tokens: &'a [Token]) {
        let mut cursor = self.source().at(tokens);
        let expression = cursor.skip_while(|cursor, token| !cursor.source.is_one_of(token, &["into", "using"]));
        let start = self.out.len();
        match built(self.source(), expression) {
            Some(text) => self.nested(&text, Binds::Raw, &bounds(tokens)),
            None => self.unknown(tokens),
        }
        self.guard(start);
    }

    fn nested(&mut self, text: &str, binds: Binds, range: &Range<usize>) {
        let options = Options { binds, ..*self.source().options };
        let source = Source { text, options: &options, in_block: true };
        let tokens = tokens(text, binds);
        let start = self.out.len();
        for (statement, next) in super::split(source, &tokens) {
            read(source, statement, next, &mut self.out, self.depth);
        }
        for statement in &mut self.out[start..] {
            statement.range = range.clone();
        }
    }

    fn unknown(&mut self, tokens: &[Token]) {
        let action = Action::Unknown { text: excerpt(self.source(), tokens), touches: Touches::Anything };
        self.push(action, bounds(tokens));
    }

    fn push(&mut self, action: Action, range: Range<usize>) {
        self.out.push(Statement { action, guards: self.guards.clone(), range });
    }

    /// Puts the statements from `start` on under the conditions that hold here.
    fn guard(&mut self, start: usize) {
        for statement in &mut self.out[start..] {
            // a text that is refused is refused whether it runs or not
            statement.guards.splice(0..0, self.guards.iter().cloned());
        }
    }
}

/// That not all of the guards hold, in one guard.
fn negated(guards: &[Guard]) -> Guard {
    match guards {
        [Guard::Exists { object, holds }] => Guard::Exists { object: object.clone(), holds: !holds },
        _ => Guard::Unknown,
    }
}

/// The text that `'a' || b`, `format('a %I', b)` or a literal comes to; holes for what is not written there. `None` when
/// nothing of its beginning is.
fn built(source: Source, tokens: &[Token]) -> Option<String> {
    let mut cursor = source.at(tokens);
    let mut res = String::new();
    loop {
        let part = cursor.skip_while(|cursor, token| !cursor.source.is_operator(token, "||"));
        match part {
            [only] if only.kind == Kind::Text => res.push_str(&source.string_with_holes(only)?),
            [format, open, text, ..]
                if source.is_word(format, "format") && open.kind == Kind::Mark(b'(') && text.kind == Kind::Text =>
            {
                res.push_str(&formatted(&source.string_with_holes(text)?));
            }
            _ if res.is_empty() => return None,
            _ => res.push(HOLE),
        }
        if !cursor.eat_operator("||") {
            return cursor.is_done().then_some(res);
        }
    }
}

/// `format()`'s text, with holes for `%I`, `%L`, `%s`, `%1$I`.
fn formatted(text: &str) -> String {
    let mut res = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        res.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let spec = rest.find(|c: char| !c.is_ascii_digit() && c != '$' && c != '-').unwrap_or(rest.len());
        match rest[spec..].chars().next() {
            Some('%') => res.push('%'),
            Some(_) => res.push(HOLE),
            None => {}
        }
        let len = rest[spec..].chars().next().map_or(0, char::len_utf8);
        rest = &rest[spec + len..];
    }
    res.push_str(rest);
    res
}

/// What an operation makes, which must not be there before.
fn made_by(action: &Action) -> Option<Object> {
    Some(match action {
        Action::CreateTable(table) => Object::Table(table.name.clone()),
        Action::CreateEnum { definition, .. } => Object::Type(definition.name.clone()),
        Action::AddColumn { table, column, .. } => Object::Column(table.clone(), column.name.clone()),
        Action::AddConstraint { table, constraint } => Object::Constraint(table.clone(), constraint.name.clone()?),
        Action::CreateIndex { table, index } => Object::Index(table.sibling(index.name.as_ref()?)),
        Action::AddEnumValue { ty, value, .. } => Object::EnumValue(ty.clone(), value.clone()),
        Action::CreateOther { kind: crate::schema::OtherKind::Type, name, .. } => Object::Type(name.clone()),
        Action::CreateOther { kind, name, .. } => Object::Other(*kind, name.clone()),
        _ => return None,
    })
}

/// What an operation needs, which must be there before.
fn needed_by(action: &Action) -> Option<Object> {
    Some(match action {
        Action::DropTable { name, .. } => Object::Table(name.clone()),
        Action::DropColumn { table, column, .. } => Object::Column(table.clone(), column.clone()),
        Action::DropConstraint { table, name, .. } => Object::Constraint(table.clone(), name.clone()?),
        Action::DropIndex { name, .. } => Object::Index(name.clone()),
        Action::DropType { name, .. } | Action::RenameType { name, .. } => Object::Type(name.clone()),
        Action::DropOther { kind, name, .. } => Object::Other(*kind, name.clone()),
        _ => return None,
    })
}
