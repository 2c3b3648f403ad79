//! The index's `TREE` extension: which tree object each folder of the index equals, as far as git knows.

use std::ops::Range;

use anyhow::Result;
use git2::Oid;

use super::index::IndexFile;

/// The folders git remembers. One that it does not remember, or that a damaged extension hides, is merely unknown.
pub(super) struct CacheTree {
    folders: Vec<Folder>,
}

struct Folder {
    name: Range<usize>,
    /// The tree the folder equals, as a place in the index file; empty: something below was changed since.
    oid: Range<usize>,
    children: Vec<usize>,
}

impl CacheTree {
    pub fn parse(index: &IndexFile) -> Self {
        let mut res = Self { folders: Vec::new() };
        if res.fill(index).is_none() {
            res.folders.clear();
        }
        res
    }

    /// The root folder.
    pub fn root(&self) -> Option<usize> {
        (!self.folders.is_empty()).then_some(0)
    }

    pub fn child(&self, index: &IndexFile, folder: usize, name: &[u8]) -> Option<usize> {
        let children = &self.folders[folder].children;
        // Git keeps them sorted by length first.
        let key = |&child: &usize| {
            let name = index.bytes(self.folders[child].name.clone());
            (name.len(), name)
        };
        children.binary_search_by(|child| key(child).cmp(&(name.len(), name))).ok().map(|at| children[at])
    }

    /// The tree object this folder equals, if git knew.
    pub fn tree(&self, index: &IndexFile, folder: usize) -> Result<Option<Oid>> {
        let oid = index.bytes(self.folders[folder].oid.clone());
        Ok(if oid.is_empty() { None } else { Some(Oid::from_bytes(oid)?) })
    }

    /// Depth first: name NUL, number of entries SP, number of subfolders LF, and the tree's id unless the number is negative.
    fn fill(&mut self, index: &IndexFile) -> Option<()> {
        let Range { start: mut at, end } = index.cache_tree.clone();
        // Folders whose children are still to come, and how many.
        let mut open: Vec<(usize, usize)> = Vec::new();
        while at < end {
            let data = index.bytes(at..end);
            let nul = data.iter().position(|&b| b == 0)?;
            let line_end = nul + data[nul..].iter().position(|&b| b == b'\n')?;
            let mut numbers = std::str::from_utf8(&data[nul + 1..line_end]).ok()?.split(' ');
            let entries: i64 = numbers.next()?.parse().ok()?;
            let children: usize = numbers.next()?.parse().ok()?;
            let oid = at + line_end + 1;
            let oid = if entries < 0 { oid..oid } else { oid..oid + index.oid_len() };
            if oid.end > end {
                return None;
            }
            let id = self.folders.len();
            self.folders.push(Folder { name: at..at + nul, oid: oid.clone(), children: Vec::new() });
            while open.pop_if(|(_, left)| *left == 0).is_some() {}
            if let Some((parent, left)) = open.last_mut() {
                self.folders[*parent].children.push(id);
                *left -= 1;
            }
            open.push((id, children));
            at = oid.end;
        }
        Some(())
    }
}
