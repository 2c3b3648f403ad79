//! Where revision files lie: what configuration says, which files of a folder count, and in which order they load.

use serde_json::{Value, json};

use crate::folder::Folder;
use crate::python::ask;

/// Files, links, and how Alembic is asked. Each script is a base whose id is its file's stem, so that the bases of an
/// environment tell which files were loaded, and in which order.
struct Case {
    name: &'static str,
    files: &'static [(&'static str, &'static str)],
    /// Where scripts lie.
    scripts: &'static [&'static str],
    links: &'static [(&'static str, &'static str)],
    /// What differs from the question that is asked at the root, as JSON.
    question: &'static str,
}

const PLAIN: Case = Case {
    name: "",
    files: &[("alembic.ini", "[alembic]\nscript_location = migrations\n")],
    scripts: &["migrations/versions/a", "migrations/versions/b"],
    links: &[],
    question: "{}",
};

const CASES: &[Case] = &[
    Case { name: "plain", ..PLAIN },
    Case {
        name: "here",
        files: &[("db/alembic.ini", "[alembic]\nscript_location = %(here)s/migrations\n")],
        scripts: &["db/migrations/versions/a"],
        question: r#"{"ini": "db/alembic.ini"}"#,
        ..PLAIN
    },
    Case {
        name: "interpolation",
        files: &[(
            "alembic.ini",
            "[DEFAULT]\nroot = data\n[alembic]\nname = mig\nscript_location = %(root)s/%(name)s\n",
        )],
        scripts: &["data/mig/versions/a"],
        ..PLAIN
    },
    Case {
        name: "a percent sign",
        files: &[("alembic.ini", "[alembic]\nscript_location = m%%s\nfile_template = %%(rev)s_%%(slug)s\n")],
        scripts: &["m%s/versions/a"],
        ..PLAIN
    },
    Case {
        name: "comments, colons, case and blanks",
        files: &[("alembic.ini", "# x\n; y\n[alembic]\n# script_location = zz\nSCRIPT_LOCATION:  migrations  \n")],
        ..PLAIN
    },
    Case {
        name: "started in the folder of the file",
        files: &[("db/alembic.ini", "[alembic]\nscript_location = migrations\n")],
        scripts: &["db/migrations/versions/a"],
        question: r#"{"cwd": "db"}"#,
        ..PLAIN
    },
    Case {
        name: "started at the root",
        files: &[("db/alembic.ini", "[alembic]\nscript_location = db/migrations\n")],
        scripts: &["db/migrations/versions/a"],
        question: r#"{"ini": "db/alembic.ini"}"#,
        ..PLAIN
    },
    Case {
        name: "a section of its own",
        files: &[("alembic.ini", "[alembic]\nscript_location = migrations\n[other]\nscript_location = second\n")],
        scripts: &["migrations/versions/a", "second/versions/b"],
        question: r#"{"section": "other"}"#,
        ..PLAIN
    },
    Case {
        name: "a package",
        files: &[
            ("alembic.ini", "[alembic]\nscript_location = app.db:migrations\nprepend_sys_path = .\n"),
            ("app/__init__.py", ""),
            ("app/db/__init__.py", ""),
        ],
        scripts: &["app/db/migrations/versions/a"],
        ..PLAIN
    },
    Case {
        name: "a package below src",
        files: &[
            ("alembic.ini", "[alembic]\nscript_location = app:migrations\nprepend_sys_path = src\n"),
            ("src/app/__init__.py", ""),
        ],
        scripts: &["src/app/migrations/versions/a"],
        ..PLAIN
    },
    Case {
        name: "version locations with spaces",
        files: &[(
            "alembic.ini",
            "[alembic]\nscript_location = m\npath_separator = space\nversion_locations = v1 m/versions v2\n",
        )],
        scripts: &["v1/x", "m/versions/y", "v2/a"],
        ..PLAIN
    },
    Case {
        name: "version locations with colons",
        files: &[("alembic.ini", "[alembic]\nscript_location = m\npath_separator = :\nversion_locations = v2: v1\n")],
        scripts: &["v1/x", "m/versions/y", "v2/a"],
        ..PLAIN
    },
    Case {
        name: "version locations with semicolons",
        files: &[("alembic.ini", "[alembic]\nscript_location = m\npath_separator = ;\nversion_locations = v2;v1;\n")],
        scripts: &["v1/x", "v2/a", "m/versions/y"],
        ..PLAIN
    },
    Case {
        name: "version locations on lines of their own",
        files: &[(
            "alembic.ini",
            "[alembic]\nscript_location = m\npath_separator = newline\nversion_locations =\n    v2\n    %(here)s/v1\n",
        )],
        scripts: &["v1/x", "v2/a", "m/versions/y"],
        ..PLAIN
    },
    Case {
        name: "the separator of the system, by its older name",
        files: &[(
            "alembic.ini",
            "[alembic]\nscript_location = m\nversion_path_separator = os\nversion_locations = v2:v1\n",
        )],
        scripts: &["v1/x", "v2/a", "m/versions/y"],
        ..PLAIN
    },
    Case {
        name: "version locations without a separator",
        files: &[("alembic.ini", "[alembic]\nscript_location = m\nversion_locations = v2, v1 v3\n")],
        scripts: &["v1/x", "v2/a", "v3/b", "m/versions/y"],
        ..PLAIN
    },
    Case {
        name: "a version location that is not there",
        files: &[("alembic.ini", "[alembic]\nscript_location = m\nversion_locations = nowhere v1\n")],
        scripts: &["v1/x", "m/versions/y"],
        ..PLAIN
    },
    Case {
        name: "a version location twice",
        files: &[("alembic.ini", "[alembic]\nscript_location = m\nversion_locations = v1 ./v1 v2\n")],
        scripts: &["v1/x", "v2/y", "m/versions/z"],
        ..PLAIN
    },
    Case {
        name: "a version location in a package",
        files: &[
            (
                "alembic.ini",
                "[alembic]\nscript_location = m\npath_separator = space\nversion_locations = app:versions\nprepend_sys_path = .\n",
            ),
            ("app/__init__.py", ""),
        ],
        scripts: &["app/versions/x", "m/versions/z"],
        ..PLAIN
    },
    Case {
        name: "recursive",
        files: &[("alembic.ini", "[alembic]\nscript_location = m\nrecursive_version_locations = true\n")],
        scripts: &["m/versions/2024/b", "m/versions/2024/01/a", "m/versions/z", "m/versions/2023/c"],
        ..PLAIN
    },
    Case {
        name: "not quite recursive",
        files: &[(
            "alembic.ini",
            "[alembic]\nscript_location = m\nversion_locations = m/versions\nrecursive_version_locations = True\n",
        )],
        scripts: &["m/versions/2024/b", "m/versions/z"],
        ..PLAIN
    },
    Case {
        name: "pyproject",
        files: &[("pyproject.toml", "[tool.alembic]\nscript_location = \"%(here)s/m\"\n")],
        scripts: &["m/versions/a"],
        ..PLAIN
    },
    Case {
        name: "pyproject with version locations",
        files: &[(
            "pyproject.toml",
            "[tool.alembic]\nscript_location = \"m\"\nversion_locations = [\"v2\", \"%(here)s/v1\"]\nrecursive_version_locations = true\n",
        )],
        scripts: &["v1/x", "v1/sub/w", "v2/a", "m/versions/y"],
        ..PLAIN
    },
    Case {
        name: "pyproject completed by the ini file",
        files: &[
            ("pyproject.toml", "[tool.alembic]\nscript_location = \"m\"\nversion_locations = [\"v2\"]\n"),
            ("alembic.ini", "[alembic]\nversion_locations = v1\n"),
        ],
        scripts: &["v1/x", "v2/a", "m/versions/y"],
        ..PLAIN
    },
    Case {
        name: "Flask-Migrate",
        files: &[(
            "migrations/alembic.ini",
            "[alembic]\n# file_template = %%(rev)s_%%(slug)s\n[loggers]\nkeys = root\n",
        )],
        question: r#"{"ini": "migrations/alembic.ini", "options": {"script_location": "migrations"}}"#,
        ..PLAIN
    },
    Case {
        name: "names in the order of their code points",
        scripts: &[
            "migrations/versions/é",
            "migrations/versions/a",
            "migrations/versions/B",
            "migrations/versions/_c",
            "migrations/versions/10",
            "migrations/versions/9",
            "migrations/versions/a-b",
            "migrations/versions/a_b",
            "migrations/versions/𝒳",
            "migrations/versions/ﬁ",
            "migrations/versions/.hidden",
            "migrations/versions/conftest",
        ],
        files: &[
            ("alembic.ini", "[alembic]\nscript_location = migrations\n"),
            ("migrations/versions/__init__.py", ""),
            ("migrations/versions/__init__x.py", "x = ("),
            ("migrations/versions/.#a.py", "x = ("),
            ("migrations/versions/a.py~", "x = ("),
            ("migrations/versions/a.PY", "x = ("),
            ("migrations/versions/README", "x = ("),
        ],
        ..PLAIN
    },
    Case {
        name: "a versions folder that is a link",
        scripts: &["shared/a", "shared/b"],
        links: &[("migrations/versions", "../shared")],
        ..PLAIN
    },
    Case {
        name: "a script that is a link",
        scripts: &["migrations/versions/b", "shared/a"],
        links: &[("migrations/versions/z.py", "../../shared/a.py")],
        ..PLAIN
    },
    Case {
        name: "a script twice, by a link",
        scripts: &["migrations/versions/b", "migrations/versions/z"],
        links: &[("migrations/versions/a.py", "z.py")],
        ..PLAIN
    },
    Case {
        name: "a script folder that is a link",
        scripts: &["real/versions/b", "real/versions/z"],
        links: &[("migrations", "real")],
        ..PLAIN
    },
];

#[test]
fn configuration_leads_to_the_same_files() {
    let folders: Vec<Folder> = CASES.iter().map(folder).collect();
    let questions: Vec<Value> = CASES.iter().zip(&folders).map(|(case, folder)| question(case, folder)).collect();
    let mut differences = Vec::new();
    for ((case, folder), alembic) in CASES.iter().zip(&folders).zip(ask(&questions, 0)) {
        let heads = folder.heads();
        let found = difference(folder, &alembic, &heads);
        if let Some(found) = found {
            differences.push(format!("{}: {found}\nonehead: {heads}\nAlembic: {alembic}\n", case.name));
        }
    }
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
}

fn folder(case: &Case) -> Folder {
    let res = Folder::new();
    for (path, text) in case.files {
        res.file(path, text);
    }
    for path in case.scripts {
        let id = path.rsplit('/').next().expect("a name").replace(['-', '.'], "");
        let text = format!("revision = {id:?}\ndown_revision = None\ndef upgrade():\n    pass\n");
        res.file(&format!("{path}.py"), text);
    }
    for (path, target) in case.links {
        res.link(path, target);
    }
    for place in
        ["migrations", "m", "db/migrations", "data/mig", "m%s", "second", "app/db/migrations", "src/app/migrations"]
    {
        if res.path(place).is_dir() {
            res.file(&format!("{place}/env.py"), "");
        }
    }
    for (path, _) in case.files {
        for place in ["m", "migrations"] {
            // a script folder without a versions folder
            if path.ends_with(".ini") && !res.path(place).exists() && case.scripts.iter().any(|s| s.starts_with("v1/"))
            {
                res.file(&format!("{place}/env.py"), "");
            }
        }
    }
    res
}

fn question(case: &Case, folder: &Folder) -> Value {
    let mut res = folder.question();
    let changes: serde_json::Map<String, Value> = serde_json::from_str(case.question).expect("JSON");
    for (key, value) in changes {
        res[&key] = match key.as_str() {
            "cwd" => json!(folder.path(value.as_str().expect("a path"))),
            _ => value,
        };
    }
    res
}

fn difference(folder: &Folder, alembic: &Value, heads: &Value) -> Option<String> {
    if !alembic["error"].is_null() || alembic["revisions"] == 0 {
        return Some("Alembic was to load some".into());
    }
    let script_location = folder.relative(&alembic["script_location"]);
    let mut environments = heads["environments"].as_array()?.iter();
    let Some(environment) = environments.find(|one| one["script_location"] == script_location) else {
        return Some("no environment has this script location".into());
    };
    let mut locations: Vec<String> = Vec::new();
    for path in alembic["version_locations"].as_array()? {
        let path = folder.relative(path);
        if !locations.contains(&path) {
            locations.push(path);
        }
    }
    if environment["version_locations"] != json!(locations) {
        return Some("other version locations".into());
    }
    ["bases", "heads", "upgrade_order"].iter().find_map(|&name| {
        let theirs = if name == "upgrade_order" { &alembic["upgrade_heads"] } else { &alembic[name] };
        (environment[name] != *theirs).then(|| format!("other {name}"))
    })
}
