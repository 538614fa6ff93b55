//! Says what is wrong with policies before there is an artifact.
//!
//! Everything that a check would find out about the configuration, for all stages: files, plugins,
//! settings. With recorded cases also whether every rule that a plugin declares was seen to pass and
//! seen to find something: a rule that no case covers may say anything.

use std::num::NonZeroUsize;

use lockgate_model::{
    Configuration, LINT_SCHEMA, LintReport, LintedPolicy, LintedRule, LintedSet, Text,
};
use lockgate_runtime::Rule;

use crate::check::{pinned, read};
use crate::config::{Config, PolicySet, Problems, read_sets};
use crate::coverage;
use crate::error::Error;
use crate::load::{Loaded, Ready, load};
use crate::lock;
use crate::relaxation::standing;
use crate::request::{LintRequest, LintedFiles};

/// Says what is wrong with a configuration or with policy sets.
///
/// # Errors
///
/// All that is wrong, at once; and the host's failures.
pub fn lint(request: &LintRequest) -> Result<LintReport, Error> {
    let report = match &request.policies {
        LintedFiles::Config { choice, pin } => {
            let config = read(choice)?;
            let configuration = pinned(&config, *pin)?;
            stages(&config, configuration, request.jobs)?
        }
        LintedFiles::Sets(paths) => {
            let (sets, problems) = read_sets(paths).map_err(Error::Config)?;
            files(&sets, &problems, request.jobs)?
        }
    };
    if let Some(folder) = &request.cases {
        coverage::check(&report, folder)?;
    }
    Ok(report)
}

fn stages(
    config: &Config,
    configuration: Configuration,
    jobs: NonZeroUsize,
) -> Result<LintReport, Error> {
    let mut problems = config.problems.clone();
    if config.stages.is_empty() {
        let help = "`[stage.NAME]` says what it takes to enter a stage";
        problems.push(None, format!("`{}` has no stage", config.name), Some(help.into()));
        return Err(Error::Config(problems));
    }
    let policies: Vec<_> =
        config.stages.iter().flat_map(|stage| stage.policies.iter().cloned()).collect();
    let loaded = load(&policies, problems.clone(), jobs)?;
    lock::hold_policies(config, lock::named(config, &loaded))?;
    let mut linted = policies_of(loaded, problems)?.into_iter();
    let sets = config.stages.iter().map(|stage| LintedSet {
        name: Text::escaped(stage.name.as_str()),
        policies: linted.by_ref().take(stage.policies.len()).collect(),
        relaxations: standing(config, stage),
    });
    Ok(LintReport { schema: LINT_SCHEMA, config: configuration, sets: sets.collect() })
}

fn files(sets: &[PolicySet], problems: &Problems, jobs: NonZeroUsize) -> Result<LintReport, Error> {
    let policies: Vec<_> = sets.iter().flat_map(|set| set.policies.iter().cloned()).collect();
    let loaded = load(&policies, problems.clone(), jobs)?;
    let mut linted = policies_of(loaded, problems.clone())?.into_iter();
    let sets = sets.iter().map(|set| LintedSet {
        name: Text::escaped(set.path.as_str()),
        policies: linted.by_ref().take(set.policies.len()).collect(),
        relaxations: Vec::new(),
    });
    Ok(LintReport { schema: LINT_SCHEMA, config: Configuration::None, sets: sets.collect() })
}

/// A plugin that does not say what it is would withhold, whatever it is asked; so it is a problem
/// already.
fn policies_of(loaded: Vec<Loaded>, mut problems: Problems) -> Result<Vec<LintedPolicy>, Error> {
    let mut policies = Vec::with_capacity(loaded.len());
    for Loaded { policy, digest, ready } in loaded {
        let plugin = policy.plugin.written();
        match ready {
            Ready::Plugin { description, scope, .. } => policies.push(LintedPolicy {
                name: policy.name,
                plugin,
                version: description.version,
                digest,
                effect: policy.effect,
                capabilities: scope.words(),
                needs: description.needs,
                rules: description.rules.into_iter().map(linted).collect(),
            }),
            Ready::Withheld(why) => {
                let message = format!("the plugin `{plugin}` {why}");
                problems.push(Some(policy.plugin_place), message, None);
            }
        }
    }
    if problems.is_empty() { Ok(policies) } else { Err(Error::Config(problems)) }
}

fn linted(rule: Rule) -> LintedRule {
    LintedRule { code: rule.code, title: rule.title }
}
