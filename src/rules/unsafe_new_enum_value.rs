use super::replay::{At, refused};
use super::{Check, Reporter, declare_rule};
use crate::schema::{Action, Error, Object, Runs};

declare_rule! {
    /// A value is used in the transaction that adds it to its enum type.
    ///
    /// ## Why is this bad?
    /// PostgreSQL lets `ALTER TYPE … ADD VALUE` into a transaction since version 12, but the value counts only once that is committed:
    /// `unsafe use of new value "refunded" of enum type status` (SQLSTATE 55P04). Alembic runs all pending revisions in one transaction, so a
    /// later revision that uses the value fails as well when both are applied together.
    ///
    /// ## Example
    /// ```python
    /// op.execute("ALTER TYPE status ADD VALUE 'refunded'")
    /// op.execute("UPDATE payments SET status = 'refunded' WHERE amount < 0")
    /// ```
    ///
    /// ## Fix
    /// Commit it first:
    /// ```python
    /// with op.get_context().autocommit_block():
    ///     op.execute("ALTER TYPE status ADD VALUE 'refunded'")
    /// ```
    "unsafe-new-enum-value", Error, Check::Step(check)
}

fn check(at: &At, reporter: &mut Reporter) {
    for (fault, part) in at.faults() {
        let Error::UnsafeNewValue { ty, value } = &fault.error else { continue };
        let message = match fault.runs {
            Runs::Once => format!(
                "`{value}` is new in the enum type `{ty}`, and not committed when this runs together with the revision that adds it"
            ),
            _ => format!("`{value}` is used in the transaction that adds it to the enum type `{ty}`"),
        };
        let mut finding = refused(at, fault, part, message, "");
        let adds = |action: &Action| action.makes(&Object::EnumValue(ty.clone(), value.clone()));
        finding.labels.extend(at.last_before(fault.span, adds, "added here"));
        finding.help = vec![
            "add the value in a block that commits:".into(),
            "with op.get_context().autocommit_block():".into(),
            format!("    op.execute(\"ALTER TYPE {ty} ADD VALUE '{value}'\")"),
        ];
        reporter.report(finding);
    }
}
