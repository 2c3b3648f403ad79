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

const MODELS: &str = "shop/models.py";

/// The shop with what its models are to become.
fn changed(change: impl Fn(&str) -> String) -> World {
    let world = staged(Path::new(""));
    let models = world.read(MODELS);
    world.write(MODELS, change(&models));
    world.git("add --all .");
    world
}

fn assert_nothing_new(world: &World) {
    let said = world.onehead("drift --format json --base HEAD");
    let answer: Value = serde_json::from_str(&said.stdout).unwrap_or_else(|_| panic!("{}", said.said()));
    assert_eq!(answer["new"], serde_json::json!([]));
    let said = world.onehead("check --staged").said();
    assert!(!said.contains("error"), "{said}");
}

#[test]
fn a_file_that_python_cannot_compile_neither_drops_nor_adds_its_tables() {
    let broken =
        |models: &str| models.replacen("sa.String(255), unique=True", "sa.String(254), unique=True, unique=True", 1);
    let world = changed(broken);
    assert_nothing_new(&world);
    world.commit("broken");
    world.write(MODELS, world.read(MODELS).replacen(", unique=True, unique=True", ", unique=True", 1));
    world.git("add --all .");
    assert_nothing_new(&world);
}

#[test]
fn what_is_certain_in_another_file_is_still_told() {
    let world = changed(|models| models.replacen("sa.Text())", "sa.Text(), sa.Text(", 1));
    world.write("shop/wishes.py", "import sqlalchemy as sa\nfrom .models import Base\n");
    world.commit("broken");
    world.write(MODELS, "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\nclass Base(DeclarativeBase):\n    pass\n\n\
         class Wish(Base):\n    __tablename__ = 'wishes'\n    id: Mapped[int] = mapped_column(primary_key=True)\n");
    world.commit("one table");
    world.write(
        "shop/wishes.py",
        "import sqlalchemy as sa\nfrom .models import Base\n\nhints = sa.Table('hints', Base.metadata, \
         sa.Column('id', sa.Integer, primary_key=True))\n",
    );
    world.write("shop/__init__.py", "from . import wishes\n");
    world.git("add --all .");
    let said = world.onehead("drift --format json --base HEAD").stdout;
    assert!(said.contains("hints"), "{said}");
}

#[test]
fn a_table_that_nobody_has_made_yet_is_not_missing_anew_with_every_column() {
    let wish =
        "\n\nclass Wish(Base):\n    __tablename__ = 'wishes'\n    id: Mapped[int] = mapped_column(primary_key=True)\n";
    let world = changed(|models| format!("{models}{wish}"));
    world.commit("wishes");
    world.write(MODELS, format!("{}    text: Mapped[str]\n", world.read(MODELS)));
    world.git("add --all .");
    assert_nothing_new(&world);
}

#[test]
fn a_migration_counts_in_whichever_chain_of_revisions_it_stands() {
    let world = World::empty();
    let base = "from sqlalchemy import Column, Integer, String\nfrom sqlalchemy.orm import declarative_base\nBase = declarative_base()\n\
                class Wish(Base):\n    __tablename__ = 'wishes'\n    id = Column(Integer, primary_key=True)\n";
    world.write("shop/__init__.py", "");
    world.write(MODELS, base);
    let env =
        "from alembic import context\nfrom shop.models import Base\ncontext.configure(target_metadata=Base.metadata)\n";
    let script = |chain: &str, id: &str, down: &str, upgrade: &str| {
        let text = format!(
            "import sqlalchemy as sa\nfrom alembic import op\n\nrevision = '{id}'\ndown_revision = {down}\n\n\ndef upgrade():\n    {upgrade}\n"
        );
        world.write(format!("{chain}/versions/{id}.py"), text);
    };
    for chain in ["old", "later"] {
        world.write(format!("{chain}/alembic.ini"), format!("[alembic]\nscript_location = {chain}\n"));
        world.write(format!("{chain}/env.py"), env);
    }
    script("old", "a1c0", "None", "op.create_table('wishes', sa.Column('id', sa.Integer(), primary_key=True))");
    script("later", "c1d0", "None", "op.execute('UPDATE wishes SET id = id')");
    world.commit("wishes");
    world.write(MODELS, format!("{base}    text = Column(String(50))\n"));
    world.git("add --all .");
    let said = world.onehead("drift --format json --base HEAD").stdout;
    assert!(said.contains("wishes"), "{said}");
    script("later", "c1d1", "'c1d0'", "op.add_column('wishes', sa.Column('text', sa.String(50)))");
    world.git("add --all .");
    assert_nothing_new(&world);
    // but not for what it does not do
    world.write(MODELS, format!("{base}    text = Column(String(50))\n    more = Column(String(50))\n"));
    world.git("add --all .");
    let said = world.onehead("drift --format json --base HEAD").stdout;
    assert!(said.contains("more"), "{said}");
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
