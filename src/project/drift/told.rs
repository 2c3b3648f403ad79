//! What the models of two snapshots tell, and what only one of them does: what could not be read and now can is no change.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Here, Parent, Tree};
use crate::models::{Declared, Unknown};
use crate::schema::{Certainty, Change, Comment, Name, Schema, Table, Type, What};

/// The models of a parent and of the snapshot.
pub struct Told<'s> {
    before: &'s Declared,
    now: &'s Declared,
    /// The tables of which the same cannot be read on both sides: what the models no longer speak of has not gone there.
    pub alike: BTreeSet<Name>,
    /// What the parent's models declare, and what the snapshot's do, as if nothing else stood in what neither tells.
    pub was: Schema,
    pub wanted: Schema,
}

impl<'s> Told<'s> {
    pub fn new(before: &'s Declared, now: &'s Declared) -> Told<'s> {
        let alike = alike(before, now);
        let (was, wanted) = (closed(&before.schema, &alike), closed(&now.schema, &alike));
        Told { before, now, alike, was, wanted }
    }

    /// Whether the models told before what they tell now of a change.
    pub fn tells(&self, change: &Change) -> bool {
        if self.is_veiled(&change.table) {
            return false;
        }
        let models = &self.before.schema;
        let Some(table) = models.tables.get(&change.table) else {
            return !models.doubtful.contains(&crate::schema::Object::Table(change.table.clone()));
        };
        let is_listed = |name: &str| table.column(name).is_some_and(|column| column.certainty == Certainty::Certain);
        let told = match &change.what {
            What::AddTable(_) | What::RemoveTable => return true,
            What::ModifyType { column, .. } => table.column(column).is_none_or(|column| column.ty != Type::Unknown),
            What::ModifyComment { column: None, .. } => table.comment != Comment::Unknown,
            What::ModifyComment { column: Some(column), .. } => {
                table.column(column).is_none_or(|column| column.comment != Comment::Unknown)
            }
            What::AddEnumValue { ty, .. } | What::RemoveEnumValue { ty, .. } => {
                models.enums.get(ty).is_none_or(|ty| ty.values.is_some() && ty.certainty == Certainty::Certain)
            }
            _ => true,
        };
        let columns = change.columns();
        let is_whole = table.certainty == Certainty::Certain
            && (!table.opaque
                || !columns.is_empty() && columns.iter().all(|column| is_listed(column))
                // what is not known is what it was: the rest was written now
                || untold(self.before, &change.table) == untold(self.now, &change.table));
        let is_sure = |column: &&str| table.column(column).is_none_or(|column| column.certainty == Certainty::Certain);
        told && is_whole && columns.iter().all(is_sure)
    }

    /// Whether a table comes or goes only because its file became readable, or ceased to be.
    fn is_veiled(&self, table: &Name) -> bool {
        let (file, mute, other) = match (self.now.file_of(table), self.before.file_of(table)) {
            (Some(file), None) => (file, self.before, self.now),
            (None, Some(file)) => (file, self.now, self.before),
            _ => return false,
        };
        let nowhere = |declared: &'s Declared| {
            declared.unknown.iter().filter(|unknown| unknown.table.is_none() && unknown.source.path == file.path)
        };
        nowhere(mute).any(|unknown| !nowhere(other).any(|known| text(known) == text(unknown)))
    }
}

fn alike(before: &Declared, now: &Declared) -> BTreeSet<Name> {
    let is_open = |table: &&Arc<Table>| table.opaque && table.certainty == Certainty::Certain;
    let tables = now.schema.tables.iter().filter(|(_, table)| is_open(table)).map(|(name, _)| name);
    let was_open = |name: &&Name| before.schema.tables.get(*name).filter(is_open).is_some();
    tables.filter(was_open).filter(|name| untold(before, name) == untold(now, name)).cloned().collect()
}

/// The models, as if they listed all tables, and these as a whole.
fn closed(models: &Schema, tables: &BTreeSet<Name>) -> Schema {
    let mut res = Schema { open: false, ..models.clone() };
    for name in tables {
        if let Some(table) = models.tables.get(name) {
            res.tables.insert(name.clone(), Arc::new(Table { opaque: false, ..Table::clone(table) }));
        }
    }
    res
}

/// The code that nobody can tell, of a table; of a class, what it inherits.
fn untold<'m>(models: &'m Declared, table: &Name) -> BTreeSet<Option<&'m str>> {
    let of_table = models.unknown.iter().filter(|unknown| unknown.table.as_ref() == Some(table));
    let code = |unknown: &'m Unknown| {
        let rest = unknown.source.text.get(unknown.span.end..)?;
        let bases = if rest.starts_with('(') { rest.find(':').unwrap_or(rest.len()) } else { 0 };
        unknown.source.text.get(unknown.span.start..unknown.span.end + bases)
    };
    of_table.map(code).collect()
}

/// What can be read in no way and changed, where nothing was migrated.
pub fn unread(here: &Here, parents: &[Parent]) -> Vec<Unknown> {
    if parents.is_empty() || parents.iter().any(|parent| has_news(here.tree, parent.tree)) {
        return Vec::new();
    }
    let was_there = |unknown: &Unknown, parent: &Parent| {
        parent.models.unknown.iter().any(|known| known.table == unknown.table && text(known) == text(unknown))
    };
    let is_new = |unknown: &&Unknown| !parents.iter().any(|parent| was_there(unknown, parent));
    here.models.unknown.iter().filter(is_new).cloned().collect()
}

fn text(unknown: &Unknown) -> Option<&str> {
    unknown.source.text.get(unknown.span.start..unknown.span.end)
}

fn has_news(tree: &Tree, parent: &Tree) -> bool {
    tree.graph.live().any(|at| !parent.holds(&tree.graph.nodes[at].script))
}
