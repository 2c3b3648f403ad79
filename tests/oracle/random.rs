//! Makes up histories: mostly sound ones, some with a fault. The same seed gives the same history.

/// One revision file to be; names and lists as they stand in it.
#[derive(Clone, Debug)]
pub struct Revision {
    pub id: String,
    pub down: Vec<String>,
    pub depends_on: Vec<String>,
    pub labels: Vec<String>,
    pub file: String,
    /// How the header is spelled.
    pub style: usize,
}

impl Revision {
    /// The file's text.
    pub fn text(&self) -> String {
        let (revision, down, depends_on, labels) = match self.style % 3 {
            0 => ("revision", "down_revision", "depends_on", "branch_labels"),
            1 => (
                "revision: str",
                "down_revision: Union[str, Sequence[str], None]",
                "depends_on: Union[str, Sequence[str], None]",
                "branch_labels: Union[str, Sequence[str], None]",
            ),
            _ => ("revision", "down_revision: str | None", "depends_on", "branch_labels: tuple[str, ...] | None"),
        };
        format!(
            "\"\"\"{}\n\nRevision ID: {0}\n\"\"\"\nfrom __future__ import annotations\n\n\
             {revision} = {:?}\n{down} = {}\n{labels} = {}\n{depends_on} = {}\n\n\n\
             def upgrade() -> None:\n    pass\n\n\ndef downgrade() -> None:\n    pass\n",
            self.id,
            self.id,
            self.sequence(&self.down),
            self.sequence(&self.labels),
            self.sequence(&self.depends_on),
        )
    }

    fn sequence(&self, items: &[String]) -> String {
        let list: String = items.iter().map(|item| format!("{item:?}, ")).collect();
        match (items, self.style % 5) {
            ([], 0) => "()".into(),
            ([], _) => "None".into(),
            ([one], 0..3) => format!("{one:?}"),
            (_, 3) => format!("[{list}]"),
            _ => format!("({list})"),
        }
    }
}

/// A history of up to a dozen revisions, in load order.
pub fn history(seed: u64) -> Vec<Revision> {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bf0_3635);
    let mut res: Vec<Revision> = Vec::new();
    let (dependencies, labels) = (dice.one_in(2), dice.one_in(2));
    for number in 0..1 + dice.below(12) {
        let id = match dice.below(4) {
            0 => format!("{:012x}", dice.next() >> 16),
            1 => format!("r{number}"),
            2 => format!("{number:04}_add_{}", ["user", "état", "a.b", "x y"][dice.below(4)]),
            _ => format!("{:x}{number}", 0xa0 + dice.below(80)),
        };
        let tips: Vec<String> =
            res.iter().filter(|one| !res.iter().any(|o| o.down.contains(&one.id))).map(|one| one.id.clone()).collect();
        let down = match dice.below(10) {
            _ if number == 0 => vec![],
            0 => vec![],
            1..4 => vec![dice.pick(&res).id.clone()],
            4 => (0..2 + dice.below(2)).map(|_| dice.pick(&res).id.clone()).collect(),
            5 => tips,
            _ => vec![dice.pick(&tips).clone()],
        };
        let depends_on = match number > 0 && dependencies && dice.one_in(3) {
            true => (0..1 + dice.below(3)).map(|_| dice.name(&res)).collect(),
            false => vec![],
        };
        let labels = match labels && dice.one_in(5) {
            true => (0..1 + dice.below(2)).map(|at| format!("label{number}{at}")).collect(),
            false => vec![],
        };
        let file = format!("{:03}_{number}.py", dice.below(999));
        res.push(Revision { id, down, depends_on, labels, file, style: dice.below(30) });
    }
    if dice.one_in(2) {
        for _ in 0..1 + dice.below(2) {
            fault(&mut res, &mut dice);
        }
    }
    res.sort_by(|a, b| a.file.as_bytes().cmp(b.file.as_bytes()));
    res
}

/// Breaks something, or at least strains it.
fn fault(revisions: &mut [Revision], dice: &mut Dice) {
    let other = dice.pick(revisions).clone();
    let at = dice.below(revisions.len());
    let one = &mut revisions[at];
    let own = one.id.clone();
    match dice.below(18) {
        0 => one.id = other.id,
        1 => one.down.push(own),
        2 => one.depends_on.push(own),
        3 => one.down.push("missing".into()),
        4 => one.depends_on.push("missing".into()),
        5 => one.down = vec![other.id.chars().take(3).collect()],
        6 => one.depends_on = vec![other.id.chars().take(4).collect()],
        7 => one.id.insert(dice.below(2), ['@', '-', '+', ':'][dice.below(4)]),
        // circles, of which Alembic notices some
        8..12 => one.down.push(other.id),
        12..14 => one.depends_on.push(other.id),
        14 => one.labels.push(other.id),
        15 => one.labels.extend(other.labels.first().cloned().or(Some("label".into()))),
        16 => one.down = other.labels,
        _ => one.down = vec![String::new()],
    }
}

/// A small generator of numbers (splitmix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).expect("it is below n")
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// What a `depends_on` may call one of these.
    fn name(&mut self, revisions: &[Revision]) -> String {
        let revision = self.pick(revisions);
        match revision.labels.first() {
            Some(label) if self.one_in(2) => label.clone(),
            _ => revision.id.clone(),
        }
    }
}
