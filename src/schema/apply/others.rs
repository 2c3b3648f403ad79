//! What only has a name (views, sequences, schemas, domains, extensions …), and moving things to another schema.

use std::sync::Arc;

use super::Applier;
use crate::schema::{Certainty, Name, Object, OtherKind, Statement};

impl Applier<'_> {
    /// `tolerant`: IF NOT EXISTS or OR REPLACE.
    pub(super) fn create_other(&mut self, kind: OtherKind, name: &Name, tolerant: bool) {
        let object = Object::Other(kind, name.clone());
        let mut certainty = self.certainty;
        match kind {
            // functions are told apart by their arguments, triggers by their tables
            OtherKind::Function | OtherKind::Trigger => certainty = Certainty::Maybe,
            _ if tolerant => {}
            OtherKind::Sequence | OtherKind::View | OtherKind::MaterializedView => {
                certainty = certainty.min(self.claim_relation(object.clone(), name));
            }
            OtherKind::Type => {
                let is_enum = self.schema.enums.get(name).is_some_and(|ty| ty.certainty == Certainty::Certain);
                if is_enum || self.listed(kind, name) == Some(Certainty::Certain) {
                    self.duplicate(object.clone());
                    certainty = Certainty::Maybe;
                }
            }
            OtherKind::Schema | OtherKind::Extension => {
                if self.listed(kind, name) == Some(Certainty::Certain) {
                    self.duplicate(object.clone());
                }
            }
        }
        self.schema.others.insert((kind, name.clone()), certainty);
        self.schema.doubtful.remove(&object);
        self.schema.memory.gone.remove(&object);
        if kind == OtherKind::Type {
            self.schema.doubtful.remove(&Object::Type(name.clone()));
            self.schema.memory.gone.remove(&Object::Type(name.clone()));
        }
    }

    fn listed(&self, kind: OtherKind, name: &Name) -> Option<Certainty> {
        self.schema.others.get(&(kind, name.clone())).copied()
    }

    pub(super) fn drop_other(&mut self, kind: OtherKind, name: &Name, if_exists: bool, cascade: bool) {
        if kind == OtherKind::Type {
            return self.drop_type(name, if_exists, cascade);
        }
        let object = Object::Other(kind, name.clone());
        let named_once = !matches!(kind, OtherKind::Function | OtherKind::Trigger);
        if !if_exists && named_once && self.schema.memory.gone.contains(&object) {
            self.undefined(object.clone(), Statement::Drop);
        }
        self.forget_view(kind, name);
        self.schema.others.remove(&(kind, name.clone()));
        self.schema.doubtful.remove(&object);
        if kind == OtherKind::Schema && cascade {
            self.drop_schema(&name.name);
        }
        self.schema.memory.gone.insert(object);
    }

    fn drop_schema(&mut self, name: &Arc<str>) {
        let inside = |other: &Name| other.schema.as_ref() == Some(name);
        let tables: Vec<Name> = self.schema.tables.keys().filter(|table| inside(table)).cloned().collect();
        tables.iter().for_each(|table| self.drop_table(table, true, true));
        let types: Vec<Name> = self.schema.enums.keys().filter(|ty| inside(ty)).cloned().collect();
        types.iter().for_each(|ty| self.drop_type(ty, true, true));
        let others = self.schema.others.keys().filter(|(_, other)| inside(other)).cloned();
        for other in others.collect::<Vec<_>>() {
            self.schema.others.remove(&other);
        }
    }

    pub(super) fn move_other(&mut self, kind: OtherKind, from: &Name, to: &Name) {
        if kind == OtherKind::Type {
            return self.move_type(from, to);
        }
        if from == to {
            return;
        }
        let gone = Object::Other(kind, from.clone());
        if self.schema.memory.gone.contains(&gone) {
            self.undefined(gone.clone(), Statement::Alter);
        }
        let made = Object::Other(kind, to.clone());
        let is_relation = matches!(kind, OtherKind::Sequence | OtherKind::View | OtherKind::MaterializedView);
        let claimed = if is_relation { self.claim_relation(made.clone(), to) } else { Certainty::Certain };
        match self.schema.others.remove(&(kind, from.clone())) {
            Some(certainty) => drop(self.schema.others.insert((kind, to.clone()), certainty.min(claimed))),
            None => self.schema.doubt(&made),
        }
        if kind == OtherKind::MaterializedView && !self.schema.tables.contains_key(from) {
            if self.schema.tables.contains_key(to) {
                self.forget_indexes_of(from);
            }
            for index in self.indexes_of(from) {
                self.schema.memory.indexes.insert(index, to.clone());
            }
        }
        self.schema.memory.gone.insert(gone);
        self.schema.memory.gone.remove(&made);
    }

    pub(super) fn set_schema(&mut self, object: &Object, to: Option<&str>) {
        let moved = |name: &Name| Name::new(to, &name.name);
        match object {
            Object::Table(name) if self.schema.tables.contains_key(name) || !self.schema.is_view(name) => {
                self.move_table(name, &moved(name), Statement::Alter);
            }
            Object::Table(name) => {
                for kind in [OtherKind::View, OtherKind::MaterializedView] {
                    if self.listed(kind, name).is_some() {
                        self.move_other(kind, name, &moved(name));
                    }
                }
            }
            Object::Type(name) => self.move_type(name, &moved(name)),
            Object::Other(kind, name) => self.move_other(*kind, name, &moved(name)),
            // these go where their table or type goes
            Object::Column(..) | Object::Constraint(..) | Object::Index(_) | Object::EnumValue(..) => {}
        }
    }
}
