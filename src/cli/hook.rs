//! `onehead hook NAME`: what git runs. Silent when nothing is wrong; everything it says goes to standard error.

use std::io::Read;
use std::rc::Rc;

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};

use super::check::{staged, worth_showing};
use super::question::{Asked, Subject, Wanted, matters};
use super::{Context, status};
use crate::ExitStatus;
use crate::diagnostic::Diagnostic;
use crate::git::hook::{Push, PushKind, merged_commits, pushes};
use crate::git::{MemorySnapshot, Repository, Snapshot};
use crate::project::Moment;
use crate::render::{self, Format};

#[derive(Args)]
pub struct HookArguments {
    /// The hook that git runs
    name: HookName,
    /// What git passes to it
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(clippy::enum_variant_names, reason = "git's names")]
enum HookName {
    PreCommit,
    PreMergeCommit,
    PrePush,
}

pub fn hook(arguments: &HookArguments, context: &mut Context) -> Result<ExitStatus> {
    let repository = Rc::new(Repository::open(&context.dir, &context.io.env)?);
    let mut questions = match arguments.name {
        HookName::PreCommit => pre_commit(&repository)?,
        HookName::PreMergeCommit => pre_merge_commit(&repository, context)?,
        HookName::PrePush => pre_push(&repository, arguments.arguments.first().map(String::as_str), context)?,
    };
    let mut shown = Vec::new();
    for asked in &mut questions {
        let (_, diagnostics) = asked.answer()?;
        shown.extend(worth_showing(diagnostics));
        for remark in &asked.remarks {
            let _ = writeln!(context.io.stderr, "onehead: {remark}");
        }
    }
    // several refs of one push mostly say the same
    crate::rules::sort(&mut shown);
    let status = status(&shown);
    show(context, arguments.name, &shown, status)?;
    Ok(status)
}

fn pre_commit(repository: &Rc<Repository>) -> Result<Vec<Asked>> {
    let (index, head) = (repository.index()?, repository.head()?);
    let changes = repository.staged(&index, head)?;
    let old: Rc<dyn Snapshot> = match head {
        Some(head) => Rc::new(repository.snapshot(head)?),
        None => Rc::new(MemorySnapshot::default()),
    };
    if !matters(&changes, &*old, &index)? {
        return Ok(Vec::new());
    }
    Ok(vec![staged(repository, index, None, false)?])
}

/// The merge is not recorded yet: no MERGE_HEAD, and the other parents stand in the environment only.
fn pre_merge_commit(repository: &Rc<Repository>, context: &Context) -> Result<Vec<Asked>> {
    let head = repository.head()?;
    let mut asked = Asked::about(repository, Subject::Index(Rc::new(repository.index()?)), Moment::Merging)?;
    if let Some(head) = head {
        asked.parent(repository.head_branch().as_deref().unwrap_or("HEAD"), head)?;
    }
    for commit in merged_commits(&context.io.env) {
        let name = context.io.env.get(std::ffi::OsStr::new(&format!("GITHEAD_{commit}")));
        asked.parent(&name.map_or("the merged branch".into(), |name| name.to_string_lossy()), commit)?;
    }
    Ok(vec![asked])
}

fn pre_push(repository: &Rc<Repository>, remote: Option<&str>, context: &mut Context) -> Result<Vec<Asked>> {
    let mut stdin = Vec::new();
    context.io.stdin.read_to_end(&mut stdin).context("reading what git says is pushed")?;
    let mut res = Vec::new();
    for push in pushes(&context.io.env, &stdin)? {
        if push.kind() == PushKind::Branch
            && let Some(asked) = pushed(repository, &push, remote)?
        {
            res.push(asked);
        }
    }
    Ok(res)
}

/// The tip that is pushed, against the remote's old tip of that ref, else against the merge base with the base branch.
fn pushed(repository: &Rc<Repository>, push: &Push, remote: Option<&str>) -> Result<Option<Asked>> {
    let Some(tip) = push.local.and_then(|object| repository.resolve(&object.to_string()).ok()) else { return Ok(None) };
    let mut asked = Asked::about(repository, Subject::Commit(tip), Moment::Committed)?;
    let bases = asked.find_bases(&Wanted { remote, pushing: Some(&push.local_ref), ..Wanted::ANY })?;
    let branch = push.remote_ref.strip_prefix("refs/heads/").unwrap_or(&push.remote_ref);
    let tracked = || repository.tracking(remote, branch);
    let old = push.remote.filter(|&old| repository.contains_object(old));
    match old.or_else(tracked) {
        Some(old) => asked.parent(format!("{branch} before").trim(), old)?,
        None => {
            for base in &bases {
                for ancestor in repository.merge_bases(tip, base.commit)? {
                    asked.parent(&base.name, ancestor)?;
                }
            }
        }
    }
    let mut unchanged = asked.commits().next().is_some();
    for parent in asked.commits() {
        let changes = repository.tree_changes(parent, tip)?;
        unchanged &= !matters(&changes, &repository.snapshot(parent)?, &**asked.snapshot())?;
    }
    if unchanged {
        return Ok(None);
    }
    asked.merge_with(bases, &[tip], false)?;
    Ok(Some(asked))
}

fn show(context: &mut Context, hook: HookName, shown: &[Diagnostic], status: ExitStatus) -> Result<()> {
    let refused = status == ExitStatus::Refused;
    if context.format == Format::Json {
        return context.print_json(&render::json::check_json(refused, shown));
    }
    let color = render::use_color(context.color, context.io.stderr_is_terminal, &context.io.env);
    // a closed pipe must not turn a refusal into a pass
    let _ = render::diagnostics_human(&mut context.io.stderr, shown, color);
    if refused {
        let what = match hook {
            HookName::PreCommit => "commit",
            HookName::PreMergeCommit => "merge",
            HookName::PrePush => "push",
        };
        let summary = render::summary(shown).unwrap_or_default();
        let _ = writeln!(context.io.stderr, "\nonehead refuses this {what}: {summary}");
    }
    Ok(())
}
