//! The names that PostgreSQL chooses (`makeObjectName`, `ChooseConstraintName`, `ChooseIndexName`). Which are taken is the
//! caller's to say.

/// The longest name PostgreSQL stores, in bytes.
const LONGEST: usize = 63;

/// `<table>_<addition>_<label>`, the longer of the first two cut until it fits; with a number behind it, the first that is free.
pub fn choose(table: &str, addition: Option<&str>, label: &str, taken: impl Fn(&str) -> bool) -> String {
    let first = make(table, addition, label);
    if !taken(&first) {
        return first;
    }
    // the names are few; the bound only keeps a `taken` that always says yes from going on for ever
    (1..100_000)
        .map(|number| make(table, addition, &format!("{label}{number}")))
        .find(|name| !taken(name))
        .unwrap_or(first)
}

/// The names of the columns, joined, as PostgreSQL puts them into a name.
pub fn join<'a>(columns: impl Iterator<Item = &'a str>) -> String {
    let mut res = String::new();
    for column in columns {
        if !res.is_empty() {
            res.push('_');
        }
        res.push_str(column);
        if res.len() > LONGEST {
            break;
        }
    }
    res
}

fn make(table: &str, addition: Option<&str>, label: &str) -> String {
    let addition_length = addition.map_or(0, str::len);
    let overhead = usize::from(addition.is_some()) + 1 + label.len();
    let available = LONGEST.saturating_sub(overhead);
    let (mut first, mut second) = (table.len(), addition_length);
    while first + second > available {
        if first > second { first -= 1 } else { second = second.saturating_sub(1) }
    }
    let mut res = table[..table.floor_char_boundary(first)].to_owned();
    if let Some(addition) = addition {
        res.push('_');
        res.push_str(&addition[..addition.floor_char_boundary(second)]);
    }
    res.push('_');
    res.push_str(label);
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str = "averyveryverylongtablename_that_goes_on_and_on_for_63_bytes_x";

    #[test]
    fn names_are_cut_as_postgresql_cuts_them() {
        let free = |_: &str| false;
        assert_eq!(choose("t", None, "pkey", free), "t_pkey");
        assert_eq!(choose("t", Some("a_b"), "key", free), "t_a_b_key");
        assert_eq!(choose(LONG, None, "pkey", free), "averyveryverylongtablename_that_goes_on_and_on_for_63_byte_pkey");
        assert_eq!(
            choose(LONG, Some("b"), "key", free),
            "averyveryverylongtablename_that_goes_on_and_on_for_63_byt_b_key"
        );
        let column = "averyveryverylongcolumnname_goes_on";
        let columns = join([column, &format!("{column}2"), &format!("{column}3")].into_iter());
        let first = "averyveryverylongtablename_th_averyveryverylongcolumnname_g_key";
        assert_eq!(choose(LONG, Some(&columns), "key", free), first);
        assert_eq!(
            choose(LONG, Some(&columns), "key", |name| name == first),
            "averyveryverylongtablename_th_averyveryverylongcolumnname__key1"
        );
        let (table, column) = ("ä".repeat(31), "ö".repeat(29));
        assert_eq!(choose(&table, Some(&column), "key", free), "ääääääääääääää_öööööööööööööö_key");
    }

    #[test]
    fn taken_names_get_a_number() {
        assert_eq!(choose("t", None, "check", |name| ["t_check", "t_check1"].contains(&name)), "t_check2");
        assert_eq!(choose("", Some(""), "", |_| true), "__");
    }
}
