use super::{operation, reminder};
use crate::schema::{
    Certainty, Change, Column, Comment, Constraint, ConstraintKind, Default, Deferral, EnumUse, Index, Name, Order,
    Reference, Table, Type, What,
};
use crate::sql::parse_type;

fn change(what: What) -> Change {
    Change { table: Name::from("t"), what, origin: None, existing: None, enums: Vec::new() }
}

fn column(name: &str, ty: &str, nullable: bool) -> Column {
    Column {
        name: name.into(),
        ty: parse_type(ty),
        nullable,
        default: Default::None,
        certainty: Certainty::Certain,
        origin: None,
        required: None,
        comment: Comment::None,
    }
}

fn constraint(name: Option<&str>, kind: ConstraintKind, columns: &[&str]) -> Constraint {
    Constraint {
        name: name.map(Into::into),
        kind,
        columns: columns.iter().map(|&name| name.into()).collect(),
        certainty: Certainty::Certain,
        origin: None,
    }
}

fn foreign(schema: Option<&str>) -> ConstraintKind {
    ConstraintKind::Foreign(Reference {
        table: Name::new(schema, "u"),
        columns: vec!["id".into()],
        on_delete: Some("CASCADE".into()),
        on_update: None,
        deferral: Deferral::Never,
    })
}

fn mood(there: bool) -> EnumUse {
    EnumUse { name: Name::from("mood"), values: vec!["sad".into(), "o'k".into()], there }
}

#[test]
fn columns() {
    let add = |column: Column| operation(&change(What::AddColumn(column)));
    assert_eq!(
        add(column("a", "timestamptz", false)),
        r#"op.add_column("t", sa.Column("a", sa.DateTime(timezone=True), nullable=False))"#
    );
    let cases = [
        ("varchar(50)", "sa.String(length=50)"),
        ("varchar", "sa.String()"),
        ("text[]", "postgresql.ARRAY(sa.Text())"),
        ("numeric(10,2)", "sa.Numeric(precision=10, scale=2)"),
        ("jsonb", "postgresql.JSONB()"),
        ("timestamp(3)", "postgresql.TIMESTAMP(timezone=False, precision=3)"),
        ("inet", "postgresql.INET()"),
        ("bit varying(5)", "postgresql.BIT(5, varying=True)"),
        ("geometry(Point,4326)", "<geometry(Point,4326)>"),
        ("citext", "postgresql.CITEXT()"),
        ("interval day to second", "postgresql.INTERVAL(fields=\"DAY TO SECOND\")"),
    ];
    for (ty, spelled) in cases {
        assert_eq!(
            add(column("a", ty, true)),
            format!(r#"op.add_column("t", sa.Column("a", {spelled}, nullable=True))"#)
        );
    }
    let with = |default: &str| Column { default: Default::Some(Some(default.into())), ..column("a", "text", false) };
    let line = |default: &str| {
        format!(r#"op.add_column("t", sa.Column("a", sa.Text(), server_default={default}, nullable=False))"#)
    };
    assert_eq!(add(with("'it''s'")), line(r#""it's""#));
    assert_eq!(add(with("now()")), line(r#"sa.text("now()")"#));
    assert_eq!(add(with("'{}'::jsonb")), line(r#"sa.text("'{}'::jsonb")"#));
    let commented = Column { comment: Comment::Text("say \"hi\"\n".into()), ..column("a", "text", true) };
    assert_eq!(
        add(commented),
        r#"op.add_column("t", sa.Column("a", sa.Text(), nullable=True, comment="say \"hi\"\n"))"#
    );
}

#[test]
fn alterations() {
    let existing = |what: What| Change { existing: Some(parse_type("varchar(20)")), ..change(what) };
    let nullable = existing(What::ModifyNullable { column: "a".into(), nullable: false });
    assert_eq!(
        operation(&nullable),
        r#"op.alter_column("t", "a", existing_type=sa.String(length=20), nullable=False)"#
    );
    let retype = |to: &str| {
        existing(What::ModifyType { column: "a".into(), from: parse_type("varchar(20)"), to: parse_type(to) })
    };
    assert_eq!(
        operation(&retype("text")),
        r#"op.alter_column("t", "a", existing_type=sa.String(length=20), type_=sa.Text())"#
    );
    assert_eq!(reminder(&retype("text")), None);
    assert_eq!(
        operation(&retype("integer")),
        r#"op.alter_column("t", "a", existing_type=sa.String(length=20), type_=sa.Integer(), postgresql_using="a::integer")"#
    );
    assert!(reminder(&retype("integer")).is_some_and(|text| text.contains("postgresql_using")));
    let comment = What::ModifyComment { column: Some("a".into()), to: Comment::None };
    assert_eq!(operation(&change(comment)), r#"op.alter_column("t", "a", comment=None)"#);
    let comment = What::ModifyComment { column: None, to: Comment::Text("x".into()) };
    assert_eq!(operation(&change(comment)), r#"op.create_table_comment("t", "x")"#);
    let default = What::ModifyDefault { column: "a".into(), to: Default::None };
    assert_eq!(operation(&change(default)), r#"op.alter_column("t", "a", server_default=None)"#);
}

#[test]
fn enums() {
    let with = |what: What, there: bool| Change { enums: vec![mood(there)], ..change(what) };
    let add = with(What::AddColumn(column("m", "mood", true)), false);
    assert_eq!(add.kind(), "add_column");
    assert_eq!(
        operation(&add),
        r#"op.add_column("t", sa.Column("m", sa.Enum("sad", "o'k", name="mood"), nullable=True))"#
    );
    assert_eq!(
        reminder(&add).unwrap_or_default(),
        r#"`add_column` does not create the type: run `sa.Enum("sad", "o'k", name="mood").create(op.get_bind())` first"#
    );
    assert_eq!(reminder(&with(What::AddColumn(column("m", "mood", true)), true)), None);
    let value = What::AddEnumValue { ty: Name::new(Some("s"), "Mood"), value: "a:b'".into() };
    assert_eq!(operation(&change(value)), r#"op.execute("ALTER TYPE s.\"Mood\" ADD VALUE IF NOT EXISTS 'a\\:b'''")"#);
}

#[test]
fn tables() {
    let table = Table {
        columns: vec![column("id", "integer", false), column("m", "mood", true)],
        constraints: vec![
            constraint(None, ConstraintKind::Primary, &["id"]),
            constraint(Some("t_u_fkey"), foreign(None), &["u_id"]),
            constraint(None, ConstraintKind::Check, &[]),
        ],
        certainty: Certainty::Certain,
        opaque: false,
        ..Table::opaque()
    };
    let made =
        Change { table: Name::new(Some("s"), "t"), enums: vec![mood(true)], ..change(What::AddTable(table.into())) };
    assert_eq!(
        operation(&made),
        r#"op.create_table(
    "t",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("m", postgresql.ENUM("sad", "o'k", name="mood", create_type=False), nullable=True),
    sa.PrimaryKeyConstraint("id"),
    sa.ForeignKeyConstraint(["u_id"], ["u.id"], ondelete="CASCADE", name="t_u_fkey"),
    schema="s",
)"#
    );
    assert_eq!(operation(&change(What::RemoveTable)), r#"op.drop_table("t")"#);
}

#[test]
fn keys() {
    let index = |name: &str, columns: &[Option<&str>]| Index {
        name: name.into(),
        columns: columns.iter().map(|column| column.map(Into::into)).collect(),
        orders: vec![Order::of(["desc"]); usize::from(name == "down")],
        unique: true,
        certainty: Certainty::Certain,
        origin: None,
    };
    assert_eq!(
        operation(&change(What::AddIndex(index("ix_t_a", &[Some("a")])))),
        r#"op.create_index(op.f("ix_t_a"), "t", ["a"], unique=True)"#
    );
    assert_eq!(
        operation(&change(What::AddIndex(index("lower_a", &[None])))),
        r#"op.create_index("lower_a", "t", [sa.text("<expression>")], unique=True)"#
    );
    assert_eq!(
        operation(&change(What::AddIndex(index("down", &[Some("A"), Some("b")])))),
        r#"op.create_index("down", "t", [sa.text("\"A\" DESC"), "b"], unique=True)"#
    );
    assert_eq!(
        operation(&change(What::RemoveIndex(index("i", &[Some("a")])))),
        r#"op.drop_index("i", table_name="t")"#
    );
    let add = |constraint| operation(&change(What::AddConstraint(constraint)));
    assert_eq!(
        add(constraint(None, ConstraintKind::Unique, &["a", "b"])),
        r#"op.create_unique_constraint(None, "t", ["a", "b"])"#
    );
    assert_eq!(
        add(constraint(Some("fk"), foreign(Some("s")), &["a"])),
        r#"op.create_foreign_key("fk", "t", "u", ["a"], ["id"], referent_schema="s", ondelete="CASCADE")"#
    );
    let drop = |constraint| operation(&change(What::RemoveConstraint(constraint)));
    assert_eq!(
        drop(constraint(Some("t_a_key"), ConstraintKind::Unique, &["a"])),
        r#"op.drop_constraint("t_a_key", "t", type_="unique")"#
    );
}

#[test]
fn blanks_are_told_apart_from_code() {
    let unknown = Column { ty: Type::Unknown, ..column("a", "text", true) };
    assert_eq!(
        operation(&change(What::AddColumn(unknown))),
        r#"op.add_column("t", sa.Column("a", <type>, nullable=True))"#
    );
}
