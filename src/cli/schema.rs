//! `onehead schema`: the schema that the migrations build, at the heads or at a revision, of any commit.

use std::rc::Rc;

use anyhow::{Result, bail};
use clap::Args;

use super::question::Asked;
use super::{Context, written};
use crate::ExitStatus;
use crate::git::{Repository, Snapshot};
use crate::migration::Graph;
use crate::project::{History, Moment};
use crate::render::{self, Format, Shown};
use crate::schema::Name;
use crate::source::escape;

#[derive(Args)]
pub struct SchemaArguments {
    /// Look at this commit instead of the work tree
    #[arg(long, value_name = "REV")]
    rev: Option<String>,
    /// The schema as of this revision, by its id or the beginning of it; else after all heads
    #[arg(long, value_name = "REVISION")]
    at: Option<String>,
}

pub fn schema(arguments: &SchemaArguments, context: &mut Context) -> Result<ExitStatus> {
    let repository = Rc::new(Repository::open(&context.dir, &context.io.env)?);
    let tip = match &arguments.rev {
        Some(revision) => Some(repository.resolve(revision)?),
        None => repository.head()?,
    };
    let snapshot: Rc<dyn Snapshot> = match tip {
        Some(commit) if arguments.rev.is_some() || repository.is_bare() => Rc::new(repository.snapshot(commit)?),
        _ => Rc::new(repository.work_tree()?),
    };
    let mut asked = Asked::about(&repository, snapshot.clone(), tip, Moment::Committed)?;
    asked.headers_only();
    let project = asked.load()?;
    let mut found = Vec::new();
    for scope in &project.scopes {
        let graph = &scope.tree.graph;
        let at = match &arguments.at {
            None => None,
            Some(id) => match find(graph, id)? {
                Some(at) => Some(at),
                None => continue,
            },
        };
        let history = History::read(&scope.tree, &scope.environment, &*snapshot, |_| false)?;
        let schema = history.schema(graph, at);
        let foreign = |name: &Name| format!("the table {name}, which these migrations change and do not make");
        let unknown: Vec<String> = schema.foreign_tables().map(foreign).chain(history.unknown(graph, at)).collect();
        found.push((scope, schema, unknown));
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
