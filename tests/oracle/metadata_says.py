"""What the real SQLAlchemy makes of models, and the real Alembic of a change: one JSON question a line on stdin, one
JSON answer a line on stdout.

Arguments: the folder of the socket, and the database to make and to use. The questions:

{"models": folder}: the tables that `target_metadata` of the folder's `migrations/env.py` creates, as PostgreSQL
describes them; {"error": …} where SQLAlchemy refuses the models.

{"before": folder, "after": folder, "seed": SQL or null}: what `compare_metadata` finds in each of the two, after the
migrations of that one have run on a database that holds what the SQL made.

Each is answered by a process of its own: models are loaded once in a process.
"""

import json
import os
import runpy
import sys
import traceback
import warnings

import alembic
import psycopg2
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import schema as sa
from sqlalchemy.dialects import postgresql

# loaded before the questions are asked: a process for each question begins with what this one has
for library in ["sqlmodel", "flask_sqlalchemy", "flask_migrate", "sqlalchemy.orm", "sqlalchemy.ext.declarative"]:
    try:
        __import__(library)
    except ImportError:
        pass

COLUMNS = """
SELECT attname, format_type(atttypid, atttypmod), attnotnull, atthasdef OR attidentity <> '', col_description(attrelid, attnum)
FROM pg_attribute WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
INDEXES = """
SELECT relname, indisunique, ARRAY(
    SELECT attname::text FROM unnest(indkey[0:indnkeyatts - 1]) WITH ORDINALITY AS key (number, place)
    LEFT JOIN pg_attribute ON attrelid = indrelid AND attnum = number AND attnum > 0 ORDER BY place)
FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE indrelid = %s AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
ORDER BY 1
"""
CONSTRAINTS = """
SELECT contype::text, conname, ARRAY(
    SELECT attname::text FROM unnest(conkey) WITH ORDINALITY AS key (number, place)
    JOIN pg_attribute ON attrelid = conrelid AND attnum = number ORDER BY place),
  nspname, relname, ARRAY(
    SELECT attname::text FROM unnest(confkey) WITH ORDINALITY AS key (number, place)
    JOIN pg_attribute ON attrelid = confrelid AND attnum = number ORDER BY place),
  confdeltype::text, confupdtype::text
FROM pg_constraint LEFT JOIN pg_class ON pg_class.oid = confrelid LEFT JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE conrelid = %s AND contype IN ('p', 'u', 'f') ORDER BY 1, 2
"""
ENUMS = """
SELECT nspname, typname, ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = pg_type.oid ORDER BY enumsortorder)
FROM pg_type JOIN pg_namespace ON pg_namespace.oid = typnamespace WHERE typtype = 'e' ORDER BY 1, 2
"""
KINDS = {"p": "primary", "u": "unique", "f": "foreign"}
ACTIONS = {"a": None, "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
CLASSES = {
    "primary": sa.PrimaryKeyConstraint,
    "unique": sa.UniqueConstraint,
    "foreign": sa.ForeignKeyConstraint,
}


def elsewhere(name):
    """A schema as it is told: that of the search path is nobody's."""
    return None if name == "public" else name


class Database:
    def __init__(self, socket, name):
        self.url = f"postgresql+psycopg2://postgres@/{name}?host={socket}"
        self.at = {"host": socket, "user": "postgres"}
        self.name = name
        self.make_anew()

    def make_anew(self):
        connection = psycopg2.connect(**self.at, dbname="postgres")
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{self.name}"')
            cursor.execute(f'CREATE DATABASE "{self.name}" TEMPLATE template0')
        connection.close()

    def run(self, sql):
        connection = psycopg2.connect(**self.at, dbname=self.name)
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
        connection.close()


def declared(database, folder):
    enter(database, folder)
    try:
        metadata = runpy.run_path("migrations/env.py")["target_metadata"]
        metadata = metadata if isinstance(metadata, (list, tuple)) else [metadata]
        with sqlalchemy.create_engine(database.url).connect() as connection:
            for one in metadata:
                schemas = {one.schema, *(table.schema for table in one.tables.values())}
                schemas |= {getattr(column.type, "schema", None) for t in one.tables.values() for column in t.columns}
                for schema in sorted(schemas - {None}):
                    connection.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
                one.create_all(connection)
            # nothing is committed: the next one finds an empty database
            return described(connection, [table for one in metadata for table in one.tables.values()])
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def described(connection, tables):
    def rows(query, *arguments):
        return [tuple(row) for row in connection.exec_driver_sql(query, arguments)]

    res = {"tables": [], "enums": []}
    for table in tables:
        ((oid,),) = rows("SELECT to_regclass(%s)::oid", connection.dialect.identifier_preparer.format_table(table))
        columns = [
            {"name": name, "type": type_, "nullable": not required, "default": default, "comment": comment}
            for name, type_, required, default, comment in rows(COLUMNS, oid)
        ]
        indexes = [{"name": name, "unique": unique, "columns": them} for name, unique, them in rows(INDEXES, oid)]
        constraints = []
        for kind, name, them, schema, target, targets, on_delete, on_update in rows(CONSTRAINTS, oid):
            one = {"kind": KINDS[kind], "name": name, "columns": them}
            if kind == "f":
                actions = {"on_delete": ACTIONS[on_delete], "on_update": ACTIONS[on_update]}
                one["references"] = {"schema": elsewhere(schema), "table": target, "columns": targets, **actions}
            if not is_named(connection, table, one):
                one["unnamed"] = True
            constraints.append(one)
        res["tables"].append(
            {
                "schema": table.schema,
                "name": table.name,
                "comment": table.comment,
                "columns": columns,
                "indexes": indexes,
                "constraints": constraints,
            }
        )
    res["tables"].sort(key=lambda table: (table["schema"] or "", table["name"]))
    for schema, name, values in rows(ENUMS):
        res["enums"].append({"schema": elsewhere(schema), "name": name, "values": values})
    return res


def is_named(connection, table, constraint):
    """Whether the models name it, and not the database."""
    names = connection.dialect.identifier_preparer
    own = [one for one in table.constraints if isinstance(one, CLASSES[constraint["kind"]])]
    own = [names.format_constraint(one) for one in own if one.name is not None]
    return constraint["name"] in [name.strip('"') for name in own if name is not None]


def drifted(database, folder, seed):
    enter(database, folder)
    database.make_anew()
    if seed:
        database.run(seed)
    config = Config("alembic.ini")
    config.set_main_option("sqlalchemy.url", database.url.replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    if "current_app" in open(os.path.join(scripts.dir, "env.py")).read():
        # as Flask's command line does
        sys.modules["app"] = __import__("app")
        sys.modules["app"].app.app_context().push()
    res = []

    def upgrade(revision, _context):
        return scripts._upgrade_revs("heads", revision)

    with EnvironmentContext(config, scripts, fn=upgrade, destination_rev="heads"):
        scripts.run_env()

    def compare(_revision, context):
        res.extend(items(compare_metadata(context, context.opts["target_metadata"])))
        return []

    with EnvironmentContext(config, scripts, fn=compare):
        scripts.run_env()
    return res


def items(differences):
    for difference in differences:
        if isinstance(difference, list):
            yield from items(difference)
            continue
        kind, *rest = difference
        if kind.endswith("_table"):
            yield item(kind, rest[0])
        elif kind.endswith("_table_comment"):
            yield item("modify_comment", rest[0], detail=rest[0].comment)
        elif kind.endswith("_column"):
            column = rest[2]
            detail = None if kind == "remove_column" else f"{of(column.type)}{'' if column.nullable else ' NOT NULL'}"
            yield {**item(kind, rest[1], [column.name], detail=detail), "schema": rest[0]}
        elif kind.startswith("modify_"):
            wanted = of(rest[-1]) if kind == "modify_type" else str(rest[-1])
            yield {**item(kind, rest[1], [rest[2]], detail=wanted), "schema": rest[0]}
        elif kind.endswith("_index"):
            columns = [getattr(column, "name", None) for column in rest[0].expressions]
            yield item(kind, rest[0].table, columns, rest[0].name, "unique" if rest[0].unique else None)
        else:
            detail = None
            if kind == "add_fk":
                targets = ", ".join(element.target_fullname for element in rest[0].elements)
                detail = f"{targets} ON DELETE {rest[0].ondelete} ON UPDATE {rest[0].onupdate}"
            yield item(kind, rest[0].table, [column.name for column in rest[0].columns], rest[0].name, detail)


def of(type_):
    return type_.compile(postgresql.dialect())


def item(kind, table, columns=(), name=None, detail=None):
    schema, table = getattr(table, "schema", None), getattr(table, "name", table)
    return {
        "kind": kind,
        "schema": schema,
        "table": table,
        "columns": list(columns),
        "name": None if name is None else str(name),
        "detail": detail,
    }


def enter(database, folder):
    os.chdir(folder)
    sys.path.insert(0, folder)
    os.environ["DATABASE_URL"] = database.url


def in_a_process(function, *arguments):
    """What the function returns there."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            answer = function(*arguments)
        except BaseException:
            answer = {"failed": traceback.format_exc()}
        with os.fdopen(writing, "w") as stream:
            json.dump(answer, stream)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as stream:
        res = json.load(stream)
    os.waitpid(child, 0)
    return res


def main():
    out, sys.stdout = sys.stdout, sys.stderr
    warnings.simplefilter("ignore")
    database = Database(*sys.argv[1:])
    print(json.dumps({"alembic": alembic.__version__, "sqlalchemy": sqlalchemy.__version__}), file=out, flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        if "models" in question:
            answer = in_a_process(declared, database, question["models"])
        else:
            answer = {
                when: in_a_process(drifted, database, question[when], question["seed"]) for when in ("before", "after")
            }
        print(json.dumps(answer), file=out, flush=True)


main()
