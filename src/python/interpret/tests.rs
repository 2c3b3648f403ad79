//! What the interpreter makes of small programs: the calls a host is told of, and the blocks round them.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::{Arguments, Block, Host, Interpreter, Limits, Modules, ParsedModule, Place, Term, TermKind, Value};
use crate::python::{on_deep_stack, parse};
use crate::source::Source;

struct Project(HashMap<String, ParsedModule>);

impl Modules for Project {
    fn module(&self, dotted: &str) -> Option<&ParsedModule> {
        self.0.get(dotted)
    }
}

/// Writes down the calls of `op.…` and `show(…)`, and the blocks round them.
#[derive(Default)]
struct Recorder {
    lines: Vec<String>,
    depth: usize,
}

impl Recorder {
    fn line(&mut self, text: String) {
        self.lines.push("  ".repeat(self.depth) + &text);
    }
}

impl<'a> Host<'a> for Recorder {
    fn resolve(&mut self, _: &mut Interpreter<'a>, term: &Rc<Term<'a>>) -> Option<Value<'a>> {
        match &term.kind {
            TermKind::Call { callee, .. } => {
                let name = callee.as_name()?;
                if name.starts_with("alembic.op.") || name == "builtins.show" {
                    self.line(Value::Term(term.clone()).to_string());
                }
                None
            }
            TermKind::Name(name) if &**name == "known.dialect" => Some(Value::text("postgresql")),
            _ => None,
        }
    }

    fn enter(&mut self, block: &Block<'a>) {
        let text = match block {
            Block::If { condition, holds: true } => format!("if {condition}"),
            Block::If { condition, holds: false } => format!("unless {condition}"),
            Block::Try => "try".into(),
            Block::Except => "except".into(),
            Block::Loop => "loop".into(),
            Block::With(context) => format!("with {context}"),
        };
        self.line(text);
        self.depth += 1;
    }

    fn leave(&mut self, _: &Block<'a>) {
        self.depth = self.depth.checked_sub(1).expect("entered before");
        // a block in which nothing was told is not worth a line
        if self.lines.last().is_some_and(|line| {
            line.len() - line.trim_start().len() == 2 * self.depth
                && ["if ", "unless ", "try", "except", "loop", "with "].iter().any(|word| line.trim().starts_with(word))
        }) {
            self.lines.pop();
        }
    }
}

fn project(files: &[(&str, &str)]) -> Project {
    let module = |&(path, text): &(&str, &str)| {
        let name = path.trim_end_matches(".py").replace('/', ".");
        let name = name.trim_end_matches(".__init__").to_owned();
        let parsed = parse(text);
        assert_eq!(parsed.error, None, "{path}");
        let source = Arc::new(Source::new(path.into(), text));
        let is_package = path.ends_with("__init__.py");
        (name.clone(), ParsedModule { source, statements: parsed.statements, name, is_package })
    };
    Project(files.iter().map(module).collect())
}

/// Runs `main.py`, and its `upgrade()` if there is one; what was recorded, and whether a bound was met.
fn run_files(files: &[(&str, &str)]) -> (Vec<String>, bool) {
    on_deep_stack(|| {
        let project = project(files);
        let mut host = Recorder::default();
        let mut interpreter = Interpreter::new(&project, Limits::default());
        let main = &project.0["main"];
        let scope = interpreter.run_module(&mut host, main);
        if let Some(upgrade) = interpreter.global(&mut host, &scope, "upgrade") {
            let place = Place { module: main, span: Default::default() };
            interpreter.call(&mut host, &upgrade, Arguments::default(), place);
        }
        assert_eq!(host.depth, 0, "every block is left");
        (host.lines, interpreter.exhausted())
    })
}

#[track_caller]
fn check(code: &str, expected: &[&str]) {
    check_files(&[("main.py", code)], expected);
}

#[track_caller]
fn check_files(files: &[(&str, &str)], expected: &[&str]) {
    let (lines, exhausted) = run_files(files);
    assert_eq!(lines, expected, "\n{}", lines.join("\n"));
    assert!(!exhausted);
}

/// What expressions are worth.
#[track_caller]
fn check_values(pairs: &[(&str, &str)]) {
    for (expression, expected) in pairs {
        let (lines, _) = run_files(&[("main.py", &format!("import ext\nshow({expression})\n"))]);
        assert_eq!(lines.join("\n"), format!("show({expected})"), "{expression}");
    }
}

#[test]
fn a_revision_is_executed() {
    check(
        "from alembic import op\nimport sqlalchemy as sa\nfrom sqlalchemy.dialects import postgresql as pg\n\
         T = 'acc' + 'ount'\n\
         def upgrade() -> None:\n    op.create_table(T, sa.Column('a', sa.Integer(), nullable=False), schema=None)\n    \
         _add('b', kind=pg.UUID(as_uuid=True))\n\
         def _add(name, *, kind=None, **more):\n    op.add_column(T, sa.Column(name, kind, **more))\n",
        &[
            "create_table('account', Column('a', Integer(), nullable=False), schema=None)",
            "add_column('account', Column('b', UUID(as_uuid=True)))",
        ],
    );
    check(
        "from alembic.op import add_column as add\nimport alembic.op as o\nimport alembic\n\
         add('a')\no.x('b')\nalembic.op.f('c')\n",
        &["add_column('a')", "x('b')", "f('c')"],
    );
}

#[test]
fn functions_take_arguments_as_python_does() {
    check(
        "def f(a, /, b, c=3, *rest, d, e=5, **more):\n    show(a, b, c, rest, d, e, more)\n\
         f(1, 2, d=4)\nf(1, 2, 9, 8, 7, d=4, z=0)\nf(*[1, 2], **{'d': 4, 'c': 0})\nf(1, *unknown, d=1)\n",
        &[
            "show(1, 2, 3, (), 4, 5, {})",
            "show(1, 2, 9, (8, 7), 4, 5, {'z': 0})",
            "show(1, 2, 0, (), 4, 5, {})",
            "show(1, ?, ?, [*?], 1, ?, {*?})",
        ],
    );
    check(
        "def outer(n):\n    total = 0\n    def inner(k):\n        nonlocal total\n        total += k * n\n        return total\n    \
         inner(1)\n    return inner\nf = outer(10)\nshow(f(2))\nadd = lambda a, b=2: a + b\nshow(add(1))\n\
         COUNT = 0\ndef up():\n    global COUNT\n    COUNT += 1\nup(); up()\nshow(COUNT)\n",
        &["show(30)", "show(3)", "show(2)"],
    );
    check(
        "import functools, contextlib\ndef twice(f):\n    @functools.wraps(f)\n    def g(*a, **k):\n        f(*a, **k)\n        return f(*a, **k)\n    \
         return g\n@twice\ndef hello(x):\n    show('hello', x)\nhello(1)\n\
         @lib.decorator(1)\ndef plain():\n    show('plain')\nplain()\n\
         g = functools.partial(hello, x=7)\n",
        &["show('hello', 1)", "show('hello', 1)", "show('plain')"],
    );
}

#[test]
fn a_context_manager_of_the_project_runs_round_its_body() {
    check(
        "import contextlib\nfrom alembic import op\n\
         @contextlib.contextmanager\ndef off(op):\n    op.execute('off')\n    try:\n        yield 5\n    finally:\n        op.execute('on')\n\
         def upgrade():\n    with off(op) as x, op.batch('t') as b:\n        op.execute(x)\n        b.add(1)\n        if unknown:\n            \
         return\n        op.execute('in')\n    op.execute('end')\n",
        &[
            "execute('off')",
            "batch('t')",
            "with batch('t')",
            "  execute(5)",
            "  unless unknown",
            "    execute('in')",
            "execute('on')",
            "unless unknown",
            "  execute('end')",
        ],
    );
    check(
        "class M:\n    def __enter__(self):\n        show('in')\n        return self\n    def __exit__(self, *a):\n        show('out')\n\
         with M() as m:\n    show('body')\n",
        &["show('in')", "show('body')", "show('out')"],
    );
    check(
        "def gen():\n    yield 1\n    yield from [2, 3]\nshow(list(gen()), [x for x in gen()])\n",
        &["show([1, 2, 3], [1, 2, 3])"],
    );
}

#[test]
fn classes_are_classes() {
    check(
        "class A:\n    kind = 'a'\n    def __init__(self, x):\n        self.x = x\n    def name(self):\n        return f'{self.kind}{self.x}'\n    \
         @property\n    def twice(self):\n        return self.x * 2\n    @staticmethod\n    def s(v):\n        return v\n    \
         @classmethod\n    def make(cls, v):\n        return cls(v)\n\
         class B(A):\n    kind = 'b'\n    def name(self):\n        return 'B' + super().name()\n\
         b = B.make(4)\nshow(b.name(), b.twice, B.s(1), A(2).name(), B.kind, isinstance(b, A), b.missing)\n",
        &["show('Bb4', 8, 1, 'a2', 'b', True, ?)"],
    );
    check(
        "import dataclasses\nfrom typing import NamedTuple\n@dataclasses.dataclass(frozen=True)\nclass P:\n    x: int\n    y: str = 'q'\n    \
         z: list = dataclasses.field(default_factory=list)\np = P(1, y='r')\nshow(p.x, p.y, p.z)\n\
         class N(NamedTuple):\n    a: int\n    b: int = 2\nfor a, b in [N(1), N(3, 4)]:\n    show(a, b)\n",
        &["show(1, 'r', [])", "show(1, 2)", "show(3, 4)"],
    );
    check(
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: str\n    of: str = None\n\
         @dataclass\nclass Q(P):\n    parts: list = None\n    def __post_init__(self):\n        self.of = 'all'\n        \
         for part in self.parts or []:\n            part.of = self.x\nq = Q('q', parts=[P('p')])\nshow(q.of, q.parts[0].of)\n",
        &["show('all', 'q')"],
    );
    check(
        "import sqlalchemy as sa\nclass S(sa.String):\n    def __init__(self):\n        super().__init__(50)\n\
         class T(sa.TypeDecorator):\n    impl = sa.Text\nshow(S(), T(), T.impl, T().length, T.length)\n",
        &["show(S(), T(), Text, T().length, <class T>.length)"],
    );
}

#[test]
fn what_a_constructor_outside_is_given_is_kept() {
    let given = on_deep_stack(|| {
        let text = "class S(lib.String):\n    def __init__(self, n):\n        super().__init__(n * 2)\nclass T(S):\n    pass\nt = T(5)\n";
        let project = project(&[("main.py", text)]);
        let mut host = Recorder::default();
        let mut interpreter = Interpreter::new(&project, Limits::default());
        let scope = interpreter.run_module(&mut host, &project.0["main"]);
        let Some(Value::Instance(t)) = interpreter.global(&mut host, &scope, "t") else { return None };
        let outer = t.outer_arguments.borrow();
        Some((t.arguments.get(0, "n")?.to_string(), outer.as_ref()?.get(0, "length")?.to_string()))
    });
    assert_eq!(given, Some(("5".into(), "10".into())));
}

#[test]
fn attributes_may_be_made_up_by_the_project() {
    check(
        "class Config:\n    def __init__(self, cfg):\n        object.__setattr__(self, '_cfg', cfg)\n    \
         def __getattr__(self, name):\n        return self._cfg[name]\n\
         class Empty:\n    def __getattr__(self, name):\n        return self.other\n\
         show(Config({'a': 1}).a, Empty().x, getattr(Config, 'nope', 3), hasattr(Config, 'nope'))\n",
        &["show(1, ?, 3, False)"],
    );
}

#[test]
fn recursion_over_what_is_not_known_is_told_twice() {
    check(
        "def walk(node, found):\n    show(node)\n    for child in node.children:\n        found.append(child)\n        walk(child, found)\n\
         found = []\nwalk(lib.root, found)\nshow(found)\n",
        &["show(root)", "loop", "  show(each of children)", "show([*?])"],
    );
}

#[test]
fn what_may_not_run_stands_in_a_block() {
    check(
        "from known import dialect\nif dialect == 'postgresql':\n    show(1)\nelse:\n    show(2)\n\
         if unknown.has('t'):\n    show(3)\n    x = 1\n    y = 1\nelif dialect == 'mysql':\n    show(4)\nelse:\n    show(5)\n    x = 1\n    y = 2\n\
         show(x, y)\n",
        &["show(1)", "if has('t')", "  show(3)", "unless has('t')", "  show(5)", "show(1, ?)"],
    );
    check(
        "l = [1]\nd = {'a': 1, 'b': 2}\nif unknown:\n    l.append(2)\n    d['b'] = 3\n    d['c'] = 4\nshow(*l)\nshow(l, d, d['a'], 'c' in d)\n",
        &["show(1, *?)", "show([1, *?], {'a': 1, 'b': ?, *?}, 1, 'c' in {'a': 1, 'b': ?, *?})"],
    );
}

#[test]
fn what_follows_a_path_that_left_runs_under_the_opposite() {
    check(
        "def upgrade():\n    show(0)\n    if has('t'):\n        return\n    show(1)\n    for t in ['a', 'b']:\n        if has(t):\n            \
         continue\n        show(t)\n    show(2)\n",
        &[
            "show(0)",
            "unless has('t')",
            "  show(1)",
            "  unless has('a')",
            "    show('a')",
            "  unless has('b')",
            "    show('b')",
            "  show(2)",
        ],
    );
    check(
        "def f(x):\n    if x > limit:\n        return 'big'\n    return 'small'\ndef g(x):\n    if x > limit:\n        return 1\n    return 1\n\
         show(f(1), g(1))\n",
        &["show(?, 1)"],
    );
    check(
        "def upgrade():\n    if a():\n        if b():\n            return\n        show(1)\n    else:\n        show(2)\n    show(3)\n",
        &["if a()", "  unless b()", "    show(1)", "unless a()", "  show(2)", "unless b()", "  show(3)"],
    );
    check("if has('t'):\n    raise ValueError('x')\nshow(1)\n", &["show(1)"]);
    check(
        "for t in ['a', 'b']:\n    if stop(t):\n        break\n    show(t)\nshow('end')\n",
        &["unless stop('a')", "  show('a')", "  unless stop('b')", "    show('b')", "show('end')"],
    );
}

#[test]
fn try_may_stop_anywhere() {
    check(
        "x = 0\ntry:\n    show(1)\n    x = 1\nexcept Exception as e:\n    show(2, x, e)\nelse:\n    show(3)\nfinally:\n    show(4, x)\n",
        &["try", "  show(1)", "except", "  show(2, ?, ?)", "try", "  show(3)", "show(4, ?)"],
    );
    check("try:\n    import a.b as m\nexcept ImportError:\n    m = None\nshow(m.X)\n", &["show(X)"]);
    check("try:\n    show(1)\n    y = 1\nexcept E:\n    raise\nshow(2, y)\n", &["try", "  show(1)", "show(2, 1)"]);
}

#[test]
fn loops_are_unrolled_over_what_is_known() {
    check(
        "for i, (a, b) in enumerate(zip('xy', [1, 2]), 1):\n    show(i, a, b)\nfor k, v in {'p': 1}.items():\n    show(k, v)\n\
         for t in 'q r'.split():\n    show(t)\nelse:\n    show('else')\nn = 0\nwhile n < 2:\n    n += 1\n    show(n)\n",
        &[
            "show(1, 'x', 1)",
            "show(2, 'y', 2)",
            "show('p', 1)",
            "show('q')",
            "show('r')",
            "show('else')",
            "show(1)",
            "show(2)",
        ],
    );
    check(
        "found = []\nlast = None\nfor row in db.rows():\n    show(row.name, last)\n    last = row\n    found.append(row)\nshow(found, last)\n\
         while more():\n    show(1)\n",
        &["loop", "  show(each of rows().name, ?)", "show([*?], ?)", "loop", "  show(1)"],
    );
    check(
        "names = {c['name'] for c in insp.get_columns('t')}\nif 'x' not in names:\n    show(1)\n\
         names = [c['name'] for c in insp.get_columns('t')]\nif 'x' not in names:\n    show(1)\n",
        &[
            "if 'x' not in [each of get_columns('t')['name'] for each of get_columns('t')]",
            "  show(1)",
            "if 'x' not in [each of get_columns('t')['name'] for each of get_columns('t')]",
            "  show(1)",
        ],
    );
}

#[test]
fn expressions_are_worth_what_python_says() {
    check_values(&[
        ("1 < 2 < 3, 1 < 2 > 5, not [], 7 // -2, -7 % 3, 2 ** 3", "True, False, True, -4, 2, 8"),
        ("ext.a and False, False and ext.a, ext.a or True", "(a and False), False, (a or True)"),
        ("1 if ext.a else 2, 1 if True else 2, 1 if ext.a else 1", "1 if a else 2, 1, 1"),
        ("[*range(3), 9], (*[1],), {**{'a': 1}, 'b': 2}", "[0, 1, 2, 9], (1,), {'a': 1, 'b': 2}"),
        ("'abcdef'[1:3], 'abc'[::-1], [1, 2, 3][-1], (1, 2)[0]", "'bc', 'cba', 3, 1"),
        ("[x * y for x in [1, 2] for y in (3, 4) if x != y], {k: v for k, v in [('a', 1)]}", "[3, 4, 6, 8], {'a': 1}"),
        ("f'a{1}{\"b\"!r:>5}{None}{3:03d}', f'x {ext.a} y'", "'a1  'b'None003', f'x {a} y'"),
        ("'%s-%d %%' % ('a', 2), '%(k)s' % {'k': 1}, 'a %s b' % ext.a", "'a-2 %', '1', f'a {a} b'"),
        ("'{} {x} {0} {{}}'.format(1, x='q'), 'a {} b'.format(ext.a)", "'1 q 1 {}', f'a {a} b'"),
        ("'a' + ext.b + 'c', ext.b + ext.c, 'x' + str(5)", "f'a{b}c', b + c, 'x5'"),
        ("', '.join(['a', ext.b, 'c']), ','.join(str(i) for i in range(3))", "f'a, {b}, c', '0,1,2'"),
        ("{1, 2} | {3}, {1, 2} - {1}, {1, 2} & {2, 9}, {'a': 1} | {'b': 2}", "{1, 2, 3}, {2}, {2}, {'a': 1, 'b': 2}"),
        ("'b' in ['a', 'b'], 'z' in ['a', ext.b], 'a' in {'a': ext.b}", "True, 'z' in ['a', b], True"),
        ("ext.Xy() is None, ext.x() is None, None is None, ext.Xy is not None", "False, x() is None, True, True"),
        ("(y := 5) + y", "10"),
        ("-5, +5, ~5, -ext.a", "-5, 5, -6, -a"),
    ]);
}

#[test]
fn builtins_and_methods_do_what_python_does() {
    check_values(&[
        (
            "len('ab'), len([1]), sorted([3, 1, 2], reverse=True), sorted(['b', 'A'], key=str.lower)",
            "2, 1, [3, 2, 1], ['A', 'b']",
        ),
        (
            "list('ab'), tuple([1]), dict(a=1), dict([('b', 2)]), set([1, 1]), frozenset()",
            "['a', 'b'], (1,), {'a': 1}, {'b': 2}, {1}, {}",
        ),
        (
            "str(1), int('5'), float('1.5'), bool([]), abs(-1), repr('a'), sum([1, 2])",
            "'1', 5, 1.5, False, 1, ''a'', 3",
        ),
        ("any([0, 1]), all([]), min(3, 1), max([1, 5]), list(reversed([1, 2]))", "True, True, 1, 5, [2, 1]"),
        (
            "list(map(str.upper, ['a'])), list(filter(None, [0, 1])), isinstance('a', str), isinstance(1, (str, int))",
            "['A'], [1], True, True",
        ),
        (
            "'a_b'.title(), ' x '.strip(), 'a-b'.replace('-', '_'), 'a,b'.split(','), 'abc'.startswith(('x', 'a'))",
            "'A_B', 'x', 'a_b', ['a', 'b'], True",
        ),
        (
            "'pre_x'.removeprefix('pre_'), '7'.zfill(3), 'a\\nb'.splitlines(), 'x'.upper(), 'a.b.c'.rsplit('.', 1)",
            "'x', '007', ['a', 'b'], 'X', ['a.b', 'c']",
        ),
        ("{'a': 1}.get('b', 2), {'a': 1}.get('a'), list({'a': 1}), {'a': 1}.pop('a')", "2, 1, ['a'], 1"),
        ("__import__('textwrap')", "__import__('textwrap')"),
    ]);
    check(
        "import textwrap\nl = [2, 1]\nl.extend([3]); l.insert(0, 9); l.remove(2); l.sort()\nshow(l, l.pop(), l, l.index(3), l.copy())\n\
         d = {}\nd.setdefault('a', []).append(1)\nd.update(b=2, **{'c': 3})\nd |= {'e': 4}\ndel d['b']\nshow(d)\n\
         show(textwrap.dedent('''\n    a\n      b\n    '''))\n",
        &["show([1, 3], 9, [1, 3], 1, [1, 3])", "show({'a': [1], 'c': 3, 'e': 4})", "show('\na\n  b\n')"],
    );
}

#[test]
fn enumerations_have_members() {
    check(
        "import enum\nfrom enum import Enum, StrEnum, auto\nclass Base(str, Enum):\n    pass\nclass C(Base):\n    RED = 'red'\n    BLUE = 'blue'\n    \
         ROT = 'red'\n    def f(self):\n        return self.value.upper()\n\
         class N(enum.IntEnum):\n    A = auto()\n    B = auto()\nclass S(StrEnum):\n    OPEN = auto()\n    SHUT = 'x'\n\
         class P(Enum):\n    A = (1, 'a')\n    def __init__(self, n, s):\n        self.n = n\n        self.s = s\n\
         show([c.value for c in C], [c.name for c in list(C)], C('blue').name, C['RED'].value, C.RED.f(), C.ROT.name)\n\
         show(N.B.value, str(S.OPEN), f'{S.SHUT}', list(C.__members__), len(C), C.RED == 'red', C.RED in ('red',), P.A.s, P.A == 1)\n\
         show(C.RED, ', '.join(S), 'red' in [c.value for c in C], f'{P.A}', isinstance(C.RED, str), C.RED is C.ROT)\n",
        &[
            "show(['red', 'blue'], ['RED', 'BLUE'], 'BLUE', 'red', 'RED', 'RED')",
            "show(2, 'open', 'x', ['RED', 'BLUE', 'ROT'], 2, True, True, 'a', False)",
            "show(C.RED, 'open, x', True, 'P.A', True, True)",
        ],
    );
}

#[test]
fn other_modules_are_read_by_name() {
    check_files(
        &[
            ("app/__init__.py", "from .enums import Kind as K\n"),
            (
                "app/enums.py",
                "import enum\nfrom . import limits\nfrom .limits import *\nboom()\nclass Kind(enum.Enum):\n    A = SIZE\n\
             NAMES = ['a']\nNAMES.append('b')\nNAMES += ['c']\nfor n in 'de':\n    NAMES.append(n)\nX, Y = 1, 2\nif limits.BIG:\n    Z = 'big'\nelse:\n    Z = 'small'\n",
            ),
            (
                "app/limits.py",
                "from typing import TYPE_CHECKING\nBIG = True\nSIZE = 10\n_hidden = 1\nif TYPE_CHECKING:\n    V = 1\nelse:\n    V = 2\n\
             def __getattr__(name):\n    return 'lazy ' + name\n",
            ),
            (
                "main.py",
                "from app import K, enums\nfrom app.enums import NAMES, Y, Z\nimport app.limits\nimport app.limits as l\n\
             show(K.A.value, NAMES, Y, Z, enums.X)\nshow(app.limits.V, l.other, app.enums.Z)\nfrom app.limits import what\nshow(what)\n",
            ),
        ],
        &["show(10, ['a', 'b', 'c', 'd', 'e'], 2, 'big', 1)", "show(2, 'lazy other', 'big')", "show('lazy what')"],
    );
    check_files(
        &[
            ("ns/a.py", "T = 't'\n"),
            ("ns/sub/__init__.py", ""),
            ("ns/sub/b.py", "from ..a import T\nfrom ... import x\n"),
            (
                "main.py",
                "import ns.a\nfrom ns import a\nfrom ns.sub import b\nfrom elsewhere.deep import thing\nshow(ns.a.T, a.T, b.T, thing)\n",
            ),
        ],
        &["show('t', 't', 't', thing)"],
    );
}

#[test]
fn cycles_end() {
    check_files(
        &[
            ("a.py", "from b import B\nA = B\nclass X(Y): pass\nclass Y(X): pass\n"),
            ("b.py", "from a import A\nB = A\nfrom b import *\nfrom a import *\n"),
            ("main.py", "from a import A, X\nfrom b import nothing\nshow(A, X.q)\nX()\n"),
        ],
        &["show(?, ?)"],
    );
}

#[test]
fn missing_modules_are_noted() {
    let missing = on_deep_stack(|| {
        let project = project(&[("main.py", "import a.b\nfrom c import d\n")]);
        let mut interpreter = Interpreter::new(&project, Limits::default());
        interpreter.run_module(&mut Recorder::default(), &project.0["main"]);
        interpreter.missing().collect::<Vec<_>>().join(" ")
    });
    assert_eq!(missing, "a a.b c c.d");
}

#[test]
fn match_chooses_a_case() {
    check(
        "def f(x):\n    match x:\n        case 'a' | 'b':\n            show('letter')\n        case (p, q):\n            show(p, q)\n        \
         case None:\n            show('none')\n        case _:\n            show('other')\nf('b'); f((1, 2)); f(None); f(3)\nf(db.value())\n",
        &[
            "show('letter')",
            "show(1, 2)",
            "show('none')",
            "show('other')",
            "if ?",
            "  show('letter')",
            "unless ?",
            "  if ?",
            "    show(?, ?)",
            "  unless ?",
            "    if ?",
            "      show('none')",
            "    unless ?",
            "      show('other')",
        ],
    );
}

#[test]
fn whatever_is_written_ends() {
    for code in [
        "def f(n):\n    return f(n + 1)\nf(0)\n",
        "def f(n):\n    return f(n + 1) + f(n + 2)\nf(0)\n",
        "while True:\n    pass\n",
        "x = 'a'\nwhile x:\n    x = x * 2\n",
        "x = [1]\nwhile x:\n    x = x + x\n",
        "x = []\nfor i in range(4000):\n    x = [x]\nfor i in range(100000):\n    pass\n",
        "for a in range(5000):\n    for b in range(5000):\n        x = a\n",
        "x = 'ab' * 10 ** 9\n",
        "x = [0] * 10 ** 15\n",
        "x = '{}'\nfor i in range(100):\n    x = x.replace('{}', '{}{}')\n",
        "x = ''\nwhile True:\n    x += f'{x}{unknown}'\n",
    ] {
        let (_, exhausted) = run_files(&[("main.py", code)]);
        assert!(exhausted, "{code}");
    }
    for (code, expected) in [
        (
            "a = []\na.append(a)\nb = []\nb.append(b)\nshow(a == b, len(a))\nstr(a)\n",
            "show([[[[[[[[[[[[[…]]]]]]]]]]]]]",
        ),
        ("d = {}\nd['d'] = d\nshow(d == d, f'{d}')\n", "show(True, "),
        ("x = 9223372036854775807 + 1\nshow(x, -x, 1 << 70, 5 // 0, 5 % 0)\n", "show(?, ?, ?, ?, ?)"),
        ("show('%' % 1, '{'.format(), '{0.x[1]}'.format(1), '%(a' % {}, '%*d' % 3)\n", "show("),
        ("show('é'[0:1], 'é'[5:], 'éa'.find('a'), [1][5], 'x'[3], {}['a'])\n", "show('é', '', 1, ?, ?, ?)"),
    ] {
        let (lines, _) = run_files(&[("main.py", code)]);
        assert_eq!(lines.len(), 1, "{code}");
        assert!(lines[0].starts_with(expected) || lines[0].contains('…'), "{code}: {}", lines[0]);
    }
    for (open, close) in [("-", ""), ("(", ")"), ("[", "]"), ("f(", ")"), ("not ", ""), ("lambda: ", "")] {
        run_files(&[("main.py", &format!("x = {}1{}\n", open.repeat(900), close.repeat(900)))]);
    }
    for chain in ["+1", ".a", " if u else 1", "(1)", " and u", " < 1", "[0]", "+ u", ".a()"] {
        run_files(&[("main.py", &format!("x = u{}\n", chain.repeat(10_000)))]);
    }
    run_files(&[("main.py", &format!("def upgrade():\n{}", "    if u():\n        return\n".repeat(2_000)))]);
}
