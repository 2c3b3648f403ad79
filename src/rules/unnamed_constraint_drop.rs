use super::replay::{At, refused};
use super::{Check, Reporter, declare_rule, list};
use crate::schema::Error;

declare_rule! {
    /// A constraint is dropped without saying which.
    ///
    /// ## Why is this bad?
    /// Autogenerate writes `op.drop_constraint(None, …)` for what has no name in the model. SQLAlchemy cannot make a statement of it
    /// (`CompileError: Can't emit DROP CONSTRAINT for constraint …; it has no name`), so that a downgrade that nobody has tried fails
    /// on the day it is needed.
    ///
    /// ## Example
    /// ```python
    /// def downgrade():
    ///     op.drop_constraint(None, "users", type_="unique")
    /// ```
    ///
    /// ## Fix
    /// Name the constraint where it is created and where it is dropped. One that was created without a name has PostgreSQL's: `users_email_key`,
    /// `users_team_id_fkey`, `users_pkey`. A naming convention on the metadata names all that come.
    "unnamed-constraint-drop", Error, Check::Step(check)
}

fn check(at: &At, reporter: &mut Reporter) {
    for (fault, part) in at.faults() {
        let Error::UnnamedConstraint { table } = &fault.error else { continue };
        let message = format!("a constraint of `{table}` is dropped without its name");
        let mut finding = refused(at, fault, part, message, "");
        finding.help = match &at.names_on(table).0[..] {
            [] => vec!["name it here, and where it is created".into()],
            names => vec![format!("name it: `{table}` has {}", list(names))],
        };
        reporter.report(finding);
    }
}
