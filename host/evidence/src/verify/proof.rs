//! Proves who signed: by keys, by a certificate, or both, and who else saw the signature.

use lockgate_model::{Instant, Text};

use super::budget::CERTIFICATE;
use super::checks::{
    Checks, ContextCheck, IdentityCheck, LogCheck, SctCheck, ShapeCheck, SignatureCheck,
    SubjectCheck, TimeCheck, WindowCheck,
};
use super::signer::{Signatory, unverified};
use super::{Question, Reason};
use crate::claim::Beside;
use crate::reason::quoted;
use crate::sigstore::{Certificate, Material, Reached, Signed, Unproved, Witnesses};
use crate::trust::{Difference, Identity, Key, Moment, Root, digest_of};

/// Who signed, and all that is known of the signature itself.
pub(super) struct Proof<'t> {
    // INVARIANT: at least one.
    pub(super) by: Vec<Signatory<'t>>,
    identity: IdentityCheck,
    log: LogCheck,
    sct: SctCheck,
    /// What tells whoever the certificate was issued to from others.
    certified: Option<String>,
    /// The root whose logs and authorities are the witnesses.
    root: Option<String>,
    witnesses: Witnesses,
}

impl<'t> Proof<'t> {
    /// That keys signed, which nobody else saw.
    pub(super) fn by_keys(keys: &[&'t Key]) -> Self {
        Self {
            by: keys.iter().map(|key| Signatory::Key(key)).collect(),
            identity: IdentityCheck::NotRequired,
            log: LogCheck::NotRequired,
            sct: SctCheck::NotRequired,
            certified: None,
            root: None,
            witnesses: Witnesses::default(),
        }
    }
}

impl Proof<'_> {
    /// Whether all who signed made the same signature.
    pub(super) fn is_one_signature(&self) -> bool {
        self.certified.is_some()
    }

    /// The checks of a document with this proof; what its format has beside them is added by whoever
    /// reads that format.
    pub(super) fn checks(
        &self,
        signature: SignatureCheck,
        subject: SubjectCheck,
        time: TimeCheck,
        window: WindowCheck,
    ) -> Checks {
        Checks {
            signature,
            context: ContextCheck::None,
            subject,
            identity: self.identity.clone(),
            log: self.log.clone(),
            sct: self.sct,
            time,
            window,
            shape: ShapeCheck::NotChecked,
        }
    }

    /// What tells a signer from others: the key, or whom the certificate was issued to. A key that
    /// a certificate is about is that somebody, too.
    pub(super) fn id_of(&self, one: Signatory) -> String {
        match (one, &self.certified) {
            (_, Some(certified)) => certified.clone(),
            (Signatory::Key(key), None) => key.id().to_string(),
            (Signatory::Identity(identity), None) => format!("identity:{}", identity.id.hex()),
        }
    }
}

impl Proof<'_> {
    /// When one of those who signed is held to have done so, where it is asked for a moment. Of a key
    /// that names a root, the witnesses of another root say nothing, be it by a certificate or not.
    pub(super) fn moment(&self, at: Instant, one: Signatory) -> Moment {
        let may_say = match one {
            Signatory::Key(key) => key.root.is_none() || key.root == self.root,
            // It was asked for under this very root.
            Signatory::Identity(_) => true,
        };
        let seen = self.witnesses.earliest().filter(|_| may_say);
        Moment { at, trusted: seen.map(|(at, _)| at) }
    }
}

impl<'a> Question<'a> {
    /// The trusted time of a signature, if there is one; it may not be in the future.
    pub(super) fn trusted_time(&self, proof: &Proof) -> Result<Option<TimeCheck>, Reason> {
        if let Some((late, _)) =
            proof.witnesses.latest().filter(|(late, _)| late.is_well_after(self.at))
        {
            return Err(Reason::new(format!(
                "its trusted time is {late}, which is more than five minutes after {}",
                self.at
            )));
        }
        Ok(proof.witnesses.earliest().map(|(at, source)| TimeCheck::Trusted(at, source)))
    }

    /// Proves who signed. `keys` are those that verify a signature; `signed` is what a verifier of
    /// bundles is shown, none where it takes no such thing, and the reason for that.
    pub(super) fn prove(
        &self,
        keys: &[&'a Key],
        signatures: usize,
        beside: &Beside,
        signed: Result<Signed<'_>, String>,
    ) -> Result<Proof<'a>, Reason> {
        let material = beside.material.as_deref();
        if let Some(material) = material.filter(|material| material.has_certificate()) {
            let certified = match signed {
                Ok(signed) => self.certified(material, signed),
                Err(why) => Err(Reason::new(why)),
            };
            return match certified {
                Ok(mut proof) => {
                    proof.by.extend(keys.iter().map(|key| Signatory::Key(key)));
                    // Its own signatures are the same signer's.
                    if let Some(key) = keys.first() {
                        proof.certified = Some(key.id().to_string());
                    }
                    Ok(proof)
                }
                // A certificate that proves nothing takes nothing from a key that does.
                Err(reason) if !keys.is_empty() => {
                    let log = LogCheck::NotPossible(reason.why);
                    Ok(Proof { log, ..Proof::by_keys(keys) })
                }
                Err(reason) => Err(reason),
            };
        }
        let Some(key) = keys.first() else {
            return Err(unverified(self.trust, beside.hint.as_deref(), signatures));
        };
        let mut proof = Proof::by_keys(keys);
        if let Some(material) = material.filter(|material| material.has_witnesses()) {
            match signed {
                Ok(signed) => self.witness(&mut proof, key, material, signed)?,
                Err(why) => proof.log = LogCheck::NotPossible(why),
            }
        }
        Ok(proof)
    }

    /// Adds who else saw the signature of a key. An entry of a log that a root names has to verify;
    /// one of another log is not needed and counts for nothing.
    fn witness(
        &self,
        proof: &mut Proof,
        key: &Key,
        material: &Material,
        signed: Signed<'_>,
    ) -> Result<(), Reason> {
        let mut why = "no root in `[trust]` that may say so names its log".to_owned();
        let may_say = |root: &&Root| key.root.as_ref().is_none_or(|name| *name == root.name);
        for root in self.trust.roots().iter().filter(may_say) {
            if !root.verify().knows_logs_of(material) {
                continue;
            }
            self.charge(CERTIFICATE)?;
            match root.verify().by_key(material, signed, key.spki()) {
                Ok(witnesses) => {
                    proof.log = witnesses.log.map_or(LogCheck::NotRequired, LogCheck::Included);
                    proof.root = Some(root.name.clone());
                    proof.witnesses = witnesses;
                    return Ok(());
                }
                Err(unproved)
                    if unproved.reached != Reached::Unknown && material.has_log_entries() =>
                {
                    return Err(Reason::new(format!(
                        "{} signs it, but what it says of the log {} does not hold: {}",
                        quoted(&key.mandate.name),
                        quoted(&root.name),
                        unproved.why
                    )));
                }
                Err(unproved) => why = unproved.why,
            }
        }
        proof.log = LogCheck::NotPossible(why);
        Ok(())
    }

    /// Whose certificate it is: an authority of a root issued it, and an identity under that root
    /// asks for what it says.
    fn certified(&self, material: &Material, signed: Signed<'_>) -> Result<Proof<'a>, Reason> {
        let mut stranger: Option<(&Root, Certificate)> = None;
        let mut refused: Vec<(&Root, Unproved)> = Vec::new();
        for root in self.trust.roots() {
            self.charge(CERTIFICATE)?;
            match root.verify().by_certificate(material, signed, root.demands()) {
                Ok((certificate, witnesses)) => {
                    let by = self.identities_of(root, &certificate);
                    if by.is_empty() {
                        stranger.get_or_insert((root, certificate));
                    } else {
                        return Ok(proof(root, &certificate, witnesses, by));
                    }
                }
                Err(unproved) => refused.push((root, unproved)),
            }
        }
        if let Some((root, certificate)) = stranger {
            return Err(self.unnamed(root, &certificate));
        }
        Err(unproved_under(&refused, material))
    }

    fn identities_of(&self, root: &Root, certificate: &Certificate) -> Vec<Signatory<'a>> {
        let identities = self.trust.identities().iter();
        let asks = |identity: &&Identity| identity.differs(&root.name, certificate).is_none();
        identities.filter(asks).map(Signatory::Identity).collect()
    }

    /// A certificate that is good, and that no identity asks for: who it is, which identity comes
    /// closest, and what would have to be written.
    fn unnamed(&self, root: &Root, certificate: &Certificate) -> Reason {
        let issuer = certificate.issuer.as_deref().map_or_else(|| "none".to_owned(), quoted);
        let subject = match &certificate.subject {
            Some(subject) => whole(subject.as_str()),
            None => "a subject of a type that is not read".to_owned(),
        };
        let mut why = format!(
            "it is signed by {subject} (issuer {issuer}, root {}), whom no identity in `[trust]` \
             asks for",
            quoted(&root.name)
        );
        let differences = self.trust.identities().iter().filter_map(|identity| {
            Some((identity.differs(&root.name, certificate)?, &identity.mandate.name))
        });
        // The first by name among those that come equally close.
        let closest = differences
            .reduce(|best, next| if next.0.closeness > best.0.closeness { next } else { best });
        if let Some((Difference { field, wanted, found, .. }, name)) = closest {
            why += &format!("; {} asks for the {field} {wanted}", quoted(name));
            if let Some(found) = found {
                why += &format!(", and it is {}", quoted(&found));
            }
        }
        Reason::new(why).helped(&format!(
            "if you trust it, add a `[[trust.identity]]` with `root = \"{}\"`, this `issuer` and this \
             `subject`",
            root.name
        ))
    }
}

/// Why a certificate proves nothing: what each root says under which it came farthest.
fn unproved_under(refused: &[(&Root, Unproved)], material: &Material) -> Reason {
    let Some(farthest) = refused.iter().map(|(_, unproved)| unproved.reached).max() else {
        let why = "it is signed with a certificate, and `[trust]` has no root";
        let help = "name a trusted root with `sigstore-root` or `[[trust.root]]`";
        return Reason::new(why.to_owned()).helped(help);
    };
    let told = refused.iter().filter(|(_, unproved)| unproved.reached == farthest);
    let told = told.map(|(root, Unproved { why, .. })| {
        format!("under the root {}, {why}", quoted(&root.name))
    });
    let told: Vec<String> = told.collect();
    let reason = Reason::new(format!("its certificate proves nothing: {}", told.join("; ")));
    match farthest {
        Reached::Authority => reason.helped(
            "if it was issued by another instance of Sigstore, name that one's trusted root in a \
             `[[trust.root]]`",
        ),
        Reached::Witness if !material.has_log_entries() => reason.helped(
            "if it was made by an instance that has no log, as GitHub's for private repositories, name \
             that one's trusted root in a `[[trust.root]]`",
        ),
        _ => reason,
    }
}

fn proof<'t>(
    root: &Root,
    certificate: &Certificate,
    witnesses: Witnesses,
    by: Vec<Signatory<'t>>,
) -> Proof<'t> {
    let subject = certificate.subject.as_ref().map_or("", |subject| subject.as_str());
    let identity = IdentityCheck::Certificate {
        root: root.name.clone(),
        issuer: Text::escaped(certificate.issuer.as_deref().unwrap_or_default()),
        subject: Text::escaped(subject),
    };
    let log = witnesses.log.map_or(LogCheck::NotRequired, LogCheck::Included);
    let sct = if witnesses.sct { SctCheck::Verified } else { SctCheck::NotRequired };
    let issuer = certificate.issuer.as_deref().unwrap_or_default();
    let certified = digest_of([root.name.as_str(), issuer, subject]);
    let certified = Some(format!("identity:{}", certified.hex()));
    Proof { by, identity, log, sct, certified, root: Some(root.name.clone()), witnesses }
}

/// A subject is compared by eye, so more of it is shown than of other texts of strangers.
fn whole(subject: &str) -> String {
    const MAX_SUBJECT: usize = 512;
    let shown: String = subject.chars().take(MAX_SUBJECT).collect();
    format!("`{}`", Text::escaped(&shown))
}
