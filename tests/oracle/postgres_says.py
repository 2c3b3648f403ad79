"""What a real PostgreSQL says when the real Alembic runs a history: one JSON question a line on stdin, one JSON answer
a line on stdout.

Arguments: the folder of the socket, and the database to make and to use. A question: {"cwd", "rows", "ancestors"}. The
history is brought up in two ways, each time in a database that was emptied: `once` (all in one run) and `each` (a run
for every revision; the SQL of `rows` comes before the last). Where a revision is given, a third is to bring up its
`ancestors` and it alone. An answer has for each way: "up", null or what stops it; then for the first two "down", what
stops taking all back, and "base", what is there then. Before that the last revision of `each` is taken back ("down")
and brought up "again"; "last": what is there before and after it, and when it is taken "back".
"""

import json
import logging
import os
import re
import sys
import warnings

import alembic
import psycopg2
import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

# what is there by name, and how it is: all that a revision can build and the version table is not part of
OBJECTS = """
WITH mine AS (
    SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), relations AS (
    SELECT c.* FROM pg_class c JOIN mine ON c.relnamespace = mine.oid
    WHERE c.relname NOT IN ('alembic_version', 'alembic_version_pkc')
)
SELECT CASE relkind WHEN 'i' THEN 'index ' WHEN 'S' THEN 'sequence ' WHEN 'v' THEN 'view ' ELSE 'table ' END || relname,
    CASE relkind WHEN 'i' THEN pg_get_indexdef(oid) ELSE '' END
FROM relations
UNION ALL
SELECT t.relname || '.' || attname, concat_ws(' ', format_type(atttypid, atttypmod),
    CASE WHEN attnotnull THEN 'NOT NULL' END, 'DEFAULT ' || pg_get_expr(adbin, adrelid), attidentity)
FROM pg_attribute JOIN relations t ON t.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE attnum > 0 AND NOT attisdropped AND t.relkind IN ('r', 'p')
UNION ALL
SELECT 'constraint ' || conname, pg_get_constraintdef(c.oid)
FROM pg_constraint c JOIN relations t ON t.oid = conrelid WHERE contype <> 'n'
UNION ALL
SELECT 'type ' || typname,
    (SELECT string_agg(enumlabel, ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid)
FROM pg_type t JOIN mine ON mine.oid = typnamespace WHERE typtype = 'e'
"""

# a database of its own for each history would be clean as well, and twice as slow
EMPTY = """
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', name);
    END LOOP;
    CREATE SCHEMA public;
END
$$
"""


class Running(logging.Handler):
    """Knows the revision that Alembic has begun last."""

    revision = None

    def emit(self, record):
        for step in record.args or ():
            if hasattr(step, "revision"):
                self.revision = step.revision.revision


class Database:
    def __init__(self, socket, name):
        self.url = f"postgresql+psycopg2://postgres@/{name}?host={socket}"
        self.at = {"host": socket, "user": "postgres"}
        self.query(f'CREATE DATABASE "{name}" TEMPLATE template0', dbname="postgres")
        self.at["dbname"] = name
        self.running = Running()
        logger = logging.getLogger("alembic.runtime.migration")
        logger.setLevel(logging.INFO)
        logger.propagate = False
        logger.addHandler(self.running)

    def query(self, sql, **where):
        connection = psycopg2.connect(**{**self.at, **where})
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
            res = cursor.fetchall() if cursor.description else None
        connection.close()
        return res

    def empty(self):
        self.query(EMPTY)

    def objects(self):
        return dict(sorted(self.query(OBJECTS)))

    def alembic(self, config, run, target):
        """What stops `alembic run target`."""
        self.running.revision = None
        try:
            run(config, target)
        except Exception as error:
            return {"revision": self.running.revision, **error_of(error)}


def error_of(error):
    """SQLSTATE and first line as the database says them; else what Python raised."""
    database = getattr(error, "orig", None)
    if getattr(database, "pgcode", None):
        return {"sqlstate": database.pgcode, "message": database.diag.message_primary.splitlines()[0]}
    return {"exception": type(error).__name__, "message": re.sub(" at 0x[0-9a-f]+", "", str(error)).partition("\n")[0]}


def tried(database, question, way):
    database.empty()
    config = Config(os.path.join(question["cwd"], "alembic.ini"))
    config.set_main_option("sqlalchemy.url", database.url.replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    revisions = [step.revision for step in scripts._upgrade_revs("heads", None)]
    res = {"up": None, "down": None, "again": None}
    states = [database.objects()]
    targets = {
        "once": ["heads"],
        "each": [revision.revision for revision in revisions],
        "ancestors": [question["ancestors"]],
    }[way]
    for target in targets:
        if target == targets[-1] and way == "each" and question["rows"]:
            database.query(question["rows"])
        res["up"] = database.alembic(config, command.upgrade, target)
        if res["up"]:
            return res
        states.append(database.objects())
    if way == "each":
        res["last"] = {"before": states[-2], "after": states[-1]}
        # of several heads, and of what a merge joins, Alembic cannot take back one alone
        if len(scripts.get_heads()) == 1 and not revisions[-1].is_merge_point:
            res["down"] = database.alembic(config, command.downgrade, "-1")
            if res["down"]:
                return res
            res["last"]["back"] = database.objects()
            res["again"] = database.alembic(config, command.upgrade, "heads")
            if res["again"]:
                return res
    if way != "ancestors":
        res["down"] = database.alembic(config, command.downgrade, "base")
        res["base"] = database.objects()
    return res


def main():
    out, sys.stdout = sys.stdout, sys.stderr
    warnings.simplefilter("ignore")
    database = Database(*sys.argv[1:])
    print(json.dumps({"alembic": alembic.__version__, "sqlalchemy": sqlalchemy.__version__}), file=out, flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        os.chdir(question["cwd"])
        ways = ["once", "each", "ancestors"] if question["ancestors"] else ["once", "each"]
        answer = {way: tried(database, question, way) for way in ways}
        print(json.dumps(answer), file=out, flush=True)


main()
