//! Heads, bases, labels, order and load errors of whole histories: the collection, and made-up ones.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use onehead::migration::{Depth, Graph, LoadError, Script};
use serde_json::{Value, json};

use crate::folder::Folder;
use crate::python::ask;
use crate::random;

const COLLECTION: &str = include_str!("../it/graphs/cases.json");
const N_RANDOM: u64 = 600;
/// What differs between processes (the order of sets) is asked of several.
const SEEDS: [u32; 3] = [0, 1, 2];

#[test]
fn the_collection() {
    let cases: Vec<Value> = serde_json::from_str(COLLECTION).expect("JSON");
    let histories = cases.iter().map(|case| {
        let revisions = case["revisions"].as_array().expect("a list").iter().enumerate();
        let files = revisions.map(|(at, revision)| (format!("{at:04}.py"), text(revision))).collect();
        (case["id"].to_string(), files)
    });
    compare(histories.collect());
}

#[test]
fn made_up_histories() {
    let history = |seed| random::history(seed).iter().map(|one| (one.file.clone(), one.text())).collect();
    compare((0..N_RANDOM).map(|seed| (format!("history {seed}"), history(seed))).collect());
}

/// The file of `[revision, down_revision, depends_on, branch_labels]`.
fn text(revision: &Value) -> String {
    let python = |value: &Value| match value {
        Value::Null => "None".to_owned(),
        Value::Array(items) => format!("({})", items.iter().map(|item| format!("{item},")).collect::<String>()),
        text => text.to_string(),
    };
    let names = ["revision", "down_revision", "depends_on", "branch_labels"];
    let lines = names.iter().enumerate().map(|(at, name)| format!("{name} = {}\n", python(&revision[at])));
    lines.collect::<String>() + "def upgrade():\n    pass\n"
}

type Files = Vec<(String, String)>;

fn compare(histories: Vec<(String, Files)>) {
    let folders: Vec<Folder> = histories.iter().map(|(_, files)| folder(files)).collect();
    let questions: Vec<Value> = folders.iter().map(Folder::question).collect();
    let answers: Vec<Vec<Value>> = std::thread::scope(|scope| {
        let questions = &questions;
        let threads: Vec<_> = SEEDS.iter().map(|&seed| scope.spawn(move || ask(questions, seed))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut differences = Vec::new();
    for (at, (name, files)) in histories.iter().enumerate() {
        let said: Vec<&Value> = answers.iter().map(|answers| &answers[at]).collect();
        *kinds.entry(kind(&said[0]["error"]).to_owned()).or_default() += 1;
        let mut found = of_graph(files, &said);
        found.extend(of_commands(&folders[at], &said));
        if !found.is_empty() {
            let headers = |text: &str| text.lines().filter(|line| line.contains(" = ")).collect::<Vec<_>>().join("; ");
            let files: String = files.iter().map(|(name, text)| format!("  {name}: {}\n", headers(text))).collect();
            differences.push(format!("{name}: {}\nAlembic: {}\n{files}", found.join("\n"), said[0]));
        }
    }
    let (n_all, n_different) = (histories.len(), differences.len());
    differences.truncate(5);
    assert!(n_different == 0, "{n_different} of {n_all} differ:\n{}", differences.join("\n"));
    assert!(kinds.len() > 5, "every kind of error is met: {kinds:?}");
}

fn folder(files: &Files) -> Folder {
    let res = Folder::with_environment();
    for (name, text) in files {
        res.file(&format!("migrations/versions/{name}"), text);
    }
    res
}

/// What differs between Alembic's answers and the graph built from these files.
fn of_graph(files: &Files, said: &[&Value]) -> Vec<String> {
    let script = |(name, text): &(String, String)| {
        Arc::new(Script::read(name.as_str().into(), text.clone().into_bytes(), Depth::Whole))
    };
    let graph = Graph::new(files.iter().map(script));
    let error = graph.load_error().map_or(Value::Null, |error| json!({"message": error.to_string()}));
    // which of several labels or dependencies it names first depends on the order of a set
    let missing: BTreeSet<&String> = graph
        .nodes
        .iter()
        .flat_map(|node| node.depends_on.iter().filter(|name| graph.find_dependency(name).is_none()))
        .collect();
    let same = match graph.load_error() {
        Some(LoadError::LabelTaken { .. }) => said.iter().all(|one| kind(&one["error"]) == kind(&error)),
        // Alembic looks labels up among ids, and dies of this or that later on
        Some(LoadError::Missing(name)) if graph.nodes.iter().any(|node| node.own_labels.contains(&name)) => {
            said.iter().all(|one| !one["error"].is_null())
        }
        Some(LoadError::Missing(_)) if missing.len() > 1 => said.iter().all(|one| one["error"]["type"] == "KeyError"),
        _ => said.iter().all(|one| message(&one["error"]) == message(&error)),
    };
    if !same {
        return vec![format!("error: {error}")];
    }
    if !error.is_null() {
        return Vec::new();
    }
    let labels: serde_json::Map<String, Value> = graph
        .live()
        .map(|at| (graph.nodes[at].id.clone(), graph.labels(at)))
        .filter(|(_, labels)| !labels.is_empty())
        .map(|(id, labels)| (id, labels.into_iter().collect()))
        .collect();
    let labels = Value::from(labels);
    if labels == said[0]["labels"] { Vec::new() } else { vec![format!("labels: {labels}")] }
}

/// What differs between Alembic's answers and what the commands print.
fn of_commands(folder: &Folder, said: &[&Value]) -> Vec<String> {
    let mut res = Vec::new();
    let alembic = said[0];
    let heads = folder.heads();
    let (refused, diagnostics) = folder.check();
    let no_environment = json!({});
    let [environment] = heads["environments"].as_array().map(Vec::as_slice).unwrap_or_default() else {
        return vec![format!("environments: {}", heads.get("environments").unwrap_or(&no_environment))];
    };
    if !alembic["error"].is_null() {
        // a dependency may be meant for a package that is not here: said, but let through
        let is_told = alembic["error"]["type"] == "KeyError"
            && diagnostics.iter().any(|one| one["rule"] == "missing-down-revision" && one["severity"] == "warning");
        if !refused && !is_told {
            res.push("check passes what Alembic cannot load".into());
        }
        if !environment["upgrade_order"].is_null() {
            res.push("an upgrade order of what Alembic cannot load".into());
        }
        return res;
    }
    let sorted = |value: &Value| {
        let mut ids: Vec<String> = serde_json::from_value(value.clone()).expect("a list of ids");
        ids.sort();
        ids
    };
    for name in ["revisions", "heads", "effective_heads", "bases"] {
        if environment[name] != alembic[name] {
            res.push(format!("{name}: {}", environment[name]));
        }
    }
    for name in ["branch_points", "merge_points"] {
        if sorted(&environment[name]) != sorted(&alembic[name]) {
            res.push(format!("{name}: {}", environment[name]));
        }
    }
    let (ours, theirs) = (&environment["upgrade_order"], &alembic["upgrade_heads"]);
    let same_order = match (ours.as_array(), theirs.as_array()) {
        (None, None) => true,
        (Some(ours), Some(theirs)) if alembic["ordered"] == true => ours == theirs,
        (Some(_), Some(_)) => {
            // in a circle that Alembic does not notice there is no right order
            let possible = [ours, theirs].map(|order| is_topological(order, &alembic["parents"]));
            sorted(ours) == sorted(theirs) && (possible[0] || !possible[1])
        }
        _ => false,
    };
    if !same_order {
        res.push(format!("order: {ours}"));
    }
    // a circle that Alembic runs through, one way or another, and a head under a label of its own: meant to differ
    let rules: BTreeSet<&str> = diagnostics.iter().filter_map(|one| one["rule"].as_str()).collect();
    let labelled = alembic["labels"].as_object().is_some_and(|labels| !labels.is_empty());
    let upgrades = alembic["upgrade_head"].is_array();
    if upgrades && refused && !rules.contains("revision-cycle") && !rules.contains("duplicate-revision") {
        res.push(format!("check refuses what Alembic upgrades: {diagnostics:?}"));
    }
    if !upgrades && !refused && !labelled {
        res.push("check passes what Alembic cannot upgrade".into());
    }
    res
}

fn is_topological(order: &Value, parents: &Value) -> bool {
    let ids: Vec<&str> = order.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let place = |id: &str| ids.iter().position(|other| *other == id);
    let parents = |id: &str| parents[id].as_array().into_iter().flatten().filter_map(Value::as_str);
    ids.iter().enumerate().all(|(at, id)| parents(id).all(|parent| place(parent) < Some(at)))
}

fn message(error: &Value) -> &str {
    error["message"].as_str().unwrap_or("none")
}

/// A message up to its first name.
fn kind(error: &Value) -> &str {
    let message = message(error);
    message.split(['\'', '(']).next().unwrap_or(message)
}
