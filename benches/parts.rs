//! What a hook spends its time on, part by part: headers, graph, order of upgrades, lowering, replay, index. Whole processes are timed by `hook.sh`.
#![allow(clippy::unwrap_used, reason = "a bench that cannot go on should say so")]

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;

use divan::Bencher;
use divan::counter::ItemsCount;
use onehead::git::Repository;
use onehead::migration::lower::{self, LowerOptions, What};
use onehead::migration::replay::{ReplayOptions, Target, replay};
use onehead::migration::{Depth, Graph, Program, Script};
use onehead::python::interpret::{Modules, ParsedModule};
use onehead::python::{on_deep_stack, parse};
use onehead::schema::Transactions;
use tempfile::TempDir;

fn main() {
    divan::main();
}

const SIZES: [usize; 4] = [1_000, 2_000, 5_000, 10_000];

/// How revisions hang together: `down_revision`, `branch_labels` and `depends_on` of the revision of a number.
#[derive(Clone, Copy, Debug)]
enum Shape {
    Chain,
    Diamonds,
    Labels,
    Depends,
}

const SHAPES: [Shape; 4] = [Shape::Chain, Shape::Diamonds, Shape::Labels, Shape::Depends];

fn text(shape: Shape, at: usize) -> String {
    let id = |at: usize| format!("\"{at:012x}\"");
    let before = |steps: usize| at.checked_sub(steps).map_or("None".into(), id);
    let (mut down, mut labels, mut depends) = (before(1), "None".to_owned(), "None".to_owned());
    match shape {
        Shape::Chain => {}
        // of each ten, a fork of two branches and their merge
        Shape::Diamonds if at % 10 == 5 => down = before(5),
        Shape::Diamonds if at % 10 == 9 => down = format!("({}, {})", before(5), before(1)),
        Shape::Diamonds => {}
        Shape::Labels if at.is_multiple_of(10) => labels = format!("(\"label_{at}\",)"),
        Shape::Labels => {}
        // two histories, one leaning on the other all the way
        Shape::Depends => {
            down = before(2);
            if at % 2 == 1 {
                depends = before(1);
            }
        }
    }
    format!(
        "\"\"\"change {at}\n\nRevision ID: {at:012x}\n\n\"\"\"\nfrom typing import Sequence, Union\n\nfrom alembic import op\n\
         import sqlalchemy as sa\n\n# revision identifiers, used by Alembic.\nrevision: str = {}\n\
         down_revision: Union[str, Sequence[str], None] = {down}\nbranch_labels: Union[str, Sequence[str], None] = {labels}\n\
         depends_on: Union[str, Sequence[str], None] = {depends}\n\n\n{}",
        id(at),
        operations(at)
    )
}

/// Each fifth revision makes a table, those after it change that table.
fn operations(at: usize) -> String {
    let made = at - at % 5;
    let table = format!("table_{made}");
    let column = |k: usize| {
        let nullable = if k % 2 == 1 { "True" } else { "False" };
        format!("        sa.Column(\"column_{k}\", sa.String(length={}), nullable={nullable}),\n", 32 * k + 1)
    };
    match at % 5 {
        0 => format!(
            "def upgrade() -> None:\n    op.create_table(\n        \"{table}\",\n\
             \x20       sa.Column(\"id\", sa.Integer(), nullable=False),\n{}\
             \x20       sa.Column(\"state\", sa.Enum(\"new\", \"done\", name=\"state_{made}\"), nullable=True),\n{}\
             \x20       sa.PrimaryKeyConstraint(\"id\"),\n    )\n\
             \x20   op.create_index(op.f(\"ix_{table}\"), \"{table}\", [\"column_0\"], unique=False)\n\n\n\
             def downgrade() -> None:\n    op.drop_index(op.f(\"ix_{table}\"), table_name=\"{table}\")\n\
             \x20   op.drop_table(\"{table}\")\n    op.execute(\"DROP TYPE state_{made}\")\n",
            (0..10).map(column).collect::<String>(),
            made.checked_sub(5).map_or_else(String::new, |other| format!(
                "        sa.ForeignKeyConstraint([\"id\"], [\"table_{other}.id\"], name=op.f(\"fk_{made}\")),\n"
            )),
        ),
        1 => format!(
            "def upgrade() -> None:\n    op.add_column(\"{table}\", sa.Column(\"added\", sa.Boolean(), nullable=True))\n\
             \x20   op.execute(\"UPDATE {table} SET added = false WHERE added IS NULL\")\n\
             \x20   op.alter_column(\"{table}\", \"added\", existing_type=sa.Boolean(), nullable=False)\n\n\n\
             def downgrade() -> None:\n    op.drop_column(\"{table}\", \"added\")\n"
        ),
        2 => format!(
            "def upgrade() -> None:\n    with op.batch_alter_table(\"{table}\") as batch_op:\n\
             \x20       batch_op.alter_column(\"column_1\", type_=sa.Text())\n\
             \x20       batch_op.create_index(\"ix_{table}_batch\", [\"column_1\"], unique=False)\n\n\n\
             def downgrade() -> None:\n    with op.batch_alter_table(\"{table}\") as batch_op:\n\
             \x20       batch_op.drop_index(\"ix_{table}_batch\")\n\
             \x20       batch_op.alter_column(\"column_1\", type_=sa.String(length=33))\n"
        ),
        3 => format!(
            "def upgrade() -> None:\n    with op.get_context().autocommit_block():\n\
             \x20       op.execute(\"ALTER TYPE state_{made} ADD VALUE IF NOT EXISTS 'late'\")\n\
             \x20   op.create_unique_constraint(\"uq_{table}\", \"{table}\", [\"column_2\", \"column_3\"])\n\n\n\
             def downgrade() -> None:\n    op.drop_constraint(\"uq_{table}\", \"{table}\", type_=\"unique\")\n"
        ),
        _ => format!(
            "def upgrade() -> None:\n    op.execute(\n        \"\"\"\n\
             \x20       CREATE INDEX ix_{table}_raw ON {table} (lower(column_4));\n\
             \x20       INSERT INTO {table} (id, column_0, column_2, column_4, column_6, column_8, added)\n\
             \x20       SELECT id, column_0, 'a', 'b', 'c', coalesce(column_8, 'd'), true FROM {table} WHERE id > 10;\n\
             \x20       \"\"\"\n    )\n\n\ndef downgrade() -> None:\n    op.execute(\"DROP INDEX ix_{table}_raw\")\n"
        ),
    }
}

fn script(text: String, at: usize, depth: Depth) -> Arc<Script> {
    Arc::new(Script::read(format!("versions/{at:05}_change.py").as_str().into(), text.into_bytes(), depth))
}

fn scripts(shape: Shape, count: usize) -> Vec<Arc<Script>> {
    (0..count).map(|at| script(text(shape, at), at, Depth::Header)).collect()
}

#[divan::bench(args = [Depth::Header, Depth::Whole])]
fn header(bencher: Bencher, depth: Depth) {
    let text = text(Shape::Chain, 7);
    bencher.counter(ItemsCount::new(1_usize)).with_inputs(|| text.clone()).bench_values(|text| script(text, 7, depth));
}

/// One that the parser has to read: a constant of its own stands between.
#[divan::bench]
fn header_that_is_not_plain(bencher: Bencher) {
    let text = text(Shape::Chain, 7).replace("# revision", "SCHEMA = f\"{x}\"\n# revision");
    bencher.with_inputs(|| text.clone()).bench_values(|text| script(text, 7, Depth::Header));
}

#[divan::bench(args = SHAPES, consts = SIZES)]
fn graph<const N: usize>(bencher: Bencher, shape: Shape) {
    let scripts = scripts(shape, N);
    bencher.counter(ItemsCount::new(N)).bench_local(|| Graph::new(scripts.iter().cloned()));
}

#[divan::bench(args = SHAPES, consts = SIZES)]
fn upgrade_order<const N: usize>(bencher: Bencher, shape: Shape) {
    let graph = Graph::new(scripts(shape, N));
    bencher.counter(ItemsCount::new(N)).bench_local(|| graph.upgrade_order().unwrap().len());
}

struct NoModules;

impl Modules for NoModules {
    fn module(&self, _: &str) -> Option<&ParsedModule> {
        None
    }
}

fn programs(graph: &Graph, what: What) -> Vec<Option<Program>> {
    let lowered = |script: &Script| {
        let module = ParsedModule {
            source: script.source.clone(),
            statements: parse(&script.source.text).statements,
            name: "versions.change".into(),
            is_package: false,
        };
        Some(lower::lower(&module, &NoModules, &LowerOptions { what, ..LowerOptions::default() }))
    };
    on_deep_stack(|| graph.nodes.iter().map(|node| lowered(&node.script)).collect())
}

/// Parsing and lowering, on one thread.
#[divan::bench(args = [What::Upgrade, What::Both])]
fn lowering(bencher: Bencher, what: What) {
    let graph = Graph::new(scripts(Shape::Chain, 500));
    bencher.counter(ItemsCount::new(500_usize)).bench_local(|| programs(&graph, what).len());
}

/// Each revision judged, and so taken back as well; or none, for the schema at the end.
#[divan::bench(args = [false, true], consts = [500, 1_000, 2_000, 5_000, 10_000])]
fn replaying<const N: usize>(bencher: Bencher, judged: bool) {
    let graph = Graph::new(scripts(Shape::Chain, N));
    let programs = programs(&graph, What::Both);
    let options = ReplayOptions {
        postgresql: true,
        sqlalchemy: Some((2, 0)),
        transactions: Transactions::WholeRun,
        conventions: false,
        schema: Target::Heads,
    };
    bencher.counter(ItemsCount::new(N)).bench_local(|| {
        let replayed = replay(&graph, &programs, &options, |_| judged);
        assert!(replayed.steps.iter().all(|step| step.upgrade.is_empty() && step.leftovers.is_empty()));
        replayed.steps.len()
    });
}

/// Opening a repository, reading its index, and comparing it with HEAD.
#[divan::bench(args = [1_000, 10_000, 100_000])]
fn staged(bencher: Bencher, count: usize) {
    let (dir, env) = (repository(count), BTreeMap::new());
    bencher.counter(ItemsCount::new(count)).bench_local(|| {
        let repository = Repository::open(dir.path(), &env).unwrap();
        let (index, head) = (repository.index().unwrap(), repository.head().unwrap());
        repository.staged(&index, head).unwrap().len()
    });
}

/// A repository with that many files, one of which is changed in the index.
fn repository(count: usize) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    git(&dir, &["init", "-q"], "");
    let blob = git(&dir, &["hash-object", "-w", "--stdin"], "x\n");
    let line = |at: usize| format!("100644 {}\tpart_{}/piece_{}/module_{at}.py\n", blob.trim(), at % 30, at % 7);
    git(&dir, &["update-index", "--index-info"], &(0..count).map(line).collect::<String>());
    git(&dir, &["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "x"], "");
    let other = git(&dir, &["hash-object", "-w", "--stdin"], "y\n");
    git(&dir, &["update-index", "--index-info"], &line(0).replace(blob.trim(), other.trim()));
    dir
}

fn git(dir: &TempDir, arguments: &[&str], input: &str) -> String {
    let mut git = Command::new("git");
    git.current_dir(dir).args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let mut child = git.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "git {arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}
