//! What a stage expects and does not find, in words that say why.

use lockgate_evidence::Facts;
use lockgate_model::{Document, Status, Text};

use crate::config::{Expectation, StageConfig};

/// What the stage expects and does not find, each with what stood in its place.
pub(crate) fn missing(stage: &StageConfig, facts: &Facts, documents: &[Document]) -> Vec<Text> {
    stage
        .expects
        .iter()
        .filter_map(|expected| {
            let found = match &expected.signer {
                Some(signer) => facts.count_by(expected.kind, signer),
                None => facts.count(expected.kind),
            };
            if found >= expected.count {
                return None;
            }
            let by =
                expected.signer.as_ref().map(|name| format!(" by `{name}`")).unwrap_or_default();
            let what = if expected.count == 1 {
                format!("`{}` expects `{}`{by}, and there is none", stage.name, expected.kind)
            } else {
                let (count, kind) = (expected.count, expected.kind);
                let found = if found == 1 { "is 1".into() } else { format!("are {found}") };
                format!("`{}` expects {count} `{kind}`{by}, and there {found}", stage.name)
            };
            Some(Text::stripped(&(what + &instead(expected, found, documents))))
        })
        .collect()
}

/// The documents that might have been meant, and why each does not count.
fn instead(expected: &Expectation, counted: usize, documents: &[Document]) -> String {
    let (claiming, others): (Vec<&Document>, Vec<&Document>) =
        documents.iter().partition(|document| document.kind == Some(expected.kind));
    let there = claiming
        .iter()
        .filter(|document| matches!(document.status, Status::Fact | Status::Accepted));
    // A fact with a reason is one that the stage sets aside.
    let (aside, there): (Vec<&Document>, Vec<&Document>) =
        there.partition(|document| document.reason.is_some());
    let (counting, rest): (Vec<&Document>, Vec<&Document>) =
        there.into_iter().partition(|document| {
            expected.signer.as_ref().is_none_or(|signer| document.signers.contains(signer))
        });
    let copies = if counting.len() > counted { "; copies of one statement count once" } else { "" };
    let by = |document: &&Document| match document.status {
        Status::Accepted => {
            format!("; `{}` is only accepted, so nobody vouches for it", document.path)
        }
        _ => format!("; `{}` is signed by `{}`", document.path, document.signers.join("`, `")),
    };
    let more = match rest.len().saturating_sub(MAX_TOLD) {
        0 => String::new(),
        more => format!("; and {more} more are signed by others"),
    };
    let told = rest.iter().take(MAX_TOLD).map(by).collect::<String>() + &more;
    let aside = told_of(&aside, "set aside");
    let told = copies.to_owned() + &aside + &told + &rejected(&claiming);
    if !told.is_empty() || !counting.is_empty() {
        return told;
    }
    // One that is too broken to say what it is may be the one that is missing.
    let unknown: Vec<_> = others.into_iter().filter(|document| document.kind.is_none()).collect();
    let told = rejected(&unknown);
    if !told.is_empty() {
        return told;
    }
    match (documents.len(), unknown.len()) {
        (0, _) => "; no document was found at all".into(),
        (_, 0) => "; no document claims to be one".into(),
        (_, count @ 1..=MAX_TOLD) => {
            let told = unknown.iter().take(count).filter_map(|document| {
                Some(format!(
                    "; `{}` is unrecognised: {}",
                    document.path,
                    document.reason.as_ref()?
                ))
            });
            format!("; no document claims to be one{}", told.collect::<String>())
        }
        (_, count) => format!("; no document claims to be one, and {count} are unrecognised"),
    }
}

/// How many documents a reason lists. A release has a handful; a folder of other things would bury
/// the reason. All of them are among the documents of the report.
const MAX_TOLD: usize = 8;

fn rejected(documents: &[&Document]) -> String {
    let rejected: Vec<_> =
        documents.iter().copied().filter(|document| document.status == Status::Rejected).collect();
    told_of(&rejected, "rejected")
}

/// The first of some documents that do not count, each with its reason.
fn told_of(documents: &[&Document], what: &str) -> String {
    let told = documents.iter().take(MAX_TOLD).filter_map(|document| {
        let reason = document.reason.as_ref()?.as_str();
        let reason = reason.strip_prefix("is set aside: ").unwrap_or(reason);
        Some(format!("; `{}` is {what}: {reason}", document.path))
    });
    let told: String = told.collect();
    match documents.len().saturating_sub(MAX_TOLD) {
        0 => told,
        rest => format!("{told}; and {rest} more are {what}"),
    }
}
