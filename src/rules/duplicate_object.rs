use super::replay::{At, Part, named, refused};
use super::{Check, Reporter, declare_rule};
use crate::schema::{Error, Object, Reason, Runs};

declare_rule! {
    /// A migration creates something that is there already.
    ///
    /// ## Why is this bad?
    /// PostgreSQL stops: `type "status" already exists` (SQLSTATE 42710), `relation "users" already exists` (42P07), `column "email" of
    /// relation "users" already exists` (42701). Enum types are the trap. `sa.Enum(…).create(bind)` does not look whether the type
    /// is there; `op.create_table` creates the types of its columns without looking, once a run: so two revisions that each
    /// create a table with the same enum pass on a new database, where they run together, and fail on a deployed one, where
    /// the second runs alone.
    ///
    /// ## Example
    /// ```python
    /// status = sa.Enum("new", "paid", name="status")
    ///
    /// def upgrade():
    ///     status.create(op.get_bind())
    ///     op.create_table("orders", sa.Column("id", sa.Integer), sa.Column("status", status))
    /// ```
    ///
    /// ## Fix
    /// Create a type in one place, and say everywhere else that it is there:
    /// ```python
    /// postgresql.ENUM("new", "paid", name="status", create_type=False)
    /// ```
    "duplicate-object", Error, Check::Step(check)
}

fn check(at: &At, reporter: &mut Reporter) {
    for (fault, part) in at.faults() {
        let object = match &fault.error {
            Error::Duplicate { object } => object,
            Error::Invalid { reason: Reason::SecondPrimaryKey, .. } => {
                let message = format!("`{}` gives a table a second primary key", at.node.id);
                let mut finding = refused(at, fault, part, message, "");
                finding.labels.extend(at.origins(&fault.related, "the first one"));
                finding.help = vec![
                    "drop the first with op.drop_constraint(…, type_=\"primary\"), or make this one unique".into(),
                ];
                reporter.report(finding);
                continue;
            }
            Error::Invalid { reason: Reason::LabelTwice, .. } => {
                let message =
                    format!("`{}` creates an enum type with a value that stands in its list twice", at.node.id);
                reporter.report(refused(at, fault, part, message, ""));
                continue;
            }
            _ => continue,
        };
        let when = match fault.runs {
            Runs::Every => "",
            Runs::Once => " when all revisions run at once",
            Runs::Each => " on a database that has run the revisions before it",
        };
        let message = format!("`{}` creates {}, which is there already{when}", at.node.id, named(object));
        let mut finding = refused(at, fault, part, message, "created again");
        finding.labels.extend(at.origins(&fault.related, "created here"));
        if let Object::Type(name) = object {
            let name = &name.name;
            finding.help =
                vec![format!("say that it is there: postgresql.ENUM(…, name=\"{name}\", create_type=False)")];
        }
        reporter.report(finding);
    }
    for (other, fault) in at.joined() {
        let Error::Duplicate { object } = &fault.error else { continue };
        let when = match fault.runs {
            Runs::Every | Runs::Once => "",
            Runs::Each => " on a database that has run one of them",
        };
        let message =
            format!("`{}` joins branches that both create {}: the second fails{when}", at.node.id, named(object));
        let mut finding = refused(at, fault, Part::Upgrade, message, "");
        finding.labels = vec![at.at_revision(), at.label_in(other, fault.span, "created here")];
        finding.labels.extend(at.origins(&fault.related, "and here"));
        finding.help = vec!["leave it to one of them, and let the other follow or depend on that one".into()];
        reporter.report(finding);
    }
}
