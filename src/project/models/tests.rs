use super::*;
use crate::git::{Blob, MemorySnapshot};

fn environment(location: &str) -> Environment {
    Environment {
        name: location.to_owned(),
        config: None,
        script_location: Some(RepoPath::from(location)),
        version_locations: vec![RepoPath::from(location).join("versions")],
        recursive: false,
        url_scheme: None,
        command: "alembic".into(),
    }
}

fn settings(text: &str) -> Settings {
    Settings::load(&MemorySnapshot::new([("onehead.toml", text)])).expect("is right")
}

fn chosen(files: &[(&str, &str)], others: &[Environment], settings: &Settings) -> Vec<String> {
    let snapshot = MemorySnapshot::new(files.iter().copied());
    let inputs = gather(&environment("migrations"), &snapshot, settings, &Parsed::among(others)).expect("can be read");
    inputs.map(|inputs| inputs.paths().map(ToString::to_string).collect()).unwrap_or_default()
}

const MODEL: &str = "class A(Base):\n    __tablename__ = 'a'\n    id = Column(Integer)\n";

#[test]
fn what_env_py_imports_counts() {
    let files = [
        (
            "migrations/env.py",
            "from app.db import base\nfrom app import models\ntarget_metadata = base.Base.metadata\n",
        ),
        ("migrations/versions/1.py", "from app.unrelated import X\n"),
        ("app/__init__.py", ""),
        ("app/db/__init__.py", ""),
        ("app/db/base.py", "Base = declarative_base()\n"),
        ("app/models/__init__.py", "from .user import User\nfrom .deep import *\n"),
        ("app/models/user.py", MODEL),
        (
            "app/models/deep/__init__.py",
            "import importlib, pkgutil\nfor m in pkgutil.iter_modules(__path__):\n    importlib.import_module(f'{__name__}.{m.name}')\n",
        ),
        ("app/models/deep/one.py", MODEL),
        ("app/models/deep/heir.py", "from .one import A\nclass B(A):\n    pass\n"),
        ("app/models/deep/plain.py", "class B:\n    pass\n"),
        ("app/unrelated.py", MODEL),
        ("app/models/deep/tests/test_it.py", MODEL),
    ];
    assert_eq!(
        chosen(&files, &[], &Settings::default()),
        ["app/models/deep/heir.py", "app/models/deep/one.py", "app/models/user.py"]
    );
}

#[test]
fn where_env_py_imports_none_all_of_the_project_counts() {
    let files = [
        ("migrations/env.py", "from flask import current_app\n"),
        ("app/models.py", MODEL),
        ("app/views.py", "x = 1\n"),
        ("tests/models.py", MODEL),
        ("docs/models.py", MODEL),
        ("migrations/versions/1.py", MODEL),
        ("other/alembic.ini", ""),
        ("other/models.py", MODEL),
        ("other/db/env.py", ""),
    ];
    assert_eq!(chosen(&files, &[environment("other/db")], &Settings::default()), ["app/models.py"]);
    assert_eq!(chosen(&files, &[], &Settings::default()), ["app/models.py", "other/models.py"]);
}

#[test]
fn the_nearest_project_comes_first() {
    let files =
        [("svc/db/env.py", ""), ("svc/requirements.txt", ""), ("svc/models.py", MODEL), ("lib/models.py", MODEL)];
    let found = |files: &[(&str, &str)]| {
        let snapshot = MemorySnapshot::new(files.iter().copied());
        let inputs =
            gather(&environment("svc/db"), &snapshot, &Settings::default(), &Parsed::default()).expect("can be read");
        inputs.expect("is there").paths().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(found(&files), ["svc/models.py"]);
    assert_eq!(found(&[files[0], files[1], files[3]]), ["lib/models.py"]);
}

#[test]
fn the_settings_say_it() {
    let files = [
        ("migrations/env.py", "import app.models\n"),
        ("app/models.py", MODEL),
        ("lib/a.py", MODEL),
        ("lib/b.py", MODEL),
    ];
    assert_eq!(chosen(&files, &[], &settings("[models]\npaths = ['lib']\nexclude = ['lib/b.py']\n")), ["lib/a.py"]);
    assert_eq!(chosen(&files, &[], &settings("[models]\nexclude = ['app']\n")), ["lib/a.py", "lib/b.py"]);
}

#[test]
fn what_cannot_be_read_is_unknown() {
    let snapshot = MemorySnapshot::new([
        ("migrations/env.py", "import app.a, app.b, app.c\n"),
        ("app/a.py", MODEL),
        ("app/b.py", "__tablename__ = (\n"),
    ])
    .conflict("app/c.py", MODEL);
    let parsed = Parsed::default();
    let found = declared(&environment("migrations"), &snapshot, &Settings::default(), &parsed).expect("can be read");
    let unknown: Vec<String> =
        found.expect("is there").unknown.iter().map(|unknown| unknown.source.path.to_string()).collect();
    assert_eq!(unknown, ["app/b.py", "app/c.py"]);
}

#[test]
fn circles_end() {
    let files = [
        ("migrations/env.py", "from a import *\n"),
        ("a.py", "from b import *\nclass X(Y): pass\n"),
        ("b.py", "from a import *\nfrom c import Z\nclass Y(X): pass\n__tablename__ = 1\n"),
        ("c.py", "from c import Z\nclass Z(Z): pass\n"),
    ];
    assert_eq!(chosen(&files, &[], &Settings::default()), ["a.py", "b.py"]);
}

#[test]
fn only_what_can_touch_models_is_looked_at() {
    let touches = |path: &str, old: &str, new: &str| {
        let [old, new] = [old, new].map(|text| Blob::Bytes(text.as_bytes().to_vec()));
        may_touch(&path.into(), Some(&old), Some(&new))
    };
    assert!(touches("app/models.py", MODEL, "x = 1\n"));
    assert!(touches("app/limits.py", "LENGTH = 1\n", "LENGTH = 2\n"));
    assert!(touches("app/states.py", "class S(Enum):\n    A = 1\n", "class S(Enum):\n    A = 1\n    B = 2\n"));
    assert!(touches("app/__init__.py", "", "from app import late\n"));
    assert!(!touches("app/views.py", "def f():\n    return 1\n", "def f():\n    return 2\n"));
    assert!(!touches("tests/models.py", MODEL, ""));
    assert!(!touches("app/models.sql", "Column(", ""));
}
