//! What holds for any documents.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::{ARTIFACT, Case, Key, TEST_RESULT, passed, statement};
use lockgate_evidence::{Facts, Trust};
use lockgate_model::Kind;
use proptest::prelude::*;
use serde_json::json;

struct Fixture {
    trust: Trust,
    documents: Vec<String>,
}

/// Good documents and spoiled ones, signed once.
static FIXTURE: LazyLock<Fixture> = LazyLock::new(|| {
    let (a, b, stranger) = (Key::p256(), Key::ed25519(), Key::p256());
    let kinds = Some(Kind::ALL);
    let signed = statement(TEST_RESULT, &passed());
    let failed = statement(TEST_RESULT, &json!({ "result": "FAILED" }));
    let loose = serde_json::Value::String(STANDARD.encode(b.sign(ARTIFACT)));
    let documents = [
        a.bundle(&signed),
        b.bundle(&signed),
        b.envelope(&failed),
        a.blob(ARTIFACT),
        loose,
        stranger.bundle(&signed),
        a.blob(b"another artifact"),
        a.bundle(&statement(TEST_RESULT, &json!({}))),
        signed,
    ];
    Fixture {
        trust: Trust::new(vec![a.entry("a", kinds), b.entry("b", kinds)]).unwrap(),
        documents: documents.iter().map(text).collect(),
    }
});

/// A document as it lies in its file: JSON, or for a string its text.
fn text(document: &serde_json::Value) -> String {
    document.as_str().map_or_else(|| document.to_string(), str::to_owned)
}

/// Each fact: what it says, and who signed it.
type Content = Vec<(Vec<u8>, Vec<String>)>;

fn content(facts: &Facts) -> Content {
    let names = |signers: &[lockgate_evidence::Signer]| {
        signers.iter().map(|signer| signer.name().to_owned()).collect::<Vec<_>>()
    };
    let attestations = facts
        .attestations()
        .iter()
        .map(|fact| (fact.get().predicate_bytes().to_vec(), names(fact.signers())));
    let signatures =
        facts.signatures().iter().map(|fact| (b"signature".to_vec(), names(fact.signers())));
    let mut all: Vec<_> = attestations.chain(signatures).collect();
    all.sort();
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_order_of_documents_changes_no_fact(
        order in Just((0..FIXTURE.documents.len()).collect::<Vec<_>>()).prop_shuffle()
    ) {
        let facts = |order: &[usize]| {
            let mut case = Case::new();
            for (place, &which) in order.iter().enumerate() {
                case = case.with(&format!("{place}.json"), &FIXTURE.documents[which]);
            }
            content(&case.facts(&FIXTURE.trust))
        };
        let sorted: Vec<usize> = (0..order.len()).collect();
        let expected = facts(&sorted);
        prop_assert_eq!(expected.len(), 4);
        prop_assert_eq!(facts(&order), expected);
    }
}

fn facts_of(document: &[u8]) -> Content {
    content(&Case::new().with("d.json", document).facts(&FIXTURE.trust))
}

/// What the good documents say by themselves.
static GOOD: LazyLock<Vec<Content>> = LazyLock::new(|| {
    let good: Vec<_> =
        FIXTURE.documents[..5].iter().map(|document| facts_of(document.as_bytes())).collect();
    assert!(good.iter().all(|facts| facts.len() == 1));
    good
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_flipped_bit_makes_no_other_fact(
        which in 0..5_usize, place in any::<prop::sample::Index>(), bit in 0..8_u32
    ) {
        let mut document = FIXTURE.documents[which].clone().into_bytes();
        let place = place.index(document.len());
        document[place] ^= 1 << bit;
        let flipped = facts_of(&document);
        // Some bits mean nothing, those of a hint for example.
        let same = flipped == GOOD[which];
        prop_assert!(flipped.is_empty() || same, "byte {place}, bit {bit}: {flipped:?}");
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
        let facts = Case::new().with("d.json", bytes).facts(&FIXTURE.trust);
        prop_assert!(facts.attestations().is_empty() && facts.signatures().is_empty());
    }
}
