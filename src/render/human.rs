//! Diagnostics for people: a code frame, what is to be known about it, what to type. Decides neither the
//! order nor what is worth showing.

use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use super::WIDTH;
use super::graph::draw;
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::source::{escape, is_unsafe};

/// How many characters of a span are underlined, and how far two spans of one frame may lie apart sideways:
/// what is further apart does not fit beside the other in a frame.
const MAX_SPAN: usize = 60;

/// Prints the diagnostics in the order given: notes on one line each, the others framed, with a blank line
/// around them. Fails only when `out` does.
pub fn diagnostics_human(out: &mut dyn Write, diagnostics: &[Diagnostic], color: bool) -> io::Result<()> {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() }.term_width(WIDTH);
    for (i, diagnostic) in diagnostics.iter().enumerate() {
        if i > 0 && [&diagnostics[i - 1], diagnostic].iter().any(|d| d.severity != Severity::Note) {
            writeln!(out)?;
        }
        for line in renderer.render(&[group(diagnostic)]).lines() {
            writeln!(out, "{}", line.trim_end_matches(' '))?;
        }
    }
    Ok(())
}

/// The closing line: `2 errors, 1 warning`; `None` when there is neither.
pub fn summary(diagnostics: &[Diagnostic]) -> Option<String> {
    let res: Vec<_> = [Severity::Error, Severity::Warning]
        .into_iter()
        .map(|severity| (severity.name(), diagnostics.iter().filter(|d| d.severity == severity).count()))
        .filter(|&(_, n)| n > 0)
        .map(|(name, n)| format!("{n} {name}{}", if n == 1 { "" } else { "s" }))
        .collect();
    (!res.is_empty()).then(|| res.join(", "))
}

fn group(diagnostic: &Diagnostic) -> Group<'_> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(escape(&diagnostic.message)).id(diagnostic.rule);
    if diagnostic.severity == Severity::Note {
        return Group::with_title(title);
    }
    let mut res = title.elements(frames(&diagnostic.labels));
    let drawing = diagnostic.fork.as_ref().map(draw).unwrap_or_default();
    let notes: Vec<_> = drawing.iter().chain(&diagnostic.notes).collect();
    for (level, lines) in [(Level::NOTE, notes), (Level::HELP, diagnostic.help.iter().collect())] {
        if !lines.is_empty() {
            let lines: Vec<_> = lines.iter().map(|line| escape(line)).collect();
            res = res.element(level.message(lines.join("\n")));
        }
    }
    res
}

/// One frame a file, in the order of the labels; labels too far to the side of the first have their own.
fn frames(labels: &[Label]) -> Vec<Snippet<'_, Annotation<'_>>> {
    let mut frames: Vec<(usize, Vec<(usize, &Label)>)> = Vec::new();
    for member @ (_, label) in labels.iter().enumerate() {
        let column = label.source.position(label.span.start).column;
        let near = frames.iter_mut().find(|(first_column, members)| {
            members[0].1.source == label.source && first_column.abs_diff(column) <= MAX_SPAN
        });
        match near {
            Some((_, members)) => members.push(member),
            None => frames.push((column, vec![member])),
        }
    }
    frames.iter().map(|(_, members)| frame(members)).collect()
}

/// A frame of the lines that its labels touch and of those between. Spans are made to lie in the text first:
/// the drawing panics on any that does not.
fn frame<'a>(members: &[(usize, &'a Label)]) -> Snippet<'a, Annotation<'a>> {
    let source = &members[0].1.source;
    let text = source.text.as_str();
    let spans: Vec<_> = members.iter().map(|(_, label)| visible(text, label.span.into())).collect();
    let start = spans.iter().map(|span| line_start(text, span.start)).min().unwrap_or_default();
    let end = spans.iter().map(|span| line_end(text, span.end)).max().unwrap_or_default();
    let annotations = members.iter().zip(spans).map(|((i, label), span)| {
        let kind = if *i == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let text = (!label.text.is_empty()).then(|| escape(&label.text));
        kind.span(span.start - start..span.end - start).label(text)
    });
    // The blank gives the empty line at the end of a file something that can be pointed at.
    Snippet::source(printable(&text[start..end]) + " ")
        .line_start(source.position(start).line)
        .path(source.path.to_string())
        .annotations(annotations)
}

/// What is underlined of a span: inside the text, on boundaries of characters, without the white space at its
/// end, at most [`MAX_SPAN`] characters of a line, and only the first line when the last ends far to the side.
fn visible(text: &str, span: Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(span.start);
    let line_end = line_end(text, start);
    let start = start.min(line_end);
    let mut end = text.ceil_char_boundary(span.end.min(text.len())).max(start);
    end = start + text[start..end].trim_end().len();
    if end > line_end {
        let columns = |at: usize| text[line_start(text, at)..at].chars().count();
        if columns(start).abs_diff(columns(end)) <= MAX_SPAN {
            return start..end;
        }
        end = line_end;
    }
    let too_far = text[start..end].char_indices().nth(MAX_SPAN).map(|(at, _)| start + at);
    start..too_far.unwrap_or(end)
}

fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |at| at + 1)
}

/// The end of the line, before its line feed or CR LF.
fn line_end(text: &str, offset: usize) -> usize {
    let Some(at) = text[offset..].find('\n').map(|at| offset + at) else { return text.len() };
    if text[..at].ends_with('\r') { at - 1 } else { at }
}

/// Source text with what [`escape`] would escape replaced by one character of the same length, so that spans
/// and columns stay true. The drawing itself replaces tabs and ASCII's control characters.
fn printable(text: &str) -> String {
    let replace = |c: char| match c.len_utf8() {
        2 => '\u{bf}',
        3 => char::REPLACEMENT_CHARACTER,
        _ => c,
    };
    text.chars().map(|c| if is_unsafe(c) { replace(c) } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::{Strategy, any, prop, prop_assert, proptest};

    use super::*;
    use crate::source::{Source, Span};

    fn diagnostic(severity: Severity, message: &str, labels: Vec<Label>) -> Diagnostic {
        Diagnostic {
            rule: "some-rule",
            severity,
            message: message.into(),
            environment: "alembic".into(),
            revisions: Vec::new(),
            labels,
            fork: None,
            notes: Vec::new(),
            help: Vec::new(),
        }
    }

    fn source(path: &str, text: &str) -> Arc<Source> {
        Arc::new(Source::new(path.into(), text))
    }

    /// A label at the only place that `needle` is found at.
    fn label(source: &Arc<Source>, needle: &str, text: &str) -> Label {
        let start = source.text.find(needle).expect("the needle is there");
        assert_eq!(source.text.rfind(needle), Some(start));
        Label { source: source.clone(), span: Span::new(start, start + needle.len()), text: text.into() }
    }

    fn show(diagnostics: &[Diagnostic], color: bool) -> String {
        let mut res = Vec::new();
        diagnostics_human(&mut res, diagnostics, color).expect("writing to memory");
        String::from_utf8(res).expect("UTF-8")
    }

    fn shown(labels: Vec<Label>) -> String {
        show(&[diagnostic(Severity::Error, "message", labels)], false)
    }

    #[test]
    fn a_refusal_fits_one_screen() {
        let text = "\"\"\"payments\"\"\"\nrevision = \"b2f1\"\ndown_revision = \"a1c0\"\nbranch_labels = None\n";
        let payments = source("versions/b2f1_payments.py", text);
        let mut refusal = diagnostic(
            Severity::Error,
            "`b2f1` and `c9d4` both follow `a1c0`",
            vec![label(&payments, "\"a1c0\"", "`c9d4` on `origin/develop` is here already")],
        );
        refusal.notes = vec!["a1c0 create users".into(), "├── b2f1".into(), "└── c9d4".into()];
        refusal.help = vec!["git merge origin/develop".into(), "alembic merge heads".into()];
        assert_eq!(
            show(&[refusal], false),
            r#"error[some-rule]: `b2f1` and `c9d4` both follow `a1c0`
 --> versions/b2f1_payments.py:3:17
  |
3 | down_revision = "a1c0"
  |                 ^^^^^^ `c9d4` on `origin/develop` is here already
  |
  = note: a1c0 create users
          ├── b2f1
          └── c9d4
  = help: git merge origin/develop
          alembic merge heads
"#
        );
    }

    #[test]
    fn what_was_there_before_takes_a_line_and_the_rest_a_blank_line_around_it() {
        let py = source("a.py", "revision = 1\n");
        let note = || diagnostic(Severity::Note, "two heads were there before: `a`, `b`", vec![label(&py, "1", "x")]);
        let error = || diagnostic(Severity::Error, "no place", Vec::new());
        let mut warning = diagnostic(Severity::Warning, "no place either", Vec::new());
        warning.help = vec!["do this".into()];
        assert_eq!(
            show(&[note(), note(), error(), warning, note()], false),
            "\
note[some-rule]: two heads were there before: `a`, `b`
note[some-rule]: two heads were there before: `a`, `b`

error[some-rule]: no place

warning[some-rule]: no place either
 |
 = help: do this

note[some-rule]: two heads were there before: `a`, `b`
"
        );
        assert_eq!(show(&[], false), "");
    }

    #[test]
    fn labels_share_the_frame_of_their_file() {
        let one = source("one.py", "revision = 'b2f1'\ndown_revision = 'a1c0'\n");
        let two = source("two.py", "\n\n\nrevision = 'b2f1'\n");
        let labels = vec![
            label(&one, "'b2f1'", "declared here"),
            label(&two, "'b2f1'", "and here"),
            label(&one, "'a1c0'", "with another parent"),
        ];
        assert_eq!(
            shown(labels),
            "\
error[some-rule]: message
 --> one.py:1:12
  |
1 | revision = 'b2f1'
  |            ^^^^^^ declared here
2 | down_revision = 'a1c0'
  |                 ------ with another parent
  |
 ::: two.py:4:12
  |
4 | revision = 'b2f1'
  |            ------ and here
"
        );
    }

    #[test]
    fn the_same_path_in_two_snapshots_is_two_frames() {
        let (ours, theirs) = (source("a.py", "revision = 1\n"), source("a.py", "revision = 2\n"));
        assert_eq!(
            shown(vec![label(&ours, "1", "ours"), label(&theirs, "2", "theirs")]),
            "\
error[some-rule]: message
 --> a.py:1:12
  |
1 | revision = 1
  |            ^ ours
  |
 ::: a.py:1:12
  |
1 | revision = 2
  |            - theirs
"
        );
    }

    #[test]
    fn a_span_may_cover_lines() {
        let py = source("m.py", "down_revision = (\r\n    'a',\r\n    'b',\r\n)\r\n");
        assert_eq!(
            shown(vec![label(&py, "(\r\n    'a',\r\n    'b',\r\n)\r\n", "`b` is not there")]),
            "\
error[some-rule]: message
 --> m.py:1:17
  |
1 |   down_revision = (
  |  _________________^
2 | |     'a',
3 | |     'b',
4 | | )
  | |_^ `b` is not there
"
        );
    }

    #[test]
    fn tabs_wide_and_combining_characters_keep_the_underline_in_place() {
        let py = source("t.py", "\tdown_revision\t=\t'é漢e\u{301}𝒳' # x\r\n");
        assert_eq!(
            shown(vec![label(&py, "'é漢e\u{301}𝒳'", "here")]),
            "\
error[some-rule]: message
 --> t.py:1:18
  |
1 |     down_revision    =    'é漢e\u{301}𝒳' # x
  |                           ^^^^^^^ here
"
        );
    }

    #[test]
    fn nothing_from_the_repository_drives_the_terminal() {
        let py = source("\x1b[2J.py", "a = '\x1b[31m\u{9b}31m\u{202e}' # \r bell\x07 \"q\"\n");
        let mut bad = diagnostic(Severity::Error, "m\x1b[31m", vec![label(&py, "\"q\"", "l\x1b\n")]);
        bad.notes = vec!["n\x1b[31m".into(), "└── é".into()];
        bad.help = vec!["h\x07".into()];
        assert_eq!(
            show(&[bad], false),
            r#"error[some-rule]: m\u{1b}[31m
 --> \u{1b}[2J.py:1:28
  |
1 | a = '␛[31m¿31m�' # ␍ bell␇ "q"
  |                            ^^^ l\u{1b}\n
  |
  = note: n\u{1b}[31m
          └── é
  = help: h\u{7}
"#
        );
    }

    #[test]
    fn what_is_replaced_keeps_its_length() {
        for c in (char::MIN..=char::MAX).filter(|&c| is_unsafe(c)) {
            assert_eq!(printable(&c.to_string()).len(), c.len_utf8(), "{c:?}");
            assert!(c.is_ascii() || !printable(&c.to_string()).contains(is_unsafe), "{c:?}");
        }
    }

    #[test]
    fn long_lines_are_cut_round_the_span() {
        let far = "x".repeat(100_000);
        let py = source("l.py", &format!("first = '{far}'; down_revision = 'a1c0' # {far}"));
        assert_eq!(
            shown(vec![label(&py, "'a1c0'", "here"), label(&py, "first", "far away")]),
            "\
error[some-rule]: message
 --> l.py:1:100029
  |
1 | ...xxxxxxxxxxxxxxxxxxxx'; down_revision = 'a1c0' # xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...
  |                                           ^^^^^^ here
  |
 ::: l.py:1:1
  |
1 | first = 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...
  | ----- far away
"
        );
        let wide = shown(vec![Label { source: py, span: Span::new(8, 100_000), text: "here".into() }]);
        assert!(wide.lines().all(|line| line.chars().count() <= WIDTH), "{wide}");
    }

    #[test]
    fn spans_at_the_end_or_past_it_point_at_the_end() {
        let at = |text: &str, start, end| {
            let label = Label { source: source("e.py", text), span: Span::new(start, end), text: "end".into() };
            shown(vec![label]).lines().skip(1).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(at("", 0, 0), " --> e.py:1:1\n  |\n1 |\n  | ^ end");
        assert_eq!(at("a\r\n", 3, 3), " --> e.py:2:1\n  |\n2 |\n  | ^ end");
        assert_eq!(at("a\r\n", 1, 2), " --> e.py:1:2\n  |\n1 | a\n  |  ^ end");
        assert_eq!(at("a\r\n", 2, 3), at("a\r\n", 1, 2));
        assert_eq!(at("a", 7, 3), " --> e.py:1:2\n  |\n1 | a\n  |  ^ end");
        assert_eq!(at("é", 1, 1), " --> e.py:1:1\n  |\n1 | é\n  | ^ end");
    }

    #[test]
    fn colour_changes_nothing_but_colour() {
        let py = source("a.py", "down_revision = 'a'\n");
        let shown = show(&[diagnostic(Severity::Warning, "message", vec![label(&py, "'a'", "here")])], true);
        assert_eq!(
            shown.replace('\x1b', "^"),
            "\
^[1m^[33mwarning[some-rule]^[0m^[1m: message^[0m
 ^[1m^[94m--> ^[0ma.py:1:17
  ^[1m^[94m|^[0m
^[1m^[94m1^[0m ^[1m^[94m|^[0m down_revision = 'a'
  ^[1m^[94m|^[0m                 ^[1m^[33m^^^^[0m ^[1m^[33mhere^[0m
"
        );
    }

    #[test]
    fn the_summary_counts_what_weighs() {
        let of = |severities: &[Severity]| {
            summary(&severities.iter().map(|&s| diagnostic(s, "m", Vec::new())).collect::<Vec<_>>())
        };
        use Severity::{Error, Note, Warning};
        assert_eq!(of(&[Error, Warning, Error, Note]).as_deref(), Some("2 errors, 1 warning"));
        assert_eq!(of(&[Warning, Warning]).as_deref(), Some("2 warnings"));
        assert_eq!(of(&[Error]).as_deref(), Some("1 error"));
        assert_eq!(of(&[Note]), None);
    }

    /// Short and long runs of characters that have broken terminals and column counts before.
    fn nasty_text() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "a",
            " ",
            "\t",
            "\n",
            "\r\n",
            "\r",
            "\x1b[31m",
            "\0",
            "\u{85}",
            "\u{9b}",
            "\u{ad}",
            "é",
            "漢",
            "𝒳",
            "e\u{301}",
            "\u{200d}",
            "\u{202e}",
            "\u{2028}",
            "\u{feff}",
            "👩\u{200d}💻",
            "\"",
            "(",
            "//",
        ]);
        let times = prop::sample::select(vec![1, 1, 1, 2, 3, 20, 61, 300]);
        let run = (piece, times).prop_map(|(piece, times)| piece.repeat(times));
        prop::collection::vec(run, 0..12).prop_map(|runs| runs.concat())
    }

    proptest! {
        #[test]
        fn no_text_and_no_span_breaks_a_frame(
            texts in prop::collection::vec(nasty_text(), 1..3),
            spans in prop::collection::vec((any::<prop::sample::Index>(), 0usize..1500, 0usize..1500, any::<bool>()), 0..5),
            message in nasty_text(),
        ) {
            let sources: Vec<_> = texts.iter().map(|text| source("versions/a.py", text)).collect();
            let labels = spans.iter().map(|(of, start, end, named)| Label {
                source: of.get(&sources).clone(),
                span: Span::new(*start, *end),
                text: if *named { "label".into() } else { String::new() },
            });
            let mut one = diagnostic(Severity::Error, "message", labels.collect());
            let shown = show(&[one.clone()], false);
            let fits = |line: &str| line.chars().filter(|&c| c != '\u{301}').count() <= 12 * WIDTH;
            prop_assert!(shown.lines().all(fits), "{shown}");
            if let Some(first) = one.labels.first() {
                let at = first.source.position(first.span.start);
                let place = format!("versions/a.py:{}:", at.line);
                prop_assert!(shown.lines().nth(1).is_some_and(|line| line.contains(&place)), "{place}\n{shown}");
            }
            one.message = message.clone();
            one.notes = vec![message.clone()];
            one.help = vec![message.clone()];
            one.labels.iter_mut().for_each(|label| label.text = message.clone());
            let shown = show(&[one], false);
            prop_assert!(!shown.chars().any(|c| c != '\n' && is_unsafe(c)), "{shown:?}");
        }
    }
}
