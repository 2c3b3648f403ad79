//! What is read from models, held against what the real SQLAlchemy and PostgreSQL make of them: the cases of `models/`, of
//! which `tests/oracle/models.rs` tells how they are laid and where their truth comes from.
//!
//! A case that says `# may be unknown` may be read in part, but what is read for certain must be true. Of those in
//! `hostile/` nothing is asked but an answer.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::world::World;

/// How many cases are not read as they are. It may only fall.
const N_WRONG: usize = 25;
const SQLALCHEMY: [(&str, &str); 2] = [("2.0", "2.0.58"), ("2.1", "2.1.9")];
const SQLMODEL: &str = "0.0.50";

#[test]
#[allow(clippy::print_stdout)]
fn models_are_read_as_sqlalchemy_reads_them() {
    let cases: Vec<PathBuf> = cases().into_iter().filter(|case| !is_hostile(case)).collect();
    assert!(cases.len() > 180, "{}", cases.len());
    let complaints = in_parallel(&cases, |case| judge(case).err());
    for complaint in &complaints {
        println!("== {complaint}");
    }
    println!("{} of {} cases are read as they are", cases.len() - complaints.len(), cases.len());
    assert!(complaints.len() <= N_WRONG, "{} are read wrong: more than before", complaints.len());
}

#[test]
fn hostile_models_are_answered_in_time() {
    let cases: Vec<PathBuf> = cases().into_iter().filter(|case| is_hostile(case)).collect();
    assert!(!cases.is_empty());
    let complaints = in_parallel(&cases, |case| {
        let begin = Instant::now();
        let said = world(case, None).onehead("schema --from models --format json");
        let (name, took) = (name(case), begin.elapsed());
        if took > Duration::from_secs(10) {
            return Some(format!("{name}: {took:?}"));
        }
        (said.status != 0).then(|| format!("{name}: {said:?}"))
    });
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// Checks a case; the error tells what is read wrong.
fn judge(case: &Path) -> Result<(), String> {
    let text = fs::read_to_string(case.with_extension("json")).map_err(|error| format!("{}: {error}", name(case)))?;
    let truth: Value = serde_json::from_str(&text).unwrap();
    let told = [("both", None)].into_iter().chain(SQLALCHEMY.map(|(series, version)| (series, Some(version))));
    for (series, version) in told {
        let Some(truth) = truth.get(series) else { continue };
        let said = world(case, version).onehead("schema --from models --format json");
        let wrong = |what: &str| Err(format!("{} ({series}): {what}", name(case)));
        let Ok(answer) = serde_json::from_str::<Value>(&said.stdout) else { return wrong(&said.said()) };
        let (expected, read) = (facts(truth), facts(&answer["environments"][0]));
        let may_be_unknown = sources(case).iter().any(|source| source.contains("\n# may be unknown\n"));
        let missing = expected.keys().filter(|&fact| !read.contains_key(fact) && !may_be_unknown);
        let missing = missing.map(|fact| format!("\n  - {fact}"));
        let wrong_ones = read.iter().filter(|&(fact, known)| *known && !expected.contains_key(fact));
        let differences: String = missing.chain(wrong_ones.map(|(fact, _)| format!("\n  + {fact}"))).collect();
        if !differences.is_empty() {
            return wrong(&differences);
        }
    }
    Ok(())
}

/// What a schema says, a line for each thing, and whether it is known; of what is read only what is certain. A name that
/// the database chose may be there or not.
fn facts(schema: &Value) -> BTreeMap<String, bool> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let is_maybe = |value: &Value| value["maybe"] == true || value["opaque"] == true;
    let full = |of: &Value, name: &Value| match of["schema"].as_str() {
        Some(schema) => format!("{schema}.{}", text(name)),
        None => text(name),
    };
    let mut res = BTreeMap::new();
    for table in list(&schema["tables"]).iter().filter(|table| !is_maybe(table)) {
        let name = full(table, &table["name"]);
        res.insert(format!("{name}{}", comment(table)), true);
        let columns = list(&table["columns"]);
        for column in columns.iter().filter(|column| !is_maybe(column)) {
            let null = if column["nullable"] == true { "" } else { " not null" };
            let default = if column["default"] == true { " default" } else { "" };
            let (column_name, ty) = (text(&column["name"]), text(&column["type"]));
            let fact = format!("{name}.{column_name} {ty}{null}{default}{}", comment(column));
            res.insert(fact, !column["type"].is_null());
        }
        let names: Vec<String> = columns.iter().map(|column| text(&column["name"])).collect();
        res.insert(format!("{name} ({})", names.join(", ")), true);
        for index in list(&table["indexes"]) {
            let unique = if index["unique"] == true { " unique" } else { "" };
            res.insert(format!("{name}{unique} index {} {}", text(&index["name"]), index["columns"]), true);
        }
        for constraint in &list(&table["constraints"]) {
            let (kind, references) = (text(&constraint["kind"]), &constraint["references"]);
            if kind == "check" || kind == "exclude" {
                continue;
            }
            let rule = |rule: &str| match references[rule].as_str() {
                Some("NO ACTION") | None => String::new(),
                Some(action) => format!(" {rule} {}", action.to_uppercase()),
            };
            let target = match references.is_null() {
                true => String::new(),
                false => format!(" -> {} {}", full(references, &references["table"]), references["columns"]),
            };
            let is_unnamed = constraint["unnamed"] == true || constraint["name"].is_null();
            let by_database = is_unnamed || is_of_the_database(&text(&table["name"]), constraint);
            let own = if by_database { "unnamed".into() } else { text(&constraint["name"]) };
            let rules = rule("on_delete") + &rule("on_update");
            let fact = format!("{name} {kind} {own} {}{target}{rules}", constraint["columns"]);
            res.insert(fact, !constraint["name"].is_null());
        }
    }
    for ty in list(&schema["enums"]) {
        res.insert(format!("enum {} {}", full(&ty, &ty["name"]), ty["values"]), !ty["values"].is_null());
    }
    res
}

/// Whether it has the name that PostgreSQL gives.
fn is_of_the_database(table: &str, constraint: &Value) -> bool {
    let name = text(&constraint["name"]);
    let columns: Vec<String> = constraint["columns"].as_array().into_iter().flatten().map(text).collect();
    let suffix = match text(&constraint["kind"]).as_str() {
        "primary" => return name == format!("{table}_pkey"),
        "unique" => "key",
        _ => "fkey",
    };
    let whole = format!("{table}_{}_{suffix}", columns.join("_"));
    name == whole || name == whole.clone() + "1" || (whole.len() > 63 && name.len() <= 63 && name.ends_with(suffix))
}

fn comment(value: &Value) -> String {
    value["comment"].as_str().map(|comment| format!(" -- {comment}")).unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The repository of a case, with this version of SQLAlchemy.
fn world(case: &Path, sqlalchemy: Option<&str>) -> World {
    let world = World::empty();
    let environment = root().with_file_name("environment");
    world.write("alembic.ini", fs::read(environment.join("alembic.ini")).unwrap());
    let sources = sources(case);
    let said = sources.iter().flat_map(|source| source.lines()).find_map(|line| line.strip_prefix("# metadata: "));
    let metadata = said.unwrap_or("Base.metadata");
    world.write("migrations/env.py", format!("import models\n\ntarget_metadata = models.{metadata}\n"));
    world.script("a1c0", "None", "first");
    if case.is_dir() {
        lay(&world, case, "");
    } else {
        world.write("models.py", fs::read(case).unwrap());
    }
    let pins = sqlalchemy.map(|version| format!("SQLAlchemy=={version}\n")).unwrap_or_default();
    if sources.iter().any(|source| source.contains("sqlmodel")) {
        world.write("requirements.txt", format!("{pins}sqlmodel=={SQLMODEL}\npsycopg2==2.9.13\n"));
    } else {
        world.write("requirements.txt", format!("{pins}psycopg2==2.9.13\n"));
    }
    world
}

fn lay(world: &World, folder: &Path, below: &str) {
    for path in entries(folder) {
        let at = format!("{below}{}", name_of(&path));
        if path.is_dir() {
            lay(world, &path, &format!("{at}/"));
        } else {
            world.write(&at, fs::read(&path).unwrap());
        }
    }
}

/// The texts that make a case.
fn sources(case: &Path) -> Vec<String> {
    if case.is_dir() {
        return entries(case).iter().flat_map(|path| sources(path)).collect();
    }
    fs::read_to_string(case).into_iter().collect()
}

fn cases() -> Vec<PathBuf> {
    let is_case = |path: &PathBuf| path.is_dir() || path.extension().is_some_and(|extension| extension == "py");
    entries(&root()).iter().flat_map(|topic| entries(topic)).filter(is_case).collect()
}

fn is_hostile(case: &Path) -> bool {
    case.parent().is_some_and(|topic| topic.ends_with("hostile"))
}

/// What the function says of the cases, in their order.
pub fn in_parallel(cases: &[PathBuf], judge: impl Fn(&Path) -> Option<String> + Sync) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let n_threads = thread::available_parallelism().map_or(2, |n| n.get());
    let work = || {
        let mut res = Vec::new();
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            res.extend(judge(case));
        }
        res
    };
    let mut res: Vec<String> = thread::scope(|scope| {
        let workers: Vec<_> = (0..n_threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    res.sort();
    res
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/models")
}

/// What a folder holds, sorted.
pub fn entries(path: &Path) -> Vec<PathBuf> {
    let mut res: Vec<_> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
    res.sort();
    res
}

fn name(case: &Path) -> String {
    case.strip_prefix(root()).unwrap().display().to_string()
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}
