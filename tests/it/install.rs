//! The installer, against real git: what the hooks run, and that nothing of the user's is lost.
//! A shell script stands in for the program and writes down how it was called.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Write;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use onehead::ExitStatus;
use onehead::cli::{demo, doctor, install};
use tempfile::TempDir;

const HOOKS: [&str; 3] = ["pre-commit", "pre-merge-commit", "pre-push"];

type Env = BTreeMap<OsString, OsString>;

/// A folder with a repository `repo`, a program `bin/onehead` that logs its calls, and an environment of its own.
struct World {
    root: TempDir,
    env: Env,
}

impl World {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let env = hermetic_env(root.path());
        let world = Self { root, env };
        write_script(
            &world.program(),
            &format!(
                "#!/bin/sh\nprintf '%s|' \"$@\" >>'{0}/log'\ncat >>'{0}/log'\necho >>'{0}/log'\nexit \"${{STUB_STATUS:-0}}\"\n",
                world.root.path().display()
            ),
        );
        fs::create_dir(world.repo()).unwrap();
        world.git(&["init", "--quiet", "--initial-branch=develop"]);
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn repo(&self) -> PathBuf {
        self.path("repo")
    }

    fn hook(&self, name: &str) -> PathBuf {
        self.repo().join(".git/hooks").join(name)
    }

    fn program(&self) -> PathBuf {
        self.path("bin/onehead")
    }

    fn try_git(&self, args: &[&str]) -> Output {
        run(Command::new("git").args(args).current_dir(self.repo()), &self.env)
    }

    fn git(&self, args: &[&str]) -> String {
        let output = self.try_git(args);
        assert!(output.status.success(), "git {args:?}: {}", text(&output));
        text(&output)
    }

    fn commit(&self, file: &str) {
        fs::write(self.repo().join(file), file).unwrap();
        self.git(&["add", "."]);
        self.git(&["commit", "--quiet", "-m", file]);
    }

    fn install(&self) -> (ExitStatus, String) {
        self.install_in(&self.repo())
    }

    fn install_in(&self, dir: &Path) -> (ExitStatus, String) {
        let mut out = Vec::new();
        let res = install::install(dir, &self.env, &self.program(), &mut out);
        spoken(res, out)
    }

    fn uninstall(&self) -> (ExitStatus, String) {
        let mut out = Vec::new();
        let res = install::uninstall(&self.repo(), &self.env, &mut out);
        spoken(res, out)
    }

    fn doctor(&self) -> (ExitStatus, String) {
        let mut out = Vec::new();
        let res = doctor::doctor(&self.repo(), &self.env, None, &mut out);
        spoken(res, out)
    }

    /// What the program was called with since the last look: arguments each followed by `|`, then standard input.
    fn calls(&self) -> String {
        let log = fs::read_to_string(self.path("log")).unwrap_or_default();
        let _ = fs::remove_file(self.path("log"));
        log
    }
}

fn hermetic_env(root: &Path) -> Env {
    let path = std::env::var("PATH").unwrap();
    [
        ("PATH", path.as_str()),
        ("HOME", root.to_str().unwrap()),
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_AUTHOR_NAME", "A"),
        ("GIT_AUTHOR_EMAIL", "a@example.com"),
        ("GIT_COMMITTER_NAME", "A"),
        ("GIT_COMMITTER_EMAIL", "a@example.com"),
        ("GIT_EDITOR", "true"),
        ("LC_ALL", "C"),
    ]
    .into_iter()
    .map(|(name, value)| (name.into(), value.into()))
    .collect()
}

fn run(command: &mut Command, env: &Env) -> Output {
    command.env_clear().envs(env).stdin(Stdio::null()).output().unwrap()
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Status and words; an error is `Failed` and says its chain, as the program does.
fn spoken(res: anyhow::Result<ExitStatus>, out: Vec<u8>) -> (ExitStatus, String) {
    let out = String::from_utf8(out).unwrap();
    match res {
        Ok(status) => (status, out),
        Err(error) => {
            let error = format!("{error:#}");
            assert!(!error.contains('\n'), "one line: {error}");
            (ExitStatus::Failed, out + &error)
        }
    }
}

/// Another process writes the file: one that this process has open for writing could be inherited for a moment by what
/// another test starts, and until then it cannot be run ("text file busy").
fn write_script(path: &Path, script: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut writer = Command::new("sh");
    writer.args(["-c", r#"cat >"$1" && chmod 755 "$1""#, "sh"]).arg(path).stdin(Stdio::piped());
    let mut writer = writer.spawn().unwrap();
    writer.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    assert!(writer.wait().unwrap().success());
}

/// Every path below a folder with its mode, and its bytes or link target.
fn snapshot(dir: &Path) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
    let mut res = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let meta = fs::symlink_metadata(&path).unwrap();
        let bytes = if meta.is_symlink() {
            fs::read_link(&path).unwrap().into_os_string().into_vec()
        } else if meta.is_dir() {
            res.extend(snapshot(&path));
            Vec::new()
        } else {
            fs::read(&path).unwrap()
        };
        res.insert(path, (meta.permissions().mode(), bytes));
    }
    res
}

#[test]
fn git_runs_the_program_on_commit_merge_and_push() {
    let world = World::new();
    assert_eq!(world.install().0, ExitStatus::Passed);

    world.commit("a");
    assert_eq!(world.calls(), "hook|pre-commit|\n");
    world.git(&["switch", "--quiet", "-c", "side"]);
    world.commit("b");
    world.git(&["switch", "--quiet", "develop"]);
    world.commit("c");
    world.calls();
    world.git(&["merge", "--no-edit", "side"]);
    assert_eq!(world.calls(), "hook|pre-merge-commit|\n");

    world.git(&["init", "--quiet", "--bare", "../a remote"]);
    world.git(&["remote", "add", "origin", "../a remote"]);
    world.git(&["push", "--quiet", "origin", "develop"]);
    let tip = world.git(&["rev-parse", "develop"]).trim().to_owned();
    let zero = "0".repeat(40);
    let line = format!("refs/heads/develop {tip} refs/heads/develop {zero}\n");
    assert_eq!(world.calls(), format!("hook|pre-push|origin|../a remote|{line}\n"));
}

#[test]
fn git_stops_when_the_program_refuses_or_is_gone() {
    let mut world = World::new();
    world.install();
    world.env.insert("STUB_STATUS".into(), "1".into());
    fs::write(world.repo().join("a"), "a").unwrap();
    world.git(&["add", "."]);
    assert_eq!(world.try_git(&["commit", "-m", "a"]).status.code(), Some(1));

    world.env.remove(OsStr::new("STUB_STATUS"));
    fs::rename(world.program(), world.path("elsewhere")).unwrap();
    let output = world.try_git(&["commit", "-m", "a"]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("git commit --no-verify") && said.contains("delete .git/hooks/pre-commit"), "{said}");

    // On PATH it is found again, wherever it was at first.
    write_script(&world.path("other/onehead"), "#!/bin/sh\necho on path: \"$@\"\n");
    let path = [world.path("other").as_os_str(), world.env[OsStr::new("PATH")].as_os_str()].join(OsStr::new(":"));
    world.env.insert("PATH".into(), path);
    assert!(world.git(&["commit", "-m", "a"]).contains("on path: hook pre-commit"));
}

#[test]
fn a_users_own_hook_runs_first_and_sees_what_it_saw() {
    let world = World::new();
    let seen = world.path("seen");
    let script = |status: u8| {
        format!(
            "#!/bin/sh\n{{ pwd; printf '<%s>' \"$@\"; cat; env | grep '^onehead_'; }} >'{}'\nexit {status}\n",
            seen.display()
        )
    };
    for hook in HOOKS {
        write_script(&world.hook(hook), &script(0));
    }
    let (status, said) = world.install();
    assert_eq!(status, ExitStatus::Passed);
    assert!(
        said.contains("pre-push: installed; your own hook is kept as `pre-push.before-onehead` and runs first"),
        "{said}"
    );
    let repo = world.repo().canonicalize().unwrap();

    world.commit("a");
    assert_eq!(fs::read_to_string(&seen).unwrap(), format!("{}\n<>", repo.display()));
    assert_eq!(world.calls(), "hook|pre-commit|\n");

    world.git(&["init", "--quiet", "--bare", "../remote"]);
    world.git(&["branch", "other"]);
    world.git(&["push", "--quiet", "../remote", "develop", "other", "HEAD:refs/heads/third"]);
    let own = fs::read_to_string(&seen).unwrap();
    let refs = own.strip_prefix(&format!("{}\n<../remote><../remote>", repo.display())).unwrap();
    assert_eq!(refs.lines().count(), 3);
    assert_eq!(world.calls(), format!("hook|pre-push|../remote|../remote|{refs}\n"));

    // Its refusal is final.
    write_script(&world.hook("pre-commit.before-onehead"), &script(3));
    assert!(!world.try_git(&["commit", "--allow-empty", "-m", "b"]).status.success());
    assert_eq!(world.calls(), "");
    let direct = run(Command::new(world.hook("pre-commit")).current_dir(world.repo()), &world.env);
    assert_eq!(direct.status.code(), Some(3));
}

#[test]
fn both_push_hooks_read_the_same_bytes() {
    let world = World::new();
    let own = world.path("own");
    write_script(&world.hook("pre-push"), &format!("#!/bin/sh\ncat >'{}'\n", own.display()));
    world.install();
    let large: Vec<u8> =
        (0..20_000).flat_map(|n| [format!("refs/heads/\u{e9}{n} ").as_bytes(), b"\xff\x81 x y\n"].concat()).collect();
    for input in [b"".as_slice(), b"a b c d\n", b"no line feed", b"two\n\n", b"%s \\n $HOME `id`\n", &large] {
        let file = world.path("input");
        fs::write(&file, input).unwrap();
        let output = Command::new(world.hook("pre-push"))
            .args(["origin", "url"])
            .current_dir(world.repo())
            .env_clear()
            .envs(&world.env)
            .stdin(fs::File::open(&file).unwrap())
            .output()
            .unwrap();
        assert_eq!(text(&output), "");
        assert_eq!(fs::read(&own).unwrap(), input);
        let log = fs::read(world.path("log")).unwrap();
        assert_eq!(log, [b"hook|pre-push|origin|url|".as_slice(), input, b"\n"].concat());
        fs::remove_file(world.path("log")).unwrap();
    }

    // An own hook that reads nothing is no error.
    write_script(&world.hook("pre-push.before-onehead"), "#!/bin/sh\nexit 0\n");
    let output = Command::new(world.hook("pre-push"))
        .current_dir(world.repo())
        .env_clear()
        .envs(&world.env)
        .stdin(fs::File::open(world.path("input")).unwrap())
        .output()
        .unwrap();
    assert_eq!((output.status.code(), text(&output).as_str()), (Some(0), ""));
}

#[test]
fn own_hooks_of_every_kind_come_back_byte_for_byte() {
    let odd = "#!/bin/sh\r\nnot \u{fffd} ours\0";
    type Kind<'a> = (&'a str, fn(&Path));
    let kinds: [Kind; 7] = [
        ("script", |path| write_script(path, "#!/bin/sh\nexit 0\n")),
        ("no shebang", |path| write_script(path, "exit 0\n")),
        ("empty", |path| write_script(path, "")),
        ("not executable", |path| fs::write(path, "#!/bin/sh\nexit 9\n").unwrap()),
        ("odd mode", |path| {
            write_script(path, "#!/bin/sh\nexit 0\n");
            fs::set_permissions(path, fs::Permissions::from_mode(0o750)).unwrap();
        }),
        ("link", |path| {
            let target = path.parent().unwrap().join("../../scripts/check.sh");
            write_script(&target, "#!/bin/sh\nexit 0\n");
            symlink("../../scripts/check.sh", path).unwrap();
        }),
        ("dangling link", |path| symlink("../nowhere", path).unwrap()),
    ];
    for (kind, make) in kinds {
        let world = World::new();
        for hook in HOOKS {
            make(&world.hook(hook));
        }
        fs::write(world.hook("commit-msg"), odd).unwrap();
        let before = snapshot(&world.repo());

        let (status, said) = world.install();
        assert_eq!(status, ExitStatus::Passed, "{kind}");
        let runs = match kind {
            "not executable" | "dangling link" => "but is not executable, so it does not run",
            _ => "and runs first",
        };
        assert_eq!(said.matches(&format!(".before-onehead` {runs}\n")).count(), 3, "{kind}: {said}");
        let installed = snapshot(&world.repo());
        assert_ne!(installed, before, "{kind}");
        assert_eq!(world.install().0, ExitStatus::Passed, "{kind}");
        assert_eq!(snapshot(&world.repo()), installed, "{kind}: installing twice is installing once");
        let hook = run(Command::new(world.hook("pre-commit")).current_dir(world.repo()), &world.env);
        assert_eq!(text(&hook), "", "{kind}");
        assert_eq!(world.calls(), "hook|pre-commit|\n", "{kind}");

        assert_eq!(world.uninstall().0, ExitStatus::Passed, "{kind}");
        assert_eq!(snapshot(&world.repo()), before, "{kind}");
        let (status, said) = world.uninstall();
        assert_eq!(status, ExitStatus::Passed, "{kind}");
        assert!(said.starts_with("nothing to uninstall"), "{kind}: {said}");
        assert_eq!(snapshot(&world.repo()), before, "{kind}");
    }
}

#[test]
fn an_edited_kept_hook_comes_back_edited() {
    let world = World::new();
    write_script(&world.hook("pre-commit"), "#!/bin/sh\n# old\n");
    world.install();
    write_script(&world.hook("pre-commit.before-onehead"), "#!/bin/sh\n# new\n");
    world.uninstall();
    assert_eq!(fs::read_to_string(world.hook("pre-commit")).unwrap(), "#!/bin/sh\n# new\n");
    assert!(!world.hook("pre-commit.before-onehead").exists());
}

#[test]
fn what_replaced_our_hook_is_left_alone() {
    let world = World::new();
    write_script(&world.hook("pre-commit"), "#!/bin/sh\n# first\n");
    world.install();
    write_script(&world.hook("pre-commit"), "#!/bin/sh\n# second\n");
    let before = snapshot(&world.repo());

    let (status, said) = world.install();
    assert_eq!(status, ExitStatus::Failed);
    assert!(said.contains("make one of the two"), "{said}");
    assert_eq!(snapshot(&world.repo()), before, "nothing half-installed");

    let (status, said) = world.uninstall();
    assert_eq!(status, ExitStatus::Passed);
    assert!(said.contains("pre-commit: not ours, left alone"), "{said}");
    assert_eq!(fs::read_to_string(world.hook("pre-commit")).unwrap(), "#!/bin/sh\n# second\n");
    assert_eq!(fs::read_to_string(world.hook("pre-commit.before-onehead")).unwrap(), "#!/bin/sh\n# first\n");
    assert!(!world.hook("pre-push").exists());
}

#[test]
fn a_deleted_shim_does_not_cost_the_kept_hook() {
    let world = World::new();
    write_script(&world.hook("pre-push"), "#!/bin/sh\n# mine\n");
    let before = snapshot(&world.repo());
    world.install();
    fs::remove_file(world.hook("pre-push")).unwrap();
    world.uninstall();
    assert_eq!(snapshot(&world.repo()), before);
}

#[test]
fn an_older_shim_is_replaced_in_place() {
    let world = World::new();
    world.install();
    let current = fs::read(world.hook("pre-commit")).unwrap();
    fs::write(world.hook("pre-commit"), "#!/bin/sh\n# onehead hook v0 pre-commit\nexit 0\n").unwrap();
    let (_, said) = world.doctor();
    assert!(said.contains("note: pre-commit: not the hook this version writes"), "{said}");
    let (_, said) = world.install();
    assert!(
        said.contains("another version of onehead is kept as `pre-commit.replaced-by-onehead`\npre-merge"),
        "{said}"
    );
    assert!(said.contains("\npre-merge-commit: already installed\n"), "{said}");
    assert_eq!(fs::read(world.hook("pre-commit")).unwrap(), current);
    assert!(!world.hook("pre-commit.before-onehead").exists());
    let copy = fs::read_to_string(world.hook("pre-commit.replaced-by-onehead")).unwrap();
    assert_eq!(copy, "#!/bin/sh\n# onehead hook v0 pre-commit\nexit 0\n");

    write_script(&world.hook("pre-commit.before-onehead"), "#!/bin/sh\n# mine\n");
    write_script(&world.hook("pre-commit"), "#!/bin/sh\n# onehead hook v0 pre-commit\nMY\n");
    let (status, said) = world.uninstall();
    assert_eq!(status, ExitStatus::Passed);
    assert!(said.contains("kept as `pre-commit.replaced-by-onehead-2`; your own hook is back\n"), "{said}");
    assert!(fs::read_to_string(world.hook("pre-commit.replaced-by-onehead-2")).unwrap().ends_with("\nMY\n"));
    assert_eq!(fs::read_to_string(world.hook("pre-commit")).unwrap(), "#!/bin/sh\n# mine\n");
}

#[test]
fn a_hook_of_ours_that_was_edited_is_left_as_it_is() {
    let world = World::new();
    write_script(&world.hook("pre-commit"), "#!/bin/sh\n# mine\n");
    world.install();
    let ours = fs::read_to_string(world.hook("pre-commit")).unwrap();
    write_script(&world.hook("pre-commit"), &format!("{ours}echo MY\n"));
    fs::remove_file(world.hook("pre-push")).unwrap();
    let edited = fs::read(world.hook("pre-commit")).unwrap();

    let (_, said) = world.doctor();
    assert!(said.contains("note: pre-commit: edited since onehead wrote it"), "{said}");
    let (status, said) = world.install();
    assert_eq!(status, ExitStatus::Failed);
    assert!(said.starts_with("pre-commit: edited since onehead wrote it, so left as it is: move your lines"), "{said}");
    assert!(said.contains("and run `onehead install`\npre-merge-commit: already installed\npre-push: installed\n"));
    assert_eq!(fs::read(world.hook("pre-commit")).unwrap(), edited);

    let (status, said) = world.uninstall();
    assert_eq!(status, ExitStatus::Failed);
    assert!(said.contains("and run `onehead uninstall`\npre-merge-commit: removed\npre-push: removed\n"), "{said}");
    assert_eq!(fs::read(world.hook("pre-commit")).unwrap(), edited);
    assert_eq!(fs::read_to_string(world.hook("pre-commit.before-onehead")).unwrap(), "#!/bin/sh\n# mine\n");
    assert!(!world.hook("pre-push").exists());

    // What the line says works, both ways.
    for command in [World::install, World::uninstall] {
        write_script(&world.hook("pre-commit.before-onehead"), "#!/bin/sh\n# mine\necho MY\n");
        fs::remove_file(world.hook("pre-commit")).unwrap();
        assert_eq!(command(&world).0, ExitStatus::Passed);
    }
    assert_eq!(fs::read_to_string(world.hook("pre-commit")).unwrap(), "#!/bin/sh\n# mine\necho MY\n");
}

#[test]
fn another_program_in_a_hook_of_ours_is_no_edit() {
    let world = World::new();
    let before = snapshot(&world.hook(""));
    let (elsewhere, mut out) = (world.path("it's elsewhere/onehead"), Vec::new());
    install::install(&world.repo(), &world.env, &elsewhere, &mut out).unwrap();
    assert_eq!(world.install().0, ExitStatus::Passed);
    world.commit("a");
    assert_eq!(world.calls(), "hook|pre-commit|\n");
    install::install(&world.repo(), &world.env, &elsewhere, &mut out).unwrap();
    world.uninstall();
    assert_eq!(snapshot(&world.hook("")), before);
}

#[test]
fn a_repository_that_cannot_be_read_gets_no_hooks() {
    type Case<'a> = (&'a str, fn(&World));
    let cases: [Case; 3] = [
        ("it is split, which onehead does not read yet", |world| {
            world.git(&["update-index", "--split-index"]);
        }),
        ("it is damaged", |world| fs::write(world.repo().join(".git/index"), "no index").unwrap()),
        ("marks its partial clone in a way onehead cannot read", |world| {
            world.git(&["config", "core.repositoryFormatVersion", "1"]);
            world.git(&["config", "extensions.partialClone", "origin"]);
        }),
    ];
    for (why, break_it) in cases {
        let world = World::new();
        world.commit("a");
        break_it(&world);
        let before = snapshot(&world.repo());
        let (status, said) = world.install();
        assert_eq!(status, ExitStatus::Failed, "{why}: {said}");
        assert!(said.starts_with("nothing installed: ") && said.contains(why), "{why}: {said}");
        assert_eq!(snapshot(&world.repo()), before, "{why}");
        let (status, said) = world.doctor();
        assert_eq!(status, ExitStatus::Refused, "{why}: {said}");
        assert!(said.contains(why) && said.contains("help: until then every commit is refused\n"), "{why}: {said}");
    }
}

#[test]
fn a_hook_that_calls_us_is_left_as_it_is() {
    let world = World::new();
    write_script(&world.hook("pre-commit"), "#!/bin/sh\nonehead hook pre-commit \"$@\"\n");
    symlink("../../hooks/pre-push", world.hook("pre-push")).unwrap();
    write_script(&world.repo().join("hooks/pre-push"), "#!/bin/sh\n# onehead hook v1 pre-push\n");
    let (status, said) = world.install();
    assert_eq!(status, ExitStatus::Passed);
    assert_eq!(said.matches("calls onehead already").count(), 2, "{said}");
    assert!(!world.hook("pre-commit.before-onehead").exists() && !world.hook("pre-push.before-onehead").exists());
}

#[test]
fn linked_work_trees_and_submodules_are_guarded() {
    let world = World::new();
    world.commit("a");
    world.git(&["worktree", "add", "--quiet", "../linked", "-b", "linked"]);
    assert_eq!(world.install_in(&world.path("linked")).0, ExitStatus::Passed);
    let commit = ["-C", "../linked", "commit", "--quiet", "--allow-empty", "-m", "b"];
    world.git(&commit);
    assert_eq!(world.calls(), "hook|pre-commit|\n");
    assert!(world.hook("pre-commit").exists());

    world.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "./.", "sub"]);
    assert_eq!(world.install_in(&world.repo().join("sub")).0, ExitStatus::Passed);
    assert!(world.repo().join(".git/modules/sub/hooks/pre-push").exists());
    world.git(&["-C", "sub", "commit", "--quiet", "--allow-empty", "-m", "b"]);
    assert_eq!(world.calls(), "hook|pre-commit|\n");
}

#[test]
fn names_that_are_hard_on_a_shell_do_no_harm() {
    let mut world = World::new();
    let dir = world.root.path().join(OsStr::from_bytes(b"it's a \"$HOME\" `id`\nfolder \xff"));
    let program = dir.join("bin/onehead");
    write_script(&program, "#!/bin/sh\necho here: \"$@\"\n");
    let repo = dir.join("repo");
    fs::create_dir(&repo).unwrap();
    let git = |args: &[&str], env: &Env| text(&run(Command::new("git").args(args).current_dir(&repo), env));
    git(&["init", "--quiet"], &world.env);
    let mut out = Vec::new();
    install::install(&repo, &world.env, &program, &mut out).unwrap();
    assert!(out.iter().all(|b| b.is_ascii_graphic() || b" \n".contains(b)));
    world.env.insert("HOME".into(), "/".into());
    let said = git(&["commit", "--allow-empty", "-m", "a"], &world.env);
    assert!(said.contains("here: hook pre-commit\n"), "{said}");
}

#[test]
fn a_hooks_folder_of_the_work_tree_is_used_and_named() {
    let world = World::new();
    world.git(&["config", "core.hooksPath", ".githooks"]);
    let (status, said) = world.install_in(&world.repo());
    assert_eq!(status, ExitStatus::Passed);
    assert!(said.contains("show up in `git status`"), "{said}");
    assert!(said.contains("look for `onehead` on PATH, and it is not there"), "{said}");
    let shim = fs::read_to_string(world.repo().join(".githooks/pre-commit")).unwrap();
    assert!(!shim.contains(world.root.path().to_str().unwrap()), "a file that is shared names nobody's folders");
    assert!(!world.hook("pre-commit").exists());
    assert_eq!(world.uninstall().0, ExitStatus::Passed);
    assert_eq!(fs::read_dir(world.repo().join(".githooks")).unwrap().count(), 0);
}

#[test]
fn hooks_are_found_where_they_were_before_the_path_was_changed() {
    let world = World::new();
    let before = snapshot(&world.repo().join(".git/hooks"));
    world.install();
    world.git(&["config", "core.hooksPath", "elsewhere"]);
    let (status, said) = world.doctor();
    assert_eq!(status, ExitStatus::Refused);
    assert!(said.contains("are never run"), "{said}");
    world.uninstall();
    assert_eq!(snapshot(&world.repo().join(".git/hooks")), before);
}

#[test]
fn a_shared_hooks_folder_is_not_written_into() {
    let mut world = World::new();
    let shared = world.path("shared");
    fs::create_dir(&shared).unwrap();
    let config = world.path("gitconfig");
    world.env.insert("GIT_CONFIG_GLOBAL".into(), config.clone().into());
    world.git(&["config", "--global", "core.hooksPath", shared.to_str().unwrap()]);
    let (status, said) = world.install();
    assert_eq!(status, ExitStatus::Failed);
    assert!(said.contains("(global, file:"), "{said}");
    assert_eq!(fs::read_dir(&shared).unwrap().count(), 0);
    let (status, said) = world.doctor();
    assert_eq!(status, ExitStatus::Refused);
    assert!(said.contains("outside this repository, because `core.hooksPath`"), "{said}");

    // What the help says works.
    let own = world.git(&["rev-parse", "--path-format=absolute", "--git-common-dir"]).trim().to_owned() + "/hooks";
    world.git(&["config", "core.hooksPath", &own]);
    assert_eq!(world.install().0, ExitStatus::Passed);
    world.commit("a");
    assert_eq!(world.calls(), "hook|pre-commit|\n");
}

#[test]
fn a_hooks_folder_that_is_a_link_out_is_not_written_into() {
    let world = World::new();
    fs::create_dir(world.path("shared")).unwrap();
    fs::remove_dir_all(world.hook("")).unwrap();
    symlink(world.path("shared"), world.repo().join(".git/hooks")).unwrap();
    let (status, said) = world.install();
    assert_eq!(status, ExitStatus::Failed);
    assert!(said.contains("a link to"), "{said}");
    assert_eq!(fs::read_dir(world.path("shared")).unwrap().count(), 0);
}

#[test]
fn a_folder_that_cannot_be_written_is_one_line() {
    // Modes do not stop root, so the folder is something that is not one.
    let world = World::new();
    fs::remove_dir_all(world.hook("")).unwrap();
    fs::write(world.repo().join(".git/hooks"), "a file").unwrap();
    let before = snapshot(&world.repo());
    let (status, said) = world.install();
    assert_eq!(status, ExitStatus::Failed);
    assert!(said.starts_with("nothing installed: writing into the folder `"), "{said}");
    assert_eq!(snapshot(&world.repo()), before);

    world.git(&["config", "core.hooksPath", ".git/hooks/below"]);
    let (status, said) = world.install();
    assert_eq!(status, ExitStatus::Failed);
    assert!(said.contains("Not a directory"), "{said}");
}

#[test]
fn a_folder_in_the_place_of_a_hook_is_named() {
    let world = World::new();
    fs::create_dir(world.hook("pre-push")).unwrap();
    let before = snapshot(&world.repo());
    let (status, said) = world.install();
    assert_eq!(status, ExitStatus::Failed);
    assert!(said.contains("is not a file; move it away"), "{said}");
    assert_eq!(snapshot(&world.repo()), before);
}

#[test]
fn outside_of_a_repository_and_in_a_bare_one_it_says_why_not() {
    let world = World::new();
    let (status, said) = world.install_in(world.root.path());
    assert_eq!(status, ExitStatus::Failed);
    assert!(said.contains("not a git repository"), "{said}");
    world.git(&["init", "--quiet", "--bare", "../bare"]);
    let (status, said) = world.install_in(&world.path("bare"));
    assert_eq!(status, ExitStatus::Failed);
    assert!(said.contains("a bare repository has no work tree"), "{said}");
}

#[test]
fn a_missing_hooks_folder_is_made() {
    let world = World::new();
    fs::remove_dir_all(world.hook("")).unwrap();
    assert_eq!(world.install().0, ExitStatus::Passed);
    world.commit("a");
    assert_eq!(world.calls(), "hook|pre-commit|\n");
}

#[test]
fn hook_managers_are_recognised_and_told_what_to_add() {
    let generated = |name: &str| format!("#!/bin/sh\n# File generated by {name}: https://example.com\n");
    type Case<'a> = (&'a str, Box<dyn Fn(&World)>, &'a [&'a str]);
    let cases: Vec<Case> = vec![
        (
            "pre-commit",
            Box::new(move |world| write_script(&world.hook("pre-commit"), &generated("pre-commit"))),
            &["entry: onehead hook pre-push", "always_run: true", "pass_filenames: false", "pre-commit install -t"],
        ),
        (
            "prek",
            Box::new(move |world| {
                write_script(&world.hook("pre-push"), &generated("prek"));
                fs::write(world.repo().join("prek.toml"), "").unwrap();
            }),
            &["[[repos]]", "entry = \"onehead hook pre-push\"", "prek install -t"],
        ),
        (
            "husky",
            Box::new(|world| drop(world.git(&["config", "core.hooksPath", ".husky/_"]))),
            &["/repo/.husky/pre-push (", "onehead hook pre-push \"$@\"", "npx husky"],
        ),
        (
            "husky",
            Box::new(|world| fs::create_dir(world.repo().join(".husky")).unwrap()),
            &["/repo/.husky/pre-merge-commit ("],
        ),
        (
            "lefthook",
            Box::new(|world| fs::write(world.repo().join("lefthook.yml"), "").unwrap()),
            &["run: onehead hook pre-push {1}", "use_stdin: true", "lefthook install"],
        ),
        (
            "lefthook",
            Box::new(|world| write_script(&world.hook("pre-commit"), "#!/bin/sh\ncall_lefthook run \"pre-commit\"\n")),
            &["in lefthook.yml"],
        ),
    ];
    for (name, set_up, wanted) in cases {
        let world = World::new();
        set_up(&world);
        let before = snapshot(&world.repo());
        let (status, said) = world.install();
        assert_eq!(status, ExitStatus::Failed, "{name}: {said}");
        assert!(said.starts_with(&format!("nothing installed: {name} runs the hooks")), "{name}: {said}");
        for wanted in wanted {
            assert!(said.contains(wanted), "{name}: {wanted:?} in {said}");
        }
        assert_eq!(snapshot(&world.repo()), before, "{name}");
        assert_eq!(world.doctor().0, ExitStatus::Refused, "{name}");
    }
}

#[test]
fn a_manager_that_would_keep_our_hooks_is_only_mentioned() {
    let world = World::new();
    fs::write(world.repo().join(".pre-commit-config.yaml"), "repos: []\n").unwrap();
    let (status, said) = world.install();
    assert_eq!(status, ExitStatus::Passed);
    assert!(said.contains("when you run `pre-commit install`, it keeps these hooks"), "{said}");
}

#[test]
fn a_shim_that_a_manager_moved_aside_is_seen_and_removed() {
    let world = World::new();
    write_script(&world.hook("pre-commit"), "#!/bin/sh\n# mine\n");
    world.install();
    // What pre-commit does with a hook it finds.
    fs::rename(world.hook("pre-commit"), world.hook("pre-commit.legacy")).unwrap();
    write_script(&world.hook("pre-commit"), "#!/bin/sh\n# File generated by pre-commit: x\n\"$0.legacy\" \"$@\"\n");
    world.commit("a");
    assert_eq!(world.calls(), "hook|pre-commit|\n");
    let (_, said) = world.doctor();
    assert!(said.contains("ok: pre-commit: pre-commit runs it and first the hook of onehead it found"), "{said}");
    assert!(said.contains("your own hook `pre-commit.before-onehead` runs first"), "{said}");
    let before = snapshot(&world.repo());
    let (status, said) = world.install();
    assert_eq!(status, ExitStatus::Passed);
    assert!(said.starts_with("nothing to install: pre-commit runs hooks here"), "{said}");
    assert_eq!(snapshot(&world.repo()), before);

    world.uninstall();
    assert_eq!(fs::read_to_string(world.hook("pre-commit.legacy")).unwrap(), "#!/bin/sh\n# mine\n");
    assert!(fs::read_to_string(world.hook("pre-commit")).unwrap().contains("generated by pre-commit"));
    assert!(!world.hook("pre-commit.before-onehead").exists());
}

#[test]
fn doctor_is_content_with_what_install_made() {
    let world = World::new();
    assert_eq!(world.doctor().0, ExitStatus::Refused);
    world.install();
    world.commit("a");
    let (status, said) = world.doctor();
    assert_eq!(status, ExitStatus::Passed, "{said}");
    assert_eq!(said.matches("ok: ").count(), 5, "{said}");
    assert!(said.contains("note: no Alembic environment found"), "{said}");
    assert!(said.contains("ok: this is the base branch"), "{said}");

    fs::create_dir_all(world.repo().join("migrations/versions")).unwrap();
    fs::write(world.repo().join("migrations/env.py"), "").unwrap();
    fs::write(world.repo().join("alembic.ini"), "[alembic]\nscript_location = migrations\n").unwrap();
    let (_, said) = world.doctor();
    assert!(said.contains("ok: 1 Alembic environment: `migrations`"), "{said}");

    fs::write(world.repo().join("onehead.toml"), "bse = 'develop'\n").unwrap();
    let (status, said) = world.doctor();
    assert_eq!(status, ExitStatus::Refused, "{said}");
    assert!(said.contains("problem: onehead.toml:1:1: unknown key `bse`"), "{said}");
    assert!(said.contains("help: until then every commit of a migration is refused\n"), "{said}");
}

#[test]
fn doctor_names_each_thing_that_keeps_a_hook_from_running() {
    type Case<'a> = (&'a str, fn(&World));
    let cases: [Case; 7] = [
        ("problem: pre-push: not executable, so git skips it", |world| {
            fs::set_permissions(world.hook("pre-push"), fs::Permissions::from_mode(0o644)).unwrap();
        }),
        ("problem: pre-commit: a link to nothing", |world| {
            fs::remove_file(world.hook("pre-commit")).unwrap();
            symlink("gone", world.hook("pre-commit")).unwrap();
        }),
        ("problem: pre-merge-commit: not installed", |world| fs::remove_file(world.hook("pre-merge-commit")).unwrap()),
        ("problem: pre-commit: the hook there does not call onehead", |world| {
            write_script(&world.hook("pre-commit"), "#!/bin/sh\n");
        }),
        ("is gone and `onehead` is not on PATH", |world| fs::remove_file(world.program()).unwrap()),
        ("needs `no-such-python`, which is not there", |world| {
            write_script(&world.hook("pre-commit.before-onehead"), "#!/usr/bin/env -S no-such-python -u\n");
        }),
        ("problem: no base branch found (`develop`, `main`, `master`)", |world| {
            world.git(&["branch", "--quiet", "-m", "trunk"]);
        }),
    ];
    for (wanted, break_it) in cases {
        let world = World::new();
        world.install();
        world.commit("a");
        break_it(&world);
        let (status, said) = world.doctor();
        assert_eq!(status, ExitStatus::Refused, "{wanted}: {said}");
        assert!(said.contains(wanted), "{wanted}: {said}");
        assert_eq!(said.matches("problem: ").count(), said.matches("\n  help: ").count(), "{said}");
    }
}

#[test]
fn doctor_looks_for_the_base_branch_as_the_hooks_do() {
    let world = World::new();
    world.install();
    world.commit("a");
    world.git(&["branch", "main"]);
    world.git(&["init", "--quiet", "--bare", "../remote"]);
    world.git(&["remote", "add", "upstream", "../remote"]);
    world.git(&["push", "--quiet", "upstream", "develop", "main"]);
    let (_, said) = world.doctor();
    assert!(said.contains("the base branch is `upstream/develop`"), "{said}");
    world.git(&["switch", "--quiet", "-c", "feature"]);
    world.git(&["branch", "--force", "develop", "HEAD"]);
    world.commit("b");
    world.git(&["branch", "--force", "develop", "HEAD"]);
    let (_, said) = world.doctor();
    assert!(said.contains("the base branch is `upstream/develop` and `develop`"), "{said}");
    world.git(&["remote", "add", "fork", "../remote"]);
    world.git(&["branch", "--quiet", "--set-upstream-to=upstream/main"]);
    assert!(world.doctor().1.contains("upstream/develop"));
    let mut out = Vec::new();
    doctor::doctor(&world.repo(), &world.env, Some("main"), &mut out).unwrap();
    assert!(String::from_utf8(out).unwrap().contains("`upstream/main`"));
}

/// Stands in for the program in the demonstration: installs a merge hook, and counts the heads it can name.
fn demo_stub(world: &World, refusal: &str) {
    write_script(
        &world.program(),
        &format!(
            r#"#!/bin/sh
case $1 in
install)
	printf '#!/bin/sh\nexec "%s" hook pre-merge-commit\n' "$0" >.git/hooks/pre-merge-commit
	chmod +x .git/hooks/pre-merge-commit ;;
hook)
	files=$(git ls-files migrations/versions)
	case $files in *add_grants*add_payments* | *add_payments*add_grants*) {refusal} ;; esac ;;
esac
"#
        ),
    );
}

fn play(world: &World, keep: bool) -> (ExitStatus, String) {
    let mut env = world.env.clone();
    let temp = world.path("temp dir");
    let _ = fs::create_dir(&temp);
    env.insert("TMPDIR".into(), temp.into());
    env.insert("GIT_DIR".into(), "/nowhere".into());
    let mut out = Vec::new();
    let res = demo::demo(&world.program(), keep, &env, &mut out);
    spoken(res, out)
}

#[test]
fn the_demonstration_believes_only_what_git_did() {
    let world = World::new();
    demo_stub(&world, "echo heads: 7d41c09be2f5 b83a5f106c7e >&2; exit 1");
    let (status, said) = play(&world, false);
    assert_eq!(status, ExitStatus::Passed, "{said}");
    for wanted in ["$ onehead install\n", "heads: 7d41c09be2f5 b83a5f106c7e\n", "Not committing merge", "add payments"]
    {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    assert_eq!(fs::read_dir(world.path("temp dir")).unwrap().count(), 0, "it cleans up");

    demo_stub(&world, "exit 0");
    let (status, said) = play(&world, false);
    assert_eq!(status, ExitStatus::Failed);
    assert!(said.contains("went wrong: the merge of two heads should be refused with status 1"), "{said}");

    demo_stub(&world, "echo heads: 7d41c09be2f5 >&2; exit 1");
    let (status, said) = play(&world, true);
    assert_eq!(status, ExitStatus::Failed);
    assert!(said.contains("the refusal should name the head b83a5f106c7e"), "{said}");
    assert_eq!(fs::read_dir(world.path("temp dir")).unwrap().count(), 1, "it keeps what it was told to keep");
}

/// A copy of the source folder's script, and a cargo that "builds" the stub.
fn source_folder(world: &World) -> PathBuf {
    let source = world.path("the source");
    fs::create_dir(&source).unwrap();
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("install.sh"), source.join("install.sh")).unwrap();
    fs::write(source.join("Cargo.toml"), "").unwrap();
    let built = source.join("target/release/onehead");
    write_script(
        &world.path("tools/cargo"),
        &format!(
            "#!/bin/sh\nmkdir -p '{0}'\ncp '{1}' '{0}/onehead'\n",
            built.parent().unwrap().display(),
            world.program().display()
        ),
    );
    source
}

#[test]
fn the_script_installs_and_removes() {
    let mut world = World::new();
    let source = source_folder(&world);
    let script = |world: &World, args: &[&str]| {
        run(Command::new(source.join("install.sh")).args(args).current_dir(world.root.path()), &world.env)
    };
    let path = world.env[OsStr::new("PATH")].clone();
    world.env.insert("PATH".into(), "/nowhere:/usr/bin:/bin".into());
    let output = script(&world, &[]);
    if !Path::new("/usr/bin/cargo").exists() {
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output).contains("cargo is not on PATH"), "{}", text(&output));
    }
    world.env.insert("PATH".into(), [world.path("tools").as_os_str(), &path].join(OsStr::new(":")));
    world.env.insert("ONEHEAD_PREFIX".into(), "a prefix".into());

    let output = script(&world, &["repo"]);
    assert!(output.status.success(), "{}", text(&output));
    assert!(text(&output).contains("is not on PATH"), "{}", text(&output));
    assert_eq!(world.calls(), "-C|repo|install|\n");
    let installed = world.path("a prefix/bin/onehead");
    assert_eq!(fs::metadata(&installed).unwrap().permissions().mode() & 0o777, 0o755);
    assert_eq!(fs::read_dir(world.path("a prefix/bin")).unwrap().count(), 1);

    assert!(script(&world, &["--demo"]).status.success());
    assert_eq!(world.calls(), "demo|\n");
    assert_eq!(script(&world, &["--bogus"]).status.code(), Some(2));
    assert_eq!(script(&world, &["no such folder"]).status.code(), Some(2));
    assert!(text(&script(&world, &["--help"])).contains("--uninstall [REPOSITORY...]"));
    assert_eq!(world.calls(), "");

    world.env.insert("STUB_STATUS".into(), "2".into());
    assert_eq!(script(&world, &["repo"]).status.code(), Some(2), "a hook that could not be installed shows");
    assert_eq!(script(&world, &["--uninstall", "repo"]).status.code(), Some(2));
    assert!(installed.exists(), "hooks that are left behind need the program");
    world.env.remove(OsStr::new("STUB_STATUS"));
    assert!(script(&world, &["--uninstall", "repo"]).status.success());
    assert!(!installed.exists());
}

#[test]
fn the_manifest_for_pre_commit_has_every_hook() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml")).unwrap();
    for hook in HOOKS {
        for line in
            [format!("- id: onehead-{hook}\n"), format!("entry: onehead hook {hook}\n"), format!("stages: [{hook}]\n")]
        {
            assert_eq!(manifest.matches(&line).count(), 1, "{line}");
        }
    }
    for line in ["always_run: true\n", "pass_filenames: false\n", "require_serial: true\n", "language: rust\n"] {
        assert_eq!(manifest.matches(line).count(), HOOKS.len(), "{line}");
    }
}
