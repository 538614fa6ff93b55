//! `limits`: what a plugin may spend.

use lockgate_runtime::{Budget, Limits};

use super::problem::Problems;
use super::reader::Table;

/// Reads `limits` of a policy; what is not set keeps its default.
pub(super) fn read(problems: &mut Problems, policy: &mut Table) -> Limits {
    let mut limits = Limits::default();
    let Some(mut table) = policy.table(problems, "limits") else { return limits };
    for &budget in Budget::SETTABLE {
        let key = budget.key();
        let amount = match budget {
            Budget::Memory | Budget::Output | Budget::Log => table.size(problems, key),
            Budget::Deadline => table.duration(problems, key),
            _ => table.positive(problems, key),
        };
        if let Some(amount) = amount {
            limits.set(budget, amount);
        }
    }
    table.finish(problems);
    limits
}
