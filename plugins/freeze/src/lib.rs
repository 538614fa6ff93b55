//! When nothing may enter a stage.
//!
//! No evidence is read: the moment and the stage of the question decide. [`Freeze::judge`] does that
//! over plain values; everything else fetches them.
#![forbid(unsafe_code)]

mod settings;
mod window;

use lockgate_plugin::instant::Instant;
use lockgate_plugin::{Description, Failure, Policy, Problem, Report, Rule, context, exceptions};

pub use crate::settings::{Settings, Written};
use crate::window::{Span, When};

/// No window may be closed at the moment of the question.
pub const FROZEN: Rule = Rule {
    code: "frozen",
    title: "The stage is open for changes at this moment",
    remediation: "Wait until the stage opens; the finding says when. If it cannot wait, add an entry \
                  to `except` in the policy's settings, which the report then shows.",
};

/// The policy.
#[derive(Debug)]
pub struct Freeze {
    closed: Vec<Window>,
    open: Vec<Window>,
}

/// A window, for some stages or for all.
#[derive(Debug)]
struct Window {
    when: When,
    /// None: every one.
    stages: Option<Vec<String>>,
    reason: String,
}

impl Policy for Freeze {
    type Settings = Settings;

    const DESCRIPTION: Description = Description {
        name: "freeze",
        version: env!("CARGO_PKG_VERSION"),
        rules: &[FROZEN],
        settings_schema: include_str!("../settings.schema.json"),
        needs: &[],
        uses: &[],
    };

    fn new(settings: Settings) -> Result<Self, Vec<Problem>> {
        settings.policy()
    }

    fn reads(&self) -> Vec<String> {
        Vec::new()
    }

    fn evaluate(&self) -> Result<Report, Failure> {
        let (report, made) = self.judge(&context::stage(), context::at());
        for exception in made {
            exceptions::made(FROZEN, &exception);
        }
        Ok(report)
    }
}

impl Freeze {
    /// What follows for a stage at a moment, and the exceptions that are made.
    fn judge(&self, stage: &str, at: i64) -> (Report, Vec<String>) {
        let mut report = Report::new();
        let for_stage = |window: &&Window| window.is_for(stage);
        let closed: Vec<&Window> = self.closed.iter().filter(for_stage).collect();
        let open: Vec<&Window> = self.open.iter().filter(for_stage).collect();
        if closed.is_empty() {
            let reason = format!("no window is for the stage `{stage}`");
            report.not_applicable(FROZEN, reason);
            return (report, Vec::new());
        }
        report.checked(FROZEN);
        self.elsewhere(stage, at, &mut report);
        let frozen: Vec<(&Window, Span)> = spans(&closed, at);
        if frozen.is_empty() {
            return (report, Vec::new());
        }
        let made: Vec<String> = spans(&open, at)
            .into_iter()
            .map(|(window, span)| {
                let until = Instant::from_unix(span.until);
                format!("`{stage}` is open until {until} in spite of a freeze: {}", window.reason)
            })
            .collect();
        if !made.is_empty() {
            return (report, made);
        }
        let opens = match opens(&closed, &open, at) {
            Some(opens) => format!("opens {}", Instant::from_unix(opens)),
            None => "never opens, by these windows".into(),
        };
        for (window, span) in frozen {
            let since = Instant::from_unix(span.from);
            let message =
                format!("`{stage}` is frozen since {since} and {opens}: {}", window.reason);
            report
                .violation(FROZEN, message)
                .about(window.when.text())
                .expected(format!("a moment in which `{stage}` is open: it {opens}"))
                .found(Instant::from_unix(at).to_string());
        }
        (report, made)
    }

    /// Notes the windows that are closed now, and not for this stage: a stage that is misspelt closes
    /// nothing, and nobody would see it.
    fn elsewhere(&self, stage: &str, at: i64, report: &mut Report) {
        let others: Vec<&Window> =
            self.closed.iter().filter(|window| !window.is_for(stage)).collect();
        for (window, _) in spans(&others, at) {
            let named = window.stages.as_deref().unwrap_or_default().join("`, `");
            let message =
                format!("a freeze is for `{named}`, and not for `{stage}`: {}", window.reason);
            report.note(FROZEN, message).about(window.when.text());
        }
    }
}

impl Window {
    fn is_for(&self, stage: &str) -> bool {
        self.stages.as_ref().is_none_or(|stages| stages.iter().any(|named| named == stage))
    }
}

/// The windows that are there at a moment, each with the span that holds it.
fn spans<'a>(windows: &[&'a Window], at: i64) -> Vec<(&'a Window, Span)> {
    windows.iter().filter_map(|window| Some((*window, window.when.span(at)?))).collect()
}

/// The first moment from `at` on that no window closes, or that an exception opens; none where there is
/// none.
///
/// Each step leaves all windows that are there behind. A fixed window is left once; and where the weekly
/// ones leave a gap, it comes within as many steps as there are of them, or else they close the whole
/// week: then only an exception opens it.
fn opens(closed: &[&Window], open: &[&Window], at: i64) -> Option<i64> {
    let by_exception = |after: i64| {
        let begins = open.iter().filter_map(|window| match window.when {
            When::Fixed { from, until } if until > after => Some(from.max(after)),
            _ => None,
        });
        begins.min()
    };
    let exception = by_exception(at);
    let fixed = closed.iter().filter(|window| matches!(window.when, When::Fixed { .. })).count();
    let weekly = closed.len() - fixed;
    let steps = (fixed + 1).saturating_mul(weekly + 1);
    let mut moment = at;
    for _ in 0..=steps {
        let Some(end) = spans(closed, moment).iter().map(|(_, span)| span.until).max() else {
            return Some(exception.map_or(moment, |exception| exception.min(moment)));
        };
        moment = end;
    }
    exception
}

lockgate_plugin::export!(Freeze);

#[cfg(test)]
mod tests;
