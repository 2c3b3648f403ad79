use super::replay::{At, again};
use super::{Check, Finding, Reporter, declare_rule};
use crate::schema::Object;

declare_rule! {
    /// A downgrade leaves an enum type behind that the upgrade creates.
    ///
    /// ## Why is this bad?
    /// Dropping a table or a column never drops the type of a column with it, and autogenerate writes no DROP TYPE. The next upgrade
    /// creates the type again, and fails: `type "status" already exists` (SQLSTATE 42710).
    ///
    /// ## Example
    /// ```python
    /// def upgrade():
    ///     op.create_table("orders", sa.Column("status", sa.Enum("new", "paid", name="status")))
    ///
    /// def downgrade():
    ///     op.drop_table("orders")
    /// ```
    ///
    /// ## Fix
    /// ```python
    /// def downgrade():
    ///     op.drop_table("orders")
    ///     op.execute("DROP TYPE status")
    /// ```
    "leftover-enum-type", Warning, Check::Step(check)
}

fn check(at: &At, reporter: &mut Reporter) {
    // one that does nothing at all leaves more than types
    if at.irreversible().is_some() {
        return;
    }
    for (object, origin) in at.left_behind() {
        let Object::Type(ty) = object else { continue };
        reporter.report(Finding {
            message: format!("the downgrade leaves the enum type `{ty}` behind, and the next upgrade fails on it"),
            revisions: vec![at.node.id.clone()],
            labels: vec![at.label(origin, "created here")],
            notes: vec![again(object)],
            help: vec![format!("at the end of downgrade: op.execute(\"DROP TYPE {ty}\")")],
            ..Finding::default()
        });
    }
}
