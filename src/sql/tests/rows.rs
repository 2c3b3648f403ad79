use super::check;

#[test]
fn inserts() {
    check(&[
        (
            "INSERT INTO t (a, \"B\") VALUES ('x', NULL), (1, DEFAULT), ('it''s', 'z'::st)",
            &["insert t (a, B): 'x', null; ?, default; 'it's', 'z'"],
        ),
        (
            "INSERT INTO a.t VALUES (1, now(), (SELECT max(id) FROM u WHERE s = 'y'))",
            &["select u WHERE s='y'", "insert a.t: ?, ?, ?"],
        ),
        (
            "INSERT INTO t (a) SELECT b FROM u, v w WHERE w.s = 'y'",
            &["select u, v WHERE v.s='y'", "insert t (a): query"],
        ),
        ("INSERT INTO t DEFAULT VALUES RETURNING id", &["insert t: defaults"]),
        (
            "INSERT INTO t AS x (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = EXCLUDED.b WHERE x.s = 'q' RETURNING *",
            &["insert t (a): ? WHERE t.s='q'"],
        ),
        ("INSERT INTO t (SELECT * FROM u)", &["select u", "insert t: query"]),
        ("INSERT INTO t (a) OVERRIDING SYSTEM VALUE VALUES (%s)", &["insert t (a): ?"]),
        ("INSERT INTO t (a, b) VALUES %s", &["insert t (a, b): query"]),
        (
            "WITH n AS (INSERT INTO t (a) VALUES (1) RETURNING id), d AS (DELETE FROM u RETURNING *) UPDATE v SET a = n.id FROM n WHERE v.s = 'x' AND n.s = 'y' AND z = 'w'",
            &["select u", "insert t (a): ?", "delete u", "update v a=? WHERE v.s='x'"],
        ),
        ("WITH a AS (SELECT * FROM t) INSERT INTO u (x) SELECT y FROM a", &["select t", "insert u (x): query"]),
        ("COPY t (a, b) FROM stdin", &["insert t (a, b): query"]),
        ("COPY t TO stdout", &["select t"]),
    ]);
}

#[test]
fn updates_and_deletes() {
    check(&[
        (
            "UPDATE ONLY a.t AS x SET a = 'v', b = NULL, c = DEFAULT, d = 1 + 1 WHERE x.s = 'p' AND s <> 'q'",
            &["update a.t a='v', b=null, c=default, d=? WHERE a.t.s='p' s='q'"],
        ),
        (
            "UPDATE t SET (a, b) = ('x', 1), (c, d) = (SELECT 1, 2 FROM u)",
            &["select u", "update t a='x', b=?, c=?, d=?"],
        ),
        ("UPDATE t SET s = CASE WHEN s = 'a' THEN 'b' ELSE 'c' END", &["update t s=? WHERE s='a'"]),
        ("UPDATE t SET s = 'b' FROM u JOIN v ON u.id = v.id WHERE t.id = u.id", &["select u, v", "update t s='b'"]),
        ("UPDATE t SET a[1] = 'x', b.c = 'y'", &["update t a=?, b=?"]),
        (
            "DELETE FROM t USING u x WHERE t.id = x.id AND x.s IN ('a', 'b')",
            &["select u", "delete t WHERE u.s='a' u.s='b'"],
        ),
        ("DELETE FROM ONLY t", &["delete t"]),
        ("TRUNCATE TABLE a, b.c RESTART IDENTITY CASCADE", &["delete a", "delete b.c"]),
        ("LOCK TABLE a, b IN EXCLUSIVE MODE", &["select a, b"]),
    ]);
}

#[test]
fn queries_name_their_tables() {
    check(&[
        (
            "SELECT * FROM a, b.c AS x LEFT JOIN d ON x.i = d.i WHERE EXISTS (SELECT 1 FROM e WHERE e.s = 'v')",
            &["select a, b.c, d, e WHERE e.s='v'"],
        ),
        ("SELECT extract(year FROM d), trim(both 'x' from e), a IS DISTINCT FROM b FROM t", &["select t"]),
        ("SELECT * FROM generate_series(1, 2) g, (SELECT * FROM t) x WHERE s = 'v'", &["select t"]),
        ("SELECT * FROM (a JOIN b ON true) JOIN c USING (x)", &["select a, b, c"]),
        (
            "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n FROM r JOIN t USING (n)) SELECT * FROM r",
            &["select t"],
        ),
        ("SELECT a FROM t ORDER BY a, b LIMIT 1, 2", &["select t"]),
        ("SELECT setval('s', 1)", &["nothing"]),
        ("SELECT pg_catalog.set_config('search_path', '', false)", &["nothing"]),
        ("SELECT audit.watch('app.t')", &["unknown [table app.t]"]),
        ("SELECT rebuild()", &["unknown anything"]),
        ("VALUES (1)", &["nothing"]),
        ("(SELECT 1 FROM t) UNION (SELECT 2 FROM u)", &["select t, u"]),
    ]);
}
