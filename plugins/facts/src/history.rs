//! `history`.

use lockgate_plugin::history::{decisions, runs};
use lockgate_plugin::{Failure, context};
use serde_json::Value;

use crate::caps::{Caps, Meter, shown};
use crate::moment;
use crate::shape::{Decision, History};

/// Earlier decisions about the artifact, earliest first, and what the stage runs now.
pub(crate) fn history(caps: &Caps) -> Result<Value, Failure> {
    let mut meter = Meter::new("history", caps);
    let mut history = History { decisions: Vec::new(), runs: runs(&context::stage()) };
    for decision in decisions() {
        let decision = decision?;
        meter.rows(1)?;
        let at_unix = decision.at();
        history.decisions.push(meter.row(&Decision {
            stage: decision.stage(),
            outcome: decision.outcome(),
            at: moment::text(at_unix)?,
            at_unix,
        })?);
    }
    shown(&history)
}
