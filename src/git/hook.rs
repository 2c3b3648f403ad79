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
    /// The full name of the ref on the other side; empty where a framework does not tell it.
    pub remote_ref: String,
    /// Where it pointed before; `None` when it is new. It need not exist here.
    pub remote: Option<CommitId>,
}

/// What a push does to its remote ref.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushKind {
    Delete,
    /// `refs/heads/…`, what Gerrit takes for review, `refs/for/…`, and what nobody named: most likely a branch.
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
            Some(_) if is("refs/heads/") || is("refs/for/") || self.remote_ref.is_empty() => PushKind::Branch,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn env(vars: &[(&str, &str)]) -> BTreeMap<OsString, OsString> {
        vars.iter().map(|(name, value)| (name.into(), value.into())).collect()
    }

    #[test]
    fn what_is_merged_is_in_the_names_of_the_environment() {
        let [one, two] = ["1".repeat(40), "2".repeat(64)];
        let env = env(&[(&format!("GITHEAD_{two}"), "x"), (&format!("GITHEAD_{one}"), "develop"), ("GITHEAD_x", "no")]);
        assert_eq!(merged_commits(&env).iter().map(CommitId::to_string).collect::<Vec<_>>(), [one, two]);
    }

    #[test]
    fn every_line_of_a_push_is_read() {
        let [a, b, zero] = ["a".repeat(40), "b".repeat(40), "0".repeat(40)];
        let [long, long_zero] = ["c".repeat(64), "0".repeat(64)];
        let stdin = format!(
            "refs/heads/feat {a} refs/heads/feat {b}\nHEAD {a} refs/heads/x {zero}\n(delete) {zero} refs/heads/a {b}\n\
             refs/tags/t {a} refs/tags/t {zero}\nrefs/notes/n {a} refs/notes/n {zero}\n\
             HEAD@{{1 day ago}} {long} refs/for/develop {long_zero}\n"
        );
        let pushes = pushes(&BTreeMap::new(), stdin.as_bytes()).expect("six lines");
        let kinds: Vec<_> = pushes.iter().map(Push::kind).collect();
        use PushKind::{Branch, Delete, Other, Tag};
        assert_eq!(kinds, [Branch, Branch, Delete, Tag, Other, Branch]);
        assert_eq!(pushes[0].remote.map(|id| id.to_string()), Some(b));
        assert_eq!(
            (&pushes[1].local_ref[..], &pushes[1].remote_ref[..], pushes[1].remote),
            ("HEAD", "refs/heads/x", None)
        );
        assert_eq!(pushes[2].local, None);
        assert_eq!(
            (&pushes[5].local_ref[..], pushes[5].local.map(|id| id.to_string())),
            ("HEAD@{1 day ago}", Some(long))
        );
    }

    #[test]
    fn a_malformed_line_is_an_error() {
        let id = "a".repeat(40);
        for line in ["x", &format!("x {id} y abc"), &format!("x  y {id}"), &format!("x {id}0 y {id}"), "\u{1b}[31m \0"]
        {
            let error = pushes(&BTreeMap::new(), line.as_bytes()).expect_err("malformed").to_string();
            assert!(!error.contains('\u{1b}'), "{error:?}");
        }
        assert_eq!(pushes(&BTreeMap::new(), b"\n").expect("nothing"), []);
    }

    #[test]
    fn frameworks_tell_of_one_ref() {
        let id = "a".repeat(40);
        let mut vars = vec![
            ("PRE_COMMIT_FROM_REF", "HEAD~1"),
            ("PRE_COMMIT_TO_REF", &id),
            ("PRE_COMMIT_LOCAL_BRANCH", "refs/heads/feat"),
            ("PRE_COMMIT_REMOTE_BRANCH", "refs/heads/feat"),
        ];
        let found = pushes(&env(&vars), b"").expect("one ref");
        assert_eq!((found.len(), found[0].kind(), found[0].remote), (1, PushKind::Branch, None));
        vars[0].1 = &id;
        assert_eq!(pushes(&env(&vars), b"").expect("one ref")[0].remote, CommitId::from_hex(&id));
        let unnamed = &pushes(&env(&vars[..2]), b"").expect("one ref")[0];
        assert_eq!((unnamed.kind(), &unnamed.local_ref[..]), (PushKind::Branch, &id[..]));
        vars[1].1 = "nope";
        assert!(pushes(&env(&vars), b"").is_err());
    }
}
