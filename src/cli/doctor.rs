//! `onehead doctor`: whether the hooks will really run here. Looks and tells; changes nothing.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::rc::Rc;

use anyhow::Result;

use super::frameworks::Framework;
use super::hook_files::{
    Env, HOOKS, Hook, HooksFolder, Owner, Shim, is_executable, is_present, on_path, owner, shown, typed,
};
use super::install::edited;
use super::one_line;
use super::question::{Asked, Subject, Wanted};
use crate::ExitStatus;
use crate::git::Repository;
use crate::project::Moment;
use crate::source::escape;

/// One line per thing looked at. `base` is the base branch by flag, which beats the configured one.
///
/// `Passed`: every hook will run. `Refused`: something will not, and a `help:` line says what to type.
/// Fails when git or the repository cannot be asked.
pub fn doctor(dir: &Path, env: &Env, base: Option<&str>, out: &mut dyn Write) -> Result<ExitStatus> {
    let folder = HooksFolder::locate(dir, env)?;
    let mut report = Report { out, n_problems: 0 };
    if folder.work_tree.is_none() {
        report.problem(
            "this repository is bare, so nothing is committed or merged in it",
            "look in a clone or a work tree",
        )?;
        return Ok(ExitStatus::Refused);
    }
    let framework = Framework::in_charge(&folder);
    check_folder(&folder, framework, &mut report)?;
    let mut n_calls = 0;
    for hook in &HOOKS {
        n_calls += usize::from(check_hook(&folder, framework, hook, env, &mut report)?);
    }
    // A shim carries the path of its program; a call by name needs PATH.
    if n_calls > 0 {
        check_path(env, &mut report)?;
    }
    check_sight(dir, env, base, &mut report)?;
    Ok(if report.n_problems == 0 { ExitStatus::Passed } else { ExitStatus::Refused })
}

struct Report<'a> {
    out: &'a mut dyn Write,
    n_problems: usize,
}

impl Report<'_> {
    fn ok(&mut self, text: impl AsRef<str>) -> io::Result<()> {
        writeln!(self.out, "ok: {}", text.as_ref())
    }

    fn note(&mut self, text: impl AsRef<str>) -> io::Result<()> {
        writeln!(self.out, "note: {}", text.as_ref())
    }

    fn problem(&mut self, text: impl AsRef<str>, help: impl AsRef<str>) -> io::Result<()> {
        self.n_problems += 1;
        writeln!(self.out, "problem: {}\n  help: {}", text.as_ref(), help.as_ref())
    }
}

fn check_folder(folder: &HooksFolder, framework: Option<Framework>, report: &mut Report) -> Result<()> {
    let path = shown(&folder.path);
    let because = folder.reason().map(|reason| format!(", because {reason}")).unwrap_or_default();
    if folder.is_inside() || framework.is_some() {
        report.ok(format!("git looks for hooks in {path}{because}"))?;
    } else {
        report.problem(
            format!("git looks for hooks in {path}, outside this repository{because}"),
            "`onehead install` tells the two ways out",
        )?;
    }
    let default = folder.default_path();
    if folder.path != default && is_some_ours(&default) {
        report.note(format!("the hooks of onehead in {} are never run", shown(&default)))?;
    }
    Ok(())
}

fn is_some_ours(folder: &Path) -> bool {
    HOOKS.iter().any(|hook| matches!(owner(&folder.join(hook.name), hook), Ok(Owner::Onehead(_))))
}

/// Whether this hook, which will run, calls onehead by name.
fn check_hook(
    folder: &HooksFolder,
    framework: Option<Framework>,
    hook: &'static Hook,
    env: &Env,
    report: &mut Report,
) -> Result<bool> {
    let (name, file) = (hook.name, folder.path.join(hook.name));
    let install = "run `onehead install`";
    let owner = owner(&file, hook)?;
    // husky's hook files say nothing of husky; it owns the whole folder.
    let manager = match (owner, framework) {
        (Owner::Framework(framework), _) => Some(framework),
        (Owner::Somebody, Some(Framework::Husky)) => Some(Framework::Husky),
        _ => None,
    };
    match (owner, framework) {
        (Owner::Nobody, Some(framework)) => {
            let help = match framework.calls(folder, hook) {
                true => format!("run `{}`", framework.setup()),
                false => "`onehead install` shows what to add".to_owned(),
            };
            report.problem(format!("{name}: {} has no such hook set up here", framework.name()), help)?;
            return Ok(false);
        }
        (Owner::Nobody, None) => {
            report.problem(format!("{name}: not installed"), install)?;
            return Ok(false);
        }
        (Owner::Unusable, _) => {
            let help = format!("move {} away and run `onehead install`", typed(&file));
            report.problem(format!("{name}: not a file, so git cannot run it"), help)?;
            return Ok(false);
        }
        _ if fs::metadata(&file).is_err() => {
            report.problem(format!("{name}: a link to nothing, which git skips without a word"), install)?;
            return Ok(false);
        }
        _ if !is_executable(&file) => {
            let help = format!("run `chmod +x {}`", typed(&file));
            report.problem(format!("{name}: not executable, so git skips it"), help)?;
            return Ok(false);
        }
        _ => {}
    }
    if let Some(manager) = manager {
        return check_managed(folder, manager, hook, env, report);
    }
    match owner {
        Owner::Onehead(_) => {
            check_shim(&folder.path, &file, hook, env, report)?;
            Ok(false)
        }
        Owner::Caller => {
            report.ok(format!("{name}: your own hook calls onehead"))?;
            check_interpreter(&file, name, env, report)?;
            Ok(true)
        }
        _ => {
            report.problem(format!("{name}: the hook there does not call onehead"), install)?;
            Ok(false)
        }
    }
}

fn check_managed(
    folder: &HooksFolder,
    manager: Framework,
    hook: &'static Hook,
    env: &Env,
    report: &mut Report,
) -> Result<bool> {
    let (name, by) = (hook.name, manager.name());
    if manager.calls(folder, hook) {
        report.ok(format!("{name}: {by} runs it and calls onehead"))?;
        check_interpreter(&folder.path.join(name), name, env, report)?;
        return Ok(true);
    }
    let legacy = folder.path.join(format!("{name}.legacy"));
    if manager.runs_legacy() && matches!(owner(&legacy, hook)?, Owner::Onehead(_)) && is_executable(&legacy) {
        report.ok(format!("{name}: {by} runs it and first the hook of onehead it found"))?;
        check_shim(&folder.path, &legacy, hook, env, report)?;
        return Ok(false);
    }
    report.problem(
        format!("{name}: {by} runs it and does not call onehead"),
        "`onehead install` shows what to add to its configuration",
    )?;
    Ok(false)
}

/// Our shim: the program it will find, whether it is the one we would write, and the hook it runs first.
fn check_shim(folder: &Path, file: &Path, hook: &Hook, env: &Env, report: &mut Report) -> Result<()> {
    let name = hook.name;
    let script = fs::read(file)?;
    let recorded = Hook::recorded_program(&script);
    match recorded.clone().filter(|program| is_executable(program)).or_else(|| on_path("onehead".as_ref(), env)) {
        Some(program) => report.ok(format!("{name}: runs {}", shown(&program)))?,
        None => {
            let gone = recorded.as_deref().map(|path| format!("{} is gone and ", shown(path))).unwrap_or_default();
            report.problem(
                format!("{name}: {gone}`onehead` is not on PATH, so every commit, merge or push is refused"),
                "install the program again, or run `onehead uninstall`",
            )?;
        }
    }
    match hook.shim_in(&script) {
        Some(Shim::OtherVersion) => {
            report.note(format!("{name}: not the hook this version writes; `onehead install` renews it"))?;
        }
        Some(Shim::Edited) => {
            let file_name = file.file_name().unwrap_or_default().to_string_lossy();
            report.note(format!("{name}: {}", edited(hook, &file_name, "install")))?;
        }
        Some(Shim::Untouched) | None => {}
    }
    let kept = folder.join(hook.kept_name());
    if is_executable(&kept) {
        report.ok(format!("{name}: your own hook `{}` runs first", hook.kept_name()))?;
        check_interpreter(&kept, name, env, report)?;
    } else if is_present(&kept) {
        report.note(format!("{name}: your own hook `{}` is not executable, so it does not run", hook.kept_name()))?;
    }
    Ok(())
}

/// A script whose interpreter is missing refuses everything.
fn check_interpreter(file: &Path, name: &str, env: &Env, report: &mut Report) -> Result<()> {
    let bytes = fs::read(file)?;
    let Some(line) = bytes.strip_prefix(b"#!").and_then(|rest| rest.split(|&b| b == b'\n').next()) else {
        return Ok(());
    };
    let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).map(OsStr::from_bytes);
    let Some(interpreter) = words.next() else { return Ok(()) };
    let is_there = is_executable(Path::new(interpreter));
    let missing = if !is_there {
        Some(interpreter)
    } else if interpreter.as_bytes().ends_with(b"/env") {
        // Flags and assignments of env come before the program it looks for.
        words
            .find(|word| !word.as_bytes().starts_with(b"-") && !word.as_bytes().contains(&b'='))
            .filter(|program| !program.as_bytes().contains(&b'/') && on_path(program, env).is_none())
    } else {
        None
    };
    if let Some(missing) = missing {
        let (missing, file) = (shown(Path::new(missing)), shown(file));
        report.problem(
            format!("{name}: {file} needs {missing}, which is not there, so every run of it fails"),
            format!("install {missing}, or correct the first line of {file}"),
        )?;
    }
    Ok(())
}

fn check_path(env: &Env, report: &mut Report) -> Result<()> {
    match on_path("onehead".as_ref(), env) {
        Some(program) => report.ok(format!("`onehead` on PATH is {}", shown(&program)))?,
        None => report.problem(
            "`onehead` is not on PATH, so the hooks that call it fail",
            "put the folder of the program on PATH",
        )?,
    }
    Ok(())
}

/// What the hooks will see: settings, environments, the base branch.
fn check_sight(dir: &Path, env: &Env, base: Option<&str>, report: &mut Report) -> Result<()> {
    let read = Repository::open(dir, env).and_then(|repository| {
        let subject = Subject::WorkTree(Rc::new(repository.work_tree()?));
        repository.head()?;
        Ok((Rc::new(repository), subject))
    });
    let (repository, subject) = match read {
        Ok(read) => read,
        Err(error) => return Ok(report.problem(one_line(&error), "until then every commit is refused")?),
    };
    let asked = Asked::about(&repository, subject, Moment::Committing).and_then(|mut asked| {
        asked.headers_only();
        let (project, _) = asked.answer()?;
        Ok((asked, project))
    });
    let (mut asked, project) = match asked {
        Ok(found) => found,
        Err(error) => return Ok(report.problem(one_line(&error), "until then every commit of a migration is refused")?),
    };
    for remark in std::mem::take(&mut asked.remarks) {
        report.note(remark)?;
    }
    let names: Vec<_> = project.scopes.iter().map(|scope| format!("`{}`", escape(&scope.environment.name))).collect();
    match names.len() {
        0 => report.note("no Alembic environment found; `[[environments]]` in onehead.toml names one")?,
        n => report.ok(format!("{n} Alembic environment{}: {}", if n == 1 { "" } else { "s" }, names.join(", ")))?,
    }
    let bases = match asked.find_bases(&Wanted { base, must: true, ..Wanted::ANY }) {
        Ok(bases) => bases,
        Err(error) => return Ok(report.problem(one_line(&error), "name the base branch in onehead.toml")?),
    };
    let found: Vec<_> = bases.iter().map(|base| format!("`{}`", escape(&base.name))).collect();
    match (&found[..], &asked.remarks[..]) {
        ([], []) => report.ok("this is the base branch, and no remote has one")?,
        ([], _) => report.problem(
            "no base branch found (`develop`, `main`, `master`), so forks from it are not seen before they are merged",
            "git fetch, or name the base branch in onehead.toml",
        )?,
        _ => report.ok(format!("the base branch is {}", found.join(" and ")))?,
    }
    Ok(())
}
