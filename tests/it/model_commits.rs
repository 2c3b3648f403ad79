//! A model is changed and committed, by the real program in real hooks: with its migration, without it, with half of it.

use std::path::Path;

use crate::drift::shop;
use crate::world::{Outcome, World};

const MODELS: &str = "shop/models.py";
const RULE: &str = "error[model-change-without-migration]";

/// The shop on `develop`, hooks installed, on a branch of its own.
fn world() -> World {
    let world = World::empty();
    shop(&world);
    world.commit("a shop");
    world.git("checkout -q -b feature");
    world.install();
    world
}

/// Replaces what stands once in the models.
#[track_caller]
fn edit(world: &World, from: &str, to: &str) {
    let text = world.read(MODELS);
    assert_eq!(text.matches(from).count(), 1, "{from}");
    world.write(MODELS, text.replace(from, to));
}

/// A column in the model of customers.
#[track_caller]
fn declare(world: &World, name: &str) {
    let note = "    note: Mapped[str | None] = mapped_column(sa.Text())\n";
    edit(world, note, &format!("{note}    {name}: Mapped[str | None] = mapped_column(sa.String(40), index=True)\n"));
}

/// A revision that does this.
fn migrate(world: &World, id: &str, down: &str, upgrade: &str) -> String {
    let path = format!("migrations/versions/{id}_more.py");
    let text = format!(
        "import sqlalchemy as sa\nfrom alembic import op\n\nrevision = \"{id}\"\ndown_revision = \"{down}\"\n\n\n\
         def upgrade():\n    {upgrade}\n\n\ndef downgrade():\n    raise NotImplementedError\n"
    );
    world.write(&path, text);
    path
}

const ADD: &str = "op.add_column(\"customers\", sa.Column(\"phone\", sa.String(length=40), nullable=True))";
const INDEX: &str = "op.create_index(\"ix_customers_phone\", \"customers\", [\"phone\"])";

#[track_caller]
fn refused(world: &World, args: &[&str], words: &[&str]) -> Outcome {
    let before = world.state();
    let outcome = world.try_git(args);
    assert_ne!(outcome.status, 0, "{outcome:?}");
    for word in words.iter().chain(&[RULE, "onehead refuses this"]) {
        assert!(outcome.stderr.contains(word), "no `{word}` in:\n{}", outcome.said());
    }
    assert_eq!(world.state(), before);
    outcome
}

/// git does it, and no error is told.
#[track_caller]
fn passed(world: &World, args: &[&str]) -> String {
    let head = world.id("HEAD");
    let outcome = world.try_git(args);
    assert_eq!(outcome.status, 0, "{}", outcome.said());
    assert!(!outcome.stderr.contains("error"), "{}", outcome.said());
    assert_ne!(world.id("HEAD"), head, "nothing was recorded");
    outcome.stderr
}

#[test]
fn the_model_alone_is_refused_and_with_its_migration_it_passes() {
    let world = world();
    declare(&world, "phone");
    world.git("add .");
    let found = refused(&world, &["commit", "-m", "x"], &["no migration adds `customers.phone`", MODELS, ADD]);
    assert_eq!(found.stderr.matches(RULE).count(), 2, "a column and its index:\n{}", found.stderr);
    migrate(&world, "b2f1", "a1c0", &format!("{ADD}\n    {INDEX}"));
    world.git("add .");
    assert_eq!(passed(&world, &["commit", "-q", "-m", "x"]), "");
}

#[test]
fn with_half_of_its_migration_the_rest_is_refused() {
    let world = world();
    declare(&world, "phone");
    migrate(&world, "b2f1", "a1c0", ADD);
    world.git("add .");
    let found = refused(&world, &["commit", "-m", "x"], &["no migration creates the index `ix_customers_phone`"]);
    assert_eq!(found.stderr.matches(RULE).count(), 1, "{}", found.stderr);
}

#[test]
fn a_migration_that_is_not_staged_does_not_count() {
    let world = world();
    declare(&world, "phone");
    world.git("add .");
    migrate(&world, "b2f1", "a1c0", &format!("{ADD}\n    {INDEX}"));
    refused(&world, &["commit", "-m", "x"], &["customers.phone"]);
}

#[test]
fn what_changes_no_schema_passes_in_silence() {
    for (from, to) in [
        ("\"\"\"What the shop keeps.\"\"\"", "\"\"\"What a shop keeps, and for whom.\"\"\""),
        ("default=Role.MEMBER", "default=Role.ADMIN"),
        (
            "    sent_on: Mapped[datetime.date | None]\n",
            "    sent_on: Mapped[datetime.date | None]\n\n    def is_sent(self):\n        late = 30\n        return self.sent_on is not None and late\n",
        ),
        (
            "    orders: Mapped[list[\"Order\"]] = relationship(back_populates=\"customer\")\n",
            "    orders: Mapped[list[\"Order\"]] = relationship(back_populates=\"customer\", lazy=\"raise\")\n",
        ),
        (
            "    email: Mapped[str] = mapped_column(sa.String(255), unique=True)\n    name: Mapped[str] = mapped_column(sa.String(80))\n",
            "    name: Mapped[str] = mapped_column(sa.String(80))\n    email: Mapped[str] = mapped_column(sa.String(length=255), unique=True)\n",
        ),
    ] {
        let world = world();
        edit(&world, from, to);
        assert_eq!(passed(&world, &["commit", "-q", "-a", "-m", "x"]), "", "{to}");
    }
}

#[test]
fn commit_all_takes_the_model_that_it_records() {
    let world = world();
    declare(&world, "phone");
    refused(&world, &["commit", "-a", "-m", "x"], &["customers.phone"]);
    let path = migrate(&world, "b2f1", "a1c0", &format!("{ADD}\n    {INDEX}"));
    world.git(&format!("add {path}"));
    assert_eq!(passed(&world, &["commit", "-q", "-a", "-m", "x"]), "");
}

#[test]
fn an_amended_commit_is_judged_whole() {
    let world = world();
    world.write("README", "a shop");
    world.commit("a note");
    declare(&world, "phone");
    world.git("add .");
    refused(&world, &["commit", "--amend", "-m", "x"], &["customers.phone"]);
    let path = migrate(&world, "b2f1", "a1c0", &format!("{ADD}\n    {INDEX}"));
    world.git(&format!("add {path}"));
    assert_eq!(passed(&world, &["commit", "-q", "--amend", "-m", "x"]), "");
    // the migration that HEAD has loses what the model asks for
    migrate(&world, "b2f1", "a1c0", ADD);
    world.git("add .");
    let outcome = world.try_git(&["commit", "--amend", "-m", "x"]);
    assert!(outcome.stderr.contains("ix_customers_phone"), "{}", outcome.said());
}

#[test]
fn a_second_commit_completes_the_migration() {
    let world = world();
    declare(&world, "phone");
    world.git("add .");
    world.git("commit -q --no-verify -m model");
    // what is missing was missing before
    world.write("README", "a shop");
    world.git("add .");
    assert_eq!(passed(&world, &["commit", "-q", "-m", "x"]), "");
    migrate(&world, "b2f1", "a1c0", &format!("{ADD}\n    {INDEX}"));
    world.git("add .");
    assert_eq!(passed(&world, &["commit", "-q", "-m", "x"]), "");
}

#[test]
fn merges_bring_models_and_migrations_together() {
    let world = world();
    declare(&world, "phone");
    migrate(&world, "b2f1", "a1c0", &format!("{ADD}\n    {INDEX}"));
    world.git("add .");
    passed(&world, &["commit", "-q", "-m", "phone"]);
    world.git("checkout -q develop");
    edit(
        &world,
        "    sent_on: Mapped[datetime.date | None]\n",
        "    sent_on: Mapped[datetime.date | None]\n    paid: Mapped[bool | None]\n",
    );
    migrate(&world, "c9d4", "a1c0", "op.add_column(\"orders\", sa.Column(\"paid\", sa.Boolean(), nullable=True))");
    world.git("add .");
    passed(&world, &["commit", "-q", "-m", "paid"]);
    world.git("checkout -q feature");
    // two heads, and no drift
    let outcome = world.try_git(&["merge", "--no-edit", "develop"]);
    assert!(outcome.said().contains("multiple-heads"), "{}", outcome.said());
    assert!(!outcome.said().contains("without-migration"), "{}", outcome.said());
    migrate(&world, "d5e6", "b2f1\", \"c9d4", "pass");
    let path = "migrations/versions/d5e6_more.py";
    world.write(
        path,
        world.read(path).replace("down_revision = \"b2f1\", \"c9d4\"", "down_revision = (\"b2f1\", \"c9d4\")"),
    );
    world.git("add .");
    passed(&world, &["commit", "-q", "-m", "merged"]);
    // what a merge itself adds is its own
    world.git("checkout -q develop");
    world.write("README", "a shop");
    world.commit("a note");
    world.git("merge --no-commit --no-ff -q feature");
    edit(&world, "    paid: Mapped[bool | None]\n", "    paid: Mapped[bool | None]\n    parcel: Mapped[str | None]\n");
    world.git("add .");
    refused(&world, &["commit", "-m", "merged"], &["no migration adds `orders.parcel`"]);
}

#[test]
fn those_who_commit_the_model_first_are_stopped_when_they_push() {
    let world = world();
    world.write("onehead.toml", "[models]\nenforce = \"push\"\n");
    world.commit("policy");
    world.git("init -q --bare ../far.git");
    world.git("remote add origin ../far.git");
    world.git("push -q origin develop feature");
    declare(&world, "phone");
    world.git("add .");
    let said = passed(&world, &["commit", "-q", "-m", "model"]);
    assert!(said.contains("warning[model-change-without-migration]"), "{said}");
    let outcome = world.try_git(&["push", "-q", "origin", "feature"]);
    assert!(outcome.status != 0 && outcome.stderr.contains(RULE), "{}", outcome.said());
    migrate(&world, "b2f1", "a1c0", &format!("{ADD}\n    {INDEX}"));
    world.git("add .");
    passed(&world, &["commit", "-q", "-m", "migration"]);
    let outcome = world.try_git(&["push", "-q", "origin", "feature"]);
    assert_eq!(outcome.status, 0, "{}", outcome.said());
}

#[test]
fn an_environment_that_is_being_introduced_owes_nothing() {
    let world = World::empty();
    shop(&world);
    let moved: Vec<&str> = vec!["alembic.ini", "migrations"];
    let aside = tempfile::tempdir().unwrap();
    for name in &moved {
        std::fs::rename(world.path(*name), aside.path().join(name)).unwrap();
    }
    world.commit("models only");
    world.install();
    for name in &moved {
        std::fs::rename(aside.path().join(name), world.path(*name)).unwrap();
    }
    declare(&world, "phone");
    world.git("add .");
    assert_eq!(passed(&world, &["commit", "-q", "-m", "alembic"]), "");
    assert!(Path::new(&world.path("alembic.ini")).exists());
}
