//! Enum types: making them, with a table or without, dropping, renaming, their values; and types that are only referred to.
//!
//! `op.create_table` emits CREATE TYPE for an enum once a run, without looking whether the type is there; no other directive does.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::known::Presence;
use super::{Applier, RiskKind};
use crate::schema::{
    Certainty, EnumDef, EnumType, Error, Name, Object, OtherKind, Reason, Statement, Table, Type, TypeCreation,
};

impl Applier<'_> {
    /// The enum type of a column in an `op.create_table`.
    pub(super) fn emit_enum(&mut self, definition: &EnumDef) {
        let name = &definition.name;
        let Some(emits) = self.emits(definition.creation) else {
            let presence = self.schema.type_presence(name, true, self.context);
            self.ensure_enum(definition, Certainty::Maybe);
            if presence != Presence::There {
                self.schema.doubt(&Object::Type(name.clone()));
            }
            for run in self.schema.memory.runs() {
                run.emitted.entry(name.clone()).or_insert(false);
            }
            return;
        };
        if definition.creation == TypeCreation::IgnoredBefore21 && emits {
            self.risk(RiskKind::IgnoredCreateType { ty: name.clone() });
        }
        if !emits {
            return self.refer_to_enum(definition);
        }
        let presence = self.schema.type_presence(name, true, self.context);
        let sure = self.certainty == Certainty::Certain;
        let before = self.schema.memory.runs().map(|run| {
            let before = run.emitted.get(name).copied();
            if before != Some(true) {
                run.emitted.insert(name.clone(), sure && before.is_none());
            }
            before
        });
        let is_table = self.schema.table_presence(name, self.context) == Presence::There;
        // a table is a type of its name
        let taken = presence == Presence::There || is_table;
        let twice = before.map(|before| before.is_none() && taken);
        let never = before.map(|before| before == Some(true) && presence == Presence::Missing);
        if !taken && before.contains(&None) {
            self.check_labels(definition);
        }
        self.fault_in(Error::Duplicate { object: Object::Type(name.clone()) }, twice);
        let error = Error::Undefined { object: Object::Type(name.clone()), statement: Statement::Create };
        self.fault_in(error, never);
        let made = before.contains(&None) && !taken;
        self.ensure_enum(definition, if made { self.certainty } else { Certainty::Maybe });
    }

    /// Whether a column of the type emits CREATE TYPE in a CREATE TABLE; `None` when that cannot be told.
    fn emits(&mut self, creation: TypeCreation) -> Option<bool> {
        let since_21 = self.context.sqlalchemy.map(|version| version >= (2, 1));
        match creation {
            TypeCreation::WithTable => Some(true),
            TypeCreation::Never => Some(false),
            TypeCreation::IgnoredBefore21 => since_21.map(|since| !since),
            TypeCreation::From21 => since_21,
            TypeCreation::Unknown => None,
        }
    }

    /// Lists a type that is there from here on; a listed one stays as it is known, unless it is made anew for sure.
    fn ensure_enum(&mut self, definition: &EnumDef, certainty: Certainty) {
        let name = &definition.name;
        let listed = self.schema.enums.get(name).map(|ty| ty.certainty);
        if listed == Some(Certainty::Certain) || listed.is_some() && certainty == Certainty::Maybe {
            return;
        }
        let ty = EnumType { values: definition.values.clone(), certainty, origin: self.origin() };
        self.schema.enums.insert(name.clone(), Arc::new(ty));
        self.schema.doubtful.remove(&Object::Type(name.clone()));
        self.schema.memory.gone.remove(&Object::Type(name.clone()));
    }

    /// An enum that is written out and must be there already.
    pub(super) fn refer_to_enum(&mut self, definition: &EnumDef) {
        self.mention_type(&definition.name, true, Statement::Alter);
        // it must be there, and most likely as it is written
        self.ensure_enum(definition, Certainty::Maybe);
    }

    /// A column's type must be there.
    pub(super) fn require_type(&mut self, ty: &Type, statement: Statement) {
        if let Some(name) = element(ty) {
            self.mention_type(name, false, statement);
        }
    }

    pub(super) fn create_enum(&mut self, definition: &EnumDef, if_missing: bool) {
        let name = &definition.name;
        let presence = self.schema.type_presence(name, true, self.context);
        let is_table = self.schema.table_presence(name, self.context) == Presence::There;
        if if_missing {
            let doubtful = self.schema.doubtful.contains(&Object::Type(name.clone()));
            let listed = self.schema.seems_there(&Object::Type(name.clone()));
            // in a history that does not tell all, a type that was never heard of is most likely new here
            let certainty = if doubtful || listed || self.schema.open { Certainty::Maybe } else { self.certainty };
            return self.ensure_enum(definition, certainty);
        }
        let mut certainty = self.certainty;
        if presence == Presence::There || is_table {
            self.duplicate(Object::Type(name.clone()));
            certainty = Certainty::Maybe;
        } else {
            self.check_labels(definition);
        }
        self.schema.enums.remove(name);
        self.ensure_enum(definition, certainty);
    }

    /// A value that is written twice.
    fn check_labels(&mut self, definition: &EnumDef) {
        let values = definition.values.as_deref().unwrap_or_default();
        let mut seen = BTreeSet::new();
        if !values.iter().all(|value| seen.insert(value)) {
            let message = "duplicate key value violates unique constraint \"pg_enum_typid_label_index\"".to_owned();
            self.fault(Error::Invalid { sqlstate: "23505", message, reason: Reason::LabelTwice });
        }
    }

    pub(super) fn drop_type(&mut self, name: &Name, if_exists: bool, cascade: bool) {
        let object = Object::Type(name.clone());
        if !if_exists && self.schema.type_presence(name, true, self.context) == Presence::Missing {
            self.undefined(object.clone(), Statement::Drop);
        }
        let users = self.users(name);
        if !users.is_empty() {
            match cascade {
                true => self.risk(RiskKind::DropTypeCascade { ty: name.clone(), columns: users.clone() }),
                false => {
                    let by =
                        users.iter().map(|(table, column)| Object::Column(table.clone(), column.clone())).collect();
                    self.fault(Error::StillUsed { object: object.clone(), by });
                }
            }
        }
        if cascade {
            users.iter().for_each(|(table, column)| self.take_column(table, column));
        }
        self.schema.enums.remove(name);
        self.schema.others.remove(&(OtherKind::Type, name.clone()));
        self.forget_values(name);
        self.schema.doubtful.remove(&object);
        self.schema.memory.gone.insert(object);
    }

    /// Columns that are of a type for sure.
    fn users(&self, name: &Name) -> Vec<(Name, Arc<str>)> {
        let mut res = Vec::new();
        for (table_name, table) in self.schema.tables.iter().filter(|(_, table)| table.is_exact()) {
            let uses = |ty: &Type| element(ty) == Some(name);
            let columns =
                table.columns.iter().filter(|column| uses(&column.ty) && column.certainty == Certainty::Certain);
            res.extend(columns.map(|column| (table_name.clone(), column.name.clone())));
        }
        res
    }

    fn forget_values(&mut self, ty: &Name) {
        for run in self.schema.memory.runs() {
            let own = run.fresh.iter().filter(|(of, _)| of == ty).cloned();
            for value in own.collect::<Vec<_>>() {
                run.fresh.remove(&value);
            }
        }
    }

    /// Gives a type another name or schema; columns follow.
    pub(super) fn move_type(&mut self, from: &Name, to: &Name) {
        self.mention_type(from, true, Statement::Alter);
        if self.schema.type_presence(to, true, self.context) == Presence::There
            || self.schema.table_presence(to, self.context) == Presence::There
        {
            self.duplicate(Object::Type(to.clone()));
        }
        if from == to {
            return;
        }
        match self.schema.enums.remove(from) {
            Some(ty) => {
                self.schema.enums.insert(to.clone(), ty);
                self.schema.doubtful.remove(&Object::Type(to.clone()));
            }
            None => {
                let other = self.schema.others.remove(&(OtherKind::Type, from.clone()));
                match other {
                    Some(certainty) => drop(self.schema.others.insert((OtherKind::Type, to.clone()), certainty)),
                    None => self.schema.doubt(&Object::Type(to.clone())),
                }
            }
        }
        let uses = |table: &Table| table.columns.iter().any(|column| element(&column.ty) == Some(from));
        self.schema.change_tables(uses, |table| {
            for column in &mut table.columns {
                if let Some(name) = element_mut(&mut column.ty).filter(|name| *name == from) {
                    *name = to.clone();
                }
            }
        });
        for run in self.schema.memory.runs() {
            let moved = std::mem::take(&mut run.fresh).into_iter();
            run.fresh = moved.map(|(ty, value)| (if ty == *from { to.clone() } else { ty }, value)).collect();
        }
        self.schema.doubtful.remove(&Object::Type(from.clone()));
        self.schema.memory.gone.insert(Object::Type(from.clone()));
        self.schema.memory.gone.remove(&Object::Type(to.clone()));
    }

    pub(super) fn add_enum_value(
        &mut self,
        ty: &Name,
        value: &Arc<str>,
        if_not_exists: bool,
        before: Option<&Arc<str>>,
        after: Option<&Arc<str>>,
    ) {
        self.mention_type(ty, true, Statement::Alter);
        let mut values = self.sure_values(ty).map(<[_]>::to_vec);
        let neighbour = before.or(after);
        if let Some(values) = &mut values {
            if values.contains(value) {
                if !if_not_exists {
                    self.duplicate(Object::EnumValue(ty.clone(), value.clone()));
                }
                return;
            }
            if let Some(missing) = neighbour.filter(|neighbour| !values.contains(neighbour)) {
                self.undefined(Object::EnumValue(ty.clone(), missing.clone()), Statement::Alter);
            }
        }
        if let Some(listed) = self.schema.enums.get_mut(ty)
            && let Some(values) = &mut Arc::make_mut(listed).values
        {
            let place = neighbour.and_then(|neighbour| values.iter().position(|own| own == neighbour));
            let place = place.map_or(values.len(), |at| if before.is_some() { at } else { at + 1 });
            if !values.contains(value) {
                values.insert(place.min(values.len()), value.clone());
            }
        }
        // with IF NOT EXISTS, a value that may have been there may not be new
        if self.certainty == Certainty::Certain && (!if_not_exists || values.is_some()) {
            for run in self.schema.memory.runs().into_iter().filter(|run| !run.autocommit) {
                run.fresh.insert((ty.clone(), value.clone()));
            }
        }
    }

    pub(super) fn rename_enum_value(&mut self, ty: &Name, from: &Arc<str>, to: &Arc<str>) {
        self.mention_type(ty, true, Statement::Alter);
        if let Some(values) = self.sure_values(ty) {
            let (has_from, has_to) = (values.contains(from), values.contains(to));
            if !has_from {
                self.undefined(Object::EnumValue(ty.clone(), from.clone()), Statement::Alter);
            } else if has_to {
                self.duplicate(Object::EnumValue(ty.clone(), to.clone()));
            }
        }
        if let Some(values) = self.schema.enums.get_mut(ty).and_then(|listed| Arc::make_mut(listed).values.as_mut()) {
            values.retain(|value| value != to);
            values.iter_mut().filter(|value| *value == from).for_each(|value| *value = to.clone());
        }
        for run in self.schema.memory.runs() {
            if run.fresh.remove(&(ty.clone(), from.clone())).is_some() {
                run.fresh.insert((ty.clone(), to.clone()));
            }
        }
    }

    pub(super) fn set_enum_values(&mut self, ty: &Name, values: Option<&Vec<Arc<str>>>) {
        self.mention_type(ty, true, Statement::Alter);
        self.forget_values(ty);
        let origin = self.origin();
        let listed = self
            .schema
            .enums
            .entry(ty.clone())
            .or_insert_with(|| Arc::new(EnumType { values: None, certainty: Certainty::Maybe, origin }));
        Arc::make_mut(listed).values = values.cloned();
        self.schema.doubtful.remove(&Object::Type(ty.clone()));
    }

    /// The values of a type, where it is there for sure and they are known.
    pub(super) fn sure_values(&self, ty: &Name) -> Option<&[Arc<str>]> {
        let ty = self.schema.enums.get(ty).filter(|ty| ty.certainty == Certainty::Certain)?;
        ty.values.as_deref()
    }
}

/// The name of the type, or of the elements of an array of it, when PostgreSQL does not bring it.
pub(super) fn element(ty: &Type) -> Option<&Name> {
    let mut ty = ty;
    loop {
        match ty {
            Type::Named { name, .. } => return Some(name),
            Type::Array(of) => ty = of,
            Type::BuiltIn { .. } | Type::Unknown => return None,
        }
    }
}

fn element_mut(ty: &mut Type) -> Option<&mut Name> {
    let mut ty = ty;
    loop {
        match ty {
            Type::Named { name, .. } => return Some(name),
            Type::Array(of) => ty = of,
            Type::BuiltIn { .. } | Type::Unknown => return None,
        }
    }
}
