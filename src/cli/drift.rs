//! `onehead drift`: where models and migrations part, in the index, and what of that is new since a commit.

use std::rc::Rc;

use anyhow::Result;
use clap::Args;

use super::question::{Asked, Subject};
use super::{Context, written};
use crate::ExitStatus;
use crate::git::Repository;
use crate::migration::operation;
use crate::project::{Drift, Moment};
use crate::render::{self, Differences, Format};
use crate::schema::Change;

#[derive(Args)]
pub struct DriftArguments {
    /// What was there before; else HEAD
    #[arg(long, value_name = "REF")]
    base: Option<String>,
    /// Show the differences that were there before, too
    #[arg(long)]
    all: bool,
    /// Look at this commit instead of the index
    #[arg(long, value_name = "REV")]
    rev: Option<String>,
}

/// Refuses when something is new.
pub fn drift(arguments: &DriftArguments, context: &mut Context) -> Result<ExitStatus> {
    let repository = Rc::new(Repository::open(&context.dir, &context.io.env)?);
    let subject = match (&arguments.rev, repository.is_bare()) {
        (None, false) => Subject::Index(Rc::new(repository.index()?)),
        (rev, _) => Subject::named(&repository, rev.as_deref())?,
    };
    let mut asked = Asked::about(&repository, subject, Moment::Committed)?;
    let tip = asked.tip();
    let base = match (&arguments.base, &arguments.rev) {
        (Some(base), _) => Some((base.clone(), repository.resolve(base)?)),
        (None, Some(revision)) => {
            let parents = tip.map(|tip| repository.parents(tip)).transpose()?.unwrap_or_default();
            parents.first().map(|&parent| (format!("{revision}^"), parent))
        }
        (None, None) => tip.map(|tip| ("HEAD".to_owned(), tip)),
    };
    if let Some((name, commit)) = &base {
        asked.parent(name, *commit)?;
    }
    let found = asked.drift(arguments.all)?;
    let shown: Vec<Differences> = found.iter().map(|(name, drift)| differences(name, drift, arguments.all)).collect();
    let any_new = found.iter().any(|(_, drift)| !drift.new.is_empty());
    if context.format == Format::Json {
        context.print_json(&render::drift_json(&shown))?;
    } else {
        let out = &mut context.io.stdout;
        written(render::drift_human(out, &shown, base.as_ref().map(|(name, _)| name.as_str())))?;
    }
    Ok(if any_new { ExitStatus::Refused } else { ExitStatus::Passed })
}

fn differences<'d>(environment: &'d str, drift: &'d Drift, all: bool) -> Differences<'d> {
    let is_new = |change: &Change| drift.new.iter().any(|item| item.change.asks_the_same(change));
    let with_operation = |change: &'d Change| {
        let place = change.origin.and_then(|origin| Some((drift.source(origin.file)?.as_ref(), origin.span)));
        render::Difference { change, operation: operation(change), place }
    };
    Differences {
        environment,
        new: drift.new.iter().map(|item| with_operation(&item.change)).collect(),
        existing: match all {
            true => drift.all.iter().filter(|change| !is_new(change)).map(with_operation).collect(),
            false => Vec::new(),
        },
        unknown: drift
            .models
            .unknown
            .iter()
            .map(|unknown| (unknown.table.as_ref(), &*unknown.source, unknown.span))
            .collect(),
    }
}
