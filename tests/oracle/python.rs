//! The real Alembic, asked in batches: one process answers many questions. Knows nothing of onehead.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/alembic_says.py");
pub const REQUIREMENTS: &str = include_str!("requirements.txt");

/// The interpreter, with an environment that changes nothing of what Alembic does.
pub fn python() -> Command {
    let interpreter = std::env::var_os("ONEHEAD_ORACLE_PYTHON").unwrap_or_else(|| OsString::from("python3"));
    let mut command = Command::new(interpreter);
    for name in ["PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "ALEMBIC_CONFIG"] {
        command.env_remove(name);
    }
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONUTF8", "1");
    command
}

/// The answers of a process with this hash seed, in the order of the questions.
pub fn ask(questions: &[Value], seed: u32) -> Vec<Value> {
    converse(python().arg(SCRIPT).env("PYTHONHASHSEED", seed.to_string()), questions).1
}

/// What a script says of itself, and its answers, in the order of the questions: a line for a line.
pub fn converse(command: &mut Command, questions: &[Value]) -> (Value, Vec<Value>) {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts; ONEHEAD_ORACLE_PYTHON names the interpreter");
    let mut input = child.stdin.take().expect("a pipe");
    let text: String = questions.iter().map(|question| format!("{question}\n")).collect();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let mut next = |what: &dyn std::fmt::Display| -> Value {
        let line = lines.next().unwrap_or_else(|| panic!("Alembic is silent about {what}")).expect("UTF-8");
        serde_json::from_str(&line).expect("JSON")
    };
    let itself = next(&"itself");
    assert_eq!(itself["alembic"], pinned(REQUIREMENTS, "alembic"), "installed, and in requirements.txt");
    let answers = questions.iter().map(|question| next(question)).collect();
    writer.join().expect("no panic").expect("all questions are taken");
    assert!(child.wait().expect("it ends").success());
    (itself, answers)
}

/// The version of a package in a requirements file.
pub fn pinned<'a>(requirements: &'a str, package: &str) -> &'a str {
    let pin = requirements.lines().find_map(|line| line.strip_prefix(package)?.strip_prefix("=="));
    pin.unwrap_or_else(|| panic!("{package} is not pinned"))
}

/// `python -m alembic …` in a folder: whether it succeeded, and all it said.
pub fn alembic(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let output = python().args(["-m", "alembic"]).args(arguments).current_dir(folder).output().expect("Python starts");
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}
