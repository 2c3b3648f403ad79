use super::replay::{At, Part, named, refused};
use super::{Check, Finding, Reporter, declare_rule, list};
use crate::schema::{Action, Error, Fault, Name, Object, Op, RiskKind, Runs};

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
    for (risk, part) in at.risks().filter(|(_, part)| *part == Part::Upgrade) {
        let RiskKind::Unheard { object, statement } = &risk.kind else { continue };
        // it may have been there from the beginning, but not if somebody makes it later
        if !at.makers(object).iter().any(|maker| maker.is_related) || at.is_of_another(object) {
            continue;
        }
        let error = Error::Undefined { object: object.clone(), statement: *statement };
        let fault = Fault { error, span: risk.span, runs: Runs::Every, related: Vec::new() };
        reporter.report(undefined(at, &fault, part, object));
    }
}

fn undefined(at: &At, fault: &Fault, part: Part, object: &Object) -> Finding {
    let id = &at.node.id;
    let makers = at.makers(object);
    let before = |is: &dyn Fn(&Action) -> bool, text| match part {
        Part::Upgrade => at.last_before(fault.span, is, text),
        Part::Downgrade => None,
    };
    let taken = before(&|action| action.takes(object), "gone from here on");
    let made = before(&|action| action.makes(object), "");
    let what = match (&makers[..], &taken, &made) {
        (_, Some(_), _) | (_, _, Some(_)) => "which is not there any more",
        ([], None, None) => "which nothing before it creates",
        _ => "which no revision before it creates",
    };
    let mut finding = refused(at, fault, part, format!("`{id}` needs {}, {what}", named(object)), "");
    finding.labels.extend(taken.clone());
    let op = at.op(fault, part);
    match (makers.first(), object) {
        (Some(maker), _) if taken.is_none() => {
            let (other, path) = (&maker.node.id, maker.node.script.path());
            let branch = maker.branch.map(|branch| format!(" on `{branch}`")).unwrap_or_default();
            finding.notes.push(format!("`{other}`{branch} creates it, in {path}, and `{id}` does not follow it"));
            finding.help = vec![
                format!("follow it: `down_revision = \"{other}\"` in {},", at.node.script.path()),
                format!("or keep `down_revision` and add `depends_on = \"{other}\"`"),
            ];
        }
        (_, Object::Type(name)) => of_type(&mut finding, fault, op, name),
        (_, Object::Table(name)) if name.schema.is_none() => {
            if let Some(other) = at.elsewhere(name) {
                finding.help =
                    vec![format!("there is `{other}`: say schema=\"{}\"", other.schema.as_deref().unwrap_or(""))];
            }
        }
        (_, Object::Constraint(..) | Object::Index(_)) => of_part(&mut finding, at, op, object, made.is_some()),
        _ => {}
    }
    finding
}

/// What the table has instead of a constraint or an index.
fn of_part(finding: &mut Finding, at: &At, op: Option<&Op>, object: &Object, made: bool) {
    if made {
        finding.notes.push("a column that is dropped takes its indexes and constraints along".into());
    }
    let (table, mut names, other, kind) = match (object, op.map(|op| &op.action)) {
        (Object::Constraint(table, _), _) => {
            let (constraints, indexes) = at.names_on(table);
            (table, constraints, indexes, "op.drop_index")
        }
        (Object::Index(_), Some(Action::DropIndex { table: Some(table), .. })) => {
            let (constraints, indexes) = at.names_on(table);
            (table, indexes, constraints, "op.drop_constraint")
        }
        _ => return,
    };
    let (Object::Constraint(_, name) | Object::Index(Name { name, .. })) = object else { return };
    names.retain(|own| own != name);
    if other.contains(name) {
        finding.help = vec![format!("`{name}` is there as the other kind: {kind}")];
    } else if !names.is_empty() && !made {
        finding.help = vec![format!("`{table}` has {}", list(names))];
    }
}

/// Why a type is not there, and what to type.
fn of_type(finding: &mut Finding, fault: &Fault, op: Option<&Op>, name: &Name) {
    let Some(op) = op else { return };
    let Some(definition) = op.action.enumeration(name) else {
        if matches!(op.action, Action::DropType { .. }) {
            finding.help = vec![format!("leave it out, or say so: op.execute(\"DROP TYPE IF EXISTS {name}\")")];
        }
        return;
    };
    let values = definition.values.iter().flatten().map(|value| format!("{value:?}, ")).collect::<String>();
    let schema = name.schema.as_ref().map(|schema| format!(", schema=\"{schema}\"")).unwrap_or_default();
    let values = if values.is_empty() { "…, ".to_owned() } else { values };
    let create = format!("postgresql.ENUM({values}name=\"{}\"{schema}).create(op.get_bind())", name.name);
    let is_table = matches!(op.action, Action::CreateTable(_));
    match (is_table, fault.runs) {
        (true, Runs::Once) => {
            finding
                .notes
                .push("SQLAlchemy creates a type with the first table that has it in a run, and never again".into());
            finding.help =
                vec![format!("before it: {create}"), "and in the table: postgresql.ENUM(…, create_type=False)".into()];
        }
        (true, _) => {
            finding
                .notes
                .push("a column with `create_type=False`, or of another MetaData, does not create its type".into());
            finding.help = vec![format!("before it: {create}")];
        }
        (false, _) => {
            finding.notes.push("Alembic creates an enum type with a table, never with a column".into());
            finding.help = vec![format!("before it: {create}")];
        }
    }
}
