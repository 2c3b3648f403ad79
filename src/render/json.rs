//! Machine output, version 1: structs of its own, so that no change of our types changes it unnoticed.

use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::source::{RepoPath, is_unsafe};

/// One environment as `heads --format json` lists it.
#[derive(Clone, Debug, Serialize)]
pub struct EnvironmentJson {
    pub name: String,
    pub config: Option<String>,
    pub script_location: Option<String>,
    pub version_locations: Vec<String>,
    /// How many there are.
    pub revisions: usize,
    pub heads: Vec<String>,
    pub effective_heads: Vec<String>,
    pub bases: Vec<String>,
    pub branch_points: Vec<String>,
    pub merge_points: Vec<String>,
    /// `null` where Alembic could not upgrade.
    pub upgrade_order: Option<Vec<String>>,
}

/// What `check` and the hooks print: one line, without the line feed at its end.
pub fn check_json(refused: bool, diagnostics: &[Diagnostic]) -> String {
    to_line(&CheckJson { version: VERSION, refused, diagnostics: diagnostics.iter().map(diagnostic).collect() })
}

/// What `heads` prints: one line, without the line feed at its end.
pub fn heads_json(environments: &[EnvironmentJson], diagnostics: &[Diagnostic]) -> String {
    to_line(&HeadsJson { version: VERSION, environments, diagnostics: diagnostics.iter().map(diagnostic).collect() })
}

/// What `rules` prints: name, severity and summary of each.
pub fn rules_json(rules: &[(&str, &str, &str)]) -> String {
    let rules = rules.iter().map(|&(name, severity, summary)| RuleJson { name, severity, summary }).collect();
    to_line(&RulesJson { version: VERSION, rules })
}

/// A path for JSON: as it is when it is UTF-8, else with the bytes that are not written `\xNN`.
pub fn path(path: &RepoPath) -> String {
    let mut res = String::new();
    for chunk in path.as_bytes().utf8_chunks() {
        res.push_str(chunk.valid());
        res.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
    }
    res
}

pub(super) const VERSION: u32 = 1;

#[derive(Serialize)]
struct CheckJson<'a> {
    version: u32,
    refused: bool,
    diagnostics: Vec<DiagnosticJson<'a>>,
}

#[derive(Serialize)]
struct HeadsJson<'a> {
    version: u32,
    environments: &'a [EnvironmentJson],
    diagnostics: Vec<DiagnosticJson<'a>>,
}

#[derive(Serialize)]
struct RulesJson<'a> {
    version: u32,
    rules: Vec<RuleJson<'a>>,
}

#[derive(Serialize)]
struct RuleJson<'a> {
    name: &'a str,
    severity: &'a str,
    summary: &'a str,
}

#[derive(Serialize)]
struct DiagnosticJson<'a> {
    rule: &'a str,
    severity: &'a str,
    message: &'a str,
    environment: &'a str,
    revisions: &'a [String],
    path: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    help: Option<String>,
}

fn diagnostic(diagnostic: &Diagnostic) -> DiagnosticJson<'_> {
    let label = diagnostic.labels.first();
    let position = label.map(|label| label.source.position(label.span.start));
    DiagnosticJson {
        rule: diagnostic.rule,
        severity: diagnostic.severity.name(),
        message: &diagnostic.message,
        environment: &diagnostic.environment,
        revisions: &diagnostic.revisions,
        path: label.map(|label| path(&label.source.path)),
        line: position.map(|position| position.line),
        column: position.map(|position| position.column),
        help: (!diagnostic.help.is_empty()).then(|| diagnostic.help.join("\n")),
    }
}

/// JSON of one line that means the same and cannot drive a terminal: characters outside ASCII occur only in
/// its strings, where they may be written as escapes.
pub(super) fn to_line(value: &impl Serialize) -> String {
    let json = serde_json::to_string(value).expect("structs of strings and numbers");
    let mut res = String::with_capacity(json.len());
    for c in json.chars() {
        match is_unsafe(c) {
            true => res.push_str(&format!("\\u{:04x}", u32::from(c))),
            false => res.push(c),
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostic::{Label, Severity};
    use crate::source::{Source, Span};

    fn sample(source: Source) -> Diagnostic {
        Diagnostic {
            rule: "multiple-heads",
            severity: Severity::Error,
            message: "two heads: `a`, `b`".into(),
            environment: "alembic".into(),
            revisions: vec!["a".into(), "b".into()],
            labels: vec![Label { source: Arc::new(source), span: Span::new(6, 8), text: "not in JSON".into() }],
            fork: None,
            notes: vec!["not in JSON".into()],
            help: vec!["git merge".into(), "alembic merge heads".into()],
        }
    }

    #[test]
    fn a_check_says_these_keys_in_this_order() {
        let with_place = sample(Source::new("v/a.py".into(), "é = 1\nx = 2"));
        let without = Diagnostic { labels: Vec::new(), help: Vec::new(), revisions: Vec::new(), ..with_place.clone() };
        assert_eq!(
            check_json(true, &[with_place, without]),
            concat!(
                r#"{"version":1,"refused":true,"diagnostics":["#,
                r#"{"rule":"multiple-heads","severity":"error","message":"two heads: `a`, `b`","environment":"alembic","#,
                r#""revisions":["a","b"],"path":"v/a.py","line":1,"column":6,"help":"git merge\nalembic merge heads"},"#,
                r#"{"rule":"multiple-heads","severity":"error","message":"two heads: `a`, `b`","environment":"alembic","#,
                r#""revisions":[],"path":null,"line":null,"column":null,"help":null}]}"#,
            )
        );
        assert_eq!(check_json(false, &[]), r#"{"version":1,"refused":false,"diagnostics":[]}"#);
    }

    #[test]
    fn heads_say_these_keys_in_this_order() {
        let environment = EnvironmentJson {
            name: "alembic".into(),
            config: None,
            script_location: Some("migrations".into()),
            version_locations: vec!["migrations/versions".into()],
            revisions: 3,
            heads: vec!["b".into(), "c".into()],
            effective_heads: vec!["b".into(), "c".into()],
            bases: vec!["a".into()],
            branch_points: vec!["a".into()],
            merge_points: Vec::new(),
            upgrade_order: None,
        };
        let with_order = EnvironmentJson {
            config: Some("alembic.ini".into()),
            upgrade_order: Some(vec!["a".into()]),
            ..environment.clone()
        };
        let rest = concat!(
            r#""script_location":"migrations","version_locations":["migrations/versions"],"revisions":3,"#,
            r#""heads":["b","c"],"effective_heads":["b","c"],"bases":["a"],"branch_points":["a"],"merge_points":[],"#,
        );
        assert_eq!(
            heads_json(&[environment, with_order], &[]),
            format!(
                concat!(
                    r#"{{"version":1,"environments":[{{"name":"alembic","config":null,{rest}"upgrade_order":null}},"#,
                    r#"{{"name":"alembic","config":"alembic.ini",{rest}"upgrade_order":["a"]}}],"diagnostics":[]}}"#,
                ),
                rest = rest
            )
        );
    }

    #[test]
    fn a_path_that_is_not_utf8_is_escaped_and_any_other_comes_back_as_it_was() {
        assert_eq!(path(&RepoPath::new(b"v/\xff\xc3(.py")), "v/\\xff\\xc3(.py");
        let strange = "v/\x1b[2J\u{7f}\u{9b}\u{202e}é漢𝒳\n\"\\.py";
        let json = check_json(true, &[sample(Source::new(strange.into(), ""))]);
        assert!(!json.contains(is_unsafe), "{json}");
        let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(value["diagnostics"][0]["path"], strange);
    }
}
