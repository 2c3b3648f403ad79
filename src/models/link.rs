//! Drafts of tables become one schema: types that foreign keys bring, names declared twice, enum types.

use std::collections::HashMap;
use std::sync::Arc;

use crate::python::interpret::{ParsedModule, Place};
use crate::schema::{
    Certainty, Column, ColumnDef, Constraint, ConstraintKind, EnumDef, EnumType, Index, IndexDef, Name, Origin, Rows,
    Schema, Table, Type,
};
use crate::source::Source;
use crate::sqlalchemy::{Column as Written, Draft};

use super::{Declared, Unknown};

/// A table of the metadata that counts.
pub(super) struct Found<'a> {
    pub draft: Draft<'a>,
    /// Whether it is declared for sure.
    pub sure: bool,
}

/// Numbers the files as they come up.
#[derive(Default)]
pub(super) struct Sources {
    numbers: HashMap<*const ParsedModule, usize>,
    pub all: Vec<Arc<Source>>,
}

impl Sources {
    fn origin(&mut self, place: Place<'_>) -> Option<Origin> {
        let file = *self.numbers.entry(place.module).or_insert_with(|| {
            self.all.push(place.module.source.clone());
            self.all.len() - 1
        });
        Some(Origin { file, span: place.span })
    }
}

/// Joins all tables into one schema.
pub(super) fn link(mut found: Vec<Found<'_>>, res: &mut Declared) {
    resolve_types(&mut found);
    let mut sources = Sources::default();
    for Found { draft, sure } in found {
        let sure = sure && !draft.elsewhere;
        let name = draft.name.clone();
        if draft.opaque || draft.unnamed {
            let places = if draft.unknown.is_empty() { vec![draft.place] } else { draft.unknown.clone() };
            for place in places {
                let source = place.module.source.clone();
                res.unknown.push(Unknown { table: Some(name.clone()), source, span: place.span });
            }
        }
        let table = table(draft, sure, &mut sources, &mut res.schema);
        res.schema.tables.insert(name, Arc::new(table));
    }
    res.sources = sources.all;
}

/// Foreign keys that point at columns which point on: longer chains are none.
const LONGEST: usize = 20;

/// Columns without a type get that of the column that they point at (SQLAlchemy's `ForeignKey._set_type`).
fn resolve_types(found: &mut [Found<'_>]) {
    let mut places: HashMap<(Name, Arc<str>), (usize, usize)> = HashMap::new();
    for (at, table) in found.iter().enumerate() {
        for (number, (column, _)) in table.draft.columns.iter().enumerate() {
            let name = &table.draft.name;
            places.insert((name.clone(), column.key.clone()), (at, number));
            places.insert((name.clone(), column.definition.name.clone()), (at, number));
        }
    }
    let mut resolved: Vec<(usize, usize, Type, Option<EnumDef>)> = Vec::new();
    for (at, table) in found.iter().enumerate() {
        for (number, (column, _)) in table.draft.columns.iter().enumerate() {
            if column.ty_from_reference
                && let Some(last) = end_of_chain(found, &places, at, number)
            {
                resolved.push((at, number, last.definition.ty.clone(), last.definition.enumeration.clone()));
            }
        }
    }
    for (at, number, ty, enumeration) in resolved {
        let definition = &mut found[at].draft.columns[number].0.definition;
        (definition.ty, definition.enumeration) = (ty, enumeration);
    }
}

/// The column with a type of its own at the end of the foreign keys that begin at this one.
fn end_of_chain<'f>(
    found: &'f [Found<'_>],
    places: &HashMap<(Name, Arc<str>), (usize, usize)>,
    mut at: usize,
    mut number: usize,
) -> Option<&'f Written> {
    for _ in 0..LONGEST {
        let draft = &found[at].draft;
        let column = &draft.columns[number].0;
        if !column.ty_from_reference {
            return Some(column);
        }
        (at, number) = *places.get(&target(draft, column)?)?;
    }
    None
}

/// The column that a column points at: by its own foreign key, or by one of the table.
fn target(draft: &Draft<'_>, column: &Written) -> Option<(Name, Arc<str>)> {
    let name = &column.definition.name;
    let own = column.definition.constraints.iter();
    own.chain(draft.constraints.iter().map(|(constraint, _)| constraint)).find_map(|constraint| {
        let ConstraintKind::Foreign(reference) = &constraint.kind else { return None };
        let at = constraint.columns.iter().position(|column| column == name)?;
        Some((reference.table.clone(), reference.columns.get(at)?.clone()))
    })
}

fn table(draft: Draft<'_>, sure: bool, sources: &mut Sources, schema: &mut Schema) -> Table {
    let origin = sources.origin(draft.place);
    let mut res = Table {
        columns: Vec::with_capacity(draft.columns.len()),
        constraints: Vec::new(),
        indexes: Vec::new(),
        certainty: if sure { Certainty::Certain } else { Certainty::Maybe },
        opaque: draft.opaque,
        rows: Rows::Possible,
        origin,
        doubtful: draft.doubtful,
        unnamed: draft.unnamed,
        comment: draft.comment,
    };
    for (constraint, place) in draft.constraints {
        res.constraints.push(Constraint { origin: sources.origin(place), ..constraint });
    }
    for (index, place) in draft.indexes {
        add_index(&mut res, index, sources.origin(place));
    }
    for (column, place) in draft.columns {
        let origin = sources.origin(place);
        let ColumnDef { name, ty, enumeration, nullable, default, constraints, index, certain, comment } =
            column.definition;
        res.constraints.extend(constraints.into_iter().map(|constraint| Constraint { origin, ..constraint }));
        if let Some(index) = index {
            add_index(&mut res, index, origin);
        }
        if let Some(enumeration) = enumeration {
            add_enum(schema, enumeration, origin);
        }
        let certainty = if certain { Certainty::Certain } else { Certainty::Maybe };
        res.columns.push(Column { name, ty, nullable, default, certainty, origin, required: None, comment });
    }
    res
}

fn add_index(table: &mut Table, index: IndexDef, origin: Option<Origin>) {
    match index.name {
        Some(name) => {
            let (columns, orders, unique) = (index.columns, index.orders, index.unique);
            table.indexes.push(Index { name, columns, orders, unique, certainty: Certainty::Certain, origin });
        }
        None => table.unnamed = true,
    }
}

/// A type that two places declare in two ways is not known.
fn add_enum(schema: &mut Schema, definition: EnumDef, origin: Option<Origin>) {
    let EnumDef { name, values, .. } = definition;
    match schema.enums.get(&name) {
        None => {
            schema.enums.insert(name, Arc::new(EnumType { values, certainty: Certainty::Certain, origin }));
        }
        Some(known) if known.values == values => {}
        Some(known) => {
            let unknown = EnumType { values: None, certainty: Certainty::Maybe, origin: known.origin };
            schema.enums.insert(name, Arc::new(unknown));
        }
    }
}
