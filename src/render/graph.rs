//! Draws where heads part: lines of text, without colour. Knows nothing of how a graph is read.

use super::WIDTH;
use crate::diagnostic::{Branch, Fork, Revision, Side};
use crate::source::escape;

/// What a row has beside its arm and the gaps between its cells; the gutter of the frame that a drawing stands
/// in takes the rest of the screen.
const ROW_WIDTH: usize = WIDTH - 20;
/// How many branches are drawn at most.
pub const MAX_BRANCHES: usize = 6;
const MAX_ID: usize = 40;
const MAX_MESSAGE: usize = 46;
/// What a note leaves to a message.
const MIN_MESSAGE: usize = 16;

/// The drawing, a line an item: the parent, below it the branches, their ids, messages and notes in columns.
/// Escaped, and within the width of the screen. Of more than six branches five are drawn and the rest counted.
pub fn draw(fork: &Fork) -> Vec<String> {
    let mut branches: Vec<_> = fork.branches.iter().collect();
    branches.sort_by_key(|branch| branch.side != Side::Ours);
    let n_shown = if branches.len() > MAX_BRANCHES { MAX_BRANCHES - 1 } else { branches.len() };
    let n_hidden = branches.len() - n_shown;
    branches.truncate(n_shown);
    let last_arm = if fork.parent.is_some() { "└── " } else { "╶── " };

    let mut res = vec![match &fork.parent {
        Some(Revision { id, message, .. }) => {
            [shorten(id, MAX_ID), shorten(message, MAX_MESSAGE)].join(" ").trim_end().into()
        }
        None => "(no revision in common)".to_string(),
    }];
    for (i, (branch, row)) in branches.iter().zip(rows(&branches)).enumerate() {
        let (arm, below) = match fork.parent {
            Some(_) if i + 1 < n_shown || n_hidden > 0 => ("├── ", "│   "),
            _ => (last_arm, "    "),
        };
        if branch.between > 0 {
            let plural = if branch.between == 1 { "" } else { "s" };
            res.push(format!("{arm}⋮ {} revision{plural}", branch.between));
            res.push(format!("{below}{row}"));
        } else {
            res.push(format!("{arm}{row}"));
        }
    }
    if n_hidden > 0 {
        res.push(format!("{last_arm}… and {n_hidden} more"));
    }
    res
}

/// `b2f1 add payments   staged here`, a row a branch, its cells in columns. A message gives way to a note.
fn rows(branches: &[&Branch]) -> Vec<String> {
    let column = |cell: fn(&Branch) -> &str, room: usize| -> (Vec<String>, usize) {
        let cells: Vec<_> = branches.iter().map(|branch| shorten(cell(branch), room)).collect();
        let widest = cells.iter().map(|cell| width(cell)).max().unwrap_or_default();
        (cells, widest)
    };
    let (ids, id_width) = column(|branch| &branch.head.id, MAX_ID);
    let room = ROW_WIDTH.saturating_sub(id_width);
    let (_, least) = column(|branch| &branch.head.message, MIN_MESSAGE);
    let (notes, note_width) = column(|branch| &branch.note, room.saturating_sub(least));
    let (messages, message_width) = column(|branch| &branch.head.message, room.saturating_sub(note_width));
    let gap = if message_width > 0 { " " } else { "" };
    let row = |((id, message), note)| format!("{id:id_width$}{gap}{message:message_width$}   {note}");
    ids.iter().zip(&messages).zip(&notes).map(row).map(|row| row.trim_end().to_string()).collect()
}

/// Escaped, and cut to `room` characters, the last of which says so.
fn shorten(text: &str, room: usize) -> String {
    let text = escape(text.trim());
    if width(&text) <= room {
        return text.into_owned();
    }
    let mut res: String = text.chars().take(room.saturating_sub(1)).collect();
    res.truncate(res.trim_end().len());
    res.push('…');
    res
}

fn width(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(id: &str, message: &str) -> Revision {
        Revision { id: id.into(), message: message.into(), path: "versions/x.py".into() }
    }

    fn ours(between: usize, id: &str, message: &str) -> Branch {
        Branch { between, head: node(id, message), note: "staged here".into(), side: Side::Ours }
    }

    fn theirs(between: usize, id: &str, message: &str) -> Branch {
        let note = "origin/develop, 4f2c1d9, Ana, 2026-11-02".into();
        Branch { between, head: node(id, message), note, side: Side::Base(0) }
    }

    fn drawn(parent: Option<Revision>, branches: Vec<Branch>) -> String {
        draw(&Fork { parent, branches }).join("\n")
    }

    #[test]
    fn two_heads_stand_below_the_revision_they_part_from_ours_first() {
        assert_eq!(
            drawn(Some(node("a1c0", "create users")), vec![theirs(0, "c9d4", "grants"), ours(0, "b2f1", "payments")]),
            "\
a1c0 create users
├── b2f1 payments   staged here
└── c9d4 grants     origin/develop, 4f2c1d9, Ana, 2026-11-02"
        );
    }

    #[test]
    fn what_lies_between_is_counted() {
        assert_eq!(
            drawn(Some(node("a1c0", "")), vec![ours(3, "b2f1", "payments"), theirs(1, "ae1027a6acf0", "grants")]),
            "\
a1c0
├── ⋮ 3 revisions
│   b2f1         payments   staged here
└── ⋮ 1 revision
    ae1027a6acf0 grants     origin/develop, 4f2c1d9, Ana, 2026-11-02"
        );
    }

    #[test]
    fn heads_without_a_common_ancestor_are_roots() {
        assert_eq!(
            drawn(None, vec![ours(0, "b2f1", ""), theirs(2, "c9d4", "")]),
            "\
(no revision in common)
╶── b2f1   staged here
╶── ⋮ 2 revisions
    c9d4   origin/develop, 4f2c1d9, Ana, 2026-11-02"
        );
    }

    #[test]
    fn of_many_branches_five_are_drawn_and_ours_is_among_them() {
        let branches = |n: usize| {
            let mut res: Vec<_> = (1..n).map(|i| theirs(0, &format!("id{i}"), "")).collect();
            res.push(Branch { note: String::new(), ..ours(0, "mine", "") });
            res.iter_mut().for_each(|branch| branch.note.clear());
            res
        };
        let parent = || Some(node("a1c0", "create users"));
        assert_eq!(
            drawn(parent(), branches(6)),
            "a1c0 create users\n├── mine\n├── id1\n├── id2\n├── id3\n├── id4\n└── id5"
        );
        assert_eq!(
            drawn(parent(), branches(9)),
            "a1c0 create users\n├── mine\n├── id1\n├── id2\n├── id3\n├── id4\n└── … and 4 more"
        );
        assert_eq!(drawn(None, branches(7)).lines().last(), Some("╶── … and 2 more"));
        assert_eq!(drawn(parent(), branches(1)), "a1c0 create users\n└── mine");
        assert_eq!(drawn(parent(), Vec::new()), "a1c0 create users");
    }

    #[test]
    fn long_cells_are_cut_and_a_message_gives_way_to_a_note() {
        let long = "a message that says very much about nothing in particular and goes on and on";
        let note = "on origin/develop, 4f2c1d9 Ana, 2026-11-02 \"grants\"";
        let mut far = theirs(0, "ae1027a6acf0", long);
        far.note = note.into();
        assert_eq!(
            drawn(Some(node("a1c0", long)), vec![ours(0, "3f6e04c6a2b1", "payments"), far]),
            "\
a1c0 a message that says very much about nothing i…
├── 3f6e04c6a2b1 payments            staged here
└── ae1027a6acf0 a message that s…   on origin/develop, 4f2c1d9 Ana, 2026-11-02 \"grants\""
        );
        let mut huge = theirs(0, &"i".repeat(500), &long.repeat(500));
        huge.note = long.repeat(500);
        for line in draw(&Fork { parent: Some(huge.head.clone()), branches: vec![huge.clone(), ours(0, "b", "")] }) {
            assert!(line.chars().count() <= WIDTH - 12, "{line}");
        }
    }

    #[test]
    fn what_the_repository_says_is_escaped() {
        let bad = |text: &str| Branch { note: text.into(), ..ours(0, text, text) };
        let shown = drawn(Some(node("\x1b[31m", "\u{202e}")), vec![bad("\x1b[2J\nx"), bad("\u{9b}\t")]);
        assert!(!shown.chars().any(|c| c != '\n' && crate::source::is_unsafe(c)), "{shown:?}");
        assert_eq!(shown.lines().count(), 3);
    }
}
