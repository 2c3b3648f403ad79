//! `onehead rules` and `onehead explain`: the rules' own documentation.

use anyhow::{Context as _, Result, bail};

use super::Context;
use crate::ExitStatus;
use crate::render::{Format, json};
use crate::rules::{self, RULES};

pub fn rules(context: &mut Context) -> Result<ExitStatus> {
    if context.format == Format::Json {
        let rows: Vec<_> = RULES.iter().map(|rule| (rule.name, rule.severity.name(), rule.summary())).collect();
        context.print_json(&json::rules_json(&rows))?;
        return Ok(ExitStatus::Passed);
    }
    let width = RULES.iter().map(|rule| rule.name.len()).max().unwrap_or_default();
    for rule in RULES {
        writeln!(context.io.stdout, "{:width$}  {:7}  {}", rule.name, rule.severity.name(), rule.summary())
            .context("writing the list")?;
    }
    Ok(ExitStatus::Passed)
}

pub fn explain(name: &str, context: &mut Context) -> Result<ExitStatus> {
    let Some(rule) = rules::find(name) else {
        bail!("there is no rule `{name}`; `onehead rules` lists them");
    };
    writeln!(context.io.stdout, "# {} ({})\n\n{}", rule.name, rule.severity.name(), rule.manual())
        .context("writing the manual")?;
    Ok(ExitStatus::Passed)
}
