//! What git, or a hook framework, told the hook that called us: pure functions over its environment and standard input.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use anyhow::{Context, Result};

use super::CommitId;
use crate::source::escape;

/// One ref that is about to be pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// What is pushed, as git names it: a full ref, `HEAD`, a revision, `(delete)`.
    pub local_ref: String,
    /// The object pushed; it may be an annotated tag: `Repository::resolve` peels it. `None`: the ref is deleted.
    pub local: Option<CommitId>,
    /// The full name of the ref on the other side.
    pub remote_ref: String,
    /// Where it pointed before; `None` when it is new. It need not exist here.
    pub remote: Option<CommitId>,
}

/// What a push does to its remote ref.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushKind {
    Delete,
    /// `refs/heads/…`, and what Gerrit takes for review, `refs/for/…`.
    Branch,
    /// `refs/tags/…`
    Tag,
    /// Anything else: notes, other people's remote-tracking refs in a mirror.
    Other,
}

impl Push {
    pub fn kind(&self) -> PushKind {
        let is = |prefix: &str| self.remote_ref.starts_with(prefix);
        match self.local {
            None => PushKind::Delete,
            Some(_) if is("refs/heads/") || is("refs/for/") => PushKind::Branch,
            Some(_) if is("refs/tags/") => PushKind::Tag,
            Some(_) => PushKind::Other,
        }
    }
}

/// The commits a `pre-merge-commit` hook is merging into HEAD, from the names `GITHEAD_<id>` in its environment
/// (no MERGE_HEAD exists yet). Sorted by id.
pub fn merged_commits(env: &BTreeMap<OsString, OsString>) -> Vec<CommitId> {
    env.keys().filter_map(|name| CommitId::from_hex(name.to_str()?.strip_prefix("GITHEAD_")?)).collect()
}

/// The refs a `pre-push` hook is asked about: the lines of its standard input, else the one ref that pre-commit and prek
/// name in `PRE_COMMIT_TO_REF` and its companions. Empty: nothing is pushed. A malformed line is an error.
pub fn pushes(env: &BTreeMap<OsString, OsString>, stdin: &[u8]) -> Result<Vec<Push>> {
    let text = String::from_utf8_lossy(stdin);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    match lines.is_empty() {
        true => Ok(framework_push(env)?.into_iter().collect()),
        false => lines.into_iter().map(line).collect(),
    }
}

/// `<local ref> SP <local id> SP <remote ref> SP <remote id>`; the local ref may be a revision, the others hold no space.
fn line(line: &str) -> Result<Push> {
    let malformed = || format!("not a line that git gives to a pre-push hook: `{}`", escape(line));
    let mut fields = line.rsplitn(4, ' ');
    let mut field = || fields.next().filter(|field| !field.is_empty()).with_context(malformed);
    let [remote, remote_ref, local, local_ref] = [field()?, field()?, field()?, field()?];
    let id = |hex: &str| id(hex).with_context(malformed);
    Ok(Push {
        local_ref: local_ref.to_string(),
        local: id(local)?,
        remote_ref: remote_ref.to_string(),
        remote: id(remote)?,
    })
}

/// What the frameworks say of the first ref pushed; they keep the other lines to themselves.
fn framework_push(env: &BTreeMap<OsString, OsString>) -> Result<Option<Push>> {
    let var = |name: &str| {
        let value = env.get(OsStr::new(&format!("PRE_COMMIT_{name}")))?.to_str()?;
        (!value.is_empty()).then(|| value.to_string())
    };
    let Some(to) = var("TO_REF") else { return Ok(None) };
    let local = id(&to).with_context(|| format!("PRE_COMMIT_TO_REF is not an object id: `{}`", escape(&to)))?;
    Ok(Some(Push {
        local_ref: var("LOCAL_BRANCH").unwrap_or(to),
        local,
        remote_ref: var("REMOTE_BRANCH").unwrap_or_default(),
        remote: var("FROM_REF").and_then(|from| id(&from).flatten()),
    }))
}

/// An object id; all zeros are `Some(None)`, what is no id is `None`.
fn id(hex: &str) -> Option<Option<CommitId>> {
    let id = CommitId::from_hex(hex)?;
    Some((!id.0.is_zero()).then_some(id))
}
