use std::collections::HashMap;

use super::*;
use crate::python::on_deep_stack;
use crate::schema::{Certainty, Comment, Default as ColumnDefault, Index, Origin, Table, Type};

struct Project(HashMap<String, ParsedModule>);

impl Modules for Project {
    fn module(&self, dotted: &str) -> Option<&ParsedModule> {
        self.0.get(dotted)
    }
}

fn project(files: &[(&str, &str)]) -> Project {
    let module = |(name, text): &(&str, &str)| {
        let path = format!("{}.py", name.replace('.', "/"));
        let module = ParsedModule::read((*name).to_owned(), path.as_str().into(), text.as_bytes(), false);
        ((*name).to_owned(), module.expect("is Python"))
    };
    Project(files.iter().map(module).collect())
}

const MODELS: &str = "class A(Base):
    __tablename__ = 'a'

class Hidden(Base):
    __tablename__ = 'hidden'
    __table_args__ = {'info': {'skip': True}}
";

/// The tables `a` and `hidden`, declared in `MODELS`.
fn models() -> (Schema, Vec<Arc<Source>>) {
    let mut schema = Schema::default();
    for name in ["a", "hidden"] {
        let start = MODELS.find(&format!("'{name}'")).expect("is declared");
        let origin = Some(Origin { file: 0, span: Span::new(start, start + 1) });
        let table = Table { origin, certainty: Certainty::Certain, opaque: false, ..Table::opaque() };
        schema.tables.insert(name.into(), Arc::new(table));
    }
    (schema, vec![Arc::new(Source::new("models.py".into(), MODELS.to_owned()))])
}

fn change(table: &str, what: What) -> Change {
    Change { table: table.into(), what, origin: None, existing: None, enums: Vec::new() }
}

fn add_column(table: &str, name: &str) -> Change {
    let column = crate::schema::Column {
        name: name.into(),
        ty: Type::Unknown,
        nullable: true,
        default: ColumnDefault::None,
        certainty: Certainty::Certain,
        origin: None,
        required: None,
        comment: Comment::None,
    };
    change(table, What::AddColumn(column))
}

fn index(name: &str) -> Index {
    Index {
        orders: Vec::new(),
        name: name.into(),
        columns: vec![Some("c".into())],
        unique: false,
        certainty: Certainty::Certain,
        origin: None,
    }
}

/// `+` let through, `?` perhaps, `-` hidden: one sign for each change.
fn verdicts(env: &str, changes: Vec<Change>) -> String {
    let files = project(&[
        ("env", env),
        ("app.tables", "REMOVED = ['old']\ndef keep(o, name, type_, r, c):\n    return name not in REMOVED\n"),
    ]);
    let (models, sources) = models();
    on_deep_stack(|| {
        let options = [("exclude_tables".to_owned(), "old, older".to_owned())].into();
        let module = files.module("env").expect("is there");
        let env = EnvPy { module, modules: &files, options: Some(&options) };
        let one = |change: &Change| match &included(env, vec![change.clone()], &models, &sources)[..] {
            [] => '-',
            [(_, true)] => '+',
            _ => '?',
        };
        changes.iter().map(one).collect()
    })
}

const CONFIGURE: &str = "
from alembic import context
def run_migrations_online():
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata, include_object=include_object)
if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
";

fn with(filter: &str, changes: Vec<Change>) -> String {
    verdicts(&format!("{filter}{CONFIGURE}"), changes)
}

#[test]
fn without_filters_all_is_let_through() {
    let env = "from alembic import context\ncontext.configure(connection=1, target_metadata=m)\n";
    assert_eq!(verdicts(env, vec![change("a", What::RemoveTable), add_column("a", "b")]), "++");
    assert_eq!(verdicts("", vec![add_column("a", "b")]), "+");
}

#[test]
fn reflected_tables_without_a_model_may_be_left_alone() {
    let changes = || {
        vec![
            change("old", What::RemoveTable),
            change("a", What::AddTable(Arc::new(Table::opaque()))),
            add_column("a", "b"),
        ]
    };
    let filter = "
from app.db import Base
target_metadata = Base.metadata
def include_object(object, name, type_, reflected, compare_to):
    if target_metadata is not None and type_ == 'table':
        return not reflected or name in target_metadata.tables
    return True
";
    assert_eq!(with(filter, changes()), "-++");
    let filter = "
from flask import current_app
try:
    target_metadata = current_app.extensions['migrate'].db.metadata
except RuntimeError:
    target_metadata = None
def include_object(object, name, type_, reflected, compare_to):
    return not (type_ == 'table' and reflected and compare_to is None)
";
    assert_eq!(with(filter, changes()), "-++");
    let filter = "
def include_object(_, name, type_, *args):
    if type_ == 'table' and name not in target_metadata.tables:
        return False
    return True
target_metadata = models.base.Base.metadata
";
    assert_eq!(with(filter, changes()), "-++");
    // of which it cannot be told what it is
    let endless =
        format!("\ndef find():\n    return find()\n{}", filter.replace("models.base.Base.metadata", "find()"));
    assert_eq!(with(&endless, changes()), "-++");
}

#[test]
fn names_decide() {
    let filter = "
import re
TABLES = {'spatial_ref_sys', 'old'}
def include_object(object, name, type_, reflected, compare_to):
    if type_ == 'table' and (name in TABLES or name.startswith('tmp_') or re.match(r'part_\\d+$', name)):
        return False
    if type_ == 'index' and not reflected and object.name != name:
        return False
    return not (type_ == 'column' and object.table.name == 'a' and name == 'gone')
";
    let changes = vec![
        change("old", What::RemoveTable),
        change("tmp_x", What::RemoveTable),
        change("part_12", What::RemoveTable),
        change("party", What::RemoveTable),
        add_column("tmp_x", "c"),
        add_column("a", "gone"),
        add_column("a", "c"),
        change("a", What::AddIndex(index("ix"))),
    ];
    assert_eq!(with(filter, changes), "---+--++");
}

#[test]
fn the_filter_may_come_from_anywhere() {
    let changes = || vec![change("old", What::RemoveTable), change("new", What::RemoveTable)];
    assert_eq!(with("from app.tables import keep as include_object\n", changes()), "-+");
    assert_eq!(with("include_object = lambda o, name, *rest: name != 'old'\n", changes()), "-+");
    assert_eq!(with("from lib import include_object\n", changes()), "??");
    let named = "import os\nname = os.path.basename(os.path.dirname(__file__))\nprefix = os.getenv('P', 'ol')\ndef include_object(o, n, *rest):\n    return n.startswith(prefix) and name == ''\n";
    assert_eq!(with(named, changes()), "+-");
    let asynchronous = "
from alembic import context
def include_object(o, name, type_, reflected, compare_to):
    return name != 'old'
def do_run(connection):
    context.configure(connection=connection, target_metadata=m, include_object=include_object)
async def run():
    async with engine.connect() as connection:
        await connection.run_sync(do_run)
asyncio.run(run())
";
    assert_eq!(verdicts(asynchronous, changes()), "-+");
    let keywords = "
from alembic import context
from app.tables import keep
options = {'include_object': keep}
context.configure(connection=1, target_metadata=m, **options)
";
    assert_eq!(verdicts(keywords, changes()), "-+");
}

#[test]
fn options_of_the_configuration_are_known() {
    let filter = "
from alembic import context
config = context.config
def names(key):
    value = config.get_main_option(key, [])
    if value:
        value = [token for token in (part.strip() for part in value.split(',')) if token]
    return value
exclude = names('exclude_tables')
def include_object(object, name, type_, reflected, compare_to):
    return not (type_ == 'table' and name in exclude) and not name in names('other')
";
    assert_eq!(with(filter, vec![change("older", What::RemoveTable), change("new", What::RemoveTable)]), "-+");
}

#[test]
fn info_is_looked_up_where_the_table_is_declared() {
    let filter = "
def include_object(object, name, type_, reflected, compare_to):
    return not (type_ in ('table', 'index') and hasattr(object, 'info') and object.info.get('skip'))
";
    let changes = vec![add_column("a", "c"), add_column("hidden", "c"), change("old", What::RemoveTable)];
    assert_eq!(with(filter, changes.clone()), "+-+");
    assert_eq!(with("def include_object(o, *rest):\n    return o.info.get('managed', True)\n", changes), "+++");
}

#[test]
fn include_name_is_asked_of_what_the_database_has() {
    let env = "
from alembic import context
def include_name(name, type_, parent_names):
    if type_ == 'table':
        return name not in ('old', 'new')
    if type_ == 'column':
        return (parent_names['table_name'], name) != ('a', 'gone')
    return True
context.configure(connection=1, target_metadata=m, include_name=include_name)
";
    let changes = vec![
        change("old", What::RemoveTable),
        change("new", What::AddTable(Arc::new(Table::opaque()))),
        add_column("a", "gone"),
        change("a", What::RemoveColumn("gone".into())),
        change("a", What::RemoveColumn("other".into())),
    ];
    assert_eq!(verdicts(env, changes), "-++-+");
}

#[test]
fn what_is_asked_of_the_world_stays_open() {
    let filter = "
def include_object(object, name, type_, reflected, compare_to):
    if not plugin_loaded('x') and name in ('old', 'older'):
        return False
    if type_ == 'column' and dialect.name == 'sqlite':
        return weird(object)
    return True
";
    let changes = vec![change("old", What::RemoveTable), change("new", What::RemoveTable), add_column("a", "b")];
    assert_eq!(with(filter, changes), "?++");
}

#[test]
fn version_tables_are_none_of_it() {
    let env = "
from alembic import context
name = 'x'
context.configure(connection=1, target_metadata=m, version_table='{}_version'.format(name))
";
    assert_eq!(verdicts(env, vec![change("x_version", What::RemoveTable), change("y", What::RemoveTable)]), "-+");
    let other = Change { table: Name::new(Some("s"), "t"), ..change("t", What::RemoveTable) };
    assert_eq!(verdicts(env, vec![other.clone()]), "-");
    let all = env.replace("version_table", "include_schemas=True, version_table");
    assert_eq!(verdicts(&all, vec![other]), "+");
}

#[test]
fn options_say_what_is_compared() {
    let compared = |options: &str| {
        let env = format!(
            "from alembic import context\nfrom app.compare import types\ndef f(context, a, b, c, d):\n    if context.dialect.name == 'mysql':\n        return False\n    return None\ncontext.configure(connection=1, target_metadata=m{options})\n"
        );
        let files =
            project(&[("env", &env), ("app.compare", "def types(c, a, b, x, y):\n    return isinstance(y, Own)\n")]);
        on_deep_stack(|| {
            let module = files.module("env").expect("is there");
            let options = comparison(EnvPy { module, modules: &files, options: None }, true);
            (options.types, options.defaults)
        })
    };
    assert_eq!(compared(""), (true, false));
    assert_eq!(compared(", compare_type=False, compare_server_default=True"), (false, true));
    assert_eq!(compared(", compare_type=f, compare_server_default=f"), (true, false));
    assert_eq!(compared(", compare_type=types, compare_server_default=types"), (true, false));
    assert_eq!(compared(", **unknown"), (true, false));
}
