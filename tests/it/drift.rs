//! What drifts when models or migrations change, held against what the real Alembic finds on a real PostgreSQL.
//!
//! `drift/<case>/` holds trees that are laid over `environment/` and `drift/shop/`: `before/` is committed on `develop`, then
//! `after/` is staged. An empty file removes the one below it. The truth stands in `<case>.json`; `tests/oracle/drift.rs`
//! tells where it comes from.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::models::{entries, in_parallel};
use crate::world::World;

/// How many cases are not judged as Alembic does. It may only fall.
const N_WRONG: usize = 2;
/// Items that are known by their name, where both have one, and else by their columns.
const OBJECTS: [&str; 6] = ["add_index", "remove_index", "add_constraint", "remove_constraint", "add_fk", "remove_fk"];

#[test]
#[allow(clippy::print_stdout)]
fn changes_drift_as_alembic_finds() {
    let cases: Vec<PathBuf> =
        entries(&root()).into_iter().filter(|path| path.is_dir() && !path.ends_with("shop")).collect();
    assert!(cases.len() > 60, "{}", cases.len());
    let complaints = in_parallel(&cases, |case| judge(case).err());
    for complaint in &complaints {
        println!("== {complaint}");
    }
    println!("{} of {} changes are judged as Alembic does", cases.len() - complaints.len(), cases.len());
    assert!(complaints.len() <= N_WRONG, "{} are judged otherwise: more than before", complaints.len());
}

/// Checks a case; the error tells what differs.
fn judge(case: &Path) -> Result<(), String> {
    let name = case.file_name().unwrap().to_str().unwrap();
    let truth = fs::read_to_string(case.with_extension("json")).map_err(|error| format!("{name}: {error}"))?;
    let truth: Value = serde_json::from_str(&truth).unwrap();
    let said = staged(case).onehead("drift --format json --base HEAD --all");
    let answer: Value = serde_json::from_str(&said.stdout).map_err(|_| format!("{name}: {}", said.said()))?;
    let mut differences = Vec::new();
    for key in ["new", "existing"] {
        let mut found = items(&answer[key]);
        // Alembic does not compare them
        found.retain(|item| !item.kind.ends_with("_enum_value"));
        for item in items(&truth[key]) {
            match found.iter().position(|other| item.is_as(other)) {
                Some(at) => drop(found.remove(at)),
                None => differences.push(format!("\n  - {key}: {item:?}")),
            }
        }
        differences.extend(found.iter().map(|item| format!("\n  + {key}: {item:?}")));
    }
    let unknown = &answer["unknown"];
    match differences.is_empty() {
        true => Ok(()),
        false => Err(format!("{name}: {}\n  unknown: {unknown}", differences.concat())),
    }
}

#[derive(Debug)]
struct Item {
    kind: String,
    table: String,
    columns: Vec<String>,
    name: Option<String>,
}

impl Item {
    fn is_as(&self, other: &Item) -> bool {
        if (&self.kind, &self.table) != (&other.kind, &other.table) {
            return false;
        }
        if !OBJECTS.contains(&&*self.kind) {
            return self.columns == other.columns;
        }
        if self.name.is_some() && other.name.is_some() {
            return self.name == other.name;
        }
        let sorted = |item: &Item| {
            let mut res = item.columns.clone();
            res.sort();
            res
        };
        sorted(self) == sorted(other)
    }
}

fn items(list: &Value) -> Vec<Item> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let item = |item: &Value| {
        let table = text(&item["table"]).unwrap();
        let columns = match item["columns"].as_array() {
            Some(columns) => columns.iter().map(|column| text(column).unwrap_or("null".into())).collect(),
            None => text(&item["column"])
                .iter()
                .flat_map(|columns| columns.split(',').map(str::trim))
                .map(str::to_owned)
                .collect(),
        };
        Item {
            kind: text(&item["kind"]).unwrap(),
            table: text(&item["schema"]).map(|schema| format!("{schema}.{table}")).unwrap_or(table),
            columns,
            name: text(&item["name"]),
        }
    };
    list.as_array().into_iter().flatten().map(item).collect()
}

/// The repository of a case with the change staged.
/// Lays the shop into a world.
pub fn shop(world: &World) {
    let mut files = BTreeMap::new();
    for layer in [root().with_file_name("environment"), root().join("shop")] {
        lay(&layer, "", &mut files);
    }
    write(world, &files);
}

fn staged(case: &Path) -> World {
    let world = World::empty();
    let mut files = BTreeMap::new();
    for layer in [root().with_file_name("environment"), root().join("shop"), case.join("before")] {
        lay(&layer, "", &mut files);
    }
    write(&world, &files);
    world.commit("before");
    let before = files.clone();
    lay(&case.join("after"), "", &mut files);
    for path in before.keys().filter(|path| !files.contains_key(*path)) {
        world.remove(path);
    }
    write(&world, &files);
    world.git("add --all .");
    world
}

fn write(world: &World, files: &BTreeMap<String, Vec<u8>>) {
    files.iter().for_each(|(path, bytes)| world.write(path, bytes));
}

fn lay(layer: &Path, below: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    let entries = if layer.is_dir() { entries(layer) } else { Vec::new() };
    for path in entries {
        let at = format!("{below}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            lay(&path, &format!("{at}/"), files);
            continue;
        }
        match fs::read(&path).unwrap() {
            gone if gone.is_empty() => drop(files.remove(&at)),
            bytes => drop(files.insert(at, bytes)),
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/drift")
}
