//! Small histories, and what comes out of replaying them.

use std::sync::Arc;

use super::*;
use crate::migration::graph::tests::graph;
use crate::schema::{
    ColumnDef, Constraint, ConstraintKind, Default, EnumDef, Risk, RiskKind, TableDef, Type, TypeCreation,
};
use crate::source::Span;

fn options() -> ReplayOptions {
    ReplayOptions {
        postgresql: true,
        sqlalchemy: Some((2, 0)),
        transactions: Transactions::WholeRun,
        conventions: false,
        schema: Target::Heads,
    }
}

fn op(action: Action) -> Op {
    Op { action, span: Span::default(), guards: Vec::new() }
}

fn col(name: &str) -> ColumnDef {
    ColumnDef {
        comment: crate::schema::Comment::None,
        name: name.into(),
        ty: Type::BuiltIn { name: "integer", modifiers: Vec::new() },
        enumeration: None,
        nullable: true,
        default: Default::None,
        constraints: Vec::new(),
        index: None,
        certain: true,
    }
}

fn create(name: &str, columns: Vec<ColumnDef>) -> Op {
    let primary = Constraint {
        name: None,
        kind: ConstraintKind::Primary,
        columns: vec!["id".into()],
        certainty: crate::schema::Certainty::Certain,
        origin: None,
    };
    op(Action::CreateTable(TableDef {
        comment: crate::schema::Comment::None,
        name: name.into(),
        columns: [vec![col("id")], columns].concat(),
        constraints: vec![primary],
        indexes: Vec::new(),
        if_not_exists: false,
        opaque: false,
        temporary: false,
    }))
}

fn of_enum(name: &str, ty: &str) -> ColumnDef {
    let enumeration = EnumDef { name: ty.into(), values: None, creation: TypeCreation::WithTable };
    ColumnDef { ty: Type::Named { name: ty.into(), modifiers: None }, enumeration: Some(enumeration), ..col(name) }
}

fn add(table: &str, column: &str) -> Op {
    op(Action::AddColumn { table: table.into(), column: col(column), if_not_exists: false })
}

fn drop_column(table: &str, column: &str) -> Op {
    op(Action::DropColumn { table: table.into(), column: column.into(), if_exists: false, cascade: false })
}

fn drop_table(name: &str) -> Op {
    op(Action::DropTable { name: name.into(), if_exists: false, cascade: false })
}

fn program(upgrade: Vec<Op>, downgrade: Vec<Op>) -> Option<Program> {
    Some(Program { upgrade, downgrade: Some(downgrade), ..Program::default() })
}

fn messages(events: &[Event]) -> Vec<String> {
    let message = |event: &Event| match event {
        Event::Fault(fault) => Some(fault.error.message()),
        Event::Risk(Risk { kind: RiskKind::Unheard { .. }, .. }) => None,
        Event::Risk(risk) => Some(format!("{:?}", risk.kind)),
    };
    events.iter().filter_map(message).collect()
}

fn columns(schema: &Schema, table: &str) -> Vec<String> {
    schema.tables[&Name::from(table)].columns.iter().map(|column| column.name.to_string()).collect()
}

#[test]
fn a_revision_sees_what_its_ancestors_made_alone() {
    let graph = graph(&[("a", "None", ""), ("b", "'a'", ""), ("c", "'a'", ""), ("d", "'c'", "depends_on = 'b'")]);
    let programs = [
        program(vec![create("t", vec![])], vec![drop_table("t")]),
        program(vec![create("u", vec![])], vec![drop_table("u")]),
        program(vec![add("u", "x")], vec![drop_column("u", "x")]),
        program(vec![add("u", "y")], vec![drop_column("u", "y")]),
    ];
    let replay = replay(&graph, &programs, &options(), |_| true);
    let said: Vec<Vec<String>> = replay.steps.iter().map(|step| messages(&step.upgrade)).collect();
    assert_eq!(said[2], ["relation \"u\" does not exist"]);
    assert!(said[0].is_empty() && said[1].is_empty() && said[3].is_empty(), "{said:?}");
    assert_eq!(makers(&graph, &programs, &Object::Table("u".into()), 2), [1]);
    // what follows a revision cannot be followed by it
    assert_eq!(makers(&graph, &programs, &Object::Column("u".into(), "y".into()), 2), [0; 0]);
    assert_eq!(makers(&graph, &programs, &Object::Column("u".into(), "x".into()), 1), [2]);
    assert!(replay.steps.iter().all(|step| step.leftovers.is_empty()), "{replay:?}");
}

#[test]
fn merges_join_what_their_parents_made() {
    let graph = graph(&[
        ("a", "None", ""),
        ("b", "'a'", ""),
        ("b2", "'b'", ""),
        ("c", "'a'", ""),
        ("m", "('b2', 'c')", ""),
        ("n", "'m'", ""),
    ]);
    let programs = [
        program(vec![create("t", vec![])], vec![]),
        program(vec![add("t", "b")], vec![]),
        program(vec![add("t", "b2")], vec![]),
        program(vec![add("t", "c")], vec![]),
        program(vec![], vec![]),
        program(vec![drop_column("t", "c"), drop_column("t", "b"), drop_column("t", "zz")], vec![]),
    ];
    let replay = replay(&graph, &programs, &options(), |at| at == 5);
    assert_eq!(messages(&replay.steps[0].upgrade), ["column \"zz\" of relation \"t\" does not exist"]);
    assert_eq!(columns(&replay.schema, "t"), ["id", "b2"]);
    let at_merge = ReplayOptions { schema: Target::Revisions(vec![4]), ..options() };
    let schema = super::replay(&graph, &programs, &at_merge, |_| false).schema;
    assert_eq!(columns(&schema, "t"), ["id", "b", "b2", "c"]);
}

#[test]
fn all_heads_are_joined() {
    let graph = graph(&[("a", "None", ""), ("b", "'a'", ""), ("c", "'a'", ""), ("other", "None", "")]);
    let programs = [
        program(vec![create("t", vec![])], vec![]),
        program(vec![add("t", "b")], vec![]),
        program(vec![add("t", "c")], vec![]),
        program(vec![create("u", vec![])], vec![]),
    ];
    let replay = replay(&graph, &programs, &options(), |_| false);
    assert_eq!(columns(&replay.schema, "t"), ["id", "c", "b"]);
    assert_eq!(columns(&replay.schema, "u"), ["id"]);
}

#[test]
fn a_broken_graph_claims_nothing_below_the_break() {
    let graph =
        graph(&[("a", "None", ""), ("b", "'gone'", ""), ("c", "'d'", ""), ("d", "'c'", ""), ("e", "compute()", "")]);
    let own = |name: &str| program(vec![add("t", "x"), create(name, vec![]), create(name, vec![])], vec![]);
    let programs = [program(vec![create("t", vec![])], vec![]), own("b"), own("c"), own("d"), own("e")];
    let replay = replay(&graph, &programs, &options(), |_| true);
    for step in &replay.steps[1..] {
        let name = &graph.nodes[step.revision].id;
        assert_eq!(messages(&step.upgrade), [format!("relation \"{name}\" already exists")]);
    }
}

#[test]
fn what_cannot_be_read_may_do_anything() {
    let graph = graph(&[("a", "None", ""), ("b", "'a'", ""), ("c", "'b'", "")]);
    let programs =
        [program(vec![create("t", vec![])], vec![]), None, program(vec![add("u", "x"), add("t", "id")], vec![])];
    let replay = replay(&graph, &programs, &options(), |at| at == 2);
    assert!(messages(&replay.steps[0].upgrade).is_empty());
}

#[test]
fn the_downgrade_leaves_and_loses() {
    let graph = graph(&[("a", "None", ""), ("b", "'a'", ""), ("c", "'b'", ""), ("d", "'c'", ""), ("e", "'d'", "")]);
    let programs = [
        program(vec![create("t", vec![col("x")])], vec![drop_table("t")]),
        program(vec![create("u", vec![of_enum("s", "st")])], vec![drop_table("u")]),
        program(vec![drop_column("t", "x")], vec![add("t", "y")]),
        program(vec![add("t", "z")], vec![]),
        Some(Program { upgrade: vec![], downgrade: Some(vec![op(Action::Raise)]), ..Program::default() }),
    ];
    let replay = replay(&graph, &programs, &options(), |_| true);
    let left = |object, lost| {
        let what = if lost { Difference::Lost } else { Difference::Left };
        Leftover { object, what, span: Span::default() }
    };
    assert_eq!(replay.steps[0].leftovers, []);
    assert_eq!(replay.steps[1].leftovers, [left(Object::Type("st".into()), false)]);
    let column = |name: &str| Object::Column("t".into(), name.into());
    assert_eq!(replay.steps[2].leftovers, [left(column("x"), true), left(column("y"), false)]);
    assert_eq!(replay.steps[3].irreversible, Some(Irreversible::Empty));
    assert_eq!(replay.steps[4].irreversible, Some(Irreversible::Raises));
    let missing = [Some(Program::default())];
    let alone = super::replay(&super::tests::graph(&[("a", "None", "")]), &missing, &options(), |_| true);
    assert_eq!(alone.steps[0].irreversible, Some(Irreversible::Missing));
}

#[test]
fn a_type_that_the_downgrade_makes_again_is_not_left_behind() {
    let at = |action, start| Op { action, span: Span::new(start, start + 1), guards: Vec::new() };
    let make = |start| {
        let definition = EnumDef { name: "st".into(), values: None, creation: TypeCreation::WithTable };
        at(Action::CreateEnum { definition, if_missing: false }, start)
    };
    let drop = |start| at(Action::DropType { name: "st".into(), if_exists: false, cascade: false }, start);
    let graph = graph(&[("a", "None", ""), ("b", "'a'", "")]);
    let programs = [None, program(vec![drop(1), make(2)], vec![drop(3), make(4)])];
    let replay = super::replay(&graph, &programs, &options(), |at| at == 1);
    assert_eq!(replay.steps[0].leftovers, []);
}

#[test]
fn ancestors_that_both_branches_have_run_once() {
    // a ladder: each rung merges the two branches
    let mut revisions = vec![("r0".to_owned(), "None".to_owned())];
    let mut programs = vec![program(vec![create("t", vec![])], vec![])];
    for rung in 0..60 {
        let below = format!("'r{rung}'");
        revisions.push((format!("x{rung}"), below.clone()));
        revisions.push((format!("y{rung}"), below));
        revisions.push((format!("r{}", rung + 1), format!("('x{rung}', 'y{rung}')")));
        programs.push(program(vec![add("t", &format!("x{rung}"))], vec![]));
        programs.push(program(vec![add("t", &format!("y{rung}"))], vec![]));
        programs.push(program(vec![], vec![]));
    }
    let revisions: Vec<_> = revisions.iter().map(|(id, down)| (id.as_str(), down.as_str(), "")).collect();
    let replay = replay(&graph(&revisions), &programs, &options(), |_| true);
    assert!(replay.steps.iter().all(|step| step.upgrade.is_empty()));
    assert_eq!(columns(&replay.schema, "t").len(), 121);
}

#[test]
fn a_long_history_is_replayed() {
    let chain = |length: usize| {
        let names: Vec<String> = (0..length).map(|at| format!("r{at}")).collect();
        let downs: Vec<String> =
            (0..length).map(|at| if at == 0 { "None".into() } else { format!("'r{}'", at - 1) }).collect();
        let revisions: Vec<_> = names.iter().zip(&downs).map(|(id, down)| (id.as_str(), down.as_str(), "")).collect();
        let programs: Vec<_> = (0..length)
            .map(|at| {
                let table = format!("t{at}");
                program(
                    vec![create(&table, vec![]), add(&table, "a"), add(&format!("t{}", at / 2), &format!("b{at}"))],
                    vec![drop_table(&table)],
                )
            })
            .collect();
        (graph(&revisions), programs)
    };
    let (graph, programs) = chain(2_000);
    let replay = replay(&graph, &programs, &options(), |at| at == 1_999);
    assert_eq!(replay.schema.tables.len(), 2_000);
    assert_eq!(replay.steps[0].upgrade, []);
}

#[test]
fn schemas_are_moved_along_a_chain() {
    let graph = graph(&[("a", "None", ""), ("b", "'a'", "")]);
    let programs = [program(vec![create("t", vec![])], vec![]), program(vec![], vec![])];
    let replay = replay(&graph, &programs, &options(), |_| false);
    assert_eq!(Arc::strong_count(&replay.schema.tables[&Name::from("t")]), 1);
}
