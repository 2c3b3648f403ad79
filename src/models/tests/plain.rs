//! Classes and tables as they are mostly written.

use super::*;

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
