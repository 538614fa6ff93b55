//! Everything that can be seen of what was decided before.

use lockgate_plugin::Failure;
use lockgate_plugin::history::{decisions, runs};

use crate::Notes;

pub(crate) fn look(notes: &mut Notes) -> Result<(), Failure> {
    for decision in decisions() {
        let decision = decision?;
        notes.seen("decided", (decision.stage(), decision.outcome(), decision.at()));
    }
    notes.seen("production runs", runs("production"));
    Ok(())
}
