//! Who signed, whether they may vouch for what they signed, and what is said where nobody did.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lockgate_model::Kind;

use super::fact::Signer;
use crate::reason::{listed, quoted};
use crate::trust::{Key, Trust};

/// Those of the keys whose owners may vouch for a kind. The error is a reason.
pub(super) fn may_vouch(keys: &[&Key], kind: Kind) -> Result<Vec<Signer>, String> {
    let covering: Vec<Signer> = keys
        .iter()
        .filter(|key| key.covers(kind))
        .map(|key| Signer::new(key.name.clone(), key.id()))
        .collect();
    if !covering.is_empty() {
        return Ok(covering);
    }
    let why: Vec<String> = keys.iter().map(|key| not_for(key, kind)).collect();
    Err(format!("signer-not-for-kind: {}", why.join("; ")))
}

fn not_for(key: &Key, kind: Kind) -> String {
    let name = quoted(&key.name);
    match &key.kinds {
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
pub(super) fn unverified(trust: &Trust, hint: Option<&str>, signatures: usize) -> String {
    if let Some(key) = hint.and_then(|hint| hinted(trust, hint)) {
        return format!(
            "the signature does not verify with key {}, which its hint names",
            quoted(&key.name)
        );
    }
    let what = if signatures == 1 { "the signature" } else { "any of its signatures" };
    let hint = hint.map(|hint| format!(" (its hint names key {})", quoted(hint)));
    format!("no key in `[trust]` verifies {what}{}", hint.unwrap_or_default())
}

/// The key that a hint names: the digest of a trusted key's `SubjectPublicKeyInfo`, in base64.
pub(super) fn hinted<'t>(trust: &'t Trust, hint: &str) -> Option<&'t Key> {
    let bytes: [u8; 32] = STANDARD.decode(hint).ok()?.try_into().ok()?;
    trust.keys().iter().find(|key| *key.id().as_bytes() == bytes)
}
