//! What the rules about replayed revisions share: one revision, what is to be said of its operations, and how that is told.

use std::sync::Arc;

use super::{Finding, label, list};
use crate::diagnostic::Label;
use crate::migration::replay::{Difference, Irreversible, Step};
use crate::migration::{Graph, Node, Program};
use crate::project::{Project, Replayed, Scope};
use crate::schema::{Action, Error, Event, Fault, Name, Object, Op, Origin, Risk, Runs};
use crate::source::Span;

/// One revision that was replayed, and everything around it.
pub struct At<'a> {
    project: &'a Project,
    pub node: &'a Node,
    step: &'a Step,
    scope: &'a Scope,
    replayed: Option<&'a Replayed>,
}

/// Which function of a revision an operation stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Upgrade,
    Downgrade,
}

/// A revision that makes what another one needs.
pub struct Maker<'a> {
    pub node: &'a Node,
    /// The base branch that has it, when only that does.
    pub branch: Option<&'a str>,
    /// Both go back to one revision: it is not of a history apart.
    pub is_related: bool,
}

impl<'a> At<'a> {
    pub fn new(project: &'a Project, scope: &'a Scope, step: &'a Step) -> At<'a> {
        let node = &scope.tree.graph.nodes[step.revision];
        At { project, node, step, scope, replayed: scope.replayed.as_ref() }
    }

    /// What must fail.
    pub fn faults(&self) -> impl Iterator<Item = (&'a Fault, Part)> + use<'a> {
        self.events().filter_map(|(event, part)| match event {
            Event::Fault(fault) => Some((fault, part)),
            Event::Risk(_) => None,
        })
    }

    /// What both of the branches that it joins make, told of an operation of the revision named.
    pub fn joined(&self) -> impl Iterator<Item = (&'a Node, &'a Fault)> + use<'a> {
        let nodes = &self.scope.tree.graph.nodes;
        self.step.joined.iter().map(|(at, fault)| (&nodes[*at], fault))
    }

    /// What need not fail, and should not be done unawares.
    pub fn risks(&self) -> impl Iterator<Item = (&'a Risk, Part)> + use<'a> {
        self.events().filter_map(|(event, part)| match event {
            Event::Risk(risk) => Some((risk, part)),
            Event::Fault(_) => None,
        })
    }

    /// Why it cannot be taken back, where that is plain.
    pub fn irreversible(&self) -> Option<Irreversible> {
        self.step.irreversible
    }

    /// What the downgrade leaves of what the upgrade makes, and where that is written.
    pub fn left_behind(&self) -> impl Iterator<Item = (&'a Object, Span)> + use<'a> {
        self.step
            .leftovers
            .iter()
            .filter(|leftover| leftover.what == Difference::Left)
            .map(|left| (&left.object, left.span))
    }

    /// What was there before the upgrade and is not after the downgrade.
    pub fn lost(&self) -> impl Iterator<Item = &'a Object> + use<'a> {
        self.step.leftovers.iter().filter(|leftover| leftover.what == Difference::Lost).map(|leftover| &leftover.object)
    }

    /// The revisions that make something, of this tree and of the base branches, nearest first.
    pub fn makers(&self, object: &Object) -> Vec<Maker<'a>> {
        let Some(replayed) = self.replayed else { return Vec::new() };
        let own = &self.scope.tree.graph;
        let is_related = |graph: &Graph, one, other| !graph.ancestors(one).is_disjoint(&graph.ancestors(other));
        let here = replayed.history.makers(own, object, self.step.revision).into_iter();
        let related = |at| is_related(own, at, self.step.revision);
        let mut res: Vec<Maker> =
            here.map(|at| Maker { node: &own.nodes[at], branch: None, is_related: related(at) }).collect();
        for (base, history) in self.scope.against.iter().zip(&replayed.bases) {
            let graph: &Graph = &base.merged.graph;
            let Some(at) = graph.find(&self.node.id) else { continue };
            let there = history.makers(graph, object, at).into_iter();
            let there = there.filter(|&other| own.find(&graph.nodes[other].id).is_none());
            res.extend(there.map(|other| {
                let is_related = is_related(graph, other, at);
                Maker { node: &graph.nodes[other], branch: Some(&base.name), is_related }
            }));
        }
        res
    }

    /// The columns that the downgrade brings back otherwise than they were: what they were, and what they are.
    pub fn altered(&self) -> impl Iterator<Item = (&'a Object, &'a str, &'a str)> + use<'a> {
        self.step.leftovers.iter().filter_map(|leftover| match &leftover.what {
            Difference::Altered { was, is } => Some((&leftover.object, was.as_str(), is.as_str())),
            Difference::Left | Difference::Lost => None,
        })
    }

    /// A table of that name in another schema, which an ancestor or the revision itself makes.
    pub fn elsewhere(&self, name: &Name) -> Option<&'a Name> {
        let history = &self.replayed?.history;
        let ops =
            self.ancestors().into_iter().filter_map(|at| history.program(at)).flat_map(|program| &program.upgrade);
        ops.into_iter().find_map(|op| match &op.action {
            Action::CreateTable(table) if table.name.name == name.name && table.name != *name => Some(&table.name),
            _ => None,
        })
    }

    /// The operation that a fault is told of.
    pub fn op(&self, fault: &Fault, part: Part) -> Option<&'a Op> {
        let program = self.program()?;
        let ops = match part {
            Part::Upgrade => &program.upgrade,
            Part::Downgrade => program.downgrade.as_ref()?,
        };
        ops.iter().find(|op| op.span == fault.span)
    }

    /// A label at what was last done, of a kind, before the upgrade comes to a place: by an ancestor, or an operation above it.
    pub fn last_before(&self, span: Span, is: impl Fn(&Action) -> bool, text: &str) -> Option<Label> {
        let history = &self.replayed?.history;
        let own = history.program(self.step.revision).into_iter().flat_map(|program| &program.upgrade);
        if let Some(op) = own.take_while(|op| op.span != span).filter(|op| is(&op.action)).last() {
            return Some(self.label(op.span, text));
        }
        let ancestors = self.ancestors().into_iter().rev().filter(|&at| at != self.step.revision);
        ancestors.into_iter().find_map(|at| {
            let op = history.program(at)?.upgrade.iter().rev().find(|op| is(&op.action))?;
            Some(self.label_in(&self.scope.tree.graph.nodes[at], op.span, text))
        })
    }

    /// Whether the scripts of another environment name a table or type: several histories may build one database.
    pub fn is_of_another(&self, object: &Object) -> bool {
        let (Object::Table(name) | Object::Type(name)) = object else { return false };
        let quoted = ['"', '\''].map(|quote| format!("{quote}{}{quote}", name.name));
        let others = self.project.scopes.iter().filter(|scope| !std::ptr::eq(*scope, self.scope));
        let mut scripts = others.flat_map(|scope| scope.tree.scripts());
        scripts.any(|script| quoted.iter().any(|quoted| script.source.text.contains(quoted)))
    }

    /// The names of a table's constraints and indexes once the revision has run, as far as they are known.
    pub fn names_on(&self, table: &Name) -> (Vec<Arc<str>>, Vec<Arc<str>>) {
        let schema =
            self.replayed.map(|replayed| replayed.history.schema(&self.scope.tree.graph, Some(self.step.revision)));
        let Some(table) = schema.and_then(|schema| schema.tables.get(table).cloned()) else {
            return Default::default();
        };
        let constraints = table.constraints.iter().filter_map(|constraint| constraint.name.clone()).collect();
        (constraints, table.indexes.iter().map(|index| index.name.clone()).collect())
    }

    /// What is written at a place of this revision.
    pub fn text(&self, span: Span) -> &'a str {
        self.node.script.source.text.get(span.start..span.end).unwrap_or_default()
    }

    /// The revision and all before it, parents mostly first.
    fn ancestors(&self) -> Vec<usize> {
        let mut res: Vec<usize> = self.scope.tree.graph.ancestors(self.step.revision).into_iter().collect();
        res.sort_unstable();
        res
    }

    /// A label in this revision's file.
    pub fn label(&self, span: Span, text: &str) -> Label {
        label(&self.node.script, Some(span), text)
    }

    /// A label in another revision's file.
    pub fn label_in(&self, node: &Node, span: Span, text: &str) -> Label {
        label(&node.script, Some(span), text)
    }

    /// A label at the revision's id.
    pub fn at_revision(&self) -> Label {
        super::at_revision(&self.node.script, "")
    }

    /// Labels at the places where the things a fault or a risk is about were made.
    pub fn origins<'o>(&self, related: impl IntoIterator<Item = &'o (Object, Origin)>, text: &str) -> Vec<Label> {
        let place = |(_, origin): &(Object, Origin)| {
            label(&self.scope.tree.graph.nodes[origin.file].script, Some(origin.span), text)
        };
        let mut res: Vec<Label> = Vec::new();
        for label in related.into_iter().map(place) {
            if !res.iter().any(|other| (&other.source.path, other.span) == (&label.source.path, label.span)) {
                res.push(label);
            }
        }
        res
    }

    /// What the revision does, lowered.
    pub fn program(&self) -> Option<&'a Program> {
        self.replayed?.history.program(self.step.revision)
    }

    /// Whether the upgrade changes what a downgrade should bring back.
    pub fn changes_schema(&self) -> bool {
        self.program().is_some_and(|program| program.upgrade.iter().any(Op::is_reversible_change))
    }

    /// Major and minor of SQLAlchemy, where the project pins it.
    pub fn sqlalchemy(&self) -> Option<(u32, u32)> {
        self.replayed?.history.sqlalchemy()
    }

    /// Whether most other revisions of the environment that do anything are like this.
    pub fn is_custom(&self, is: impl Fn(&str) -> bool) -> bool {
        let others = self.scope.tree.graph.nodes.iter().filter(|node| node.id != self.node.id);
        let texts = others.map(|node| node.script.source.text.as_str()).filter(|text| text.contains("op."));
        let (n, n_like) = texts.fold((0, 0), |(n, n_like), text| (n + 1, n_like + usize::from(is(text))));
        2 * n_like > n
    }

    fn events(&self) -> impl Iterator<Item = (&'a Event, Part)> + use<'a> {
        let of = |events: &'a [Event], part| events.iter().map(move |event| (event, part));
        of(&self.step.upgrade, Part::Upgrade).chain(of(&self.step.downgrade, Part::Downgrade))
    }
}

/// What a fault is told as: the message, its place, and what the database says.
pub fn refused(at: &At, fault: &Fault, part: Part, message: String, text: &str) -> Finding {
    let mut notes = vec![says(&fault.error)];
    notes.extend(match fault.runs {
        Runs::Every => None,
        Runs::Once => Some("it fails when all revisions run at once, as on a new database".into()),
        Runs::Each => {
            Some("it fails on a database that ran the earlier revisions before, and passes on a new one".into())
        }
    });
    if part == Part::Downgrade {
        notes.push("this is in the downgrade".into());
    }
    Finding {
        // nobody is stopped by what a downgrade does before it is run
        warning: part == Part::Downgrade && !matches!(fault.error, Error::UnnamedConstraint { .. }),
        message,
        revisions: vec![at.node.id.clone()],
        labels: vec![at.label(fault.span, text)],
        notes,
        ..Finding::default()
    }
}

/// What the database says, or SQLAlchemy before it.
pub fn says(error: &Error) -> String {
    let who = if error.sqlstate().is_some() { "PostgreSQL" } else { "SQLAlchemy" };
    let state = error.sqlstate().map(|state| format!(" ({state})")).unwrap_or_default();
    format!("{who} says: {}{state}", error.message())
}

/// What the next upgrade meets when a downgrade has left something behind.
pub fn again(object: &Object) -> String {
    let error = Error::Duplicate { object: object.clone() };
    format!("upgrading again, {}", says(&error))
}

/// "the type `status`": a thing as a sentence names it.
pub fn named(object: &Object) -> String {
    match object {
        Object::Table(name) => format!("the table `{name}`"),
        Object::Column(table, column) => format!("the column `{table}.{column}`"),
        Object::Constraint(table, name) => format!("the constraint `{name}` of `{table}`"),
        Object::Index(name) => format!("the index `{name}`"),
        Object::Type(name) => format!("the type `{name}`"),
        Object::EnumValue(ty, value) => format!("the value `{value}` of the type `{ty}`"),
        Object::Other(kind, name) => format!("the {kind} `{name}`"),
    }
}

/// Several things as a sentence lists them.
pub fn names<'o>(objects: impl IntoIterator<Item = &'o Object>) -> String {
    list(objects.into_iter().map(|object| match object {
        Object::Table(name) | Object::Index(name) | Object::Type(name) | Object::Other(_, name) => name.to_string(),
        Object::Column(table, name) | Object::Constraint(table, name) => format!("{table}.{name}"),
        Object::EnumValue(ty, value) => format!("{ty} '{value}'"),
    }))
}
