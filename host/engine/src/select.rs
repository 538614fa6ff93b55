//! Which documents of a kind count, where there are several.
//!
//! Pure. What is set aside here no policy sees, so none of them can choose otherwise: too old a
//! document (`max-age`), all but the latest (`select = "latest"`). Where the latest cannot be told,
//! there is no choice, and the gate is undecided.

use std::collections::{BTreeMap, BTreeSet};

use lockgate_evidence::{Candidate, Facts, Place, Signer, TimeCheck};
use lockgate_model::{Document, Instant, Kind, Text};

use crate::config::{Expectation, Select};

/// What is left of the facts.
pub(crate) struct Selected {
    /// What policies see.
    pub(crate) facts: Facts,
    /// What became of every document; those that were set aside have a reason.
    pub(crate) documents: Vec<Document>,
    /// Where no choice could be made, and why.
    pub(crate) undecided: Vec<Text>,
}

/// Applies what a stage says about documents.
pub(crate) fn select(expects: &[Expectation], facts: &Facts, at: Instant) -> Selected {
    let mut aside: BTreeMap<Place, String> = BTreeMap::new();
    let mut undecided = Vec::new();
    for expected in expects {
        let mut chosen: Vec<Candidate> = facts
            .candidates()
            .filter(|candidate| expected.is_about(candidate.kind, candidate.signers))
            .collect();
        if let Some(max_age) = expected.max_age {
            chosen.retain(|candidate| match too_old(candidate, max_age, at) {
                None => true,
                Some(why) => {
                    aside.insert(candidate.place(), why);
                    false
                }
            });
        }
        if expected.select == Select::Latest {
            match latest(&chosen) {
                Ok(latest) => {
                    let taken = latest.iter().map(|latest| latest.place()).collect::<Vec<_>>();
                    let rest = chosen.iter().filter(|one| !taken.contains(&one.place()));
                    for candidate in rest {
                        let by = latest.map(|latest| latest.path.to_string()).unwrap_or_default();
                        let why = format!("`{by}` is later, and the stage takes the latest");
                        aside.insert(candidate.place(), why);
                    }
                }
                Err(why) => {
                    let kind = expected.kind;
                    let why = format!("the latest `{kind}` cannot be told: {why}");
                    undecided.push(Text::stripped(&why));
                }
            }
        }
    }
    let mut documents = facts.documents().to_vec();
    for document in &mut documents {
        let Some(digest) = document.digest else { continue };
        let place = Place { path: document.path.clone(), index: document.index, digest };
        if let Some(why) = aside.get(&place) {
            document.reason = Some(Text::stripped(&format!("is set aside: {why}")));
        }
    }
    let facts = facts.without(&aside.into_keys().collect());
    undecided.sort();
    undecided.dedup();
    Selected { facts, documents, undecided }
}

/// Every way to leave one document of each kind that a policy reads and of which the stage takes any;
/// one way if there is no such kind. None where there are more than are tried.
pub(crate) fn ways(
    expects: &[Expectation],
    facts: &Facts,
    reads: impl Fn(Kind) -> bool,
) -> Option<Vec<BTreeSet<Place>>> {
    let mut ways = vec![BTreeSet::new()];
    let any = expects.iter().filter(|expected| expected.select == Select::Any);
    for expected in any.filter(|expected| reads(expected.kind)) {
        let places: Vec<Place> = facts
            .candidates()
            .filter(|candidate| expected.is_about(candidate.kind, candidate.signers))
            .map(|candidate| candidate.place())
            .collect();
        if places.len().saturating_mul(ways.len()) > MAX_WAYS {
            return None;
        }
        if places.is_empty() {
            continue;
        }
        let left_alone = |taken: &Place| {
            places.iter().filter(|place| *place != taken).cloned().collect::<BTreeSet<_>>()
        };
        ways = ways
            .iter()
            .flat_map(|way| {
                places.iter().map(|taken| way.union(&left_alone(taken)).cloned().collect())
            })
            .collect();
    }
    Some(ways)
}

/// The most ways in which a policy is asked. A release has a few documents of a kind.
pub(crate) const MAX_WAYS: usize = 64;

impl Expectation {
    /// Whether it is about a fact of that kind with those signers.
    fn is_about(&self, kind: Kind, signers: &[Signer]) -> bool {
        let by = |name: &String| signers.iter().any(|signer| signer.name() == name);
        self.kind == kind && self.signer.as_ref().is_none_or(by)
    }
}

fn too_old(candidate: &Candidate, max_age: u64, at: Instant) -> Option<String> {
    let Some(then) = candidate.checks.time.at() else {
        return Some("it states no time, and `max-age` asks how old it is".to_owned());
    };
    let age = u64::try_from(at.unix().saturating_sub(then.unix())).unwrap_or(0);
    (age > max_age).then(|| {
        format!("it is of {then}, {} before {at}, and `max-age` is {}", span(age), span(max_age))
    })
}

/// A span of time in the largest unit that does not hide what is left over.
fn span(seconds: u64) -> String {
    let units = [(86_400, "d"), (3_600, "h"), (60, "m")];
    let unit = units.iter().find(|(unit, _)| seconds >= *unit && seconds.is_multiple_of(*unit));
    match unit {
        Some((unit, name)) => format!("{}{name}", seconds / unit),
        None => format!("{seconds}s"),
    }
}

/// The latest of several; none of none. The error says why it cannot be told.
fn latest<'c, 'a>(candidates: &'c [Candidate<'a>]) -> Result<Option<&'c Candidate<'a>>, String> {
    let [first, rest @ ..] = candidates else { return Ok(None) };
    if rest.is_empty() {
        return Ok(Some(first));
    }
    let trusted = |candidate: &Candidate| matches!(candidate.checks.time, TimeCheck::Trusted(..));
    let claimed = |candidate: &Candidate| matches!(candidate.checks.time, TimeCheck::Claimed(_));
    let same_signers = || {
        let keys = |candidate: &Candidate<'a>| -> BTreeSet<&'a str> {
            candidate.signers.iter().map(Signer::key).collect()
        };
        let keys_of_first = keys(first);
        !keys_of_first.is_empty() && rest.iter().all(|other| keys(other) == keys_of_first)
    };
    if let Some(timeless) = candidates.iter().find(|one| one.checks.time == TimeCheck::Absent) {
        return Err(format!("`{}` states no time", timeless.path));
    }
    let comparable =
        candidates.iter().all(trusted) || (candidates.iter().all(claimed) && same_signers());
    if !comparable {
        let claims = candidates.iter().find(|one| claimed(one)).unwrap_or(first);
        return Err(format!(
            "the time of `{}` is only claimed, and claims order documents of one signer only",
            claims.path
        ));
    }
    let time = |candidate: &&Candidate| candidate.checks.time.at();
    let latest = candidates.iter().max_by_key(time).unwrap_or(first);
    let tied: Vec<_> = candidates
        .iter()
        .filter(|one| time(one) == time(&latest))
        .map(|one| format!("`{}`", one.path))
        .collect();
    if tied.len() > 1 {
        return Err(format!("{} are of the same time", tied.join(" and ")));
    }
    Ok(Some(latest))
}
