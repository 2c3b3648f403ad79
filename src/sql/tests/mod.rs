//! What texts come to. Each expectation of a refusal was checked on PostgreSQL 15.

mod blocks;
mod refusals;
mod rows;
mod shown;
mod tables;

use std::time::{Duration, Instant};

use super::*;
use shown::show;

const POSTGRES: Options = Options { dialect: Dialect::PostgreSql, binds: Binds::Raw };
const OTHER: Options = Options { dialect: Dialect::Other, binds: Binds::Raw };
const TEXT: Options = Options { dialect: Dialect::PostgreSql, binds: Binds::Text(Some(&["a", "b"])) };

/// One line for each operation.
fn lines(text: &str, options: &Options) -> Vec<String> {
    let text = text.replace('¤', &HOLE.to_string());
    parse(&text, options).iter().map(show).collect()
}

fn check(cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        assert_eq!(lines(text, &POSTGRES), *expected, "{text}");
    }
}

#[test]
fn other_databases() {
    let cases: &[(&str, &[&str])] = &[
        (
            "CREATE TABLE t (a int PRIMARY KEY AUTO_INCREMENT, b datetime) ENGINE=InnoDB",
            &["create table t (a integer not null? [primary a], b datetime?)"],
        ),
        ("CREATE TABLE t (a int, KEY ix (a), UNIQUE KEY uq (a))", &["create table t (a integer, [unique uq a])"]),
        (
            "ALTER TABLE t MODIFY a varchar(3) NOT NULL, ADD COLUMN b int AFTER a",
            &["unknown [table t]", "add t.b integer?"],
        ),
        ("ALTER TABLE `t` CHANGE a b int", &["unknown [table t]"]),
        ("UPDATE t JOIN u ON t.a = u.a SET t.b = 1", &["unknown []"]),
        ("CREATE TYPE IF NOT EXISTS x AS ENUM ('a')", &["unknown [type x]"]),
        ("PRAGMA foreign_keys=OFF", &["nothing"]),
        ("EXEC sp_rename 'a', 'b'", &["unknown anything"]),
        ("DROP INDEX ix ON t", &["drop index ix on t"]),
        ("ALTER TABLE t ADD COLUMN a int x), b", &["unknown [table t]"]),
    ];
    for (text, expected) in cases {
        assert_eq!(lines(text, &OTHER), *expected, "{text}");
    }
}

#[test]
fn parameters_without_a_value_are_refused_before_the_database_sees_them() {
    let cases: &[(&str, &[&str])] = &[
        ("DELETE FROM t WHERE a = :a AND b = ':x\\:y'", &["unbound x"]),
        ("INSERT INTO t (j) VALUES ('{\"a\":1}')", &["unbound 1"]),
        ("INSERT INTO t (j) VALUES ('{\"a\": 1}')", &["insert t (j): '{\"a\": 1}'"]),
        ("UPDATE t SET a = b::int, c = d\\:\\:text WHERE a = :a", &["update t a=?, c=?"]),
        ("UPDATE t SET a = '12:30' WHERE b = ¤:x", &["update t a='12:30'"]),
        ("UPDATE t SET a = 'x\\:y'", &["update t a='x:y'"]),
    ];
    for (text, expected) in cases {
        assert_eq!(lines(text, &TEXT), *expected, "{text}");
    }
    let text = "SELECT 1;\nDELETE FROM t WHERE a = :nope";
    assert_eq!(&text[parse(text, &TEXT)[0].range.clone()], ":nope");
}

#[test]
fn expressions() {
    let cases = [
        ("'x'", Scalar::Text("x".into())),
        ("('x')", Scalar::Text("x".into())),
        ("'x'::st", Scalar::Text("x".into())),
        ("'x'::text", Scalar::Other),
        ("'x'::character varying", Scalar::Other),
        ("NULL", Scalar::Null),
        ("NULL::int", Scalar::Null),
        ("now()", Scalar::Other),
        ("'a' || 'b'", Scalar::Other),
        ("CASE WHEN a THEN 'x' END", Scalar::Other),
        ("\u{fffc}", Scalar::Other),
        ("", Scalar::Other),
    ];
    for (text, expected) in cases {
        assert_eq!(expression(text).scalar, expected, "{text}");
    }
    let cases = [
        ("s = 'a'", "s=a"),
        ("s IN ('a', 'b') AND t NOT IN ('c')", "s=a s=b t=c"),
        ("'a' = s OR s <> 'b' OR s != 'c'", "s=b s=c s=a"),
        ("s IS DISTINCT FROM 'a' OR s IS NOT DISTINCT FROM 'b'", "s=a s=b"),
        ("CASE WHEN s = 'a' THEN 'x' END = 'y'", "s=a"),
        ("CASE s WHEN 'a' THEN 1 WHEN 'b' THEN 2 END", "s=a s=b"),
        ("s::text = 'a' OR cast(s as text) = 'b' OR s = 'c'::text OR lower(s) = 'd'", ""),
        ("a || s = 'x' OR s = 'x' || b", ""),
        ("s IN ('a', b)", ""),
        ("s LIKE 'a%'", ""),
        ("\"S\" = 'a'", "S=a"),
        ("s = '\u{fffc}'", ""),
    ];
    for (text, expected) in cases {
        let compares = expression(text).compares;
        let found: Vec<String> = compares.iter().map(|c| format!("{}={}", c.column, c.literal)).collect();
        let (mut found, mut expected) = (found, expected.split_whitespace().collect::<Vec<_>>());
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn checks_name_columns_and_no_words_of_types() {
    for (text, expected) in [
        ("allowed(kind, 'X'::character varying)", "kind"),
        ("CAST(a AS timestamp without time zone) > b", "a b"),
        ("(a AT TIME ZONE 'UTC')::date > other", "a other"),
        ("extract(year FROM born) > 1900", "born"),
        ("a > now() - interval '1' day", "a"),
        ("name COLLATE \"C\" <> type", "name type"),
    ] {
        let statement = format!("ALTER TABLE t ADD CONSTRAINT c CHECK ({text})");
        let found = parse(&statement, &Options { dialect: Dialect::PostgreSql, binds: Binds::Raw });
        let Action::AddConstraint { constraint, .. } = &found[0].action else { panic!("{text}: {found:?}") };
        assert_eq!(constraint.columns.join(" "), expected, "{text}");
    }
}

#[test]
fn questions() {
    let cases = [
        ("SELECT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'st')", "type st"),
        (
            "select exists(select 1 from pg_catalog.pg_type t join pg_namespace n on n.oid = t.typnamespace where t.typname = 'st' and n.nspname = 'app')",
            "type app.st",
        ),
        ("SELECT 1 FROM pg_type WHERE typname = 'st' LIMIT 1;", "type st"),
        ("select 1 from information_schema.columns where table_name='t' and column_name='c'", "column t.c"),
        (
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 't' AND column_name = 'c'",
            "column t.c",
        ),
        (
            "SELECT EXISTS (SELECT FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 't')",
            "table t",
        ),
        ("SELECT to_regclass('x')", "table x"),
        ("SELECT to_regclass('public.x') IS NOT NULL AS there", "table x"),
        ("SELECT 1 FROM pg_indexes WHERE indexname = 'ix' AND tablename = 't'", "index ix"),
        ("SELECT 1 FROM pg_constraint WHERE conname = 'uq' AND conrelid = 't'::regclass", "constraint t.uq"),
        ("SELECT 1 FROM pg_constraint WHERE conname = 'uq'", "none"),
        ("SELECT 1 FROM pg_enum WHERE enumlabel = 'v' AND enumtypid = 'st'::regtype", "value st.v"),
        (
            "SELECT 1 FROM pg_enum e JOIN pg_type t ON e.enumtypid = t.oid WHERE t.typname = 'st' AND e.enumlabel = 'v'",
            "value st.v",
        ),
        (
            "SELECT 1 FROM pg_enum WHERE enumlabel = 'v' AND enumtypid = (SELECT oid FROM pg_type WHERE typname = 'st')",
            "value st.v",
        ),
        ("SELECT 1 FROM pg_class WHERE relname = 's' AND relkind = 'S'", "sequence s"),
        ("SELECT 1 FROM pg_extension WHERE extname = 'x'", "extension x"),
        ("SELECT 1 FROM information_schema.schemata WHERE schema_name = 'app'", "schema app"),
        // there is more to it
        (
            "SELECT 1 FROM information_schema.columns WHERE table_name='t' AND column_name='c' AND data_type='text'",
            "none",
        ),
        ("SELECT 1 FROM pg_type WHERE typname = 'a' OR typname = 'b'", "none"),
        ("SELECT count(*) FROM pg_type WHERE typname = 'a'", "none"),
        ("SELECT NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'st')", "none"),
        ("SELECT to_regclass('x') IS NULL", "none"),
        ("SELECT 1 FROM pg_type WHERE typname = :name", "none"),
        ("SELECT 1 FROM pg_type WHERE typname = '\u{fffc}'", "none"),
        ("SELECT 1 FROM users WHERE name = 'x'", "none"),
        ("SELECT 1 FROM columns WHERE table_name = 't' AND column_name = 'c'", "none"),
        ("SELECT 1", "none"),
        ("", "none"),
    ];
    for (text, expected) in cases {
        assert_eq!(
            asks_for_existence(text).map_or("none".to_owned(), |object| shown::object(&object)),
            expected,
            "{text}"
        );
    }
}

#[test]
fn ranges_are_of_the_statement() {
    let text = "-- first\n  CREATE TABLE a (x int); /* é */ DROP TABLE b ;";
    let ranges: Vec<&str> = parse(text, &POSTGRES).iter().map(|statement| &text[statement.range.clone()]).collect();
    assert_eq!(ranges, ["CREATE TABLE a (x int)", "DROP TABLE b"]);
    let text = "DO $$ BEGIN DROP TABLE b; EXECUTE 'DROP TABLE c'; END $$";
    let ranges: Vec<&str> = parse(text, &POSTGRES).iter().map(|statement| &text[statement.range.clone()]).collect();
    assert_eq!(ranges, ["DROP TABLE b", "'DROP TABLE c'"]);
}

#[test]
fn nothing_takes_long_or_runs_out_of_stack() {
    let rows = "(1, 'some text', now()),\n".repeat(40_000);
    let many = [
        format!("INSERT INTO t (a, b, c) VALUES {rows}(1, 'x', null)"),
        "INSERT INTO t VALUES (1, 'x');\n".repeat(40_000),
        format!("SELECT {}1{}", "(".repeat(200_000), ")".repeat(200_000)),
        format!("ALTER TABLE t ADD COLUMN a int DEFAULT {}1", "(".repeat(200_000)),
        format!("SELECT {} 1", "CASE a WHEN".repeat(50_000)),
        format!("UPDATE t SET a = {}1{}", "CASE WHEN a = 'x' THEN ".repeat(10_000), " END".repeat(10_000)),
        format!("SELECT 1 WHERE {}", "a IN (".repeat(50_000)),
        format!("CREATE TABLE t (a {}int)", "setof ".repeat(50_000)),
        format!("DO $$ {} $$", "BEGIN ".repeat(50_000)),
        format!("DO $$ BEGIN {} END $$", "IF a THEN ".repeat(50_000)),
        format!("WITH {} SELECT 1", "a AS (".repeat(50_000)),
        format!("SELECT {} FROM t", "a = 'x' AND ".repeat(50_000)),
        format!("SELECT * FROM {} t", "(".repeat(50_000)),
        "/*".repeat(100_000),
        "$a$".repeat(100_001),
        "$a".repeat(100_000),
        "'\n".repeat(100_001),
        ";".repeat(100_000),
        "a.".repeat(100_000),
        format!("SELECT 1 WHERE {}x = 'a'", "a.".repeat(100_000)),
        "not exists (".repeat(20_000),
        format!("DO $$ BEGIN IF {} THEN x; END IF; END $$", "NOT ".repeat(50_000)),
        format!("DO $$ BEGIN IF {} THEN x; END IF; END $$", "(SELECT ".repeat(20_000)),
    ];
    for text in many {
        let start = Instant::now();
        parse(&text, &POSTGRES);
        asks_for_existence(&text);
        parse_type(&text);
        expression(&text);
        let limit = Duration::from_secs(4);
        assert!(start.elapsed() < limit, "{:?}: {}", start.elapsed(), &text[..60]);
    }
}
