//! A flipped bit never makes another fact, whatever the document is.
//!
//! Some bits mean nothing: those of a hint, of a claim beside a bundle, of white space. So the facts
//! of a spoilt document are at most those of the good one, and no fact says anything else.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::{
    ARTIFACT, Case, Content, Key, TEST_RESULT, bytes, content, passed, repository, sha256,
    simple_payload, statement,
};
use lockgate_evidence::{
    IdentityEntry, KeyEntry, PatternText, RootEntry, RootSource, Trust, TrustEntries, Validity,
};
use lockgate_model::Kind;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::json;

const ISSUER: &str = "https://token.actions.githubusercontent.com";

/// Documents that are facts together, with whom they need.
struct Sample {
    name: &'static str,
    artifact: Vec<u8>,
    trust: Trust,
    files: Vec<Vec<u8>>,
    good: Vec<Content>,
}

impl Sample {
    fn new(name: &'static str, artifact: &[u8], trust: Trust, files: Vec<Vec<u8>>) -> Self {
        let sample = Self { name, artifact: artifact.to_vec(), trust, files, good: Vec::new() };
        let good = content(&sample.case(None).facts(&sample.trust));
        assert!(!good.is_empty(), "{name} is good");
        Self { good, ..sample }
    }

    /// A folder with the documents as they are, but for one.
    fn case(&self, without: Option<usize>) -> Case {
        let files = self.files.iter().enumerate();
        let files = files.filter(|(number, _)| Some(*number) != without);
        files.fold(Case::about(&self.artifact), |case, (number, file)| {
            case.with(&number.to_string(), file)
        })
    }

    /// The facts that nobody signed for, with copies of one file in its place: one for each of these
    /// bits, which is the other way.
    fn strange(&self, file: usize, bits: impl Iterator<Item = usize>) -> Vec<Content> {
        let mut case = self.case(Some(file));
        for bit in bits {
            let mut spoilt = self.files[file].clone();
            spoilt[bit / 8] ^= 1 << (bit % 8);
            case = case.with(&format!("bit {bit}"), spoilt);
        }
        let facts = content(&case.facts(&self.trust)).into_iter();
        facts.filter(|fact| !self.good.contains(fact)).collect()
    }
}

/// Every form in which a bare key signs.
fn by_keys() -> Vec<Sample> {
    let (p256, ed25519) = (Key::p256(), Key::ed25519());
    let signed = statement(TEST_RESULT, &passed());
    let payload = simple_payload(&format!("sha256:{}", sha256())).to_string().into_bytes();
    let downloaded = json!({
        "Base64Signature": STANDARD.encode(p256.sign(&payload)),
        "Payload": STANDARD.encode(&payload),
    });
    let loose = STANDARD.encode(ed25519.sign(ARTIFACT)).into_bytes();
    let of = |name, key: &Key, files| Sample::new(name, ARTIFACT, key.trusted("ci"), files);
    let text = |document: serde_json::Value| vec![document.to_string().into_bytes()];
    vec![
        of("an envelope in a bundle", &p256, text(p256.bundle(&signed))),
        of("a bare envelope", &ed25519, text(ed25519.envelope(&signed))),
        of("a message signature", &p256, text(p256.blob(ARTIFACT))),
        of("a loose signature", &ed25519, vec![loose]),
        of("a downloaded simple signature", &p256, text(downloaded)),
        of("a payload with its signature", &ed25519, vec![ed25519.sign(&payload), payload]),
    ]
}

fn identity(subject: &str) -> Vec<IdentityEntry> {
    vec![IdentityEntry {
        name: "workflow".to_owned(),
        root: None,
        issuer: Some(ISSUER.to_owned()),
        subject: Some(PatternText::Exact(subject.to_owned())),
        subject_type: None,
        extensions: std::collections::BTreeMap::new(),
        kinds: Some(Kind::ALL.to_vec()),
        validity: Validity::default(),
    }]
}

/// A case of the public conformance suite, with the file that says who is trusted, if it has one.
fn conformance(name: &'static str, file: Option<&str>) -> Sample {
    let suite = repository("tests/fixtures/sigstore-conformance");
    let folder = suite.join(name);
    let content =
        |wanted: &str| file.filter(|file| *file == wanted).map(|it| bytes(folder.join(it)));
    let root = content("trusted_root.json").map_or_else(RootEntry::public_good, |root| RootEntry {
        name: "own".to_owned(),
        source: RootSource::File(root),
        requires: None,
    });
    let keys = content("key.pub").map(|file| KeyEntry {
        name: "key".to_owned(),
        file,
        kinds: Some(Kind::ALL.to_vec()),
        ..KeyEntry::default()
    });
    let identities = identity(
        "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main",
    );
    let entries = TrustEntries { roots: vec![root], keys: keys.into_iter().collect(), identities };
    let files = vec![bytes(folder.join("bundle.sigstore.json"))];
    Sample::new(name, &bytes(suite.join("a.txt")), Trust::new(entries).unwrap(), files)
}

/// A response of npm's registry.
fn npm() -> Sample {
    let package = repository("tests/fixtures/npm/gundam-visor-cli-v1-tag.tgz");
    let identities = identity(
        "https://github.com/ramonpetgrave64/gundam-visor/.github/workflows/npm-publish.yml@refs/tags/v1.0.1",
    );
    let trust = Trust::new(TrustEntries { identities, ..TrustEntries::default() }).unwrap();
    let files = vec![bytes(package.with_extension("tgz.json"))];
    Sample::new("a response of npm", &bytes(package), trust, files)
}

/// What is signed with a certificate, or is in a log.
static WITNESSED: LazyLock<Vec<Sample>> = LazyLock::new(|| {
    vec![
        conformance("happy-path-v0.1", None),
        conformance("happy-path-intoto-in-dsse-v3", None),
        conformance("rekor2-dsse-happy-path", Some("trusted_root.json")),
        conformance("managed-key-happy-path", Some("key.pub")),
        npm(),
    ]
});

/// How many spoilt copies lie in one folder. Each costs a file, and a folder costs a pass over the
/// artifact.
const TOGETHER: usize = 512;

#[test]
fn every_bit_of_what_a_key_signed_is_signed_or_means_nothing() {
    for sample in by_keys() {
        for (file, content) in sample.files.iter().enumerate() {
            let bits: Vec<usize> = (0..content.len() * 8).collect();
            for bits in bits.chunks(TOGETHER) {
                let strange = sample.strange(file, bits.iter().copied());
                assert!(strange.is_empty(), "{}, among {bits:?}: {strange:?}", sample.name);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_bit_of_what_a_certificate_signed_makes_no_other_fact(
        which in 0..5_usize, places in prop::collection::vec(any::<Index>(), 32)
    ) {
        let sample = &WITNESSED[which];
        let bits = places.iter().map(|place| place.index(sample.files[0].len() * 8));
        let strange = sample.strange(0, bits);
        prop_assert!(strange.is_empty(), "{}: {strange:?}", sample.name);
    }
}
