//! The files on disk: tracked ones that exist, and untracked ones that are not ignored. Content filters (`autocrlf`) are
//! not applied, and no symbolic link is followed.

use std::cell::OnceCell;
use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};

use super::index::{IndexFile, kind};
use super::objects::{MAX_DEPTH, Objects};
use super::{Blob, BlobId, Entry, Kind, MAX_FILE_SIZE, Snapshot};
use crate::source::RepoPath;

/// The files on disk. A file that a sparse checkout leaves out is as the index has it.
pub struct WorkTreeSnapshot {
    objects: Rc<Objects>,
    top: PathBuf,
    index: IndexFile,
    /// All files, once they were listed.
    listed: OnceCell<Vec<Entry>>,
}

impl WorkTreeSnapshot {
    pub(super) fn new(objects: Rc<Objects>, top: PathBuf, index: IndexFile) -> Self {
        Self { objects, top, index, listed: OnceCell::new() }
    }

    /// Where the path lies on disk; `None` where the file system cannot spell it.
    fn on_disk(&self, path: &RepoPath) -> Option<PathBuf> {
        native(path.as_bytes()).map(|path| self.top.join(path))
    }

    /// Whether `path` is reached through folders of this repository only: no link, no submodule, no nested repository.
    fn is_ours(&self, path: &RepoPath) -> bool {
        let mut dir = path.parent();
        while !dir.is_root() {
            let is_folder = self.on_disk(&dir).is_some_and(|on_disk| {
                fs::symlink_metadata(&on_disk).is_ok_and(|metadata| metadata.is_dir()) && !is_repository(&on_disk)
            });
            if !is_folder {
                return false;
            }
            dir = dir.parent();
        }
        true
    }

    /// The tracked path of these index entries as it is on disk; `reachable`: its folder is ours.
    fn tracked(&self, group: Range<usize>, reachable: bool) -> Result<Option<Entry>> {
        if group.clone().all(|i| kind(self.index.mode(i)).is_none()) {
            return Ok(None);
        }
        let path = RepoPath::new(self.index.path(group.start));
        let on_disk = if reachable { self.on_disk(&path) } else { None };
        match on_disk.map(fs::symlink_metadata) {
            Some(Ok(metadata)) => self.entry(path, &metadata, Some(group)),
            _ if self.index.is_skip_worktree(group.start) => {
                Ok(self.index.staged(group)?.map(|(blob, kind)| Entry { path, blob, kind }))
            }
            _ => Ok(None),
        }
    }

    fn entry(&self, path: RepoPath, metadata: &Metadata, tracked: Option<Range<usize>>) -> Result<Option<Entry>> {
        let mut kind = match metadata.file_type() {
            file if file.is_file() => Kind::File,
            file if file.is_symlink() => Kind::Link,
            _ => return Ok(None),
        };
        let staged = tracked.map_or(Ok(None), |group| {
            let proven = self.is_unchanged(group.start, metadata);
            Ok::<_, anyhow::Error>(self.index.staged(group)?.map(|staged| (staged, proven)))
        })?;
        let mut blob = None;
        match staged {
            Some(((_, Kind::Conflict), _)) => kind = Kind::Conflict,
            Some(((known, _), true)) => blob = Some(known),
            _ => {}
        }
        let blob = match blob {
            Some(blob) => blob,
            None => self.hash(&path, metadata)?,
        };
        Ok(Some(Entry { path, blob, kind }))
    }

    /// Whether the file system's word is enough: nothing it says differs from when the entry was written, and the file
    /// was last touched before the index was (else it may have changed within the same tick of the clock).
    fn is_unchanged(&self, i: usize, metadata: &Metadata) -> bool {
        let [ctime, ctime_ns, mtime, mtime_ns, _, inode, mode, _, _, size] = self.index.stat(i);
        let Ok(modified) = metadata.modified() else { return false };
        let modified = timestamp(modified);
        let is_link = mode & 0o170000 == 0o120000;
        size != 0
            && u64::from(size) == metadata.len()
            && is_link == metadata.is_symlink()
            && (modified.0 as u32, modified.1 as u32) == (mtime, mtime_ns)
            && modified < self.index.written
            && same_inode(metadata, (ctime, ctime_ns), inode)
    }

    fn hash(&self, path: &RepoPath, metadata: &Metadata) -> Result<BlobId> {
        let format = self.objects.repository.object_format();
        match self.read_file(path)? {
            Blob::Bytes(bytes) => BlobId::of(&bytes, format),
            // Never read; what the file system says stands in for the bytes.
            Blob::Absent | Blob::TooLarge(_) => {
                let modified = metadata.modified().map(timestamp).unwrap_or_default();
                BlobId::of(format!("{path}\0{}\0{modified:?}", metadata.len()).as_bytes(), format)
            }
        }
    }

    fn read_file(&self, path: &RepoPath) -> Result<Blob> {
        let Some(on_disk) = self.on_disk(path) else { return Ok(Blob::Absent) };
        let read = || {
            let metadata = fs::symlink_metadata(&on_disk)?;
            if metadata.is_symlink() {
                return fs::read_link(&on_disk).map(|target| Blob::Bytes(bytes_of(&target)));
            }
            if metadata.len() > MAX_FILE_SIZE {
                return Ok(Blob::TooLarge(metadata.len()));
            }
            fs::read(&on_disk).map(Blob::Bytes)
        };
        match read() {
            Err(error) if is_gone(&error) => Ok(Blob::Absent),
            read => read.with_context(|| format!("reading `{path}`")),
        }
    }

    /// Adds the untracked files at and below `dir`.
    fn walk(&self, dir: &RepoPath, depth: usize, files: &mut Vec<Entry>) -> Result<()> {
        let Some(on_disk) = self.on_disk(dir).filter(|_| depth <= MAX_DEPTH) else { return Ok(()) };
        let children = match fs::read_dir(&on_disk) {
            Err(error) if is_gone(&error) => return Ok(()),
            children => children.with_context(|| format!("reading the folder `{dir}`"))?,
        };
        for child in children {
            let child = child.with_context(|| format!("reading the folder `{dir}`"))?;
            let path = dir.join(bytes_of(Path::new(&child.file_name())));
            if path.file_name() == b".git" || !self.index.at(path.as_bytes()).is_empty() {
                continue;
            }
            let Ok(metadata) = child.metadata() else { continue };
            let is_dir = metadata.is_dir();
            if is_dir && is_repository(&child.path()) || self.is_ignored(&path, is_dir) {
                continue;
            }
            if is_dir {
                self.walk(&path, depth + 1, files)?;
            } else {
                files.extend(self.entry(path, &metadata, None)?);
            }
        }
        Ok(())
    }

    fn is_ignored(&self, path: &RepoPath, is_dir: bool) -> bool {
        let mut bytes = path.as_bytes().to_vec();
        if is_dir {
            bytes.push(b'/');
        }
        native(&bytes).is_some_and(|path| self.objects.repository.status_should_ignore(&path).unwrap_or(false))
    }
}

impl Snapshot for WorkTreeSnapshot {
    fn list(&self, dir: &RepoPath) -> Result<Vec<Entry>> {
        if let Some(all) = self.listed.get() {
            let is_at = |entry: &&Entry| entry.path == *dir || entry.path.is_below(dir);
            return Ok(all.iter().filter(is_at).cloned().collect());
        }
        let mut res: Vec<Entry> = Vec::new();
        if !dir.is_root() {
            res.extend(self.find(dir)?);
        }
        let mut folder = Folder::default();
        for group in self.index.groups(self.index.below(dir.as_bytes())) {
            let reachable = folder.is_ours(self, &RepoPath::new(self.index.path(group.start)));
            res.extend(self.tracked(group, reachable)?);
        }
        if self.is_ours(&dir.join("x")) && (dir.is_root() || !self.is_ignored(dir, true)) {
            self.walk(dir, 0, &mut res)?;
        }
        res.sort_by(|one, other| one.path.cmp(&other.path));
        if dir.is_root() {
            self.listed.get_or_init(|| res.clone());
        }
        Ok(res)
    }

    fn find(&self, path: &RepoPath) -> Result<Option<Entry>> {
        let reachable = self.is_ours(path);
        let group = self.index.at(path.as_bytes());
        if !group.is_empty() {
            return self.tracked(group, reachable);
        }
        let Some(on_disk) = self.on_disk(path).filter(|_| reachable && !path.is_root()) else { return Ok(None) };
        let Ok(metadata) = fs::symlink_metadata(on_disk) else { return Ok(None) };
        if metadata.is_dir() || self.is_ignored(path, false) {
            return Ok(None);
        }
        self.entry(path.clone(), &metadata, None)
    }

    fn read(&self, entries: &[&Entry]) -> Result<Vec<Blob>> {
        let mut folder = Folder::default();
        let read = |entry: &&Entry| {
            let group = self.index.at(entry.path.as_bytes());
            let blob = if folder.is_ours(self, &entry.path) { self.read_file(&entry.path)? } else { Blob::Absent };
            match blob {
                Blob::Absent if group.clone().any(|i| self.index.is_skip_worktree(i)) => {
                    Ok(self.objects.read(&[entry])?.pop().unwrap_or(Blob::Absent))
                }
                blob => Ok(blob),
            }
        };
        entries.iter().map(read).collect()
    }
}

/// The last folder asked about: files of one folder mostly come in a row.
#[derive(Default)]
struct Folder(Option<(RepoPath, bool)>);

impl Folder {
    fn is_ours(&mut self, tree: &WorkTreeSnapshot, path: &RepoPath) -> bool {
        let parent = path.parent();
        match &self.0 {
            Some((known, is_ours)) if *known == parent => *is_ours,
            _ => {
                let is_ours = tree.is_ours(path);
                self.0 = Some((parent, is_ours));
                is_ours
            }
        }
    }
}

/// A time as git writes it: seconds and nanoseconds since 1970.
pub(super) fn timestamp(time: SystemTime) -> (i64, i64) {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => (since.as_secs() as i64, i64::from(since.subsec_nanos())),
        Err(_) => (0, 0),
    }
}

fn is_gone(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn is_repository(dir: &Path) -> bool {
    fs::symlink_metadata(dir.join(".git")).is_ok()
}

#[cfg(unix)]
fn same_inode(metadata: &Metadata, ctime: (u32, u32), inode: u32) -> bool {
    use std::os::unix::fs::MetadataExt;
    (metadata.ctime() as u32, metadata.ctime_nsec() as u32) == ctime && metadata.ino() as u32 == inode
}

#[cfg(not(unix))]
fn same_inode(_metadata: &Metadata, _ctime: (u32, u32), _inode: u32) -> bool {
    true
}

#[cfg(unix)]
fn native(path: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Some(PathBuf::from(std::ffi::OsStr::from_bytes(path)))
}

#[cfg(not(unix))]
fn native(path: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(path).ok().map(PathBuf::from)
}

#[cfg(unix)]
fn bytes_of(path: &Path) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    path.as_os_str().as_bytes().to_vec()
}

#[cfg(not(unix))]
fn bytes_of(path: &Path) -> Vec<u8> {
    path.to_string_lossy().replace('\\', "/").into_bytes()
}
