//! `onehead schema`: the schema that the migrations build, at the heads or at a revision, or that the models declare, of any commit.

use std::rc::Rc;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use super::question::{Asked, Subject};
use super::{Context, written};
use crate::ExitStatus;
use crate::config::Settings;
use crate::git::{Repository, Snapshot};
use crate::migration::Graph;
use crate::models::Unknown;
use crate::project::{History, Moment, Scope};
use crate::render::{self, Format, Shown};
use crate::schema::{Name, Schema};
use crate::source::escape;

#[derive(Args)]
pub struct SchemaArguments {
    /// Look at this commit instead of the work tree
    #[arg(long, value_name = "REV")]
    rev: Option<String>,
    /// The schema as of this revision, by its id or the beginning of it; else after all heads
    #[arg(long, value_name = "REVISION", conflicts_with = "from")]
    at: Option<String>,
    /// What to read it from
    #[arg(long, value_enum, default_value_t)]
    from: From,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum From {
    #[default]
    Migrations,
    Models,
}

pub fn schema(arguments: &SchemaArguments, context: &mut Context) -> Result<ExitStatus> {
    let repository = Rc::new(Repository::open(&context.dir, &context.io.env)?);
    let subject = Subject::named(&repository, arguments.rev.as_deref())?;
    let mut asked = Asked::about(&repository, subject, Moment::Committed)?;
    let snapshot = asked.snapshot().clone();
    asked.headers_only();
    let project = asked.load()?;
    let mut found = Vec::new();
    for scope in &project.scopes {
        let read = match arguments.from {
            From::Migrations => from_migrations(scope, &*snapshot, arguments.at.as_deref())?,
            From::Models => from_models(scope, &*snapshot, &project.settings)?,
        };
        found.extend(read.map(|(schema, unknown)| (scope, schema, unknown)));
    }
    if let (Some(id), true) = (&arguments.at, found.is_empty()) {
        bail!("no revision `{}` here", escape(id));
    }
    let shown: Vec<Shown> = found
        .iter()
        .map(|(scope, schema, unknown)| Shown {
            environment: &scope.environment.name,
            schema,
            unknown: unknown.clone(),
        })
        .collect();
    if context.format == Format::Json {
        context.print_json(&render::schema_json(&shown))?;
        return Ok(ExitStatus::Passed);
    }
    let out = &mut context.io.stdout;
    written(match shown.is_empty() {
        true => writeln!(out, "no Alembic environment found"),
        false => render::schema_human(out, &shown),
    })?;
    Ok(ExitStatus::Passed)
}

/// The schema and what is not known of it; `None` when the environment has no such revision.
fn from_migrations(scope: &Scope, snapshot: &dyn Snapshot, at: Option<&str>) -> Result<Option<(Schema, Vec<String>)>> {
    let graph = &scope.tree.graph;
    let at = match at {
        None => None,
        Some(id) => match find(graph, id)? {
            Some(at) => Some(at),
            None => return Ok(None),
        },
    };
    let history = History::read(&scope.tree, &scope.environment, snapshot, |_| false)?;
    let schema = history.schema(graph, at);
    let foreign = |name: &Name| format!("the table {name}, which these migrations change and do not make");
    let unknown = schema.foreign_tables().map(foreign).chain(history.unknown(graph, at)).collect();
    Ok(Some((schema, unknown)))
}

/// The same of the models; `None` when the environment has none.
fn from_models(scope: &Scope, snapshot: &dyn Snapshot, settings: &Settings) -> Result<Option<(Schema, Vec<String>)>> {
    let declared = scope.models(snapshot, settings)?;
    let unknown = |unknown: &Unknown| {
        let line = unknown.source.position(unknown.span.start).line;
        let table = unknown.table.as_ref().map_or("a table".into(), |name| format!("the table {name}"));
        format!("{}:{line}: {table}, which this code may change", unknown.source.path)
    };
    Ok(declared.map(|declared| {
        let lines = declared.unknown.iter().map(unknown).collect();
        (declared.schema, lines)
    }))
}

/// The revision of an id, or of the only id that begins so.
fn find(graph: &Graph, id: &str) -> Result<Option<usize>> {
    if let Some(at) = graph.find(id) {
        return Ok(Some(at));
    }
    let mut found = graph.live().filter(|&at| graph.nodes[at].id.starts_with(id));
    match (found.next(), found.next()) {
        (Some(_), Some(_)) => bail!("several revisions begin with `{}`", escape(id)),
        (only, _) => Ok(only),
    }
}
