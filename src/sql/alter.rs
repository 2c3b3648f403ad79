//! ALTER of tables, types and everything else.

use super::cursor::{Cursor, Read, Stop};
use super::query::{Query, Scope, scalar};
use super::table::{checked, column, constraint, is_constraint};
use super::token::Kind;
use super::types::column_type;
use super::{Dialect, Found};
use crate::schema::{Action, DefaultChange, Guard, Name, Object, OtherKind, Retype, Touches};

/// Behind `ALTER`.
pub fn alter(cursor: &mut Cursor) -> Read<Found> {
    if cursor.eat(&["table"]) || cursor.eat(&["foreign", "table"]) {
        return table(cursor);
    }
    if cursor.eat(&["type"]) {
        let name = cursor.qualified()?;
        return ty(cursor, name).map(Found::from);
    }
    const OTHERS: [(&[&str], Kinds); 8] = [
        (&["index"], Kinds::Index),
        (&["sequence"], Kinds::Other(OtherKind::Sequence)),
        (&["view"], Kinds::Other(OtherKind::View)),
        (&["materialized", "view"], Kinds::Other(OtherKind::MaterializedView)),
        (&["schema"], Kinds::Other(OtherKind::Schema)),
        (&["domain"], Kinds::Other(OtherKind::Type)),
        (&["extension"], Kinds::Other(OtherKind::Extension)),
        (&["function"], Kinds::Other(OtherKind::Function)),
    ];
    if let Some((_, kind)) = OTHERS.into_iter().find(|(words, _)| cursor.eat(words)) {
        return other(cursor, kind);
    }
    const WITHOUT_CONSEQUENCE: [&str; 27] = [
        "aggregate",
        "collation",
        "conversion",
        "database",
        "default",
        "event",
        "foreign",
        "group",
        "language",
        "large",
        "operator",
        "policy",
        "procedure",
        "publication",
        "role",
        "routine",
        "rule",
        "server",
        "statistics",
        "subscription",
        "system",
        "tablespace",
        "text",
        "trigger",
        "user",
        "access",
        "login",
    ];
    if cursor.eat_one_of(&WITHOUT_CONSEQUENCE) {
        cursor.skip_while(|_, _| true);
        return Ok(Action::Nothing.into());
    }
    cursor.unexpected()
}

#[derive(Clone, Copy)]
enum Kinds {
    Index,
    Other(OtherKind),
}

fn other(cursor: &mut Cursor, kind: Kinds) -> Read<Found> {
    let if_exists = cursor.if_exists()?;
    let name = cursor.qualified()?;
    if matches!(kind, Kinds::Other(OtherKind::Function)) && cursor.is_mark(b'(') {
        cursor.group()?;
    }
    let object = match kind {
        Kinds::Index => Object::Index(name.clone()),
        Kinds::Other(OtherKind::Type) => Object::Type(name.clone()),
        Kinds::Other(kind) => Object::Other(kind, name.clone()),
    };
    let action = if cursor.eat(&["rename", "to"]) {
        let to = cursor.id()?;
        match kind {
            // one that has gone is no error, and says so itself
            Kinds::Index => return Ok(Action::RenameIndex { name, to, if_exists }.into()),
            Kinds::Other(OtherKind::Function) => Action::Nothing,
            Kinds::Other(OtherKind::Type) => Action::RenameType { name, to },
            Kinds::Other(kind) => Action::RenameOther { kind, name, to },
        }
    } else if cursor.eat(&["set", "schema"]) {
        let to = schema(cursor)?;
        match kind {
            Kinds::Other(OtherKind::Function | OtherKind::Extension) => Action::Nothing,
            _ => Action::SetSchema { object: object.clone(), to },
        }
    } else {
        cursor.skip_while(|_, _| true);
        Action::Nothing
    };
    let mut res = Found::from(action);
    if if_exists {
        res.guards.push(Guard::Exists { object, holds: true });
    }
    Ok(res)
}

/// The name of a schema; `None` is `public`.
fn schema(cursor: &mut Cursor) -> Read<Option<std::sync::Arc<str>>> {
    Ok(Some(cursor.id()?).filter(|name| &**name != "public"))
}

fn ty(cursor: &mut Cursor, name: Name) -> Read<Action> {
    Ok(if cursor.eat(&["add", "value"]) {
        let if_not_exists = cursor.if_not_exists();
        let value = cursor.string()?;
        let mut place = |word: &str| if cursor.eat(&[word]) { cursor.string().map(Some) } else { Ok(None) };
        let (before, after) = (place("before")?, place("after")?);
        // a hole in the place makes only the place unknown
        match value {
            Some(value) => Action::AddEnumValue {
                ty: name,
                value,
                if_not_exists,
                before: before.flatten(),
                after: after.flatten(),
            },
            None => touching(cursor, Object::Type(name)),
        }
    } else if cursor.eat(&["rename", "value"]) {
        let from = cursor.string()?;
        cursor.expect(&["to"])?;
        match (from, cursor.string()?) {
            (Some(from), Some(to)) => Action::RenameEnumValue { ty: name, from, to },
            _ => touching(cursor, Object::Type(name)),
        }
    } else if cursor.eat(&["rename", "to"]) {
        Action::RenameType { name, to: cursor.id()? }
    } else if cursor.eat(&["set", "schema"]) {
        Action::SetSchema { object: Object::Type(name), to: schema(cursor)? }
    } else if cursor.is(&["rename", "attribute"])
        || cursor.is(&["owner", "to"])
        || cursor.is(&["add", "attribute"])
        || cursor.is(&["drop", "attribute"])
        || cursor.is(&["alter", "attribute"])
        || (cursor.is(&["set"]) && cursor.peek_at(1).is_some_and(|next| next.kind == Kind::Mark(b'(')))
    {
        cursor.skip_while(|_, _| true);
        Action::Nothing
    } else {
        // the word that is wrong stands behind these, as in DROP VALUE
        let _ = cursor.eat_one_of(&["add", "drop", "rename", "set", "alter", "owner"]);
        return cursor.unexpected();
    })
}

pub fn touching(cursor: &Cursor, object: Object) -> Action {
    Action::Unknown { text: super::excerpt(cursor.source, cursor.tokens), touches: Touches::Objects(vec![object]) }
}

fn table(cursor: &mut Cursor) -> Read<Found> {
    let if_exists = cursor.if_exists()?;
    cursor.eat(&["only"]);
    let name = cursor.qualified()?;
    cursor.eat_operator("*");
    let mut res = Found::default();
    if if_exists {
        res.guards.push(Guard::Exists { object: Object::Table(name.clone()), holds: true });
    }
    if cursor.eat(&["rename", "to"]) {
        // says itself that it may be missing
        res.guards.clear();
        res.actions.push(Action::RenameTable { name, to: cursor.id()?, if_exists });
        return Ok(res);
    }
    if let Some(action) = alone(cursor, &name)? {
        res.actions.push(action);
        return Ok(res);
    }
    let is_other = cursor.source.options.dialect == Dialect::Other;
    loop {
        let start = cursor.at;
        let actions = match action(cursor, &name) {
            Ok(actions) if cursor.is_done() || cursor.is_mark(b',') => Ok(actions),
            Ok(_) => cursor.unexpected(),
            Err(stop) => Err(stop),
        };
        match actions {
            Ok(actions) => res.actions.extend(actions),
            Err(stop @ Stop::Unexpected(_)) if !is_other => return Err(stop),
            Err(_) => {
                cursor.at = start;
                cursor.skip_while(|_, token| token.kind != Kind::Mark(b','));
                res.actions.push(touching(cursor, Object::Table(name.clone())));
            }
        }
        if !cursor.eat_mark(b',') {
            return Ok(res);
        }
    }
}

/// An action that is not one of several.
fn alone(cursor: &mut Cursor, table: &Name) -> Read<Option<Action>> {
    let table = table.clone();
    let read = |cursor: &mut Cursor| {
        Ok(Some(if cursor.eat(&["rename", "constraint"]) {
            let name = cursor.id()?;
            cursor.expect(&["to"])?;
            Action::RenameConstraint { table: table.clone(), name, to: cursor.id()? }
        } else if cursor.eat(&["rename"]) {
            cursor.eat(&["column"]);
            let column = cursor.id()?;
            cursor.expect(&["to"])?;
            let rename = Some(cursor.id()?);
            Action::AlterColumn { table: table.clone(), column, retype: None, nullable: None, default: None, rename }
        } else if cursor.eat(&["set", "schema"]) {
            Action::SetSchema { object: Object::Table(table.clone()), to: schema(cursor)? }
        } else {
            return Ok(None);
        }))
    };
    match read(cursor) {
        Err(Stop::Hole) => {
            cursor.skip_while(|_, _| true);
            Ok(Some(touching(cursor, Object::Table(table.clone()))))
        }
        other => other,
    }
}

/// One action of ALTER TABLE.
fn action(cursor: &mut Cursor, table: &Name) -> Read<Vec<Action>> {
    const WITHOUT_CONSEQUENCE: [&str; 14] = [
        "validate", "owner", "enable", "disable", "force", "cluster", "inherit", "replica", "attach", "detach", "of",
        "reset", "set", "options",
    ];
    let name = table.clone();
    let mut compares = Vec::new();
    if cursor.eat(&["add"]) {
        if is_constraint(cursor) {
            let (constraint, index) = constraint(cursor, &mut compares)?;
            let mut res = Vec::new();
            // the index goes over to the constraint, and takes its name
            res.extend(index.map(|index| Action::DropIndex {
                name: table.sibling(&index),
                table: Some(name.clone()),
                if_exists: false,
                cascade: false,
                concurrently: false,
            }));
            res.push(Action::AddConstraint { table: name, constraint });
            res.extend(checked(table, compares));
            return Ok(res);
        }
        cursor.eat(&["column"]);
        let if_not_exists = cursor.if_not_exists();
        let column = column(cursor, &mut compares)?;
        let mut res = vec![Action::AddColumn { table: name, column, if_not_exists }];
        res.extend(checked(table, compares));
        return Ok(res);
    }
    let action = if cursor.eat(&["drop", "constraint"]) {
        let if_exists = cursor.if_exists()?;
        let name = match cursor.id() {
            Ok(name) => Some(name),
            Err(Stop::Hole) => None,
            Err(stop) => return Err(stop),
        };
        Action::DropConstraint { table: table.clone(), name, if_exists, cascade: cursor.cascade() }
    } else if cursor.eat(&["drop"]) {
        cursor.eat(&["column"]);
        let if_exists = cursor.if_exists()?;
        let column = cursor.id()?;
        Action::DropColumn { table: name, column, if_exists, cascade: cursor.cascade() }
    } else if cursor.eat(&["alter", "constraint"]) {
        cursor.skip_while(|_, token| token.kind != Kind::Mark(b','));
        Action::Nothing
    } else if cursor.eat(&["alter"]) {
        cursor.eat(&["column"]);
        return alter_column(cursor, name);
    } else if cursor.is_one_of(&WITHOUT_CONSEQUENCE) {
        cursor.at += 1;
        if cursor.is_done() || cursor.is_mark(b',') {
            return cursor.unexpected();
        }
        cursor.skip_while(|_, token| token.kind != Kind::Mark(b','));
        Action::Nothing
    } else if cursor.eat(&["not", "of"]) {
        Action::Nothing
    } else if cursor.eat(&["no", "inherit"]) {
        cursor.qualified()?;
        Action::Nothing
    } else if cursor.eat(&["no", "force", "row", "level", "security"]) {
        Action::Nothing
    } else {
        return cursor.unexpected();
    };
    Ok(vec![action])
}

fn alter_column(cursor: &mut Cursor, table: Name) -> Read<Vec<Action>> {
    if cursor.peek().is_some_and(|token| token.kind == Kind::Number) {
        // SET STATISTICS of an index's expression
        return Err(Stop::Unread);
    }
    let column = cursor.id()?;
    let (mut retype, mut nullable, mut default) = (None, None, None);
    let mut compares = Vec::new();
    if cursor.eat(&["set", "data", "type"]) || cursor.eat(&["type"]) {
        let ty = column_type(cursor)?.ty;
        if cursor.eat(&["collate"]) {
            cursor.qualified()?;
        }
        let using = cursor.eat(&["using"]);
        if using {
            let expression = cursor.expression(&[])?;
            compares = Query::read(cursor.source, expression, Scope::of(&table)).compares;
        }
        retype = Some(Retype { ty, enumeration: None, using });
    } else if cursor.eat(&["set", "not", "null"]) {
        nullable = Some(false);
    } else if cursor.eat(&["drop", "not", "null"]) {
        nullable = Some(true);
    } else if cursor.eat(&["set", "default"]) {
        let expression = cursor.expression(&[])?;
        default = Some(match cursor.source.has_hole(expression) {
            true => DefaultChange::Unknown,
            false => DefaultChange::Set(scalar(cursor.source, expression)),
        });
    } else if cursor.eat(&["drop", "default"]) {
        default = Some(DefaultChange::Drop);
    } else if cursor.eat(&["drop", "identity"]) || cursor.eat(&["drop", "expression"]) {
        cursor.if_exists()?;
        default = Some(DefaultChange::Drop);
    } else if cursor.eat(&["add", "generated"]) || cursor.eat(&["set", "generated"]) {
        cursor.skip_while(|_, token| token.kind != Kind::Mark(b','));
        default = Some(DefaultChange::Unknown);
    } else if cursor.is_one_of(&["set", "reset", "restart"]) {
        let may_follow = [
            "statistics",
            "storage",
            "compression",
            "increment",
            "minvalue",
            "maxvalue",
            "start",
            "cache",
            "cycle",
            "no",
            "restart",
        ];
        let is_set = cursor.eat(&["set"]);
        let fits = !is_set || cursor.is_mark(b'(') || cursor.is_one_of(&may_follow);
        if !fits {
            return cursor.unexpected();
        }
        cursor.skip_while(|_, token| token.kind != Kind::Mark(b','));
        return Ok(vec![Action::Nothing]);
    } else {
        let _ = cursor.eat_one_of(&["drop", "add"]);
        return cursor.unexpected();
    }
    let mut res: Vec<Action> = checked(&table, compares).into_iter().collect();
    res.push(Action::AlterColumn { table, column, retype, nullable, default, rename: None });
    Ok(res)
}
