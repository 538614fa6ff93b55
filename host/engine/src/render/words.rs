//! Words that several renderings have in common.

use lockgate_model::{
    Check, CheckState, Checks, Configuration, Document, Effect, Finding, Level, Opinion, Outcome,
    PolicyReport, Report, RuleState, Status, Text, TimeSource,
};

/// What the gate says of the artifact, in one sentence.
pub(crate) fn decided(report: &Report) -> String {
    let (subject, stage) = (&report.subject.name, &report.stage);
    match report.outcome {
        Outcome::Allowed => format!("`{subject}` may enter `{stage}`"),
        Outcome::Denied => format!("`{subject}` may not enter `{stage}`"),
        Outcome::Undecided => format!("whether `{subject}` may enter `{stage}` cannot be said"),
        Outcome::Pending => format!("`{subject}` waits for approvals to enter `{stage}`"),
    }
}

/// By which configuration.
pub(crate) fn configured(config: &Configuration) -> String {
    match config {
        Configuration::None => "none, so nobody is trusted".to_owned(),
        Configuration::Unpinned(digest) => format!("{digest}, not pinned"),
        Configuration::Pinned(digest) => format!("{digest}, pinned"),
    }
}

/// The word for an opinion.
pub(crate) const fn opinion(opinion: Opinion) -> &'static str {
    match opinion {
        Opinion::Pass => "pass",
        Opinion::Fail => "fail",
        Opinion::NotApplicable => "not applicable",
        Opinion::Withheld => "withheld",
    }
}

/// The word for a level.
pub(crate) const fn level(level: Level) -> &'static str {
    match level {
        Level::Violation => "violation",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

/// The word for what became of a rule.
pub(crate) const fn rule(state: RuleState) -> &'static str {
    match state {
        RuleState::Checked => "checked",
        RuleState::NotApplicable => "not applicable",
        RuleState::Unaccounted => "unaccounted",
    }
}

/// The word for how far a document came.
pub(crate) const fn status(status: Status) -> &'static str {
    match status {
        Status::Fact => "fact",
        Status::Accepted => "accepted",
        Status::Rejected => "rejected",
        Status::Unrecognised => "unrecognised",
    }
}

/// The word for an effect.
pub(crate) const fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Required => "required",
        Effect::Advisory => "advisory",
    }
}

/// What a finding is about, where its message does not say so.
pub(crate) fn about(finding: &Finding) -> Option<&Text> {
    let named = |about: &&Text| finding.message.as_str().contains(about.as_str());
    finding.about.as_ref().filter(|about| !named(about))
}

/// Whether it shuts the gate: a violation of a policy that has to pass. Those of an advisory one are
/// shown as warnings where a format knows no other way not to turn red.
pub(crate) fn shuts(policy: &PolicyReport, finding: &Finding) -> bool {
    policy.effect == Effect::Required && finding.level == Level::Violation
}

/// Who stands behind a document.
pub(crate) fn vouched(document: &Document) -> String {
    match document.status {
        Status::Fact => format!("signed by {}", document.signers.join(", ")),
        Status::Accepted => "accepted, not verified".to_owned(),
        Status::Rejected => "rejected".to_owned(),
        Status::Unrecognised => "unrecognised".to_owned(),
    }
}

/// How many of something there are.
pub(crate) fn count(number: usize, one: &str, several: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { several })
}

/// Who says when a document was there.
pub(crate) const fn source(source: TimeSource) -> &'static str {
    match source {
        TimeSource::Log => "by a log",
        TimeSource::Timestamp => "by a timestamp authority",
        TimeSource::Document => "claimed",
    }
}

/// The checks in short: what was done, then what could not be. What is not required is in the JSON.
pub(crate) fn checked(checks: &Checks) -> String {
    let Checks { signature, context, subject, identity, log, sct, time, validity, shape } = checks;
    let named = [
        ("signature", signature),
        ("context", context),
        ("subject", subject),
        ("identity", identity),
        ("log", log),
        ("sct", sct),
        ("validity", validity),
    ];
    let told = |name: &str, check: &Check| match (name, &check.detail) {
        ("signature", Some(detail)) => Some(format!("signature {detail}")),
        ("context", Some(detail)) => Some(detail.to_string()),
        // What the signature is over was said, and the certificate has a line of its own.
        ("subject", _) if subject_is_signed(signature, subject) => None,
        ("identity", _) => None,
        ("subject" | "validity", Some(detail)) => Some(format!("{name} {detail}")),
        _ => Some(name.to_owned()),
    };
    let done = named.iter().filter(|(_, check)| check.state == CheckState::Done);
    let mut done: Vec<String> = done.filter_map(|(name, check)| told(name, check)).collect();
    if let (Some(at), Some(source)) = (time.at, time.source) {
        done.push(format!("time {at} ({})", self::source(source)));
    }
    if shape.state == CheckState::Done {
        done.push("shape".to_owned());
    }
    let mut text = format!("checked: {}", done.join(", "));
    let detail = |check: &Check| check.detail.as_ref().map(ToString::to_string).unwrap_or_default();
    for (name, check) in named.iter().filter(|(_, check)| check.state == CheckState::NotPossible) {
        text += &format!("; {name} not possible: {}", detail(check));
    }
    if !shape.absent.is_empty() {
        text += &format!("; absent: {}", shape.absent.join(", "));
    }
    text
}

/// Whether a signature is over the artifact itself, and not over something that names it.
fn subject_is_signed(signature: &Check, subject: &Check) -> bool {
    let over = |check: &Check, what| {
        check.detail.as_ref().is_some_and(|detail| detail.as_str().contains(what))
    };
    over(signature, "over the artifact") && over(subject, "over the artifact")
}

/// The path, with the number of the envelope where a file has several.
pub(crate) fn shown_path(document: &Document) -> String {
    match document.index {
        0 => document.path.to_string(),
        index => format!("{}#{index}", document.path),
    }
}
