//! A loaded plugin, and the three questions that it answers.

use std::collections::BTreeSet;
use std::sync::Arc;

use lockgate_model::{Digest, ReadSet, Text};
use wasmtime::{Store, Trap};

use crate::account::{self, Evaluation};
use crate::bindings::{Policy, PolicyPre};
use crate::budget::{Budget, Capped, Limits, STACK_BYTES, Spent};
use crate::question::Question;
use crate::state::State;
use crate::ticker::Ticker;

/// A component that was compiled and linked. Every call makes a fresh instance of it.
#[derive(Clone)]
pub struct Plugin {
    pre: Arc<PolicyPre<State>>,
    digest: Digest,
    imports: Arc<BTreeSet<String>>,
    // Kept alive with the plugin, or its deadline would never come.
    _ticker: Arc<Ticker>,
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
        imports: BTreeSet<String>,
        ticker: Arc<Ticker>,
    ) -> Self {
        Self { pre, digest, imports: Arc::new(imports), _ticker: ticker }
    }

    /// The interfaces of `lockgate:policy` that it imports, by their bare names: all that it can see.
    #[must_use]
    pub fn imports(&self) -> &BTreeSet<String> {
        &self.imports
    }

    /// SHA-256 of the component.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Asks what it is.
    ///
    /// # Errors
    ///
    /// It traps or spends a budget, or its description is not one: no rules, a code twice, a word
    /// that is not in kebab-case.
    pub fn describe(&self, limits: &Limits) -> Result<Description, Withheld> {
        let (mut store, policy) = self.instantiate(limits, None, Arc::default())?;
        let described = policy
            .lockgate_policy_plugin()
            .call_describe(&mut store)
            .map_err(|error| withheld("describe", &error, limits))?;
        account::description(described)
    }

    /// Asks what is wrong with `settings`, a JSON object as text.
    ///
    /// # Errors
    ///
    /// It traps or spends a budget.
    pub fn validate_settings(
        &self,
        settings: &str,
        limits: &Limits,
    ) -> Result<Vec<SettingsProblem>, Withheld> {
        let (mut store, policy) = self.instantiate(limits, None, Arc::default())?;
        let problems = policy
            .lockgate_policy_plugin()
            .call_validate_settings(&mut store, settings)
            .map_err(|error| withheld("validate-settings", &error, limits))?;
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
        Ok(problems.into_iter().map(problem).collect())
    }

    /// Asks for its opinion. Whatever happens, there is one.
    #[must_use]
    pub fn evaluate(
        &self,
        description: &Description,
        settings: &str,
        question: &Arc<Question>,
        limits: &Limits,
    ) -> Evaluation {
        let declared: BTreeSet<String> =
            description.needs.iter().chain(&description.uses).cloned().collect();
        let instance = self.instantiate(limits, Some(Arc::clone(question)), Arc::new(declared));
        let (mut store, policy) = match instance {
            Ok(instance) => instance,
            Err(why) => {
                let read = ReadSet::default();
                return Evaluation::withheld(description, why.reason, read, Vec::new());
            }
        };
        let said = policy.lockgate_policy_plugin().call_evaluate(&mut store, settings);
        let State { reads, log, .. } = store.into_data();
        let read = reads.into();
        match said {
            Ok(Ok(outcome)) => account::opinion(description, outcome, read, limits, log),
            Ok(Err(why)) => {
                let reason = Text::stripped(&format!("it could not judge: {why}"));
                Evaluation::withheld(description, reason, read, log)
            }
            Err(error) => {
                let why = withheld("evaluate", &error, limits);
                Evaluation::withheld(description, why.reason, read, log)
            }
        }
    }

    fn instantiate(
        &self,
        limits: &Limits,
        question: Option<Arc<Question>>,
        declared: Arc<BTreeSet<String>>,
    ) -> Result<(Store<State>, Policy), Withheld> {
        let engine = self.pre.engine();
        let mut store = Store::new(engine, State::new(limits, question, declared));
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
