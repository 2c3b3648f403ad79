//! Classes and tables that code puts together.

use super::*;

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
