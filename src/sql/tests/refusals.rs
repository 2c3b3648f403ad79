use super::{OTHER, POSTGRES, lines};

#[test]
fn the_words_are_postgresqls() {
    // what PostgreSQL 15 says of each, behind `syntax error at`
    let cases = [
        ("ALTER TYPE st ADD VALUE b", "or near \"b\""),
        ("ALTER TYPE st ADD VALUES 'b'", "or near \"VALUES\""),
        ("ALTER TYPE st ADD VALUE IF EXISTS 'b'", "or near \"EXISTS\""),
        ("ALTER TYPE st ADD 'b'", "or near \"'b'\""),
        ("ALTER TYPE st RENAME VALUE 'a' 'b'", "or near \"'b'\""),
        ("CREATE TYPE st AS ENUM ('a', 'b',)", "or near \")\""),
        ("CREATE TYPE st AS ENUM ('a' 'b')", "or near \"'b'\""),
        ("CREATE TYPE st AS ENUM (a, b)", "or near \"a\""),
        ("CREATE TYPE st ENUM ('a')", "or near \"ENUM\""),
        ("CREATE TYPE st AS ENUM ('a'", "end of input"),
        ("CREATE TABLE t (a int, b text,)", "or near \")\""),
        ("CREATE TABLE t (a int b text)", "or near \"b\""),
        ("CREATE TABLE t (a int, b text", "end of input"),
        ("CREATE TABLE t (a int,, b text)", "or near \",\""),
        ("CREATE TABLE t a int", "or near \"a\""),
        ("CREATE TABLE IF NOT EXIST t (a int)", "or near \"EXIST\""),
        ("CREATE TABLE IF EXISTS t (a int)", "or near \"EXISTS\""),
        ("CREATE TABLE t (a int NOT NUL)", "or near \"NUL\""),
        ("CREATE TABLE t (a int PRIMARY)", "or near \")\""),
        ("CREATE TABLE t (user text)", "or near \"user\""),
        ("CREATE TABLE t (order int)", "or near \"order\""),
        ("CREATE TABLE user (a int)", "or near \"user\""),
        ("CREATE TABLE t (a int REFERENCES u(id) ON DELETE CASCADES)", "or near \"CASCADES\""),
        ("CREATE TABLE t (a int, FOREIGN KEY a REFERENCES u(id))", "or near \"a\""),
        ("CREATE TABLE t (a int, CONSTRAINT UNIQUE (a))", "or near \"UNIQUE\""),
        ("CREAT TABLE t (a int)", "or near \"CREAT\""),
        ("ALTER TABEL t ADD COLUMN a int", "or near \"TABEL\""),
        ("ALTER TABLE t ADD CONSTRAINT IF NOT EXISTS c UNIQUE (a)", "or near \"NOT\""),
        ("ALTER TABLE t ADD COLUMN IF EXISTS a int", "or near \"EXISTS\""),
        ("ALTER TABLE t ADD IF NOT EXISTS COLUMN a int", "or near \"COLUMN\""),
        ("ALTER TABLE t ADD COLUMN a int,", "end of input"),
        ("ALTER TABLE t ADD COLUMN a int DROP COLUMN b", "or near \"DROP\""),
        ("ALTER TABLE t DROP COLUMN a text", "or near \"text\""),
        ("ALTER TABLE t DROP COLUMN IF NOT EXISTS a", "or near \"NOT\""),
        ("ALTER TABLE t RENAME COLUMN a b", "or near \"b\""),
        ("ALTER TABLE t RENAME COLUMN a TO b, RENAME COLUMN c TO d", "or near \",\""),
        ("ALTER TABLE t ALTER COLUMN a NOT NULL", "or near \"NOT\""),
        ("ALTER TABLE t ALTER COLUMN a SET NULL", "or near \"NULL\""),
        ("ALTER TABLE t ALTER COLUMN a int", "or near \"int\""),
        ("ALTER TABLE t ALTER COLUMN a TYPE", "end of input"),
        ("ALTER TABLE t COLUMN a TYPE int", "or near \"COLUMN\""),
        ("ALTER TABLE t DROP CONSTRAINT", "end of input"),
        ("ALTER TABLE IF NOT EXISTS t ADD a int", "or near \"EXISTS\""),
        ("CREATE INDEX ix t (a)", "or near \"t\""),
        ("CREATE INDEX ix ON t a", "or near \"a\""),
        ("CREATE INDEX ix ON t ()", "or near \")\""),
        ("CREATE INDEX ix ON t (a,)", "or near \")\""),
        ("CREATE INDEX IF EXISTS ix ON t (a)", "or near \"EXISTS\""),
        ("CREATE INDEX IF NOT EXISTS ON t (a)", "or near \"ON\""),
        ("CREATE INDEX ix CONCURRENTLY ON t (a)", "or near \"CONCURRENTLY\""),
        ("CREATE UNIQUE ix ON t (a)", "or near \"ix\""),
        ("DROP INDEX ix ON t", "or near \"ON\""),
        ("DROP TABLE t IF EXISTS", "or near \"IF\""),
        ("DROP TABLE IF NOT EXISTS t", "or near \"NOT\""),
        ("DROP TABLE t, ", "end of input"),
        ("DROP t", "or near \"t\""),
        ("DROP TYPE st CASCADE CONSTRAINTS", "or near \"CONSTRAINTS\""),
        ("INSERT t (a) VALUES (1)", "or near \"t\""),
        ("INSERT INTO t (a, b VALUES (1, 2)", "or near \"VALUES\""),
        ("INSERT INTO t (a, b,) VALUES (1, 2)", "or near \")\""),
        ("INSERT INTO t (a) VALUES (1,)", "or near \")\""),
        ("INSERT INTO t (a) VALUES (1) (2)", "or near \"(\""),
        ("INSERT INTO t (a) VALUE (1)", "or near \"VALUE\""),
        ("INSERT INTO t (a) VALUES", "end of input"),
        ("INSERT INTO t SET a = 1", "or near \"SET\""),
        ("INSERT INTO t (a) VALUES (1))", "or near \")\""),
        ("UPDATE t a = 1", "or near \"=\""),
        ("UPDATE t SET a = 1, WHERE b = 2", "or near \"WHERE\""),
        ("UPDATE t SET a 1", "or near \"1\""),
        ("UPDATE t SET WHERE a = 1", "or near \"WHERE\""),
        ("UPDATE TABLE t SET a = 1", "or near \"TABLE\""),
        ("DELETE t WHERE a = 1", "or near \"t\""),
        ("DELETE FROM t a = 1", "or near \"=\""),
        ("DELETE FROM t WHERE a IN ('x', 'y',)", "or near \")\""),
        ("DELETE FROM t WHERE a = 'x')", "or near \")\""),
        ("DELETE * FROM t", "or near \"*\""),
        ("TRUNCATE t CASCADES", "or near \"CASCADES\""),
        ("CREATE VIEW v SELECT 1", "or near \"SELECT\""),
        ("CREATE SEQUENCE", "end of input"),
        ("CREATE EXTENSION IF NOT EXIST x", "or near \"EXIST\""),
    ];
    for (text, at) in cases {
        assert_eq!(lines(text, &POSTGRES), [format!("42601 Syntax syntax error at {at}")], "{text}");
        let elsewhere = lines(text, &OTHER);
        assert!(elsewhere.iter().all(|line| !line.starts_with("42601")), "{text}: {elsewhere:?}");
    }
}

#[test]
fn some_refusals_are_known_by_name() {
    let cases = [
        ("CREATE TYPE IF NOT EXISTS st AS ENUM ('a')", "CreateTypeIfNotExists", "or near \"NOT\""),
        ("CREATE OR REPLACE TYPE st AS ENUM ('a')", "CreateOrReplaceType", "or near \"TYPE\""),
        ("ALTER TYPE IF EXISTS st ADD VALUE 'b'", "AlterTypeIfExists", "or near \"EXISTS\""),
        ("ALTER TYPE st DROP VALUE 'b'", "DropEnumValue", "or near \"VALUE\""),
    ];
    for (text, reason, at) in cases {
        assert_eq!(lines(text, &POSTGRES), [format!("42601 {reason} syntax error at {at}")], "{text}");
    }
}

#[test]
fn only_the_broken_statement_is_refused() {
    let text =
        "CREATE TABLE t (a int); CREATE TABEL u (b int); DO $$ BEGIN CREATE TYPE IF NOT EXISTS s AS ENUM (); END $$";
    let expected = [
        "create table t (a integer)",
        "42601 Syntax syntax error at or near \"TABEL\"",
        "42601 CreateTypeIfNotExists syntax error at or near \"NOT\"",
    ];
    assert_eq!(lines(text, &POSTGRES), expected);
    assert_eq!(lines("DROP TABLE t IF; SELECT 1", &POSTGRES)[0], "42601 Syntax syntax error at or near \"IF\"");
    assert_eq!(lines("DROP TABLE t,; SELECT 1", &POSTGRES)[0], "42601 Syntax syntax error at or near \";\"");
    assert_eq!(
        lines("INSERT INTO t (a, b) VALUES (1)", &POSTGRES),
        ["42601 Syntax INSERT has more target columns than expressions"]
    );
}

#[test]
fn what_may_be_another_databases_or_is_not_wholly_known_is_not_refused() {
    let cases = [
        "ALTER TABLE t MODIFY a int",
        "CREATE TABLE `t` (a int)",
        "CREATE TABLE t (a int AUTO_INCREMENT)",
        "ALTER TABLE t CHANGE a b int",
        "REPLACE INTO t VALUES (1)",
        "PRAGMA foreign_keys = ON",
        "CREATE TYPE IF NOT EXISTS \u{fffc} AS ENUM ('a')",
        "ALTER TABLE t ADD COLUMN a int \u{fffc}",
        "CREATE TABLE t (a int,) \u{fffc}",
        "ALTER TABLE t ADD COLUMN a varchar(%s) x",
        "\\connect x",
        "SELECT 1 FROM t WHERE",
        "DO $$ BEGIN OPEN c FOR SELECT 1; ASSERT a; MOVE NEXT FROM c; END $$",
    ];
    for text in cases {
        let found = lines(text, &POSTGRES);
        assert!(found.iter().all(|line| !line.starts_with("42601")), "{text}: {found:?}");
    }
}
