//! Blobs and trees out of the object database. What is not in this clone is said, never fetched.

use anyhow::{Context, Result, anyhow, ensure};
use git2::{ErrorCode, Odb, Oid, Tree};
use rayon::prelude::*;

use super::{Blob, Entry, MAX_FILE_SIZE};

/// Fewer than this are read faster by one thread than it takes to wake others.
const PARALLEL: usize = 64;

/// The blob of each entry, in the order asked.
pub(super) fn read_blobs(repository: &git2::Repository, entries: &[&Entry]) -> Result<Vec<Blob>> {
    let odb = repository.odb()?;
    let oids: Vec<Oid> = entries.iter().map(|entry| entry.blob.0).collect();
    let blobs: Vec<Result<Blob>> = match oids.len() {
        ..PARALLEL => oids.iter().map(|&oid| read_blob(&odb, oid)).collect(),
        _ => oids.par_iter().map(|&oid| read_blob(&odb, oid)).collect(),
    };
    let of = |(blob, entry): (Result<Blob>, &&Entry)| blob.with_context(|| format!("reading `{}`", entry.path));
    blobs.into_iter().zip(entries).map(of).collect()
}

fn read_blob(odb: &Odb<'_>, oid: Oid) -> Result<Blob> {
    match odb.read(oid) {
        Ok(object) if object.len() as u64 > MAX_FILE_SIZE => Ok(Blob::TooLarge(object.len() as u64)),
        Ok(object) => Ok(Blob::Bytes(object.data().to_vec())),
        Err(error) if error.code() == ErrorCode::NotFound => Ok(Blob::Absent),
        Err(error) => Err(error.into()),
    }
}

/// Folders nested deeper are refused: each costs a frame of the stack, and no work tree can hold 2048 (PATH_MAX).
pub(super) const MAX_DEPTH: usize = 512;

/// The tree object; the error says when it is not in this clone. `depth` is how many folders it lies in.
pub(super) fn read_tree(repository: &git2::Repository, oid: Oid, depth: usize) -> Result<Tree<'_>> {
    ensure!(depth <= MAX_DEPTH, "folders are nested more than {MAX_DEPTH} deep");
    repository.find_tree(oid).map_err(|error| match error.code() {
        ErrorCode::NotFound => {
            anyhow!("tree {oid} is not in this clone; `git ls-tree -r {oid}` fetches it into a partial clone")
        }
        _ => anyhow!("tree {oid} cannot be read: {}; `git fsck` says more", error.message()),
    })
}
