//! What small modules declare.

use std::collections::HashMap;

use super::{Declared, ModelOptions, read};
use crate::python::interpret::{Modules, ParsedModule};
use crate::python::on_deep_stack;
use crate::schema::{Certainty, Comment, Constraint, ConstraintKind, Table};

struct Project(HashMap<String, ParsedModule>);

impl Modules for Project {
    fn module(&self, dotted: &str) -> Option<&ParsedModule> {
        self.0.get(dotted)
    }
}

/// Reads the models of files; one that is called `env.py` is Alembic's.
fn declared(files: &[(&str, &str)]) -> Declared {
    on_deep_stack(|| {
        let module = |&(path, text): &(&str, &str)| {
            let name = path.trim_end_matches(".py").replace('/', ".");
            let name = name.trim_end_matches(".__init__").to_owned();
            let is_package = path.ends_with("__init__.py");
            (name.clone(), ParsedModule::read(name, path.into(), text.as_bytes(), is_package).expect("Python"))
        };
        let project = Project(files.iter().map(module).collect());
        let names = files.iter().map(|file| module(file).0).filter(|name| name != "env");
        let options = ModelOptions {
            files: names.filter_map(|name| project.module(&name)).collect(),
            env: project.module("env"),
            sqlalchemy: Some((2, 0)),
            sqlmodel: None,
        };
        read(&project, &options)
    })
}

fn constraint(constraint: &Constraint) -> String {
    let kind = match &constraint.kind {
        ConstraintKind::Primary => "primary".to_owned(),
        ConstraintKind::Unique => "unique".to_owned(),
        ConstraintKind::Check => "check".to_owned(),
        ConstraintKind::Exclude => "exclude".to_owned(),
        ConstraintKind::Foreign(reference) => {
            let action = reference.on_delete.as_ref().map(|action| format!(" {action}")).unwrap_or_default();
            format!("-> {}({}){action}", reference.table, reference.columns.join(","))
        }
    };
    let name = constraint.name.as_deref().unwrap_or("-");
    let maybe = if constraint.certainty == Certainty::Maybe { "?" } else { "" };
    format!("  {name}{maybe} ({}) {kind}", constraint.columns.join(","))
}

fn table(name: &str, table: &Table) -> Vec<String> {
    let mark = |of: bool, mark: &'static str| if of { mark } else { "" };
    let maybe = mark(table.certainty == Certainty::Maybe, "?");
    let mut res = vec![format!("{name}{maybe}{}{}", mark(table.opaque, " opaque"), mark(table.unnamed, " unnamed"))];
    if let Comment::Text(text) = &table.comment {
        res.push(format!("  # {text}"));
    }
    for column in &table.columns {
        let null = mark(!column.nullable, " not null");
        res.push(format!("  {} {}{null}{}", column.name, column.ty, mark(column.certainty == Certainty::Maybe, " ?")));
    }
    res.extend(table.constraints.iter().map(constraint));
    for index in &table.indexes {
        let columns: Vec<&str> = index.columns.iter().map(|name| name.as_deref().unwrap_or("…")).collect();
        res.push(format!("  {} ({}){} index", index.name, columns.join(","), mark(index.unique, " unique")));
    }
    res
}

fn lines(declared: &Declared) -> Vec<String> {
    let tables = declared.schema.tables.iter();
    let mut res: Vec<String> = tables.flat_map(|(name, found)| table(&name.to_string(), found)).collect();
    res.extend(declared.unknown.iter().filter(|unknown| unknown.table.is_none()).map(|unknown| {
        format!("unknown: {}", unknown.source.text.get(unknown.span.start..unknown.span.end).unwrap_or_default())
    }));
    res
}

#[track_caller]
fn check_files(files: &[(&str, &str)], expected: &str) {
    let found = lines(&declared(files)).join("\n");
    let expected: Vec<&str> = expected.lines().filter(|line| !line.trim().is_empty()).collect();
    assert_eq!(found, expected.join("\n"), "\n{found}\n");
}

const PREFIX: &str = "import sqlalchemy as sa\nfrom sqlalchemy import *\nfrom sqlalchemy import Column, Integer, String, \
                      ForeignKey, Index, UniqueConstraint, Table, MetaData, PrimaryKeyConstraint, ForeignKeyConstraint, Text\n\
                      from sqlalchemy.orm import declarative_base, declared_attr, DeclarativeBase, relationship, registry\n\
                      Base = declarative_base()\n";

#[track_caller]
fn check(code: &str, expected: &str) {
    check_files(&[("models.py", &format!("{PREFIX}{code}"))], expected);
}

#[test]
fn plain_classes() {
    check(
        r#"
class User(Base):
    """Somebody."""
    __tablename__ = "user"
    __table_args__ = (UniqueConstraint("a", "b", name="uq_ab"), Index("ix_b", "b"), {"comment": "people"})
    id = Column(Integer, primary_key=True)
    a = Column("aa", String(20), nullable=False, unique=True)
    b = Column(Text, index=True)
    boss_id = Column(ForeignKey("user.id", ondelete="CASCADE"))
    boss = relationship("User")
    kind = "x"
"#,
        r#"
user
  # people
  id integer not null
  aa character varying(20) not null
  b text
  boss_id integer
  - (id) primary
  uq_ab (a,b) unique
  - (aa) unique
  - (boss_id) -> user(id) CASCADE
  ix_b (b) index
  ix_user_b (b) index
"#,
    );
}

#[test]
fn mixins_and_abstract_bases() {
    check(
        r#"
class Stamped:
    created = Column(Integer, nullable=False, index=True)
    gone = Column(Integer)
    @declared_attr
    def owner_id(cls):
        return Column(ForeignKey("user.id"))
    @declared_attr
    def owner(cls):
        return relationship("User")
class Named:
    @declared_attr.directive
    def __tablename__(cls):
        return cls.__name__.lower() + "s"
class Model(Base, Stamped, Named):
    __abstract__ = True
    id = Column(Integer, primary_key=True)
class Thing(Model):
    gone = None
class User(Base):
    __tablename__ = "user"
    id = Column(sa.BigInteger, primary_key=True)
print(Thing.__tablename__)
"#,
        r#"
things
  id integer not null
  created integer not null
  owner_id bigint
  - (id) primary
  - (owner_id) -> user(id)
  ix_things_created (created) index
user
  id bigint not null
  - (id) primary
"#,
    );
}

#[test]
fn inheritance() {
    check(
        r#"
class Stamped:
    at = Column(Integer)
class Animal(Stamped, Base):
    __tablename__ = "animal"
    __mapper_args__ = {"polymorphic_on": "kind"}
    id = Column(Integer, primary_key=True)
    kind = Column(String)
class Cat(Animal):
    purr = Column(Integer, nullable=False)
class Dog(Animal):
    __tablename__ = "dog"
    id = Column(ForeignKey("animal.id"), primary_key=True)
    bark = Column(Integer)
class Puppy(Dog):
    toy = Column(Integer)
"#,
        r#"
animal
  id integer not null
  kind character varying
  at integer
  purr integer not null
  - (id) primary
dog
  id integer not null
  bark integer
  toy integer
  - (id) primary
  - (id) -> animal(id)
"#,
    );
}

#[test]
fn core_tables_and_what_stands_alone() {
    check(
        r#"
meta = Base.metadata
for kind in ("user", "group"):
    table = Table(f"{kind}_role", meta, Column(f"{kind}_id", ForeignKey(f"{kind}s.id"), primary_key=True))
    made = type(kind.title() + "Role", (Base,), {"__table__": table})
users = Table("users", meta, Column("id", sa.BigInteger, primary_key=True), Column("name", String(5), index=True, comment="n"))
groups = sa.Table("groups", meta, Column("id", Integer, ForeignKey(users.c.id), primary_key=True), schema=None)
Index("ix_n", users.c.name, unique=True)
class W(Base):
    __tablename__ = "w"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey(users.c.id))
    x = Column(Integer)
    me = Column(ForeignKey(id))
    __table_args__ = (Index("ix_own", x.desc(), "user_id"),)
W.late = Column(Text)
Index("ix_late", W.late, sa.func.lower(W.x))
class V(Base):
    __tablename__ = "v"
    w = Column(ForeignKey(W.id), primary_key=True)
"#,
        r#"
group_role
  group_id integer not null
  - (group_id) primary
  - (group_id) -> groups(id)
groups
  id integer not null
  - (id) primary
  - (id) -> users(id)
user_role
  user_id bigint not null
  - (user_id) primary
  - (user_id) -> users(id)
users
  id bigint not null
  name character varying(5)
  - (id) primary
  ix_n (name) unique index
  ix_users_name (name) index
v
  w integer not null
  - (w) primary
  - (w) -> w(id)
w
  id integer not null
  user_id bigint
  x integer
  me integer
  late text
  - (id) primary
  - (user_id) -> users(id)
  - (me) -> w(id)
  ix_own (x,user_id) index
  ix_late (late,…) index
"#,
    );
}

#[test]
fn metadata_that_counts() {
    let models = "from sqlalchemy import *\nfrom sqlalchemy import Column, Integer, MetaData, Table, ForeignKey\nfrom sqlalchemy.orm import \
                  DeclarativeBase, declarative_base\nclass Base(DeclarativeBase):\n    metadata = \
                  MetaData(schema='app', naming_convention={'uq': 'uq_%(table_name)s_%(column_0_name)s', 'pk': 'pk_%(table_name)s'})\n\
                  class A(Base):\n    __tablename__ = 'a'\n    id = Column(Integer, primary_key=True, unique=True)\n\
                  class B(Base):\n    __tablename__ = 'b'\n    __table_args__ = {'schema': 'other'}\n    \
                  id = Column(ForeignKey('a.id'), primary_key=True)\n";
    let frozen = "from sqlalchemy import Column, Integer\nfrom sqlalchemy.orm import declarative_base\nBase = declarative_base()\n\
                  class A(Base):\n    __tablename__ = 'a'\n    old = Column(Integer, primary_key=True)\n\
                  class C(Base):\n    __tablename__ = 'c'\n    old = Column(Integer, primary_key=True)\n";
    let env = "from models import Base\ntarget_metadata = Base.metadata\n";
    check_files(
        &[("models.py", models), ("frozen.py", frozen), ("env.py", env)],
        r#"
app.a
  id integer not null
  pk_a (id) primary
  uq_a_id (id) unique
other.b
  id integer not null
  pk_b (id) primary
  - (id) -> app.a(id)
"#,
    );
    let both = "from models import Base\nimport frozen\ntarget_metadata = [Base.metadata, frozen.Base.metadata]\n";
    let found = declared(&[("models.py", models), ("frozen.py", frozen), ("env.py", both)]);
    assert_eq!(found.schema.tables.len(), 4);
}

#[test]
fn flask() {
    let models = r#"
from flask_sqlalchemy import SQLAlchemy as _SQLAlchemy
class SQLAlchemy(_SQLAlchemy):
    pass
db = SQLAlchemy()
tags = db.Table("tags", db.Column("user_id", db.ForeignKey("http_user.id")), db.Column("x", db.Integer))
class Mixin:
    id = db.Column(db.BigInteger, primary_key=True)
class HTTPUser(Mixin, db.Model):
    name = db.Column(db.String(5))
class Special(HTTPUser):
    extra = db.Column(db.Integer)
class Other(db.Model):
    __bind_key__ = "elsewhere"
    id = db.Column(db.Integer, primary_key=True)
class Pointer(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    special = db.Column(db.ForeignKey(HTTPUser.__tablename__ + ".id"))
"#;
    let env = "from flask import current_app\nconfig = current_app.extensions['migrate']\ntarget_db = config.db\n\
               def get_metadata():\n    if hasattr(target_db, 'metadatas'):\n        return target_db.metadatas[None]\n    \
               return target_db.metadata\ndef run_migrations_online():\n    context.configure(target_metadata=get_metadata())\n";
    check_files(
        &[("models.py", models), ("env.py", env)],
        r#"
http_user
  name character varying(5)
  id bigint not null
  extra integer
  - (id) primary
pointer
  id integer not null
  special bigint
  - (id) primary
  - (special) -> http_user(id)
tags
  user_id bigint
  x integer
  - (user_id) -> http_user(id)
"#,
    );
}

#[test]
fn what_is_not_known_is_said() {
    check(
        r#"
from elsewhere import Mixin, columns
class A(Mixin, Base):
    __tablename__ = "a"
    id = Column(Integer, primary_key=True)
class B(Base):
    __tablename__ = columns.NAME
    id = Column(Integer, primary_key=True)
if columns.SOMETIMES:
    class C(Base):
        __tablename__ = "c"
        id = Column(Integer, primary_key=True)
class D(Base):
    __tablename__ = "d"
    id = Column(Integer, primary_key=True)
class D2(Base):
    __tablename__ = "d"
    other = Column(Integer, primary_key=True)
class Plain(Base):
    __abstract__ = True
    no = Column(Integer)
"#,
        r#"
a opaque
  id integer not null
  - (id) primary
c?
  id integer not null
  - (id) primary
d? opaque
  id integer not null
  - (id) primary
unknown: B
"#,
    );
}

#[test]
fn classes_of_functions_and_of_libraries() {
    check(
        r#"
import functools, re
from fastapi_users.db import SQLAlchemyBaseUserTableUUID
Must = functools.partial(Column, nullable=False)
def label(table):
    class Label(Base):
        __tablename__ = f"{table}_labels"
        id = Column(Integer, primary_key=True)
        parent = Must(ForeignKey(f"{table}.id"))
    return Label
class Thing(Base):
    __tablename__ = "things"
    id = Column(Integer, primary_key=True)
    Label = label(__tablename__)
class OtherThing(Base):
    @declared_attr
    def __tablename__(cls):
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
    id = Column(Integer, primary_key=True)
    Label = label("other")
class User(SQLAlchemyBaseUserTableUUID, Base):
    x = Column(Integer)
"#,
        r#"
other_labels
  id integer not null
  parent - not null
  - (id) primary
  - (parent) -> other(id)
other_thing
  id integer not null
  - (id) primary
things
  id integer not null
  - (id) primary
things_labels
  id integer not null
  parent integer not null
  - (id) primary
  - (parent) -> things(id)
user
  x integer
  id uuid not null
  email character varying(320) not null
  hashed_password character varying(1024) not null
  is_active boolean not null
  is_superuser boolean not null
  is_verified boolean not null
  - (id) primary
  ix_user_email (email) unique index
"#
        .replace("parent - ", "parent unknown ")
        .as_str(),
    );
}

#[test]
fn arguments_put_together_from_mixins() {
    check(
        r#"
class ofclass(property):
    def __get__(self, obj, type=None):
        return self.fget.__get__(None, type)()
def gathered(cls, **options):
    parts = []
    for name in dir(cls):
        if not name.endswith("__parts"):
            continue
        value = getattr(cls, name)
        if isinstance(value, dict):
            options.update(value)
        elif isinstance(value[-1], dict):
            parts.extend(value[:-1])
            options.update(value[-1])
        else:
            parts.extend(value)
    return (*parts, options) if options else tuple(parts)
class Named:
    name = Column(Text)
    @ofclass
    @staticmethod
    def __parts():
        return (UniqueConstraint("name", name="uq_name"),)
class Placed:
    @ofclass
    @classmethod
    def __parts(cls):
        return (Index(f"ix_{cls.__name__.lower()}", "id"), {"schema": "s"})
class A(Named, Placed, Base):
    __tablename__ = "a"
    id = Column(Integer, primary_key=True)
    @declared_attr
    def __table_args__(cls):
        return gathered(cls)
class B(Named, Base):
    __tablename__ = "b"
    __parts = {"schema": "t"}
    id = Column(Integer, primary_key=True)
    @declared_attr
    def __table_args__(cls):
        return gathered(cls)
"#,
        r#"
s.a
  id integer not null
  name text
  - (id) primary
  uq_name (name) unique
  ix_a (id) index
t.b
  id integer not null
  name text
  - (id) primary
  uq_name (name) unique
"#,
    );
}

#[test]
fn what_classes_compute_makes_tables() {
    check(
        r#"
class Event(sa.ext.declarative.AbstractConcreteBase, Base):
    id = Column(Integer, primary_key=True)
class Logged:
    @declared_attr
    def events(cls):
        made = type(f"{cls.__name__}Event", (Event, Base), {
            "__tablename__": f"{cls.__name__.lower()}_events",
            "source_id": Column(ForeignKey(f"{cls.__tablename__}.id"), nullable=False),
        })
        return relationship(made)
    @declared_attr
    def tags(cls):
        return relationship("Tag", secondary=Table(f"{cls.__tablename__}_tags", cls.metadata, Column("tag", Integer)))
class Thing(Logged, Base):
    __tablename__ = "thing"
    __name__ = property(print)
    id = Column(Integer, primary_key=True)
"#,
        r#"
thing
  id integer not null
  - (id) primary
thing_events
  source_id integer not null
  id integer not null
  - (id) primary
  - (source_id) -> thing(id)
thing_tags
  tag integer
"#,
    );
}

#[test]
fn metaclasses_of_the_project_say_what_they_change() {
    let code = |prefix: &str| {
        format!(
            r#"
import settings
from sqlalchemy.orm import DeclarativeMeta

class Meta(DeclarativeMeta):
    def __init__(cls, name, bases, attributes):
        if "__tablename__" in attributes:
            cls.__tablename__ = {prefix} + attributes["__tablename__"]
        super().__init__(name, bases, attributes)

class Model(DeclarativeBase, metaclass=Meta):
    pass

class User(Model):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
"#
        )
    };
    check(&code("'app_'"), "app_users\n  id integer not null\n  - (id) primary");
    let unknown = declared(&[("models.py", &format!("{PREFIX}{}", code("settings.PREFIX")))]);
    assert!(unknown.schema.tables.is_empty() && !unknown.unknown.is_empty(), "{:?}", lines(&unknown));
}

#[test]
fn tables_of_other_metadata_may_be_added() {
    check_files(
        &[
            (
                "models.py",
                "from sqlalchemy import *\nfrom sqlalchemy.orm import *\nBase = declarative_base()\nother = MetaData()\n\
                 class A(Base):\n    __tablename__ = 'a'\n    id = Column(Integer, primary_key=True)\n\
                 b = Table('b', other, Column('id', Integer))\n",
            ),
            (
                "env.py",
                "from models import Base, other\ntarget_metadata = Base.metadata\n\
                 for table in other.sorted_tables:\n    target_metadata._add_table(table.name, table.schema, table)\n",
            ),
        ],
        "a\n  id integer not null\n  - (id) primary\nb?\n  id integer\n",
    );
}

/// What no one would write is read in a moment, and silently.
#[test]
fn hostile_modules_end() {
    let mut chain = String::from(PREFIX);
    for n in 0..2_000 {
        let base = if n == 0 { "Base".to_owned() } else { format!("C{}", n - 1) };
        chain.push_str(&format!(
            "class C{n}({base}):\n    __tablename__ = 't{n}'\n    id = Column(Integer, primary_key=True)\n"
        ));
    }
    assert_eq!(declared(&[("models.py", &chain)]).schema.tables.len(), 2_000);
    check_files(
        &[
            (
                "a.py",
                "from b import *\nclass A(A): __tablename__ = 'a'\nclass B(A, B): __tablename__ = B.__tablename__\n",
            ),
            ("b.py", "from a import *\nfrom b import *\n"),
            (
                "c.py",
                &format!(
                    "{PREFIX}class Odd(Base):\n    @declared_attr\n    def __tablename__(cls):\n        return cls.__tablename__\n"
                ),
            ),
        ],
        "a opaque\nunknown: B\nunknown: Odd",
    );
}
