//! `onehead install` and `onehead uninstall`: puts our hooks where git looks, keeps what was there, gives it back.

use std::fs;
use std::io::Write;
use std::iter;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::frameworks::Framework;
use super::hook_files::{Env, HOOKS, Hook, HooksFolder, Owner, Shim, is_executable, is_present, on_path, owner, shown};
use crate::ExitStatus;
use crate::git::Repository;

/// Installs the hooks of the repository `dir` lies in. `program` is the absolute path of this binary.
///
/// A hook that was there is kept beside ours and runs first. Installing twice is installing once.
/// Where a hook manager is in charge, or the hooks folder is not this repository's own, nothing is written: what to do
/// instead is printed and the status is `Failed`. Fails in the same way, all or nothing, when a file cannot be written,
/// or when the repository is one that the hooks could not read and would refuse every commit of.
/// A hook of ours that somebody edited is left as it is: the others are installed and the status is `Failed`.
pub fn install(dir: &Path, env: &Env, program: &Path, out: &mut dyn Write) -> Result<ExitStatus> {
    let folder = HooksFolder::locate(dir, env)?;
    if folder.work_tree.is_none() {
        bail!(
            "nothing installed: a bare repository has no work tree to commit from; install in a clone or a work tree"
        );
    }
    Repository::open(dir, env).and_then(|repository| repository.index()).context("nothing installed")?;
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

    let mut status = ExitStatus::Passed;
    for Plan { hook, action, .. } in &plans {
        match action {
            Action::Write => writeln!(out, "{}: installed", hook.name)?,
            Action::Keep => {
                let kept = hook.kept_name();
                let runs = match is_executable(&folder.path.join(&kept)) {
                    true => "and runs first",
                    false => "but is not executable, so it does not run",
                };
                writeln!(out, "{}: installed; your own hook is kept as `{kept}` {runs}", hook.name)?;
            }
            Action::SetAside(copy) => writeln!(
                out,
                "{}: installed; what was there from another version of onehead is kept as `{copy}`",
                hook.name
            )?,
            Action::Leave(why) => writeln!(out, "{}: {why}", hook.name)?,
            Action::LeaveEdited => {
                status = ExitStatus::Failed;
                writeln!(out, "{}: {}", hook.name, edited(hook, hook.name, "install"))?;
            }
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
    Ok(status)
}

/// Removes our hooks and puts back what was kept, byte for byte. What is not ours is left alone and named; the status
/// is `Failed` when that is a hook of ours that somebody edited.
pub fn uninstall(dir: &Path, env: &Env, out: &mut dyn Write) -> Result<ExitStatus> {
    let folder = HooksFolder::locate(dir, env)?;
    // Hooks installed before core.hooksPath was set lie in the default folder still.
    let mut folders = vec![folder.default_path()];
    if folder.is_inside() && folder.path != folders[0] {
        folders.push(folder.path.clone());
    }
    let mut found = Vec::new();
    for folder in folders {
        for hook in &HOOKS {
            found.push(remove(&folder, hook, out)?);
        }
    }
    if found.iter().all(|found| *found == Found::Nothing) {
        writeln!(out, "nothing to uninstall: no hook of onehead is installed here")?;
    }
    Ok(if found.contains(&Found::Edited) { ExitStatus::Failed } else { ExitStatus::Passed })
}

/// What is said of a hook of ours that somebody edited, in the file `name`: why it is left alone, and the way around.
pub fn edited(hook: &Hook, name: &str, command: &str) -> String {
    format!(
        "edited since onehead wrote it, so left as it is: move your lines to `{}`, an executable script that runs \
         first, delete `{name}` and run `onehead {command}`",
        hook.kept_name()
    )
}

/// What is to be done for one hook.
struct Plan {
    hook: &'static Hook,
    action: Action,
    script: Vec<u8>,
}

enum Action {
    Write,
    /// Write, after the user's hook was moved to where ours runs it from.
    Keep,
    /// Write, after what is there was moved to this name.
    SetAside(String),
    Leave(&'static str),
    LeaveEdited,
}

fn plan(folder: &HooksFolder, hook: &'static Hook, program: Option<&Path>) -> Result<Plan> {
    let file = folder.path.join(hook.name);
    let script = hook.script(program);
    let action = match owner(&file, hook)? {
        Owner::Nobody => Action::Write,
        Owner::Onehead(Shim::Edited) => Action::LeaveEdited,
        Owner::Onehead(Shim::OtherVersion) => Action::SetAside(free_name(&folder.path, hook.name)),
        Owner::Onehead(Shim::Untouched)
            if is_executable(&file) && fs::read(&file).is_ok_and(|bytes| bytes == script) =>
        {
            Action::Leave("already installed")
        }
        Owner::Onehead(Shim::Untouched) => Action::Write,
        Owner::Caller => Action::Leave("your own hook calls onehead already; left as it is"),
        Owner::Unusable => bail!("nothing installed: {} is not a file; move it away and install again", shown(&file)),
        Owner::Somebody | Owner::Framework(_) if is_present(&folder.path.join(hook.kept_name())) => bail!(
            "nothing installed: there is a hook {} and an older one kept as `{}`; make one of the two and install again",
            shown(&file),
            hook.kept_name()
        ),
        Owner::Somebody | Owner::Framework(_) => Action::Keep,
    };
    Ok(Plan { hook, action, script })
}

/// Where a file that was called `name` can be kept without anything running it.
fn free_name(folder: &Path, name: &str) -> String {
    let first = format!("{name}.replaced-by-onehead");
    let further = (2..).map(|n| format!("{first}-{n}"));
    iter::once(first.clone()).chain(further).find(|name| !is_present(&folder.join(name))).unwrap_or(first)
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
    let is_left = |plan: &&Plan| matches!(plan.action, Action::Leave(_) | Action::LeaveEdited);
    let plans: Vec<_> = plans.iter().filter(|plan| !is_left(plan)).collect();
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
        let kept = match &plan.action {
            Action::Keep => Some(plan.hook.kept_name()),
            Action::SetAside(copy) => Some(copy.clone()),
            Action::Write | Action::Leave(_) | Action::LeaveEdited => None,
        };
        if let Some(kept) = kept {
            let kept = folder.join(kept);
            fs::rename(&file, &kept).with_context(replacing)?;
            undo.push(Undo::Rename { from: kept, to: file.clone() });
        } else if !is_present(&file) {
            undo.push(Undo::Remove(file.clone()));
        }
        fs::rename(new, &file).with_context(replacing)?;
    }
    Ok(())
}

/// What there was of ours to remove.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Nothing,
    /// Something was changed or had to be said.
    Something,
    Edited,
}

fn remove(folder: &Path, hook: &Hook, out: &mut dyn Write) -> Result<Found> {
    let kept = folder.join(hook.kept_name());
    let mut found = Found::Nothing;
    for name in hook.shim_names() {
        let file = folder.join(&name);
        let removing = || format!("removing {}", shown(&file));
        let Owner::Onehead(shim) = owner(&file, hook)? else { continue };
        if shim == Shim::Edited {
            found = Found::Edited;
            writeln!(out, "{name}: {}", edited(hook, &name, "uninstall"))?;
            continue;
        }
        let mut said = "removed".to_owned();
        if shim == Shim::OtherVersion {
            let copy = free_name(folder, &name);
            fs::rename(&file, folder.join(&copy)).with_context(removing)?;
            said += &format!("; it was from another version of onehead and is kept as `{copy}`");
        }
        // An edited hook goes on running what was kept.
        if found != Found::Edited && is_present(&kept) {
            fs::rename(&kept, &file).with_context(removing)?;
            said += "; your own hook is back";
        } else if shim == Shim::Untouched {
            fs::remove_file(&file).with_context(removing)?;
        }
        if found == Found::Nothing {
            found = Found::Something;
        }
        writeln!(out, "{name}: {said}")?;
    }
    if found == Found::Edited {
        return Ok(found);
    }
    let file = folder.join(hook.name);
    if is_present(&kept) {
        found = Found::Something;
        if is_present(&file) {
            let name = hook.kept_name();
            writeln!(out, "{}: not ours, left alone; the hook it replaced is still there as `{name}`", hook.name)?;
        } else {
            fs::rename(&kept, &file).with_context(|| format!("putting back {}", shown(&file)))?;
            writeln!(out, "{}: was gone; your own hook is back", hook.name)?;
        }
    } else if found == Found::Nothing && owner(&file, hook)? == Owner::Caller {
        found = Found::Something;
        writeln!(out, "{}: your own hook calls onehead; left alone: remove the call there", hook.name)?;
    }
    Ok(found)
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
    let is_ours = |name: &str| matches!(owner(&folder.path.join(name), hook), Ok(Owner::Onehead(_)));
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
        let plans = [(commit, Action::Keep), (merge, Action::Write), (push, Action::Write)]
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
