//! What the host keeps while one instance of a plugin runs.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant as Clock;

use lockgate_evidence::data;
use lockgate_model::{Digest, Exception, ReadSet, Text};
use wasmtime::component::ResourceTable;
use wasmtime::{ResourceLimiter, Result};

use crate::budget::{Budget, Limits, MAX_INSTANCES, ROW_WORK, Spent};
use crate::plugin::Scope;
use crate::question::Question;

/// The state of one instance: made for one call, dropped after it.
pub(crate) struct State {
    pub(crate) table: ResourceTable,
    question: Option<Arc<Question>>,
    scope: Scope,
    pub(crate) data: Arc<data::Files>,
    pub(crate) reads: Reads,
    pub(crate) log: Vec<Text>,
    pub(crate) exceptions: Vec<Exception>,
    meter: Meter,
}

/// What one call of a plugin is about. Nothing while it describes itself: it has nothing to look at
/// then.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    pub(crate) question: Option<Arc<Question>>,
    /// What the plugin can look at with its settings.
    pub(crate) scope: Scope,
    /// What its policy file hands to it.
    pub(crate) data: Arc<data::Files>,
}

/// What an evaluation looked at, while it runs.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Reads {
    pub(crate) documents: BTreeSet<Digest>,
    pub(crate) data: BTreeSet<Digest>,
    pub(crate) time: bool,
    pub(crate) history: bool,
    pub(crate) contents: bool,
}

impl From<Reads> for ReadSet {
    fn from(reads: Reads) -> Self {
        let Reads { documents, data, time, history, contents } = reads;
        let (documents, data) = (documents.into_iter().collect(), data.into_iter().collect());
        Self { documents, data, time, history, contents }
    }
}

impl State {
    pub(crate) fn new(limits: &Limits, asked: Asked) -> Self {
        let Asked { question, scope, data } = asked;
        let mut table = ResourceTable::new();
        table.set_max_capacity(usize::try_from(limits.handles).unwrap_or(usize::MAX));
        Self {
            table,
            question,
            scope,
            data,
            reads: Reads::default(),
            log: Vec::new(),
            exceptions: Vec::new(),
            meter: Meter::new(limits),
        }
    }

    /// What is asked, for a host function that was just entered. Every one comes through here or
    /// through [`Self::enter`], so that calls and the deadline are counted everywhere.
    pub(crate) fn question(&mut self) -> Result<Arc<Question>> {
        self.enter()?;
        self.question.clone().ok_or_else(|| wasmtime::Error::msg("asked before `evaluate`"))
    }

    /// Counts a call.
    pub(crate) fn enter(&mut self) -> Result<()> {
        self.meter.call()
    }

    /// Whether the plugin can look at a kind of evidence, or at what an interface hands out.
    pub(crate) fn may_read(&self, word: &str) -> bool {
        self.scope.holds(word)
    }

    /// Charges for `bytes` about to be read or handed over.
    pub(crate) fn charge_bytes(&mut self, bytes: usize) -> Result<()> {
        self.meter.work(bytes as u64)
    }

    /// Charges for `rows` about to be looked at.
    pub(crate) fn charge_rows(&mut self, rows: usize) -> Result<()> {
        self.meter.work((rows as u64).saturating_mul(ROW_WORK))
    }

    /// Counts what the host keeps for the plugin until the evaluation ends, as the plugin's memory: it
    /// is not in the guest's own, and has to be bounded all the same. What was dropped counts on.
    pub(crate) fn hold(&mut self, bytes: usize) -> Result<()> {
        self.meter.memory = self.meter.memory.saturating_add(bytes as u64);
        self.meter.within(Budget::Memory, self.meter.memory)
    }

    /// Notes that a fact was looked at; true the first time.
    pub(crate) fn read(&mut self, fact: Digest) -> bool {
        self.reads.documents.insert(fact)
    }

    /// Notes an exception: as much text as the log may have, and as many as findings.
    pub(crate) fn except(&mut self, code: String, message: &str) -> Result<()> {
        self.meter.log(code.len().saturating_add(message.len()))?;
        self.meter.within(Budget::Findings, self.exceptions.len() as u64 + 1)?;
        self.exceptions.push(Exception { code, message: Text::stripped(message) });
        Ok(())
    }

    /// Adds to the log.
    pub(crate) fn log(&mut self, message: &str) -> Result<()> {
        self.meter.log(message.len())?;
        self.log.push(Text::stripped(message));
        Ok(())
    }

    /// A handle table that is full is a spent budget; anything else is a handle that is not there.
    pub(crate) fn handle_error(
        &self,
        error: &wasmtime::component::ResourceTableError,
    ) -> wasmtime::Error {
        match error {
            wasmtime::component::ResourceTableError::Full => {
                Spent { budget: Budget::Handles, limit: self.meter.limits.handles }.into()
            }
            other => wasmtime::Error::msg(format!("used a handle that it does not hold: {other}")),
        }
    }
}

/// Counts what is spent beside fuel.
struct Meter {
    limits: Limits,
    host_calls: u64,
    host_work: u64,
    log: u64,
    memory: u64,
    table_elements: u64,
    started: Clock,
}

impl Meter {
    fn new(limits: &Limits) -> Self {
        Self {
            limits: limits.clone(),
            host_calls: 0,
            host_work: 0,
            log: 0,
            memory: 0,
            table_elements: 0,
            started: wall_clock(),
        }
    }

    fn call(&mut self) -> Result<()> {
        self.host_calls += 1;
        self.within(Budget::HostCalls, self.host_calls)?;
        // The epoch is not looked at while the host works, so a plugin could hide in long calls.
        if wall_clock().duration_since(self.started) > self.limits.deadline() {
            return Err(self.spent(Budget::Deadline).into());
        }
        Ok(())
    }

    fn work(&mut self, units: u64) -> Result<()> {
        self.host_work = self.host_work.saturating_add(units);
        self.within(Budget::HostWork, self.host_work)
    }

    fn log(&mut self, bytes: usize) -> Result<()> {
        // One more for the line's end, or empty lines would be free.
        self.log = self.log.saturating_add(bytes as u64 + 1);
        self.within(Budget::Log, self.log)
    }

    fn within(&self, budget: Budget, used: u64) -> Result<()> {
        if used > self.limits.of(budget) { Err(self.spent(budget).into()) } else { Ok(()) }
    }

    fn spent(&self, budget: Budget) -> Spent {
        Spent { budget, limit: self.limits.of(budget) }
    }
}

#[expect(clippy::disallowed_methods, reason = "the backstop deadline; it can only withhold")]
fn wall_clock() -> Clock {
    Clock::now()
}

/// Growth beyond a limit traps by name; a failed `memory.grow` would let a plugin go on and blame
/// something else.
impl ResourceLimiter for State {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> Result<bool> {
        self.meter.memory += (desired - current) as u64;
        self.meter.within(Budget::Memory, self.meter.memory)?;
        Ok(true)
    }

    fn table_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> Result<bool> {
        self.meter.table_elements += (desired - current) as u64;
        self.meter.within(Budget::TableElements, self.meter.table_elements)?;
        Ok(true)
    }

    fn instances(&self) -> usize {
        MAX_INSTANCES
    }

    fn tables(&self) -> usize {
        MAX_INSTANCES
    }

    fn memories(&self) -> usize {
        MAX_INSTANCES
    }
}
