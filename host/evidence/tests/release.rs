//! A real release: what is good becomes facts, and each of its broken twins says what is wrong.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use camino::Utf8PathBuf;
use common::{at, bytes, lines, repository};
use lockgate_evidence::{Artifact, Caps, Facts, KeyEntry, Source, Trust, gather, verify};
use lockgate_model::Kind;

fn trust() -> Trust {
    let key = |name: &str, file: &str, kinds: &[Kind]| KeyEntry {
        name: name.to_owned(),
        file: bytes(repository(&format!("examples/release/trust/{file}"))),
        kinds: Some(kinds.to_vec()),
        ..KeyEntry::default()
    };
    Trust::new(vec![
        key("security", "security.pub", &[Kind::Vulnerabilities, Kind::Vex]),
        key("builder", "builder.pub", &[Kind::Provenance]),
        key("ci", "ci.pub", &[Kind::Sbom, Kind::TestResult, Kind::Signature]),
        key("minisign", "minisign.pub", &[Kind::Signature]),
        key("raw-p256", "raw-p256.pub", &[Kind::Signature]),
        key("release@example.com", "allowed_signers", &[Kind::Signature]),
    ])
    .unwrap()
}

fn judge(artifact: &str, evidence: &str) -> Facts {
    let path = |path: &str| Utf8PathBuf::from_path_buf(repository(path)).unwrap();
    let mut artifact = Artifact::resolve(path(artifact).as_str()).unwrap();
    let source = Source { kind: None, path: path(evidence) };
    let gathered = gather(&mut artifact, &[source], &Caps::default(), &trust()).unwrap();
    verify(gathered, &artifact, &trust(), at())
}

const APP: &str = "examples/release/app.tar.gz";

#[test]
fn all_nine_documents_are_facts() {
    let facts = judge(APP, "examples/release/evidence");
    assert_eq!(
        lines(&facts),
        [
            "app.sigstore.json 0 signature fact: by ci",
            "app.tar.gz.minisig 0 signature fact: by minisign",
            "app.tar.gz.sig 0 signature fact: by raw-p256",
            "app.tar.gz.sshsig 0 signature fact: by release@example.com",
            "provenance.sigstore.json 0 provenance fact: by builder",
            "sbom.sigstore.json 0 sbom fact: by ci",
            "scan.sigstore.json 0 vulnerabilities fact: by security",
            "tests.sigstore.json 0 test-result fact: by ci",
            "vex.sigstore.json 0 vex fact: by security",
        ]
    );
    for kind in [Kind::Provenance, Kind::Sbom, Kind::Vulnerabilities, Kind::Vex, Kind::TestResult] {
        assert_eq!(facts.count(kind), 1, "{kind}");
    }
    assert_eq!(facts.count(Kind::Signature), 4);
    for signer in ["ci", "minisign", "raw-p256", "release@example.com"] {
        assert_eq!(facts.count_by(Kind::Signature, signer), 1, "{signer}");
    }
    assert_eq!(facts.count_by(Kind::Signature, "builder"), 0);
    assert_eq!(facts.attestations().len(), 5);
    let provenance = &facts.attestations()[0];
    assert_eq!(
        provenance.signers()[0].key(),
        "sha256:8dac8d2693ae3d90169b7d648437b1d9e4903596909aa640f0c8364e7f55217f"
    );
    let id = provenance.get().predicate().unwrap().pointer("/runDetails/builder/id");
    assert_eq!(
        id.unwrap(),
        "https://github.com/acme/builders/.github/workflows/slsa3.yml@refs/tags/v2.1.0"
    );
}

#[test]
fn the_bill_of_materials_of_the_release_is_indexed() {
    let facts = judge(APP, "examples/release/evidence/sbom.sigstore.json");
    let fact = &facts.attestations()[0];
    assert_eq!(fact.get().path(), &"sbom.sigstore.json");
    let bom = fact.get().bom().unwrap();
    assert_eq!((bom.format(), bom.spec_version()), ("cyclonedx", "1.4"));
    assert_eq!(bom.components().len(), 62);
    let first = &bom.components()[0];
    assert_eq!(first.name, "asm89/stack-cors");
    assert_eq!(first.purl.as_deref(), Some("pkg:composer/asm89/stack-cors@1.3.0"));
    let texts: Vec<&str> = bom.licenses().iter().map(|license| license.text.as_str()).collect();
    assert!(texts.contains(&"MIT"), "{texts:?}");
}

#[test]
fn every_broken_twin_says_what_is_wrong_with_it() {
    let facts = judge(APP, "tests/fixtures/release-broken");
    let digest = "sha256:e34a28afa7c81ab972cc515040e53c4a9a2d62f5a927de6b314c4897bd1b90ca";
    assert_eq!(
        lines(&facts),
        [
            &*format!(
                "app-digest-swapped.sigstore.json 0 signature rejected: is about another artifact: \
                 its `messageDigest` is sha256:{}, and this one is {digest}",
                "0".repeat(64)
            ),
            "app-signature-flipped.sigstore.json 0 signature rejected: the signature does not \
             verify with key `ci`, which its hint names",
            "other.bin 0 - unrecognised: is no evidence of a form that this version knows",
            "provenance-no-signatures.sigstore.json 0 provenance rejected: has no signatures",
            "provenance-other-subject.sigstore.json 0 provenance rejected: is signed by `builder`, \
             but is about `other.bin` \
             (sha256:1ad863870b59c58216513eb119814f1fe7234fbedd998c69f7bf4c9c072fb324)",
            "provenance-payload-edited.sigstore.json 0 provenance rejected: the signature does not \
             verify with key `builder`, which its hint names",
            "provenance-payload-type.sigstore.json 0 provenance rejected: its payload type \
             `application/json` is not `application/vnd.in-toto+json`",
            "provenance-signature-flipped.sigstore.json 0 provenance rejected: the signature does \
             not verify with key `builder`, which its hint names",
            "provenance-untrusted-key.sigstore.json 0 provenance rejected: no key in `[trust]` \
             verifies the signature (its hint names key \
             `QGlzkJvnY3kdsj1F7ngy1SoimNY8oj7HUu78BziHfN0=`)",
            "sbom-signature-of-another.sigstore.json 0 sbom rejected: the signature does not verify \
             with key `ci`, which its hint names",
            "truncated.sigstore.json 0 - rejected: is not valid JSON: the text ends inside a string \
             at line 1 column 401",
            "unsigned-sbom.json 0 sbom rejected: is not signed",
        ]
    );
    assert!(facts.attestations().is_empty() && facts.signatures().is_empty());
}

#[test]
fn good_evidence_of_one_artifact_is_none_of_another() {
    let facts = judge("tests/fixtures/release-broken/other.bin", "examples/release/evidence");
    assert!(facts.attestations().is_empty() && facts.signatures().is_empty());
}

#[test]
fn without_trust_nothing_is_a_fact() {
    let path = Utf8PathBuf::from_path_buf(repository("examples/release/evidence")).unwrap();
    let digest = "sha256:e34a28afa7c81ab972cc515040e53c4a9a2d62f5a927de6b314c4897bd1b90ca";
    let mut artifact = Artifact::resolve(digest).unwrap();
    let source = Source { kind: None, path };
    let gathered = gather(&mut artifact, &[source], &Caps::default(), &Trust::empty()).unwrap();
    let facts = verify(gathered, &artifact, &Trust::empty(), at());
    assert_eq!(facts.documents().len(), 9);
    assert!(facts.attestations().is_empty() && facts.signatures().is_empty());
}
