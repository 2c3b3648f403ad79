use super::drift::{asks, labels};
use super::{Check, Finding, Reporter, View, declare_rule};
use crate::config::settings::Enforce;
use crate::migration::{operation, reminder};
use crate::models::Unknown;
use crate::project::{Cause, Drift, Moment, NewDrift};
use crate::schema::{Name, What};

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
    let is_new_table = |table: &Name| {
        let made = |item: &&NewDrift| matches!(item.change.what, What::AddTable(_)) && item.change.table == *table;
        drift.new.iter().find(made)
    };
    // those who commit the model first are told, and stopped when they push
    let is_early = view.settings.models.enforce == Enforce::Push && view.moment != Moment::Committed;
    for item in drift.new.iter().filter(|item| item.cause == Cause::Models) {
        let change = &item.change;
        if matches!(change.what, What::AddIndex(_)) && is_new_table(&change.table).is_some() {
            continue;
        }
        let mut help: Vec<String> = operation(change).lines().map(str::to_owned).collect();
        if let What::AddTable(_) = change.what {
            let indexes = drift.new.iter().map(|other| &other.change);
            let indexes =
                indexes.filter(|other| matches!(other.what, What::AddIndex(_)) && other.table == change.table);
            help.extend(indexes.map(operation));
        }
        help.push(format!("in a migration; Alembic writes one: {}", autogenerate(view)));
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
    let of = match &unknown.table {
        Some(table) => format!("what this declares of the table `{table}`"),
        None => "what this declares".into(),
    };
    Finding {
        warning: true,
        message: format!("{of} cannot be told without running it; it changed, and no migration did"),
        labels: vec![crate::diagnostic::Label {
            source: unknown.source.clone(),
            span: unknown.span,
            text: String::new(),
        }],
        notes: vec!["if the database is to change with it, the migration is missing".into()],
        ..Finding::default()
    }
}

/// The command that writes the migration, as it is typed at the root of the repository.
fn autogenerate(view: &View) -> String {
    let command = &view.environment.command;
    let command = match command.ends_with("flask db") {
        true => format!("{command} migrate -m \"…\""),
        false => format!("{command} revision --autogenerate -m \"…\""),
    };
    if command.starts_with("cd ") { format!("({command})") } else { command }
}
