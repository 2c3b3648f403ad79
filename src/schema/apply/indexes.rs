//! Indexes. They share one set of names with tables, views, sequences and the indexes that constraints make.

use std::sync::Arc;

use super::known::Presence;
use super::{Applier, names};
use crate::schema::{Certainty, Error, Index, IndexDef, Name, Object, OtherKind, Statement};

impl Applier<'_> {
    pub(super) fn create_index(&mut self, table: &Name, index: &IndexDef) {
        if index.concurrently {
            self.outside_transaction("CREATE INDEX CONCURRENTLY");
        }
        if self.reach(table, Statement::Create) {
            self.add_index(table, index);
        } else if let Some(name) = &index.name {
            // of a materialized view
            self.own_index(&table.sibling(name), table);
        }
    }

    fn outside_transaction(&mut self, statement: &'static str) {
        let [once, each] = self.schema.memory.runs().map(|run| !run.autocommit);
        self.fault_in(Error::InsideTransaction { statement }, [once, each]);
    }

    /// Adds an index to a listed table.
    pub(super) fn add_index(&mut self, table_name: &Name, definition: &IndexDef) {
        let mut columns = definition.columns.iter().flatten();
        if let Some(column) = columns.find(|column| self.column_state(table_name, column) == Presence::Missing) {
            self.undefined(Object::Column(table_name.clone(), column.clone()), Statement::Create);
        }
        self.compare(std::slice::from_ref(table_name), &definition.compares);
        let mut certainty = self.certainty;
        let guess = definition.name.is_none() && definition.columns.iter().any(Option::is_none);
        let name = match &definition.name {
            Some(name) => {
                let full = table_name.sibling(name);
                match self.schema.relation(&full) {
                    Some((_, Certainty::Certain)) if definition.if_not_exists => return,
                    Some((_, Certainty::Maybe)) if definition.if_not_exists => certainty = Certainty::Maybe,
                    Some(_) if !definition.if_not_exists => {
                        certainty = certainty.min(self.claim_relation(Object::Index(full.clone()), &full));
                    }
                    Some(_) | None => {}
                }
                name.clone()
            }
            None => {
                let columns = definition.columns.iter().map(|column| column.as_deref().unwrap_or("expr"));
                self.choose(table_name, Some(&names::join(columns)), "idx", false)
            }
        };
        let full = table_name.sibling(&name);
        self.own_index(&full, table_name);
        let origin = self.origin();
        let Some(table) = self.schema.table_mut(table_name) else { return };
        table.doubtful.retain(|doubtful| *doubtful != name);
        if guess {
            table.unnamed = true;
            certainty = Certainty::Maybe;
        }
        let (columns, orders) = (definition.columns.clone(), definition.orders.clone());
        table.indexes.push(Index { name, columns, orders, unique: definition.unique, certainty, origin });
    }

    /// A table gets an index of that name; who had one has it no more.
    pub(super) fn own_index(&mut self, name: &Name, owner: &Name) {
        if let Some(before) = self.schema.memory.indexes.insert(name.clone(), owner.clone())
            && let Some(table) = self.schema.table_mut(&before)
        {
            table.indexes.retain(|index| index.name != name.name);
            table.constraints.retain(|own| own.name.as_ref() != Some(&name.name) || !own.kind.has_index());
        }
        self.schema.memory.gone.remove(&Object::Index(name.clone()));
        self.schema.doubtful.remove(&Object::Index(name.clone()));
    }

    pub(super) fn drop_index(&mut self, name: &Name, table: Option<&Name>, if_exists: bool, concurrently: bool) {
        if concurrently {
            self.outside_transaction("DROP INDEX CONCURRENTLY");
        }
        let object = Object::Index(name.clone());
        if let Some(owner) = self.schema.memory.indexes.get(name).cloned() {
            let backed = self.schema.exact(&owner).and_then(|table| table.constraint(&name.name));
            let backed = backed.filter(|constraint| constraint.kind.has_index());
            let sure = backed.is_some_and(|constraint| constraint.certainty == Certainty::Certain);
            // CASCADE does not help
            if sure {
                let by = vec![Object::Constraint(owner.clone(), name.name.clone())];
                self.fault(Error::StillUsed { object: object.clone(), by });
            }
            self.schema.memory.indexes.remove(name);
            if let Some(table) = self.schema.table_mut(&owner) {
                table.indexes.retain(|index| index.name != name.name);
                table.constraints.retain(|own| own.name.as_ref() != Some(&name.name) || !own.kind.has_index());
            }
        } else if !if_exists && self.index_missing(name, table) {
            self.undefined(object.clone(), Statement::Drop);
        } else if let Some(table) = table.and_then(|table| self.schema.table_mut(table)) {
            table.doubtful.retain(|doubtful| *doubtful != name.name);
        }
        self.schema.doubtful.remove(&object);
        self.schema.memory.gone.insert(object);
    }

    /// Whether no index has that name, for sure: it was dropped, or all names on its table are known.
    fn index_missing(&self, name: &Name, table: Option<&Name>) -> bool {
        let object = Object::Index(name.clone());
        if self.schema.doubtful.contains(&object) {
            return false;
        }
        let knows_all = |table: &Name| {
            let doubts = |doubtful: &[Arc<str>]| doubtful.contains(&name.name);
            self.schema.exact(table).is_some_and(|table| !table.unnamed && !doubts(&table.doubtful))
        };
        let nowhere = || {
            let mut tables = self.schema.tables.keys().filter(|table| table.schema == name.schema);
            self.schema.tells_all_tables(&name.schema, self.context) && tables.all(knows_all)
        };
        // a name that a table, a view or a sequence has gets another answer
        let taken = self.schema.relation(name).is_some();
        !taken && (self.schema.memory.gone.contains(&object) || table.map_or_else(nowhere, knows_all))
    }

    pub(super) fn rename_index(&mut self, name: &Name, to: &Arc<str>, if_exists: bool) {
        let object = Object::Index(name.clone());
        let Some(owner) = self.schema.memory.indexes.get(name).cloned() else {
            if self.schema.tables.contains_key(name) {
                return self.move_table(name, &name.sibling(to), Statement::Rename);
            }
            let of_another_kind = self.schema.relation(name).is_some();
            if !if_exists && !of_another_kind && self.index_missing(name, None) {
                self.undefined(object, Statement::Rename);
            }
            if !of_another_kind {
                self.schema.doubt(&Object::Index(name.sibling(to)));
            }
            return;
        };
        let full = name.sibling(to);
        if full == *name {
            return;
        }
        self.claim_relation(Object::Index(full.clone()), &full);
        self.schema.memory.indexes.remove(name);
        self.own_index(&full, &owner);
        self.schema.memory.gone.insert(object);
        let Some(table) = self.schema.table_mut(&owner) else { return };
        table.doubtful.retain(|doubtful| doubtful != to);
        table.indexes.retain(|index| index.name != *to);
        for index in table.indexes.iter_mut().filter(|index| index.name == name.name) {
            index.name = to.clone();
        }
        // the constraint goes by its index's name
        for constraint in &mut table.constraints {
            if constraint.name.as_ref() == Some(&name.name) && constraint.kind.has_index() {
                constraint.name = Some(to.clone());
            }
        }
    }

    /// Takes all that is on a relation out of the names that are taken.
    pub(super) fn forget_indexes_of(&mut self, relation: &Name) {
        for index in self.indexes_of(relation) {
            self.schema.memory.indexes.remove(&index);
        }
    }

    pub(super) fn indexes_of(&self, relation: &Name) -> Vec<Name> {
        let own = self.schema.memory.indexes.iter().filter(|(_, owner)| *owner == relation);
        own.map(|(index, _)| index.clone()).collect()
    }

    /// Takes the indexes of a view that goes out of the names that are taken.
    pub(super) fn forget_view(&mut self, kind: OtherKind, name: &Name) {
        let has_indexes = kind == OtherKind::MaterializedView && self.schema.others.contains_key(&(kind, name.clone()));
        if has_indexes && !self.schema.tables.contains_key(name) {
            self.forget_indexes_of(name);
        }
    }
}
