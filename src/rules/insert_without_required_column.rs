use super::replay::{At, Part, refused};
use super::{Check, Reporter, declare_rule, list};
use crate::schema::Error;

declare_rule! {
    /// An INSERT leaves out columns that are NOT NULL and have no default.
    ///
    /// ## Why is this bad?
    /// `null value in column "email" of relation "users" violates not-null constraint` (SQLSTATE 23502). A `default=` in the model does
    /// not help: SQLAlchemy applies it to inserts through the model's own table, never to SQL text, nor to `sa.table(…)` in a migration;
    /// only a `server_default` is the database's.
    ///
    /// ## Example
    /// ```python
    /// op.execute("INSERT INTO roles (name) VALUES ('admin')")  # roles.created_at is NOT NULL
    /// ```
    ///
    /// ## Fix
    /// Name the column and give it a value, or give it a `server_default` before.
    "insert-without-required-column", Error, Check::Step(check)
}

fn check(at: &At, reporter: &mut Reporter) {
    let own = at.faults().map(|(fault, part)| (at.node, fault, part));
    let joined = at.joined().map(|(other, fault)| (other, fault, Part::Upgrade));
    for (node, fault, part) in own.chain(joined) {
        let Error::MissingValues { table, columns } = &fault.error else { continue };
        let is_joined = node.id != at.node.id;
        let (they, are, have, them) =
            if columns.len() == 1 { ("it", "is", "has", "it") } else { ("they", "are", "have", "them") };
        let names = list(columns);
        let mut message = format!(
            "`{}` inserts into `{table}` without {names}: {they} {are} NOT NULL and {have} no default",
            node.id
        );
        if is_joined {
            message =
                format!("`{}` joins branches that do not fit: {message} once the other branch has run", at.node.id);
        }
        let mut finding = refused(at, fault, part, message, "");
        if is_joined {
            finding.labels = vec![at.at_revision()];
        }
        finding.labels.insert(0, at.label_in(node, fault.span, "no value here"));
        if !is_joined {
            finding.labels.truncate(1);
        }
        finding.labels.extend(at.origins(&fault.related, "NOT NULL and without a default from here on"));
        finding
            .notes
            .push("a `default=` of SQLAlchemy does not apply to this INSERT, only a `server_default` would".into());
        finding.help = vec![format!("name {names} in the INSERT and give {them} a value")];
        finding.help.extend(columns.iter().take(1).map(|column| {
            format!("or, before it: op.alter_column(\"{}\", \"{column}\", server_default=…)", table.name)
        }));
        reporter.report(finding);
    }
}
