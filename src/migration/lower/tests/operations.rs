//! What is done, and in which order.

use super::*;
use crate::schema::Name;

#[test]
fn directives() {
    for (line, expected) in [
        ("op.drop_table('t')", "DropTable { name: t"),
        ("op.drop_table('t', schema='s', if_exists=True)", "if_exists: true"),
        ("op.rename_table('t', 'u')", "RenameTable"),
        ("op.drop_column('t', 'a')", "DropColumn"),
        ("op.alter_column('t', 'a', existing_type=sa.Integer(), new_column_name='b')", "rename: Some(\"b\")"),
        ("op.alter_column('t', 'a', type_=sa.Text(), postgresql_using='a::text')", "using: true"),
        ("op.alter_column('t', 'a', server_default=None)", "default: Some(Drop)"),
        ("op.alter_column('t', 'a', server_default='x')", "default: Some(Set(Text(\"x\")))"),
        ("op.alter_column('t', 'a', existing_nullable=True)", "Nothing"),
        ("op.alter_column('t', 'a', existing_comment='x')", "Nothing"),
        ("op.alter_column('t', 'a', comment='x', existing_comment='y')", "column: Some(\"a\"), comment: Text(\"x\")"),
        ("op.alter_column('t', 'a', comment=None)", "comment: None"),
        ("op.create_table_comment('t', 'x', existing_comment=None)", "column: None, comment: Text(\"x\")"),
        ("op.drop_table_comment('t', existing_comment='x')", "column: None, comment: None"),
        ("op.create_table('t', sa.Column('a', sa.Text(), comment='x'), comment='y')", "comment: Text(\"y\")"),
        (
            "with op.batch_alter_table('t') as b: b.create_table_comment('x')",
            "Comment { table: t, column: None, comment: Text",
        ),
        (
            "op.create_index('i', 't', ['a', sa.text('lower(b)')], unique=True)",
            "columns: [Some(\"a\"), None], unique: true",
        ),
        ("op.create_index(op.f('ix_t_a'), 't', ['a'])", "Some(\"ix_t_a\")"),
        ("op.create_index('i', 't', [sa.text('a DESC')])", "columns: [Some(\"a\")]"),
        ("op.create_index('i', 't', ['a'], postgresql_ops={'a': 'DESC'})", "descends: true"),
        ("op.create_index('i', 't', ['a'], postgresql_ops={'b': 'DESC'})", "descends: false"),
        ("op.create_index('i', 't', ['a'], postgresql_ops={'a': 'varchar_pattern_ops'})", "descends: false"),
        ("op.drop_index('i', table_name='t')", "DropIndex"),
        ("op.drop_index(op.f('i'), postgresql_concurrently=True)", "concurrently: true"),
        ("op.create_unique_constraint(None, 't', ['a'])", "name: None, kind: Unique, columns: [\"a\"]"),
        ("op.create_check_constraint('c', 't', 'a > 1')", "name: Some(\"c\"), kind: Check"),
        ("op.create_primary_key('p', 't', ['a'])", "kind: Primary"),
        ("op.create_foreign_key('f', 't', 'u', ['a'], ['b'], ondelete='SET NULL')", "on_delete: Some(\"SET NULL\")"),
        (
            "op.create_foreign_key(constraint_name='f', source_table='t', referent_table='u', local_cols=['a'], remote_cols=['b'])",
            "columns: [\"b\"]",
        ),
        ("op.drop_constraint('c', 't', type_='unique')", "DropConstraint"),
        ("op.create_index(name='i', tablename='t', columns=['a'])", "CreateIndex"),
        ("op.sync_enum_values('public', 'st', ['a'], [('t', 'a')])", "SetEnumValues"),
        ("getattr(op, 'drop_table')('t')", "DropTable"),
    ] {
        let found = format!("{:?}", action(line));
        let found = found.replace("Name { schema: None, name: \"t\" }", "t");
        assert!(found.contains(expected), "{line}: {found}");
    }
    assert_eq!(
        action("op.drop_constraint(None, 't')"),
        Action::Refused(Error::UnnamedConstraint { table: Name::from("t") })
    );
    let unknown = LowerOptions { naming: Naming::Unknown, ..LowerOptions::default() };
    let text = format!(
        "{HEAD}def upgrade():\n    op.drop_constraint(None, 't', type_='unique')\n    op.create_unique_constraint(None, 't', ['a'])\n"
    );
    let found: Vec<_> = program_with(&text, &[], &unknown).upgrade.into_iter().map(|op| op.action).collect();
    assert!(matches!(&found[0], Action::DropConstraint { name: None, .. }));
    assert!(matches!(&found[1], Action::AddConstraint { constraint, .. } if constraint.name.is_none()));
    assert!(matches!(action("op.drop_column(table, 'a')"), Action::Unknown { touches: Touches::Anything, .. }));
    assert!(matches!(action("op.drop_column('t', name)"), Action::Unknown { touches: Touches::Objects(_), .. }));
    assert!(actions("op.get_bind()\nop.f('a')").is_empty());
}

#[test]
fn aliases_loops_and_helpers() {
    let text = "
from alembic.op import create_table as make
import alembic.op as o
import alembic
TABLES = ['a', 'b']
def add(table, operations=op):
    operations.add_column(table, sa.Column('x', sa.Integer()))
def upgrade():
    make('t')
    o.drop_table('u')
    alembic.op.drop_table('v')
    for name in TABLES:
        add(name)
    drop = op.drop_table
    drop('w')
";
    let found: Vec<String> = program(text)
        .upgrade
        .iter()
        .map(|op| match &op.action {
            Action::CreateTable(table) => format!("+{}", table.name),
            Action::DropTable { name, .. } => format!("-{name}"),
            Action::AddColumn { table, .. } => format!("{table}.x"),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(found, ["+t", "-u", "-v", "a.x", "b.x", "-w"]);
}

#[test]
fn a_batch_runs_at_its_end() {
    let found = actions(
        "with op.batch_alter_table('t', schema='s') as batch_op:\n    batch_op.add_column(sa.Column('a', sa.Integer()))\n    \
         op.drop_table('u')\n    batch_op.create_index(batch_op.f('i'), ['a'], unique=True)\n    \
         batch_op.drop_constraint('c', type_='unique')\n    batch_op.alter_column('b', nullable=False)\n    \
         batch_op.create_foreign_key('f', 'u', ['a'], ['id'])",
    );
    let kinds: Vec<String> = found
        .iter()
        .map(|action| {
            let text = format!("{action:?}");
            text.split([' ', '(', '{']).next().unwrap_or_default().to_owned()
        })
        .collect();
    assert_eq!(kinds, ["DropTable", "AddColumn", "CreateIndex", "DropConstraint", "AlterColumn", "AddConstraint"]);
    assert!(matches!(&found[1], Action::AddColumn { table, .. } if table.to_string() == "s.t"));
}

#[test]
fn types_made_by_hand() {
    let found = actions(
        "sa.Enum('a', name='x').create(op.get_bind())\nsa.Enum('a', name='x').create(op.get_bind(), checkfirst=True)\n\
         postgresql.ENUM('a', name='x').create(op.get_bind())\nst = postgresql.ENUM('a', name='x')\n\
         st.drop(op.get_bind(), checkfirst=False)\nsa.Enum(name='x').drop(op.get_bind())",
    );
    let lenient: Vec<bool> = found
        .iter()
        .map(|action| match action {
            Action::CreateEnum { if_missing, .. } => *if_missing,
            Action::DropType { if_exists, .. } => *if_exists,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(lenient, [false, true, true, false, false]);
}

#[test]
fn tables_made_by_hand() {
    let text = "
from sqlalchemy.orm import declarative_base
Base = declarative_base()
class Child(Base):
    __tablename__ = 'child'
    id = sa.Column(sa.Integer, primary_key=True)
    parent_id = sa.Column(sa.ForeignKey('parent.id'))
class Parent(Base):
    __tablename__ = 'parent'
    id = sa.Column('id', sa.Integer, primary_key=True)
    state = sa.Column(sa.Enum('a', name='st'))
other = sa.Table('other', sa.MetaData(), sa.Column('id', sa.Integer, primary_key=True))
def upgrade():
    Base.metadata.create_all(bind=op.get_bind())
    other.create(op.get_bind())
    Child.__table__.drop(op.get_bind())
";
    let found: Vec<String> = program(text)
        .upgrade
        .iter()
        .map(|op| match &op.action {
            Action::CreateTable(table) => format!("+{} {}", table.name, table.if_not_exists),
            Action::CreateEnum { if_missing, .. } => format!("enum {if_missing}"),
            Action::DropTable { name, .. } => format!("-{name}"),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(found, ["enum true", "+parent true", "+child true", "+other false", "-child"]);
}

#[test]
fn rows() {
    let insert = |lines: &str| match actions(lines).pop() {
        Some(Action::Insert { columns, rows, filled, .. }) => {
            (columns.map(|columns| names(&columns).join(",")), rows, names(&filled).join(","))
        }
        other => panic!("{other:?}"),
    };
    let text = |text: &str| Scalar::Text(text.into());
    let (columns, rows, filled) = insert(
        "t = sa.table('t', sa.column('a'), sa.column('b'))\nop.bulk_insert(t, [{'a': 'x', 'b': None}, {'a': 1, 'b': 2}])",
    );
    assert_eq!((columns.as_deref(), filled.as_str()), (Some("a,b"), ""));
    assert_eq!(rows, Inserted::Values(vec![vec![text("x"), Scalar::Null], vec![Scalar::Other, Scalar::Other]]));
    let (columns, _, filled) = insert(
        "t = op.create_table('t', sa.Column('a', sa.Integer(), default=3), sa.Column('b', sa.Integer()))\nop.bulk_insert(t, [{'b': 1}])",
    );
    assert_eq!((columns.as_deref(), filled.as_str()), (Some("b"), "a"));
    let (columns, rows, _) = insert("t = sa.table('t', sa.column('a'))\nop.bulk_insert(t, [make(x) for x in y])");
    assert_eq!((columns, rows), (None, Inserted::Query));
    let (columns, ..) = insert("t = sa.table('t', sa.column('a'))\nop.execute(t.insert().values(a='x'))");
    assert_eq!(columns.as_deref(), Some("a"));
    let (columns, ..) = insert("t = sa.table('t', sa.column('a'))\nop.get_bind().execute(sa.insert(t), [{'a': 1}])");
    assert_eq!(columns.as_deref(), Some("a"));
    let update = action("t = sa.table('t', sa.column('a'))\nop.execute(t.update().where(t.c.a == 'x').values(a='y'))");
    let Action::Update { assignments, compares, .. } = update else { panic!("an update") };
    assert_eq!(assignments, [("a".into(), text("y"))]);
    assert_eq!((&*compares[0].column, &*compares[0].literal), ("a", "x"));
}

#[test]
fn autocommit_blocks() {
    let found = actions("with op.get_context().autocommit_block():\n    op.drop_table('x')");
    assert!(matches!(found[..], [Action::EnterAutocommit, Action::DropTable { .. }, Action::LeaveAutocommit]));
    let found = actions(
        "t = sa.table('t', sa.column('a'))\nwith op.get_bind().engine.connect().execution_options(isolation_level='AUTOCOMMIT') as c:\n    \
         c.execute(t.delete())",
    );
    assert!(
        matches!(found[..], [Action::EnterAutocommit, Action::Delete { .. }, Action::LeaveAutocommit]),
        "{found:?}"
    );
    let found = actions("op.get_bind().execution_options(isolation_level='AUTOCOMMIT')\nop.drop_table('x')");
    assert!(matches!(found[..], [Action::Commit, Action::DropTable { .. }]), "{found:?}");
}

#[test]
fn what_takes_parameters_defines_nothing() {
    let found = ops("op.get_bind().execute(choose(), {'a': 1})\nop.get_bind().execute(choose())");
    let touches: Vec<_> = found
        .iter()
        .map(|op| match &op.action {
            Action::Unknown { touches, .. } => touches.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(touches, [Touches::Rows, Touches::Anything]);
}

#[test]
fn values_in_ddl() {
    let found = actions(
        "for t in ['a', 'b']:\n    op.execute(sa.DDL('DROP TABLE %(table)s', context={'table': t}))\n\
         op.execute(sa.DDL('DROP TABLE %(unknown)s'))",
    );
    let dropped = |at: usize| match &found[at] {
        Action::DropTable { name, .. } => Some(name.to_string()),
        _ => None,
    };
    assert_eq!((dropped(0).as_deref(), dropped(1).as_deref(), dropped(2)), (Some("a"), Some("b"), None), "{found:?}");
}

#[test]
fn downgrades() {
    let found = program("def upgrade():\n    pass\ndef downgrade():\n    '''No.'''\n    raise NotImplementedError()\n");
    assert!(matches!(&found.downgrade.as_deref(), Some([Op { action: Action::Raise, .. }])));
    assert_eq!(program("def upgrade():\n    pass\n").downgrade, None);
    assert!(program("x = 1\n").unknown);
    assert!(program("op.drop_table('x')\ndef upgrade():\n    pass\n").upgrade.is_empty());
}

#[test]
fn several_databases() {
    let text = "
def upgrade(engine_name):
    globals()['upgrade_%s' % engine_name]()
def upgrade_one():
    op.drop_table('a')
def upgrade_two():
    op.drop_table('b')
";
    assert_eq!(program(text).upgrade.len(), 2);
}

#[test]
fn conventions() {
    let conventions = [
        ("ix", "ix_%(column_0_label)s"),
        ("uq", "uq_%(table_name)s_%(column_0_N_name)s"),
        ("ck", "ck_%(table_name)s_%(constraint_name)s"),
        ("fk", "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"),
        ("pk", "pk_%(table_name)s"),
    ];
    let known: BTreeMap<_, _> = conventions.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect();
    let options = LowerOptions { naming: Naming::Known(known), ..LowerOptions::default() };
    let named = |line: &str| {
        let text = format!("{HEAD}def upgrade():\n    {line}\n");
        match program_with(&text, &[], &options).upgrade.remove(0).action {
            Action::AddConstraint { constraint, .. } => constraint.name,
            Action::DropConstraint { name, .. } => name,
            Action::CreateIndex { index, .. } => index.name,
            other => panic!("{line}: {other:?}"),
        }
    };
    for (line, expected) in [
        ("op.create_unique_constraint(None, 't', ['a', 'b'])", "uq_t_a_b"),
        ("op.create_unique_constraint('mine', 't', ['a'])", "mine"),
        ("op.create_check_constraint('pos', 't', 'a > 1')", "ck_t_pos"),
        ("op.create_check_constraint(op.f('pos'), 't', 'a > 1')", "pos"),
        ("op.create_foreign_key(None, 't', 'u', ['a'], ['b'])", "fk_t_a_u"),
        ("op.create_primary_key(None, 't', ['a'])", "pk_t"),
        ("op.create_index(None, 't', ['a'], schema='s')", "ix_s_t_a"),
        ("op.drop_constraint('pos', 't', type_='check')", "ck_t_pos"),
        ("op.drop_constraint('pos', 't')", "pos"),
        (
            "op.create_unique_constraint(None, 'a_table_with_quite_a_long_name_indeed', ['and_a_column_with_a_long_name_too'])",
            "uq_a_table_with_quite_a_long_name_indeed_and_a_column_w_60cf",
        ),
    ] {
        assert_eq!(named(line).as_deref(), Some(expected), "{line}");
    }
}

#[test]
fn places() {
    let files = [("app.tools", "from alembic import op\ndef drop(name):\n    op.drop_table(name)\n"), ("app", "")];
    let text =
        format!("{HEAD}from app.tools import drop\ndef upgrade():\n    op.drop_table(\n        'a')\n    drop('b')\n");
    let program = program_with(&text, &files, &LowerOptions::default());
    let written: Vec<&str> = program.upgrade.iter().map(|op| &text[op.span.start..op.span.end]).collect();
    assert_eq!(written, ["op.drop_table(\n        'a')", "drop('b')"]);
}

#[test]
fn what_nobody_knows() {
    let unknown =
        |lines: &str| matches!(actions(lines).as_slice(), [Action::Unknown { touches: Touches::Anything, .. }]);
    assert!(unknown("op.execute(read())"));
    assert!(unknown("from lib import run\nrun(op)"));
    assert!(unknown("from lib import run\nrun(op.get_bind(), 1)"));
    assert!(actions("from lib import run\nrun(1)").is_empty());
    assert!(actions("from sqlalchemy.orm import Session\ns = Session(bind=op.get_bind())\nfor x in s.query(y):\n    x.a = 1\ns.flush()").is_empty());
    let found = actions("while True:\n    op.drop_table('x')");
    assert!(found.len() < 10_000);
}
