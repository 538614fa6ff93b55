//! What holds for any documents.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::{
    ARTIFACT, Case, Key, TEST_RESULT, at, content, passed, sha256, simple_payload, statement,
};
use lockgate_evidence::{Acceptance, Accepts, Caps, Source, Trust, gather, verify};
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

/// A folder of folders, and how a caller may name what is in it.
struct Delivery {
    trust: Trust,
    case: Case,
    sources: Vec<Source>,
}

/// Copies under one name in several folders, a document that counts only where it is named and is
/// named as several things, payloads and loose signatures apart from each other.
fn delivery() -> Delivery {
    let (a, b) = (Key::p256(), Key::ed25519());
    let mut trust =
        Trust::new(vec![a.entry("a", Some(Kind::ALL)), b.entry("b", Some(Kind::ALL))]).unwrap();
    trust.accept(Accepts::from([(Kind::Sbom, Acceptance::Unsigned)]));
    let payload = simple_payload(&format!("sha256:{}", sha256())).to_string();
    let other = simple_payload("sha256:00").to_string();
    let sbom = json!({ "bomFormat": "CycloneDX", "specVersion": "1.6" }).to_string();
    let case = Case::new();
    let files: [(&str, &[u8]); 12] = [
        ("1/d.json", sbom.as_bytes()),
        ("2/d.json", sbom.as_bytes()),
        ("3/d.json", &text(&a.bundle(&statement(TEST_RESULT, &passed()))).into_bytes()),
        ("4/d.json", &text(&b.bundle(&statement(TEST_RESULT, &passed()))).into_bytes()),
        ("1/payload.json", payload.as_bytes()),
        ("2/payload.json", payload.as_bytes()),
        ("3/payload.json", other.as_bytes()),
        ("2/a.sig", &a.sign(payload.as_bytes())),
        ("3/a.sig", &a.sign(other.as_bytes())),
        ("3/b.sig", &b.sign(payload.as_bytes())),
        ("4/a.sig", &a.sign(ARTIFACT)),
        ("4/b.sig", &b.sign(b"something else")),
    ];
    for (path, content) in files {
        let (folder, name) = path.split_once('/').unwrap();
        case.evidence.create_dir_all(folder).unwrap();
        case.evidence.open_dir(folder).unwrap().write(name, content).unwrap();
    }
    let source = |kind, path: &str| Source { kind, path: case.path("evidence").join(path) };
    let mut sources: Vec<Source> =
        ["1", "2", "3", "4", "1/d.json", "2/a.sig"].map(|path| source(None, path)).into();
    for kind in [Kind::Sbom, Kind::Vex, Kind::Provenance] {
        sources.push(source(Some(kind), "1/d.json"));
    }
    Delivery { trust, case, sources }
}

/// See [`delivery`].
static DELIVERY: LazyLock<Delivery> = LazyLock::new(delivery);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_sources_changes_no_line_of_a_report(
        order in Just((0..9_usize).collect::<Vec<_>>()).prop_shuffle()
    ) {
        let Delivery { trust, case, sources } = &*DELIVERY;
        let report = |order: &[usize]| {
            let mut artifact = case.artifact();
            let sources: Vec<Source> = order.iter().map(|&which| sources[which].clone()).collect();
            let gathered = gather(&mut artifact, &sources, &Caps::default(), trust).unwrap();
            let facts = verify(gathered, &artifact, trust, at());
            (serde_json::to_string_pretty(facts.documents()).unwrap(), content(&facts))
        };
        let sorted: Vec<usize> = (0..sources.len()).collect();
        let (rows, facts) = report(&sorted);
        prop_assert_eq!(facts.len(), 6, "{:#?}", facts);
        prop_assert_eq!(report(&order), (rows, facts));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
        let facts = Case::new().with("d.json", bytes).facts(&FIXTURE.trust);
        prop_assert!(facts.attestations().is_empty() && facts.signatures().is_empty());
    }
}
