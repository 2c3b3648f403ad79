use super::check;

#[test]
fn conditions() {
    check(&[
        (
            "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'st') THEN CREATE TYPE st AS ENUM ('a'); END IF; END $$;",
            &["enum st (a) IF no type st"],
        ),
        (
            "DO $do$ DECLARE x int := 1; BEGIN IF to_regclass('public.t') IS NULL THEN CREATE TABLE t (a int); ELSE DROP TABLE t; END IF; DROP TABLE u; END; $do$ LANGUAGE plpgsql",
            &["create table t (a integer) IF no table t", "drop table t IF table t", "drop table u"],
        ),
        (
            "DO $$ BEGIN IF EXISTS (SELECT FROM pg_type WHERE typname = 'a') AND NOT EXISTS (SELECT FROM pg_type WHERE typname = 'b') THEN ALTER TYPE a RENAME TO b; ELSE DROP TABLE t; END IF; END $$",
            &["rename type a b IF type a AND no type b", "drop table t IF ?"],
        ),
        (
            "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_tables WHERE tablename = 'a') THEN DROP TABLE a; ELSIF x > 1 THEN DROP TABLE b; ELSE DROP TABLE c; END IF; END $$",
            &["drop table a IF table a", "drop table b IF no table a AND ?", "drop table c IF no table a AND ?"],
        ),
        (
            "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_type WHERE typname = 'a') THEN RETURN; END IF; CREATE TYPE a AS ENUM (); END $$",
            &["enum a () IF no type a"],
        ),
        ("DO $$ BEGIN IF x THEN RETURN; END IF; DROP TABLE t; END $$", &["drop table t IF ?"]),
        ("DO $$ BEGIN RETURN; DROP TABLE t; END $$", &[]),
        (
            "DO $$ BEGIN FOR r IN SELECT * FROM t LOOP DELETE FROM u; END LOOP; DROP TABLE t; END $$",
            &["delete u IF ?", "drop table t"],
        ),
        (
            "DO $$ BEGIN CASE x WHEN 1 THEN DROP TABLE a; ELSE DROP TABLE b; END CASE; DROP TABLE c; END $$",
            &["drop table a IF ?", "drop table b IF ?", "drop table c"],
        ),
        (
            "DO $$ BEGIN x := 1; y = 2; r.a := 3; a[1] := 4; RAISE NOTICE 'x %', 1; ASSERT x; <<l>> NULL; GET DIAGNOSTICS x = ROW_COUNT; DROP TABLE c; END $$",
            &["unknown anything", "drop table c"],
        ),
        ("DO $$ BEGIN IF EXISTS (SELECT 1 FROM t) THEN RAISE EXCEPTION 'no'; END IF; END $$", &["raise IF ?"]),
        (
            "DO $$ BEGIN PERFORM setval('s', 1); PERFORM 1 FROM t; SELECT a INTO b FROM u; END $$",
            &["nothing", "select t", "select u"],
        ),
        ("DO 'BEGIN DROP TABLE \"it''s\"; END'", &["drop table it's"]),
        ("DO LANGUAGE plpython3u $$ x $$", &["unknown anything"]),
        ("DO $$ ¤ $$", &["unknown anything"]),
    ]);
}

#[test]
fn exceptions() {
    check(&[
        (
            "DO $$ BEGIN CREATE TYPE st AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END $$",
            &["enum st (a) IF no type st"],
        ),
        (
            "DO $$ BEGIN ALTER TABLE t ADD COLUMN a int; EXCEPTION WHEN duplicate_column THEN RAISE NOTICE 'x'; END $$",
            &["add t.a integer IF no column t.a"],
        ),
        (
            "DO $$ BEGIN DROP TYPE st; EXCEPTION WHEN undefined_object OR others THEN NULL; END $$",
            &["drop type st IF type st"],
        ),
        (
            "DO $$ BEGIN CREATE TYPE st AS ENUM ('a'); EXCEPTION WHEN others THEN DROP TABLE x; END $$",
            &["enum st (a) IF ?", "drop table x IF ?"],
        ),
        (
            "DO $$ BEGIN CREATE TYPE a AS ENUM (); CREATE TYPE b AS ENUM (); EXCEPTION WHEN duplicate_object THEN NULL; END $$",
            &["enum a () IF ?", "enum b () IF ?"],
        ),
        (
            "DO $$ BEGIN BEGIN CREATE TYPE a AS ENUM (); EXCEPTION WHEN duplicate_object THEN NULL; END; DROP TABLE t; END $$",
            &["enum a () IF no type a", "drop table t"],
        ),
    ]);
}

#[test]
fn executed_texts() {
    check(&[
        ("DO $$ BEGIN EXECUTE 'DROP TABLE t; DROP TYPE u'; END $$", &["drop table t", "drop type u"]),
        ("DO $$ BEGIN EXECUTE format('ALTER TABLE t DROP CONSTRAINT %I', c); END $$", &["drop constraint t.?"]),
        (
            "DO $$ BEGIN EXECUTE 'ALTER TABLE t DROP CONSTRAINT ' || quote_ident(c) || ' CASCADE'; END $$",
            &["drop constraint t.? cascade"],
        ),
        (
            "DO $$ BEGIN EXECUTE 'GRANT ALL ON ' || x; EXECUTE format('ALTER TABLE %I.t ADD x int', s); EXECUTE q; END $$",
            &["nothing", "unknown anything", "unknown anything"],
        ),
        (
            "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'a') THEN EXECUTE 'CREATE TYPE a AS ENUM ()'; END IF; END $$",
            &["enum a () IF no type a"],
        ),
    ]);
}
