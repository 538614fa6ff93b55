//! What is said, by what it is said of.
//!
//! Of what one signer says of one thing only what stands is kept: the latest, and of two of the same
//! moment the worse. So a row is answered from as many words as there are signers, however often they
//! have spoken.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use lockgate_model::{Digest, Instant};

use super::component::bucket;
use super::{Component, Package, Status, Target};
use crate::package::purl;

/// The most sets of ids under which one vulnerability is spoken of, and the most spellings, by
/// qualifiers, of one package and version that are told apart for it. Databases and architectures
/// make a few; each costs every row that shares it.
const MAX_ALIKE: usize = 256;

/// What one signer says of one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word<'a> {
    pub(super) at: Option<Instant>,
    pub(super) status: Status,
    pub(super) document: Digest,
    pub(super) justification: Option<&'a str>,
    /// The number of the fact that it stands in.
    pub(super) fact: usize,
}

impl Word<'_> {
    /// What decides between two words of one signer: the greater supersedes the other. Behind the
    /// moment and the status stands what makes the answer the same whatever their order.
    fn standing(&self) -> impl Ord + '_ {
        let Self { at, status, document, justification, fact: _ } = self;
        let severity = std::cmp::Reverse(*status);
        (*at, severity, std::cmp::Reverse(*justification), std::cmp::Reverse(*document))
    }

    /// What decides between the words of several signers: the lesser one is told.
    pub(super) fn worst(&self) -> impl Ord + '_ {
        let Self { at, status, document, justification, fact: _ } = self;
        (*status, std::cmp::Reverse(*at), *justification, *document)
    }
}

/// What stands of one thing, by the identities of those who say it.
pub(super) type Words<'a> = BTreeMap<&'a str, Word<'a>>;

/// Adds a word to what stands.
pub(super) fn say<'a>(words: &mut Words<'a>, signer: &'a str, word: Word<'a>) {
    match words.entry(signer) {
        Entry::Vacant(free) => {
            free.insert(word);
        }
        Entry::Occupied(mut known) if word.standing() > known.get().standing() => {
            known.insert(word);
        }
        Entry::Occupied(_) => {}
    }
}

/// All that is said.
#[derive(Default)]
pub(super) struct Index<'a> {
    /// The places in `groups` of those that share an id, in lower case.
    by_id: BTreeMap<String, Vec<usize>>,
    /// By all ids under which a vulnerability is spoken of, in lower case, sorted.
    places: BTreeMap<Vec<String>, usize>,
    groups: Vec<Group<'a>>,
}

/// What is said of a vulnerability under one set of ids.
#[derive(Default)]
struct Group<'a> {
    /// Of every component.
    all: Words<'a>,
    packages: BTreeMap<&'a str, BTreeMap<&'a str, (&'a Package, Words<'a>)>>,
    named: BTreeMap<&'a str, BTreeMap<Option<&'a str>, Words<'a>>>,
}

/// What a word is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum About<'a> {
    /// Every component.
    All,
    /// This package.
    Package(&'a Package),
    /// This component.
    Component(&'a Component),
}

/// More is said alike than is told apart. The text says what.
#[derive(Debug)]
pub(super) struct TooMany(pub(super) String);

impl<'a> Index<'a> {
    /// The place of what is said under a set of ids, which are in lower case, sorted and distinct.
    pub(super) fn place(&mut self, ids: Vec<String>) -> Result<usize, TooMany> {
        if let Some(place) = self.places.get(&ids) {
            return Ok(*place);
        }
        for id in &ids {
            if self.by_id.get(id).is_some_and(|places| places.len() >= MAX_ALIKE) {
                let id = crate::reason::quoted(id);
                return Err(TooMany(format!(
                    "the vulnerability {id} is spoken of under more than {MAX_ALIKE} sets of ids"
                )));
            }
        }
        let place = self.groups.len();
        self.groups.push(Group::default());
        for id in &ids {
            self.by_id.entry(id.clone()).or_default().push(place);
        }
        self.places.insert(ids, place);
        Ok(place)
    }

    /// Adds what a signer says at a place.
    pub(super) fn say(
        &mut self,
        place: usize,
        about: About<'a>,
        signer: &'a str,
        word: Word<'a>,
    ) -> Result<(), TooMany> {
        let Some(group) = self.groups.get_mut(place) else { return Ok(()) };
        let words = match about {
            About::All => &mut group.all,
            About::Package(package) | About::Component(Component::Package(package)) => {
                let alike = group.packages.entry(package.bucket()).or_default();
                if alike.len() >= MAX_ALIKE && !alike.contains_key(package.as_str()) {
                    let package = crate::reason::quoted(package.as_str());
                    return Err(TooMany(format!(
                        "more than {MAX_ALIKE} packages are like {package} but for their qualifiers"
                    )));
                }
                &mut alike.entry(package.as_str()).or_insert_with(|| (package, Words::new())).1
            }
            About::Component(Component::Named { name, version }) => {
                group.named.entry(name).or_default().entry(version.as_deref()).or_default()
            }
            About::Component(Component::Vague(_)) => return Ok(()),
        };
        say(words, signer, word);
        Ok(())
    }

    /// What stands of a row.
    pub(super) fn standing(&self, target: &Target) -> Words<'a> {
        let mut ids: Vec<String> = target.aliases.iter().map(|id| id.to_lowercase()).collect();
        ids.push(target.vulnerability.to_lowercase());
        let places = ids.iter().filter_map(|id| self.by_id.get(id)).flatten();
        let mut places: Vec<usize> = places.copied().collect();
        places.sort_unstable();
        places.dedup();
        let mut standing = Words::new();
        if places.is_empty() {
            return standing;
        }
        let package = target.purl.and_then(purl::canonical);
        for group in places.into_iter().filter_map(|place| self.groups.get(place)) {
            let mut take = |words: &Words<'a>, certain: bool| {
                for (signer, word) in words {
                    // What may be said of another package counts only against this one.
                    if certain || !word.status.clears() {
                        say(&mut standing, signer, *word);
                    }
                }
            };
            take(&group.all, true);
            let Some((text, parts)) = &package else {
                // Without a package URL there is only the name.
                let named = group.named.get(target.component);
                for (version, words) in named.into_iter().flatten() {
                    if version.is_none_or(|version| target.version == Some(version)) {
                        take(words, true);
                    }
                }
                continue;
            };
            let alike = bucket(text).and_then(|bucket| group.packages.get(bucket.as_str()));
            for (package, words) in alike.into_iter().flat_map(BTreeMap::values) {
                if package.covers(text, parts) {
                    take(words, package.is_certain(text, parts));
                }
            }
        }
        standing
    }
}
