//! Operations one after the other, and what PostgreSQL says of each.

use super::*;
use crate::schema::{
    ColumnDef, Comparison, Constraint, ConstraintKind, Default, DefaultChange, Deferral, EnumDef, IndexDef, Inserted,
    OtherKind, Reference, Retype, Rows, Scalar, TableDef, Type, TypeCreation,
};

mod build;
mod laws;
mod world;

use world::World;

use build::{
    add, add_value, alter, check, col, create, drop_column, drop_table, drop_type, en, fk, foreign, index, insert,
    integer, named, not_null, of_enum, pk, rename_table, reti, set_not_null, text, unique, values,
};

#[test]
fn tables_that_nobody_made_are_missing_once() {
    let mut world = World::new();
    world.fails(add("users", col("a", text())), "42P01", "relation \"users\" does not exist", Runs::Every);
    world.quiet(add("users", col("b", text())));
    world.fails(drop_table("orders"), "42P01", "table \"orders\" does not exist", Runs::Every);
    world.fails(insert("rows", &["a"], [[Scalar::Other]]), "42P01", "relation \"rows\" does not exist", Runs::Every);
    assert!(world.table("users").opaque);
}

#[test]
fn a_history_that_uses_what_it_did_not_make_claims_nothing_of_others() {
    let mut world = World::new();
    let _ = world.apply(add("legacy", col("a", text())));
    world.next();
    world.quiet(add("users", col("a", text())));
    world.quiet(add("users", of_enum("s", en("st", &["a"]))));
    // what it dropped itself is still known
    world.quiet(drop_table("first"));
    world.fails(add("first", col("a", text())), "42P01", "relation \"first\" does not exist", Runs::Every);
}

#[test]
fn a_base_may_find_tables() {
    let mut world = World::new();
    world.revision = 0;
    world.quiet(add("users", col("a", text())));
    world.next();
    world.quiet(add("orders", col("a", text())));
}

#[test]
fn the_databases_own_tables_are_never_missing() {
    let mut world = World::new();
    for name in ["alembic_version", "pg_type"] {
        world.quiet(Action::Select { tables: vec![name.into()], compares: Vec::new() });
    }
    world.quiet(add("alembic_version", col("a", text())));
}

#[test]
fn relations_and_types_share_names() {
    let mut world = World::new();
    world.fails(create("first", [pk("id")]), "42P07", "relation \"first\" already exists", Runs::Every);
    world.quiet(create("t", [pk("id")]));
    world.fails(create("t_pkey", [pk("id")]), "42P07", "relation \"t_pkey\" already exists", Runs::Every);
    world.quiet(Action::CreateEnum { definition: en("st", &["a"]), if_missing: false });
    world.fails(create("st", [pk("id")]), "42710", "type \"st\" already exists", Runs::Every);
    let taken = Action::CreateEnum { definition: en("t", &["a"]), if_missing: false };
    world.fails(taken, "42710", "type \"t\" already exists", Runs::Every);
    let view = Action::CreateOther { kind: OtherKind::View, name: "t".into(), if_not_exists: false, or_replace: false };
    world.fails(view, "42P07", "relation \"t\" already exists", Runs::Every);
    world.quiet(create("other", [pk("id")]));
    world.fails(index("other", Some("other"), &["id"]), "42P07", "relation \"other\" already exists", Runs::Every);
}

#[test]
fn constraints_get_postgresqls_names() {
    let mut world = World::new();
    world.quiet(create("parent", [pk("id"), unique(col("code", text()))]));
    let columns =
        [pk("id"), fk(col("a", integer()), "parent", &["id"]), unique(col("b", text())), check(col("c", integer()))];
    world.quiet(create("t", columns));
    assert_eq!(world.constraints("t"), ["t_c_check", "t_pkey", "t_b_key", "t_a_fkey"]);
    world.quiet(rename_table("t", "old"));
    assert_eq!(world.constraints("old"), ["t_c_check", "t_pkey", "t_b_key", "t_a_fkey"]);
    world.quiet(create("t", [pk("id"), fk(col("a", integer()), "parent", &["id"])]));
    assert_eq!(world.constraints("t"), ["t_pkey1", "t_a_fkey1"]);
    world.quiet(index("t", None, &["a"]));
    world.quiet(index("t", None, &["a"]));
    let names: Vec<&str> = world.table("t").indexes.iter().map(|index| &*index.name).collect();
    assert_eq!(names, ["t_a_idx", "t_a_idx1"]);
}

#[test]
fn a_table_has_one_index_for_keys_that_are_the_same() {
    let mut world = World::new();
    let key = |name: &str, column: &str| match foreign("t", ConstraintKind::Unique, Some(name), &[column]) {
        Action::AddConstraint { constraint, .. } => constraint,
        other => panic!("{other:?}"),
    };
    let made = |constraints: Vec<Constraint>| match create("t", [pk("id"), col("a", text()), col("b", text())]) {
        Action::CreateTable(table) => Action::CreateTable(TableDef { constraints, ..table }),
        other => panic!("{other:?}"),
    };
    world.quiet(made(vec![key("one", "a"), key("one", "a"), key("two", "a"), key("three", "id")]));
    assert_eq!(world.constraints("t"), ["three", "one"]);
    world.quiet(drop_table("t"));
    world.fails(made(vec![key("one", "a"), key("one", "b")]), "42P07", "relation \"one\" already exists", Runs::Every);
}

#[test]
fn a_key_of_an_unknown_name_may_take_foreign_keys_along() {
    let mut world = World::new();
    world.schema.conventions = true;
    world.quiet(create("parent", [pk("id")]));
    world.quiet(create("t", [pk("id"), col("a", integer())]));
    let points = |cascade| {
        let drop = Action::DropConstraint {
            table: "parent".into(),
            name: Some("pk_parent".into()),
            if_exists: false,
            cascade,
        };
        let reference = Reference {
            table: "parent".into(),
            columns: vec!["id".into()],
            on_delete: None,
            on_update: None,
            deferral: Deferral::Never,
        };
        (drop, foreign("t", ConstraintKind::Foreign(reference), Some("fk"), &["a"]))
    };
    let (drop, point) = points(true);
    world.quiet(point.clone());
    world.quiet(drop);
    world.quiet(point.clone());
    let (drop, point) = points(false);
    world.quiet(drop);
    let taken = "constraint \"fk\" for relation \"t\" already exists";
    world.fails(point, "42710", taken, Runs::Every);
}

#[test]
fn columns_are_missing_or_there() {
    let mut world = World::new();
    world.quiet(create("t", [pk("id"), col("a", text())]));
    world.fails(add("t", col("a", text())), "42701", "column \"a\" of relation \"t\" already exists", Runs::Every);
    world.fails(drop_column("t", "zz"), "42703", "column \"zz\" of relation \"t\" does not exist", Runs::Every);
    world.quiet(create("u", [pk("id"), col("a", text()), col("b", text())]));
    let rename = |from: &str, to: &str| Action::AlterColumn {
        table: "u".into(),
        column: from.into(),
        retype: None,
        nullable: None,
        default: None,
        rename: Some(to.into()),
    };
    world.fails(rename("zz", "y"), "42703", "column \"zz\" does not exist", Runs::Every);
    world.fails(rename("b", "id"), "42701", "column \"id\" of relation \"u\" already exists", Runs::Every);
    world.quiet(rename("a", "c"));
    world.fails(
        insert("u", &["a"], [[Scalar::Other]]),
        "42703",
        "column \"a\" of relation \"u\" does not exist",
        Runs::Every,
    );
    world.fails(index("u", Some("ix"), &["a"]), "42703", "column \"a\" does not exist", Runs::Every);
}

#[test]
fn a_column_takes_its_indexes_and_constraints_along() {
    let mut world = World::new();
    world.quiet(create("t", [pk("id"), unique(col("a", text())), col("b", text())]));
    world.quiet(index("t", Some("ix_t_a_b"), &["a", "b"]));
    world.quiet(drop_column("t", "a"));
    assert_eq!(world.constraints("t"), ["t_pkey"]);
    let drop_index = Action::DropIndex {
        name: "ix_t_a_b".into(),
        table: Some("t".into()),
        if_exists: false,
        cascade: false,
        concurrently: false,
    };
    world.fails(drop_index, "42704", "index \"ix_t_a_b\" does not exist", Runs::Every);
    world.quiet(create("t_a_key", [pk("id")]));
}

#[test]
fn what_is_used_is_not_dropped() {
    let mut world = World::new();
    world.quiet(create("parent", [pk("id"), unique(col("code", text()))]));
    world.quiet(create("child", [pk("id"), fk(col("p", integer()), "parent", &["id"])]));
    world.quiet(create("other", [pk("id"), fk(col("p", text()), "parent", &["code"])]));
    let by = "because other objects depend on it";
    let mut copy = World { schema: world.schema.clone(), ..World::new() };
    copy.fails(drop_table("parent"), "2BP01", &format!("cannot drop table parent {by}"), Runs::Every);
    let mut copy = World { schema: world.schema.clone(), ..World::new() };
    copy.fails(
        drop_column("parent", "id"),
        "2BP01",
        &format!("cannot drop column id of table parent {by}"),
        Runs::Every,
    );
    let drop_key = |cascade| Action::DropConstraint {
        table: "parent".into(),
        name: Some("parent_code_key".into()),
        if_exists: false,
        cascade,
    };
    let mut copy = World { schema: world.schema.clone(), ..World::new() };
    let message = format!("cannot drop constraint parent_code_key on table parent {by}");
    copy.fails(drop_key(false), "2BP01", &message, Runs::Every);
    world.quiet(drop_key(true));
    assert_eq!(world.constraints("other"), ["other_pkey"]);
    let drop_index = Action::DropIndex {
        name: "parent_pkey".into(),
        table: None,
        if_exists: false,
        cascade: true,
        concurrently: false,
    };
    let message = "cannot drop index parent_pkey because constraint parent_pkey on table parent requires it";
    world.fails(drop_index, "2BP01", message, Runs::Every);
    world.quiet(drop_table("child"));
    world.quiet(drop_table("parent"));
}

#[test]
fn a_foreign_key_needs_a_key() {
    let mut world = World::new();
    world.quiet(create("parent", [pk("id"), col("code", text())]));
    let message = "there is no unique constraint matching given keys for referenced table \"parent\"";
    world.fails(create("a", [pk("id"), fk(col("p", text()), "parent", &["code"])]), "42830", message, Runs::Every);
    let message = "column \"zz\" referenced in foreign key constraint does not exist";
    world.fails(create("b", [pk("id"), fk(col("p", text()), "parent", &["zz"])]), "42703", message, Runs::Every);
    let missing = create("c", [pk("id"), fk(col("p", text()), "nosuch", &["id"])]);
    world.fails(missing, "42P01", "relation \"nosuch\" does not exist", Runs::Every);
    // to itself
    world.quiet(create("tree", [pk("id"), fk(col("parent", integer()), "tree", &["id"])]));
    let message = "multiple primary keys for table \"parent\" are not allowed";
    world.fails(foreign("parent", ConstraintKind::Primary, None, &["code"]), "42P16", message, Runs::Every);
}

#[test]
fn create_table_emits_an_enum_once_a_run() {
    let mut world = World::new();
    world.quiet(create("a", [of_enum("s", en("st", &["x"]))]));
    world.quiet(create("b", [of_enum("s", en("st", &["x"]))]));
    world.next();
    // a database that ran the revision before has the type, and this run does not know
    world.fails(create("c", [of_enum("s", en("st", &["x"]))]), "42710", "type \"st\" already exists", Runs::Each);
    world.quiet(drop_table("a"));
    world.quiet(drop_table("b"));
    world.quiet(drop_table("c"));
    world.quiet(drop_type("st", false));
    // dropped and made again in the same run: it is not emitted
    world.fails(create("d", [of_enum("s", en("st", &["x"]))]), "42704", "type \"st\" does not exist", Runs::Every);
}

#[test]
fn dropped_and_made_again_is_missing_where_all_runs_at_once() {
    let mut world = World::new();
    world.quiet(create("a", [of_enum("s", en("st", &["x"]))]));
    world.quiet(drop_table("a"));
    world.quiet(drop_type("st", false));
    world.next();
    world.fails(create("b", [of_enum("s", en("st", &["x"]))]), "42704", "type \"st\" does not exist", Runs::Once);
}

#[test]
fn an_explicit_create_does_not_keep_create_table_from_emitting() {
    let mut world = World::new();
    world.quiet(Action::CreateEnum { definition: en("st", &["x"]), if_missing: true });
    world.quiet(Action::CreateEnum { definition: en("st", &["x"]), if_missing: true });
    let again = Action::CreateEnum { definition: en("st", &["x"]), if_missing: false };
    world.fails(again, "42710", "type \"st\" already exists", Runs::Every);
    let mut world = World::new();
    world.quiet(Action::CreateEnum { definition: en("st", &["x"]), if_missing: false });
    let never = EnumDef { creation: TypeCreation::Never, ..en("st", &["x"]) };
    world.quiet(create("a", [of_enum("s", never)]));
    world.fails(create("b", [of_enum("s", en("st", &["x"]))]), "42710", "type \"st\" already exists", Runs::Every);
    world.quiet(create("c", [of_enum("s", en("st", &["x"]))]));
}

#[test]
fn create_type_false_counts_from_sqlalchemy_21_on() {
    let ignored = EnumDef { creation: TypeCreation::IgnoredBefore21, ..en("st", &["x"]) };
    let mut world = World::new();
    world.risks(create("a", [of_enum("s", ignored.clone())]), RiskKind::IgnoredCreateType { ty: "st".into() });
    let mut world = World { sqlalchemy: Some((2, 1)), ..World::new() };
    world.fails(create("a", [of_enum("s", ignored.clone())]), "42704", "type \"st\" does not exist", Runs::Every);
    let mut world = World { sqlalchemy: None, ..World::new() };
    world.quiet(create("a", [of_enum("s", ignored)]));
    world.quiet(create("b", [of_enum("s", en("st", &["x"]))]));
    let metadata = EnumDef { creation: TypeCreation::From21, ..en("st", &["x"]) };
    let mut world = World::new();
    world.fails(create("a", [of_enum("s", metadata)]), "42704", "type \"st\" does not exist", Runs::Every);
}

#[test]
fn add_column_and_alter_type_need_the_type() {
    let mut world = World::new();
    world.fails(add("first", of_enum("s", en("st", &["x"]))), "42704", "type \"st\" does not exist", Runs::Every);
    world.quiet(add("first", of_enum("r", en("st", &["x"]))));
    world.fails(add_value("su", "z"), "42704", "type \"su\" does not exist", Runs::Every);
    world.quiet(add_value("su", "y"));
    // a bare word may name any extension's type, unless some revision makes an enum of that name
    world.quiet(add("first", col("v", named("vector"))));
    world.fails(add("first", col("k", named("known"))), "42704", "type \"known\" does not exist", Runs::Every);
}

#[test]
fn dropping_a_type_that_is_used() {
    let mut world = World::new();
    world.quiet(create("a", [pk("id"), of_enum("s", en("st", &["x"]))]));
    let mut copy = World { schema: world.schema.clone(), ..World::new() };
    let message = "cannot drop type st because other objects depend on it";
    copy.fails(drop_type("st", false), "2BP01", message, Runs::Every);
    let columns = vec![("a".into(), "s".into())];
    world.risks(drop_type("st", true), RiskKind::DropTypeCascade { ty: "st".into(), columns });
    assert!(world.table("a").column("s").is_none());
    world.fails(drop_type("st", false), "42704", "type \"st\" does not exist", Runs::Every);
}

#[test]
fn values_are_known_and_must_be_committed() {
    let mut world = World::new();
    world.quiet(create("a", [of_enum("s", en("st", &["x", "y"]))]));
    world.quiet(insert("a", &["s"], [[values("x")]]));
    world.fails(insert("a", &["s"], [[values("q")]]), "22P02", "invalid input value for enum st: \"q\"", Runs::Every);
    world.fails(add_value("st", "x"), "42710", "enum label \"x\" already exists", Runs::Every);
    world.quiet(add_value("st", "z"));
    let unsafe_use = "unsafe use of new value \"z\" of enum type st";
    let mut copy = World { schema: world.schema.clone(), ..World::new() };
    copy.fails(insert("a", &["s"], [[values("z")]]), "55P04", unsafe_use, Runs::Every);
    let compare = Comparison { table: None, column: "s".into(), literal: "z".into() };
    let update = Action::Update { table: "a".into(), assignments: Vec::new(), compares: vec![compare.clone()] };
    copy.fails(update.clone(), "55P04", unsafe_use, Runs::Every);
    let default = alter("a", "s", None, Some(DefaultChange::Set(values("z"))));
    copy.fails(default, "55P04", unsafe_use, Runs::Every);
    let mut copy = World { schema: world.schema.clone(), ..World::new() };
    copy.quiet(Action::Commit);
    copy.quiet(update.clone());
    // later revisions run in the same transaction, unless each was run by itself
    world.next();
    world.fails(update.clone(), "55P04", unsafe_use, Runs::Once);
    let mut copy = World { schema: world.schema.clone(), transactions: Transactions::PerMigration, ..World::new() };
    copy.next();
    copy.quiet(update);
}

#[test]
fn values_follow_renames() {
    let mut world = World::new();
    world.quiet(create("a", [of_enum("s", en("st", &["x"]))]));
    world.quiet(Action::RenameType { name: "st".into(), to: "old".into() });
    world.quiet(Action::CreateEnum { definition: en("st", &["x", "y"]), if_missing: false });
    let cast = "column \"s\" cannot be cast automatically to type st";
    world.fails(reti("a", "s", named("st"), false), "42804", cast, Runs::Every);
    world.quiet(drop_type("old", false));
    world.quiet(insert("a", &["s"], [[values("y")]]));
    let rename = Action::RenameEnumValue { ty: "st".into(), from: "x".into(), to: "w".into() };
    world.quiet(rename.clone());
    world.fails(rename, "22023", "\"x\" is not an existing enum label", Runs::Every);
}

#[test]
fn defaults_stand_in_the_way_of_a_new_type() {
    let mut world = World::new();
    world.quiet(Action::CreateEnum { definition: en("st", &["x"]), if_missing: false });
    let with_default = ColumnDef { default: Default::Some(Some("'x'".into())), ..col("s", text()) };
    world.quiet(create("a", [with_default]));
    let message = "default for column \"s\" cannot be cast automatically to type st";
    let mut copy = World { schema: world.schema.clone(), ..World::new() };
    copy.fails(reti("a", "s", named("st"), true), "42804", message, Runs::Every);
    world.quiet(alter("a", "s", None, Some(DefaultChange::Drop)));
    world.quiet(reti("a", "s", named("st"), true));
}

#[test]
fn rows_need_values() {
    let mut world = World::new();
    let filled = ColumnDef { default: Default::Some(None), ..not_null("d", text()) };
    world.quiet(create("t", [filled, not_null("a", text()), not_null("b", text()), col("c", text())]));
    let message = "null value in column \"a\" of relation \"t\" violates not-null constraint";
    world.fails(insert("t", &["c"], [[Scalar::Other]]), "23502", message, Runs::Every);
    let events = world.apply(insert("t", &["c"], [[Scalar::Other]]));
    let error = Error::MissingValues { table: "t".into(), columns: vec!["a".into(), "b".into()] };
    assert!(matches!(&events[..], [Event::Fault(fault)] if fault.error == error), "{events:?}");
    let message = "null value in column \"b\" of relation \"t\" violates not-null constraint";
    world.fails(insert("t", &["a", "b"], [[Scalar::Other, Scalar::Null]]), "23502", message, Runs::Every);
    world.quiet(insert("t", &["a", "b"], [[Scalar::Other, Scalar::Other]]));
    let query = Action::Insert {
        table: "t".into(),
        columns: Some(vec!["c".into()]),
        rows: Inserted::Query,
        filled: Vec::new(),
        compares: Vec::new(),
    };
    world.quiet(query);
    let python_side = Action::Insert {
        table: "t".into(),
        columns: Some(vec!["c".into()]),
        rows: Inserted::Values(vec![vec![Scalar::Other]]),
        filled: vec!["a".into(), "b".into()],
        compares: Vec::new(),
    };
    world.quiet(python_side);
}

#[test]
fn new_columns_that_take_no_null() {
    let mut world = World::new();
    let risk = |table: &str, added| RiskKind::NotNullWithoutDefault { table: table.into(), column: "n".into(), added };
    world.risks(add("first", not_null("n", text())), risk("first", true));
    world.quiet(create("t", [pk("id"), col("n", text())]));
    world.quiet(set_not_null("t", "n"));
    world.quiet(add("t", not_null("m", text())));
    world.quiet(insert("t", &["id", "n", "m"], [[Scalar::Other, Scalar::Other, Scalar::Other]]));
    let message = "column \"k\" of relation \"t\" contains null values";
    world.fails(add("t", not_null("k", text())), "23502", message, Runs::Every);
    world.quiet(create("u", [pk("id"), col("n", text())]));
    world.quiet(insert("u", &["id"], [[Scalar::Other]]));
    world.next();
    let mut copy = World { schema: world.schema.clone(), revision: 2, ..World::new() };
    copy.revision = 2;
    copy.risks(set_not_null("u", "n"), risk("u", false));
    // a backfill
    world.quiet(Action::Update { table: "u".into(), assignments: vec![("n".into(), Scalar::Other)], compares: vec![] });
    world.quiet(set_not_null("u", "n"));
    let events = world.apply(add("u", not_null("k", text())));
    assert!(matches!(&events[0], Event::Fault(Fault { runs: Runs::Once, .. })), "{events:?}");
}

#[test]
fn concurrently_needs_no_transaction() {
    let mut world = World::new();
    let concurrently = |name: &str| match index("first", Some(name), &["id"]) {
        Action::CreateIndex { table, index } => {
            Action::CreateIndex { table, index: IndexDef { concurrently: true, ..index } }
        }
        other => other,
    };
    let message = "CREATE INDEX CONCURRENTLY cannot run inside a transaction block";
    world.fails(concurrently("a"), "25001", message, Runs::Every);
    world.quiet(Action::EnterAutocommit);
    world.quiet(concurrently("b"));
    world.quiet(add_value_if_missing());
    world.quiet(Action::LeaveAutocommit);
    world.fails(concurrently("c"), "25001", message, Runs::Every);
    let mut world = World { transactions: Transactions::Off, ..World::new() };
    world.next();
    world.quiet(concurrently("a"));
}

fn add_value_if_missing() -> Action {
    Action::CreateEnum { definition: en("later", &["a"]), if_missing: true }
}

#[test]
fn what_may_have_happened_is_not_claimed() {
    let mut world = World::new();
    world.quiet(create("t", [pk("id"), col("a", text())]));
    world.maybe(drop_column("t", "a"));
    world.quiet(drop_column("t", "a"));
    world.fails(drop_column("t", "a"), "42703", "column \"a\" of relation \"t\" does not exist", Runs::Every);
    world.maybe(create("u", [pk("id")]));
    world.quiet(create("u", [pk("id"), col("a", text())]));
    world.quiet(create("w", [pk("id")]));
    world.maybe(drop_table("w"));
    assert!(!world.schema.tables.contains_key(&Name::from("w")));
    world.quiet(add("w", col("a", text())));
    let there = |name: &str, holds| vec![Guard::Exists { object: Object::Table(name.into()), holds }];
    assert_eq!(world.guarded(create("first", [pk("other")]), there("first", false)), []);
    assert!(world.table("first").column("id").is_some());
    world.quiet(add("first", col("id", text())));
}

#[test]
fn if_exists_is_silent_and_sure() {
    let mut world = World::new();
    let drop = Action::DropTable { name: "t".into(), if_exists: true, cascade: false };
    world.quiet(drop.clone());
    world.fails(add("t", col("a", text())), "42P01", "relation \"t\" does not exist", Runs::Every);
    world.quiet(drop);
    world.quiet(create("t", [pk("id")]));
    world.fails(create("t", [pk("id")]), "42P07", "relation \"t\" already exists", Runs::Every);
    let again = match create("first", [col("zz", text())]) {
        Action::CreateTable(table) => Action::CreateTable(TableDef { if_not_exists: true, ..table }),
        other => other,
    };
    world.quiet(again);
    assert!(world.table("first").column("zz").is_none());
}

#[test]
fn after_something_unknown_only_the_new_is_sure() {
    let mut world = World::new();
    world.quiet(Action::Unknown { text: "x".into(), touches: Touches::Anything });
    world.quiet(create("first", [pk("id")]));
    world.quiet(add("nosuch", col("a", text())));
    world.quiet(create("t", [pk("id")]));
    world.fails(create("t", [pk("id")]), "42P07", "relation \"t\" already exists", Runs::Every);
    let mut world = World::new();
    let touches = Touches::Objects(vec![Object::Table("first".into())]);
    world.quiet(Action::Unknown { text: "x".into(), touches });
    world.quiet(drop_column("first", "zz"));
    world.fails(add("nosuch", col("a", text())), "42P01", "relation \"nosuch\" does not exist", Runs::Every);
}

#[test]
fn names_by_convention_are_guesses() {
    let mut world = World::new();
    world.schema.conventions = true;
    world.quiet(create("t", [pk("id"), unique(col("a", text()))]));
    let drop = |name: &str| Action::DropConstraint {
        table: "t".into(),
        name: Some(name.into()),
        if_exists: false,
        cascade: false,
    };
    world.quiet(drop("uq_t_a"));
    let mut world = World::new();
    world.quiet(create("t", [pk("id"), unique(col("a", text()))]));
    world.fails(drop("uq_t_a"), "42704", "constraint \"uq_t_a\" of relation \"t\" does not exist", Runs::Every);
    world.quiet(drop("t_a_key"));
}

#[test]
fn other_databases_say_other_things() {
    let mut world = World { postgresql: false, ..World::new() };
    world.quiet(add("users", col("a", text())));
    let refused = Error::UnnamedConstraint { table: "t".into() };
    assert_eq!(world.apply(Action::Refused(refused)).len(), 1);
}

#[test]
fn renaming_takes_tables_and_indexes_alike() {
    let mut world = World::new();
    world.quiet(create("t", [pk("id")]));
    world.quiet(Action::RenameIndex { name: "t".into(), to: "u".into(), if_exists: false });
    world.quiet(rename_table("t_pkey", "key"));
    assert_eq!(world.constraints("u"), ["key"]);
    world.fails(rename_table("u", "u"), "42P07", "relation \"u\" already exists", Runs::Every);
    let rename = Action::RenameIndex { name: "nosuch".into(), to: "y".into(), if_exists: false };
    world.fails(rename, "42P01", "relation \"nosuch\" does not exist", Runs::Every);
}

#[test]
fn tables_move_between_schemas() {
    let mut world = World::new();
    world.quiet(create("t", [pk("id")]));
    world.quiet(create("u", [pk("id"), fk(col("a", integer()), "t", &["id"])]));
    world.quiet(Action::SetSchema { object: Object::Table("t".into()), to: Some("s".into()) });
    let moved = Name::new(Some("s"), "t");
    assert!(world.schema.tables.contains_key(&moved));
    world.quiet(create("t", [pk("id")]));
    assert_eq!(world.constraints("t"), ["t_pkey"]);
    let drop = Action::DropTable { name: moved, if_exists: false, cascade: false };
    world.fails(drop, "2BP01", "cannot drop table s.t because other objects depend on it", Runs::Every);
    assert_eq!(world.table("t").rows, Rows::None);
}

#[test]
fn what_nobody_speaks_of_is_told_once_where_the_history_is_not_all_there_is() {
    let mut world = World::new();
    world.schema.open_up();
    let context = world.context();
    let action = Action::DropColumn { table: "unheard".into(), column: "a".into(), if_exists: false, cascade: false };
    let op = Op { action, span: Span::default(), guards: Vec::new() };
    let is_unheard = |event: &Event| matches!(event, Event::Risk(Risk { kind: RiskKind::Unheard { .. }, .. }));
    assert!(world.schema.apply(&op, &context).iter().all(is_unheard));
    assert!(world.schema.apply(&op, &context).is_empty());
}
