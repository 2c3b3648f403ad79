//! Every graph of the collection: what the real Alembic says of it, against what onehead says.

use std::collections::BTreeSet;
use std::sync::Arc;

use onehead::migration::{Depth, Graph, Script};
use serde_json::Value;

use crate::world::World;

/// Graphs with what the real Alembic answered. Ids `alembic-*`: recorded while its own tests ran (MIT licence, Michael
/// Bayer); the others are made up.
pub const CASES: &str = include_str!("graphs/cases.json");

#[test]
fn labels_and_errors_agree_with_alembic() {
    let cases: Vec<Value> = serde_json::from_str(CASES).expect("valid JSON");
    assert!(cases.len() > 200);
    for case in &cases {
        let graph =
            Graph::new(case["revisions"].as_array().expect("a list").iter().enumerate().map(|(at, revision)| {
                Arc::new(Script::read(format!("{at:04}.py").as_str().into(), file(revision).into_bytes(), Depth::Whole))
            }));
        let error = graph.load_error().map(|error| error.to_string());
        match case["errors"].as_array() {
            Some(errors) => {
                let error = error.unwrap_or_else(|| panic!("{}: no error", case["id"]));
                assert!(errors.iter().any(|e| *e == error), "{}: {error} instead of {errors:?}", case["id"]);
            }
            None => {
                assert_eq!(error, None, "{}", case["id"]);
                let id = |at: usize| Value::from(graph.nodes[at].id.clone());
                let list = |ats: Vec<usize>| Value::from(ats.into_iter().map(id).collect::<Vec<_>>());
                assert_eq!(list(graph.heads()), case["heads"], "{}: heads", case["id"]);
                assert_eq!(list(graph.bases()), case["bases"], "{}: bases", case["id"]);
                assert_eq!(list(graph.effective_heads()), case["effective_heads"], "{}: effective heads", case["id"]);
                let order = graph.upgrade_order().map(list).unwrap_or(Value::Null);
                let orders = case["upgrade_orders"].as_array().expect("a list");
                if case["order_stable"] != Value::Bool(false) {
                    assert!(orders.contains(&order), "{}: order {order} instead of {orders:?}", case["id"]);
                }
                let labels: serde_json::Map<String, Value> = graph
                    .live()
                    .map(|at| (graph.nodes[at].id.clone(), graph.labels(at)))
                    .filter(|(_, labels)| !labels.is_empty())
                    .map(|(id, labels)| (id, labels.into_iter().collect()))
                    .collect();
                assert_eq!(Value::from(labels), case["labels"], "{}: labels", case["id"]);
            }
        }
    }
}

/// The script of `[revision, down_revision, depends_on, branch_labels]`; lists are tuples.
pub fn file(revision: &Value) -> String {
    let python = |value: &Value| match value {
        Value::Null => "None".to_owned(),
        Value::String(text) => format!("{text:?}"),
        Value::Array(items) => format!("({})", items.iter().map(|item| format!("{item},")).collect::<String>()),
        other => panic!("{other}"),
    };
    format!(
        "\"\"\"{0}\"\"\"\nrevision = {1}\ndown_revision = {2}\ndepends_on = {3}\nbranch_labels = {4}\n",
        revision[0].as_str().expect("an id"),
        python(&revision[0]),
        python(&revision[1]),
        python(&revision[2]),
        python(&revision[3])
    )
}

#[test]
fn the_command_line_tells_the_same_of_real_files() {
    let cases: Vec<Value> = serde_json::from_str(CASES).expect("valid JSON");
    for case in &cases {
        let world = World::empty();
        world.write("alembic.ini", "[alembic]\nscript_location = .\n");
        world.write("env.py", "");
        for (at, revision) in case["revisions"].as_array().expect("a list").iter().enumerate() {
            world.write(format!("versions/{at:04}_x.py"), file(revision));
        }
        let outcome = world.onehead("heads --format json");
        assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{}: {outcome:?}", case["id"]);
        let json: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
        let [environment] = &json["environments"].as_array().expect("a list")[..] else {
            panic!("{}: {outcome:?}", case["id"]);
        };
        let ids: BTreeSet<_> =
            case["revisions"].as_array().expect("a list").iter().map(|row| row[0].as_str()).collect();
        assert_eq!(environment["revisions"], ids.len(), "{}", case["id"]);
        if case["errors"].is_array() {
            // a dependency may live in a package that is not here
            let dependency = case["id"] == "synthetic-missing-depends-on";
            let weighs = |found: &Value| found["severity"] == if dependency { "warning" } else { "error" };
            assert!(json["diagnostics"].as_array().expect("a list").iter().any(weighs), "{}: {outcome:?}", case["id"]);
            assert_eq!(environment["upgrade_order"], Value::Null, "{}", case["id"]);
            continue;
        }
        for key in ["heads", "bases", "effective_heads", "branch_points", "merge_points"] {
            assert_eq!(environment[key], case[key], "{}: {key}", case["id"]);
        }
        if case["order_stable"] != Value::Bool(false) {
            let orders = case["upgrade_orders"].as_array().expect("a list");
            assert!(orders.contains(&environment["upgrade_order"]), "{}: {}", case["id"], environment["upgrade_order"]);
        }
    }
}
