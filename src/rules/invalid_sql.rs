use super::replay::{At, refused};
use super::{Check, Reporter, declare_rule};
use crate::schema::{Error, Reason};

declare_rule! {
    /// A migration runs SQL that PostgreSQL refuses whatever the database holds.
    ///
    /// ## Why is this bad?
    /// `CREATE TYPE IF NOT EXISTS` looks right and does not exist: PostgreSQL has no such form, in any version, and says
    /// `syntax error at or near "NOT"` (SQLSTATE 42601). The same goes for `CREATE OR REPLACE TYPE`, `ALTER TYPE IF EXISTS` and
    /// `ALTER TYPE … DROP VALUE`. A `:name` in the text of `op.execute` is a parameter to SQLAlchemy, and has no value. `CREATE INDEX
    /// CONCURRENTLY` cannot run inside the transaction that Alembic opens around migrations (25001).
    ///
    /// ## Example
    /// ```python
    /// op.execute("CREATE TYPE IF NOT EXISTS status AS ENUM ('new', 'paid')")
    /// ```
    ///
    /// ## Fix
    /// Ask first, and do it in a block:
    /// ```python
    /// op.execute("""
    ///     DO $$ BEGIN
    ///         IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'status') THEN
    ///             CREATE TYPE status AS ENUM ('new', 'paid');
    ///         END IF;
    ///     END $$
    /// """)
    /// ```
    /// or ask from Python: `op.get_bind().execute(sa.text("SELECT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'status')")).scalar()`.
    "invalid-sql", Error, Check::Step(check)
}

fn check(at: &At, reporter: &mut Reporter) {
    for (fault, part) in at.faults() {
        let (message, label) = match &fault.error {
            // what is there twice has a rule of its own
            Error::Invalid { reason: Reason::SecondPrimaryKey | Reason::LabelTwice, .. } => continue,
            Error::Invalid { reason, .. } => (refusal(*reason).to_owned(), ""),
            Error::UnboundParameter { name } => {
                (format!("`:{name}` is a parameter to SQLAlchemy, and nothing gives it a value"), "")
            }
            Error::InsideTransaction { statement } => {
                (format!("`{statement}` cannot run inside the transaction that Alembic opens"), "")
            }
            _ => continue,
        };
        let mut finding = refused(at, fault, part, message, label);
        finding.help = help(&fault.error, at.text(fault.span));
        reporter.report(finding);
    }
}

fn refusal(reason: Reason) -> &'static str {
    match reason {
        Reason::CreateTypeIfNotExists => "PostgreSQL has no `CREATE TYPE IF NOT EXISTS`",
        Reason::CreateOrReplaceType => "PostgreSQL has no `CREATE OR REPLACE TYPE`",
        Reason::AlterTypeIfExists => "PostgreSQL has no `ALTER TYPE IF EXISTS`",
        Reason::DropEnumValue => "PostgreSQL cannot drop a value of an enum type",
        Reason::SecondPrimaryKey | Reason::LabelTwice | Reason::Syntax => "PostgreSQL refuses this statement",
    }
}

/// The name and the rest of `CREATE TYPE IF NOT EXISTS name AS ENUM (…)`, as far as they are written in one line.
fn type_of(text: &str) -> (&str, &str) {
    let words = text.find(" AS ").or_else(|| text.find(" as "));
    let name = words.and_then(|at| text.get(..at)?.split_whitespace().last());
    let rest = words.and_then(|at| text.get(at + 1..)).filter(|rest| !rest.contains('\n'));
    (name.unwrap_or("…"), rest.unwrap_or("AS ENUM (…)").trim_end_matches(';'))
}

fn help(error: &Error, text: &str) -> Vec<String> {
    if let Error::Invalid { reason: Reason::CreateTypeIfNotExists | Reason::CreateOrReplaceType, .. } = error {
        let (name, rest) = type_of(text);
        let plain = name.rsplit('.').next().unwrap_or(name).trim_matches('"');
        return vec![
            "DO $$ BEGIN".into(),
            format!("    IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = '{plain}') THEN"),
            format!("        CREATE TYPE {name} {rest};"),
            "    END IF;".into(),
            "END $$".into(),
            format!("or in Python: postgresql.ENUM(…, name=\"{plain}\").create(op.get_bind(), checkfirst=True)"),
        ];
    }
    let lines: &[&str] = match error {
        Error::UnboundParameter { .. } => {
            &["write `\\:` for a colon that is meant, or give it a value with sa.text(…).bindparams(…)"]
        }
        Error::InsideTransaction { .. } => {
            &["put it into a block of its own:", "with op.get_context().autocommit_block():", "    …"]
        }
        Error::Invalid { reason: Reason::AlterTypeIfExists, .. } => &[
            "leave IF EXISTS out; where the type may be missing: DO $$ BEGIN … EXCEPTION WHEN undefined_object THEN NULL; END $$",
        ],
        Error::Invalid { reason: Reason::DropEnumValue, .. } => {
            &["make a new type, ALTER COLUMN … TYPE … USING, and drop the old one: a value cannot be dropped"]
        }
        _ => &[],
    };
    lines.iter().map(ToString::to_string).collect()
}
