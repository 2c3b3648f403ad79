use super::replay::At;
use super::{Check, Finding, Reporter, declare_rule, list};
use crate::schema::RiskKind;

declare_rule! {
    /// `DROP TYPE … CASCADE` takes columns along.
    ///
    /// ## Why is this bad?
    /// CASCADE drops every column of that type, in every table, with the values, indexes and views on it. PostgreSQL mentions it in a
    /// NOTICE that no migration shows. It is often written to silence `cannot drop type status because other objects depend on it`.
    ///
    /// ## Example
    /// ```python
    /// op.execute("DROP TYPE status CASCADE")
    /// ```
    ///
    /// ## Fix
    /// Drop or convert the columns by name, then the type without CASCADE.
    "drop-type-cascade", Warning, Check::Step(check)
}

fn check(at: &At, reporter: &mut Reporter) {
    for (risk, _) in at.risks() {
        let RiskKind::DropTypeCascade { ty, columns } = &risk.kind else { continue };
        if columns.is_empty() {
            continue;
        }
        let names: Vec<String> = columns.iter().map(|(table, column)| format!("{table}.{column}")).collect();
        let mut labels = vec![at.label(risk.span, "takes them along")];
        labels.extend(at.origins(&risk.related, "of that type"));
        reporter.report(Finding {
            message: format!("dropping the type `{ty}` with CASCADE drops {}", list(&names)),
            revisions: vec![at.node.id.clone()],
            labels,
            help: vec![format!("drop or convert {} by name, then DROP TYPE {ty} without CASCADE", list(&names))],
            ..Finding::default()
        });
    }
}
