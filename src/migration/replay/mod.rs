//! Replays revisions: the schema before each is what its ancestors alone build, and what its own operations meet there is told.
//! Reading operations out of a script is not done here.

mod leftovers;
mod order;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

pub use leftovers::{Difference, Leftover};

use super::{Graph, Program};
use crate::schema::{
    Action, Context, Error, Event, Fault, Name, Object, Op, Reason, Runs, Schema, Touches, Transactions,
};

#[derive(Clone, Debug)]
pub struct ReplayOptions {
    pub postgresql: bool,
    /// Major and minor.
    pub sqlalchemy: Option<(u32, u32)>,
    pub transactions: Transactions,
    /// The project may have a naming convention that is not known.
    pub conventions: bool,
    /// Where [`Replay::schema`] is wanted.
    pub schema: Target,
}

/// A place in the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Nowhere,
    /// After `alembic upgrade heads` on an empty database.
    Heads,
    /// After `alembic upgrade REVISION …` on an empty database.
    Revisions(Vec<usize>),
}

/// What came out.
#[derive(Clone, Debug, PartialEq)]
pub struct Replay {
    /// Of each judged revision, in load order.
    pub steps: Vec<Step>,
    pub schema: Schema,
}

/// One revision replayed.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub revision: usize,
    /// What joining its branches brings: something that both make, told of an operation of the revision named here.
    pub joined: Vec<(usize, Fault)>,
    pub upgrade: Vec<Event>,
    pub downgrade: Vec<Event>,
    /// What differs after `upgrade` and `downgrade` from before; empty when it raises, is missing, or is not known.
    pub leftovers: Vec<Leftover>,
    pub irreversible: Option<Irreversible>,
}

/// Why a revision cannot be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Irreversible {
    /// There is no `downgrade`.
    Missing,
    /// It raises an exception on purpose.
    Raises,
    /// It does nothing, although `upgrade` changes the schema.
    Empty,
}

/// Replays all that the judged revisions and the wanted schema rest on. `programs` go by the graph's nodes; `None`: may do anything.
/// What cannot be known (a missing parent, a cycle) may have done anything, too.
pub fn replay(
    graph: &Graph,
    programs: &[Option<Program>],
    options: &ReplayOptions,
    judged: impl Fn(usize) -> bool,
) -> Replay {
    let judged: Vec<bool> = (0..graph.nodes.len()).map(judged).collect();
    let targets: Vec<usize> = match &options.schema {
        Target::Nowhere => Vec::new(),
        Target::Heads => graph.effective_heads().into_iter().filter(|&at| graph.is_live(at)).collect(),
        Target::Revisions(revisions) => revisions.iter().copied().filter(|&at| at < graph.nodes.len()).collect(),
    };
    let wanted = (0..judged.len()).filter(|&at| judged[at]).chain(targets.iter().copied());
    let plan = order::Plan::new(graph, wanted);
    let mut after = After::new(&plan, &targets);
    let mut replayer = Replayer::new(graph, programs, options, plan);
    let mut steps = Vec::new();
    for at in replayer.plan.order.clone() {
        let (mut schema, joined) = replayer.join(&replayer.plan.above[at].clone(), &mut after);
        match judged[at] {
            false => drop(replayer.upgrade(at, &mut schema)),
            true => steps.push(Step { joined, ..replayer.judge(at, &mut schema) }),
        }
        after.put(at, schema);
    }
    steps.sort_by_key(|step| step.revision);
    let (schema, _) = replayer.join(&targets, &mut after);
    Replay { steps, schema }
}

/// The schema once `revisions` have run as well, in Alembic's order, on a database that holds what their ancestors made. What does not
/// fit it is passed over: the database may have been brought there in another way.
pub fn continued(
    graph: &Graph,
    programs: &[Option<Program>],
    options: &ReplayOptions,
    mut schema: Schema,
    revisions: &HashSet<usize>,
) -> Schema {
    schema.begin_run();
    if revisions.is_empty() {
        return schema;
    }
    let plan = order::Plan::new(graph, revisions.iter().copied());
    let replayer = Replayer::new(graph, programs, options, plan);
    for &at in replayer.plan.order.iter().filter(|at| revisions.contains(at)) {
        replayer.upgrade(at, &mut schema);
    }
    schema
}

/// The revisions that make an object, in load order, on other lines of descent than `of`: neither its ancestors nor what follows it.
pub fn makers(graph: &Graph, programs: &[Option<Program>], object: &Object, of: usize) -> Vec<usize> {
    let ancestors = graph.ancestors(of);
    let makes = |at: &usize| {
        let program = programs.get(*at).and_then(Option::as_ref);
        program.is_some_and(|program| program.upgrade.iter().any(|op| op.action.makes(object)))
    };
    let followers = graph.reach([of], |node| node.all_children.iter().copied());
    graph.live().filter(|at| !ancestors.contains(at) && !followers.contains(at)).filter(makes).collect()
}

struct Replayer<'a> {
    graph: &'a Graph,
    programs: &'a [Option<Program>],
    options: &'a ReplayOptions,
    enums: Arc<BTreeSet<Name>>,
    plan: order::Plan,
    /// How many operations may be applied again where branches join.
    budget: usize,
}

impl<'a> Replayer<'a> {
    fn new(
        graph: &'a Graph,
        programs: &'a [Option<Program>],
        options: &'a ReplayOptions,
        plan: order::Plan,
    ) -> Replayer<'a> {
        let made = programs.iter().flatten().flat_map(|program| &program.upgrade).flat_map(|op| op.action.made_enums());
        let enums = Arc::new(made.cloned().collect());
        let mut res = Replayer { graph, programs, options, enums, plan, budget: 0 };
        res.budget = res.operations().saturating_mul(20).saturating_add(100_000);
        res
    }

    fn operations(&self) -> usize {
        self.programs.iter().flatten().map(|program| program.upgrade.len()).sum()
    }

    /// The schema that several revisions and their ancestors build: that of the one with most ancestors, and then what it lacks. And
    /// what these make that is there already: in whatever order the branches run, the second one fails. And rows that lack what the
    /// other branch wants of them, where Alembic runs that one first.
    fn join(&mut self, parents: &[usize], after: &mut After) -> (Schema, Vec<(usize, Fault)>) {
        let base_schema = || Schema { conventions: self.options.conventions, ..Schema::default() };
        let mut joined = Vec::new();
        let (base, lacking) = match parents {
            [] => return (base_schema(), joined),
            [only] => (*only, Vec::new()),
            _ => self.plan.lacking(self.graph, parents),
        };
        let schema = after.take(base);
        parents.iter().filter(|&&parent| parent != base).for_each(|&parent| after.release(parent));
        let Some(mut schema) = schema else {
            let mut schema = base_schema();
            schema.open_up();
            return (schema, joined);
        };
        if parents.len() > order::MOST_PARENTS {
            schema.open_up();
        }
        let in_order = self.plan.runs_before(base, &lacking);
        // the rest depends on which comes first
        let fails = |error: &Error| match error {
            Error::Duplicate { .. } => true,
            Error::MissingValues { .. } => in_order,
            _ => false,
        };
        for at in lacking {
            let operations = self.programs.get(at).and_then(Option::as_ref).map_or(0, |program| program.upgrade.len());
            self.budget = self.budget.saturating_sub(operations + 1);
            if self.budget == 0 {
                schema.open_up();
                break;
            }
            let events = self.upgrade(at, &mut schema);
            joined.extend(events.into_iter().filter_map(|event| match event {
                Event::Fault(fault) if fails(&fault.error) => Some((at, fault)),
                Event::Fault(_) | Event::Risk(_) => None,
            }));
        }
        (schema, joined)
    }

    fn context(&self, at: usize) -> Context {
        Context {
            revision: at,
            base: self.plan.above[at].is_empty(),
            postgresql: self.options.postgresql,
            sqlalchemy: self.options.sqlalchemy,
            transactions: self.options.transactions,
            enums: self.enums.clone(),
        }
    }

    fn program(&self, at: usize) -> Option<&Program> {
        self.programs.get(at).and_then(Option::as_ref)
    }

    fn upgrade(&self, at: usize, schema: &mut Schema) -> Vec<Event> {
        let context = self.context(at);
        schema.begin_revision(&context);
        if self.plan.lacks_ancestors[at] {
            schema.open_up();
        }
        let Some(program) = self.program(at) else {
            schema.open_up();
            return Vec::new();
        };
        if program.unknown {
            schema.open_up();
        }
        program.upgrade.iter().flat_map(|op| schema.apply(op, &context)).collect()
    }

    fn judge(&self, at: usize, schema: &mut Schema) -> Step {
        let downgrade =
            self.program(at).filter(|program| !program.unknown).and_then(|program| program.downgrade.as_ref());
        let before = downgrade.map(|_| schema.clone());
        let upgrade = self.upgrade(at, schema);
        let mut step = Step {
            revision: at,
            joined: Vec::new(),
            upgrade,
            downgrade: Vec::new(),
            leftovers: Vec::new(),
            irreversible: self.program(at).and_then(irreversible),
        };
        if let (Some(downgrade), Some(before)) = (downgrade, before) {
            let mut after = schema.clone();
            step.downgrade = self.downgrade(at, &mut after, downgrade);
            let fails = |events: &[Event]| events.iter().any(|event| matches!(event, Event::Fault(_)));
            // of what cannot run, nothing can be said that it leaves
            if fails(&step.upgrade) {
                step.downgrade.retain(|event| matches!(event, Event::Fault(fault) if is_refused_anyhow(&fault.error)));
            } else if !fails(&step.downgrade)
                && step.irreversible != Some(Irreversible::Raises)
                && !may_do_anything(downgrade)
            {
                step.leftovers = leftovers::leftovers(&before, schema, &after);
            }
        }
        step
    }

    fn downgrade(&self, at: usize, schema: &mut Schema, downgrade: &[Op]) -> Vec<Event> {
        let context = self.context(at);
        schema.begin_run();
        schema.begin_revision(&context);
        let events = downgrade.iter().flat_map(|op| schema.apply(op, &context));
        let in_a_run_of_its_own = |event| match event {
            // rows stay when a run ends
            Event::Fault(fault) if matches!(fault.error, Error::ContainsNulls { .. }) => {
                Some(Event::Fault(Fault { runs: Runs::Every, ..fault }))
            }
            Event::Fault(fault) if fault.runs == Runs::Once => None,
            event => Some(event),
        };
        events.filter_map(in_a_run_of_its_own).collect()
    }
}

/// Whatever the database holds.
fn is_refused_anyhow(error: &Error) -> bool {
    matches!(
        error,
        Error::Invalid { reason: Reason::Syntax, .. }
            | Error::UnnamedConstraint { .. }
            | Error::UnboundParameter { .. }
    )
}

fn irreversible(program: &Program) -> Option<Irreversible> {
    if program.unknown {
        return None;
    }
    let Some(downgrade) = &program.downgrade else { return Some(Irreversible::Missing) };
    let raises = downgrade.iter().any(|op| op.action == Action::Raise && op.guards.is_empty());
    let changes = program.upgrade.iter().any(Op::is_reversible_change);
    match downgrade.is_empty() {
        _ if raises => Some(Irreversible::Raises),
        true if changes => Some(Irreversible::Empty),
        _ => None,
    }
}

fn may_do_anything(ops: &[Op]) -> bool {
    ops.iter().any(|op| matches!(op.action, Action::Unknown { touches: Touches::Anything, .. }))
}

/// The schemas after revisions, each kept as long as somebody goes on from it.
struct After {
    schemas: Vec<Option<Schema>>,
    uses: Vec<usize>,
}

impl After {
    fn new(plan: &order::Plan, targets: &[usize]) -> After {
        let mut uses = vec![0; plan.above.len()];
        let parents = plan.order.iter().flat_map(|&at| &plan.above[at]);
        parents.chain(targets).for_each(|&at| uses[at] += 1);
        After { schemas: vec![None; uses.len()], uses }
    }

    fn put(&mut self, at: usize, schema: Schema) {
        if self.uses[at] > 0 {
            self.schemas[at] = Some(schema);
        }
    }

    /// The last one to ask gets the schema itself, those before a copy.
    fn take(&mut self, at: usize) -> Option<Schema> {
        match self.uses[at] {
            0 | 1 => {
                self.uses[at] = 0;
                self.schemas[at].take()
            }
            _ => {
                self.uses[at] -= 1;
                self.schemas[at].clone()
            }
        }
    }

    fn release(&mut self, at: usize) {
        self.uses[at] = self.uses[at].saturating_sub(1);
        if self.uses[at] == 0 {
            self.schemas[at] = None;
        }
    }
}

#[cfg(test)]
mod tests;
