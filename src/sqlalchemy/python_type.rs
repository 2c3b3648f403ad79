//! What Python's annotations say: whether `None` is allowed, what is left without it, whether two are the same.

use crate::python::interpret::{Arguments, Operator, TermKind, Value};

/// Annotations within annotations: deeper than any real one.
const MOST_DEEP: usize = 20;

/// What the annotation of a column comes to (SQLAlchemy's `MappedColumn._init_column_for_annotation`).
pub(super) struct Annotation<'a> {
    /// Whether `None` is allowed; `None`: that cannot be told.
    pub optional: Option<bool>,
    /// What the type is looked up by, in this order; more than one value is a union.
    pub candidates: Vec<Vec<Value<'a>>>,
    /// What `Annotated` adds.
    pub metadata: Vec<Value<'a>>,
    /// What the type is looked up by when there is no other: what a `NewType` or an alias stands for.
    pub fallback: Option<Vec<Value<'a>>>,
}

impl<'a> Annotation<'a> {
    pub(super) fn of(value: &Value<'a>) -> Self {
        let optional = allows_none(value, MOST_DEEP);
        let mut candidates = Vec::new();
        let mut ours = without_none(value);
        if let [alias] = ours.as_slice()
            && let Some(aliased) = alias_value(alias)
        {
            candidates.push(ours);
            ours = without_none(&aliased);
        }
        let (mut metadata, mut inner) = (Vec::new(), None);
        let mut fallback = None;
        if let [one] = ours.as_slice() {
            match annotated(one) {
                Some((first, rest)) => {
                    inner = Some(without_none(&first));
                    metadata = rest;
                }
                None => fallback = stands_for(one),
            }
        }
        candidates.push(ours);
        candidates.extend(inner);
        Annotation { optional, candidates, metadata, fallback }
    }
}

/// The name of something in `typing`, be it that of the package with its later additions.
pub(super) fn typing_name<'v>(value: &'v Value<'_>) -> Option<&'v str> {
    let (module, name) = value.as_name()?.rsplit_once('.')?;
    matches!(module, "typing" | "typing_extensions").then_some(name)
}

/// `generic[argument]`
pub(super) fn item<'v, 'a>(value: &'v Value<'a>) -> Option<(&'v Value<'a>, &'v Value<'a>)> {
    match &value.as_term()?.kind {
        TermKind::Item(generic, argument) => Some((generic, argument)),
        _ => None,
    }
}

/// The first argument of `Annotated`, and the others; one within another is the same as both in one.
pub(super) fn annotated<'a>(value: &Value<'a>) -> Option<(Value<'a>, Vec<Value<'a>>)> {
    let (mut value, mut res) = (value.clone(), Vec::new());
    for _ in 0..MOST_DEEP {
        let Some((generic, Value::Tuple(arguments))) = item(&value) else { break };
        if typing_name(generic) != Some("Annotated") {
            break;
        }
        let Some((first, rest)) = arguments.split_first() else { break };
        let mut metadata = rest.to_vec();
        metadata.append(&mut res);
        (value, res) = (first.clone(), metadata);
    }
    (!res.is_empty()).then_some((value, res))
}

/// The values of `Literal[…]`.
pub(super) fn literals<'a>(value: &Value<'a>) -> Option<Vec<Value<'a>>> {
    fn walk<'a>(value: &Value<'a>, res: &mut Vec<Value<'a>>, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        let (generic, arguments) = item(value)?;
        if typing_name(generic) != Some("Literal") {
            return None;
        }
        let arguments = match arguments {
            Value::Tuple(arguments) => arguments.to_vec(),
            one => vec![one.clone()],
        };
        for argument in arguments {
            if item(&argument).is_some() {
                walk(&argument, res, depth)?;
            } else {
                res.push(argument);
            }
        }
        Some(())
    }
    let mut res = Vec::new();
    walk(value, &mut res, MOST_DEEP)?;
    Some(res)
}

/// What a type alias stands for: `type X = …`, `TypeAliasType("X", …)`.
pub(super) fn alias_value<'a>(value: &Value<'a>) -> Option<Value<'a>> {
    called(value, "TypeAliasType").and_then(|arguments| arguments.get(1, "value"))
}

fn called<'v, 'a>(value: &'v Value<'a>, name: &str) -> Option<&'v Arguments<'a>> {
    let (callee, arguments) = super::call_of(value)?;
    (typing_name(callee) == Some(name)).then_some(arguments)
}

/// What a `NewType` or an alias stands for in the end.
fn stands_for<'a>(value: &Value<'a>) -> Option<Vec<Value<'a>>> {
    let mut res = None;
    let mut value = value.clone();
    for _ in 0..MOST_DEEP {
        let inner = match called(&value, "NewType") {
            Some(arguments) => arguments.get(1, "tp")?,
            None => match alias_value(&value) {
                Some(inner) => inner,
                None => break,
            },
        };
        let members = without_none(&inner);
        res = Some(members.clone());
        match members.as_slice() {
            [one] => value = one.clone(),
            _ => break,
        }
    }
    res
}

/// What a union is made of, or the value itself.
pub(super) fn members<'a>(value: &Value<'a>) -> Vec<Value<'a>> {
    fn walk<'a>(value: &Value<'a>, res: &mut Vec<Value<'a>>, depth: usize) {
        const MOST: usize = 100;
        let Some(depth) = depth.checked_sub(1).filter(|_| res.len() < MOST) else {
            res.push(Value::Unknown);
            return;
        };
        match value.as_term().map(|term| &term.kind) {
            Some(TermKind::Binary(Operator::BitOr, left, right)) => {
                walk(left, res, depth);
                walk(right, res, depth);
            }
            Some(TermKind::Item(generic, argument)) => match (typing_name(generic), argument) {
                (Some("Optional"), argument) => {
                    walk(argument, res, depth);
                    res.push(Value::None);
                }
                (Some("Union"), Value::Tuple(arguments)) => {
                    arguments.iter().for_each(|argument| walk(argument, res, depth));
                }
                (Some("Union"), argument) => walk(argument, res, depth),
                _ => res.push(value.clone()),
            },
            _ => res.push(value.clone()),
        }
    }
    let mut res: Vec<Value<'a>> = Vec::new();
    // a chain of `|` leans to the left
    walk(value, &mut res, 5 * MOST_DEEP);
    let mut once: Vec<Value<'a>> = Vec::new();
    for value in res {
        if !once.iter().any(|known| known.same(&value)) {
            once.push(value);
        }
    }
    once
}

fn is_none(value: &Value<'_>) -> bool {
    matches!(value, Value::None) || value.as_name().is_some_and(|name| name.ends_with(".NoneType"))
}

pub(super) fn without_none<'a>(value: &Value<'a>) -> Vec<Value<'a>> {
    let mut res = members(value);
    res.retain(|value| !is_none(value));
    res
}

/// Whether an annotation allows `None` (SQLAlchemy's `includes_none`).
fn allows_none(value: &Value<'_>, depth: usize) -> Option<bool> {
    let depth = depth.checked_sub(1)?;
    let mut res = Some(false);
    for member in members(value) {
        let inner = match &member {
            Value::Unknown => None,
            member if is_none(member) => Some(true),
            member => match (annotated(member), alias_value(member), called(member, "NewType")) {
                (Some((first, _)), ..) => allows_none(&first, depth),
                (_, Some(aliased), _) => allows_none(&aliased, depth),
                (_, _, Some(arguments)) => arguments.get(1, "tp").and_then(|tp| allows_none(&tp, depth)),
                _ if matches!(member.as_term().map(|term| &term.kind), Some(TermKind::Choice { .. })) => None,
                _ => Some(false),
            },
        };
        match inner {
            Some(true) => return Some(true),
            Some(false) => {}
            None => res = None,
        }
    }
    res
}

/// Whether two annotations are equal, as keys of a dictionary are; `None`: that cannot be told.
pub(super) fn same<'a>(a: &[Value<'a>], b: &[Value<'a>]) -> Option<bool> {
    same_members(a, b, MOST_DEEP)
}

fn same_members<'a>(a: &[Value<'a>], b: &[Value<'a>], depth: usize) -> Option<bool> {
    if a.len() != b.len() {
        return Some(false);
    }
    let mut res = Some(true);
    for value in a {
        let found: Vec<Option<bool>> = b.iter().map(|other| same_value(value, other, depth)).collect();
        match (found.contains(&Some(true)), found.contains(&None)) {
            (true, _) => {}
            (false, true) => res = None,
            (false, false) => return Some(false),
        }
    }
    res
}

fn same_value<'a>(a: &Value<'a>, b: &Value<'a>, depth: usize) -> Option<bool> {
    let depth = depth.checked_sub(1)?;
    if a.same(b) {
        return Some(true);
    }
    let (one, two) = (members(a), members(b));
    if one.len() > 1 || two.len() > 1 {
        return same_members(&one, &two, depth);
    }
    match (a, b) {
        (Value::Unknown, _) | (_, Value::Unknown) => None,
        (Value::Tuple(a), Value::Tuple(b)) => {
            if a.len() != b.len() {
                return Some(false);
            }
            let all: Vec<Option<bool>> = a.iter().zip(b.iter()).map(|(a, b)| same_value(a, b, depth)).collect();
            match (all.contains(&Some(false)), all.contains(&None)) {
                (true, _) => Some(false),
                (false, open) => (!open).then_some(true),
            }
        }
        (Value::Term(x), Value::Term(y)) => match (&x.kind, &y.kind) {
            (TermKind::Name(x), TermKind::Name(y)) => same_name(x, y),
            (TermKind::Item(x, key), TermKind::Item(y, other)) => match same_value(x, y, depth) {
                Some(true) => same_value(key, other, depth),
                found => found,
            },
            // two objects; those of some classes compare by what is in them
            (TermKind::Call { callee: x, .. }, TermKind::Call { callee: y, .. }) => {
                let by_identity = typing_name(x).is_some() || super::column::is_column_class(x);
                if by_identity { Some(false) } else { same_value(x, y, depth).filter(|same| !same) }
            }
            (TermKind::Choice { .. }, _) | (_, TermKind::Choice { .. }) => None,
            _ => Some(false),
        },
        (Value::Term(term), _) | (_, Value::Term(term)) => {
            (!matches!(term.kind, TermKind::Choice { .. })).then_some(false)
        }
        _ => a.equal(b),
    }
}

/// A library may hand on under another path what it defines elsewhere.
fn same_name(a: &str, b: &str) -> Option<bool> {
    let split = |path: &'_ str| {
        let (module, name) = path.rsplit_once('.').unwrap_or(("", path));
        let root = module.split('.').next().unwrap_or_default().to_owned();
        (root.strip_suffix("_extensions").map(str::to_owned).unwrap_or(root), name.to_owned())
    };
    match split(a) == split(b) {
        true if a == b || split(a).0 == "typing" => Some(true),
        true => None,
        false => Some(false),
    }
}
