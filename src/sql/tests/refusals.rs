use super::{POSTGRES, lines};

#[test]
fn the_words_are_postgresqls() {
    // (text, PostgreSQL 15's message behind `syntax error at`)
    let cases = include!("refusals.in");
    for (text, reason, at) in cases {
        assert_eq!(lines(text, &POSTGRES), [format!("42601 {reason} syntax error at {at}")], "{text}");
    }
}
