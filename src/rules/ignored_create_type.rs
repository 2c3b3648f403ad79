use super::replay::At;
use super::{Check, Finding, Reporter, declare_rule};
use crate::schema::RiskKind;

declare_rule! {
    /// `sa.Enum(create_type=False)` creates the type all the same.
    ///
    /// ## Why is this bad?
    /// Up to SQLAlchemy 2.0, `sa.Enum` takes any keyword it does not know and ignores it, `create_type` among them: `op.create_table`
    /// emits CREATE TYPE, and fails with `type "status" already exists` where the type is there. `postgresql.ENUM` has always known it;
    /// `sa.Enum` does from 2.1 on. The version is read from the project's lock file or requirements; where they leave it open, this says so.
    ///
    /// ## Example
    /// ```python
    /// op.create_table("orders", sa.Column("status", sa.Enum("new", "paid", name="status", create_type=False)))
    /// ```
    ///
    /// ## Fix
    /// ```python
    /// from sqlalchemy.dialects import postgresql
    ///
    /// postgresql.ENUM("new", "paid", name="status", create_type=False)
    /// ```
    "ignored-create-type", Warning, Check::Step(check)
}

fn check(at: &At, reporter: &mut Reporter) {
    for (risk, _) in at.risks() {
        let RiskKind::IgnoredCreateType { ty } = &risk.kind else { continue };
        let version = match at.sqlalchemy() {
            Some((major, minor)) => format!("the project pins SQLAlchemy {major}.{minor}, which ignores `create_type`"),
            None => "SQLAlchemy before 2.1 ignores `create_type` here; the project does not say which it uses".into(),
        };
        reporter.report(Finding {
            message: format!("`create_type=False` of `sa.Enum` is ignored: the table creates the type `{ty}`"),
            revisions: vec![at.node.id.clone()],
            labels: vec![at.label(risk.span, "")],
            notes: vec![version],
            help: vec![format!("postgresql.ENUM(…, name=\"{}\", create_type=False)", ty.name)],
            ..Finding::default()
        });
    }
}
