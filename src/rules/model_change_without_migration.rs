use std::collections::BTreeMap;

use super::drift::{asks, labels};
use super::{Check, Finding, Reporter, View, declare_rule};
use crate::config::settings::Enforce;
use crate::migration::{operation, reminder};
use crate::models::Unknown;
use crate::project::{Cause, Drift, Moment};
use crate::schema::{Change, Name, What};

declare_rule! {
    /// A change to a model comes without the migration that makes it.
    ///
    /// ## Why is this bad?
    /// The next `alembic upgrade` leaves the database as it was, and the first query that uses the new column fails. Whoever runs
    /// `alembic revision --autogenerate` next finds the change in a migration that is about something else.
    /// Only what the commit itself brings is refused: differences that were there before are shown by `onehead drift --all`. What
    /// cannot be read with certainty is at most a warning.
    ///
    /// ## Example
    /// ```python
    /// class UserRole(Base):
    ///     __tablename__ = "user_roles"
    ///     id: Mapped[int] = mapped_column(primary_key=True)
    ///     assigned_at: Mapped[datetime]  # and no migration that adds it
    /// ```
    ///
    /// ## Fix
    /// Write the migration, or let Alembic write it (`alembic revision --autogenerate`) and read what it wrote, and commit it together
    /// with the model.
    "model-change-without-migration", Error, Check::Drift(check)
}

fn check(view: &View, drift: &Drift, reporter: &mut Reporter) {
    // those who commit the model first are told, and stopped when they push
    let is_early = view.settings.models.enforce == Enforce::Push && view.moment != Moment::Committed;
    let mut by_table: BTreeMap<&Name, Vec<&Change>> = BTreeMap::new();
    for item in &drift.new {
        by_table.entry(&item.change.table).or_default().push(&item.change);
    }
    for item in drift.new.iter().filter(|item| item.cause == Cause::Models) {
        let change = &item.change;
        let parts = parts(&by_table, change);
        if parts.is_none() {
            continue;
        }
        let operations = parts.iter().flatten().chain([&change]).map(|change| operation(change));
        let mut help: Vec<String> =
            operations.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
        help.push(match change.what {
            What::AddEnumValue { .. } | What::RemoveEnumValue { .. } => {
                format!("in a migration, written by hand: {}", new_migration(view, change, false))
            }
            _ => format!("in a migration; Alembic writes it: {}", new_migration(view, change, true)),
        });
        reporter.report(Finding {
            warning: is_early,
            message: asks(change, item.declared_in.as_ref()),
            labels: labels(drift, change),
            notes: reminder(change).into_iter().collect(),
            help,
            ..Finding::default()
        });
    }
    for unknown in &drift.unread {
        reporter.report(unread(unknown));
    }
}

/// What changed and cannot be followed: a person has to look.
fn unread(unknown: &Unknown) -> Finding {
    let what = match &unknown.table {
        Some(table) => format!("what this declares of the table `{table}` cannot be told without running it"),
        None if unknown.span.start == unknown.span.end => {
            format!("{} cannot be read, and may declare tables", unknown.source.path)
        }
        None => "what this declares cannot be told without running it".into(),
    };
    Finding {
        warning: true,
        message: format!("{what}; it changed, and no migration did"),
        labels: vec![crate::diagnostic::Label {
            source: unknown.source.clone(),
            span: unknown.span,
            text: String::new(),
        }],
        notes: vec!["if the database is to change with it, the migration is missing".into()],
        ..Finding::default()
    }
}

/// The changes that are told together with one: the indexes of a table that comes or goes. `None` for such an index itself.
fn parts<'d>(by_table: &BTreeMap<&Name, Vec<&'d Change>>, change: &Change) -> Option<Vec<&'d Change>> {
    let changes = by_table.get(&change.table).map(Vec::as_slice).unwrap_or_default();
    let is_part = |whole: &Change, part: &Change| {
        matches!(
            (&whole.what, &part.what),
            (What::AddTable(_), What::AddIndex(_)) | (What::RemoveTable, What::RemoveIndex(_))
        )
    };
    if changes.iter().any(|whole| is_part(whole, change)) {
        return None;
    }
    Some(changes.iter().copied().filter(|part| is_part(change, part)).collect())
}

/// The command that writes the migration, or an empty one, as it is typed at the root of the repository.
fn new_migration(view: &View, change: &Change, autogenerate: bool) -> String {
    let command = &view.environment.command;
    let message = format!("-m \"change {}\"", change.table.name);
    let command = match (command.ends_with("flask db"), autogenerate) {
        (true, true) => format!("{command} migrate {message}"),
        (false, true) => format!("{command} revision --autogenerate {message}"),
        (_, false) => format!("{command} revision {message}"),
    };
    if command.starts_with("cd ") { format!("({command})") } else { command }
}
