//! `onehead install` and `onehead uninstall`: puts our hooks where git looks, keeps what was there, gives it back.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::frameworks::Framework;
use super::hook_files::{Env, HOOKS, Hook, HooksFolder, Owner, is_executable, is_present, on_path, owner, shown};
use crate::ExitStatus;

/// Installs the hooks of the repository `dir` lies in. `program` is the absolute path of this binary.
///
/// A hook that was there is kept beside ours and runs first. Installing twice is installing once.
/// Where a hook manager is in charge, or the hooks folder is not this repository's own, nothing is written: what to do
/// instead is printed and the status is `Failed`. Fails in the same way, all or nothing, when a file cannot be written.
pub fn install(dir: &Path, env: &Env, program: &Path, out: &mut dyn Write) -> Result<ExitStatus> {
    let folder = HooksFolder::locate(dir, env)?;
    if folder.work_tree.is_none() {
        bail!(
            "nothing installed: a bare repository has no work tree to commit from; install in a clone or a work tree"
        );
    }
    if let Some(framework) = Framework::in_charge(&folder) {
        return explain_framework(framework, &folder, out);
    }
    if !folder.is_inside() {
        return explain_outside(&folder, out);
    }
    // A file that others check out must not name a path of this machine.
    let recorded = (!folder.is_in_work_tree()).then_some(program);
    let plans = HOOKS.iter().map(|hook| plan(&folder, hook, recorded)).collect::<Result<Vec<_>>>()?;
    carry_out(&folder.path, &plans)?;

    for Plan { hook, action, .. } in &plans {
        match action {
            Action::Write => writeln!(out, "{}: installed", hook.name)?,
            Action::KeepAndWrite => {
                writeln!(
                    out,
                    "{}: installed; your own hook is kept as `{}` and runs first",
                    hook.name,
                    hook.kept_name()
                )?;
            }
            Action::Leave(why) => writeln!(out, "{}: {why}", hook.name)?,
        }
    }
    writeln!(out, "hooks folder: {}", shown(&folder.path))?;
    if folder.is_in_work_tree() {
        writeln!(out, "note: that folder is part of the work tree, so the hooks show up in `git status`")?;
        if on_path("onehead".as_ref(), env).is_none() {
            writeln!(
                out,
                "warning: hooks that are part of the work tree look for `onehead` on PATH, and it is not there"
            )?;
            writeln!(out, "help: put {} on PATH", shown(program.parent().unwrap_or(program)))?;
        }
    }
    if let Some((framework, file)) = Framework::that_keeps_ours(&folder) {
        let (name, file) = (framework.name(), shown(Path::new(file.file_name().unwrap_or_default())));
        writeln!(
            out,
            "note: {file} is here too; when you run `{name} install`, it keeps these hooks and runs them first"
        )?;
    }
    Ok(ExitStatus::Passed)
}

/// Removes our hooks and puts back what was kept, byte for byte. What is not ours is left alone and named.
pub fn uninstall(dir: &Path, env: &Env, out: &mut dyn Write) -> Result<ExitStatus> {
    let folder = HooksFolder::locate(dir, env)?;
    // Hooks installed before core.hooksPath was set lie in the default folder still.
    let mut folders = vec![folder.default_path()];
    if folder.is_inside() && folder.path != folders[0] {
        folders.push(folder.path.clone());
    }
    let mut n_changed = 0;
    for folder in folders {
        for hook in &HOOKS {
            n_changed += usize::from(remove(&folder, hook, out)?);
        }
    }
    if n_changed == 0 {
        writeln!(out, "nothing to uninstall: no hook of onehead is installed here")?;
    }
    Ok(ExitStatus::Passed)
}

/// What is to be done for one hook.
struct Plan {
    hook: &'static Hook,
    action: Action,
    script: Vec<u8>,
}

enum Action {
    Write,
    KeepAndWrite,
    Leave(&'static str),
}

fn plan(folder: &HooksFolder, hook: &'static Hook, program: Option<&Path>) -> Result<Plan> {
    let file = folder.path.join(hook.name);
    let script = hook.script(program);
    let action = match owner(&file, hook)? {
        Owner::Nobody => Action::Write,
        Owner::Onehead if is_executable(&file) && fs::read(&file).is_ok_and(|bytes| bytes == script) => {
            Action::Leave("already installed")
        }
        Owner::Onehead => Action::Write,
        Owner::Caller => Action::Leave("your own hook calls onehead already; left as it is"),
        Owner::Unusable => bail!("nothing installed: {} is not a file; move it away and install again", shown(&file)),
        Owner::Somebody | Owner::Framework(_) if is_present(&folder.path.join(hook.kept_name())) => bail!(
            "nothing installed: there is a hook {} and an older one kept as `{}`; make one of the two and install again",
            shown(&file),
            hook.kept_name()
        ),
        Owner::Somebody | Owner::Framework(_) => Action::KeepAndWrite,
    };
    Ok(Plan { hook, action, script })
}

/// How to take back one thing that was done.
enum Undo {
    Remove(PathBuf),
    RemoveFolder(PathBuf),
    Rename { from: PathBuf, to: PathBuf },
}

fn carry_out(folder: &Path, plans: &[Plan]) -> Result<()> {
    let mut undo = Vec::new();
    let res = try_carry_out(folder, plans, &mut undo);
    if res.is_err() {
        for step in undo.into_iter().rev() {
            // Best effort: the first error is the one worth telling.
            let _ = match step {
                Undo::Remove(path) => fs::remove_file(path),
                Undo::RemoveFolder(path) => fs::remove_dir(path),
                Undo::Rename { from, to } => fs::rename(from, to),
            };
        }
    }
    res.context("nothing installed")
}

/// Writes every shim beside its place first, so that a full disk or a read-only folder shows before anything moves.
fn try_carry_out(folder: &Path, plans: &[Plan], undo: &mut Vec<Undo>) -> Result<()> {
    let plans: Vec<_> = plans.iter().filter(|plan| !matches!(plan.action, Action::Leave(_))).collect();
    if !plans.is_empty() && !is_present(folder) {
        fs::create_dir_all(folder).with_context(|| format!("creating the folder {}", shown(folder)))?;
        undo.push(Undo::RemoveFolder(folder.to_owned()));
    }
    let mut written = Vec::new();
    for plan in plans {
        let new = folder.join(format!(".{}.onehead-{}", plan.hook.name, std::process::id()));
        let writing = || format!("writing into the folder {}", shown(folder));
        let mut file =
            fs::OpenOptions::new().write(true).create_new(true).mode(0o777).open(&new).with_context(writing)?;
        undo.push(Undo::Remove(new.clone()));
        file.write_all(&plan.script).with_context(writing)?;
        written.push((plan, new));
    }
    for (plan, new) in written {
        let file = folder.join(plan.hook.name);
        let replacing = || format!("replacing {}", shown(&file));
        if matches!(plan.action, Action::KeepAndWrite) {
            let kept = folder.join(plan.hook.kept_name());
            fs::rename(&file, &kept).with_context(replacing)?;
            undo.push(Undo::Rename { from: kept, to: file.clone() });
        } else if !is_present(&file) {
            undo.push(Undo::Remove(file.clone()));
        }
        fs::rename(new, &file).with_context(replacing)?;
    }
    Ok(())
}

/// Whether anything was changed or had to be said.
fn remove(folder: &Path, hook: &Hook, out: &mut dyn Write) -> Result<bool> {
    let kept = folder.join(hook.kept_name());
    let mut done = false;
    for name in hook.shim_names() {
        let file = folder.join(&name);
        let removing = || format!("removing {}", shown(&file));
        if owner(&file, hook)? != Owner::Onehead {
            continue;
        }
        done = true;
        if is_present(&kept) {
            fs::rename(&kept, &file).with_context(removing)?;
            writeln!(out, "{name}: removed; your own hook is back")?;
        } else {
            fs::remove_file(&file).with_context(removing)?;
            writeln!(out, "{name}: removed")?;
        }
    }
    let file = folder.join(hook.name);
    if is_present(&kept) {
        done = true;
        if is_present(&file) {
            let name = hook.kept_name();
            writeln!(out, "{}: not ours, left alone; the hook it replaced is still there as `{name}`", hook.name)?;
        } else {
            fs::rename(&kept, &file).with_context(|| format!("putting back {}", shown(&file)))?;
            writeln!(out, "{}: was gone; your own hook is back", hook.name)?;
        }
    } else if !done && owner(&file, hook)? == Owner::Caller {
        done = true;
        writeln!(out, "{}: your own hook calls onehead; left alone: remove the call there", hook.name)?;
    }
    Ok(done)
}

fn explain_framework(framework: Framework, folder: &HooksFolder, out: &mut dyn Write) -> Result<ExitStatus> {
    let name = framework.name();
    if HOOKS.iter().all(|hook| framework.calls(folder, hook) || is_ours_beside(framework, folder, hook)) {
        writeln!(out, "nothing to install: {name} runs hooks here, and each of ours is called")?;
        writeln!(out, "help: `onehead doctor` tells whether they will run")?;
        return Ok(ExitStatus::Passed);
    }
    writeln!(out, "nothing installed: {name} runs the hooks of this repository")?;
    writeln!(out, "help: let it call onehead; add")?;
    writeln!(out)?;
    write!(out, "{}", framework.snippet(folder))?;
    writeln!(out)?;
    writeln!(out, "and then run `{}`", framework.setup())?;
    Ok(ExitStatus::Failed)
}

/// Whether our shim is in its place in spite of the manager, or where the manager runs what it found.
fn is_ours_beside(framework: Framework, folder: &HooksFolder, hook: &Hook) -> bool {
    let [name, legacy, _] = hook.shim_names();
    let is_ours = |name: &str| matches!(owner(&folder.path.join(name), hook), Ok(Owner::Onehead));
    is_ours(&name) || framework.runs_legacy() && is_ours(&legacy)
}

fn explain_outside(folder: &HooksFolder, out: &mut dyn Write) -> Result<ExitStatus> {
    let path = shown(&folder.path);
    match folder.reason() {
        Some(reason) => {
            writeln!(out, "nothing installed: {reason}, so git ignores this repository's own hooks folder")?
        }
        None => writeln!(out, "nothing installed: this repository's hooks folder is a link to {path}, outside of it")?,
    }
    writeln!(out, "help: either call onehead from the hooks in {path}, for every repository that uses them:")?;
    for hook in &HOOKS {
        writeln!(out, "      in {}: onehead hook {} \"$@\"", hook.name, hook.name)?;
    }
    writeln!(out, "help: or give this repository hooks of its own; those in {path} will not run here any more:")?;
    let own =
        if folder.default_path().canonicalize().is_ok_and(|real| real == folder.path) { "own-hooks" } else { "hooks" };
    writeln!(
        out,
        "      git config core.hooksPath \"$(git rev-parse --path-format=absolute --git-common-dir)/{own}\""
    )?;
    writeln!(out, "      onehead install")?;
    Ok(ExitStatus::Failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_half_way_takes_everything_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let dir = folder.path();
        fs::write(dir.join("pre-commit"), "mine").expect("a file");
        fs::create_dir(dir.join("pre-push")).expect("a folder in the way");
        let [commit, merge, push] = &HOOKS;
        let plans = [(commit, Action::KeepAndWrite), (merge, Action::Write), (push, Action::Write)]
            .map(|(hook, action)| Plan { hook, action, script: b"ours".into() });

        let error = carry_out(dir, &plans).expect_err("a folder is in the way");

        assert!(format!("{error:#}").starts_with("nothing installed: replacing `"), "{error:#}");
        assert_eq!(fs::read(dir.join("pre-commit")).expect("still there"), b"mine");
        let mut left: Vec<_> =
            fs::read_dir(dir).expect("the folder").map(|e| e.expect("an entry").file_name()).collect();
        left.sort();
        assert_eq!(left, ["pre-commit", "pre-push"]);
    }
}
