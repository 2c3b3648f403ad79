//! Turns the text of `script_location` and `version_locations` into folders of the repository. Alembic resolves them against the
//! folder it is started in and Python's path, neither of which a repository tells: the likely ones are tried in order.

use anyhow::Result;

use super::tree::Tree;
use crate::source::RepoPath;

/// How an absolute path inside the repository begins: `%(here)s` is replaced by it, so that no real path can look like it.
const REPOSITORY: &str = "/\0/";

/// What `%(here)s` stands for in a file of this folder.
pub fn here(folder: &RepoPath) -> String {
    format!("{REPOSITORY}{}", folder.as_str().unwrap_or_default())
}

/// Resolves the locations one configuration file gives.
pub struct Places<'a> {
    tree: &'a Tree<'a>,
    /// The folder of the configuration file.
    here: RepoPath,
    /// The folder Alembic seems to be started in, once a relative `script_location` told it.
    cwd: Option<RepoPath>,
}

impl<'a> Places<'a> {
    pub fn new(tree: &'a Tree<'a>, here: RepoPath) -> Self {
        Self { tree, here, cwd: None }
    }

    /// The folder Alembic seems to be started in, where a relative `script_location` told it.
    pub fn cwd(&self) -> Option<&RepoPath> {
        self.cwd.as_ref()
    }

    /// The folder `script_location` means: one that holds `env.py` or `versions/`. `None` when there is none.
    pub fn script_location(&mut self, text: &str) -> Result<Option<RepoPath>> {
        match parse(text) {
            Text::Repository(path) => match RepoPath::root().resolve(path.as_bytes()) {
                Some(path) => self.script_folder(&path),
                None => Ok(None),
            },
            Text::Package(parts) => Ok(self.tree.script_folder_by_tail(&parts, parts.len().min(2), &self.here)),
            Text::Absolute(parts) => Ok(self.tree.script_folder_by_tail(&parts, 1, &self.here)),
            Text::Relative(path) => {
                for cwd in self.working_folders() {
                    let Some(path) = cwd.resolve(path.as_bytes()) else { continue };
                    if let Some(folder) = self.script_folder(&path)? {
                        self.cwd = Some(cwd);
                        return Ok(Some(folder));
                    }
                }
                Ok(None)
            }
        }
    }

    /// The folder one entry of `version_locations` means. It need not exist, but `None` when its place cannot be told.
    pub fn version_location(&self, text: &str) -> Result<Option<RepoPath>> {
        match parse(text) {
            Text::Repository(path) => match RepoPath::root().resolve(path.as_bytes()) {
                Some(path) => Ok(Some(self.tree.folder(&path)?.unwrap_or(path))),
                None => Ok(None),
            },
            Text::Package(parts) | Text::Absolute(parts) => {
                Ok(self.tree.folder_by_tail(&parts, parts.len().min(2), &self.here))
            }
            Text::Relative(path) => {
                let places = self.working_folders();
                let places: Vec<RepoPath> = places.iter().filter_map(|cwd| cwd.resolve(path.as_bytes())).collect();
                for place in &places {
                    if let Some(folder) = self.tree.folder(place)? {
                        return Ok(Some(folder));
                    }
                }
                Ok(places.into_iter().next())
            }
        }
    }

    /// The folder itself, links resolved, when scripts may lie there.
    pub fn script_folder(&self, path: &RepoPath) -> Result<Option<RepoPath>> {
        Ok(self.tree.folder(path)?.filter(|folder| self.tree.is_script_folder(folder)))
    }

    /// Where Alembic may have been started, likeliest first.
    fn working_folders(&self) -> Vec<RepoPath> {
        let mut res: Vec<RepoPath> = self.cwd.iter().cloned().collect();
        res.extend([self.here.clone(), RepoPath::root()]);
        let mut folder = self.here.parent();
        while !folder.is_root() {
            res.push(folder.clone());
            folder = folder.parent();
        }
        res
    }
}

enum Text<'a> {
    /// Below the repository's root.
    Repository(&'a str),
    /// `package.sub:folder:folder`.
    Package(Vec<&'a [u8]>),
    /// A place on another machine, such as a container.
    Absolute(Vec<&'a [u8]>),
    Relative(&'a str),
}

fn parse(text: &str) -> Text<'_> {
    if let Some(path) = text.strip_prefix(REPOSITORY) {
        return Text::Repository(path);
    }
    if text.starts_with('/') {
        return Text::Absolute(text.split('/').filter(|part| !part.is_empty()).map(str::as_bytes).collect());
    }
    match text.split_once(':') {
        Some((package, folders)) => Text::Package(
            package
                .split('.')
                .chain(folders.split([':', '/']))
                .filter(|part| !part.is_empty())
                .map(str::as_bytes)
                .collect(),
        ),
        None => Text::Relative(text),
    }
}
