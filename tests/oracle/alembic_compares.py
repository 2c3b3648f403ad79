"""What the real Alembic's autogenerate finds between a database and models: one JSON question a line on stdin, one JSON answer a line on
stdout.

Arguments: the folder of the socket, and the database to make and to use. A question: {"database": SQL, "models": Python, "defaults":
whether server defaults are compared}. An answer: the changes, sorted: `kind table[.columns][ name]`, names as Alembic gives them.
"""

import enum
import json
import sys
import warnings

import alembic
import psycopg2
import sqlalchemy
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.dialects import postgresql

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


def columns_of(item):
    names = [column.name for column in item.columns]
    return "." + ",".join(names) if names else ""


def name_of(schema, table):
    return f"{schema}.{table}" if schema and schema != "public" else table


def of_table(table):
    return name_of(table.schema, table.name)


def said(item):
    kind, first, *more = item
    if kind in ("add_table", "remove_table"):
        return f"{kind} {of_table(first)}"
    if kind in ("add_table_comment", "remove_table_comment"):
        return f"modify_comment {of_table(first)}"
    if kind in ("add_column", "remove_column"):
        return f"{kind} {name_of(first, more[0])}.{more[1].name}"
    if kind in ("add_index", "remove_index"):
        return f"{kind} {of_table(first.table)} {first.name}"
    if kind in ("add_constraint", "remove_constraint", "add_fk", "remove_fk"):
        name = f" {first.name}" if first.name else ""
        return f"{kind} {of_table(first.table)}{columns_of(first)}{name}"
    return f"{kind} {name_of(first, more[0])}.{more[1]}"


def flat(items):
    for item in items:
        yield from item if isinstance(item, list) else [item]


def compared(engine, question):
    metadata = sa.MetaData()
    names = {"sa": sa, "enum": enum, "postgresql": postgresql, "metadata": metadata}
    exec(question["models"], names)
    with engine.connect() as connection:
        options = {"compare_server_default": question["defaults"], "include_schemas": True}
        context = MigrationContext.configure(connection, opts=options)
        return sorted(map(said, flat(compare_metadata(context, metadata))))


def main():
    out, sys.stdout = sys.stdout, sys.stderr
    warnings.simplefilter("ignore")
    socket, name = sys.argv[1:]

    def run(sql, dbname):
        connection = psycopg2.connect(host=socket, user="postgres", dbname=dbname)
        connection.autocommit = True
        connection.cursor().execute(sql)
        connection.close()

    run(f'CREATE DATABASE "{name}" TEMPLATE template0', "postgres")
    # what one case leaves in a session is not for the next
    engine = sa.create_engine(f"postgresql+psycopg2://postgres@/{name}?host={socket}", poolclass=sa.pool.NullPool)
    print(json.dumps({"alembic": alembic.__version__, "sqlalchemy": sqlalchemy.__version__}), file=out, flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        run(EMPTY, name)
        run(question["database"], name)
        print(json.dumps(compared(engine, question)), file=out, flush=True)


main()
