use super::replay::{At, Part, named, refused};
use super::{Check, Finding, Reporter, declare_rule, list};
use crate::schema::{Error, Fault, Object};

declare_rule! {
    /// A migration needs a table, column, type, constraint or index that no revision before it creates.
    ///
    /// ## Why is this bad?
    /// What a revision can count on is what its ancestors build: what its `down_revision` leads to, and its `depends_on`. A branch
    /// that alters an enum type which only another branch creates runs on the machine where both happen to be applied, and fails
    /// on the next: `type "status" does not exist` (SQLSTATE 42704; tables 42P01, columns 42703). The usual other ways to get here:
    /// a typo, `op.add_column` with a new `sa.Enum` (Alembic creates the type with a table, never with a column), an index dropped
    /// after its column took it along.
    ///
    /// ## Example
    /// ```python
    /// def upgrade():
    ///     op.add_column("users", sa.Column("status", sa.Enum("new", "paid", name="status")))
    /// ```
    ///
    /// ## Fix
    /// Create it first:
    /// ```python
    ///     sa.Enum("new", "paid", name="status").create(op.get_bind())
    /// ```
    /// or, where another branch does, follow its revision: `down_revision = "c9d4"`, or `depends_on = "c9d4"`.
    "undefined-object", Error, Check::Step(check)
}

fn check(at: &At, reporter: &mut Reporter) {
    for (fault, part) in at.faults() {
        match &fault.error {
            Error::Undefined { object, .. } if at.is_of_another(object) => {}
            Error::Undefined { object, .. } => reporter.report(undefined(at, fault, part, object)),
            Error::UnknownValue { ty, value } => {
                let message = format!("`{value}` is no value of the enum type `{ty}`");
                reporter.report(refused(at, fault, part, message, ""));
            }
            Error::NotUnique { table, columns } if columns.is_empty() => {
                let message = format!("a foreign key points at `{table}`, which has no primary key");
                reporter.report(refused(at, fault, part, message, ""));
            }
            Error::NotUnique { table, columns } => {
                let message = format!(
                    "a foreign key points at {} of `{table}`, and no constraint makes that unique",
                    list(columns)
                );
                reporter.report(refused(at, fault, part, message, ""));
            }
            _ => {}
        }
    }
}

fn undefined(at: &At, fault: &Fault, part: Part, object: &Object) -> Finding {
    let makers = at.makers(object);
    let message = format!("`{}` needs {}, which no revision before it creates", at.node.id, named(object));
    let mut finding = refused(at, fault, part, message, "not there yet");
    let id = &at.node.id;
    match &makers[..] {
        [] => finding.help = create(object),
        [maker, ..] => {
            let (other, path) = (&maker.node.id, maker.node.script.path());
            let branch = maker.branch.map(|branch| format!(" on `{branch}`")).unwrap_or_default();
            finding.notes.push(format!("`{other}`{branch} creates it, in {path}, and `{id}` does not follow it"));
            finding.help = vec![
                format!("follow it: `down_revision = \"{other}\"` in {},", at.node.script.path()),
                format!("or keep the line of descent and add `depends_on = \"{other}\"` to it"),
            ];
        }
    }
    finding
}

/// How to make what is missing.
fn create(object: &Object) -> Vec<String> {
    match object {
        Object::Type(name) => {
            vec![format!("create it first: sa.Enum(…, name=\"{}\").create(op.get_bind())", name.name)]
        }
        _ => Vec::new(),
    }
}
