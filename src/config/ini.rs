//! Reads an ini file as Python's `ConfigParser` does with the settings Alembic gives it (reference A.1).
//! Knows nothing of Alembic's keys.

use std::collections::BTreeMap;
use std::fmt;

/// How deep `%(name)s` may nest, as in Python.
const MAX_DEPTH: usize = 10;

/// A parsed ini file. Keys are lower case; values are raw until [`Ini::get`] interpolates them.
#[derive(Debug, Default)]
pub struct Ini {
    defaults: BTreeMap<String, String>,
    /// In file order.
    sections: Vec<(String, BTreeMap<String, String>)>,
}

/// What Python would raise, and on which line (1-based).
#[derive(Debug, PartialEq, Eq)]
pub struct IniError {
    pub line: usize,
    pub message: String,
}

impl fmt::Display for IniError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl Ini {
    /// Parses the text. Fails where `ConfigParser` does: text before the first section, a line without a
    /// delimiter, a section or key given twice.
    pub fn parse(text: &str) -> Result<Ini, IniError> {
        let mut res = Ini::default();
        let mut section: Option<Section> = None;
        // The option a continuation line would belong to, and the indent it has to exceed.
        let mut option: Option<(String, Vec<&str>)> = None;
        let mut indent = 0;
        let fail = |line: usize, message: String| Err(IniError { line: line + 1, message });
        for (n, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let value = line.trim();
            if value.starts_with(['#', ';']) {
                continue;
            }
            if value.is_empty() {
                if let Some((_, lines)) = &mut option {
                    lines.push("");
                }
                continue;
            }
            let level = line.len() - line.trim_start().len();
            if let Some((_, lines)) = option.as_mut().filter(|_| level > indent) {
                lines.push(value);
                continue;
            }
            indent = level;
            if let Some(section) = section {
                res.store(section, option.take());
            }
            if let Some(header) = header(value) {
                section = Some(match res.sections.iter().any(|(name, _)| name == header) {
                    _ if header == "DEFAULT" => Section::Default,
                    true => return fail(n, format!("section `{header}` is given twice")),
                    false => {
                        res.sections.push((header.to_owned(), BTreeMap::new()));
                        Section::Last
                    }
                });
                continue;
            }
            let Some(section) = section else {
                return fail(n, "a line stands before the first section".to_owned());
            };
            let Some((key, value)) = value.split_once(['=', ':']) else {
                return fail(n, "a line is neither a section nor `key = value`".to_owned());
            };
            let key = key.trim_end().to_lowercase();
            if key.is_empty() {
                return fail(n, "a key is empty".to_owned());
            }
            if res.values(section).contains_key(&key) {
                return fail(n, format!("key `{key}` is given twice"));
            }
            res.values(section).insert(key.clone(), String::new());
            option = Some((key, vec![value.trim()]));
        }
        if let Some(section) = section {
            res.store(section, option);
        }
        Ok(res)
    }

    /// The sections in file order, `DEFAULT` left out.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.sections.iter().map(|(name, _)| name.as_str())
    }

    /// Whether the section itself has the key, `DEFAULT` not counted.
    pub fn has_own(&self, section: &str, key: &str) -> bool {
        self.section(section).is_some_and(|values| values.contains_key(key))
    }

    /// The interpolated value of `key`, `DEFAULT` included; `here` is what `%(here)s` stands for. `None` when the section
    /// or the key is missing, or when Python could not interpolate it.
    pub fn get(&self, section: &str, key: &str, here: &str) -> Option<String> {
        let values = self.section(section)?;
        let lookup = |name: &str| {
            values
                .get(name)
                .or_else(|| self.defaults.get(name))
                .map(String::as_str)
                .or((name == "here").then_some(here))
        };
        interpolate(lookup(key)?, &lookup, 0)
    }

    /// The keys of a section, and their values as far as Python could interpolate them; `DEFAULT` included.
    pub fn items(&self, section: &str, here: &str) -> BTreeMap<String, String> {
        let Some(values) = self.section(section) else { return BTreeMap::new() };
        let keys = values.keys().chain(self.defaults.keys());
        keys.filter_map(|key| Some((key.clone(), self.get(section, key, here)?))).collect()
    }

    fn section(&self, name: &str) -> Option<&BTreeMap<String, String>> {
        self.sections.iter().find(|(section, _)| section == name).map(|(_, values)| values)
    }

    fn values(&mut self, section: Section) -> &mut BTreeMap<String, String> {
        match (section, self.sections.last_mut()) {
            (Section::Last, Some((_, values))) => values,
            _ => &mut self.defaults,
        }
    }

    fn store(&mut self, section: Section, option: Option<(String, Vec<&str>)>) {
        if let Some((key, lines)) = option {
            self.values(section).insert(key, lines.join("\n").trim_end().to_owned());
        }
    }
}

#[derive(Clone, Copy)]
enum Section {
    Default,
    Last,
}

/// The name in `[name]`; what follows the last bracket is ignored, as Python does.
fn header(line: &str) -> Option<&str> {
    let rest = line.strip_prefix('[')?;
    Some(&rest[..rest.rfind(']')?]).filter(|name| !name.is_empty())
}

fn interpolate<'a>(raw: &str, lookup: &impl Fn(&str) -> Option<&'a str>, depth: usize) -> Option<String> {
    if depth > MAX_DEPTH {
        return None;
    }
    let mut res = String::new();
    let mut rest = raw;
    while let Some(at) = rest.find('%') {
        res.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            res.push('%');
            rest = after;
        } else {
            let (name, after) = rest.strip_prefix('(')?.split_once(")s")?;
            res.push_str(&interpolate(lookup(&name.to_lowercase())?, lookup, depth + 1)?);
            rest = after;
        }
    }
    res.push_str(rest);
    Some(res)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(text: &str, section: &str, key: &str) -> Option<String> {
        Ini::parse(text).expect("parses").get(section, key, "/here")
    }

    #[test]
    fn values_are_what_python_reads() {
        let text = "; note\n[alembic]\nScript_Location : %(here)s/m ; kept\nurl = a%%b\nlist = one\n  # a comment\n  two\n\n  three\nflag=\n";
        assert_eq!(get(text, "alembic", "script_location").as_deref(), Some("/here/m ; kept"));
        assert_eq!(get(text, "alembic", "url").as_deref(), Some("a%b"));
        assert_eq!(get(text, "alembic", "list").as_deref(), Some("one\ntwo\n\nthree"));
        assert_eq!(get(text, "alembic", "flag").as_deref(), Some(""));
        assert_eq!(get(text, "alembic", "missing"), None);
    }

    #[test]
    fn default_counts_only_where_the_section_exists() {
        let text = "[DEFAULT]\nroot = db\n[alembic]\nscript_location = %(ROOT)s/m\n[DEFAULT]\nmore = 1\n";
        assert_eq!(get(text, "alembic", "script_location").as_deref(), Some("db/m"));
        assert_eq!(get(text, "alembic", "more").as_deref(), Some("1"));
        assert_eq!(get(text, "other", "root"), None);
        assert!(!Ini::parse(text).expect("parses").has_own("alembic", "root"));
    }

    #[test]
    fn a_bad_interpolation_matters_only_where_it_is_read() {
        let text = "[alembic]\nfile_template = %(year)d\nloop = %(loop)s\nscript_location = m\n";
        assert_eq!(get(text, "alembic", "file_template"), None);
        assert_eq!(get(text, "alembic", "loop"), None);
        assert_eq!(get(text, "alembic", "script_location").as_deref(), Some("m"));
    }

    #[test]
    fn errors_name_the_line() {
        let line = |text| Ini::parse(text).map_err(|error| error.line).err();
        assert_eq!(line("[a]\nx = 1\nX = 2\n"), Some(3));
        assert_eq!(line("[a]\n[b]\n[a]\n"), Some(3));
        assert_eq!(line("x = 1\n"), Some(1));
        assert_eq!(line("[a]\njust words\n"), Some(2));
        assert_eq!(line("[a]\n= 1\n"), Some(2));
    }
}
