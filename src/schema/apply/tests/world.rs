//! A database to try operations on.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::build::{create, pk};
use super::{Action, Context, Event, Guard, Name, Op, Risk, RiskKind, Runs, Schema, Span, Transactions};

/// A database, and what was said of each operation.
pub struct World {
    pub schema: Schema,
    pub revision: usize,
    pub transactions: Transactions,
    pub sqlalchemy: Option<(u32, u32)>,
    pub postgresql: bool,
}

impl World {
    /// At the beginning of the second revision of a history; the first made the table `first`.
    pub fn new() -> World {
        let mut res = World {
            schema: Schema::default(),
            revision: 0,
            transactions: Transactions::WholeRun,
            sqlalchemy: Some((2, 0)),
            postgresql: true,
        };
        res.quiet(create("first", [pk("id")]));
        res.next();
        res
    }

    pub fn context(&self) -> Context {
        Context {
            revision: self.revision,
            base: self.revision == 0,
            postgresql: self.postgresql,
            sqlalchemy: self.sqlalchemy,
            transactions: self.transactions,
            enums: Arc::new(BTreeSet::from([Name::from("known")])),
        }
    }

    pub fn next(&mut self) {
        self.revision += 1;
        let context = self.context();
        self.schema.begin_revision(&context);
    }

    pub fn apply(&mut self, action: Action) -> Vec<Event> {
        self.guarded(action, Vec::new())
    }

    pub fn guarded(&mut self, action: Action, guards: Vec<Guard>) -> Vec<Event> {
        let context = self.context();
        let mut events = self.schema.apply(&Op { action, span: Span::default(), guards }, &context);
        // told of by itself, see the last test
        events.retain(|event| !matches!(event, Event::Risk(Risk { kind: RiskKind::Unheard { .. }, .. })));
        events
    }

    #[track_caller]
    pub fn quiet(&mut self, action: Action) {
        let text = format!("{action:?}");
        assert_eq!(self.apply(action), [], "{text}");
    }

    pub fn maybe(&mut self, action: Action) {
        assert_eq!(self.guarded(action, vec![Guard::Unknown]), []);
    }

    /// Applies, and expects one fault.
    #[track_caller]
    pub fn fails(&mut self, action: Action, sqlstate: &str, message: &str, runs: Runs) {
        let events = self.apply(action);
        let said: Vec<_> = events
            .iter()
            .map(|event| match event {
                Event::Fault(fault) => (fault.error.sqlstate().unwrap_or("-"), fault.error.message(), fault.runs),
                Event::Risk(risk) => ("risk", format!("{:?}", risk.kind), Runs::Every),
            })
            .collect();
        assert_eq!(said, [(sqlstate, message.to_owned(), runs)]);
    }

    #[track_caller]
    pub fn risks(&mut self, action: Action, kind: RiskKind) {
        let kinds = self.apply(action).into_iter().map(|event| match event {
            Event::Risk(risk) => Some(risk.kind),
            Event::Fault(_) => None,
        });
        assert_eq!(kinds.collect::<Vec<_>>(), [Some(kind)]);
    }

    pub fn table(&self, name: &str) -> &crate::schema::Table {
        &self.schema.tables[&Name::from(name)]
    }

    pub fn constraints(&self, table: &str) -> Vec<&str> {
        self.table(table).constraints.iter().filter_map(|constraint| constraint.name.as_deref()).collect()
    }
}
