//! What a plugin may spend.
//!
//! Every budget but the deadline is counted and therefore the same in every run; the deadline is
//! the backstop for what counting missed.

use std::fmt;
use std::time::Duration;

use crate::configuration::STACK_BYTES;

/// Something that a plugin can run out of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Budget {
    /// WebAssembly instructions, as wasmtime weighs them.
    Fuel,
    /// Work that the host does for the plugin: one unit a byte that is read or handed over,
    /// [`ROW_WORK`] units a row that is looked at.
    HostWork,
    /// Bytes of linear memory, all memories together, and of what the host keeps of questions.
    Memory,
    /// Elements of tables, all tables together.
    TableElements,
    /// Bytes of stack. The same for every plugin: it is a property of the engine.
    Stack,
    /// Calls into the host.
    HostCalls,
    /// Handles held at the same time.
    Handles,
    /// Findings in one opinion.
    Findings,
    /// Bytes that the plugin hands over in one call or one opinion.
    Output,
    /// Bytes of log.
    Log,
    /// Milliseconds on the wall.
    Deadline,
}

/// A row that is looked at costs what eight bytes cost: a comparison of two short strings.
pub(crate) const ROW_WORK: u64 = 8;

/// Components and their adapters make a few core instances, memories and tables each; a hundred
/// is more than any toolchain was seen to need.
pub(crate) const MAX_INSTANCES: usize = 100;

impl Budget {
    /// Those that a policy file sets, in the order in which messages list them.
    pub const SETTABLE: &[Self] = &[
        Self::Fuel,
        Self::HostWork,
        Self::Memory,
        Self::TableElements,
        Self::HostCalls,
        Self::Handles,
        Self::Findings,
        Self::Output,
        Self::Log,
        Self::Deadline,
    ];

    /// Its name: in messages, and as a key under `limits` in a policy file.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Fuel => "fuel",
            Self::HostWork => "host-work",
            Self::Memory => "memory",
            Self::TableElements => "table-elements",
            Self::Stack => "stack",
            Self::HostCalls => "host-calls",
            Self::Handles => "handles",
            Self::Findings => "findings",
            Self::Output => "output",
            Self::Log => "log",
            Self::Deadline => "deadline",
        }
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// How much of each [`Budget`] one call of a plugin may spend. The defaults are those that a
/// legitimate plugin never meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// A billion: one to two seconds of a busy loop. A policy over a 2 MB document was seen to
    /// spend a few millions.
    pub fuel: u64,
    /// Four billion units: some seconds of work; indexing the largest document that is read by
    /// default takes 67 millions of them.
    pub host_work: u64,
    /// 64 MiB: a plugin that reads rows by the page holds one or two.
    pub memory: u64,
    /// 10,000: Rust guests have some hundred.
    pub table_elements: u64,
    /// A million calls take a tenth of a second.
    pub host_calls: u64,
    /// 10,000: forty full pages of handles.
    pub handles: u64,
    /// 10,000: more than a person reads.
    pub findings: u64,
    /// 4 MiB: the findings above, at some 400 bytes each.
    pub output: u64,
    /// 64 KiB: a screen's worth, some thousand lines.
    pub log: u64,
    /// Thirty seconds in milliseconds: fuel decides, so this is many times what the fuel above
    /// takes, even on a slow machine with much else to do.
    pub deadline: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            fuel: 1_000_000_000,
            host_work: 4_000_000_000,
            memory: 64 << 20,
            table_elements: 10_000,
            host_calls: 1_000_000,
            handles: 10_000,
            findings: 10_000,
            output: 4 << 20,
            log: 64 << 10,
            deadline: 30_000,
        }
    }
}

impl Limits {
    /// How much of `budget` may be spent.
    #[must_use]
    pub const fn of(&self, budget: Budget) -> u64 {
        match budget {
            Budget::Fuel => self.fuel,
            Budget::HostWork => self.host_work,
            Budget::Memory => self.memory,
            Budget::TableElements => self.table_elements,
            Budget::Stack => STACK_BYTES as u64,
            Budget::HostCalls => self.host_calls,
            Budget::Handles => self.handles,
            Budget::Findings => self.findings,
            Budget::Output => self.output,
            Budget::Log => self.log,
            Budget::Deadline => self.deadline,
        }
    }

    /// Sets how much of `budget` may be spent. The stack is not set: see [`Budget::Stack`].
    pub const fn set(&mut self, budget: Budget, amount: u64) {
        match budget {
            Budget::Fuel => self.fuel = amount,
            Budget::HostWork => self.host_work = amount,
            Budget::Memory => self.memory = amount,
            Budget::TableElements => self.table_elements = amount,
            Budget::Stack => {}
            Budget::HostCalls => self.host_calls = amount,
            Budget::Handles => self.handles = amount,
            Budget::Findings => self.findings = amount,
            Budget::Output => self.output = amount,
            Budget::Log => self.log = amount,
            Budget::Deadline => self.deadline = amount,
        }
    }

    pub(crate) const fn deadline(&self) -> Duration {
        Duration::from_millis(self.deadline)
    }
}

/// Something that a cap of the host kept out, and that the plugin asked for. Travels as the one below.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Capped(pub(crate) String);

/// A budget that ran out. Travels through wasmtime as the cause of a trap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("spent its {budget}, {limit} at the most")]
pub(crate) struct Spent {
    pub(crate) budget: Budget,
    pub(crate) limit: u64,
}
