//! A PostgreSQL of its own: in a temporary folder, behind a socket only, gone when it is dropped or this process ends.
//! Knows nothing of Alembic.

use std::env::{split_paths, var_os};
use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Durability is for data that somebody wants back.
const SETTINGS: [&str; 6] = [
    "listen_addresses=",
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "max_wal_senders=0",
    "jit=off",
];

/// The server ends with the shell, and the shell with its input, however this process ends.
const UNTIL_INPUT_ENDS: &str = r#""$@" & read -r _; kill -INT $!; wait $!"#;

pub struct Cluster {
    watch: Child,
    folder: TempDir,
}

impl Cluster {
    pub fn start() -> Cluster {
        let folder = tempfile::tempdir().expect("a folder");
        let user = unprivileged(folder.path());
        if let Some((user, group)) = user {
            chown(folder.path(), Some(user), Some(group)).expect("root may give folders away");
        }
        let command = |program: PathBuf| {
            let mut res = Command::new(program);
            res.current_dir(folder.path()).env("LC_ALL", "C");
            if let Some((user, group)) = user {
                res.uid(user).gid(group);
            }
            res
        };
        let data = folder.path().join("data");
        let made = command(program("initdb"))
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--pgdata"])
            .arg(&data)
            .output()
            .expect("initdb starts");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&[made.stdout, made.stderr].concat()));

        let log = fs::File::create(folder.path().join("log")).expect("a file");
        let mut server = command("/bin/sh".into());
        server
            .args(["-c", UNTIL_INPUT_ENDS, "sh"])
            .arg(program("postgres"))
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(folder.path());
        server.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
        let watch = server.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(log).spawn().expect("a shell starts");
        let res = Cluster { watch, folder };
        res.wait_until_ready();
        res
    }

    /// The folder of the socket: what libpq takes as the host.
    pub fn socket(&self) -> &Path {
        self.folder.path()
    }

    /// The major version.
    pub fn version(&self) -> u32 {
        let text = fs::read_to_string(self.folder.path().join("data/PG_VERSION")).expect("a file");
        text.trim().parse().expect("a number")
    }

    fn wait_until_ready(&self) {
        let until = Instant::now() + Duration::from_secs(60);
        // the eighth line tells how far the server is
        while !fs::read_to_string(self.folder.path().join("data/postmaster.pid"))
            .is_ok_and(|text| text.lines().nth(7).is_some_and(|status| status.trim() == "ready"))
        {
            let log = || fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(Instant::now() < until, "PostgreSQL does not start: {}", log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.watch.stdin.take());
        let _ = self.watch.wait();
    }
}

/// Who runs the server when we are root, as whom it refuses to run.
fn unprivileged(own: &Path) -> Option<(u32, u32)> {
    if fs::metadata(own).expect("it exists").uid() != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").expect("users");
    let ids = |name: &str| {
        let mut fields =
            users.lines().map(|line| line.split(':')).find(|fields| fields.clone().next() == Some(name))?;
        Some((fields.nth(2)?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    Some(ids("postgres").or_else(|| ids("nobody")).expect("a user that is not root"))
}

/// In `PATH`, where `pg_config` says, or where Debian puts it: the newest.
fn program(name: &str) -> PathBuf {
    let mut folders: Vec<PathBuf> = split_paths(&var_os("PATH").unwrap_or_default()).collect();
    if let Ok(told) = Command::new("pg_config").arg("--bindir").output() {
        folders.push(String::from_utf8_lossy(&told.stdout).trim().into());
    }
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path());
    let mut versions: Vec<_> = versions.collect();
    versions.sort_by_key(|path| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()));
    folders.extend(versions.iter().rev().map(|path| path.join("bin")));
    let found = folders.iter().map(|folder| folder.join(name)).find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("PostgreSQL is not installed: no `{name}`"))
}
