//! Types in words, and which turn into which without USING.

use crate::schema::Type;

/// A type as `format_type` prints it.
pub(super) fn shown(ty: &Type) -> String {
    let mut depth = 0;
    let mut ty = ty;
    while let Type::Array(of) = ty {
        (ty, depth) = (of, depth + 1);
    }
    let mut res = match ty {
        Type::BuiltIn { name, modifiers } if modifiers.is_empty() => (*name).to_owned(),
        Type::BuiltIn { name, modifiers } => {
            let modifiers = modifiers.iter().map(i32::to_string).collect::<Vec<_>>().join(",");
            format!("{name}({modifiers})")
        }
        Type::Named { name, modifiers } => {
            format!("{name}{}", modifiers.as_ref().map(|text| format!("({text})")).unwrap_or_default())
        }
        Type::Array(_) | Type::Unknown => "?".to_owned(),
    };
    if depth > 0 {
        res.push_str("[]");
    }
    res
}

/// Whether ALTER COLUMN … TYPE does without USING; `None` when that cannot be told.
pub(super) fn casts(from: &Type, to: &Type) -> Option<bool> {
    let is_text = |ty: &Type| matches!(ty, Type::BuiltIn { name: "text" | "character varying" | "character", .. });
    match (from, to) {
        (Type::Unknown, _) | (_, Type::Unknown) => None,
        (from, to) if from == to => Some(true),
        (_, to) if is_text(to) => Some(true),
        (Type::BuiltIn { .. }, Type::Named { .. }) => Some(false),
        _ => None,
    }
}
