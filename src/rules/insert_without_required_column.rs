use std::sync::Arc;

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
        let (are, have) = if columns.len() == 1 { ("is", "has") } else { ("are", "have") };
        let names = list(columns);
        let inserts = format!(
            "`{}` inserts into `{table}` without a value for {names}, which {are} NOT NULL and {have} no default",
            node.id
        );
        let message = match is_joined {
            true => format!("`{}` joins branches that do not fit: {inserts} once the other has run", at.node.id),
            false => inserts,
        };
        let mut finding = refused(at, fault, part, message, "");
        if is_joined {
            finding.labels = vec![at.at_revision(), at.label_in(node, fault.span, "")];
        }
        finding.labels.extend(at.origins(&fault.related, "NOT NULL and without a default from here on"));
        finding.notes.push("a `default=` in Python does not apply to this INSERT, a `server_default` does".into());
        finding.help = vec![
            format!("give {names} a value in the INSERT,"),
            format!("or, before it: op.alter_column(\"{}\", {}, server_default=…)", table.name, quoted(columns)),
        ];
        reporter.report(finding);
    }
}

fn quoted(columns: &[Arc<str>]) -> String {
    columns.first().map(|column| format!("\"{column}\"")).unwrap_or_default()
}
