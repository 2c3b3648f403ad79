//! `onehead demo`: plays the incident onehead exists for, with real git and real hooks, in a repository thrown away after.
//! Writes nothing outside of its own temporary folder.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder};
use std::io::{Read, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};

use super::hook_files::{Env, shown};
use crate::ExitStatus;

const GRANTS: &str = "7d41c09be2f5";
const PAYMENTS: &str = "b83a5f106c7e";
const MERGE: &str = "e5c2907d4a1b";

/// Plays the demonstration with `program`, this binary. `keep` leaves the repository behind and says where.
///
/// `Passed` only when git refused the merge with both heads in the reason and then took the remedy;
/// else `Failed`, after a line that says what differed. Fails when git cannot be run or a file not be written.
pub fn demo(program: &Path, keep: bool, env: &Env, out: &mut dyn Write) -> Result<ExitStatus> {
    let temp = env.get(OsStr::new("TMPDIR")).filter(|path| !path.is_empty()).map_or("/tmp".into(), PathBuf::from);
    let folder = ThrowAway::create(&temp, keep)?;
    let mut stage = Stage { dir: folder.path.join("shop"), env: own_env(env, &folder.path), program, out };
    fs::create_dir(&stage.dir).context("making the repository's folder")?;
    let difference = play(&mut stage)?;
    if let Some(difference) = &difference {
        writeln!(stage.out, "\nthe demonstration went wrong: {difference}")?;
    }
    if keep {
        writeln!(stage.out, "\nthe repository is kept in {}", shown(&stage.dir))?;
    }
    Ok(if difference.is_none() { ExitStatus::Passed } else { ExitStatus::Failed })
}

/// What differed from what should have happened.
type Difference = Option<String>;

fn play(stage: &mut Stage) -> Result<Difference> {
    stage.say("A project with one migration, and onehead's hooks.")?;
    for (file, text) in project() {
        stage.write(file, &text)?;
    }
    for command in [
        "git init --quiet --initial-branch=develop",
        "git add .",
        "git commit --quiet -m 'create users'",
        "onehead install",
    ] {
        if let difference @ Some(_) = stage.expect_pass(command)? {
            return Ok(difference);
        }
    }

    stage.say("Two people branch off develop. Each adds a migration on the same parent.")?;
    for (branch, revision, table) in [("grants", GRANTS, "grants"), ("payments", PAYMENTS, "payments")] {
        let switch = format!("git switch --quiet -c {branch} develop");
        if let difference @ Some(_) = stage.expect_pass(&switch)? {
            return Ok(difference);
        }
        stage
            .write(&format!("migrations/versions/{revision}_add_{table}.py"), &creating(revision, Some(BASE), table))?;
        for command in ["git add .".to_owned(), format!("git commit --quiet -m 'add {table}'")] {
            if let difference @ Some(_) = stage.expect_pass(&command)? {
                return Ok(difference);
            }
        }
    }

    stage.say("The first branch is merged. Alembic has one head, and git lets it through.")?;
    for command in ["git switch --quiet develop", "git merge --no-ff --no-edit grants"] {
        if let difference @ Some(_) = stage.expect_pass(command)? {
            return Ok(difference);
        }
    }

    stage.say("The second merge has no conflict in any file, but would give Alembic two heads.")?;
    let refused = stage.run("git merge --no-ff --no-edit payments")?;
    if refused.status != Some(1) {
        return Ok(Some(format!("the merge of two heads should be refused with status 1, and ended with {refused}")));
    }
    if let Some(head) = [GRANTS, PAYMENTS].into_iter().find(|head| !refused.text.contains(head)) {
        return Ok(Some(format!("the refusal should name the head {head}")));
    }

    stage.say(
        "The remedy is a merge revision. This is the file that `alembic merge heads -m \"merge grants and payments\"` writes:",
    )?;
    let file = format!("migrations/versions/{MERGE}_merge_grants_and_payments.py");
    stage.write(&file, &merging())?;
    let cat = format!("cat {file}");
    for command in [&cat, "git add .", "git commit --no-edit", "git log --oneline --graph"] {
        if let difference @ Some(_) = stage.expect_pass(command)? {
            return Ok(difference);
        }
    }
    stage.say("One head again.")?;
    Ok(None)
}

/// Where the play is shown, and the repository it happens in.
struct Stage<'a> {
    dir: PathBuf,
    env: Env,
    program: &'a Path,
    out: &'a mut dyn Write,
}

/// How a command ended, and what it printed to both streams.
struct Outcome {
    status: Option<i32>,
    text: String,
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.status {
            Some(status) => write!(f, "status {status}"),
            None => f.write_str("a signal"),
        }
    }
}

impl Stage<'_> {
    fn say(&mut self, text: &str) -> Result<()> {
        Ok(writeln!(self.out, "\n# {text}")?)
    }

    fn write(&mut self, file: &str, text: &str) -> Result<()> {
        let path = self.dir.join(file);
        fs::create_dir_all(path.parent().unwrap_or(&self.dir)).context("making a folder")?;
        fs::write(&path, text).with_context(|| format!("writing {}", shown(&path)))?;
        Ok(writeln!(self.out, "wrote {file}")?)
    }

    fn expect_pass(&mut self, line: &str) -> Result<Difference> {
        let outcome = self.run(line)?;
        Ok((outcome.status != Some(0)).then(|| format!("`{line}` should pass, and ended with {outcome}")))
    }

    /// Shows a command line, runs it and shows what it prints, in the order it is printed.
    fn run(&mut self, line: &str) -> Result<Outcome> {
        writeln!(self.out, "$ {line}")?;
        let words = words(line);
        let program = if words[0] == "onehead" { self.program.as_os_str() } else { words[0].as_ref() };
        let (mut reader, writer) = std::io::pipe().context("making a pipe")?;
        let mut command = Command::new(program);
        command.args(&words[1..]).current_dir(&self.dir).env_clear().envs(&self.env).stdin(Stdio::null());
        command.stdout(writer.try_clone().context("making a pipe")?).stderr(writer);
        let mut child = command.spawn().with_context(|| format!("running {}; is it on PATH?", words[0]))?;
        // It holds the writing end of the pipe, which must be closed for the reader to end.
        drop(command);
        let mut printed = Vec::new();
        reader.read_to_end(&mut printed).with_context(|| format!("reading what {} prints", words[0]))?;
        let status = child.wait().with_context(|| format!("waiting for {}", words[0]))?;
        self.out.write_all(&printed)?;
        self.out.flush()?;
        Ok(Outcome { status: status.code(), text: String::from_utf8_lossy(&printed).into_owned() })
    }
}

/// Splits the command lines above: at spaces, but not between single quotes.
fn words(line: &str) -> Vec<String> {
    let mut res = vec![String::new()];
    let mut is_quoted = false;
    for c in line.chars() {
        match c {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => res.push(String::new()),
            _ => res.last_mut().map(|word| word.push(c)).unwrap_or_default(),
        }
    }
    res
}

/// The user's PATH and little else: no git configuration, identity or repository of theirs gets in.
fn own_env(env: &Env, home: &Path) -> Env {
    let mut res = env.clone();
    res.retain(|name, _| {
        ![b"GIT_".as_slice(), b"ONEHEAD_"].iter().any(|mark| name.as_encoded_bytes().starts_with(mark))
    });
    res.remove(OsStr::new("XDG_CONFIG_HOME"));
    res.insert("HOME".into(), home.into());
    let fixed = [
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_AUTHOR_NAME", "Demo"),
        ("GIT_AUTHOR_EMAIL", "demo@example.com"),
        ("GIT_AUTHOR_DATE", "2026-01-05T10:00:00Z"),
        ("GIT_COMMITTER_NAME", "Demo"),
        ("GIT_COMMITTER_EMAIL", "demo@example.com"),
        ("GIT_COMMITTER_DATE", "2026-01-05T10:00:00Z"),
        ("GIT_TERMINAL_PROMPT", "0"),
        ("GIT_EDITOR", "true"),
        ("LC_ALL", "C"),
    ];
    res.extend(fixed.map(|(name, value)| (name.into(), value.into())));
    res
}

/// A folder of our own that goes away with this value.
struct ThrowAway {
    path: PathBuf,
    keep: bool,
}

impl ThrowAway {
    fn create(parent: &Path, keep: bool) -> Result<Self> {
        let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos());
        let path = parent.join(format!("onehead-demo-{}-{nanos}", std::process::id()));
        let path = std::path::absolute(&path).unwrap_or(path);
        // Fails when the name is taken, so that nobody else's folder is ever removed.
        let made = DirBuilder::new().mode(0o700).create(&path);
        made.with_context(|| {
            format!("making the folder {}; set TMPDIR to a folder that can be written", shown(&path))
        })?;
        Ok(Self { path, keep })
    }
}

impl Drop for ThrowAway {
    fn drop(&mut self) {
        if !self.keep {
            // A rest in the temporary folder is no reason to fail.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

const BASE: &str = "1f0b6e92d3a8";

fn project() -> [(&'static str, String); 4] {
    [
        ("alembic.ini", "[alembic]\nscript_location = migrations\n".to_owned()),
        ("migrations/env.py", ENV_PY.to_owned()),
        ("migrations/script.py.mako", SCRIPT_PY_MAKO.to_owned()),
        ("migrations/versions/1f0b6e92d3a8_create_users.py", creating(BASE, None, "users")),
    ]
}

const ENV_PY: &str = "\
from alembic import context
from sqlalchemy import create_engine

with create_engine(\"sqlite:///shop.db\").connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
";

const SCRIPT_PY_MAKO: &str = "\
\"\"\"${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

\"\"\"
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
${imports if imports else \"\"}

# revision identifiers, used by Alembic.
revision: str = ${repr(up_revision)}
down_revision: Union[str, Sequence[str], None] = ${repr(down_revision)}
branch_labels: Union[str, Sequence[str], None] = ${repr(branch_labels)}
depends_on: Union[str, Sequence[str], None] = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else \"pass\"}


def downgrade() -> None:
    ${downgrades if downgrades else \"pass\"}
";

fn creating(revision: &str, parent: Option<&str>, table: &str) -> String {
    let quoted = parent.map_or("None".to_owned(), |parent| format!("'{parent}'"));
    let upgrade = format!("op.create_table('{table}', sa.Column('id', sa.Integer(), primary_key=True))");
    let downgrade = format!("op.drop_table('{table}')");
    script(&format!("create {table}"), revision, parent.unwrap_or(""), &quoted, &upgrade, &downgrade)
}

fn merging() -> String {
    let (revises, parents) = (format!("{GRANTS}, {PAYMENTS}"), format!("('{GRANTS}', '{PAYMENTS}')"));
    script("merge grants and payments", MERGE, &revises, &parents, "pass", "pass")
}

/// What Alembic makes of `SCRIPT_PY_MAKO`.
fn script(message: &str, revision: &str, revises: &str, parents: &str, upgrade: &str, downgrade: &str) -> String {
    SCRIPT_PY_MAKO
        .replace("${message}", message)
        .replace("${up_revision}", revision)
        .replace("${down_revision | comma,n}", revises)
        .replace("${create_date}", "2026-01-05 10:00:00.000000")
        .replace("${imports if imports else \"\"}", "")
        .replace("${repr(up_revision)}", &format!("'{revision}'"))
        .replace("${repr(down_revision)}", parents)
        .replace("${repr(branch_labels)}", "None")
        .replace("${repr(depends_on)}", "None")
        .replace("${upgrades if upgrades else \"pass\"}", upgrade)
        .replace("${downgrades if downgrades else \"pass\"}", downgrade)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_template_is_left_in_a_script() {
        for text in [creating(BASE, None, "users"), creating(GRANTS, Some(BASE), "grants"), merging()] {
            assert!(!text.contains("${"), "{text}");
        }
        assert!(merging().contains("= ('7d41c09be2f5', 'b83a5f106c7e')"), "{}", merging());
    }

    #[test]
    fn quotes_hold_words_together() {
        assert_eq!(words("git commit -m 'add users'"), ["git", "commit", "-m", "add users"]);
    }
}
