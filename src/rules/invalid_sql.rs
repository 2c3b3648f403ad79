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
            Error::Invalid { message, .. } => (format!("PostgreSQL refuses this statement: {message}"), ""),
            Error::UnboundParameter { name } => {
                (format!("`:{name}` is a parameter to SQLAlchemy, and nothing gives it a value"), "")
            }
            Error::InsideTransaction { statement } => {
                (format!("`{statement}` cannot run inside the transaction that Alembic opens"), "")
            }
            _ => continue,
        };
        let mut finding = refused(at, fault, part, message, label);
        finding.help = help(&fault.error);
        reporter.report(finding);
    }
}

fn help(error: &Error) -> Vec<String> {
    let lines: &[&str] = match error {
        Error::UnboundParameter { .. } => {
            &["write `\\:` for a colon that is meant, or give it a value with sa.text(…).bindparams(…)"]
        }
        Error::InsideTransaction { .. } => &["with op.get_context().autocommit_block():", "    op.execute(…)"],
        Error::Invalid { reason: Reason::CreateTypeIfNotExists | Reason::CreateOrReplaceType, .. } => &[
            "DO $$ BEGIN",
            "    IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = '…') THEN",
            "        CREATE TYPE … AS ENUM (…);",
            "    END IF;",
            "END $$",
            "or in Python: postgresql.ENUM(…, name=\"…\").create(op.get_bind(), checkfirst=True)",
        ],
        Error::Invalid { reason: Reason::AlterTypeIfExists, .. } => &[
            "leave IF EXISTS out; a type that may be missing is asked for first, in a DO block, with SELECT EXISTS (… pg_type …)",
        ],
        Error::Invalid { reason: Reason::DropEnumValue, .. } => {
            &["make a new type, ALTER COLUMN … TYPE … USING, and drop the old one: a value cannot be dropped"]
        }
        _ => &[],
    };
    lines.iter().map(ToString::to_string).collect()
}
