//! Where git looks for hooks, whose each hook file is, and the text of ours. Spawns `git` and reads; writes nothing.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, bail};

use super::frameworks::Framework;
use crate::source::{RepoPath, escape};

/// The environment a command runs in.
pub type Env = BTreeMap<OsString, OsString>;

/// A hook we install: the name git knows it by and the shim as it stands in `hooks/`.
pub struct Hook {
    pub name: &'static str,
    shim: &'static str,
}

/// In the order they are installed and reported.
pub static HOOKS: [Hook; 3] = [
    Hook { name: "pre-commit", shim: include_str!("../../hooks/pre-commit") },
    Hook { name: "pre-merge-commit", shim: include_str!("../../hooks/pre-merge-commit") },
    Hook { name: "pre-push", shim: include_str!("../../hooks/pre-push") },
];

const PROGRAM_LINE: &str = "onehead_bin=''";
/// How the second line of every shim begins.
const MARK: &[u8] = b"# onehead hook v";
/// How it begins in the shims of this version. A new text is a new version: else hooks we wrote would pass for edited.
const MARK_NOW: &[u8] = b"# onehead hook v1 ";

/// What a file with our mark holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shim {
    /// Exactly what this version writes, whatever program it names.
    Untouched,
    /// This version wrote it and somebody changed it: there is something in it that is not ours.
    Edited,
    /// Another version wrote it, and who may have changed it since is not known.
    OtherVersion,
}

impl Hook {
    /// The bytes to install. `program` is the absolute path tried before `onehead` on `PATH`.
    pub fn script(&self, program: Option<&Path>) -> Vec<u8> {
        let Some(program) = program else { return self.shim.into() };
        let (before, after) = self.shim.split_once(PROGRAM_LINE).unwrap_or((self.shim, ""));
        let quoted = quote(program.as_os_str().as_bytes());
        [before.as_bytes(), b"onehead_bin=", &quoted, after.as_bytes()].concat()
    }

    /// What this hook file is if it carries our mark; `None` when it does not.
    pub fn shim_in(&self, script: &[u8]) -> Option<Shim> {
        let line = script.split(|&b| b == b'\n').nth(1).filter(|line| line.starts_with(MARK))?;
        Some(if !line.starts_with(MARK_NOW) {
            Shim::OtherVersion
        } else if script == self.script(Self::recorded_program(script).as_deref()) {
            Shim::Untouched
        } else {
            Shim::Edited
        })
    }

    /// The path written into an installed shim, if one was.
    pub fn recorded_program(script: &[u8]) -> Option<PathBuf> {
        let start = find(script, b"onehead_bin='")? + b"onehead_bin=".len();
        let path = unquote(&script[start..])?;
        (!path.is_empty()).then(|| OsString::from_vec(path).into())
    }

    /// The name under which a user's own hook is kept beside ours.
    pub fn kept_name(&self) -> String {
        format!("{}.before-onehead", self.name)
    }

    /// Every name our shim may have been moved to by hook managers that came after us.
    pub fn shim_names(&self) -> [String; 3] {
        [self.name.to_owned(), format!("{}.legacy", self.name), format!("{}.old", self.name)]
    }
}

/// One value of `core.hooksPath`.
#[derive(Debug)]
pub struct Setting {
    /// `system`, `global`, `local`, `worktree` or `command`.
    pub scope: String,
    /// Such as `file:/home/me/.gitconfig`.
    pub origin: String,
    pub value: String,
}

/// Where git looks for the hooks of a repository. All paths are absolute, links in them resolved.
#[derive(Debug)]
pub struct HooksFolder {
    pub path: PathBuf,
    /// What linked work trees share; `path` is `common_dir/hooks` unless `core.hooksPath` says otherwise.
    pub common_dir: PathBuf,
    /// None in a bare repository.
    pub work_tree: Option<PathBuf>,
    /// Every `core.hooksPath`; the last one counts.
    pub settings: Vec<Setting>,
}

impl HooksFolder {
    /// Asks git about the repository `dir` lies in. Fails when there is none, or git cannot be run.
    pub fn locate(dir: &Path, env: &Env) -> Result<Self> {
        let common_dir = git_path(dir, env, &["--git-common-dir"])?;
        let bare = git(dir, env, &["rev-parse", "--is-bare-repository"])?.starts_with(b"true");
        let work_tree = if bare { None } else { Some(git_path(dir, env, &["--show-toplevel"])?) };
        let path = git_path(dir, env, &["--git-path", "hooks"]).context("finding the hooks folder")?;
        let settings =
            spawn_git(dir, env, &["config", "-z", "--show-scope", "--show-origin", "--get-all", "core.hooksPath"])?;
        let fields: Vec<String> =
            settings.stdout.split(|&b| b == 0).map(|field| RepoPath::new(field).to_string()).collect();
        let settings = fields
            .chunks_exact(3)
            .map(|field| Setting { scope: field[0].clone(), origin: field[1].clone(), value: field[2].clone() })
            .collect();
        let real = |path: PathBuf| path.canonicalize().unwrap_or(path);
        Ok(Self { path: real(path), common_dir: real(common_dir), work_tree: work_tree.map(real), settings })
    }

    /// Where git looks when `core.hooksPath` is not set.
    pub fn default_path(&self) -> PathBuf {
        self.common_dir.join("hooks")
    }

    /// Whether the folder belongs to this repository alone, so that a hook put there guards nothing else.
    pub fn is_inside(&self) -> bool {
        self.path.starts_with(&self.common_dir) || self.is_in_work_tree()
    }

    /// Whether hook files show up in `git status`.
    pub fn is_in_work_tree(&self) -> bool {
        !self.path.starts_with(&self.common_dir)
            && self.work_tree.as_ref().is_some_and(|work_tree| self.path.starts_with(work_tree))
    }

    /// Why git looks where it looks, when that is not the default.
    pub fn reason(&self) -> Option<String> {
        let Setting { scope, origin, value } = self.settings.last()?;
        Some(format!("`core.hooksPath` is `{value}` ({scope}, {origin})"))
    }
}

/// Whose a hook file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    Nobody,
    /// A shim of any version, in a regular file.
    Onehead(Shim),
    /// Somebody else's file that calls us already, or a link to a shim.
    Caller,
    Framework(Framework),
    Somebody,
    /// Not something git could run: a folder, a device.
    Unusable,
}

/// Looks at one hook file. Fails only when the file is there and cannot be read.
pub fn owner(path: &Path, hook: &Hook) -> Result<Owner> {
    let reading = || format!("reading {}", shown(path));
    let meta = match fs::symlink_metadata(path) {
        Ok(meta) => meta,
        Err(error) if is_absent(&error) => return Ok(Owner::Nobody),
        Err(error) => return Err(error).with_context(reading),
    };
    match fs::metadata(path) {
        Ok(target) if target.is_file() => {}
        Err(_) if meta.is_symlink() => return Ok(Owner::Somebody),
        _ => return Ok(Owner::Unusable),
    }
    let bytes = fs::read(path).with_context(reading)?;
    let shim = hook.shim_in(&bytes);
    Ok(if let Some(shim) = shim.filter(|_| meta.is_file()) {
        Owner::Onehead(shim)
    } else if let Some(framework) = Framework::that_wrote(&bytes) {
        Owner::Framework(framework)
    } else if shim.is_some() || calls(&bytes, hook) {
        Owner::Caller
    } else {
        Owner::Somebody
    })
}

/// Whether a script or a configuration file calls us for this hook, as far as its text tells.
pub fn calls(text: &[u8], hook: &Hook) -> bool {
    let (command, id) = (format!("hook {}", hook.name), format!("onehead-{}", hook.name));
    String::from_utf8_lossy(text).lines().any(|line| {
        !line.trim_start().starts_with('#')
            && line.contains("onehead")
            && (line.contains(&command) || line.contains(&id))
    })
}

/// Whether something is there, be it a dangling link.
pub fn is_present(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Whether this is a file that may be run, links followed.
pub fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// The first program of that name on the `PATH` of `env`.
pub fn on_path(name: &OsStr, env: &Env) -> Option<PathBuf> {
    let path = env.get(OsStr::new("PATH"))?;
    std::env::split_paths(path).map(|folder| folder.join(name)).find(|file| is_executable(file))
}

/// A path as it may be shown.
pub fn shown(path: &Path) -> String {
    format!("`{}`", RepoPath::new(path.as_os_str().as_bytes()))
}

/// A path as it can be typed: quoted for the shell where it must be, and safe to show.
pub fn typed(path: &Path) -> String {
    RepoPath::new(path.as_os_str().as_bytes()).typed()
}

/// Runs git in `dir` and hands out what it printed; when it fails, its own words on one line.
pub fn git(dir: &Path, env: &Env, args: &[&str]) -> Result<Vec<u8>> {
    let output = spawn_git(dir, env, args)?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        bail!("git says: {}", escape(words.strip_prefix("fatal: ").unwrap_or(&words)));
    }
    Ok(output.stdout)
}

fn git_path(dir: &Path, env: &Env, args: &[&str]) -> Result<PathBuf> {
    let mut path = git(dir, env, &[&["rev-parse", "--path-format=absolute"], args].concat())?;
    if path.starts_with(b"--path-format") {
        bail!("git 2.31 or newer is needed to install hooks");
    }
    if path.last() == Some(&b'\n') {
        path.pop();
    }
    Ok(OsString::from_vec(path).into())
}

fn spawn_git(dir: &Path, env: &Env, args: &[&str]) -> Result<Output> {
    let mut command = Command::new("git");
    command.arg("-C").arg(dir).args(args).env_clear().envs(env).stdin(Stdio::null());
    command.output().context("running git; is it on PATH?")
}

fn is_absent(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
}

/// One word for a POSIX shell, whatever its bytes.
fn quote(bytes: &[u8]) -> Vec<u8> {
    let mut res = vec![b'\''];
    for &byte in bytes {
        match byte {
            b'\'' => res.extend(b"'\\''"),
            _ => res.push(byte),
        }
    }
    res.push(b'\'');
    res
}

/// The word that [`quote`] wrote at the start of `bytes`.
fn unquote(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.strip_prefix(b"'")?;
    let mut res = Vec::new();
    loop {
        let at = rest.iter().position(|&b| b == b'\'')?;
        res.extend(&rest[..at]);
        match rest[at..].strip_prefix(b"'\\''") {
            Some(after) => {
                res.push(b'\'');
                rest = after;
            }
            None => return Some(res),
        }
    }
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shim_remembers_any_program_path() {
        for path in ["/usr/bin/onehead", "/a b/it's/\"$x\"/`id`/\\", "/line\nfeed/onehead", "/''"] {
            for hook in &HOOKS {
                let script = hook.script(Some(Path::new(path)));
                assert_eq!(Hook::recorded_program(&script), Some(PathBuf::from(path)));
            }
        }
        let odd = OsStr::from_bytes(b"/\xff\x81\x88/onehead");
        assert_eq!(Hook::recorded_program(&HOOKS[2].script(Some(Path::new(odd)))), Some(PathBuf::from(odd)));
        assert_eq!(Hook::recorded_program(&HOOKS[0].script(None)), None);
    }

    #[test]
    fn a_shim_that_was_edited_is_told_from_one_that_was_not() {
        for hook in &HOOKS {
            for program in [None, Some(Path::new("/it's/onehead")), Some(Path::new(OsStr::from_bytes(b"/\xff")))] {
                let script = hook.script(program);
                assert_eq!(hook.shim_in(&script), Some(Shim::Untouched));
                assert_eq!(hook.shim_in(&[&script[..], b"x"].concat()), Some(Shim::Edited));
                assert_eq!(hook.shim_in(&script[..script.len() - 1]), Some(Shim::Edited));
            }
        }
        assert_eq!(HOOKS[0].shim_in(&HOOKS[1].script(None)), Some(Shim::Edited));
        for version in ["0", "2", "10"] {
            let script = format!("#!/bin/sh\n# onehead hook v{version} pre-commit\n");
            assert_eq!(HOOKS[0].shim_in(script.as_bytes()), Some(Shim::OtherVersion));
        }
        assert_eq!(HOOKS[0].shim_in(b"#!/bin/sh\nexit 0\n"), None);
    }

    #[test]
    fn the_text_of_a_version_never_changes() {
        let ids = HOOKS.each_ref().map(|hook| {
            let id = git2::Oid::hash_object(git2::ObjectType::Blob, hook.shim.as_bytes()).expect("an id");
            id.to_string()
        });
        assert_eq!(
            ids,
            [
                "2a08526397d48ecc210ef4b7bf21fd25de397b90",
                "addfede7de84a36e339c00a5cf46e47955d7c742",
                "53272cc4e51d2c15ccc7342081eb9206b9acf031"
            ],
            "another text needs another version in its second line"
        );
    }

    #[test]
    fn shims_are_posix_text_and_alike() {
        for hook in &HOOKS {
            assert_eq!(hook.shim_in(hook.shim.as_bytes()), Some(Shim::Untouched), "{}", hook.name);
            assert!(hook.shim.starts_with("#!/bin/sh\n# onehead hook v1 "), "{}", hook.name);
            assert_eq!(hook.shim.lines().nth(1), Some(format!("# onehead hook v1 {}", hook.name).as_str()));
            assert_eq!(hook.shim.matches(PROGRAM_LINE).count(), 1, "{}", hook.name);
            assert!(!hook.shim.contains('\r'), "{}", hook.name);
        }
        let merge = HOOKS[0].shim.replace("pre-commit", "pre-merge-commit");
        assert_eq!(merge.replace("git commit", "git merge").replace("this commit", "this merge"), HOOKS[1].shim);
    }

    #[test]
    fn calls_are_seen_and_comments_are_not() {
        let [commit, _, push] = &HOOKS;
        assert!(calls(b"#!/bin/sh\n\"$HOME/bin/onehead\" hook pre-commit \"$@\"\n", commit));
        assert!(calls(b"      - id: onehead-pre-push\n", push));
        assert!(!calls(b"  # onehead hook pre-commit\n", commit));
        assert!(!calls(b"onehead hook pre-commit\n", push));
        assert!(!calls(b"other hook pre-commit\n", commit));
    }

    #[test]
    fn paths_are_typed_so_that_a_shell_takes_them() {
        assert_eq!(typed(Path::new("/a/b.c")), "/a/b.c");
        assert_eq!(typed(Path::new("/a b/it's")), "'/a b/it'\\''s'");
    }
}
