//! Says what stands of the rows of a scan, by all VEX documents that count.
//!
//! Pure, and the order of documents, statements and rows does not matter: a row's answer follows from
//! what is said of it and by whom.

use std::collections::{BTreeMap, BTreeSet};

use lockgate_model::{Digest, Kind};

use super::index::{About, Index, TooMany, Word};
use super::{Document, Stated, Statement};
use crate::predicate::Predicate;
use crate::reason::{listed, quoted};
use crate::verify::{Assured, Attestation, Facts, Held, Signer, SubjectCheck, held};

/// A row of a scan: a vulnerability in a component.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The vulnerability's id.
    pub vulnerability: &'a str,
    /// Other ids of it.
    pub aliases: &'a [String],
    /// The component's name.
    pub component: &'a str,
    /// The installed version, as it was written.
    pub version: Option<&'a str>,
    /// The component's package URL, in any spelling.
    pub purl: Option<&'a str>,
}

/// What a stage lets VEX documents do beyond the strictest form. Each of these is a relaxation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rules {
    /// A statement about a package of one version covers that package wherever it is found, and
    /// not only as a component of a product (`vex.match = "purl"`).
    pub by_purl: bool,
    /// A statement that names no component of its product covers all components
    /// (`vex.without-subcomponent = "all"`).
    pub covers_all: bool,
}

/// The digests by which the artifact is known.
#[derive(Debug, Clone, Copy)]
pub struct Digests<'a> {
    /// SHA-256.
    pub sha256: Digest,
    /// SHA-512 in lower-case hexadecimal, if it was computed.
    pub sha512: Option<&'a str>,
}

/// What stands of some rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// What stands of each row, in the order in which they were given; none where nothing does.
    pub statuses: Vec<Option<Stated>>,
    /// The documents that should count and cannot be read, and why, by path and index. They may say
    /// anything, so whoever rests something on `statuses` has to look here first.
    pub unreadable: Vec<(Digest, String)>,
    /// What is worth knowing about how documents were read: sentences for people, by path and index.
    pub notes: Vec<String>,
}

/// Says what stands of rows, by the documents of signers who may vouch for `vex`: all of them, or
/// those whose names are honoured.
///
/// A CycloneDX document is of the kind `sbom` by its predicate type. What it says of vulnerabilities
/// counts by those of its signers who may vouch for `vex` as well.
#[must_use]
pub fn apply<'a>(
    facts: &Facts,
    digests: Digests<'_>,
    rules: Rules,
    honoured: Option<&BTreeSet<String>>,
    targets: impl IntoIterator<Item = Target<'a>>,
) -> Applied {
    let mut heard = Heard::default();
    let voices: Vec<Voices> =
        facts.attestations().iter().filter_map(|fact| heard.voices(fact, honoured)).collect();
    let ours = Ours { sha256: digests.sha256.hex(), sha512: digests.sha512 };
    for (fact, voices) in voices.iter().enumerate() {
        let attestation = voices.attestation;
        let said = match attestation.vex() {
            Ok(document) => heard.hear(voices, fact, document, &ours, rules),
            Err(unreadable) => Err(TooMany(unreadable.to_string())),
        };
        if let Err(TooMany(why)) = said {
            heard.unreadable.push((attestation.digest(), why));
        }
    }
    let statuses = targets.into_iter().map(|target| heard.stated(&voices, &target)).collect();
    let Heard { unreadable, notes, .. } = heard;
    Applied { statuses, unreadable, notes }
}

/// The facts on which what stands of rows rests, by path and index: whatever states VEX by signers who
/// may vouch for it, or by those of them whose names are honoured.
pub fn sources<'f>(
    facts: &'f Facts,
    honoured: Option<&BTreeSet<String>>,
) -> impl Iterator<Item = &'f Assured<Attestation>> {
    let mut heard = Heard::default();
    let facts = facts.attestations().iter().map(AsRef::as_ref);
    facts.filter(move |fact| heard.voices(fact, honoured).is_some())
}

/// A fact with VEX in it, and those whose word it is.
struct Voices<'f> {
    attestation: &'f Attestation,
    /// Whether its envelope names the artifact.
    bound: bool,
    /// The names, by the identity behind them. At least one.
    by: BTreeMap<&'f str, BTreeSet<&'f str>>,
    author: Option<&'f str>,
}

/// What was heard so far.
#[derive(Default)]
struct Heard<'f> {
    index: Index<'f>,
    unreadable: Vec<(Digest, String)>,
    notes: Vec<String>,
}

impl<'f> Heard<'f> {
    /// Those whose word a fact is, if it is anybody's.
    fn voices(
        &mut self,
        fact: &'f Assured<Attestation>,
        honoured: Option<&BTreeSet<String>>,
    ) -> Option<Voices<'f>> {
        let attestation = fact.get();
        let family = Predicate::of(attestation.predicate_type());
        if !matches!(family, Predicate::OpenVex | Predicate::CycloneDx) {
            return None;
        }
        let may = |signer: &&Signer| signer.may_vouch_for(Kind::Vex);
        if !fact.signers().iter().any(|signer| may(&signer)) {
            self.notes.extend(unheard(fact));
            return None;
        }
        let mut by: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for signer in fact.signers().iter().filter(may) {
            if honoured.is_none_or(|names| names.contains(signer.name())) {
                by.entry(signer.key()).or_default().insert(signer.name());
            }
        }
        let bound =
            !matches!(fact.checks().subject, SubjectCheck::Product | SubjectCheck::Packages);
        let author = attestation.vex().ok().and_then(|document| document.author());
        (!by.is_empty()).then_some(Voices { attestation, bound, by, author })
    }

    /// Adds what a document says.
    fn hear(
        &mut self,
        voices: &Voices<'f>,
        fact: usize,
        document: &'f Document,
        ours: &Ours,
        rules: Rules,
    ) -> Result<(), TooMany> {
        let path = quoted(voices.attestation.path().as_str());
        self.notes.extend(document.notes().iter().map(|note| format!("{path}: {note}")));
        for statement in document.statements() {
            let about = about(statement, voices.bound, ours, rules);
            if about.is_empty() {
                continue;
            }
            let ids = statement.aliases.iter().chain([&statement.vulnerability]);
            let ids: BTreeSet<String> = ids.map(|id| id.to_lowercase()).collect();
            let place = self.index.place(ids.into_iter().collect())?;
            let word = Word {
                at: statement.at,
                status: statement.status,
                document: voices.attestation.digest(),
                justification: statement.justification.as_deref(),
                fact,
            };
            for about in about {
                for key in voices.by.keys() {
                    self.index.say(place, about, key, word)?;
                }
            }
        }
        Ok(())
    }

    /// What stands of a row, and whose word it is.
    fn stated(&self, voices: &[Voices], target: &Target) -> Option<Stated> {
        let standing = self.index.standing(target);
        let worst = standing.values().min_by(|a, b| a.worst().cmp(&b.worst()))?;
        let said_by = voices.get(worst.fact)?;
        let keys = standing.iter().filter(|(_, word)| *word == worst).map(|(key, _)| key);
        let names = keys.filter_map(|key| said_by.by.get(key)).flatten();
        let names: BTreeSet<&str> = names.copied().collect();
        Some(Stated {
            status: worst.status,
            justification: worst.justification.map(str::to_owned),
            signers: names.into_iter().map(str::to_owned).collect(),
            document: worst.document,
            author: said_by.author.map(str::to_owned),
        })
    }
}

/// The artifact, as products name it.
struct Ours<'a> {
    sha256: String,
    sha512: Option<&'a str>,
}

/// What a statement is about, as far as it applies to the artifact at all.
fn about<'s>(statement: &'s Statement, bound: bool, ours: &Ours, rules: Rules) -> Vec<About<'s>> {
    let mut about = Vec::new();
    // What cannot be told counts only against.
    let may = |held: Held| match held {
        Held::Same => true,
        Held::Untold => !statement.status.clears(),
        Held::Other | Held::Nothing => false,
    };
    // Where it names no product, it is about what its envelope is about.
    let mut applies = bound && statement.products.is_empty();
    let mut whole = applies && statement.parts.is_empty();
    for product in &statement.products {
        let held = held(&product.hashes, &ours.sha256, ours.sha512);
        // A name tells nothing, so without a hash the envelope says what is meant.
        if may(held) || (bound && held == Held::Nothing) {
            applies = true;
            whole |= statement.is_about_whole(product);
            about.extend(product.parts.iter().map(About::Component));
        }
        if rules.by_purl
            && let Some(package) = statement.package(product)
        {
            // It is then the component itself, and of components no hash is known.
            let held = match held {
                Held::Nothing | Held::Same => Held::Same,
                Held::Other | Held::Untold => Held::Untold,
            };
            about.extend(may(held).then_some(About::Package(package)));
        }
    }
    if applies {
        about.extend(statement.parts.iter().map(About::Component));
    }
    about.extend((rules.covers_all && whole).then_some(About::All));
    about
}

/// What is worth knowing of a document that would say something if its signers could vouch for it.
fn unheard(fact: &Assured<Attestation>) -> Option<String> {
    let attestation = fact.get();
    // Most bills of materials say nothing of vulnerabilities, and need not be read to know that.
    memchr::memmem::find(attestation.predicate_bytes(), b"\"analysis\"")?;
    if attestation.vex().is_ok_and(|document| document.statements().is_empty()) {
        return None;
    }
    let path = quoted(attestation.path().as_str());
    Some(match fact.signers() {
        [] => {
            format!("{path}: what it says of vulnerabilities does not count, for it is not signed")
        }
        signers => format!(
            "{path}: what it says of vulnerabilities does not count, for {} may not vouch for `vex`",
            listed(signers.iter().map(Signer::name))
        ),
    })
}
