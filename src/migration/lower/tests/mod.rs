//! Shapes that migrations have, and the operations they are.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::*;
use crate::python;
use crate::schema::{
    ColumnDef, ConstraintKind, Default as Filler, Error, Guard, Inserted, Object, Scalar, Type, TypeCreation,
};
use crate::source::{RepoPath, Source};

struct Files(HashMap<String, ParsedModule>);

impl Modules for Files {
    fn module(&self, dotted: &str) -> Option<&ParsedModule> {
        self.0.get(dotted)
    }
}

fn parsed(name: &str, text: &str) -> ParsedModule {
    let module = python::parse(text);
    assert_eq!(module.error, None, "{text}");
    let source = Arc::new(Source::new(RepoPath::from(name), text));
    ParsedModule { source, statements: module.statements, name: name.into(), is_package: false }
}

fn program_with(text: &str, files: &[(&str, &str)], options: &LowerOptions) -> Program {
    let files = Files(files.iter().map(|(name, text)| ((*name).to_owned(), parsed(name, text))).collect());
    lower(&parsed("versions.a1", text), &files, options)
}

const HEAD: &str = "\
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
revision = 'a1'
down_revision = None
";

fn program(rest: &str) -> Program {
    program_with(&format!("{HEAD}{rest}"), &[], &LowerOptions { what: What::Both, ..LowerOptions::default() })
}

/// The operations of an `upgrade` of these lines.
fn ops(lines: &str) -> Vec<Op> {
    let body: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    let res = program(&format!("def upgrade():\n{body}"));
    assert!(!res.unknown);
    res.upgrade
}

fn actions(lines: &str) -> Vec<Action> {
    ops(lines).into_iter().map(|op| op.action).collect()
}

fn action(line: &str) -> Action {
    let mut all = actions(line);
    assert_eq!(all.len(), 1, "{line}: {all:?}");
    all.remove(0)
}

fn table(line: &str) -> TableDef {
    match action(line) {
        Action::CreateTable(table) => table,
        other => panic!("{line}: {other:?}"),
    }
}

use crate::schema::TableDef;

fn column(written: &str) -> ColumnDef {
    match action(&format!("op.add_column('t', {written})")) {
        Action::AddColumn { column, .. } => column,
        other => panic!("{written}: {other:?}"),
    }
}

fn names(columns: &[Arc<str>]) -> Vec<&str> {
    columns.iter().map(|name| &**name).collect()
}

#[test]
fn types_are_postgresqls_own() {
    for (written, expected) in [
        ("sa.String()", "character varying"),
        ("sa.String", "character varying"),
        ("sa.String(50)", "character varying(50)"),
        ("sa.String(length=50)", "character varying(50)"),
        ("sa.Unicode(5)", "character varying(5)"),
        ("sa.Text()", "text"),
        ("sa.Integer()", "integer"),
        ("sa.BigInteger()", "bigint"),
        ("sa.DateTime()", "timestamp without time zone"),
        ("sa.DateTime(timezone=True)", "timestamp with time zone"),
        ("sa.DateTime(True)", "timestamp with time zone"),
        ("sa.TIMESTAMP(timezone=True)", "timestamp with time zone"),
        ("postgresql.TIMESTAMP(precision=6)", "timestamp(6) without time zone"),
        ("sa.Time()", "time without time zone"),
        ("sa.Numeric(10, 2)", "numeric(10,2)"),
        ("sa.Numeric(precision=10)", "numeric(10,0)"),
        ("sa.Float()", "double precision"),
        ("sa.Float(24)", "real"),
        ("sa.Float(53)", "double precision"),
        ("sa.LargeBinary()", "bytea"),
        ("sa.PickleType()", "bytea"),
        ("sa.JSON()", "json"),
        ("postgresql.JSONB(astext_type=sa.Text())", "jsonb"),
        ("postgresql.UUID(as_uuid=True)", "uuid"),
        ("sa.Uuid()", "uuid"),
        ("sa.Uuid(native_uuid=False)", "character(32)"),
        ("sa.CHAR(36)", "character(36)"),
        ("sa.CHAR()", "character(1)"),
        ("sa.ARRAY(sa.String(3))", "character varying(3)[]"),
        ("postgresql.ARRAY(sa.Integer(), dimensions=2)", "integer[]"),
        ("postgresql.INTERVAL()", "interval"),
        ("postgresql.BIT(4)", "bit(4)"),
        ("postgresql.INET()", "inet"),
        ("postgresql.TSVECTOR()", "tsvector"),
        ("postgresql.HSTORE()", "hstore"),
        ("sa.Enum('a', 'bbb', native_enum=False)", "character varying(3)"),
        ("sa.Text().with_variant(postgresql.JSONB(), 'postgresql')", "jsonb"),
        ("sa.JSON().with_variant(sa.Text(), 'sqlite')", "json"),
        ("sa.types.UnicodeText()", "text"),
        ("sa.dialects.postgresql.CIDR()", "cidr"),
    ] {
        assert_eq!(column(&format!("sa.Column('a', {written})")).ty.to_string(), expected, "{written}");
    }
    for unknown in ["sa.NVARCHAR(3)", "sa.String(n)", "thing.Type()", "sa.DATETIME()"] {
        assert_eq!(column(&format!("sa.Column('a', {unknown})")).ty, Type::Unknown, "{unknown}");
    }
}

#[test]
fn types_of_other_packages() {
    let with = |import: &str, written: &str| {
        let text = format!("{import}\ndef upgrade():\n    op.add_column('t', sa.Column('a', {written}))\n");
        match program(&text).upgrade.remove(0).action {
            Action::AddColumn { column, .. } => column.ty.to_string(),
            other => panic!("{other:?}"),
        }
    };
    for (import, written, expected) in [
        ("import sqlalchemy_utils", "sqlalchemy_utils.types.uuid.UUIDType(binary=False)", "uuid"),
        ("from sqlalchemy_utils import ChoiceType", "ChoiceType([('a', 'b')])", "character varying(255)"),
        ("from sqlalchemy_utils import ChoiceType", "ChoiceType([], impl=sa.Integer())", "integer"),
        ("import sqlalchemy_utils as su", "su.EmailType(length=9)", "character varying(9)"),
        ("import sqlmodel", "sqlmodel.sql.sqltypes.AutoString()", "character varying"),
        ("import sqlmodel", "sqlmodel.sql.sqltypes.AutoString(length=7)", "character varying(7)"),
        ("import pgvector", "pgvector.sqlalchemy.Vector(3)", "vector(3)"),
        ("from geoalchemy2 import Geometry", "Geometry('POINT', srid=4326)", "geometry(POINT,4326)"),
        ("import fastapi_users_db_sqlalchemy as f", "f.generics.GUID()", "uuid"),
        ("from sqlalchemy.ext.mutable import MutableDict", "MutableDict.as_mutable(sa.JSON())", "json"),
    ] {
        assert_eq!(with(import, written), expected, "{written}");
    }
}

#[test]
fn types_that_the_project_writes() {
    let types = "
import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator, UserDefinedType
from sqlalchemy.dialects import postgresql
class Guid(TypeDecorator):
    impl = sa.CHAR
    def load_dialect_impl(self, dialect):
        if dialect.name == 'postgresql':
            return dialect.type_descriptor(postgresql.UUID())
        return dialect.type_descriptor(sa.CHAR(32))
class Short(TypeDecorator):
    impl = sa.String
class Plain(TypeDecorator):
    impl = sa.Text()
    def load_dialect_impl(self, dialect):
        return super().load_dialect_impl(dialect)
class Made(sa.String):
    pass
class Ltree(UserDefinedType):
    def get_col_spec(self, **kw):
        return 'LTREE'
def id_type():
    return sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
";
    let text = format!(
        "{HEAD}
from app import types
from app.types import Short, id_type
def upgrade():
    op.create_table('t', sa.Column('a', types.Guid()), sa.Column('b', types.Guid), sa.Column('c', Short(5)),
        sa.Column('d', types.Plain), sa.Column('e', types.Made(7)), sa.Column('f', id_type()))
"
    );
    let mut program = program_with(&text, &[("app.types", types), ("app", "")], &LowerOptions::default());
    let Action::CreateTable(table) = program.upgrade.remove(0).action else { panic!("a table") };
    let types: Vec<String> = table.columns.iter().map(|column| column.ty.to_string()).collect();
    assert_eq!(types, ["uuid", "uuid", "character varying(5)", "text", "character varying(7)", "bigint"]);
}

#[test]
fn enums() {
    let definition = |written: &str| column(&format!("sa.Column('a', {written})")).enumeration;
    let found = definition("sa.Enum('a', 'b', name='st')").expect("an enum");
    assert_eq!((names(&found.values.expect("values")), found.creation), (vec!["a", "b"], TypeCreation::WithTable));
    let creation = |written: &str| definition(written).expect("an enum").creation;
    assert_eq!(creation("postgresql.ENUM('a', name='st', create_type=False)"), TypeCreation::Never);
    assert_eq!(creation("sa.Enum('a', name='st', create_type=False)"), TypeCreation::IgnoredBefore21);
    assert_eq!(creation("sa.Enum('a', name='st', metadata=sa.MetaData())"), TypeCreation::From21);
    assert_eq!(definition("sa.Enum('a', name='st', schema='s')").expect("an enum").name, Name::new(Some("s"), "st"));
    assert_eq!(definition("sa.Enum(*values, name='st')").expect("an enum").values, None);
    assert_eq!(definition("sa.Enum('a', native_enum=False, name='st')"), None);
    let text = "
import enum
class Colour(str, enum.Enum):
    red = 'r'
    green = 'g'
def upgrade():
    op.create_table('t', sa.Column('a', sa.Enum(Colour)), sa.Column('b', sa.Enum(Colour, name='c2',
        values_callable=lambda c: [m.value for m in c])), sa.Column('c', postgresql.ARRAY(sa.Enum(Colour))))
";
    let Action::CreateTable(table) = program(text).upgrade.remove(0).action else { panic!("a table") };
    let enums: Vec<_> = table.columns.into_iter().map(|column| column.enumeration.expect("an enum")).collect();
    assert_eq!(enums[0].name, Name::from("colour"));
    assert_eq!(names(enums[0].values.as_deref().expect("values")), ["red", "green"]);
    assert_eq!(names(enums[1].values.as_deref().expect("values")), ["r", "g"]);
    assert_eq!(enums[2].name, Name::from("colour"));
}
use crate::schema::Name;

#[test]
fn columns() {
    assert!(column("sa.Column('a', sa.Integer())").nullable);
    assert!(!column("sa.Column('a', sa.Integer(), nullable=False)").nullable);
    let default = |written: &str| column(&format!("sa.Column('a', sa.Integer(), {written})")).default;
    let some = |text: &str| Filler::Some(Some(text.into()));
    assert_eq!(default("server_default='1'"), some("'1'"));
    assert_eq!(default("server_default=sa.text('now()')"), some("now()"));
    assert_eq!(default("server_default=sa.func.now()"), some("now()"));
    assert_eq!(default("server_default=sa.false()"), some("false"));
    assert_eq!(default("server_default=sa.text('NULL')"), Filler::None);
    assert_eq!(default("server_default=None"), Filler::None);
    assert_eq!(default("default=3"), Filler::None);
    assert_eq!(default("sa.Identity()"), Filler::Some(None));
    assert_eq!(default("sa.Computed('a + 1')"), Filler::Some(None));
    assert_eq!(default("server_default=thing"), Filler::Unknown);
    // SERIAL without a primary key
    let key = column("sa.Column('a', sa.Integer(), primary_key=True)");
    assert_eq!((key.nullable, key.default, key.constraints.len()), (false, Filler::Some(None), 0));
    let index = column("sa.Column('a', sa.Integer(), index=True, unique=True)").index.expect("an index");
    assert_eq!((index.name.as_deref(), index.unique), (Some("ix_t_a"), true));
    let unique = column("sa.Column('a', sa.Integer(), unique=True)").constraints.remove(0);
    assert_eq!((unique.kind, unique.name), (ConstraintKind::Unique, None));
    let foreign = column("sa.Column('a', sa.Integer(), sa.ForeignKey('s.u.id', ondelete='cascade'))");
    let ConstraintKind::Foreign(reference) = &foreign.constraints[0].kind else { panic!("a foreign key") };
    assert_eq!((reference.table.to_string().as_str(), reference.on_delete.as_deref()), ("s.u", Some("CASCADE")));
}

#[test]
fn tables() {
    let found = table(
        "op.create_table('t', sa.Column('id', sa.Integer(), nullable=False), sa.Column('b', sa.String(3)), \
         sa.ForeignKeyConstraint(['b'], ['u.x'], name='fk'), sa.PrimaryKeyConstraint('id'), \
         sa.UniqueConstraint('b', name=op.f('uq')), sa.CheckConstraint('b > 1', name='ck'), schema='s', if_not_exists=True)",
    );
    assert_eq!(found.name, Name::new(Some("s"), "t"));
    assert!(found.if_not_exists && !found.opaque);
    assert_eq!((found.columns[0].nullable, &found.columns[0].default), (false, &Filler::Some(None)));
    let constraints: Vec<_> = found.constraints.iter().map(|found| found.name.as_deref()).collect();
    assert_eq!(constraints, [Some("fk"), None, Some("uq"), Some("ck")]);
    // two columns are no counter, nor is one with a default of Python's
    let pair = table(
        "op.create_table('t', sa.Column('a', sa.Integer(), primary_key=True), sa.Column('b', sa.Integer(), primary_key=True))",
    );
    assert!(pair.columns.iter().all(|column| column.default == Filler::None && !column.nullable));
    assert_eq!(names(&pair.constraints[0].columns), ["a", "b"]);
    let filled = table("op.create_table('t', sa.Column('a', sa.Integer(), primary_key=True, default=3))");
    assert_eq!(filled.columns[0].default, Filler::None);
    // added afterwards, if at all
    let later = table(
        "op.create_table('t', sa.Column('a', sa.Integer(), sa.ForeignKey('u.id', name='one', use_alter=True)), \
         sa.ForeignKeyConstraint(['a'], ['u.id'], name='two', use_alter=True))",
    );
    let certainty = |constraint: &crate::schema::Constraint| constraint.certainty;
    assert_eq!(certainty(&later.constraints[0]), crate::schema::Certainty::Maybe);
    assert_eq!(certainty(&later.columns[0].constraints[0]), crate::schema::Certainty::Maybe);
    assert_eq!(table("op.create_table('t', schema='')").name, Name::from("t"));
    assert!(table("op.create_table('t', *columns)").opaque);
    assert!(table("op.create_table('t', sa.Column(name, sa.Integer()))").opaque);
}

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
        (
            "op.create_index('i', 't', ['a', sa.text('lower(b)')], unique=True)",
            "columns: [Some(\"a\"), None], unique: true",
        ),
        ("op.create_index(op.f('ix_t_a'), 't', ['a'])", "Some(\"ix_t_a\")"),
        ("op.create_index('i', 't', [sa.text('a DESC')])", "columns: [Some(\"a\")]"),
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
