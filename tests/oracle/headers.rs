//! How a header may be spelled: what Alembic loads of one file, and what it refuses.

use onehead::migration::{Depth, Problem, Script};
use serde_json::{Value, json};

use crate::folder::Folder;
use crate::python::ask;

/// A file beside the base `a1`.
struct Case {
    file: &'static str,
    text: &'static [u8],
    /// The names whose values only running it could tell.
    unknown: &'static [&'static str],
    /// Alembic refuses it, and onehead lets it pass: CPython's compiler and codecs know more than a parser does.
    lenient: bool,
}

const fn case(text: &'static str) -> Case {
    Case { file: "b2_x.py", text: text.as_bytes(), unknown: &[], lenient: false }
}

const fn named(file: &'static str, text: &'static str) -> Case {
    Case { file, text: text.as_bytes(), unknown: &[], lenient: false }
}

const fn bytes(text: &'static [u8]) -> Case {
    Case { file: "b2_x.py", text, unknown: &[], lenient: false }
}

const fn unknown(text: &'static str, unknown: &'static [&'static str]) -> Case {
    Case { file: "b2_x.py", text: text.as_bytes(), unknown, lenient: false }
}

const fn lenient(text: &'static str) -> Case {
    Case { file: "b2_x.py", text: text.as_bytes(), unknown: &[], lenient: true }
}

const CASES: &[Case] = &[
    // spellings of values
    case("revision = 'b2'\ndown_revision = 'a1'\n"),
    case("revision: str = 'b2'\ndown_revision: str | None = 'a1'\nbranch_labels: tuple[str, ...] | None = None\n"),
    case("from typing import Final\nrevision: Final = 'b2'\ndown_revision: Final[str] = 'a1'\n"),
    case("revision = u'b2'\ndown_revision = u'a1'\n"),
    case("revision = r'b2'\ndown_revision = R'a1'\n"),
    case("revision = 'b' '2'\ndown_revision = ('a'\n    '1')\n"),
    case("revision = 'b' + '2'\ndown_revision = 'a' + \\\n    '1'\n"),
    case("revision = '''b2'''\ndown_revision = \"\"\"a1\"\"\"\n"),
    case("revision = '\\x622'\ndown_revision = '\\u00611'\n"),
    case("revision = f'b2'\ndown_revision = f'a{1}'\n"),
    case("n = 'a'\nrevision = 'b2'\ndown_revision = f'{n}1'\n"),
    case("revision = ('b2')\ndown_revision = (('a1'))\n"),
    case("revision = 'b2'; down_revision = 'a1'\n"),
    case("revision, down_revision = 'b2', 'a1'\n"),
    case("(revision, down_revision), depends_on = ('b2', 'a1'), None\n"),
    case("[revision, down_revision] = ['b2', 'a1']\n"),
    case("revision = 'b2'\ndown_revision = ('a1',)\n"),
    case("revision = 'b2'\ndown_revision = ['a1']\n"),
    case("revision = 'b2'\ndown_revision = {'a1'}\n"),
    case("revision = 'b2'\ndown_revision = ('a1', 'a1')\n"),
    case("revision = 'b2'\ndown_revision = ('a1',) + ()\n"),
    case("revision = 'b2'\ndown_revision = None\n"),
    case("revision = 'b2'\ndown_revision = ()\n"),
    case("revision = 'b2'\ndown_revision = []\n"),
    case("revision = 'b2'\ndown_revision = ''\n"),
    case("revision = ''\ndown_revision = 'a1'\n"),
    case("revision = 'b2'\ndown_revision = 'a1'\ndepends_on = 'a1'\nbranch_labels = 'x'\n"),
    case("revision = 'b2'\ndown_revision = 'a1'\ndepends_on = ['a1']\nbranch_labels = ['x', 'y']\n"),
    case("revision = 'b2'\ndown_revision = 'a1'\ndepends_on = ''\nbranch_labels = ''\n"),
    case("revision = 'b2'\ndown_revision = 'a1'\ndepends_on = ()\nbranch_labels = {'x'}\n"),
    case("revision = 'b2 état'\ndown_revision = 'a1'\n"),
    case("\u{feff}revision = 'b2'\ndown_revision = 'a1'\n"),
    case("revision = 'b2'\r\ndown_revision = 'a1'\r\n"),
    case("revision = 'b2'\rdown_revision = 'a1'\r"),
    case("revision = 'b2'\n\x0cdown_revision = 'a1'\n"),
    case("revision = 'b2'\ndown_revision = 'a1'"),
    // numbers, bytes and other things that are no id
    case("revision = 2\ndown_revision = 'a1'\n"),
    case("revision = None\ndown_revision = 'a1'\n"),
    unknown("revision = b'b2'\ndown_revision = 'a1'\n", &["revision"]),
    // where it stands
    case("revision = 'zz'\nrevision = 'b2'\ndown_revision = 'zz'\ndown_revision = 'a1'\n"),
    case("def upgrade():\n    pass\n\nrevision = 'b2'\ndown_revision = 'a1'\n"),
    case("revision = 'b2'\ndown_revision = None\ndef upgrade():\n    pass\ndown_revision = 'a1'\n"),
    case("revision = 'b2'\ndown_revision = 'a1'\ndef upgrade():\n    down_revision = 'zz'\n"),
    case("revision = 'b2'\ndown_revision = 'a1'\nclass A:\n    down_revision = 'zz'\n"),
    unknown(
        "revision = 'b2'\ndown_revision = 'a1'\ndef upgrade():\n    global down_revision\n    down_revision = 'zz'\n",
        &["down_revision"],
    ),
    case("\"\"\"doc\n\nrevision = 'zz'\n\"\"\"\nrevision = 'b2'\ndown_revision = 'a1'\n"),
    case("# revision = 'zz'\nrevision = 'b2'  # 'zz'\ndown_revision = 'a1'#'zz'\n"),
    unknown("revision = 'b2'\nif True:\n    down_revision = 'a1'\n", &["down_revision"]),
    unknown(
        "try:\n    revision = 'b2'\n    down_revision = 'a1'\nexcept Exception:\n    pass\n",
        &["revision", "down_revision"],
    ),
    case("revision = down_revision = 'b2'\ndown_revision = 'a1'\n"),
    case("PARENT = 'a1'\nrevision = 'b2'\ndown_revision = PARENT\n"),
    case("PARENT = 'zz'\nrevision = 'b2'\ndown_revision = PARENT\nPARENT = 'a1'\n"),
    case("revision = 'b2'\ndown_revision = 'a1'\nrevision: str\n"),
    case("revision = 'b2'\ndown_revision = 'a1'\nx = down_revision\ny = [down_revision]\nz = repr(revision)\n"),
    case("revision = 'b2'\ndown_revision = 'a1'\ndel revision\n"),
    case("revision = 'b2'\ndown_revision = 'a1'\ndel down_revision\n"),
    case("from alembic import op\nrevision = 'b2'\ndown_revision = 'a1'\n__all__ = ['revision']\n"),
    // what only running it tells
    unknown("revision = 'b2'\ndown_revision = ('a1',)\ndown_revision += ()\n", &["down_revision"]),
    unknown("revision = 'b2'\ndown_revision = ['zz']\ndown_revision[0] = 'a1'\n", &["down_revision"]),
    unknown("revision = 'b2'\ndown_revision = []\ndown_revision.append('a1')\n", &["down_revision"]),
    unknown("revision = 'b2'\ndown_revision = 'A1'.lower()\n", &["down_revision"]),
    unknown("revision = 'b2'\ndown_revision = '%s1' % 'a'\n", &["down_revision"]),
    unknown("revision = 'b2'\ndown_revision = (*['a1'],)\n", &["down_revision"]),
    unknown("revision = 'b2'\ndown_revision = tuple(['a1'])\n", &["down_revision"]),
    unknown("revision = 'b2'\ndown_revision = 'a1' if revision else None\n", &["down_revision"]),
    unknown("revision = 'b2'\nif (down_revision := 'a1'):\n    pass\n", &["down_revision"]),
    unknown("revision = 'b2'\nfor down_revision in ['a1']:\n    pass\n", &["down_revision"]),
    case("from math import *\nrevision = 'b2'\ndown_revision = 'a1'\n"),
    unknown("revision = 'b2'\nglobals()['down_revision'] = 'a1'\n", &["down_revision"]),
    unknown("import os.path\nrevision = os.path.basename('/b2')\ndown_revision = 'a1'\n", &["revision"]),
    unknown("revision = __file__.split('/')[-1][:2]\ndown_revision = 'a1'\n", &["revision"]),
    unknown("revision = __name__[:2]\ndown_revision = 'a1'\n", &["revision"]),
    // what cannot be loaded
    case("revision = 'b2'\n"),
    case("revision = 'b2'\ndown_revision: str\n"),
    case("down_revision = 'a1'\n"),
    case(""),
    case("x = 1\n"),
    case("revision = 'b2'\ndown_revision = 'a1'\ndef upgrade(:\n"),
    case("revision = 'b2'\ndown_revision = 'a1'\ndef upgrade():\nx = 1\n"),
    case("revision = 'b2'\ndown_revision = 'a1'\n  x = 1\n"),
    case("revision = 'b2'\ndown_revision = 'a1'\nif x:\n\ty = 1\n        z = 1\n"),
    case("revision = 'b2'\ndown_revision = 'a1'\nx = '\n"),
    lenient("revision = 'b2'\ndown_revision = 'a1'\nreturn\n"),
    lenient("revision = 'b2'\ndown_revision = 'a1'\nbreak\n"),
    case("revision = 'b2'\ndown_revision = 'a1'\nx = 01\n"),
    case("revision = 'b2'\ndown_revision = 'a1'\nprint 'x'\n"),
    case("revision = 'b2'\ndown_revision = 'a1'\nx = 0777\n"),
    case("revision = 'b2'\ndown_revision = 'a1'\nx = ur'a'\n"),
    case("<<<<<<< HEAD\nrevision = 'b2'\n=======\nrevision = 'c3'\n>>>>>>> x\ndown_revision = 'a1'\n"),
    case("revision = 'b2'\ndown_revision = 'a1'\nx = '\0'\n"),
    lenient("revision = 'b2'\ndown_revision = 'a1'\nfrom __future__ import annotations\n"),
    lenient("revision = 'b2'\ndown_revision = 'a1'\nfrom __future__ import nonsense\n"),
    lenient("revision = 'b2'\ndown_revision = 'a1'\ndef f(a, a):\n    pass\n"),
    lenient("revision = 'b2'\ndown_revision = 'a1'\ndef f():\n    x = 1\n    global x\n"),
    lenient("revision = 'b2'\ndown_revision = 'a1'\nawait x\n"),
    case("revision = 'b2'\ndown_revision = 'a1'\nf(a=1, a=2)\n"),
    case("revision = 'b2'\ndown_revision = 'a1'\nNone = 1\n"),
    // encodings
    bytes(b"# -*- coding: latin-1 -*-\n\"\"\"\xe9\"\"\"\nrevision = 'b2'\ndown_revision = 'a1'\n"),
    bytes(b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n# \x80\nrevision = 'b2'\ndown_revision = 'a1'\n"),
    bytes(b"# -*- coding: koi8-r -*-\n# \xe9\nrevision = 'b2'\ndown_revision = 'a1'\n"),
    bytes(b"\"\"\"\xe9\"\"\"\nrevision = 'b2'\ndown_revision = 'a1'\n"),
    bytes(b"\n\n# -*- coding: latin-1 -*-\n\"\"\"\xe9\"\"\"\nrevision = 'b2'\ndown_revision = 'a1'\n"),
    bytes(b"x = 1\n# -*- coding: latin-1 -*-\n\"\"\"\xe9\"\"\"\nrevision = 'b2'\ndown_revision = 'a1'\n"),
    bytes(b"# -*- coding: utf-8 -*-\n\"\"\"\xe9\"\"\"\nrevision = 'b2'\ndown_revision = 'a1'\n"),
    lenient("# -*- coding: nonsense -*-\nrevision = 'b2'\ndown_revision = 'a1'\n"),
    bytes(b"\xef\xbb\xbf# -*- coding: latin-1 -*-\nrevision = 'b2'\ndown_revision = 'a1'\n"),
    bytes(b"\xff\xfer\0e\0v\0"),
    bytes(b"# -*- coding: ascii -*-\n# \xc3\xa9\nrevision = 'b2'\ndown_revision = 'a1'\n"),
    // names of old, and files that are no revisions
    named("b2.py", "down_revision = 'a1'\n"),
    named("1975ea83b712.py", "down_revision = 'a1'\n"),
    named("B2.py", "down_revision = 'a1'\n"),
    named("b2_x.py", "down_revision = 'a1'\n"),
    named("b2.py", "revision = 'c3'\ndown_revision = 'a1'\n"),
    named("b2.py", "x = 1\n"),
    named("utils.py", "def create_enum(name):\n    pass\n"),
    named("__init__.py", "x = (\n"),
    named("__init__x.py", "x = (\n"),
    named(".#b2.py", "x = (\n"),
    named(".hidden.py", "revision = 'b2'\ndown_revision = 'a1'\n"),
    named("_b2.py", "revision = 'b2'\ndown_revision = 'a1'\n"),
    named("conftest.py", "revision = 'b2'\ndown_revision = 'a1'\n"),
    named("b2.PY", "revision = 'b2'\ndown_revision = 'a1'\n"),
    named("b2.py~", "revision = 'b2'\ndown_revision = 'a1'\n"),
    named("b2.pyc", "revision = 'b2'\ndown_revision = 'a1'\n"),
    named("b2.py.py", "revision = 'b2'\ndown_revision = 'a1'\n"),
    named("b 2 é.py", "revision = 'b2'\ndown_revision = 'a1'\n"),
];

#[test]
fn every_spelling_is_read_as_python_does() {
    let folders: Vec<Folder> = CASES.iter().map(folder).collect();
    let questions: Vec<Value> = folders
        .iter()
        .map(|folder| {
            let mut question = folder.question();
            question["files_only"] = true.into();
            question
        })
        .collect();
    let answers = ask(&questions, 0);
    let mut differences = Vec::new();
    for ((case, folder), alembic) in CASES.iter().zip(&folders).zip(&answers) {
        let found = [of_script(case, folder, alembic), of_commands(case, folder, alembic)].concat();
        if !found.is_empty() {
            let text = String::from_utf8_lossy(case.text);
            differences.push(format!("{}: {text:?}\n{}\nAlembic: {alembic}\n", case.file, found.join("\n")));
        }
    }
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
}

const PLACE: &str = "migrations/versions";

fn folder(case: &Case) -> Folder {
    let res = Folder::with_environment();
    res.file(&format!("{PLACE}/a1.py"), "revision = 'a1'\ndown_revision = None\n");
    res.file(&format!("{PLACE}/{}", case.file), case.text);
    res
}

/// What differs between what Alembic read of the file and what the script says; when it looks at the file at all.
fn of_script(case: &Case, folder: &Folder, alembic: &Value) -> Vec<String> {
    let script = Script::read(case.file.into(), case.text.to_vec(), Depth::Whole);
    let header = &script.header;
    let path = format!("{PLACE}/{}", case.file);
    let mut files = alembic["files"].as_array().into_iter().flatten();
    let Some(file) = files.find(|file| folder.relative(&file["path"]) == path) else { return Vec::new() };
    let mut res = Vec::new();
    if let Some(problem) = &header.problem {
        res.push(format!("problem: {problem:?}"));
    }
    let revision = header.revision.as_ref().map(|field| json!(field.value));
    let list = |field: &Option<onehead::migration::Field<Vec<String>>>| {
        field.as_ref().map_or(json!([]), |field| json!(field.value))
    };
    let read = [
        ("revision", revision.unwrap_or_default()),
        ("down_revision", list(&header.down_revision)),
        ("depends_on", list(&header.depends_on)),
        ("branch_labels", list(&header.branch_labels)),
    ];
    for (name, value) in read {
        let is_unknown = value.is_null();
        if is_unknown != case.unknown.contains(&name) || (!is_unknown && value != file[name]) {
            res.push(format!("{name}: {value}"));
        }
    }
    let documentation = file["doc"].as_str().and_then(|text| text.lines().next()).unwrap_or_default();
    if script.header.problem.is_none() && header.message != documentation {
        res.push(format!("documentation: {:?}", header.message));
    }
    res
}

/// What differs between what Alembic can load and what the commands refuse.
fn of_commands(case: &Case, folder: &Folder, alembic: &Value) -> Vec<String> {
    let mut res = Vec::new();
    let (_, diagnostics) = folder.check();
    let unreadable =
        diagnostics.iter().any(|one| one["rule"] == "unreadable-revision" || one["rule"] == "conflicted-migration");
    let is_refused = !alembic["file_error"].is_null();
    if case.lenient {
        return if is_refused && !unreadable { res } else { vec!["is no longer let pass".into()] };
    }
    if unreadable != is_refused {
        res.push(format!("diagnostics: {diagnostics:?}"));
    }
    if unreadable || !case.unknown.is_empty() {
        return res;
    }
    let heads = folder.heads();
    let n_files = alembic["files"].as_array().map_or(0, Vec::len);
    if heads["environments"][0]["revisions"] != n_files {
        res.push(format!("revisions: {heads}"));
    }
    res
}

#[test]
fn what_is_no_id_loads_as_a_file_and_breaks_the_graph() {
    for value in ["1", "0", "False", "True", "(1,)", "('a1', None)"] {
        let text = format!("revision = 'b2'\ndown_revision = {value}\n");
        let folder = Folder::with_environment();
        folder.file(&format!("{PLACE}/a1.py"), "revision = 'a1'\ndown_revision = None\n");
        folder.file(&format!("{PLACE}/b2_x.py"), &text);
        let alembic = &ask(&[folder.question()], 0)[0];
        assert!(alembic["file_error"].is_null() && !alembic["error"].is_null(), "{value}: {alembic}");
        let (_, diagnostics) = folder.check();
        assert!(diagnostics.iter().any(|one| one["rule"] == "unreadable-revision"), "{value}: {diagnostics:?}");
    }
}

#[test]
fn python_2_is_told_from_what_is_broken() {
    let is_python2 = |text: &str| {
        let script = Script::read("x.py".into(), text.into(), Depth::Whole);
        matches!(script.header.problem, Some(Problem::Syntax { python2: true, .. }))
    };
    assert!(is_python2("revision = 'a'\nprint 'x'\n"));
    assert!(!is_python2("revision = 'a'\ndef upgrade(:\n"));
}
