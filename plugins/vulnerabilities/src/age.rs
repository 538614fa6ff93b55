//! How old something is that says itself when it was made.

use lockgate_plugin::duration::Duration;
use lockgate_plugin::instant::Instant;

/// How far clocks may differ, in seconds: as far as the host lets them.
const TOLERANCE: i64 = 300;

/// What is to be no older than so much at a moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Age {
    pub(crate) max: Duration,
    /// When it was made; none where it does not say.
    pub(crate) then: Option<i64>,
    /// The moment.
    pub(crate) at: i64,
}

impl Age {
    /// What is wrong with it, as a predicate.
    pub(crate) fn problem(&self) -> Option<String> {
        let Self { max, then, at } = *self;
        let Some(then) = then else {
            return Some("does not say when it was made".to_owned());
        };
        let shown = Instant::from_unix(then);
        if then > at.saturating_add(TOLERANCE) {
            return Some(format!(
                "says that it was made at {shown}, after the moment that is asked for"
            ));
        }
        max.is_outlived(then, at).then(|| format!("was made at {shown}, and {max} is the oldest"))
    }

    /// What would have been right.
    pub(crate) fn expected(&self) -> String {
        format!("at most {} old at {}", self.max, Instant::from_unix(self.at))
    }

    /// What was there.
    pub(crate) fn found(&self) -> String {
        match self.then {
            Some(then) => Instant::from_unix(then).to_string(),
            None => "no time".to_owned(),
        }
    }
}
