//! Verifies signatures of minisign.
//!
//! Two signatures are verified with one key: the one over the artifact, and the one over that and
//! the trusted comment. The key's number in the file is not signed and chooses nothing.

use lockgate_model::Text;

use super::budget::Budget;
use super::checks::ContextCheck;
use super::proof::Proof;
use super::{Fact, Place, Question, Reason};
use crate::claim::Minisig;
use crate::hashes::Over;
use crate::reason::{listed, quoted};
use crate::trust::{Algorithm, Form, Key};

/// How many bytes a prehashed signature is over: a BLAKE2b-512 digest.
const PREHASHED: usize = 64;

/// What to do about a key that is not trusted.
const ADD: &str = "if you trust that key, add a `[[trust.key]]` whose `file` is its `minisign.pub`";

impl Question<'_> {
    /// A signature of minisign.
    pub(super) fn minisig(&self, place: Place, signed: &Minisig) -> Result<Fact, Reason> {
        let of_minisign = |key: &&Key| matches!(key.form, Form::Minisign { .. });
        let keys: Vec<&Key> = self.trust.keys().iter().filter(of_minisign).collect();
        if keys.is_empty() {
            let id = shown(signed.key_id);
            let why = format!("`[trust]` has no minisign key (it is signed with key {id})");
            return Err(Reason::new(why).helped(ADD));
        }
        let over = signed.over;
        let part = self.artifact.part(over).map_err(|unknown| {
            let names = listed(keys.iter().map(|key| key.mandate.name.as_str()));
            let why = format!("its check with {names} is not possible: {}", unknown.clause(over));
            Reason::new(why).helped(unknown.help())
        })?;
        // Which of the two ways it was signed is not signed itself.
        if over == Over::Bytes && part.len() == PREHASHED {
            return Err(Reason::new(format!(
                "it signs {PREHASHED} bytes, and cannot be told from a signature over the file of \
                 which they are the digest"
            ))
            .helped("sign it without `-l`"));
        }
        self.charge(keys.len() as u64 * Budget::of_try(over, part.len()))?;
        let made = |key: &&Key| key.verifies_by(Algorithm::Ed25519, part, &signed.signature);
        let Some(key) = keys.iter().copied().find(made) else {
            return Err(unverified(&keys, signed.key_id));
        };
        let commented = [&signed.signature[..], signed.comment.as_bytes()].concat();
        if !key.verifies_by(Algorithm::Ed25519, &commented, &signed.global) {
            let name = quoted(&key.mandate.name);
            return Err(Reason::new(format!("{name} signs it, but not its trusted comment")));
        }
        let context = ContextCheck::TrustedComment(Text::escaped(&signed.comment));
        self.signature(place, "minisign", &Proof::by_keys(&[key]), over, context)
    }
}

/// Why no key verifies it. Only here the key's number is looked at.
fn unverified(keys: &[&Key], id: [u8; 8]) -> Reason {
    match keys.iter().find(|key| key.form == Form::Minisign { id }) {
        Some(key) => {
            let name = quoted(&key.mandate.name);
            Reason::new(format!(
                "the signature does not verify with key {name}, which its key id names"
            ))
            .helped("the artifact or the signature was changed after it was signed")
        }
        None => Reason::new(format!(
            "no key in `[trust]` verifies the signature (it is signed with key {})",
            shown(id)
        ))
        .helped(ADD),
    }
}

/// A key's number, as minisign shows it.
fn shown(id: [u8; 8]) -> String {
    format!("`{:016X}`", u64::from_le_bytes(id))
}
