use super::replay::{At, refused};
use super::{Check, Reporter, declare_rule};
use crate::schema::Error;

declare_rule! {
    /// A column's type is changed to one that PostgreSQL does not convert to by itself.
    ///
    /// ## Why is this bad?
    /// `column "status" cannot be cast automatically to type status` (SQLSTATE 42804), whether the table has rows or not. The same goes
    /// for the column's default, which is converted with it: `default for column "status" cannot be cast automatically`.
    ///
    /// ## Example
    /// ```python
    /// op.alter_column("payments", "amount", type_=sa.Integer(), existing_type=sa.String())
    /// ```
    ///
    /// ## Fix
    /// ```python
    /// op.alter_column("payments", "amount", type_=sa.Integer(), postgresql_using="amount::integer")
    /// ```
    /// A default is dropped before and set again after.
    "cast-without-using", Error, Check::Step(check)
}

fn check(at: &At, reporter: &mut Reporter) {
    for (fault, part) in at.faults() {
        let Error::CannotCast { table, column, from, to, default } = &fault.error else { continue };
        let what = if *default { "the default of " } else { "" };
        let message = format!("{what}`{table}.{column}` cannot become {to} by itself: it is {from}");
        let mut finding = refused(at, fault, part, message, "");
        finding.help = match default {
            true => vec![
                format!("op.alter_column(\"{}\", \"{column}\", server_default=None)", table.name),
                "before it, and set the default again after it".into(),
            ],
            false if at.text(fault.span).get(..5).is_some_and(|start| start.eq_ignore_ascii_case("alter")) => {
                vec![format!("… TYPE {to} USING {column}::{to}")]
            }
            false => vec![format!("postgresql_using=\"{column}::{to}\"")],
        };
        reporter.report(finding);
    }
}
