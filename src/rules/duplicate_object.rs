use std::sync::Arc;

use super::replay::{At, Part, named, refused};
use super::{Check, Finding, Reporter, declare_rule, list};
use crate::schema::{Action, Error, Fault, Object, Reason, Runs};

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
            Error::Invalid { reason: reason @ (Reason::SecondPrimaryKey | Reason::LabelTwice), .. } => {
                reporter.report(twice(at, fault, part, *reason));
                continue;
            }
            _ => continue,
        };
        let message = format!("`{}` creates {}, which is there already", at.node.id, named(object));
        let mut finding = refused(at, fault, part, message, "created again");
        finding.labels.extend(at.origins(&fault.related, "created here"));
        let by_hand = at.op(fault, part).is_some_and(|op| matches!(op.action, Action::CreateEnum { .. }));
        let adds_value = at.op(fault, part).is_some_and(|op| matches!(op.action, Action::AddEnumValue { .. }));
        let by_table = fault.related.iter().any(|(related, _)| matches!(related, Object::Table(_)));
        finding.help = match object {
            Object::Type(_) if by_table => {
                finding.notes.push("a table is a type of its name, too".into());
                vec!["give the enum another name".into()]
            }
            Object::Type(name) if by_hand => vec![
                "leave it out, or create it only where it is missing:".into(),
                format!("postgresql.ENUM(…, name=\"{}\").create(op.get_bind(), checkfirst=True)", name.name),
            ],
            Object::Type(name) => vec![
                "say that it is there, in the column:".into(),
                format!("postgresql.ENUM(…, name=\"{}\", create_type=False)", name.name),
            ],
            Object::EnumValue(ty, value) if adds_value => {
                vec![format!("leave it out, or: ALTER TYPE {ty} ADD VALUE IF NOT EXISTS '{value}'")]
            }
            _ => Vec::new(),
        };
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

/// A second primary key; a value that a type lists twice.
fn twice(at: &At, fault: &Fault, part: Part, reason: Reason) -> Finding {
    let id = &at.node.id;
    let action = at.op(fault, part).map(|op| &op.action);
    let mut help = Vec::new();
    let message = match (reason, action) {
        (Reason::SecondPrimaryKey, Some(Action::AddConstraint { table, .. })) => {
            let mut names = at.names_on(table).0;
            names.retain(|name| name.ends_with("_pkey"));
            if let Some(first) = names.first() {
                help =
                    vec![format!("before it: op.drop_constraint(\"{first}\", \"{}\", type_=\"primary\")", table.name)];
            }
            format!("`{id}` gives `{table}` a second primary key")
        }
        (Reason::SecondPrimaryKey, _) => format!("`{id}` gives a table a second primary key"),
        (_, Some(Action::CreateEnum { definition, .. })) => {
            let values = definition.values.as_deref().unwrap_or_default();
            let is_again = |(at, value): &(usize, &Arc<str>)| values[..*at].contains(value);
            let again = values.iter().enumerate().filter(is_again).map(|(_, value)| value);
            format!("`{id}` lists {} twice in the type `{}`", list(again), definition.name)
        }
        _ => format!("`{id}` lists a value twice in an enum type"),
    };
    Finding { help, ..refused(at, fault, part, message, "") }
}
