//! The remedy that onehead prints, really typed into the real Alembic with a database.

use std::fs;

use crate::folder::Folder;
use crate::python::alembic;

#[test]
fn what_is_refused_fails_and_the_remedy_mends_it() {
    let folder = project(&[("a1", "None"), ("b1", "'a1'"), ("c1", "'a1'")]);
    let (upgrades, said) = alembic(&folder.path(""), &["upgrade", "head"]);
    assert!(!upgrades && said.contains("Multiple head revisions are present"), "{said}");
    let (refused, diagnostics) = folder.check();
    assert!(refused);
    let help = diagnostics.iter().find(|one| one["rule"] == "multiple-heads").expect("it is reported");
    let help = help["help"].as_str().expect("a remedy");
    let command = help.lines().find_map(|line| line.trim().strip_prefix("alembic ")).expect("a command");
    let arguments: Vec<String> = command.split_whitespace().map(|word| word.trim_matches('"').to_owned()).collect();
    let (merges, said) = alembic(&folder.path(""), &arguments.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(merges, "alembic {command}: {said}");

    assert_eq!(folder.check().1, Vec::<serde_json::Value>::new());
    let (upgrades, said) = alembic(&folder.path(""), &["upgrade", "head"]);
    assert!(upgrades, "{said}");
}

#[test]
fn what_passes_upgrades() {
    let folder = project(&[("a1", "None"), ("b1", "'a1'"), ("c1", "'b1'")]);
    assert_eq!(folder.check().1, Vec::<serde_json::Value>::new());
    let (upgrades, said) = alembic(&folder.path(""), &["upgrade", "head"]);
    assert!(upgrades, "{said}");
}

#[test]
fn a_revision_that_alembic_makes_passes() {
    let folder = project(&[]);
    for message in ["first", "second one"] {
        let (makes, said) = alembic(&folder.path(""), &["revision", "-m", message]);
        assert!(makes, "{said}");
        assert_eq!(folder.check().1, Vec::<serde_json::Value>::new());
    }
    assert_eq!(folder.heads()["environments"][0]["revisions"], 2);
}

/// A project as `alembic init` makes it, on SQLite, with these revisions and what each follows.
fn project(revisions: &[(&str, &str)]) -> Folder {
    let folder = Folder::new();
    let (initialized, said) = alembic(&folder.path(""), &["init", "migrations"]);
    assert!(initialized, "{said}");
    let ini = fs::read_to_string(folder.path("alembic.ini")).expect("it was made");
    let ini: Vec<&str> = ini.lines().map(|l| if l.starts_with("sqlalchemy.url") { URL } else { l }).collect();
    folder.file("alembic.ini", ini.join("\n"));
    for (id, down) in revisions {
        let text = format!(
            "\"\"\"{id}\"\"\"\nfrom alembic import op\n\nrevision = '{id}'\ndown_revision = {down}\n\n\n\
             def upgrade():\n    op.execute('CREATE TABLE t_{id} (x INTEGER)')\n\n\ndef downgrade():\n    pass\n"
        );
        folder.file(&format!("migrations/versions/{id}_x.py"), text);
    }
    folder
}

const URL: &str = "sqlalchemy.url = sqlite:///test.db";
