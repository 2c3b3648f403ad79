//! `onehead heads`: what `alembic heads` and `alembic branches` tell, of any commit, for every environment.

use std::rc::Rc;

use anyhow::Result;
use clap::Args;

use super::question::{Asked, Subject};
use super::{Context, written};
use crate::ExitStatus;
use crate::git::Repository;
use crate::project::{Moment, Scope};
use crate::render::json::{self, EnvironmentJson};
use crate::render::{self, Format};
use crate::source::escape;

#[derive(Args)]
pub struct HeadsArguments {
    /// Look at this commit instead of the work tree
    #[arg(long, value_name = "REV")]
    rev: Option<String>,
}

pub fn heads(arguments: &HeadsArguments, context: &mut Context) -> Result<ExitStatus> {
    let repository = Rc::new(Repository::open(&context.dir, &context.io.env)?);
    let subject = Subject::named(&repository, arguments.rev.as_deref())?;
    let mut asked = Asked::about(&repository, subject, Moment::Committed)?;
    asked.headers_only();
    let (project, diagnostics) = asked.answer()?;
    if context.format == Format::Json {
        let environments: Vec<_> = project.scopes.iter().map(environment).collect();
        context.print_json(&json::heads_json(&environments, &diagnostics))?;
        return Ok(ExitStatus::Passed);
    }
    let color = render::use_color(context.color, context.io.stdout_is_terminal, &context.io.env);
    let out = &mut context.io.stdout;
    let result = (|| {
        if project.scopes.is_empty() {
            writeln!(out, "no Alembic environment found")?;
        }
        for (number, scope) in project.scopes.iter().enumerate() {
            if number > 0 {
                writeln!(out)?;
            }
            for line in lines(scope) {
                writeln!(out, "{line}")?;
            }
        }
        if !diagnostics.is_empty() {
            writeln!(out)?;
            render::diagnostics_human(out, &diagnostics, color)?;
        }
        Ok::<_, std::io::Error>(())
    })();
    written(result)?;
    Ok(ExitStatus::Passed)
}

/// `migrations: 33 revisions, 1 head`, and a line a head.
fn lines(scope: &Scope) -> Vec<String> {
    let graph = &scope.tree.graph;
    let (n, heads) = (graph.nodes.len(), graph.heads());
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    let name = escape(&scope.environment.name);
    let mut res = vec![format!("{name}: {n} revision{}, {} head{}", plural(n), heads.len(), plural(heads.len()))];
    if scope.tree.n_unplaced() > 0 {
        res[0] += &format!(", {} not to be placed", scope.tree.n_unplaced());
    }
    for at in heads {
        let node = &graph.nodes[at];
        let labels: Vec<&str> = graph.labels(at).into_iter().collect();
        let labels = if labels.is_empty() { String::new() } else { format!(" ({})", labels.join(", ")) };
        let absorbed = if node.all_children.is_empty() { "" } else { " (another head depends on it)" };
        res.push(format!(
            "  {} {}{}{absorbed}",
            escape(&node.id),
            escape(&node.script.header.message),
            escape(&labels)
        ));
        res.push(format!("    {}", node.script.path()));
    }
    res
}

fn environment(scope: &Scope) -> EnvironmentJson {
    let (environment, graph) = (&scope.environment, &scope.tree.graph);
    let ids = |ats: Vec<usize>| ats.into_iter().map(|at| graph.nodes[at].id.clone()).collect::<Vec<_>>();
    EnvironmentJson {
        name: environment.name.clone(),
        config: environment.config.as_ref().map(json::path),
        script_location: environment.script_location.as_ref().map(json::path),
        version_locations: environment.version_locations.iter().map(json::path).collect(),
        revisions: graph.live().count(),
        heads: ids(graph.heads()),
        effective_heads: ids(graph.effective_heads()),
        bases: ids(graph.bases()),
        branch_points: ids(graph.live().filter(|&at| graph.nodes[at].is_branch_point()).collect()),
        merge_points: ids(graph.live().filter(|&at| graph.nodes[at].is_merge_point()).collect()),
        upgrade_order: graph.upgrade_order().map(ids),
    }
}
