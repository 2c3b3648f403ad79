//! What a file imports, without parsing it: thousands of files are looked through for the few that declare something. Sees imports in
//! strings and comments, too: more is looked at then, and nothing is missed.

use std::sync::LazyLock;

use regex::Regex;

/// What one `import` or `from … import` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// How many dots it starts with.
    pub level: usize,
    /// The dotted name without these; may be empty.
    pub module: String,
    /// The names that are imported from it, and what they are called here; `*` for all. Empty: the module itself.
    pub names: Vec<(String, String)>,
}

/// What is seen of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    pub imports: Vec<Import>,
    /// The packages whose modules it goes through to import them, by the names they have here; the empty name: its own folder.
    pub walked: Vec<String>,
    /// It imports something whose name it computes.
    pub computed: bool,
    /// The names of the classes it defines, and those of their bases as written.
    pub classes: Vec<(String, Vec<String>)>,
}

/// No statement is longer.
const LONGEST: usize = 64 << 10;

/// Looks through a file.
pub fn outline(text: &str) -> Outline {
    let mut res = Outline::default();
    let (mut lists, mut own_folder) = (false, false);
    for found in WORDS.find_iter(text) {
        let (before, after) = (&text[..found.start()], &text[found.end()..]);
        match found.as_str() {
            "import" => match after.as_bytes().first() {
                Some(b' ' | b'\t' | b'(' | b'\\' | b'*') => res.statement(line_before(text, found.start()), after),
                Some(b'_') if before.ends_with("__") && after.starts_with("__(") => res.call(&after[3..]),
                Some(b'_') => {
                    if let Some(arguments) = after.strip_prefix("_module(").or_else(|| after.strip_prefix("_string(")) {
                        res.call(arguments);
                    }
                }
                _ => {}
            },
            "class " => res.class(line_before(text, found.start()), after),
            "__path__" => res.walks(before),
            "find_modules(" => res.call_walk(after),
            "__file__" => own_folder = true,
            _ => lists = true,
        }
    }
    if lists && own_folder && (res.computed || text.contains("__all__")) {
        res.walk("");
    }
    res
}

static WORDS: LazyLock<Regex> = LazyLock::new(|| {
    let words = r"import|class |__path__|__file__|find_modules\(|glob\(|listdir\(|iterdir\(|scandir\(|iter_modules\(";
    Regex::new(words).expect("a constant pattern")
});

impl Outline {
    fn statement(&mut self, line: &str, after: &str) {
        let line = line.trim();
        if line.is_empty() {
            for part in clause(after).split(',') {
                let (module, name) = aliased(part);
                if is_dotted(module) {
                    let names = Vec::new();
                    self.imports.push(Import { level: 0, module: module.to_owned(), names });
                    if name != module {
                        // known by another name: kept as if imported from what holds it
                        if let Some((parent, last)) = module.rsplit_once('.') {
                            let names = vec![(last.to_owned(), name.to_owned())];
                            self.imports.push(Import { level: 0, module: parent.to_owned(), names });
                        }
                    }
                }
            }
            return;
        }
        let Some(module) = line.strip_prefix("from").filter(|rest| rest.starts_with([' ', '\t', '.'])) else { return };
        let module = module.trim_matches([' ', '\t', '\\', '\n', '\r']);
        let name = module.trim_start_matches(['.', ' ']);
        let level = module[..module.len() - name.len()].matches('.').count();
        if !(is_dotted(name) || name.is_empty() && level > 0) {
            return;
        }
        let names = clause(after)
            .split(',')
            .map(aliased)
            .filter(|(name, _)| *name == "*" || is_dotted(name))
            .map(|(name, own)| (name.to_owned(), own.to_owned()))
            .collect();
        self.imports.push(Import { level, module: name.to_owned(), names });
    }

    /// `import_module("app.models")`, `import_module(".user", __name__)`
    fn call(&mut self, arguments: &str) {
        let arguments = arguments.trim_start();
        let quote = match arguments.as_bytes().first() {
            Some(&quote @ (b'"' | b'\'')) => char::from(quote),
            _ => {
                self.computed = true;
                return;
            }
        };
        let Some(end) = arguments[1..].find(quote) else { return };
        let literal = &arguments[1..=end];
        let name = literal.trim_start_matches('.');
        if is_dotted(name) {
            let level = literal.len() - name.len();
            self.imports.push(Import { level, module: name.to_owned(), names: Vec::new() });
        }
    }

    /// What stands before a `__path__`: `pkgutil.iter_modules(models.__path__)`.
    fn walks(&mut self, before: &str) {
        let name = before.strip_suffix('.').map_or("", |object| {
            let start = object.rfind(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'));
            let start = start.map_or(0, |at| at + object[at..].chars().next().map_or(1, char::len_utf8));
            &object[start..]
        });
        self.walk(name.rsplit('.').next().unwrap_or_default());
    }

    fn walk(&mut self, name: &str) {
        if !self.walked.iter().any(|known| known == name) {
            self.walked.push(name.to_owned());
        }
    }

    /// `find_modules("app.models")`
    fn call_walk(&mut self, arguments: &str) {
        let n_known = self.imports.len();
        self.call(arguments);
        if let Some(import) = self.imports.get(n_known) {
            let module = import.module.clone();
            self.walk(&module);
        }
    }

    fn class(&mut self, line: &str, rest: &str) {
        if !line.trim_matches([' ', '\t']).is_empty() {
            return;
        }
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let Some(arguments) = rest[end..].trim_start().strip_prefix('(') else { return };
        let bases = upto(arguments, ')').split(',').map(str::trim).filter(|base| is_dotted(base));
        self.classes.push((rest[..end].to_owned(), bases.map(str::to_owned).collect()));
    }
}

/// What stands before a place in its line, or in its statement.
fn line_before(text: &str, at: usize) -> &str {
    let mut start = text[..at].rfind(['\n', ';']).map_or(0, |newline| newline + 1);
    // a line that goes on
    if text[..start].trim_end_matches(['\n', '\r']).ends_with('\\') {
        start = text[..start - 1].rfind('\n').map_or(0, |newline| newline + 1);
    }
    let line = &text[start..at];
    // `try: import x`
    line.rfind(": ").map_or(line, |colon| &line[colon + 2..])
}

/// The names after `import`: in brackets, or up to the end of the line.
fn clause(after: &str) -> &str {
    let after = after.trim_start_matches([' ', '\t']);
    if let Some(inner) = after.strip_prefix('(') {
        return upto(inner, ')');
    }
    let mut end = 0;
    for line in after.split_inclusive('\n') {
        end += line.len();
        if !line.trim_end().ends_with('\\') || end > LONGEST {
            break;
        }
    }
    let line = &after[..end];
    let end = line.find([';', '#']).unwrap_or(line.len());
    &line[..end]
}

fn upto(text: &str, end: char) -> &str {
    let mut most = text.len().min(LONGEST);
    while !text.is_char_boundary(most) {
        most -= 1;
    }
    let text = &text[..most];
    &text[..text.find(end).unwrap_or(0)]
}

/// `name as own`, without the comments round it.
fn aliased(part: &str) -> (&str, &str) {
    let mut part = part;
    for line in part.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let line = line.trim_matches([' ', '\t', '\\', '\r', ')', '(']);
        if !line.is_empty() {
            part = line;
        }
    }
    let part = part.trim_matches([' ', '\t', '\\', '\r', '\n']);
    match part.split_once(" as ") {
        Some((name, own)) => (name.trim(), own.trim()),
        None => (part, part),
    }
}

fn is_dotted(name: &str) -> bool {
    !name.is_empty()
        && name.split('.').all(|part| {
            part.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_')
                && part.chars().all(|c| c.is_alphanumeric() || c == '_')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let show = |import: &Import| {
            let names: Vec<String> = import
                .names
                .iter()
                .map(|(name, own)| if name == own { name.clone() } else { format!("{name}={own}") })
                .collect();
            format!("{}{}:{}", ".".repeat(import.level), import.module, names.join(","))
        };
        outline(text).imports.iter().map(show).collect()
    }

    #[test]
    fn every_spelling_is_seen() {
        assert_eq!(shown("import a.b, c as d\n"), ["a.b:", "c:"]);
        assert_eq!(shown("import a.b as c\n"), ["a.b:", "a:b=c"]);
        assert_eq!(shown("from a import b as c, d  # why\n"), ["a:b=c,d"]);
        assert_eq!(shown("from . import x\nfrom ..y import *\nfrom ... z import w\n"), [".:x", "..y:*", "...z:w"]);
        assert_eq!(shown("from a import (  # noqa\n    b,  # one\n    c as d,\n    # two\n    e,\n)\n"), ["a:b,c=d,e"]);
        assert_eq!(shown("from a import b, \\\n    c\nx = 1\n"), ["a:b,c"]);
        assert_eq!(shown("from a \\\n    import b\n"), ["a:b"]);
        assert_eq!(shown("try: import a\nexcept ImportError: import b; import c\n"), ["a:", "b:", "c:"]);
        assert_eq!(shown("def f():\n    from a.b import c\n"), ["a.b:c"]);
        assert_eq!(shown("important = 1\nimport_x = 2\n# we import things\nreimport x\n"), [""; 0]);
        assert_eq!(
            shown("importlib.import_module('a.b')\nimport_module('.c', __name__)\n__import__(\"d\")\n"),
            ["a.b:", ".c:", "d:"]
        );
    }

    #[test]
    fn what_goes_through_a_package_is_seen() {
        let walks = |text: &str| outline(text).walked;
        assert_eq!(
            walks(
                "from app import models\nfor m in pkgutil.iter_modules(models.__path__):\n    import_module(m.name)\n"
            ),
            ["models"]
        );
        assert_eq!(walks("for m in pkgutil.walk_packages(__path__, prefix):\n    pass\n"), [""]);
        assert_eq!(walks("for p in Path(__file__).parent.glob('*.py'):\n    import_module(f'app.{p.stem}')\n"), [""]);
        assert_eq!(walks("import_module(name)\n"), [""; 0]);
        assert!(outline("import_module(name)\n").computed);
    }

    #[test]
    fn classes_are_seen_with_their_bases() {
        let classes =
            outline("class A:\n    pass\nclass B(x.A, metaclass=M):\n    class C(\n        D,\n    ): pass\n").classes;
        let bases = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(classes, [("B".to_owned(), bases(&["x.A"])), ("C".to_owned(), bases(&["D"]))]);
    }

    #[test]
    fn nothing_it_may_hold_does_harm() {
        for text in [
            "import",
            "from",
            "from é import",
            "import é, ü as",
            "import (",
            "class é(",
            "from a import (é",
            "\\\nimport a",
            ";import b",
        ] {
            outline(text);
        }
    }
}
