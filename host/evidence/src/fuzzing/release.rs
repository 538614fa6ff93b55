//! What documents are held against: the artifact of the example release, and those who signed it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use lockgate_model::{Digest, Instant, Kind};
use sha2::{Digest as _, Sha256};

use super::judge;
use crate::artifact::Artifact;
use crate::claim::{self, Claim, Minisig};
use crate::hashes::Over;
use crate::trust::{
    Acceptance, IdentityEntry, KeyEntry, PatternText, RootEntry, RootSource, Trust, TrustEntries,
};

/// The artifact, who is trusted, and everything that those have signed.
pub(super) struct Release {
    pub(super) artifact: Artifact,
    pub(super) trust: Trust,
    pub(super) at: Instant,
    /// Digests of what was signed, by [`content`].
    pub(super) signed: BTreeSet<Digest>,
}

/// A file of the example release. It is part of the repository, as every build with this feature is.
macro_rules! example {
    ($path:literal) => {
        include_bytes!(concat!("../../../../examples/release/", $path))
    };
}

/// The keys, and what each may vouch for. One of a type is enough: more only cost time.
const KEYS: &[(&str, &[u8], &[Kind])] = &[
    ("builder", example!("trust/builder.pub"), &[Kind::Provenance]),
    ("ci", example!("trust/ci.pub"), &[Kind::Sbom, Kind::TestResult, Kind::Signature]),
    ("minisign", example!("trust/minisign.pub"), &[Kind::Signature]),
    ("openssh", example!("trust/allowed_signers"), &[Kind::Signature]),
];

/// The documents that these keys signed.
const DOCUMENTS: &[&[u8]] = &[
    example!("evidence/app.sigstore.json"),
    example!("evidence/app.tar.gz.minisig"),
    example!("evidence/app.tar.gz.sshsig"),
    example!("evidence/provenance.sigstore.json"),
    example!("evidence/sbom.sigstore.json"),
    example!("evidence/tests.sigstore.json"),
];

pub(super) static RELEASE: LazyLock<Release> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/release/app.tar.gz");
    let mut artifact = Artifact::resolve(path).expect("it lies in the repository");
    let all = [Over::Sha384, Over::Sha512, Over::Blake2b512, Over::Bytes];
    artifact.compute(all.into(), u64::MAX).expect("it does not change");
    let entry = |(name, file, kinds): &(&str, &[u8], &[Kind])| KeyEntry {
        name: (*name).to_owned(),
        file: file.to_vec(),
        kinds: Some(kinds.to_vec()),
        ..KeyEntry::default()
    };
    let github = RootEntry {
        name: "github".to_owned(),
        source: RootSource::Builtin("github".to_owned()),
        requires: None,
    };
    // Whoever GitHub says it is: what is found is that there is a certificate, and whose.
    let identity = |root: &str| IdentityEntry {
        name: format!("workflow-{root}"),
        root: Some(root.to_owned()),
        issuer: Some("https://token.actions.githubusercontent.com".to_owned()),
        subject: Some(PatternText::Regex("https://github\\.com/.*".to_owned())),
        kinds: Some(vec![Kind::Provenance, Kind::Signature]),
        ..IdentityEntry::default()
    };
    let entries = TrustEntries {
        roots: vec![RootEntry::public_good(), github],
        keys: KEYS.iter().map(entry).collect(),
        identities: [RootEntry::PUBLIC_GOOD, "github"].map(identity).into(),
    };
    let mut trust = Trust::new(entries).expect("the entries are in order");
    trust.accept(Acceptance::KINDS.iter().map(|kind| (*kind, Acceptance::Unsigned)).collect());
    let at = "2026-10-02T00:00:00Z".parse().expect("it is an instant");
    let mut signed = BTreeSet::new();
    for document in DOCUMENTS {
        let facts = judge(document, &artifact, &trust, at);
        let count = facts.attestations().len() + facts.signatures().len();
        assert_eq!(count, 1, "an example is no fact: {:?}", facts.documents());
        signed.extend(claim::read(document).iter().filter_map(|(_, claim)| content(claim)));
    }
    Release { artifact, trust, at, signed }
});

/// A digest of all in a claim that its signature is over, and of the signature where a key makes
/// one alone. None where that is not so: ECDSA has several signatures for one message, and whoever
/// has seen one can make another.
pub(super) fn content(claim: &Claim) -> Option<Digest> {
    let over;
    let parts: [&[u8]; 4] = match claim {
        Claim::Statement(signed) => [signed.payload_type.as_bytes(), &signed.payload, b"", b""],
        Claim::Minisig(signed) => {
            over = signed.over.to_string().into_bytes();
            let Minisig { signature, comment, global, .. } = signed;
            [&over, signature, comment.as_bytes(), global]
        }
        Claim::Sshsig(signed) => {
            over = signed.message(b"");
            [&over, &signed.signature, b"", b""]
        }
        Claim::Simple(signed) => [&signed.payload.bytes, b"", b"", b""],
        Claim::Payload(payload) => [&payload.bytes, b"", b"", b""],
        Claim::Blob(_) | Claim::Unsigned(_) | Claim::Refused(_) => return None,
    };
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    Some(Digest::from_sha256(hash.finalize().into()))
}
