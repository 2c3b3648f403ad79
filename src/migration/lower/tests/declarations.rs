//! Types, columns and tables as they are written.

use super::*;

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
