//! Small repositories for the tests of this folder, and a reader of the one-line headers their scripts have.

use anyhow::Result;

use super::{Headers, Layout, Settings, Sighting, locate};
use crate::git::{Blob, Entry, MemorySnapshot, Snapshot};

/// Reads `revision = "a"` and `down_revision = "b"` or `= ("b", "c")`.
pub struct OneLine;

impl Headers for OneLine {
    fn sight(&self, snapshot: &dyn Snapshot, entries: &[&Entry]) -> Result<Vec<Option<Sighting>>> {
        let sighting = |blob| {
            let Blob::Bytes(bytes) = blob else { return None };
            let text = String::from_utf8(bytes).ok()?;
            let ids = |key: &str| -> Option<Vec<String>> {
                let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "))?;
                Some(line.split('"').skip(1).step_by(2).map(str::to_owned).collect())
            };
            Some(Sighting { revision: ids("revision")?.pop(), refers_to: ids("down_revision")? })
        };
        Ok(snapshot.read(entries)?.into_iter().map(sighting).collect())
    }
}

/// A repository with scripts written `path: down_revision, …`, the id being the file's stem, and other files with their text.
pub fn repository(scripts: &[&str], files: &[(&str, &str)]) -> MemorySnapshot {
    let scripts = scripts.iter().map(|line| {
        let (path, down) = line.split_once(':').expect("`path: down_revision`");
        let stem = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".py");
        let down: Vec<String> =
            down.split(',').map(|id| format!("{:?}", id.trim())).filter(|id| id != "\"\"").collect();
        (path.to_owned(), format!("revision = \"{stem}\"\ndown_revision = ({})\n", down.join(", ")))
    });
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    MemorySnapshot::new(scripts.chain(files))
}

/// Locates with the snapshot's own settings.
pub fn layout(snapshot: &dyn Snapshot) -> Layout {
    let settings = Settings::load(snapshot).expect("the settings are right");
    locate(snapshot, &settings, &OneLine).expect("the snapshot can be read")
}

/// Each environment as `name < config: version locations`.
pub fn shown(layout: &Layout) -> Vec<String> {
    let environment = |environment: &super::Environment| {
        let locations: Vec<String> = environment.version_locations.iter().map(ToString::to_string).collect();
        let config = environment.config.as_ref().map_or("-".to_owned(), ToString::to_string);
        format!("{} < {config}: {}", environment.name, locations.join(" "))
    };
    layout.environments.iter().map(environment).collect()
}
