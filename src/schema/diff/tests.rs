use std::sync::Arc;

use super::{Change, DiffOptions, What, diff, filled};
use crate::schema::{
    Action, Certainty, Column, Comment, Constraint, ConstraintKind, Context, Default, Index, Name, Object, Op, Rows,
    Schema, Table, Touches, Transactions, Type,
};
use crate::source::Span;
use crate::sql::{Binds, Dialect, Options, parse, parse_type};

const OPTIONS: DiffOptions = DiffOptions { postgresql: true, types: true, defaults: false };

fn context(revision: usize) -> Context {
    Context {
        revision,
        base: revision == 0,
        postgresql: true,
        sqlalchemy: None,
        transactions: Transactions::WholeRun,
        enums: Arc::default(),
    }
}

/// Runs SQL as a revision.
fn run(schema: &mut Schema, revision: usize, sql: &str) {
    let context = context(revision);
    schema.begin_revision(&context);
    let options = Options { dialect: Dialect::PostgreSql, binds: Binds::Raw };
    for statement in parse(sql, &options) {
        schema.apply(&Op { action: statement.action, span: Span::default(), guards: statement.guards }, &context);
    }
}

fn database(sql: &str) -> Schema {
    let mut res = Schema::default();
    run(&mut res, 0, sql);
    res
}

/// Models that declare what the SQL makes; what has the name that PostgreSQL would choose has none there.
fn models(sql: &str) -> Schema {
    let made = database(sql);
    let mut res = Schema { tables: made.tables, enums: made.enums, ..Schema::default() };
    for name in res.tables.keys().cloned().collect::<Vec<_>>() {
        for constraint in &mut res.table_mut(&name).expect("listed").constraints {
            let is_chosen = |name: &Arc<str>| ["_key", "_fkey", "_pkey"].iter().any(|end| name.ends_with(end));
            constraint.name = constraint.name.take().filter(|name| !is_chosen(name));
        }
    }
    res
}

fn said(changes: &[Change]) -> Vec<String> {
    let line = |change: &Change| {
        let columns = change.columns().join(",");
        format!("{} {} {columns} {}", change.kind(), change.table, change.name().unwrap_or("-"))
    };
    changes.iter().map(line).collect()
}

fn found(database: &Schema, models: &Schema) -> Vec<String> {
    said(&diff(database, models, OPTIONS))
}

/// What a commit changes: its revision is applied to the parent's database, where that is known.
fn new(database: &Schema, parent: &str, revision: &str, here: &str) -> Vec<String> {
    let parent = models(parent);
    let mut filled = filled(database, &parent);
    assert_eq!(found(&filled, &parent), Vec::<String>::new(), "nothing is new yet");
    run(&mut filled, 9, revision);
    found(&filled, &models(here))
}

#[test]
fn what_is_certain_on_both_sides_is_told_in_order() {
    let database = database(
        "CREATE TABLE b (id int PRIMARY KEY, x text, old text); CREATE INDEX old_i ON b (x); CREATE TABLE gone (id int);
         CREATE INDEX gone_i ON gone (id); CREATE TYPE st AS ENUM ('a', 'b'); CREATE TABLE c (s st)",
    );
    let models = models(
        "CREATE TYPE st AS ENUM ('a', 'z'); CREATE TABLE a (id int PRIMARY KEY, s st); CREATE INDEX a_i ON a (id);
         CREATE TABLE b (id int PRIMARY KEY, new text UNIQUE, x varchar(5) NOT NULL); CREATE TABLE c (s st)",
    );
    assert_eq!(
        found(&database, &models),
        [
            "add_table a  -",
            "add_index a id a_i",
            "add_enum_value a  st",
            "remove_enum_value a  st",
            "add_column b new -",
            "modify_nullable b x -",
            "modify_type b x -",
            "remove_index b x old_i",
            "add_constraint b new -",
            "remove_column b old -",
            "remove_index gone id gone_i",
            "remove_table gone  -",
        ]
    );
}

#[test]
fn an_open_schema_has_no_differences_but_those_of_what_came_later() {
    let mut database = database("CREATE TABLE a (id int PRIMARY KEY)");
    database.open_up();
    run(&mut database, 1, "CREATE TABLE b (id int PRIMARY KEY, x text)");
    let declared = models("CREATE TABLE b (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY)");
    assert_eq!(found(&database, &declared), ["remove_column b x -"]);
}

#[test]
fn what_only_something_is_known_of_is_silent_about_the_rest() {
    // tables that something before the history made
    let database =
        database("ALTER TABLE t ADD COLUMN a text; CREATE INDEX i ON t (a); ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)");
    let declared = models(
        "CREATE TABLE t (id int PRIMARY KEY, a varchar(5) NOT NULL, b text UNIQUE); CREATE TABLE other (id int)",
    );
    assert_eq!(
        found(&database, &declared),
        ["modify_nullable t a -", "modify_type t a -", "remove_index t a i", "remove_constraint t a u"]
    );
}

#[test]
fn a_column_that_may_be_otherwise_is_silent() {
    let mut database = database("CREATE TABLE t (id int PRIMARY KEY, a text)");
    let maybe = Object::Column(Name::from("t"), "a".into());
    let unknown = Action::Unknown { text: String::new(), touches: Touches::Objects(vec![maybe]) };
    database.apply(&Op { action: unknown, span: Span::default(), guards: Vec::new() }, &context(1));
    assert_eq!(found(&database, &models("CREATE TABLE t (id int PRIMARY KEY)")), Vec::<String>::new());
    assert_eq!(found(&database, &models("CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL)")), Vec::<String>::new());
    let parent = "CREATE TABLE t (id int PRIMARY KEY, a varchar(5))";
    let here = "CREATE TABLE t (id int PRIMARY KEY, a varchar(6))";
    assert_eq!(new(&database, parent, "", here), ["modify_type t a -"]);
}

/// The first revision follows a `create_all` that no revision tells of.
#[test]
fn migrations_that_only_alter_are_completed_by_the_models_of_before() {
    let database = database("ALTER TABLE users ADD COLUMN admin boolean NOT NULL DEFAULT false");
    let users = "CREATE TABLE users (id int PRIMARY KEY, name text UNIQUE, admin boolean NOT NULL DEFAULT false";
    let groups =
        "CREATE TABLE groups (id int PRIMARY KEY, u int REFERENCES users (id)); CREATE INDEX ix_groups_u ON groups (u)";
    let parent = format!("{users}); {groups}");
    assert_eq!(new(&database, &parent, "", &parent), Vec::<String>::new());
    assert_eq!(new(&database, &parent, "", &format!("{users}, x text); {groups}")), ["add_column users x -"]);
    let x = "ALTER TABLE users ADD COLUMN x text";
    assert_eq!(new(&database, &parent, x, &format!("{users}, x text); {groups}")), Vec::<String>::new());
    assert_eq!(new(&database, &parent, x, &parent), ["remove_column users x -"]);
    assert_eq!(new(&database, &parent, "", &format!("{parent}; CREATE TABLE t (id int)")), ["add_table t  -"]);
    assert_eq!(
        new(&database, &parent, "CREATE TABLE t (id int)", &format!("{parent}; CREATE TABLE t (id int)")),
        [""; 0]
    );
    assert_eq!(
        new(&database, &parent, "", &format!("{users})")),
        ["remove_index groups u ix_groups_u", "remove_table groups  -"]
    );
    let dropped = "DROP TABLE groups";
    assert_eq!(new(&database, &parent, dropped, &format!("{users})")), [""; 0]);
    assert_eq!(new(&database, &parent, "DROP INDEX ix_groups_u", &parent), ["add_index groups u ix_groups_u"]);
    assert_eq!(
        new(&database, &parent, "ALTER TABLE users RENAME TO people", &parent),
        ["remove_fk groups u groups_u_fkey", "add_fk groups u -", "remove_table people  -", "add_table users  -"]
    );
}

#[test]
fn names_that_models_need_not_know_can_be_dropped() {
    let database = database("ALTER TABLE t ADD COLUMN z int");
    let end = "CREATE TABLE u (id int PRIMARY KEY)";
    let parent = format!("{end}; CREATE TABLE t (z int, a int UNIQUE, b int REFERENCES u (id))");
    let without = format!("{end}; CREATE TABLE t (z int, a int, b int REFERENCES u (id))");
    assert_eq!(new(&database, &parent, "", &without), ["remove_constraint t a t_a_key"]);
    assert_eq!(new(&database, &parent, "ALTER TABLE t DROP CONSTRAINT t_a_key", &without), [""; 0]);
    // it may have had that name all along
    assert_eq!(new(&database, &parent, "ALTER TABLE t DROP CONSTRAINT uq_a", &without), [""; 0]);
    let without = format!("{end}; CREATE TABLE t (z int, a int UNIQUE, b int)");
    assert_eq!(new(&database, &parent, "", &without), ["remove_fk t b t_b_fkey"]);
    assert_eq!(new(&database, &parent, "ALTER TABLE t DROP CONSTRAINT fk_b", &without), [""; 0]);
}

#[test]
fn what_cannot_be_followed_leaves_a_table_as_the_models_have_it() {
    let mut database = database("CREATE TABLE t (id int PRIMARY KEY, a text); CREATE TABLE u (id int PRIMARY KEY)");
    database.open_up();
    let parent = "CREATE TABLE t (id int PRIMARY KEY, b text)";
    assert_eq!(new(&database, parent, "", "CREATE TABLE t (id int PRIMARY KEY, b text, c text)"), ["add_column t c -"]);
    assert_eq!(new(&database, parent, "", &format!("{parent}; CREATE TABLE v (id int)")), ["add_table v  -"]);
    // it may be there, in whatever shape
    assert_eq!(new(&database, parent, "", &format!("{parent}; CREATE TABLE u (id int)")), [""; 0]);
}

#[test]
fn drift_of_before_stays_where_it_is_certain() {
    let database = database("CREATE TABLE t (id int PRIMARY KEY, a text); CREATE INDEX i ON t (a)");
    let declared = models("CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int PRIMARY KEY)");
    let expected = ["remove_index t a i", "remove_column t a -", "add_table u  -"];
    assert_eq!(found(&database, &declared), expected);
    assert_eq!(found(&filled(&database, &declared), &declared), expected);
}

#[test]
fn types_and_values_that_are_not_known_are_the_models() {
    let mut database = database("CREATE TABLE t (id int PRIMARY KEY, a text, s st)");
    let name = Name::from("t");
    let mut table = Table::clone(&database.tables[&name]);
    table.columns[1].ty = Type::Unknown;
    database.tables.insert(name, table.into());
    let st = "CREATE TYPE st AS ENUM ('a')";
    let parent = format!("{st}; CREATE TABLE t (id int PRIMARY KEY, a varchar(5), s st)");
    assert_eq!(found(&database, &models(&parent)), [""; 0]);
    let here = "CREATE TYPE st AS ENUM ('a', 'b'); CREATE TABLE t (id int PRIMARY KEY, a varchar(6), s st)";
    assert_eq!(new(&database, &parent, "", here), ["modify_type t a -", "add_enum_value t  st"]);
    let revision = "ALTER TABLE t ALTER a TYPE varchar(6); ALTER TYPE st ADD VALUE 'b'";
    assert_eq!(new(&database, &parent, revision, here), [""; 0]);
}

#[test]
fn constraints_with_names_that_are_not_known_answer_for_any() {
    let mut database = Schema { conventions: true, ..Schema::default() };
    run(&mut database, 0, "CREATE TABLE t (id int PRIMARY KEY, a int UNIQUE, b int)");
    let named = models("CREATE TABLE t (id int PRIMARY KEY, a int, b int, CONSTRAINT uq_t_a UNIQUE (a))");
    assert_eq!(found(&database, &named), [""; 0]);
    assert_eq!(found(&database, &models("CREATE TABLE t (id int PRIMARY KEY, a int, b int)")), [""; 0]);
    let parent = "CREATE TABLE t (id int PRIMARY KEY, a int, b int, CONSTRAINT uq_t_a UNIQUE (a))";
    let here = "CREATE TABLE t (id int PRIMARY KEY, a int, b int)";
    assert_eq!(new(&database, parent, "", here), ["remove_constraint t a uq_t_a"]);
    assert_eq!(new(&database, parent, "ALTER TABLE t DROP CONSTRAINT uq_t_a", here), [""; 0]);
    let more = "CREATE TABLE t (id int PRIMARY KEY, a int, b int UNIQUE, CONSTRAINT uq_t_a UNIQUE (a))";
    assert_eq!(new(&database, parent, "", more), ["add_constraint t b -"]);
}

#[test]
fn models_that_say_not_all_have_nothing_removed() {
    let database = database(
        "CREATE TABLE t (id int PRIMARY KEY, a text UNIQUE); CREATE INDEX i ON t (a); CREATE TABLE u (id int)",
    );
    let mut declared = models("CREATE TABLE t (id int PRIMARY KEY, b text)");
    let name = Name::from("t");
    let table = Table { opaque: true, ..Table::clone(&declared.tables[&name]) };
    declared.tables.insert(name.clone(), table.into());
    assert_eq!(found(&database, &declared), ["add_column t b -", "remove_table u  -"]);
    declared.open = true;
    assert_eq!(found(&database, &declared), ["add_column t b -"]);
    let mut columns = Table::clone(&declared.tables[&name]);
    columns.columns[0].certainty = Certainty::Maybe;
    columns.columns[0].nullable = true;
    declared.tables.insert(name, columns.into());
    assert_eq!(found(&database, &declared), ["add_column t b -"]);
}

#[test]
fn on_other_databases_only_what_all_have_is_compared() {
    let options = DiffOptions { postgresql: false, ..OPTIONS };
    let cases = [
        ("timestamptz", "timestamp", 0),
        ("json", "jsonb", 0),
        ("uuid", "char(32)", 0),
        ("st", "varchar(5)", 0),
        ("varchar(5)", "varchar(6)", 1),
        ("varchar(5)", "text", 1),
        ("integer", "bigint", 1),
        ("timestamp", "date", 1),
        ("numeric(10,2)", "numeric(12,2)", 1),
    ];
    for (there, wanted, expected) in cases {
        let sql = |ty: &str| format!("CREATE TABLE t (a {ty})");
        let found = diff(&database(&sql(there)), &models(&sql(wanted)), options);
        assert_eq!(found.len(), expected, "{there} {wanted}");
    }
    let commented = database("CREATE TABLE t (a int); COMMENT ON TABLE t IS 'x'");
    assert_eq!(diff(&commented, &models("CREATE TABLE t (a int)"), options), Vec::new());
}

#[test]
fn a_wish_is_the_same_whatever_there_was() {
    let wish = |from: &str, to: &str| {
        let sql = |ty: &str| format!("CREATE TABLE t (id int PRIMARY KEY, a {ty})");
        diff(&database(&sql(from)), &models(&sql(to)), OPTIONS).remove(0)
    };
    assert!(wish("varchar(5)", "text").asks_the_same(&wish("integer", "text")));
    assert!(!wish("varchar(5)", "text").asks_the_same(&wish("varchar(5)", "varchar(6)")));
    let added = |sql: &str| diff(&Schema::default(), &models(sql), OPTIONS).remove(0);
    assert!(added("CREATE TABLE t (a int)").asks_the_same(&added("CREATE TABLE t (a int)")));
    // nobody has made it, and nobody does
    assert!(added("CREATE TABLE t (a int)").asks_the_same(&added("CREATE TABLE t (a int, b int)")));
}

#[test]
fn details_are_said_in_sql() {
    let column = Column {
        name: "a".into(),
        ty: parse_type("timestamptz"),
        nullable: false,
        default: Default::Some(Some("now()".into())),
        certainty: Certainty::Certain,
        origin: None,
        required: None,
        comment: Comment::None,
    };
    let detail =
        |what: What| Change { table: Name::from("t"), what, origin: None, existing: None, enums: Vec::new() }.detail();
    assert_eq!(detail(What::AddColumn(column)), "timestamp with time zone NOT NULL DEFAULT now()");
    let columns: Vec<Option<Arc<str>>> = vec![Some("a".into()), None];
    let index = Index {
        name: "i".into(),
        columns,
        orders: Vec::new(),
        unique: true,
        certainty: Certainty::Certain,
        origin: None,
    };
    assert_eq!(detail(What::AddIndex(index)), "UNIQUE INDEX (a, expression)");
    let constraint = Constraint {
        name: None,
        kind: ConstraintKind::Unique,
        columns: vec!["a".into(), "B".into()],
        certainty: Certainty::Certain,
        origin: None,
    };
    assert_eq!(detail(What::AddConstraint(constraint)), "UNIQUE (a, \"B\")");
    assert_eq!(detail(What::ModifyComment { column: None, to: Comment::Text("it's".into()) }), "COMMENT 'it''s'");
    assert_eq!(detail(What::RemoveTable), "");
    let table = Table { rows: Rows::None, ..Table::opaque() };
    assert_eq!(detail(What::AddTable(table.into())), "");
}
