//! Turns what was asked (a hook, a flag) into a question for the project: which snapshot, which parents, which base
//! branches; and asks git, once something was found, where the other head came from.

use std::rc::Rc;

use anyhow::{Context as _, Result, bail};
use time::OffsetDateTime;

use super::one_line;
use crate::config::{self, Settings};
use crate::diagnostic::{Diagnostic, Side};
use crate::git::{Base, Blob, Change, CommitId, Entry, IndexSnapshot, Repository, Snapshot, WorkTreeSnapshot};
use crate::project::{BaseQuestion, Drift, Moment, Project, Question, apportion, models};
use crate::source::{RepoPath, escape};
use crate::{render, rules, suppress};

/// What is looked at.
pub enum Subject {
    Index(Rc<IndexSnapshot>),
    WorkTree(Rc<WorkTreeSnapshot>),
    Commit(CommitId),
}

impl Subject {
    /// The commit of that name, else the work tree; in a bare repository, the commit that HEAD is.
    pub fn named(repository: &Repository, revision: Option<&str>) -> Result<Subject> {
        match (revision, repository.is_bare()) {
            (Some(revision), _) => Ok(Subject::Commit(repository.resolve(revision)?)),
            (None, true) if let Some(head) = repository.head()? => Ok(Subject::Commit(head)),
            (None, _) => Ok(Subject::WorkTree(Rc::new(repository.work_tree()?))),
        }
    }

    fn snapshot(&self, repository: &Repository) -> Result<Rc<dyn Snapshot>> {
        Ok(match self {
            Subject::Index(index) => index.clone(),
            Subject::WorkTree(work_tree) => work_tree.clone(),
            Subject::Commit(commit) => Rc::new(repository.snapshot(*commit)?),
        })
    }

    /// What it changes against a commit; `None` where only looking at every file would tell.
    fn changes(&self, repository: &Repository, before: CommitId) -> Result<Option<Vec<Change>>> {
        match self {
            Subject::Index(index) => repository.staged(index, Some(before)).map(Some),
            Subject::WorkTree(_) => Ok(None),
            Subject::Commit(commit) => repository.tree_changes(before, *commit).map(Some),
        }
    }
}

/// A question, and the commits behind its snapshots.
pub struct Asked {
    repository: Rc<Repository>,
    subject: Subject,
    settings: Settings,
    question: Question,
    /// The commit that is asked about, or that the index and the work tree grow from.
    tip: Option<CommitId>,
    /// Of each parent: what a person calls it, and the commit.
    parents: Vec<(String, CommitId)>,
    bases: Vec<Base>,
    /// What was not looked at, and why: a line each.
    pub remarks: Vec<String>,
}

/// Which base branches to look at.
pub struct Wanted<'a> {
    /// By flag.
    pub base: Option<&'a str>,
    /// The remote that is pushed to.
    pub remote: Option<&'a str>,
    /// The local ref that is pushed or checked, unless it is what HEAD is on: no base of itself.
    pub pushing: Option<&'a str>,
    /// Whether one that cannot be looked at is an error, and not only worth a remark.
    pub must: bool,
}

impl Wanted<'_> {
    pub const ANY: Wanted<'static> = Wanted { base: None, remote: None, pushing: None, must: false };
}

impl Asked {
    /// About a snapshot alone: all that is in it is new.
    pub fn about(repository: &Rc<Repository>, subject: Subject, moment: Moment) -> Result<Asked> {
        let snapshot = subject.snapshot(repository)?;
        let tip = match subject {
            Subject::Commit(commit) => Some(commit),
            Subject::Index(_) | Subject::WorkTree(_) => repository.head()?,
        };
        let settings = Settings::load(&*snapshot)?;
        if let Some(level) = settings.rules.iter().find(|level| rules::find(&level.slug).is_none()) {
            let file = settings.file.as_ref().map(ToString::to_string).unwrap_or_default();
            let (line, column) = (level.position.line, level.position.column);
            bail!("{file}:{line}:{column}: there is no rule `{}`; `onehead rules` lists them", level.slug);
        }
        let question = Question {
            snapshot,
            parents: Vec::new(),
            published: None,
            bases: Vec::new(),
            moment,
            read_whole: true,
            compare: false,
            today: today(),
        };
        Ok(Asked {
            repository: repository.clone(),
            subject,
            settings,
            question,
            tip,
            parents: Vec::new(),
            bases: Vec::new(),
            remarks: Vec::new(),
        })
    }

    /// Adds a tree that was there before.
    pub fn parent(&mut self, name: &str, commit: CommitId) -> Result<()> {
        if !self.parents.iter().any(|(_, known)| *known == commit) {
            if self.is_base(name) {
                self.question.published = Some(self.parents.len());
            }
            self.question.parents.push(Rc::new(self.repository.snapshot(commit)?));
            self.parents.push((name.to_owned(), commit));
        }
        Ok(())
    }

    /// The commit that is asked about, or that the index and the work tree grow from.
    pub fn tip(&self) -> Option<CommitId> {
        self.tip
    }

    pub fn snapshot(&self) -> &Rc<dyn Snapshot> {
        &self.question.snapshot
    }

    /// The commits that were there before.
    pub fn commits(&self) -> impl Iterator<Item = CommitId> {
        self.parents.iter().map(|(_, commit)| *commit)
    }

    /// The base branches there are. None is worth a remark, unless the work is done on the base branch itself.
    pub fn find_bases(&mut self, wanted: &Wanted) -> Result<Vec<Base>> {
        let name = wanted.base.or(self.settings.base.as_deref());
        // one that is named for this run is meant, even where HEAD stands on it
        let pushing = if wanted.base.is_some() { Some("") } else { wanted.pushing };
        let bases = self.repository.base_candidates(name, wanted.remote, pushing);
        let bases = match bases.with_context(|| match (wanted.base, &self.settings.file) {
            (None, Some(file)) => format!("`base` in {file}"),
            _ => "looking for the base branch".into(),
        }) {
            Ok(bases) => bases,
            Err(error) if !wanted.must => {
                self.remarks.push(format!("only the tree itself was checked: {}", one_line(&error)));
                return Ok(Vec::new());
            }
            Err(error) => return Err(error),
        };
        // on the base branch itself there is nothing else to look at, and nothing to remark
        let is_own = || -> Result<bool> {
            let born = !self.repository.base_candidates(name, wanted.remote, Some(""))?.is_empty();
            Ok(born || self.repository.head_branch().is_some_and(|branch| self.is_base(&branch)))
        };
        if bases.is_empty() && !is_own()? {
            self.remarks.push(
                "no base branch (develop, main, master, the remote's default): only the tree itself was checked; \
                 name it with --base or `base` in onehead.toml"
                    .into(),
            );
        }
        Ok(bases)
    }

    /// Whether a branch of this name, here or on a remote, is a base branch.
    fn is_base(&self, branch: &str) -> bool {
        let bases = match &self.settings.base {
            Some(base) => vec![base.as_str()],
            None => vec!["develop", "main", "master"],
        };
        bases
            .iter()
            .any(|base| branch == *base || branch.strip_suffix(base).is_some_and(|remote| remote.ends_with('/')))
    }

    /// Merges the snapshot, which follows `commits`, with each base branch. Where that cannot be told (a shallow clone) a remark says
    /// so; with `must` it is an error.
    pub fn merge_with(&mut self, bases: Vec<Base>, commits: &[CommitId], must: bool) -> Result<()> {
        for base in bases {
            let merged = match self.repository.merged(self.question.snapshot.clone(), commits, base.commit) {
                Ok(merged) => merged,
                Err(error) if !must => {
                    self.remarks.push(format!("not checked against {}: {}", base.name, one_line(&error)));
                    continue;
                }
                Err(error) => return Err(error).with_context(|| format!("merging with {}", base.name)),
            };
            self.question.bases.push(BaseQuestion {
                name: base.name.clone(),
                tip: Rc::new(self.repository.snapshot(base.commit)?),
                merged: Rc::new(merged),
            });
            self.bases.push(base);
        }
        Ok(())
    }

    /// Reads headers only: what is wrong further down in a file is not asked.
    pub fn headers_only(&mut self) {
        self.question.read_whole = false;
    }

    /// Loads the project and asks nothing of it.
    pub fn load(&mut self) -> Result<Project> {
        self.question.compare = self.question.read_whole && self.may_drift()?;
        let project = Project::load(&self.question, self.settings.clone())?;
        let unread = |(path, why): &(RepoPath, String)| {
            format!("{path} cannot be read, and neither can Alembic: {}", escape(why))
        };
        self.remarks.extend(project.problems.iter().map(unread));
        Ok(project)
    }

    /// Whether something changed since each parent that models or migrations could depend on.
    fn may_drift(&self) -> Result<bool> {
        for ((_, commit), parent) in self.parents.iter().zip(&self.question.parents) {
            let Some(changes) = self.subject.changes(&self.repository, *commit)? else { continue };
            if !matters(&changes, &**parent, &*self.question.snapshot)? {
                return Ok(false);
            }
        }
        Ok(!self.parents.is_empty())
    }

    /// Loads the project, and compares models and migrations of every environment; with `all` also what is not new. By environment.
    pub fn drift(&mut self, all: bool) -> Result<Vec<(String, Drift)>> {
        self.headers_only();
        let project = self.load()?;
        let mut res = Vec::new();
        for scope in &project.scopes {
            let drift = scope.compare(&self.question, &project.settings, all)?;
            res.extend(drift.map(|drift| (scope.environment.name.clone(), drift)));
        }
        apportion(res.iter_mut().map(|(_, drift)| drift));
        Ok(res)
    }

    /// Loads the project and asks every rule.
    pub fn answer(&mut self) -> Result<(Project, Vec<Diagnostic>)> {
        let project = self.load()?;
        let has_base = !self.question.bases.is_empty();
        let decided = |rule: &str| has_base || !rules::needs_base(rule);
        let diagnostics = suppress::apply(rules::run(&project), &project.changed(), decided);
        let mut diagnostics = rules::weigh(diagnostics, &project.settings);
        rules::sort(&mut diagnostics);
        for diagnostic in &mut diagnostics {
            // finding a commit may take a walk through history: only for what is drawn
            for branch in diagnostic.fork.iter_mut().flat_map(|fork| &mut fork.branches).take(render::MAX_BRANCHES) {
                branch.note = self.origin(branch.side, &branch.head.path);
            }
        }
        Ok((project, diagnostics))
    }

    /// Where a head was first seen: the branch, and the commit that brought it.
    fn origin(&self, side: Side, path: &RepoPath) -> String {
        let (name, commit) = match side {
            Side::Ours => (None, self.tip),
            Side::Parent(at) => (Some(&self.parents[at].0), Some(self.parents[at].1)),
            Side::Base(at) => (Some(&self.bases[at].name), Some(self.bases[at].commit)),
        };
        let info = commit.and_then(|commit| self.repository.last_change(commit, path));
        match (name, info) {
            (Some(name), Some(info)) => format!("{name}, {}, {}, {}", info.short, info.author, info.date),
            (Some(name), None) => name.clone(),
            (None, Some(info)) => format!("{}, {}, {}", info.short, info.author, info.date),
            (None, None) if self.question.moment == Moment::Committed => "here".into(),
            (None, None) => "not committed yet".into(),
        }
    }
}

/// Whether a change may have to do with migrations or models: by its path, or by what the file says.
pub fn matters(changes: &[Change], old: &dyn Snapshot, new: &dyn Snapshot) -> Result<bool> {
    if changes.iter().any(|change| config::may_matter(&change.path)) {
        return Ok(true);
    }
    let python: Vec<&Change> = changes.iter().filter(|change| change.path.file_name().ends_with(b".py")).collect();
    let read = |snapshot: &dyn Snapshot, side: fn(&Change) -> Option<&Entry>| -> Result<Vec<Option<Blob>>> {
        let mut blobs =
            snapshot.read(&python.iter().filter_map(|change| side(change)).collect::<Vec<_>>())?.into_iter();
        Ok(python.iter().map(|change| side(change).and_then(|_| blobs.next())).collect())
    };
    let (was, is) = (read(old, |change| change.old.as_ref())?, read(new, |change| change.new.as_ref())?);
    let speaks = |blob: &Option<Blob>| matches!(blob, Some(Blob::Bytes(bytes)) if contains(bytes, b"down_revision"));
    let mut files = python.iter().zip(&was).zip(&is);
    Ok(files.any(|((change, was), is)| {
        speaks(was) || speaks(is) || models::may_touch(&change.path, was.as_ref(), is.as_ref())
    }))
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

/// Today as `YYYYMMDD`, in UTC.
fn today() -> String {
    OffsetDateTime::now_utc().date().to_string().replace('-', "")
}
