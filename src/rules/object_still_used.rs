use super::replay::{At, named, names, refused};
use super::{Check, Reporter, declare_rule};
use crate::schema::Error;

declare_rule! {
    /// Something is dropped that others still depend on.
    ///
    /// ## Why is this bad?
    /// PostgreSQL stops: `cannot drop type status because other objects depend on it` (SQLSTATE 2BP01). With CASCADE it would not stop, and
    /// take the columns along.
    ///
    /// ## Example
    /// ```python
    /// def downgrade():
    ///     op.execute("DROP TYPE status")  # payments.status is of that type
    ///     op.drop_table("payments")
    /// ```
    ///
    /// ## Fix
    /// Drop what depends on it first.
    "object-still-used", Error, Check::Step(check)
}

fn check(at: &At, reporter: &mut Reporter) {
    for (fault, part) in at.faults() {
        let Error::StillUsed { object, by } = &fault.error else { continue };
        let message = format!("{} is dropped while {} still needs it", named(object), names(by));
        let mut finding = refused(at, fault, part, message, "");
        finding.labels.extend(at.origins(&fault.related, "needs it"));
        finding.help = vec![format!("drop {} first", names(by))];
        reporter.report(finding);
    }
}
