//! What cannot be told, and what never ends.

use super::*;

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
