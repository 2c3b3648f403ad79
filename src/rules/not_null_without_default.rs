use super::replay::{At, Part, refused, says};
use super::{Check, Finding, Reporter, declare_rule};
use crate::schema::{Error, RiskKind};

declare_rule! {
    /// A column becomes NOT NULL, and rows that are there have no value for it.
    ///
    /// ## Why is this bad?
    /// On an empty table it passes, and so it does in CI. A table with rows refuses: `column "email" of relation "users" contains null
    /// values` (SQLSTATE 23502).
    ///
    /// ## Example
    /// ```python
    /// op.add_column("users", sa.Column("email", sa.String(), nullable=False))
    /// ```
    ///
    /// ## Fix
    /// Give it a `server_default`, or add it nullable, fill it, and then make it NOT NULL:
    /// ```python
    /// op.add_column("users", sa.Column("email", sa.String()))
    /// op.execute("UPDATE users SET email = ''")
    /// op.alter_column("users", "email", nullable=False)
    /// ```
    "not-null-without-default", Warning, Check::Step(check)
}

fn check(at: &At, reporter: &mut Reporter) {
    for (fault, part) in at.faults() {
        let Error::ContainsNulls { table, column } = &fault.error else { continue };
        let message =
            format!("`{table}.{column}` becomes NOT NULL, and rows that a migration inserted have no value for it");
        let mut finding = refused(at, fault, part, message, "");
        finding.help = help(column);
        reporter.report(finding);
    }
    // a downgrade that takes NULL away again is the usual one
    for (risk, _) in at.risks().filter(|(_, part)| *part == Part::Upgrade) {
        let RiskKind::NotNullWithoutDefault { table, column, added } = &risk.kind else { continue };
        let message = match added {
            true => format!("`{table}.{column}` is added NOT NULL without a default: a table with rows refuses it"),
            false => format!("`{table}.{column}` becomes NOT NULL, and nothing here fills the rows that have no value"),
        };
        reporter.report(Finding {
            message,
            revisions: vec![at.node.id.clone()],
            labels: vec![at.label(risk.span, "")],
            notes: vec![says(&Error::ContainsNulls { table: table.clone(), column: column.clone() })],
            help: help(column),
            ..Finding::default()
        });
    }
}

fn help(column: &str) -> Vec<String> {
    vec![format!("give `{column}` a server_default, or add it nullable, fill it with an UPDATE, then make it NOT NULL")]
}
