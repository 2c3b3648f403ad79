use super::replay::{At, again, names};
use super::{Check, Finding, Reporter, declare_rule};
use crate::migration::replay::Irreversible;
use crate::schema::{Action, Object};

declare_rule! {
    /// A downgrade does not bring back the schema from before the upgrade.
    ///
    /// ## Why is this bad?
    /// The day a release is rolled back, the old code meets a schema that it does not know, and the upgrade cannot be repeated. One that
    /// raises on purpose says so and is let be, and so are projects whose downgrades are empty as a rule.
    ///
    /// ## Example
    /// ```python
    /// def upgrade():
    ///     op.add_column("users", sa.Column("email", sa.String()))
    ///
    /// def downgrade():
    ///     pass
    /// ```
    ///
    /// ## Fix
    /// Undo in `downgrade` what `upgrade` does, in the opposite order, or say that it cannot be done:
    /// `raise NotImplementedError("the old values are gone")`.
    "irreversible-downgrade", Warning, Check::Step(check)
}

fn check(at: &At, reporter: &mut Reporter) {
    let is_empty = at.irreversible() == Some(Irreversible::Empty);
    // enum types have a rule of their own
    let left: Vec<_> = at.left_behind().filter(|(object, _)| is_empty || !matches!(object, Object::Type(_))).collect();
    let lost: Vec<_> = at.lost().collect();
    let mut parts = Vec::new();
    match at.irreversible() {
        Some(Irreversible::Raises) => return,
        Some(Irreversible::Missing) if !at.changes_schema() => return,
        Some(Irreversible::Missing) => parts.push("is missing".to_owned()),
        Some(Irreversible::Empty) => parts.push("does nothing".to_owned()),
        None => {}
    }
    if !left.is_empty() {
        parts.push(format!("leaves {} behind", names(left.iter().map(|(object, _)| *object))));
    }
    if !lost.is_empty() {
        parts.push(format!("does not bring {} back", names(lost.iter().copied())));
    }
    for (column, was, is) in at.altered() {
        parts.push(format!("leaves {} {is}, which was {was}", names([column])));
    }
    if parts.is_empty() || at.is_custom(has_no_downgrade) {
        return;
    }
    let mut labels: Vec<_> = left.iter().take(3).map(|(_, span)| at.label(*span, "created here")).collect();
    for (object, _, _) in at.altered() {
        let alters = |action: &Action| matches!((action, object), (Action::AlterColumn { table, column, .. }, Object::Column(of, name)) if table == of && column == name);
        let ops = at.program().into_iter().flat_map(|program| &program.upgrade);
        labels.extend(ops.filter(|op| alters(&op.action)).map(|op| at.label(op.span, "changed here")).take(1));
    }
    if labels.is_empty() {
        labels.push(at.at_revision());
    }
    reporter.report(Finding {
        message: format!("the downgrade of `{}` {}", at.node.id, parts.join(" and ")),
        revisions: vec![at.node.id.clone()],
        labels,
        notes: left.iter().take(1).map(|(object, _)| again(object)).collect(),
        help: vec![
            "undo in `downgrade` what `upgrade` does, in the opposite order, or raise NotImplementedError there".into(),
        ],
        ..Finding::default()
    });
}

/// Whether a script has no downgrade to speak of.
fn has_no_downgrade(text: &str) -> bool {
    let body = text.split_once("\ndef downgrade").map(|(_, body)| body).unwrap_or_default();
    !body.contains("op.") && !body.contains("execute")
}
