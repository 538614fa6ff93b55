//! Verifies signatures of OpenSSH over files.
//!
//! A signature is made for a namespace, which is signed. One that was made for another purpose than
//! signing files must not count as one over a file, so the namespace has to be the key's.

use lockgate_model::Text;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::budget::Budget;
use super::checks::ContextCheck;
use super::proof::Proof;
use super::{Fact, Place, Question, Reason};
use crate::claim::Sshsig;
use crate::hashes::Over;
use crate::reason::{listed, quoted};
use crate::trust::{Form, Key};

/// What to do about a key that is not trusted.
const ADD: &str = "if you trust that key (`ssh-keygen -l` shows its number), add a `[[trust.key]]` whose \
                   `file` is the public key";

impl Question<'_> {
    /// A signature of OpenSSH.
    pub(super) fn sshsig(&self, place: Place, signed: &Sshsig) -> Result<Fact, Reason> {
        let of_openssh = |key: &&Key| matches!(key.form, Form::OpenSsh { .. });
        let keys: Vec<&Key> = self.trust.keys().iter().filter(of_openssh).collect();
        let fingerprint = quoted(&signed.fingerprint);
        if keys.is_empty() {
            let why = format!("`[trust]` has no OpenSSH key (it is signed with {fingerprint})");
            return Err(Reason::new(why).helped(ADD));
        }
        let over = signed.over;
        let hash = self.artifact.part(over).map_err(|unknown| {
            let names = listed(keys.iter().map(|key| key.mandate.name.as_str()));
            let why = format!("its check with {names} is not possible: {}", unknown.clause(over));
            Reason::new(why).helped(unknown.help())
        })?;
        let message = signed.message(hash);
        let part = match signed.algorithm.over() {
            Over::Sha256 => Sha256::digest(&message).to_vec(),
            Over::Sha384 => Sha384::digest(&message).to_vec(),
            Over::Sha512 => Sha512::digest(&message).to_vec(),
            // Ed25519 hashes in its own way; OpenSSH signs over nothing else.
            Over::Bytes | Over::Blake2b512 => message,
        };
        self.charge(keys.len() as u64 * Budget::of_try(signed.algorithm.over(), part.len()))?;
        let made = |key: &&Key| key.verifies_by(signed.algorithm, &part, &signed.signature);
        let Some(key) = keys.into_iter().find(made) else {
            let why = format!(
                "no key in `[trust]` verifies the signature (it is signed with {fingerprint})"
            );
            return Err(Reason::new(why).helped(ADD));
        };
        if let Form::OpenSsh { namespace } = &key.form
            && *namespace != signed.namespace
        {
            return Err(Reason::new(format!(
                "{} signs it in the namespace {}, and its signatures count in {}",
                quoted(&key.mandate.name),
                quoted(&signed.namespace),
                quoted(namespace)
            ))
            .helped(
                "sign it with `ssh-keygen -Y sign -n` and that namespace, or set `namespace`",
            ));
        }
        let context = ContextCheck::Namespace(Text::escaped(&signed.namespace));
        self.signature(place, "openssh", &Proof::by_keys(&[key]), over, context)
    }
}
