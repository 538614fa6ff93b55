//! Who signed, whether they may vouch for what they signed, and what is said where nobody did.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lockgate_model::{Instant, Kind};

use super::Reason;
use super::checks::WindowCheck;
use super::fact::Signer;
use super::proof::Proof;
use crate::reason::{listed, quoted};
use crate::trust::{Identity, Key, Mandate, Trust};

/// Someone whom `[trust]` names and whose signature verified, whether they may vouch or not.
#[derive(Debug, Clone, Copy)]
pub(super) enum Signatory<'t> {
    Key(&'t Key),
    Identity(&'t Identity),
}

impl<'t> Signatory<'t> {
    pub(super) fn mandate(self) -> &'t Mandate {
        match self {
            Self::Key(key) => &key.mandate,
            Self::Identity(identity) => &identity.mandate,
        }
    }

    /// What of theirs may be revoked.
    fn what(self) -> &'static str {
        match self {
            Self::Key(_) => "key",
            Self::Identity(_) => "identity",
        }
    }
}

/// Those who signed and may vouch for a kind at a moment, sorted.
pub(super) fn may_vouch(
    proof: &Proof,
    kind: Kind,
    at: Instant,
) -> Result<(Vec<Signer>, WindowCheck), Reason> {
    let by = &proof.by;
    // One signature is one somebody, whatever it is called. Who is revoked under one name does not
    // count under another.
    if proof.is_one_signature() {
        let revoked = |one: &&Signatory| one.mandate().validity.revokes(proof.moment(at, **one));
        let revoked: Vec<Signatory> = by.iter().filter(revoked).copied().collect();
        if !revoked.is_empty() {
            return Err(refused(proof, &revoked, kind, at).into());
        }
    }
    let may = |one: &&Signatory| {
        let mandate = one.mandate();
        let moment = proof.moment(at, **one);
        mandate.validity.refuse(moment, one.what()).is_none() && mandate.covers(kind)
    };
    let vouching: Vec<&Signatory> = by.iter().filter(may).collect();
    if vouching.is_empty() {
        return Err(refused(proof, by, kind, at).into());
    }
    let bounded = |one: &&Signatory| {
        let validity = &one.mandate().validity;
        validity.is_windowed() || validity.revoked.is_some()
    };
    let seen = vouching.iter().copied().filter(bounded).map(|one| proof.moment(at, *one).trusted);
    let window = match seen.reduce(Option::and) {
        None => WindowCheck::NotRequired,
        Some(Some(seen)) => WindowCheck::Trusted(seen),
        Some(None) => WindowCheck::AskedFor(at),
    };
    let signer = |one: &Signatory| {
        let Mandate { name, kinds, .. } = one.mandate();
        Signer::new(name.clone(), proof.id_of(*one), kinds.clone())
    };
    let mut signers: Vec<Signer> = vouching.into_iter().map(signer).collect();
    signers.sort();
    Ok((signers, window))
}

/// Why none of them may vouch: each with its code, which is said once for those that share it.
fn refused(proof: &Proof, by: &[Signatory], kind: Kind, at: Instant) -> String {
    let mut reason = String::new();
    let mut last = "";
    for one in by {
        let mandate = one.mandate();
        let refused = mandate.validity.refuse(proof.moment(at, *one), one.what());
        let (code, why) = match refused {
            Some((code, why)) => (code, format!("{} signs it, and {why}", quoted(&mandate.name))),
            None => ("signer-not-for-kind", not_for(mandate, kind)),
        };
        if !reason.is_empty() {
            reason.push_str("; ");
        }
        if code != last {
            reason.push_str(code);
            reason.push_str(": ");
            last = code;
        }
        reason.push_str(&why);
    }
    reason
}

fn not_for(mandate: &Mandate, kind: Kind) -> String {
    let name = quoted(&mandate.name);
    match &mandate.kinds {
        Some(kinds) if kinds.is_empty() => {
            format!("{name} signs it, and its `for` lists nothing, so not `{kind}`")
        }
        Some(kinds) => {
            let words = listed(kinds.iter().map(|kind| kind.as_str()));
            format!("{name} signs it, and its `for` lists {words}, not `{kind}`")
        }
        None => format!("{name} signs it, and has no `for`, which `{kind}` needs"),
    }
}

/// Why no key verifies any of some signatures. Only here a hint is looked at.
pub(super) fn unverified(trust: &Trust, hint: Option<&str>, signatures: usize) -> Reason {
    if let Some(key) = hint.and_then(|hint| hinted(trust, hint)) {
        return Reason::new(format!(
            "the signature does not verify with key {}, which its hint names",
            quoted(&key.mandate.name)
        ))
        .helped("it was changed after it was signed, or its hint is wrong: sign it again");
    }
    let what = if signatures == 1 { "the signature" } else { "any of its signatures" };
    let named = hint.map(|hint| format!(" (its hint names key {})", quoted(hint)));
    let why = format!("no key in `[trust]` verifies {what}{}", named.unwrap_or_default());
    Reason::new(why).helped(match hint {
        Some(_) => {
            "if you trust that key, add a `[[trust.key]]` whose `file` is its public key; if it should \
             be one that is there, it was signed with another"
        }
        None => {
            "if you trust whoever signed it, add a `[[trust.key]]` whose `file` is the public key"
        }
    })
}

/// The key that a hint names: the digest of a trusted key's `SubjectPublicKeyInfo`, in base64.
pub(super) fn hinted<'t>(trust: &'t Trust, hint: &str) -> Option<&'t Key> {
    let bytes: [u8; 32] = STANDARD.decode(hint).ok()?.try_into().ok()?;
    trust.keys().iter().find(|key| *key.id().as_bytes() == bytes)
}
