//! What a hook spends its time on, part by part: headers, graph, order of upgrades, index. Whole processes are timed by `hook.sh`.
#![allow(clippy::unwrap_used, reason = "a bench that cannot go on should say so")]

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;

use divan::Bencher;
use divan::counter::ItemsCount;
use onehead::git::Repository;
use onehead::migration::{Depth, Graph, Script};
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
         depends_on: Union[str, Sequence[str], None] = {depends}\n\n\ndef upgrade() -> None:\n{}",
        id(at),
        "    op.add_column(\"table\", sa.Column(\"column\", sa.Integer(), nullable=True))\n".repeat(20)
    )
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
