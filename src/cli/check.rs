//! `onehead check`: the hooks' questions, asked by a person or in CI.

use std::rc::Rc;

use anyhow::{Result, bail};
use clap::Args;

use super::question::{Asked, Subject, Wanted};
use super::{Context, status, written};
use crate::ExitStatus;
use crate::diagnostic::{Diagnostic, Severity};
use crate::git::{IndexSnapshot, Repository};
use crate::project::{Moment, Project};
use crate::render::{self, Format};

#[derive(Args)]
pub struct CheckArguments {
    /// Check what is staged, as the pre-commit hook does
    #[arg(long, conflicts_with_all = ["commit", "head", "all"])]
    staged: bool,
    /// Check a commit as it was made, against its own parents
    #[arg(long, value_name = "REV", conflicts_with_all = ["head", "all"])]
    commit: Option<String>,
    /// Check a commit as it would be merged into the base branch, instead of the work tree
    #[arg(long, value_name = "REV")]
    head: Option<String>,
    /// The base branch; else `base` in onehead.toml, develop, main, master, or the remote's default
    #[arg(long, value_name = "REF")]
    base: Option<String>,
    /// Judge the whole history, not only what is new
    #[arg(long)]
    all: bool,
}

pub fn check(arguments: &CheckArguments, context: &mut Context) -> Result<ExitStatus> {
    let repository = Rc::new(Repository::open(&context.dir, &context.io.env)?);
    let base = arguments.base.as_deref();
    let mut asked = if arguments.staged {
        staged(&repository, repository.index()?, base, true)?
    } else if let Some(revision) = &arguments.commit {
        commit(&repository, revision, base)?
    } else {
        merged(&repository, arguments.head.as_deref(), base, arguments.all)?
    };
    let (project, diagnostics) = asked.answer()?;
    if let (true, Some((path, why))) = (project.scopes.is_empty(), project.problems.first()) {
        bail!("nothing was checked: {path} cannot be read: {why}");
    }
    show(context, &asked, &project, &diagnostics)?;
    Ok(status(&diagnostics))
}

/// The index, against HEAD and the commits that are being merged into it, merged with the base branch. `must`: that it
/// cannot be is an error.
pub fn staged(repository: &Rc<Repository>, index: IndexSnapshot, base: Option<&str>, must: bool) -> Result<Asked> {
    if repository.is_bare() {
        bail!("a bare repository has no index; --commit or --head takes a commit");
    }
    let merging = repository.merge_heads()?;
    let moment = if merging.is_empty() { Moment::Committing } else { Moment::Merging };
    let head = repository.head()?;
    let mut asked = Asked::about(repository, Subject::Index(Rc::new(index)), moment)?;
    if let Some(head) = head {
        asked.parent(repository.head_branch().as_deref().unwrap_or("HEAD"), head)?;
    }
    for &commit in &merging {
        let name = repository.branch_at(commit);
        asked.parent(name.as_deref().unwrap_or("MERGE_HEAD"), commit)?;
    }
    let bases = asked.find_bases(&Wanted { base, must, ..Wanted::ANY })?;
    let parents: Vec<_> = head.into_iter().chain(merging).collect();
    asked.merge_with(bases, &parents, must)?;
    Ok(asked)
}

/// A commit, against its own parents; merged with a base branch only when one is named.
fn commit(repository: &Rc<Repository>, revision: &str, base: Option<&str>) -> Result<Asked> {
    let commit = repository.resolve(revision)?;
    let mut asked = Asked::about(repository, Subject::Commit(commit), Moment::Committed)?;
    let parents = repository.parents(commit)?;
    if parents.is_empty() && repository.is_shallow() {
        bail!("the parents of {revision} are not in this shallow clone: git fetch --deepen=1");
    }
    for (number, parent) in parents.into_iter().enumerate() {
        asked.parent(&format!("{revision}^{}", number + 1), parent)?;
    }
    if base.is_some() {
        let bases = asked.find_bases(&Wanted { base, must: true, ..Wanted::ANY })?;
        asked.merge_with(bases, &[commit], true)?;
    }
    Ok(asked)
}

/// A commit or the work tree, against the merge base with the base branch, merged with the base branch.
fn merged(repository: &Rc<Repository>, head: Option<&str>, base: Option<&str>, all: bool) -> Result<Asked> {
    let subject = Subject::named(repository, head)?;
    let moment = match subject {
        Subject::Commit(_) => Moment::Committed,
        Subject::Index(_) | Subject::WorkTree(_) => Moment::Committing,
    };
    let mut asked = Asked::about(repository, subject, moment)?;
    let Some(commit) = asked.tip() else { return Ok(asked) };
    let own = head.filter(|&head| head != "HEAD").map(|head| format!("refs/heads/{head}"));
    let bases = asked.find_bases(&Wanted { base, pushing: own.as_deref(), must: true, ..Wanted::ANY })?;
    if !all && bases.is_empty() && head.is_none() {
        // on the base branch itself what is committed was there
        asked.parent("HEAD", commit)?;
    }
    if !all {
        for base in &bases {
            for ancestor in repository.merge_bases(commit, base.commit)? {
                asked.parent(&base.name, ancestor)?;
            }
        }
    }
    asked.merge_with(bases, &[commit], true)?;
    Ok(asked)
}

fn show(context: &mut Context, asked: &Asked, project: &Project, diagnostics: &[Diagnostic]) -> Result<()> {
    let refused = status(diagnostics) == ExitStatus::Refused;
    if context.format == Format::Json {
        for remark in &asked.remarks {
            let _ = writeln!(context.io.stderr, "onehead: {remark}");
        }
        return context.print_json(&render::json::check_json(refused, diagnostics));
    }
    let color = render::use_color(context.color, context.io.stdout_is_terminal, &context.io.env);
    let out = &mut context.io.stdout;
    let result = (|| {
        render::diagnostics_human(out, diagnostics, color)?;
        for remark in &asked.remarks {
            writeln!(out, "onehead: {remark}")?;
        }
        match render::summary(diagnostics) {
            Some(summary) => writeln!(out, "\n{summary}"),
            None => writeln!(out, "{}", all_well(project)),
        }
    })();
    written(result)
}

/// One line that says what was looked at.
fn all_well(project: &Project) -> String {
    let n_revisions: usize = project.scopes.iter().map(|scope| scope.tree.graph.nodes.len()).sum();
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    match &project.scopes[..] {
        [] => "no Alembic environment found".into(),
        [scope] => {
            let graph = &scope.tree.graph;
            let heads: Vec<&str> = graph.heads().into_iter().map(|at| graph.nodes[at].id.as_str()).collect();
            let heads = match heads.len() {
                0 => "no revision yet".into(),
                n => format!("head{} {}", plural(n), crate::source::escape(&heads.join(", "))),
            };
            let unknown = match scope.tree.n_unplaced() {
                0 => String::new(),
                n => format!("; {n} file{} cannot be placed: what they declare is computed or not here", plural(n)),
            };
            format!("all is well: {n_revisions} revision{}, {heads}{unknown}", plural(n_revisions))
        }
        scopes => format!("all is well: {n_revisions} revisions in {} environments", scopes.len()),
    }
}

/// What a hook shows: what is new, and nothing when there is nothing.
pub fn worth_showing(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.into_iter().filter(|diagnostic| diagnostic.severity > Severity::Note).collect()
}
