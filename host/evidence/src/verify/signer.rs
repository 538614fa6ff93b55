//! Who signed, whether they may vouch for what they signed, and what is said where nobody did.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lockgate_model::{Instant, Kind};

use super::fact::{Signer, WindowCheck};
use crate::reason::{listed, quoted};
use crate::trust::{Key, Trust};

/// Those of the keys whose owners may vouch for a kind at a moment. The error is a reason.
pub(super) fn may_vouch(
    keys: &[&Key],
    kind: Kind,
    at: Instant,
) -> Result<(Vec<Signer>, WindowCheck), String> {
    let may = |key: &&&Key| key.validity.refuse(at).is_none() && key.covers(kind);
    let vouching: Vec<&&Key> = keys.iter().filter(may).collect();
    if vouching.is_empty() {
        return Err(refused(keys, kind, at));
    }
    let windowed = vouching.iter().any(|key| key.validity.is_windowed());
    let window = if windowed { WindowCheck::AskedFor(at) } else { WindowCheck::NotRequired };
    let signer = |key: &&Key| Signer::new(key.name.clone(), key.id());
    Ok((vouching.into_iter().map(signer).collect(), window))
}

/// Why none of the keys may vouch: each with its code, which is said once for those that share it.
fn refused(keys: &[&Key], kind: Kind, at: Instant) -> String {
    let mut reason = String::new();
    let mut last = "";
    for key in keys {
        let (code, why) = match key.validity.refuse(at) {
            Some((code, why)) => (code, format!("{} signs it, and {why}", quoted(&key.name))),
            None => ("signer-not-for-kind", not_for(key, kind)),
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
