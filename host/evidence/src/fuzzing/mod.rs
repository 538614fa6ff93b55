//! Doors for fuzzers and benchmarks: bytes go in, and a law that does not hold is a panic.
//!
//! Only behind the feature `fuzzing`, which no release has. That nothing crashes is the least of
//! it: each door holds what it read against a reader of another make (see `laws.rs`), and no bytes
//! may become a fact that nobody signed. The targets in `fuzz/` call a door with inputs nobody has
//! thought of, and `tests/tests/corpora.rs` with those that were kept.

mod archive;
mod laws;
mod models;
mod release;
mod tables;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lockgate_model::{Digest, Instant, Text};
use serde_json::json;

use crate::artifact::Artifact;
use crate::claim::{self, Claim, SimpleSigning, Statement};
use crate::gather::{Found, Gathered};
use crate::sbom::{Bom, Unreadable};
use crate::trust::{Encoding, KeyEntry, Trust};
use crate::verify::{Facts, verify};
use crate::{json, layout};
use release::RELEASE;

/// A door, and the name by which targets and corpora call it.
pub type Door = (&'static str, fn(&[u8]));

/// All of this crate.
pub const DOORS: &[Door] = &[
    ("bundle", document),
    ("contents", contents),
    ("data", data),
    ("document", document),
    ("dsse", dsse),
    ("json", scan),
    ("key", key),
    ("license", license),
    ("manifest", manifest),
    ("minisign", document),
    ("package", package),
    ("predicate", predicate),
    ("sbom", sbom),
    ("scan", models::scan),
    ("simple", simple),
    ("sshsig", sshsig),
    ("statement", statement),
    ("vex", vex),
];

pub use archive::contents;
pub use models::{package, predicate, sbom, scan as report, vex};
pub use tables::{data, license};

/// What becomes of a file's bytes: as [`crate::gather()`] and [`crate::verify()`] have it, but
/// without a file.
#[must_use]
pub fn judge(bytes: &[u8], artifact: &Artifact, trust: &Trust, at: Instant) -> Facts {
    let claims = (0..).zip(claim::read(bytes));
    let found = claims.map(|(index, (digest, claim))| found(index, digest, claim));
    verify(Gathered { found: found.collect() }, artifact, trust, at)
}

fn found(index: u32, digest: Digest, claim: Claim) -> Found {
    let path = Text::escaped("document");
    Found { path, index, digest: Some(digest), claim, named: false }
}

/// The index of a bill of materials, which an attestation makes only once.
///
/// # Errors
///
/// It is none that this version reads.
pub fn index(predicate: &[u8]) -> Result<Bom, Unreadable> {
    Bom::index(predicate)
}

/// Any file that lies in an evidence folder.
///
/// # Panics
///
/// A law does not hold.
pub fn document(bytes: &[u8]) {
    let claims = claim::read(bytes);
    laws::claims(bytes, &claims);
    let facts = judge(bytes, &RELEASE.artifact, &RELEASE.trust, RELEASE.at);
    laws::facts(&claims, &facts, &RELEASE);
}

/// An envelope as text; or its payload's type, its payload and its signatures with a zero byte
/// between each, around which an envelope is written. Base64 would hide all three from a fuzzer.
///
/// # Panics
///
/// A law does not hold.
pub fn dsse(bytes: &[u8]) {
    let mut parts = bytes.split(|byte| *byte == 0);
    let payload_type = parts.next().unwrap_or_default();
    let (Ok(payload_type), Some(payload)) = (std::str::from_utf8(payload_type), parts.next())
    else {
        return document(bytes);
    };
    let signatures: Vec<_> = parts.map(|sig| json!({ "sig": STANDARD.encode(sig) })).collect();
    let envelope = json!({
        "payloadType": payload_type,
        "payload": STANDARD.encode(payload),
        "signatures": signatures,
    });
    document(envelope.to_string().as_bytes());
}

/// A signature of OpenSSH: its block as text, or what is in the block.
///
/// # Panics
///
/// A law does not hold.
pub fn sshsig(bytes: &[u8]) {
    if bytes.starts_with(b"-----") {
        return document(bytes);
    }
    let block = STANDARD.encode(bytes);
    let text = format!("-----BEGIN SSH SIGNATURE-----\n{block}\n-----END SSH SIGNATURE-----\n");
    document(text.as_bytes());
}

/// A payload of simple signing; and behind it, with a zero byte between each, what stands beside it:
/// signature, certificate, chain, the log's answer, timestamp.
///
/// # Panics
///
/// A law does not hold.
pub fn simple(bytes: &[u8]) {
    let mut parts = bytes.split(|byte| *byte == 0);
    let payload = parts.next().unwrap_or_default();
    let mut text = || parts.next().and_then(|part| String::from_utf8(part.to_vec()).ok());
    let beside = SimpleSigning {
        signature: text(),
        certificate: text(),
        chain: text(),
        bundle: text(),
        timestamp: text(),
    };
    let digest = claim::digest(payload);
    let signatures = [beside].into();
    let claims = || claim::simple_signing(payload, &signatures);
    laws::simple(payload, claims());
    let found = claims().map(|claim| found(0, digest, claim)).collect();
    let facts = verify(Gathered { found }, &RELEASE.artifact, &RELEASE.trust, RELEASE.at);
    let claims: Vec<_> = claims().map(|claim| (digest, claim)).collect();
    laws::facts(&claims, &facts, &RELEASE);
}

/// A manifest or an index of an OCI layout.
///
/// # Panics
///
/// A law does not hold.
pub fn manifest(bytes: &[u8]) {
    layout::shown_of(bytes).iter().for_each(|text| laws::harmless(text));
}

/// A payload, which is to be a statement.
///
/// # Panics
///
/// A law does not hold.
pub fn statement(bytes: &[u8]) {
    match Statement::read(bytes) {
        Ok(statement) => laws::statement(bytes, &statement),
        Err(reason) => laws::shown(&reason),
    }
}

/// Any text, which is to be JSON.
///
/// # Panics
///
/// A law does not hold.
pub fn scan(bytes: &[u8]) {
    laws::scanned(bytes, &json::outline(bytes));
}

/// A key file of any format, with and without the settings that choose a line in it.
///
/// # Panics
///
/// A law does not hold.
pub fn key(bytes: &[u8]) {
    for setting in [None, Some("release@example.com")] {
        let entry = |name: &str| KeyEntry {
            name: name.to_owned(),
            file: bytes.to_vec(),
            principal: setting.map(str::to_owned),
            ..KeyEntry::default()
        };
        match Trust::new(vec![entry("one")]) {
            Ok(trust) => {
                let [key] = trust.keys() else { panic!("one entry is one key") };
                // Whatever a stranger signs with it, it is looked at and nothing more.
                let signed = key.signed(Encoding::Any, bytes, |_| Some(&[0; 32]));
                assert!(signed.is_none_or(|over| !over.to_string().is_empty()));
                let twice = Trust::new(vec![entry("one"), entry("two")]);
                assert!(twice.is_err(), "one key is one signer");
            }
            Err(problems) => problems.iter().for_each(|one| laws::shown(&one.error.to_string())),
        }
    }
}

/// Whether a claim can be a fact at all.
fn is_refused(claim: &Claim) -> bool {
    matches!(claim, Claim::Refused(_))
}
