//! Verifies cosign's simple signing: a signature over a payload that names the artifact.

use lockgate_model::{Kind, Text};

use super::checks::{SignatureCheck, SubjectCheck, TimeCheck};
use super::envelope::Encoded;
use super::fact::{Signature, Signer, Verified};
use super::signer::may_vouch;
use super::{Fact, Place, Question, Reason};
use crate::claim::{self, Beside, Claim, Payload, Refused, SimpleSigned};
use crate::gather::Found;
use crate::reason::{listed, quoted};
use crate::sigstore::Signed;
use crate::trust::Trust;

/// The most pairs of a payload and a loose signature that are tried. A release has one of each.
const MAX_PAIRS: usize = 4096;

impl Question<'_> {
    /// A payload with its signatures.
    pub(super) fn simple(&self, place: Place, signed: &SimpleSigned) -> Result<Fact, Reason> {
        let SimpleSigned { payload, signatures, beside } = signed;
        let keys = self.signers(&Encoded::plain(&payload.bytes), signatures)?;
        let shown = match &signatures[..] {
            [signature] => Ok(Signed::Bytes { bytes: &payload.bytes, stated: None, signature }),
            _ => Err("its payload has several signatures".to_owned()),
        };
        let proof = self.prove(&keys, signatures.len(), beside, shown)?;
        let (signers, window) = may_vouch(&proof, Kind::Signature, self.at)?;
        let ours = self.artifact.subject().digest;
        if payload.names != ours.to_string() {
            return Err(Reason::new(format!(
                "is signed by {}, but is about another artifact: its `docker-manifest-digest` is {}, \
                 and this one is {ours}",
                listed(signers.iter().map(Signer::name)),
                quoted(&payload.names)
            )));
        }
        let time = self.trusted_time(&proof)?.unwrap_or(TimeCheck::Absent);
        let checks = proof.checks(SignatureCheck::Payload, SubjectCheck::Sha256, time, window);
        let Place { path, index, digest } = place;
        let value = Signature { path, index, digest, format: "simple-signing" };
        let payload = claim::digest(&payload.bytes);
        Ok(Fact::Signature { payload, fact: Verified::vouched(value, checks, signers) })
    }
}

/// Finds the signatures of payloads among the loose ones: `cosign generate` and `openssl` make two
/// files. Which belongs to which follows from what verifies, and not from their names.
pub(super) fn pair(found: &mut [Found], trust: &Trust) {
    let loose = |(place, found): (usize, &Found)| match &found.claim {
        Claim::Blob(blob) if blob.is_loose() => Some((place, blob.signature.clone())),
        _ => None,
    };
    let loose: Vec<(usize, Vec<u8>)> = found.iter().enumerate().filter_map(loose).collect();
    let mut tries = 0;
    for place in 0..found.len() {
        let Claim::Payload(payload) = &found[place].claim else { continue };
        let payload = payload.clone();
        let encoded = Encoded::plain(&payload.bytes);
        let mut signatures: Vec<Vec<u8>> = Vec::new();
        for (other, signature) in &loose {
            tries += 1;
            if tries > MAX_PAIRS {
                break;
            }
            if !encoded.signers(std::slice::from_ref(signature), trust).is_empty() {
                signatures.push(signature.clone());
                found[*other].claim = together(payload.clone(), vec![signature.clone()]);
            }
        }
        found[place].claim = if signatures.is_empty() {
            Claim::Refused(alone(tries > MAX_PAIRS))
        } else {
            together(payload, signatures)
        };
    }
}

fn together(payload: Payload, signatures: Vec<Vec<u8>>) -> Claim {
    let beside = Beside::default();
    Claim::Simple(Box::new(SimpleSigned { payload, signatures, beside }))
}

/// Why a payload by itself proves nothing.
fn alone(given_up: bool) -> Refused {
    let reason = if given_up {
        "cosign simple signing: there are too many payloads and loose signatures to be paired"
    } else {
        "cosign simple signing: no loose signature beside it is over it by a key in `[trust]`"
    };
    let refused = Refused::rejected(Some(Kind::Signature), reason);
    let help = "put the signature of this payload beside it, or give what `cosign download signature` \
                prints, which holds both";
    Refused { help: Some(Text::escaped(help)), ..refused }
}
