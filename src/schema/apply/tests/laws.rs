//! What holds for all operations.

use proptest::prelude::*;

use super::build::{
    add, add_value, alter, col, create, drop_column, drop_table, drop_type, en, fk, index, insert, integer, named,
    of_enum, pk, rename_table, reti, set_not_null, text, unique, values,
};
use super::{Action, Guard, Name, Object, Op, OtherKind, Scalar, Schema, Span, Touches, World};

const NAMES: [&str; 4] = ["a", "b", "t", "a_pkey"];

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(NAMES.to_vec())
}

fn action() -> impl Strategy<Value = Action> {
    (0..24usize, name(), name(), name(), any::<bool>()).prop_map(|(kind, one, two, three, flag)| match kind {
        0 => create(one, [pk("a"), col(two, text())]),
        1 => create(one, [pk("a"), of_enum("b", en(two, &["a", "b"]))]),
        2 => create(one, [unique(col("b", text())), fk(col("t", integer()), two, &[three])]),
        3 => drop_table(one),
        4 => rename_table(one, two),
        5 => add(one, col(two, text())),
        6 => add(one, of_enum(two, en(three, &["a"]))),
        7 => drop_column(one, two),
        8 => set_not_null(one, two),
        9 => reti(one, two, named(three), flag),
        10 => index(one, flag.then_some(two), &[three]),
        11 => Action::DropIndex {
            name: one.into(),
            table: flag.then(|| two.into()),
            if_exists: false,
            cascade: flag,
            concurrently: false,
        },
        12 => Action::RenameIndex { name: one.into(), to: two.into(), if_exists: flag },
        13 => drop_type(one, flag),
        14 => add_value(one, two),
        15 => Action::RenameType { name: one.into(), to: two.into() },
        16 => Action::DropConstraint {
            table: one.into(),
            name: flag.then(|| two.into()),
            if_exists: false,
            cascade: flag,
        },
        17 => Action::RenameConstraint { table: one.into(), name: two.into(), to: three.into() },
        18 => insert(one, &[two], [[values(three)], [Scalar::Null]]),
        19 => Action::SetSchema { object: Object::Table(one.into()), to: flag.then(|| two.into()) },
        20 => Action::CreateOther {
            kind: OtherKind::MaterializedView,
            name: one.into(),
            if_not_exists: flag,
            or_replace: false,
        },
        21 => Action::RenameOther { kind: OtherKind::Sequence, name: one.into(), to: two.into() },
        22 => Action::AlterColumn {
            table: one.into(),
            column: two.into(),
            retype: None,
            nullable: Some(flag),
            default: None,
            rename: Some(three.into()),
        },
        _ if flag => {
            Action::Unknown { text: String::new(), touches: Touches::Objects(vec![Object::Table(one.into())]) }
        }
        _ => alter(one, two, Some(true), None),
    })
}

fn guards() -> impl Strategy<Value = Vec<Guard>> {
    (0..6usize, name(), any::<bool>()).prop_map(|(kind, name, holds)| match kind {
        0 => vec![Guard::Unknown],
        1 => vec![Guard::Exists { object: Object::Table(name.into()), holds }],
        _ => Vec::new(),
    })
}

/// What a database would show.
fn visible(schema: &Schema) -> (Vec<Name>, Vec<Name>, Vec<String>) {
    let tables = schema.tables.iter().map(|(name, table)| format!("{name}: {table:?}")).collect();
    (schema.tables.keys().cloned().collect(), schema.enums.keys().cloned().collect(), tables)
}

fn run(world: &mut World, ops: Vec<(Action, Vec<Guard>)>) {
    for (action, guards) in ops {
        let context = world.context();
        world.schema.apply(&Op { action, span: Span::default(), guards }, &context);
    }
}

/// The names of indexes that are kept beside the tables are those that the tables have.
fn assert_indexes(schema: &Schema) {
    for (index, owner) in &schema.memory.indexes {
        if let Some(table) = schema.tables.get(owner) {
            let listed = table.index(&index.name).is_some() || table.constraint(&index.name).is_some();
            assert!(listed && index.schema == owner.schema, "{owner} has no {index}");
        }
    }
    for (name, table) in &schema.tables {
        for index in &table.indexes {
            assert!(schema.memory.indexes.contains_key(&name.sibling(&index.name)), "{} of {name}", index.name);
        }
    }
}

proptest! {
    #[test]
    fn any_operations_can_be_applied(ops in prop::collection::vec((action(), guards()), 0..40)) {
        let mut world = World::new();
        for op in ops {
            run(&mut world, vec![op]);
            assert_indexes(&world.schema);
        }
    }

    #[test]
    fn dropping_what_was_made_restores(ops in prop::collection::vec((action(), guards()), 0..20)) {
        let mut world = World::new();
        run(&mut world, ops);
        let before = visible(&world.schema);
        world.apply(create("new", [pk("id"), unique(col("a", text()))]));
        world.apply(index("new", Some("new_ix"), &["a"]));
        world.apply(drop_table("new"));
        prop_assert_eq!(visible(&world.schema), before);
        assert_indexes(&world.schema);
    }

    #[test]
    fn renaming_there_and_back_restores(ops in prop::collection::vec((action(), guards()), 0..20), table in name()) {
        let mut world = World::new();
        run(&mut world, ops);
        let name = Name::from(table);
        let alone = !world.schema.others.keys().any(|(_, other)| *other == name) && !world.schema.memory.indexes.contains_key(&name);
        if !alone || !world.schema.tables.contains_key(&name) {
            return Ok(());
        }
        let before = visible(&world.schema);
        world.apply(rename_table(table, "elsewhere"));
        world.apply(rename_table("elsewhere", table));
        prop_assert_eq!(visible(&world.schema), before);
        assert_indexes(&world.schema);
    }
}
