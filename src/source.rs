//! Repository paths, source text, spans and positions. Knows nothing of Python, git or rules.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::sync::OnceLock;

/// A path inside the repository: the bytes git stores, `/`-separated, relative to the root.
/// The empty path is the root itself. `Display` escapes control characters and bytes that are not UTF-8.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct RepoPath(Arc<[u8]>);

impl RepoPath {
    pub fn new(bytes: impl AsRef<[u8]>) -> Self {
        Self(bytes.as_ref().into())
    }

    /// The repository's root.
    pub fn root() -> Self {
        Self::default()
    }

    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The path as text, if it is UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// The last component; the whole path when there is no `/`.
    pub fn file_name(&self) -> &[u8] {
        match self.0.iter().rposition(|&b| b == b'/') {
            Some(at) => &self.0[at + 1..],
            None => &self.0,
        }
    }

    /// The folder that holds this path. The parent of a top-level path, and of the root, is the root.
    pub fn parent(&self) -> RepoPath {
        match self.0.iter().rposition(|&b| b == b'/') {
            Some(at) => Self::new(&self.0[..at]),
            None => Self::root(),
        }
    }

    /// `self/name`; `name` is appended as it stands.
    pub fn join(&self, name: impl AsRef<[u8]>) -> RepoPath {
        let name = name.as_ref();
        match (self.is_root(), name.is_empty()) {
            (true, _) => Self::new(name),
            (_, true) => self.clone(),
            _ => Self::new([&self.0[..], b"/", name].concat()),
        }
    }

    /// `self/other` with `.` and `..` resolved; `None` when that leaves the repository.
    pub fn resolve(&self, other: &[u8]) -> Option<RepoPath> {
        let mut parts: Vec<&[u8]> = self.components().collect();
        for part in other.split(|&b| b == b'/') {
            match part {
                b"" | b"." => {}
                b".." => {
                    parts.pop()?;
                }
                _ => parts.push(part),
            }
        }
        Some(Self::new(parts.join(&b'/')))
    }

    pub fn components(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        self.0.split(|&b| b == b'/').filter(|part| !part.is_empty())
    }

    /// Whether this path lies somewhere below `dir`; everything but the root lies below the root.
    pub fn is_below(&self, dir: &RepoPath) -> bool {
        self.relative_to(dir).is_some()
    }

    /// What remains of this path below `dir`; `None` when it is not below it.
    pub fn relative_to(&self, dir: &RepoPath) -> Option<&[u8]> {
        if dir.is_root() {
            return (!self.is_root()).then_some(&self.0[..]);
        }
        self.0.strip_prefix(dir.as_bytes())?.strip_prefix(b"/")
    }
}

impl RepoPath {
    /// The path as a shell takes it, quoted where it must be; safe to show.
    pub fn typed(&self) -> String {
        typed(&self.to_string())
    }
}

/// A word as a shell takes it, quoted where it must be.
pub fn typed(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+@%:,=".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.utf8_chunks() {
            f.write_str(&escape(chunk.valid()))?;
            for byte in chunk.invalid() {
                write!(f, "\\x{byte:02x}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

impl From<&str> for RepoPath {
    fn from(path: &str) -> Self {
        Self::new(path)
    }
}

/// Text that comes from the repository, made safe for a terminal: control characters, and the
/// characters that reorder or hide text, become visible escapes. Line feeds are escaped too.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut res = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_unsafe(c) {
            res.extend(c.escape_default());
        } else {
            res.push(c);
        }
    }
    Cow::Owned(res)
}

/// Whether [`escape`] escapes a character.
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// A range of bytes in a [`Source`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }
}

impl From<Span> for Range<usize> {
    fn from(span: Span) -> Self {
        span.start..span.end
    }
}

/// 1-based line and column; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// One file as text: where it lies and what it says.
#[derive(Debug)]
pub struct Source {
    pub path: RepoPath,
    pub text: String,
    /// Where lines end; filled when a place is asked for.
    line_ends: OnceLock<Vec<usize>>,
}

impl Source {
    pub fn new(path: RepoPath, text: impl Into<String>) -> Self {
        Self { path, text: text.into(), line_ends: OnceLock::new() }
    }

    /// Where a byte offset lies. Offsets past the end count as the end.
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset);
        let ends = self.line_ends.get_or_init(|| self.text.match_indices('\n').map(|(at, _)| at).collect());
        let line = ends.partition_point(|&end| end < offset);
        let line_start = line.checked_sub(1).map_or(0, |before| ends[before] + 1);
        Position { line: line + 1, column: self.text[line_start..offset].chars().count() + 1 }
    }
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && self.text == other.text
    }
}

impl Eq for Source {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_know_their_parts() {
        let path = RepoPath::from("a/b/c.py");
        assert_eq!(path.file_name(), b"c.py");
        assert_eq!(path.parent(), RepoPath::from("a/b"));
        assert_eq!(RepoPath::from("top.py").parent(), RepoPath::root());
        assert!(path.is_below(&RepoPath::from("a")));
        assert!(path.is_below(&RepoPath::root()));
        assert!(!path.is_below(&RepoPath::from("a/b/c")));
        assert!(!RepoPath::from("ab/c").is_below(&RepoPath::from("a")));
        assert_eq!(RepoPath::from("a/b").resolve(b"../x/./y"), Some(RepoPath::from("a/x/y")));
        assert_eq!(RepoPath::from("a").resolve(b"../../x"), None);
        assert_eq!(RepoPath::root().join("a"), RepoPath::from("a"));
    }

    #[test]
    fn what_comes_from_the_repository_cannot_drive_the_terminal() {
        assert_eq!(RepoPath::new(b"a\x1b[31m\xff.py").to_string(), "a\\u{1b}[31m\\xff.py");
        assert_eq!(escape("plain é"), "plain é");
        assert_eq!(escape("a\nb\u{202e}"), "a\\nb\\u{202e}");
        assert_eq!(escape("a\u{ad}\u{61c}"), "a\\u{ad}\\u{61c}");
    }

    #[test]
    fn what_is_to_be_typed_is_quoted_where_it_must_be() {
        assert_eq!(RepoPath::from("a/b_c-1.py").typed(), "a/b_c-1.py");
        assert_eq!(RepoPath::from("it's a.py").typed(), "'it'\\''s a.py'");
        assert_eq!(typed(""), "''");
    }

    #[test]
    fn positions_count_from_one_in_characters() {
        let source = Source::new("a.py".into(), "é = 1\nx = 2");
        assert_eq!(source.position(0), Position { line: 1, column: 1 });
        assert_eq!(source.position(3), Position { line: 1, column: 3 });
        assert_eq!(source.position(7), Position { line: 2, column: 1 });
        assert_eq!(source.position(999), Position { line: 2, column: 6 });
    }
}
