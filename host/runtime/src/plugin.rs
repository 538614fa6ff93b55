//! A loaded plugin, and the three questions that it answers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lockgate_evidence::data;
use lockgate_model::{Digest, RuleReport, RuleState, Text};
use wasmtime::{Store, Trap};

use crate::account::{self, Evaluation, Observed};
use crate::bindings::{Policy, PolicyPre};
use crate::budget::{Budget, Capped, Limits, Spent};
use crate::configuration::STACK_BYTES;
use crate::interfaces::ability;
use crate::question::Question;
use crate::state::{Asked, State};
use crate::ticker::Ticker;

/// A component that was compiled and linked. Every call makes a fresh instance of it.
#[derive(Clone)]
pub struct Plugin {
    pre: Arc<PolicyPre<State>>,
    digest: Digest,
    code: Code,
    // The interfaces by their bare names, each as the component spells it.
    imports: Arc<BTreeMap<String, String>>,
    // Kept alive with the plugin, or its deadline would never come.
    _ticker: Arc<Ticker>,
}

/// Where the machine code of a plugin was made. It is the same policy either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// In this process, from the component.
    CompiledHere,
    /// Where this binary was built, from the component beside it.
    Precompiled,
}

/// A thing that a plugin checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its bare code.
    pub code: String,
    /// A few words.
    pub title: Text,
    /// What to do about a finding.
    pub remediation: Text,
}

impl Rule {
    /// Its line in a report, as long as nothing was said of it.
    #[must_use]
    pub fn unaccounted(&self) -> RuleReport {
        RuleReport {
            code: self.code.clone(),
            title: self.title.clone(),
            remediation: self.remediation.clone(),
            state: RuleState::Unaccounted,
            reason: None,
        }
    }
}

/// What a plugin says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// What it calls itself; for display only.
    pub name: Text,
    /// Its own version; for display only.
    pub version: Text,
    /// Its rules, in the order of declaration.
    pub rules: Vec<Rule>,
    /// A JSON Schema for its settings, as it stated it.
    pub settings_schema: String,
    /// Kinds without which it cannot be met.
    pub needs: Vec<String>,
    /// Kinds that it reads where there are any.
    pub uses: Vec<String>,
}

impl Description {
    /// Whether it reads evidence of a kind, whether it needs it or not.
    #[must_use]
    pub fn declares(&self, kind: &str) -> bool {
        self.needs.iter().chain(&self.uses).any(|declared| declared == kind)
    }
}

/// All that a plugin can look at with its settings: kinds of evidence that it declares, and of
/// `contents`, `data` and `history` those that it imports, if its settings ask for them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope(pub(crate) Arc<BTreeSet<String>>);

/// The interfaces that a scope names beside kinds of evidence: what they hand out is no document.
const SCOPED: &[&str] = &["contents", "data", "history"];

impl Scope {
    /// Whether it holds a kind of evidence, or an interface.
    #[must_use]
    pub fn holds(&self, word: &str) -> bool {
        self.0.contains(word)
    }

    /// Its words, sorted.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        self.0.iter().cloned().collect()
    }
}

/// What a plugin is asked with: what its policy file says of it.
#[derive(Debug, Clone, Copy)]
pub struct Brief<'a> {
    /// A JSON object as text, which the plugin said it can use.
    pub settings: &'a str,
    /// What it looks at with them.
    pub scope: &'a Scope,
    /// The files that it is handed.
    pub data: &'a Arc<data::Files>,
    /// What it may spend.
    pub limits: &'a Limits,
}

impl From<&Brief<'_>> for Asked {
    fn from(brief: &Brief<'_>) -> Self {
        Self { question: None, scope: brief.scope.clone(), data: Arc::clone(brief.data) }
    }
}

/// What is wrong with a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsProblem {
    /// A JSON pointer to the setting; empty for the whole.
    pub pointer: Text,
    /// What would be right.
    pub message: Text,
}

/// Why a plugin did not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    /// The budget that it spent, if it was that.
    pub budget: Option<Budget>,
    /// In words that read well after "withheld: ".
    pub reason: Text,
}

impl Plugin {
    pub(crate) fn new(
        pre: Arc<PolicyPre<State>>,
        digest: Digest,
        code: Code,
        imports: BTreeMap<String, String>,
        ticker: Arc<Ticker>,
    ) -> Self {
        Self { pre, digest, code, imports: Arc::new(imports), _ticker: ticker }
    }

    /// The interfaces of `lockgate:policy` that it imports, by their bare names: all that it can see.
    pub fn imports(&self) -> impl Iterator<Item = &str> {
        self.imports.keys().map(String::as_str)
    }

    /// All that it imports, as the component spells it: `lockgate:policy/sbom@0.1.0`.
    pub fn spelt_imports(&self) -> impl Iterator<Item = &str> {
        self.imports.values().map(String::as_str)
    }

    /// What its imports let it do, in words, by the interfaces' names.
    pub fn abilities(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.imports().filter_map(|name| Some((name, ability(name)?)))
    }

    /// SHA-256 of the component.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Where its machine code was made.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// Asks what it is.
    ///
    /// # Errors
    ///
    /// It traps or spends a budget, or its description is not one: no rules, a code twice, a word
    /// that is not in kebab-case.
    pub fn describe(&self, limits: &Limits) -> Result<Description, Withheld> {
        let (mut store, policy) = self.instantiate(limits, Asked::default())?;
        let described = policy
            .lockgate_policy_plugin()
            .call_describe(&mut store)
            .map_err(|error| withheld("describe", &error, limits))?;
        account::description(described)
    }

    /// Asks whether `settings`, a JSON object as text, can be used: what it looks at with them, or
    /// what is wrong with them. The data files are part of the configuration, as the settings are, so
    /// a plugin that imports `data` sees them already; of evidence, contents and history it sees
    /// nothing.
    ///
    /// # Errors
    ///
    /// It traps or spends a budget.
    pub fn validate_settings(
        &self,
        description: &Description,
        settings: &str,
        data: &Arc<data::Files>,
        limits: &Limits,
    ) -> Result<Result<Scope, Vec<SettingsProblem>>, Withheld> {
        let scope = self.scope(description, vec!["data".to_owned()]);
        let asked = Asked { question: None, scope, data: Arc::clone(data) };
        let (mut store, policy) = self.instantiate(limits, asked)?;
        let said = policy
            .lockgate_policy_plugin()
            .call_validate_settings(&mut store, settings)
            .map_err(|error| withheld("validate-settings", &error, limits))?;
        let problems = match said {
            Ok(words) => return Ok(Ok(self.scope(description, words))),
            Err(problems) => problems,
        };
        let problem =
            |problem: crate::bindings::exports::lockgate::policy::plugin::SettingsProblem| {
                SettingsProblem {
                    pointer: Text::stripped(&problem.pointer),
                    message: Text::stripped(&problem.message),
                }
            };
        if problems.len() as u64 > limits.findings {
            let reason = format!("it has {} problems with its settings", problems.len());
            return Err(Withheld {
                budget: Some(Budget::Findings),
                reason: Text::stripped(&reason),
            });
        }
        if problems.is_empty() {
            let reason = "it refuses its settings and does not say why";
            return Err(Withheld { budget: None, reason: Text::stripped(reason) });
        }
        Ok(Err(problems.into_iter().map(problem).collect()))
    }

    /// What it asks for, as far as it declared and imports it: a plugin that names more gets no more.
    fn scope(&self, description: &Description, words: Vec<String>) -> Scope {
        let granted = |word: &String| {
            description.declares(word)
                || (SCOPED.contains(&word.as_str()) && self.imports.contains_key(word))
        };
        Scope(Arc::new(words.into_iter().filter(granted).collect()))
    }

    /// Asks for its opinion. Whatever happens, there is one.
    #[must_use]
    pub fn evaluate(
        &self,
        description: &Description,
        brief: &Brief<'_>,
        question: &Arc<Question>,
    ) -> Evaluation {
        let &Brief { settings, limits, .. } = brief;
        let asked = Asked { question: Some(Arc::clone(question)), ..Asked::from(brief) };
        let instance = self.instantiate(limits, asked);
        let (mut store, policy) = match instance {
            Ok(instance) => instance,
            Err(why) => {
                return Evaluation::withheld(description, why.reason, Observed::default());
            }
        };
        let said = policy.lockgate_policy_plugin().call_evaluate(&mut store, settings);
        let State { reads, log, exceptions, .. } = store.into_data();
        let observed = Observed { read: reads.into(), log, exceptions };
        match said {
            Ok(Ok(outcome)) => account::opinion(description, outcome, limits, observed),
            Ok(Err(why)) => {
                let reason = Text::stripped(&format!("it could not judge: {why}"));
                Evaluation::withheld(description, reason, observed)
            }
            Err(error) => {
                let why = withheld("evaluate", &error, limits);
                Evaluation::withheld(description, why.reason, observed)
            }
        }
    }

    fn instantiate(
        &self,
        limits: &Limits,
        asked: Asked,
    ) -> Result<(Store<State>, Policy), Withheld> {
        let engine = self.pre.engine();
        let mut store = Store::new(engine, State::new(limits, asked));
        store.limiter(|state| state);
        store.set_epoch_deadline(Ticker::ticks(limits.deadline()));
        store.set_hostcall_fuel(usize::try_from(limits.output).unwrap_or(usize::MAX));
        store.set_max_component_handles(usize::try_from(limits.handles).unwrap_or(usize::MAX));
        let start = |store: &mut Store<State>| {
            store.set_fuel(limits.fuel)?;
            self.pre.instantiate(store)
        };
        let policy = start(&mut store).map_err(|error| withheld("start", &error, limits))?;
        Ok((store, policy))
    }
}

/// Puts a name to what went wrong while the plugin was asked for `call`.
fn withheld(call: &str, error: &wasmtime::Error, limits: &Limits) -> Withheld {
    if let Some(budget) = spent(error) {
        let unit = match budget {
            Budget::Memory | Budget::Output | Budget::Log => " bytes",
            Budget::Deadline => " milliseconds",
            _ => "",
        };
        let limit = limits.of(budget);
        let reason = if matches!(budget, Budget::Stack) {
            format!("spent its stack in `{call}`: {STACK_BYTES} bytes, the same for all plugins")
        } else {
            format!("spent its {budget} in `{call}`: {limit}{unit}; `limits.{budget}` raises it")
        };
        return Withheld { budget: Some(budget), reason: Text::stripped(&reason) };
    }
    if let Some(Capped(why)) = error.chain().find_map(|cause| cause.downcast_ref()) {
        let reason = format!("asked in `{call}` for what is not held: {why}");
        return Withheld { budget: None, reason: Text::stripped(&reason) };
    }
    let reason = match error.downcast_ref::<Trap>() {
        Some(Trap::UnreachableCodeReached) => {
            format!("trapped in `{call}`: it panicked or aborted")
        }
        Some(trap) => format!("trapped in `{call}`: {trap}"),
        None => format!("trapped in `{call}`: {}", error.root_cause()),
    };
    Withheld { budget: None, reason: Text::stripped(&reason) }
}

/// Which budget ran out, if that is what happened.
fn spent(error: &wasmtime::Error) -> Option<Budget> {
    if let Some(Spent { budget, .. }) = error.chain().find_map(|cause| cause.downcast_ref()) {
        return Some(*budget);
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::OutOfFuel) => return Some(Budget::Fuel),
        Some(Trap::StackOverflow) => return Some(Budget::Stack),
        Some(Trap::Interrupt) => return Some(Budget::Deadline),
        _ => {}
    }
    // wasmtime keeps the type of this one to itself; the hostile tests notice if its words change,
    // and what is not recognised here is a trap, which withholds all the same.
    let too_much = |cause: &(dyn std::error::Error + 'static)| {
        cause.to_string().contains("fuel allocated for hostcalls has been exhausted")
    };
    error.chain().any(too_much).then_some(Budget::Output)
}
