//! What the policy file may say, and what is wrong with it.

use std::collections::BTreeMap;

use lockgate_plugin::duration::Duration;
use lockgate_plugin::json::Value;
use lockgate_plugin::pattern::{Pattern, glob_problem};
use lockgate_plugin::{Problem, escaped};
use serde::Deserialize;

use crate::Provenance;
use crate::complete::Hermetic;
use crate::level::LEVELS;
use crate::location::normalised;
use crate::materials::Materials;
use crate::statement::Statement;

/// The settings as written. `settings.schema.json` says the same to people and editors.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Who may have built it.
    pub builders: Vec<Builder>,
    /// From where.
    pub sources: Option<Vec<Pattern>>,
    /// At which refs; globs.
    pub refs: Option<Vec<String>>,
    /// By which workflows.
    pub workflows: Option<Vec<Pattern>>,
    /// With which external parameters, by JSON pointer.
    pub parameters: Option<BTreeMap<String, Value>>,
    /// With no other external parameters.
    pub exact_parameters: Option<bool>,
    /// With all external parameters stated.
    pub complete_parameters: Option<bool>,
    /// At which SLSA build level or a higher one.
    pub min_level: Option<u8>,
    /// Whose verification summaries are evidence of a level.
    pub verifiers: Option<Vec<Builder>>,
    /// Without inputs that are not stated: `true`, or the parameter that says so.
    pub hermetic: Option<Value>,
    /// From which materials.
    pub materials: Option<MaterialSettings>,
    /// How long ago at the most.
    pub max_age: Option<Duration>,
}

/// A builder's id, or a verifier's, together with those who may state it: the id alone is only a
/// claim.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Builder {
    /// The id.
    pub id: Pattern,
    /// Names from `[trust]`.
    pub signers: Vec<String>,
    /// Up to which SLSA build level a builder is trusted; none: up to no level.
    pub level: Option<u8>,
}

/// What is asked of materials.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaterialSettings {
    /// Each is named by a strong digest.
    pub pinned: Option<bool>,
    /// Each has one of these URIs.
    pub allow: Option<Vec<Pattern>>,
}

/// What is wrong with a list or a table that names nothing.
const NOTHING: &str = "name at least one, or leave the key out";

impl Builder {
    /// Whether who signed this may state this id.
    pub(crate) fn may_state(&self, id: &str, statement: &Statement) -> bool {
        self.id.matches(id) && statement.signers.iter().any(|signer| self.signers.contains(signer))
    }
}

impl Settings {
    /// The policy that they ask for.
    pub(crate) fn policy(self) -> Result<Provenance, Vec<Problem>> {
        let mut problems = self.problems();
        let hermetic = self.hermetic.as_ref().map(|written| hermetic(written, &mut problems));
        if !problems.is_empty() {
            return Err(problems);
        }
        let normal = |source| match source {
            Pattern::Exact(text) => Pattern::Exact(normalised(&text).to_owned()),
            Pattern::Glob(glob) => Pattern::Glob(normalised(&glob).to_owned()),
        };
        Ok(Provenance {
            builders: self.builders,
            sources: self.sources.map(|sources| sources.into_iter().map(normal).collect()),
            refs: self.refs.map(|refs| refs.into_iter().map(Pattern::Glob).collect()),
            workflows: self.workflows,
            parameters: self.parameters,
            exact_parameters: self.exact_parameters.is_some(),
            complete_parameters: self.complete_parameters.is_some(),
            min_level: self.min_level,
            verifiers: self.verifiers,
            hermetic: hermetic.flatten(),
            materials: self.materials.map(|written| Materials {
                pinned: written.pinned.is_some(),
                allow: written.allow,
            }),
            max_age: self.max_age,
        })
    }

    /// All that makes a rule vacuous or impossible to meet.
    fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let all = &mut problems;
        stating("/builders", &self.builders, all);
        patterns("/sources", self.sources.as_deref(), source_problem, all);
        if let Some(refs) = &self.refs {
            nothing("/refs", refs.len(), all);
            for (index, glob) in refs.iter().enumerate() {
                if let Some(message) = glob_problem(glob) {
                    all.push(Problem::new(format!("/refs/{index}"), message));
                }
            }
        }
        patterns("/workflows", self.workflows.as_deref(), Pattern::problem, all);
        if let Some(parameters) = &self.parameters {
            nothing("/parameters", parameters.len(), all);
            for pointer in parameters.keys().filter(|pointer| !is_pointer(pointer)) {
                let message = format!(
                    "`{pointer}` is no JSON pointer (RFC 6901) below the parameters, for example \
                     `/workflow/path`"
                );
                all.push(Problem::new(format!("/parameters/{}", escaped(pointer)), message));
            }
        }
        only_true("/exact-parameters", self.exact_parameters, all);
        only_true("/complete-parameters", self.complete_parameters, all);
        self.level_problems(all);
        if let Some(MaterialSettings { pinned, allow }) = &self.materials {
            if pinned.is_none() && allow.is_none() {
                all.push(Problem::new("/materials", "set `pinned`, `allow` or both"));
            }
            only_true("/materials/pinned", *pinned, all);
            patterns("/materials/allow", allow.as_deref(), Pattern::problem, all);
        }
        problems
    }

    fn level_problems(&self, problems: &mut Vec<Problem>) {
        let is_used = self.min_level.is_some() || self.complete_parameters.is_some();
        for (index, level) in self.builders.iter().map(|builder| builder.level).enumerate() {
            let pointer = format!("/builders/{index}/level");
            level_problem(&pointer, level, problems);
            if level.is_some() && !is_used {
                let message = "nothing asks for a level: set `min-level` too, for example 3";
                problems.push(Problem::new(pointer, message));
            }
        }
        if let Some(verifiers) = &self.verifiers {
            stating("/verifiers", verifiers, problems);
            if self.min_level.is_none() {
                let message = "a verification summary is evidence of a level: set `min-level` too";
                problems.push(Problem::new("/verifiers", message));
            }
            for (index, _) in verifiers.iter().enumerate().filter(|(_, it)| it.level.is_some()) {
                let message = "a verifier has no level: its summaries state one each";
                problems.push(Problem::new(format!("/verifiers/{index}/level"), message));
            }
        }
        level_problem("/min-level", self.min_level, problems);
        let highest = self.builders.iter().filter_map(|builder| builder.level).max().unwrap_or(0);
        if let Some(wanted) = self.min_level.filter(|level| LEVELS.contains(level))
            && wanted > highest
            && self.verifiers.is_none()
        {
            let message = format!(
                "no builder is trusted up to level {wanted}: set `level` on one, or `verifiers`"
            );
            problems.push(Problem::new("/min-level", message));
        }
    }
}

/// Ids, and who may state them.
fn stating(list: &str, stating: &[Builder], problems: &mut Vec<Problem>) {
    if stating.is_empty() {
        let message = match list {
            "/builders" => "name at least one builder: without one, anybody's build would do",
            _ => NOTHING,
        };
        problems.push(Problem::new(list, message));
    }
    for (index, Builder { id, signers, .. }) in stating.iter().enumerate() {
        let pointer = format!("{list}/{index}");
        if let Some(message) = id.problem() {
            problems.push(Problem::new(format!("{pointer}/id"), message));
        }
        if signers.is_empty() {
            let message = "name at least one signer who may state this id: the id alone is only a \
                           claim";
            problems.push(Problem::new(format!("{pointer}/signers"), message));
        }
        for (number, _) in signers.iter().enumerate().filter(|(_, signer)| signer.is_empty()) {
            let message = "a signer's name, as `[trust]` gives it";
            problems.push(Problem::new(format!("{pointer}/signers/{number}"), message));
        }
    }
}

fn patterns(
    list: &str,
    patterns: Option<&[Pattern]>,
    problem: fn(&Pattern) -> Option<String>,
    problems: &mut Vec<Problem>,
) {
    let Some(patterns) = patterns else { return };
    nothing(list, patterns.len(), problems);
    for (index, pattern) in patterns.iter().enumerate() {
        if let Some(message) = problem(pattern) {
            problems.push(Problem::new(format!("{list}/{index}"), message));
        }
    }
}

fn nothing(pointer: &str, length: usize, problems: &mut Vec<Problem>) {
    if length == 0 {
        problems.push(Problem::new(pointer, NOTHING));
    }
}

fn only_true(pointer: &str, value: Option<bool>, problems: &mut Vec<Problem>) {
    if value == Some(false) {
        problems.push(Problem::new(pointer, "`true`, or leave the key out"));
    }
}

fn level_problem(pointer: &str, level: Option<u8>, problems: &mut Vec<Problem>) {
    if level.is_some_and(|level| !LEVELS.contains(&level)) {
        problems.push(Problem::new(pointer, "an SLSA build level: 1, 2 or 3"));
    }
}

/// `true`, or `{ parameter, value }`.
fn hermetic(written: &Value, problems: &mut Vec<Problem>) -> Option<Hermetic> {
    let form = "`true`, or { parameter = \"/internalParameters/hermetic\", value = true }";
    let members = match written {
        Value::Bool(true) => return Some(Hermetic { parameter: None }),
        Value::Object(members) => members,
        _ => {
            problems.push(Problem::new("/hermetic", form));
            return None;
        }
    };
    for (other, _) in members.iter().filter(|(key, _)| key != "parameter" && key != "value") {
        let pointer = format!("/hermetic/{}", escaped(other));
        problems.push(Problem::new(pointer, format!("unknown key; {form}")));
    }
    let (Some(parameter), Some(value)) = (written.get("parameter"), written.get("value")) else {
        problems.push(Problem::new("/hermetic", form));
        return None;
    };
    let below = ["/internalParameters/", "/externalParameters/"];
    match parameter {
        Value::String(pointer)
            if is_pointer(pointer) && below.iter().any(|start| pointer.starts_with(start)) =>
        {
            Some(Hermetic { parameter: Some((pointer.clone(), value.clone())) })
        }
        _ => {
            let message = "a JSON pointer (RFC 6901) below `buildDefinition` into \
                           `/internalParameters/` or `/externalParameters/`";
            problems.push(Problem::new("/hermetic/parameter", message));
            None
        }
    }
}

/// A source is a repository's whole URL, and nothing else.
fn source_problem(source: &Pattern) -> Option<String> {
    if let Some(problem) = source.problem() {
        return Some(problem);
    }
    let text = source.text();
    if text.contains('@') {
        return Some(
            "a repository without user or ref: what follows an `@` goes into `refs`".into(),
        );
    }
    let form = "a repository's whole URL, for example `https://github.com/acme/orders`";
    (!text.contains("://")).then(|| form.to_owned())
}

/// Whether this is a JSON pointer to something below the root.
fn is_pointer(text: &str) -> bool {
    let mut escapes = text.split('~').skip(1);
    text.starts_with('/') && escapes.all(|after| after.starts_with(['0', '1']))
}

#[cfg(test)]
mod tests;
