//! The index file, read without libgit2: parsing it is what every commit pays for. Never written, never refreshed.
//! The format is git's `gitformat-index`, versions 2 to 4.

use std::cmp::Ordering;
use std::fs;
use std::io::ErrorKind;
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;

use anyhow::{Context, Result, anyhow, bail, ensure};
use git2::{ObjectFormat, Oid};

use super::objects::Objects;
use super::{Blob, BlobId, Entry, Kind, Snapshot};
use crate::source::RepoPath;

/// The index as it will be committed. Entries that are only intended (`git add -N`) and submodules are not listed.
pub struct IndexSnapshot {
    objects: Rc<Objects>,
    file: Rc<IndexFile>,
}

impl IndexSnapshot {
    pub(super) fn new(objects: Rc<Objects>, file: Rc<IndexFile>) -> Self {
        Self { objects, file }
    }

    pub(super) fn file(&self) -> &IndexFile {
        &self.file
    }
}

impl Snapshot for IndexSnapshot {
    fn list(&self, dir: &RepoPath) -> Result<Vec<Entry>> {
        let file = &self.file;
        let mut res: Vec<Entry> = self.find(dir)?.into_iter().collect();
        for group in file.groups(file.below(dir.as_bytes())) {
            if let Some((blob, kind)) = file.staged(group.clone())? {
                res.push(Entry { path: RepoPath::new(file.path(group.start)), blob, kind });
            }
        }
        Ok(res)
    }

    fn find(&self, path: &RepoPath) -> Result<Option<Entry>> {
        let staged = self.file.staged(self.file.at(path.as_bytes()))?;
        Ok(staged.map(|(blob, kind)| Entry { path: path.clone(), blob, kind }))
    }

    fn read(&self, entries: &[&Entry]) -> Result<Vec<Blob>> {
        self.objects.read(entries)
    }
}

/// A parsed index file. Entries are known by their position; they are sorted by path, then stage.
pub(super) struct IndexFile {
    data: Vec<u8>,
    /// All paths one after the other where the file holds them compressed (version 4).
    unpacked: Option<Vec<u8>>,
    records: Vec<Record>,
    oid_len: usize,
    /// Where the `TREE` extension lies.
    pub cache_tree: Range<usize>,
    /// When the file was last written: (seconds, nanoseconds).
    pub written: (i64, i64),
}

/// Where an entry lies in the file, and its path in whatever holds the paths.
#[derive(Clone, Copy)]
struct Record {
    at: u32,
    path: u32,
    len: u32,
}

/// What the file system said about a file when it was last compared with its entry, as 32-bit fields of git's layout:
/// ctime (seconds, nanoseconds), mtime (seconds, nanoseconds), device, inode, mode, user, group, size.
pub(super) type Stat = [u32; 10];

const MODE: usize = 24;
const OID: usize = 40;
const EXTENDED: u16 = 0x4000;
const SKIP_WORKTREE: u16 = 0x4000;
const INTENT_TO_ADD: u16 = 0x2000;
/// No file system has longer paths; without a bound a damaged version 4 file could ask for any amount of memory.
const MAX_PATH: usize = 1 << 16;

impl IndexFile {
    /// Reads the file at `path`; one that does not exist is empty. The error says what is wrong and what to do.
    pub fn open(path: &Path, format: ObjectFormat) -> Result<Self> {
        let shown = crate::source::escape(&path.to_string_lossy()).into_owned();
        let data = match fs::read(path) {
            Ok(data) => data,
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error).with_context(|| format!("reading the index `{shown}`")),
        };
        let mut res = Self::parse(data, format).with_context(|| format!("reading the index `{shown}`"))?;
        if let Ok(written) = fs::metadata(path).and_then(|metadata| metadata.modified()) {
            res.written = super::worktree::timestamp(written);
        }
        Ok(res)
    }

    fn parse(data: Vec<u8>, format: ObjectFormat) -> Result<Self> {
        let oid_len = match format {
            ObjectFormat::Sha1 => 20,
            ObjectFormat::Sha256 => 32,
        };
        let mut res =
            Self { data, unpacked: None, records: Vec::new(), oid_len, cache_tree: 0..0, written: (i64::MAX, 0) };
        if res.data.is_empty() {
            return Ok(res);
        }
        let damaged = || {
            anyhow!("it is damaged; `git status` says more, and removing it, then `git reset`, stages what HEAD holds")
        };
        ensure!(res.data.starts_with(b"DIRC") && u32::try_from(res.data.len()).is_ok(), damaged());
        let end = res.data.len().checked_sub(oid_len).ok_or_else(damaged)?;
        let at = match u32_at(&res.data, 4) {
            Some(2 | 3) => res.parse_plain(end).ok_or_else(damaged)?,
            Some(4) => res.parse_compressed(end).ok_or_else(damaged)?,
            Some(version) => bail!("its format version is {version}; onehead reads 2, 3 and 4"),
            None => return Err(damaged()),
        };
        // First: a split index has entries without a path, and an extension that says so.
        res.parse_extensions(at, end, damaged)?;
        ensure!(res.is_sorted(), damaged());
        Ok(res)
    }

    /// Entries that hold their whole path, padded with NUL to a multiple of eight. Returns where they end.
    fn parse_plain(&mut self, end: usize) -> Option<usize> {
        let mut at = 12;
        let count = u32_at(&self.data, 8)? as usize;
        self.records.reserve(count.min(end / 64));
        for _ in 0..count {
            let path = self.path_start(at)?;
            let short = usize::from(u16_at(&self.data, at + OID + self.oid_len)? & 0xfff);
            let len = match short {
                0xfff => self.data.get(path..end)?.iter().position(|&b| b == 0)?,
                short => short,
            };
            let next = at + ((path - at + len + 8) & !7);
            if next > end || self.data[path + len] != 0 {
                return None;
            }
            self.records.push(Record { at: at as u32, path: path as u32, len: len as u32 });
            at = next;
        }
        Some(at)
    }

    /// Entries that hold how much of the path before to drop, and what to append to it. Returns where they end.
    fn parse_compressed(&mut self, end: usize) -> Option<usize> {
        let mut at = 12;
        let count = u32_at(&self.data, 8)? as usize;
        self.records.reserve(count.min(end / 64));
        let mut paths = Vec::with_capacity(end);
        let mut last = 0..0;
        for _ in 0..count {
            let (dropped, suffix) = varint(&self.data[..end], self.path_start(at)?)?;
            let len = self.data.get(suffix..end)?.iter().position(|&b| b == 0)?;
            let kept = last.len().checked_sub(dropped)?;
            let start = paths.len();
            paths.extend_from_within(last.start..last.start + kept);
            paths.extend_from_slice(&self.data[suffix..suffix + len]);
            last = start..paths.len();
            if last.len() > MAX_PATH {
                return None;
            }
            self.records.push(Record { at: at as u32, path: u32::try_from(start).ok()?, len: last.len() as u32 });
            at = suffix + len + 1;
        }
        self.unpacked = Some(paths);
        Some(at)
    }

    /// Where the path of the entry at `at` begins: after the flags, and the extended ones.
    fn path_start(&self, at: usize) -> Option<usize> {
        let flags = at + OID + self.oid_len;
        let extended = u16_at(&self.data, flags)? & EXTENDED != 0;
        Some(flags + if extended { 4 } else { 2 })
    }

    fn is_sorted(&self) -> bool {
        (self.records.is_empty() || !self.path(0).is_empty())
            && (1..self.records.len()).all(|i| match self.path(i - 1).cmp(self.path(i)) {
                Ordering::Less => true,
                Ordering::Equal => self.stage(i - 1) < self.stage(i),
                Ordering::Greater => false,
            })
    }

    fn parse_extensions(&mut self, mut at: usize, end: usize, damaged: impl Fn() -> anyhow::Error) -> Result<()> {
        const SPARSE: &str = "it is sparse, which onehead does not read yet; \
            `git sparse-checkout reapply --no-sparse-index` makes it whole";
        while at < end {
            let (Some(name), Some(size)) = (self.data.get(at..at + 4), u32_at(&self.data, at + 4)) else {
                return Err(damaged());
            };
            let body = at + 8..at + 8 + size as usize;
            ensure!(body.end <= end, damaged());
            match name {
                b"TREE" => self.cache_tree = body.clone(),
                b"link" => bail!(
                    "it is split, which onehead does not read yet; `git update-index --no-split-index` makes it whole"
                ),
                b"sdir" => bail!(SPARSE),
                // A capital letter: it may be ignored.
                [b'A'..=b'Z', ..] => {}
                _ => bail!("it needs the extension `{}`, which onehead does not know", name.escape_ascii()),
            }
            at = body.end;
        }
        ensure!((0..self.len()).all(|i| self.mode(i) != 0o040000), SPARSE);
        Ok(())
    }

    pub fn len(&self) -> usize {
        self.records.len()
    }

    pub fn path(&self, i: usize) -> &[u8] {
        let Record { path, len, .. } = self.records[i];
        &self.unpacked.as_deref().unwrap_or(&self.data)[path as usize..][..len as usize]
    }

    pub fn mode(&self, i: usize) -> u32 {
        self.field(i, MODE)
    }

    pub fn oid(&self, i: usize) -> Result<Oid> {
        let at = self.records[i].at as usize + OID;
        Ok(Oid::from_bytes(&self.data[at..at + self.oid_len])?)
    }

    pub fn stat(&self, i: usize) -> Stat {
        std::array::from_fn(|field| self.field(i, 4 * field))
    }

    fn field(&self, i: usize, offset: usize) -> u32 {
        // In bounds: parsing read the flags, which come after.
        u32_at(&self.data, self.records[i].at as usize + offset).unwrap_or(0)
    }

    fn flags(&self, i: usize) -> u16 {
        u16_at(&self.data, self.records[i].at as usize + OID + self.oid_len).unwrap_or(0)
    }

    fn extended_flags(&self, i: usize) -> u16 {
        match self.flags(i) & EXTENDED {
            0 => 0,
            _ => u16_at(&self.data, self.records[i].at as usize + OID + self.oid_len + 2).unwrap_or(0),
        }
    }

    fn stage(&self, i: usize) -> u16 {
        self.flags(i) >> 12 & 3
    }

    pub fn is_skip_worktree(&self, i: usize) -> bool {
        self.extended_flags(i) & SKIP_WORKTREE != 0
    }

    /// The entries whose path lies below `dir`.
    pub fn below(&self, dir: &[u8]) -> Range<usize> {
        if dir.is_empty() {
            return 0..self.len();
        }
        let cmp = |i: usize| {
            let path = self.path(i);
            path[..path.len().min(dir.len())].cmp(dir).then_with(|| path.get(dir.len()).cmp(&Some(&b'/')))
        };
        self.range(cmp)
    }

    /// The entries, of whatever stage, at exactly `path`.
    pub fn at(&self, path: &[u8]) -> Range<usize> {
        self.range(|i| self.path(i).cmp(path))
    }

    /// The entries that compare as equal; the entries are sorted by `cmp`.
    fn range(&self, cmp: impl Fn(usize) -> Ordering) -> Range<usize> {
        let first = |reached: &dyn Fn(Ordering) -> bool| {
            let (mut low, mut high) = (0, self.len());
            while low < high {
                let middle = low + (high - low) / 2;
                if reached(cmp(middle)) { high = middle } else { low = middle + 1 }
            }
            low
        };
        first(&Ordering::is_ge)..first(&Ordering::is_gt)
    }

    /// Splits a range into the entries of one path each.
    pub fn groups(&self, range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let mut at = range.start;
        std::iter::from_fn(move || {
            let start = at;
            (start < range.end).then(|| {
                at += 1;
                // Only a conflict has several entries.
                while self.stage(start) != 0 && at < range.end && self.path(at) == self.path(start) {
                    at += 1;
                }
                start..at
            })
        })
    }

    /// What is staged by the entries of one path; `None` where that is no file.
    pub fn staged(&self, group: Range<usize>) -> Result<Option<(BlobId, Kind)>> {
        let files = || group.clone().filter_map(|i| Some((i, kind(self.mode(i))?)));
        let of_stage = |stage| files().find(|&(i, _)| self.stage(i) == stage);
        if let Some((i, kind)) = of_stage(0) {
            return match self.extended_flags(i) & INTENT_TO_ADD {
                0 => Ok(Some((BlobId(self.oid(i)?), kind))),
                _ => Ok(None),
            };
        }
        let Some((i, _)) = of_stage(2).or_else(|| of_stage(3)).or_else(|| of_stage(1)) else { return Ok(None) };
        Ok(Some((BlobId(self.oid(i)?), Kind::Conflict)))
    }

    pub fn bytes(&self, range: Range<usize>) -> &[u8] {
        &self.data[range]
    }

    pub fn oid_len(&self) -> usize {
        self.oid_len
    }
}

/// What a file mode of git's says the path is; `None` for folders and submodules.
pub(super) fn kind(mode: u32) -> Option<Kind> {
    match mode & 0o170000 {
        0o100000 => Some(Kind::File),
        0o120000 => Some(Kind::Link),
        _ => None,
    }
}

fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*data.get(at..)?.first_chunk()?))
}

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*data.get(at..)?.first_chunk()?))
}

/// A number in git's offset encoding, and where it ends.
fn varint(data: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let mut byte = *data.get(at)?;
    let mut res = usize::from(byte & 0x7f);
    while byte & 0x80 != 0 {
        at += 1;
        byte = *data.get(at)?;
        res = res.checked_add(1)?.checked_mul(0x80)? | usize::from(byte & 0x7f);
    }
    Some((res, at + 1))
}
