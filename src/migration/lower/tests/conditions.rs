//! What may not happen.

use super::*;
use crate::schema::Name;

fn guards(lines: &str) -> Vec<Vec<Guard>> {
    ops(lines).into_iter().map(|op| op.guards).collect()
}

#[test]
fn conditions() {
    let there = |object: Object, holds: bool| vec![Guard::Exists { object, holds }];
    let table = || Object::Table(Name::from("t"));
    let column = || Object::Column(Name::from("t"), "c".into());
    let inspector = "i = sa.inspect(op.get_bind())\n";
    for (condition, expected) in [
        ("i.has_table('t')", there(table(), true)),
        ("not i.has_table('t')", there(table(), false)),
        ("'t' in i.get_table_names()", there(table(), true)),
        ("'t' not in i.get_table_names()", there(table(), false)),
        ("'c' not in [c['name'] for c in i.get_columns('t')]", there(column(), false)),
        ("'c' in {c['name'] for c in i.get_columns('t')}", there(column(), true)),
        ("any(c['name'] == 'c' for c in i.get_columns('t'))", there(column(), true)),
        ("op.get_bind().dialect.has_table(op.get_bind(), 't')", there(table(), true)),
        ("'i' in [x['name'] for x in i.get_indexes('t')]", there(Object::Index(Name::from("i")), true)),
        ("something()", vec![Guard::Unknown]),
        ("i.has_table('t') and something()", vec![Guard::Exists { object: table(), holds: true }, Guard::Unknown]),
        ("op.get_bind().dialect.name == 'postgresql'", vec![]),
    ] {
        let found = guards(&format!("{inspector}if {condition}:\n    op.drop_table('x')"));
        assert_eq!(found, [expected], "{condition}");
    }
    // what was asked before a change says nothing of what is there after it
    let found = guards(&format!(
        "{inspector}if not i.has_table('t'):\n    op.create_table('t')\n    op.create_index('i', 't', ['a'])"
    ));
    assert_eq!(found, [there(table(), false), vec![Guard::Unknown]]);
    assert_eq!(guards("try:\n    op.drop_table('x')\nexcept Exception:\n    pass"), [vec![Guard::Unknown]]);
    assert!(ops("if op.get_bind().dialect.name == 'sqlite':\n    op.drop_table('x')").is_empty());
    assert!(ops("from alembic import context\nif context.is_offline_mode():\n    op.drop_table('x')").is_empty());
}

#[test]
fn helpers_that_look_first() {
    let text = "
def has_column(table, column):
    inspector = sa.inspect(op.get_bind())
    return column in [c['name'] for c in inspector.get_columns(table)]
def upgrade():
    if not has_column('t', 'a'):
        op.add_column('t', sa.Column('a', sa.Integer()))
    if has_column('t', 'b'):
        return
    op.drop_table('x')
";
    let found = program(text).upgrade;
    let column = |name: &str| Object::Column(Name::from("t"), name.into());
    assert_eq!(found[0].guards, [Guard::Exists { object: column("a"), holds: false }]);
    assert_eq!(found[1].guards, [Guard::Exists { object: column("b"), holds: false }]);
}
