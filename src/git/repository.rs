//! Opening a repository as git would, and its snapshots. What its history says is `history`'s.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{Context, Result, anyhow};
use git2::{ErrorCode, RepositoryOpenFlags};

use super::index::IndexFile;
use super::objects::Objects;
use super::{IndexSnapshot, WorkTreeSnapshot};
use crate::source::escape;

/// An open repository.
pub struct Repository {
    objects: Rc<Objects>,
    index_path: PathBuf,
}

impl Repository {
    /// Opens the repository that git would use in `dir` (absolute) with this environment: `GIT_DIR`, `GIT_WORK_TREE`,
    /// `GIT_INDEX_FILE`, `GIT_OBJECT_DIRECTORY`, `GIT_ALTERNATE_OBJECT_DIRECTORIES`, `GIT_CEILING_DIRECTORIES`.
    /// The error says why it cannot be read and what to do.
    pub fn open(dir: &Path, env: &BTreeMap<OsString, OsString>) -> Result<Self> {
        // Whoever can write here can also write the hook: hashing every object again would find only a failing disk.
        git2::opts::strict_hash_verification(false);
        let var = |name: &str| env.get(OsStr::new(name)).filter(|value| !value.is_empty());
        let git_dir = var("GIT_DIR").map(|git_dir| dir.join(git_dir));
        let inner = match &git_dir {
            Some(git_dir) => git2::Repository::open_ext(
                git_dir,
                RepositoryOpenFlags::NO_SEARCH | RepositoryOpenFlags::NO_DOTGIT,
                [] as [&OsStr; 0],
            ),
            None => {
                let ceilings = var("GIT_CEILING_DIRECTORIES").map(std::env::split_paths).into_iter().flatten();
                git2::Repository::open_ext(dir, RepositoryOpenFlags::empty(), ceilings)
            }
        }
        .map_err(|error| refusal(&error, git_dir.as_deref().unwrap_or(dir)))?;

        let work_tree = match var("GIT_WORK_TREE") {
            Some(work_tree) => Some(dir.join(work_tree)),
            // With GIT_DIR alone, git takes the current folder for the top, unless `core.worktree` or `core.bare` say otherwise.
            None if git_dir.is_some() && (inner.is_worktree() || (!inner.is_bare() && !names_work_tree(&inner))) => {
                Some(dir.to_path_buf())
            }
            None => None,
        };
        if let Some(work_tree) = work_tree {
            inner.set_workdir(&work_tree, false).with_context(|| format!("the work tree `{}`", shown(&work_tree)))?;
        }

        let alternates = var("GIT_ALTERNATE_OBJECT_DIRECTORIES").map(std::env::split_paths).into_iter().flatten();
        let further = var("GIT_OBJECT_DIRECTORY").map(PathBuf::from).into_iter().chain(alternates);

        let index_path = match var("GIT_INDEX_FILE") {
            Some(path) => inner.workdir().unwrap_or(dir).join(path),
            None => inner.path().join("index"),
        };
        let objects = Objects::new(inner, further.map(|objects| dir.join(objects)))?;
        Ok(Self { objects: Rc::new(objects), index_path })
    }

    /// The top of the work tree; `None` in a bare repository.
    pub fn work_dir(&self) -> Option<&Path> {
        self.inner().workdir()
    }

    /// The git directory of this work tree (of a linked one: its own).
    pub fn git_dir(&self) -> &Path {
        self.inner().path()
    }

    pub fn is_bare(&self) -> bool {
        self.inner().workdir().is_none()
    }

    pub fn is_shallow(&self) -> bool {
        self.inner().is_shallow()
    }

    /// What is staged. An index file that does not exist is empty; one that cannot be read is an error that says why.
    pub fn index(&self) -> Result<IndexSnapshot> {
        Ok(IndexSnapshot::new(Rc::clone(&self.objects), Rc::new(self.index_file()?)))
    }

    /// The files on disk. An error in a bare repository.
    pub fn work_tree(&self) -> Result<WorkTreeSnapshot> {
        let top = self.work_dir().context("a bare repository has no files on disk; name a commit to check")?;
        Ok(WorkTreeSnapshot::new(Rc::clone(&self.objects), top.to_path_buf(), self.index_file()?))
    }

    pub(super) fn inner(&self) -> &git2::Repository {
        &self.objects.repository
    }

    pub(super) fn objects(&self) -> &Rc<Objects> {
        &self.objects
    }

    fn index_file(&self) -> Result<IndexFile> {
        IndexFile::open(&self.index_path, self.inner().object_format())
    }
}

fn names_work_tree(repository: &git2::Repository) -> bool {
    repository.config().is_ok_and(|config| config.get_path("core.worktree").is_ok())
}

/// Why a repository cannot be opened, and the way around.
fn refusal(error: &git2::Error, dir: &Path) -> anyhow::Error {
    let dir = shown(dir);
    let message = escape(error.message()).into_owned();
    let extension = message.split("unsupported extension name ").nth(1);
    match (error.code(), extension) {
        (ErrorCode::NotFound, _) => anyhow!("`{dir}` is not in a git repository"),
        (ErrorCode::Owner, _) => {
            // The path to trust is the top, which `dir` may lie below.
            let top = message.split('\'').nth(1).map_or(&dir[..], |top| top.trim_end_matches('/'));
            anyhow!(
                "the repository at `{top}` belongs to another user; \
                 `git config --global --add safe.directory {top}` trusts it"
            )
        }
        (_, Some("extensions.refstorage")) => anyhow!(
            "the repository at `{dir}` keeps its refs in another format than files (extensions.refStorage), which onehead \
             cannot read yet; `git refs migrate --ref-format=files` converts it"
        ),
        (_, Some("extensions.partialclone")) => anyhow!(
            "the repository at `{dir}` marks its partial clone in a way onehead cannot read (extensions.partialClone); \
             `git config remote.origin.promisor true` and `git config --unset extensions.partialClone` say the same"
        ),
        (_, Some(extension)) => {
            anyhow!("the repository at `{dir}` uses `{extension}`, which onehead does not know")
        }
        _ => anyhow!("the repository at `{dir}` cannot be read: {message}; `git status` may say more"),
    }
}

fn shown(path: &Path) -> String {
    escape(&path.to_string_lossy()).into_owned()
}
