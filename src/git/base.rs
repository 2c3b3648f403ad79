//! Which branch the work will be merged into. Only what was fetched before counts: no network is touched.

use anyhow::Result;

use super::{CommitId, Repository};

/// A branch to merge with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// As a user would type it: `origin/develop`.
    pub name: String,
    pub commit: CommitId,
    /// `refs/remotes/origin/develop`; what was asked for where that is no branch.
    pub full_ref: String,
}

/// The names tried first when nobody named a base branch.
const NAMES: [&str; 3] = ["develop", "main", "master"];

impl Repository {
    /// Where a branch was on this remote when it was last fetched; where it is on another, if this one has not got it.
    pub fn tracking(&self, remote: Option<&str>, branch: &str) -> Option<CommitId> {
        let tip = |remote: &str| Some(self.base((format!("{remote}/{branch}"), "refs/remotes/"))?.commit);
        let remotes = self.inner().remotes().ok()?;
        remote.and_then(tip).or_else(|| remotes.iter().flatten().flatten().find_map(tip))
    }

    /// The base branch as last fetched from the remote, and as it is here, in this order; only the first where both are
    /// the same commit. Empty: there is none.
    ///
    /// `wanted` (flag or configuration) is a branch name or any revision; one that does not exist is an error. Without it
    /// the first of `develop`, `main`, `master` that exists counts, else the remote's default branch, where `<remote>/HEAD`
    /// tells it. `remote` is the one pushed to (a name or a URL), else the upstream remote of HEAD's branch, `origin`, or the
    /// only one. `pushing` is the local ref being pushed (`HEAD` is its branch; empty, none): it, or without a push the
    /// branch that HEAD is on, is no base of itself.
    pub fn base_candidates(
        &self,
        wanted: Option<&str>,
        remote: Option<&str>,
        pushing: Option<&str>,
    ) -> Result<Vec<Base>> {
        let head = self.head_branch().map(|branch| format!("refs/heads/{branch}"));
        let own = match pushing {
            None | Some("HEAD") => head,
            Some(pushing) => Some(pushing.to_string()),
        };
        let remote = self.base_remote(remote);
        let default = remote.as_ref().and_then(|remote| self.default_branch(remote));
        let names = wanted.map_or_else(|| NAMES.into_iter().chain(default.as_deref()).collect(), |wanted| vec![wanted]);
        for name in names.into_iter().filter(|&name| name != "HEAD") {
            let short = name.strip_prefix("refs/heads/").unwrap_or(name);
            let tracking = remote.as_ref().map(|remote| (format!("{remote}/{short}"), "refs/remotes/"));
            let local = (short.to_string(), "refs/heads/");
            // `wanted` may already be spelled `origin/develop`.
            let spelled = (name.strip_prefix("refs/remotes/").unwrap_or(name).to_string(), "refs/remotes/");
            let found: Vec<Base> =
                tracking.into_iter().chain([local, spelled]).filter_map(|at| self.base(at)).collect();
            if found.is_empty() {
                continue;
            }
            let mut res: Vec<Base> = Vec::new();
            for base in found {
                if Some(&base.full_ref) != own.as_ref() && res.iter().all(|other| other.commit != base.commit) {
                    res.push(base);
                }
            }
            return Ok(res);
        }
        match wanted {
            Some(wanted) => {
                let commit = self.resolve(wanted)?;
                Ok(vec![Base { name: wanted.to_string(), commit, full_ref: wanted.to_string() }])
            }
            None => Ok(Vec::new()),
        }
    }

    fn base(&self, (name, namespace): (String, &str)) -> Option<Base> {
        let full_ref = format!("{namespace}{name}");
        let commit = self.inner().find_reference(&full_ref).ok()?.peel_to_commit().ok()?;
        Some(Base { name, commit: CommitId(commit.id()), full_ref })
    }

    /// The branch that `<remote>/HEAD` points to, as git notes it when it clones.
    fn default_branch(&self, remote: &str) -> Option<String> {
        let head = self.inner().find_reference(&format!("refs/remotes/{remote}/HEAD")).ok()?;
        let target = std::str::from_utf8(head.symbolic_target_bytes()?).ok()?;
        Some(target.strip_prefix(&format!("refs/remotes/{remote}/"))?.to_string())
    }

    /// The remote whose branches count.
    fn base_remote(&self, pushed: Option<&str>) -> Option<String> {
        let remotes = self.inner().remotes().ok()?;
        let names: Vec<&str> = remotes.iter().flatten().flatten().collect();
        let has_url = |name: &&&str, url: &str| {
            let remote = self.inner().find_remote(name);
            remote.is_ok_and(|remote| remote.url_bytes() == url.as_bytes())
        };
        let named = |wanted: &str| names.iter().find(|&&name| name == wanted);
        let pushed =
            pushed.and_then(|pushed| named(pushed).or_else(|| names.iter().find(|name| has_url(name, pushed))));
        let upstream = || {
            let key = format!("branch.{}.remote", self.head_branch()?);
            named(&self.inner().config().ok()?.get_string(&key).ok()?)
        };
        let sole = || if let [sole] = &names[..] { Some(sole) } else { None };
        pushed.or_else(upstream).or_else(|| named("origin")).or_else(sole).map(|name| name.to_string())
    }
}
