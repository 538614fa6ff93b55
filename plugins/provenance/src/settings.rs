//! What the policy file may say, and what is wrong with it.

use lockgate_plugin::Problem;
use lockgate_plugin::duration::Duration;
use lockgate_plugin::json::Value;
use lockgate_plugin::pattern::{Pattern, glob_problem};
use serde::Deserialize;

use crate::Provenance;
use crate::complete::Hermetic;
use crate::level::LEVELS;
use crate::location::normalised;
use crate::materials::Materials;
use crate::reader::{At, Reader};
use crate::statement::Statement;

/// The settings as written: any value. `settings.schema.json` says which make a policy.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Settings(Value);

/// A builder's id, or a verifier's, together with those who may state it: the id alone is only a
/// claim.
#[derive(Debug)]
pub struct Builder {
    /// The id.
    pub id: Pattern,
    /// Names from `[trust]`.
    pub signers: Vec<String>,
    /// Up to which SLSA build level a builder is trusted; none: up to no level.
    pub level: Option<u8>,
}

impl Builder {
    /// Whether who signed this may state this id.
    pub(crate) fn may_state(&self, id: &str, statement: &Statement) -> bool {
        self.id.matches(id) && statement.signers.iter().any(|signer| self.signers.contains(signer))
    }
}

impl Settings {
    /// The policy that they ask for, or all that makes a rule vacuous or impossible to meet.
    pub(crate) fn policy(&self) -> Result<Provenance, Vec<Problem>> {
        let mut reader = Reader::default();
        let root = At { pointer: String::new(), value: &self.0 };
        let policy = reader.policy(&root);
        if reader.problems.is_empty() { Ok(policy) } else { Err(reader.problems) }
    }
}

impl Reader {
    fn policy(&mut self, root: &At<'_>) -> Provenance {
        let [
            builders,
            sources,
            refs,
            workflows,
            parameters,
            exact_parameters,
            complete_parameters,
            min_level,
            verifiers,
            hermetic,
            materials,
            max_age,
        ] = self.table(
            root,
            [
                "builders",
                "sources",
                "refs",
                "workflows",
                "parameters",
                "exact-parameters",
                "complete-parameters",
                "min-level",
                "verifiers",
                "hermetic",
                "materials",
                "max-age",
            ],
        );
        let nobody = "name at least one builder: without one, anybody's build would do";
        if builders.is_none() {
            self.problem("/builders", nobody);
        }
        let normal = |source| match source {
            Pattern::Exact(text) => Pattern::Exact(normalised(&text).to_owned()),
            Pattern::Glob(glob) => Pattern::Glob(normalised(&glob).to_owned()),
        };
        let builders = self.stating(builders, Some(nobody), true).unwrap_or_default();
        let sources = self.patterns(sources, source_problem);
        let policy = Provenance {
            builders,
            sources: sources.map(|sources| sources.into_iter().map(normal).collect()),
            refs: self.refs(refs),
            workflows: self.patterns(workflows, Pattern::problem),
            parameters: self.parameters(parameters),
            exact_parameters: self.is_on(exact_parameters),
            complete_parameters: self.is_on(complete_parameters),
            min_level: self.level(min_level),
            verifiers: self.stating(verifiers, None, false),
            hermetic: self.hermetic(hermetic),
            materials: self.materials(materials),
            max_age: self.max_age(max_age),
        };
        self.levels(&policy);
        policy
    }

    /// Ids, and who may state them.
    fn stating(
        &mut self,
        at: Option<At<'_>>,
        nothing: Option<&str>,
        has_level: bool,
    ) -> Option<Vec<Builder>> {
        let mut all = Vec::new();
        for at in self.list(&at?, nothing) {
            let (id, signers, level) = if has_level {
                let [id, signers, level] = self.table(&at, ["id", "signers", "level"]);
                (id, signers, level)
            } else {
                let [id, signers] = self.table(&at, ["id", "signers"]);
                (id, signers, None)
            };
            let id = match id {
                Some(id) => self.pattern(&id, Pattern::problem),
                None => {
                    self.problem(&at.pointer, "it lacks the key `id`");
                    None
                }
            };
            let message = "name at least one signer who may state this id: the id alone is only a \
                           claim";
            let mut names = Vec::new();
            if signers.is_none() {
                self.problem(&format!("{}/signers", at.pointer), message);
            }
            for signer in signers.map(|it| self.list(&it, Some(message))).unwrap_or_default() {
                match signer.value.as_str() {
                    Some(name) if !name.is_empty() => names.push(name.to_owned()),
                    _ => self.problem(&signer.pointer, "a signer's name, as `[trust]` gives it"),
                }
            }
            let level = self.level(level);
            all.extend(id.map(|id| Builder { id, signers: names, level }));
        }
        Some(all)
    }

    fn refs(&mut self, at: Option<At<'_>>) -> Option<Vec<Pattern>> {
        let mut refs = Vec::new();
        for at in self.list(&at?, None) {
            let Some(glob) = self.text(&at) else { continue };
            if let Some(message) = glob_problem(glob) {
                self.problem(&at.pointer, &message);
            }
            refs.push(Pattern::Glob(glob.to_owned()));
        }
        Some(refs)
    }

    fn parameters(&mut self, at: Option<At<'_>>) -> Option<Vec<(String, Value)>> {
        let mut parameters = Vec::new();
        for (pointer, at) in self.pairs(&at?) {
            if !is_pointer(pointer) {
                let message = format!(
                    "`{pointer}` is no JSON pointer (RFC 6901) below the parameters, for example \
                     `/workflow/path`"
                );
                self.problem(&at.pointer, &message);
            }
            parameters.push((pointer.to_owned(), at.value.clone()));
        }
        Some(parameters)
    }

    fn level(&mut self, at: Option<At<'_>>) -> Option<u8> {
        let at = at?;
        let level = match at.value {
            Value::Number(number) => number.parse().ok().filter(|level| LEVELS.contains(level)),
            _ => None,
        };
        if level.is_none() {
            self.problem(&at.pointer, "an SLSA build level: 1, 2 or 3");
        }
        level
    }

    /// What is asked of levels has to be asked, and in reach.
    fn levels(&mut self, policy: &Provenance) {
        let is_used = policy.min_level.is_some() || policy.complete_parameters;
        let mut highest = 0;
        for (index, level) in policy.builders.iter().map(|builder| builder.level).enumerate() {
            if level.is_some() && !is_used {
                let message = "nothing asks for a level: set `min-level` too, for example 3";
                self.problem(&format!("/builders/{index}/level"), message);
            }
            highest = highest.max(level.unwrap_or(0));
        }
        if policy.verifiers.is_some() && policy.min_level.is_none() {
            let message = "a verification summary is evidence of a level: set `min-level` too";
            self.problem("/verifiers", message);
        }
        if let Some(wanted) = policy.min_level
            && wanted > highest
            && policy.verifiers.is_none()
        {
            let message = format!(
                "no builder is trusted up to level {wanted}: set `level` on one, or `verifiers`"
            );
            self.problem("/min-level", &message);
        }
    }

    /// `true`, or `{ parameter, value }`.
    fn hermetic(&mut self, at: Option<At<'_>>) -> Option<Hermetic> {
        let at = at?;
        if *at.value == Value::Bool(true) {
            return Some(Hermetic { parameter: None });
        }
        let form = "`true`, or { parameter = \"/internalParameters/hermetic\", value = true }";
        if !matches!(at.value, Value::Object(_)) {
            self.problem(&at.pointer, form);
            return None;
        }
        let [parameter, value] = self.table(&at, ["parameter", "value"]);
        let (Some(parameter), Some(value)) = (parameter, value) else {
            self.problem(&at.pointer, form);
            return None;
        };
        let pointer = parameter.value.as_str().filter(|pointer| {
            let below = ["/internalParameters/", "/externalParameters/"];
            is_pointer(pointer) && below.iter().any(|start| pointer.starts_with(start))
        });
        let Some(pointer) = pointer else {
            let message = "a JSON pointer (RFC 6901) below `buildDefinition` into \
                           `/internalParameters/` or `/externalParameters/`";
            self.problem(&parameter.pointer, message);
            return None;
        };
        Some(Hermetic { parameter: Some((pointer.to_owned(), value.value.clone())) })
    }

    fn materials(&mut self, at: Option<At<'_>>) -> Option<Materials> {
        let at = at?;
        let [pinned, allow] = self.table(&at, ["pinned", "allow"]);
        if pinned.is_none() && allow.is_none() {
            self.problem(&at.pointer, "set `pinned`, `allow` or both");
        }
        let pinned = self.is_on(pinned);
        Some(Materials { pinned, allow: self.patterns(allow, Pattern::problem) })
    }

    fn max_age(&mut self, at: Option<At<'_>>) -> Option<Duration> {
        let at = at?;
        match self.text(&at)?.parse() {
            Ok(max_age) => Some(max_age),
            Err(why) => {
                self.problem(&at.pointer, &format!("{why}"));
                None
            }
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
