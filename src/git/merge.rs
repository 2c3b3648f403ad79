//! The merge of two snapshots that nobody has made yet: three-way, path by path, in memory. Renames are not followed, and
//! merge drivers of `.gitattributes` do not count.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use anyhow::Result;
use git2::MergeFileInput;

use super::{Blob, BlobId, Entry, Kind, MAX_FILE_SIZE, Snapshot};
use crate::source::RepoPath;

/// What merging `theirs` into `ours` would give. A path that only one side changed is as that side has it; a file both
/// changed is merged as text; where that fails, or one side removed it, it is a [`Kind::Conflict`]. Where bytes that are
/// needed to tell are absent, the file is absent.
pub struct Merged {
    ours: Rc<dyn Snapshot>,
    theirs: Rc<dyn Snapshot>,
    base: Option<Rc<dyn Snapshot>>,
    /// Where the bytes of the entries given out come from, unless from `ours`.
    origins: RefCell<HashMap<BlobId, Origin>>,
}

#[derive(Clone)]
enum Origin {
    Theirs,
    Merged(Rc<[u8]>),
    Absent,
}

impl Merged {
    /// Merges over `bases`: none means that every path both sides have is new on both. Several are first merged with
    /// each other, with nothing known below them; what is in conflict between them equals nothing.
    pub fn new(ours: Rc<dyn Snapshot>, theirs: Rc<dyn Snapshot>, bases: Vec<Rc<dyn Snapshot>>) -> Self {
        let base = bases.into_iter().reduce(|one, other| Rc::new(Self::new(one, other, Vec::new())));
        Self { ours, theirs, base, origins: RefCell::default() }
    }

    fn settle(&self, base: Option<Entry>, ours: Option<Entry>, theirs: Option<Entry>) -> Result<Option<Entry>> {
        if same(&ours, &theirs) || same(&base, &theirs) {
            return Ok(ours);
        }
        if same(&base, &ours) {
            return Ok(theirs.inspect(|theirs| self.remember(theirs.blob, Origin::Theirs)));
        }
        if let (Some(ours), Some(theirs)) = (&ours, &theirs)
            && let (Kind::File, Kind::File) = (ours.kind, theirs.kind)
            && let Some(merged) = self.merge_text(base, ours, theirs)?
        {
            return Ok(Some(merged));
        }
        let left = match ours {
            Some(ours) => Some(ours),
            None => theirs.inspect(|theirs| self.remember(theirs.blob, Origin::Theirs)),
        };
        Ok(left.map(|left| Entry { kind: Kind::Conflict, ..left }))
    }

    /// The file merged as text; `None` when that leaves a conflict.
    fn merge_text(&self, base: Option<Entry>, ours: &Entry, theirs: &Entry) -> Result<Option<Entry>> {
        let base_blob = match (&base, &self.base) {
            (Some(base), Some(snapshot)) if base.kind == Kind::File => read_one(&**snapshot, base)?,
            (Some(_), _) => return Ok(None),
            (None, _) => Blob::Bytes(Vec::new()),
        };
        let blobs = [base_blob, read_one(&*self.ours, ours)?, read_one(&*self.theirs, theirs)?];
        let entries = [base.as_ref().unwrap_or(ours), ours, theirs];
        for (blob, entry) in blobs.iter().zip(entries) {
            if *blob == Blob::Absent {
                self.remember(entry.blob, Origin::Absent);
                return Ok(Some(entry.clone()));
            }
        }
        let [Blob::Bytes(base), Blob::Bytes(our), Blob::Bytes(their)] = &blobs else { return Ok(None) };
        if [base, our, their].into_iter().any(|bytes| is_binary(bytes)) {
            return Ok(None);
        }
        let [base, our, their] = [base, our, their].map(|bytes| {
            let mut input = MergeFileInput::new();
            input.content(bytes);
            input
        });
        let result = git2::merge_file(&base, &our, &their, None)?;
        if !result.is_automergeable() {
            return Ok(None);
        }
        let blob = BlobId::of(result.content(), ours.blob.0.object_format())?;
        self.remember(blob, Origin::Merged(result.content().into()));
        Ok(Some(Entry { blob, ..ours.clone() }))
    }

    fn remember(&self, blob: BlobId, origin: Origin) {
        self.origins.borrow_mut().insert(blob, origin);
    }
}

impl Snapshot for Merged {
    fn list(&self, dir: &RepoPath) -> Result<Vec<Entry>> {
        let base = self.base.as_ref().map_or_else(|| Ok(Vec::new()), |base| base.list(dir))?;
        let mut sides = [base, self.ours.list(dir)?, self.theirs.list(dir)?].map(|list| list.into_iter().peekable());
        let mut res = Vec::new();
        loop {
            let next = sides.iter_mut().filter_map(|side| side.peek()).map(|entry| &entry.path).min();
            let Some(path) = next.cloned() else { return Ok(res) };
            let [base, ours, theirs] = sides.each_mut().map(|side| side.next_if(|entry| entry.path == path));
            res.extend(self.settle(base, ours, theirs)?);
        }
    }

    fn find(&self, path: &RepoPath) -> Result<Option<Entry>> {
        let base = self.base.as_ref().map_or(Ok(None), |base| base.find(path))?;
        self.settle(base, self.ours.find(path)?, self.theirs.find(path)?)
    }

    fn read(&self, entries: &[&Entry]) -> Result<Vec<Blob>> {
        let origins = self.origins.borrow();
        let (theirs, ours): (Vec<&Entry>, Vec<&Entry>) =
            entries.iter().partition(|entry| matches!(origins.get(&entry.blob), Some(Origin::Theirs)));
        let ours: Vec<&Entry> = ours.into_iter().filter(|entry| !origins.contains_key(&entry.blob)).collect();
        let mut theirs = self.theirs.read(&theirs)?.into_iter();
        let mut ours = self.ours.read(&ours)?.into_iter();
        let of = |entry: &&Entry| match origins.get(&entry.blob) {
            Some(Origin::Merged(bytes)) if bytes.len() as u64 > MAX_FILE_SIZE => {
                Some(Blob::TooLarge(bytes.len() as u64))
            }
            Some(Origin::Merged(bytes)) => Some(Blob::Bytes(bytes.to_vec())),
            Some(Origin::Absent) => Some(Blob::Absent),
            Some(Origin::Theirs) => theirs.next(),
            None => ours.next(),
        };
        Ok(entries.iter().filter_map(of).collect())
    }
}

/// Whether both are the same, or both are not there. A conflict equals nothing.
fn same(one: &Option<Entry>, other: &Option<Entry>) -> bool {
    let value = |entry: &Option<Entry>| entry.as_ref().map(|entry| (entry.blob, entry.kind));
    value(one) == value(other) && one.as_ref().is_none_or(|entry| entry.kind != Kind::Conflict)
}

fn read_one(snapshot: &dyn Snapshot, entry: &Entry) -> Result<Blob> {
    Ok(snapshot.read(&[entry])?.pop().unwrap_or(Blob::Absent))
}

/// Git's own test: a NUL early on.
fn is_binary(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(8000)].contains(&0)
}
