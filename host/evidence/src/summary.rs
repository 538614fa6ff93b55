//! Verification summaries, as SLSA states them
//! (<https://slsa.dev/spec/v1.0/verification_summary>): someone has verified an artifact by a policy,
//! and says what came of it.
//!
//! Who says so is the signer; the verifier that stands inside is a claim of theirs.

use std::collections::BTreeMap;

use lockgate_model::{Instant, Kind};
use serde::Deserialize;

use crate::json::Object;
use crate::resource::{Format, List, Resource, Unreadable, Words, Written, resources, said};

const FORMAT: Format = Format("SLSA verification summary v1");

/// What somebody else's verification came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The id of the verifier.
    pub verifier: String,
    /// When it was verified; none where the document states none.
    pub verified_at: Option<Instant>,
    /// What was verified, as the URI by which it is fetched; none where the document states none.
    pub resource: Option<String>,
    /// The policy that was applied; none where the document states none.
    pub policy: Option<Resource>,
    /// The attestations that were used, in the document's order. If there are any, these are all.
    pub inputs: Vec<Resource>,
    /// `passed` or `failed`; another word in kebab-case, where the document has another.
    pub result: String,
    /// The levels that were reached, sorted, each once: `SLSA_BUILD_LEVEL_3`, or the verifier's own.
    pub levels: Vec<String>,
    /// How many dependencies reached which level.
    pub dependency_levels: BTreeMap<String, u64>,
    /// The version of SLSA by which it was verified; none where the document states none.
    pub slsa_version: Option<String>,
}

impl Summary {
    /// Reads the predicate of a statement of a kind.
    pub(crate) fn read(kind: Kind, predicate: &[u8]) -> Result<Self, Unreadable> {
        if kind != Kind::VerificationSummary {
            return Err(Unreadable::OtherKind { kind, expected: Kind::VerificationSummary });
        }
        let document: Document = FORMAT.read(predicate)?;
        let verifier = document.verifier.and_then(|Object(verifier)| verifier.id);
        let levels = document.verified_levels.into_iter().flatten();
        let mut levels: Vec<String> = levels.filter_map(|level| said(Some(level))).collect();
        levels.sort_unstable();
        levels.dedup();
        let dependencies = document.dependency_levels.into_iter().flatten();
        Ok(Self {
            verifier: FORMAT.required("verifier.id", verifier)?,
            verified_at: FORMAT.moment("timeVerified", document.time_verified)?,
            resource: said(document.resource_uri),
            policy: document.policy.map(|Object(policy)| policy.into()),
            inputs: resources(document.input_attestations),
            result: FORMAT.result(
                "verificationResult",
                document.verification_result,
                &["passed", "failed"],
            )?,
            levels,
            dependency_levels: dependencies
                .map(|(level, count)| (level.0.into_owned(), count))
                .collect(),
            slsa_version: said(document.slsa_version),
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    #[serde(borrow)]
    verifier: Option<Object<Verifier<'a>>>,
    #[serde(borrow)]
    time_verified: Option<Words<'a>>,
    #[serde(borrow)]
    resource_uri: Option<Words<'a>>,
    #[serde(borrow)]
    policy: Option<Object<Written<'a>>>,
    #[serde(borrow)]
    input_attestations: List<'a>,
    #[serde(borrow)]
    verification_result: Option<Words<'a>>,
    #[serde(borrow)]
    verified_levels: Option<Vec<Words<'a>>>,
    #[serde(borrow)]
    dependency_levels: Option<BTreeMap<Words<'a>, u64>>,
    #[serde(borrow)]
    slsa_version: Option<Words<'a>>,
}

#[derive(Deserialize)]
struct Verifier<'a> {
    #[serde(borrow)]
    id: Option<Words<'a>>,
}
