//! Reads every manifest and index that a layout lists, each once.
//!
//! All have to be looked at, for what refers to the artifact says so in itself and nowhere else. What
//! cannot be read is kept with its reason. The nearest to `index.json` are read first, so that
//! whatever a limit cuts off lies deepest.

use std::collections::{BTreeMap, BTreeSet};

use lockgate_model::{Digest, Text};

use super::LayoutError;
use super::blob::{Blobs, Unread};
use super::manifest::{Descriptor, Lists, MAX_MANIFESTS, Node, Pointer};
use super::reference::Wanted;
use crate::reason::listed;

/// The most bytes of one manifest or index: what registries have to take at least, and no layout
/// seen in the field comes near it.
pub(super) const MAX_BYTES: u64 = 4 << 20;

/// The most bytes of all of them: several times what so many manifests of the usual two kilobytes
/// take. Sparse files cost whoever plants them nothing.
const MAX_ALL_BYTES: u64 = 32 << 20;

/// How many indexes may lie in each other below `index.json`. The referrers of an image of several
/// platforms lie two deep; deeper than this it hides something.
const MAX_DEPTH: usize = 4;

/// The most tags or digests that a message lists.
const MAX_TOLD: usize = 16;

/// What a layout lists, read.
pub(super) struct Survey {
    /// What `index.json` lists.
    pub(super) top: Vec<Descriptor>,
    nodes: BTreeMap<Pointer, Result<Node, Unread>>,
}

impl Survey {
    /// Reads what these descriptors of `index.json` point to, and on from there.
    pub(super) fn of(blobs: &Blobs, top: Vec<Descriptor>) -> Self {
        let mut left = MAX_ALL_BYTES;
        let mut nodes = BTreeMap::new();
        let mut level: Vec<Pointer> = pointers(&top).collect();
        for depth in 0.. {
            let mut below = Vec::new();
            for pointer in level {
                if nodes.contains_key(&pointer) {
                    continue;
                }
                if nodes.len() == MAX_MANIFESTS {
                    let reason = format!(
                        "is not read, nor what follows: a layout lists {MAX_MANIFESTS} manifests \
                         at most"
                    );
                    nodes.insert(pointer, Err(Unread::Flaw(reason)));
                    return Self { top, nodes };
                }
                let read = if depth > MAX_DEPTH {
                    Err(Unread::Flaw(format!("lies more than {MAX_DEPTH} indexes deep")))
                } else {
                    read(blobs, pointer, &mut left)
                };
                if let Ok(Node { lists: Lists::Manifests(list), .. }) = &read {
                    below.extend(pointers(list));
                }
                nodes.insert(pointer, read);
            }
            if below.is_empty() {
                break;
            }
            level = below;
        }
        Self { top, nodes }
    }

    /// What was read at a pointer that something lists.
    pub(super) fn node(&self, pointer: &Pointer) -> Option<&Result<Node, Unread>> {
        self.nodes.get(pointer)
    }

    /// Everything that was read, or not read and why, by digest.
    pub(super) fn nodes(&self) -> impl Iterator<Item = (&Pointer, &Result<Node, Unread>)> {
        self.nodes.iter()
    }

    /// Takes what was read.
    pub(super) fn take(mut self, pointer: &Pointer) -> Result<Node, Unread> {
        let missing = || Err(Unread::Flaw("is not read: the layout lists too many".to_owned()));
        self.nodes.remove(pointer).unwrap_or_else(missing)
    }

    /// An index with everything below it.
    pub(super) fn below(&self, pointer: Pointer) -> BTreeSet<Pointer> {
        let mut found = BTreeSet::new();
        let mut open = vec![pointer];
        while let Some(pointer) = open.pop() {
            if found.insert(pointer)
                && let Some(Ok(Node { lists: Lists::Manifests(list), .. })) = self.node(&pointer)
            {
                open.extend(pointers(list));
            }
        }
        found
    }

    /// Which manifest is the artifact.
    pub(super) fn choose(&self, wanted: &Wanted) -> Result<Pointer, LayoutError> {
        match wanted {
            Wanted::Only => self.only(),
            Wanted::Tag(tag) => self.tagged(tag),
            Wanted::Digest(digest) => self.with_digest(*digest),
        }
    }

    /// What `index.json` lists, but for what `cosign save` keeps beside the image, under its tag.
    fn listed(&self) -> impl Iterator<Item = &Descriptor> {
        self.top.iter().filter(|descriptor| !descriptor.is_saved_evidence())
    }

    fn tagged(&self, tag: &str) -> Result<Pointer, LayoutError> {
        let mut pointers = BTreeSet::new();
        for descriptor in self.listed().filter(|descriptor| descriptor.tag() == Some(tag)) {
            let pointer = descriptor.pointer().map_err(|refused| LayoutError::Unusable {
                name: descriptor.shown(),
                reason: format!("is not one: {}", refused.reason),
            })?;
            pointers.insert(pointer);
        }
        let tag = Text::escaped(tag);
        match pointers.pop_first() {
            None => Err(LayoutError::NoSuchTag { tag, others: self.others() }),
            Some(pointer) if pointers.is_empty() => Ok(pointer),
            Some(_) => Err(LayoutError::TagTwice { tag }),
        }
    }

    /// One with this digest that can be read, if any can.
    fn with_digest(&self, digest: Digest) -> Result<Pointer, LayoutError> {
        let mut found: Vec<_> = self.nodes().filter(|(at, _)| at.digest == digest).collect();
        found.sort_by_key(|(_, read)| read.is_err());
        let found = found.first().map(|(pointer, _)| **pointer);
        found.ok_or_else(|| LayoutError::NoSuchDigest { digest, others: self.others() })
    }

    /// The only one of `index.json` that is no referrer.
    fn only(&self) -> Result<Pointer, LayoutError> {
        let candidates: BTreeSet<_> = self
            .listed()
            .filter(|descriptor| !descriptor.tag().is_some_and(is_for_referrers))
            .filter_map(|descriptor| descriptor.pointer().ok())
            .filter(|pointer| self.may_be_the_artifact(pointer))
            .collect();
        let mut digests: Vec<_> = candidates.iter().map(|pointer| pointer.digest).collect();
        digests.dedup();
        match (candidates.first(), digests.len()) {
            (None, _) => Err(LayoutError::Nothing),
            (Some(_), 1) => self.with_digest(digests[0]),
            (Some(_), _) => Err(LayoutError::Several { candidates: self.names(&digests) }),
        }
    }

    /// What cannot be read may be the artifact: nothing says that it refers to another.
    fn may_be_the_artifact(&self, pointer: &Pointer) -> bool {
        !matches!(self.node(pointer), Some(Ok(Node { subject: Some(_), .. })))
    }

    /// The tags that there are, in words.
    fn others(&self) -> String {
        let tags: BTreeSet<&str> = self.listed().filter_map(Descriptor::tag).collect();
        let (for_referrers, tags): (Vec<&str>, Vec<&str>) =
            tags.into_iter().partition(|tag| is_for_referrers(tag));
        match (tags.len(), for_referrers.len()) {
            (0, 0) => "it has no tags; name a manifest by `@sha256:HEX`, or none if there is only \
                       one"
            .to_owned(),
            (0, _) => "it has tags of referrers only".to_owned(),
            (count, _) => format!(
                "it has {}{}; any manifest that it lists can be named by `@sha256:HEX`",
                if count == 1 { "the tag " } else { "the tags " },
                told(&tags)
            ),
        }
    }

    /// What candidates are called: by their tags, and else by their digests.
    fn names(&self, digests: &[Digest]) -> String {
        let tag = |descriptor: &'_ Descriptor| {
            Some((descriptor.pointer().ok()?.digest, descriptor.tag()?.to_owned()))
        };
        let tags: BTreeMap<Digest, String> = self.listed().filter_map(tag).collect();
        let name = |digest: &Digest| match tags.get(digest) {
            Some(tag) => format!(":{tag}"),
            None => format!("@{digest}"),
        };
        let mut names: Vec<String> = digests.iter().map(name).collect();
        names.sort_unstable();
        told(&names.iter().map(String::as_str).collect::<Vec<_>>())
    }
}

/// Some of the names, and how many more there are.
fn told(names: &[&str]) -> String {
    let told = listed(names.iter().copied().take(MAX_TOLD));
    match names.len().saturating_sub(MAX_TOLD) {
        0 => told,
        more => format!("{told}, and {more} more"),
    }
}

/// The tag under which the referrers of a manifest are kept, or what cosign wrote of old, begins so:
/// the manifest's digest, with a dash for the colon.
pub(super) fn referrers_tag(digest: Digest) -> String {
    format!("sha256-{}", digest.hex())
}

/// What cosign puts behind that: signatures, attestations, and bills of materials.
pub(super) const COSIGN_SUFFIXES: [&str; 3] = [".sig", ".att", ".sbom"];

/// Whether a tag is one of those, of whatever manifest.
fn is_for_referrers(tag: &str) -> bool {
    let bare = COSIGN_SUFFIXES.iter().find_map(|suffix| tag.strip_suffix(suffix)).unwrap_or(tag);
    let digest = bare.strip_prefix("sha256-").map(|hex| format!("sha256:{hex}").parse::<Digest>());
    matches!(digest, Some(Ok(_)))
}

fn pointers(list: &[Descriptor]) -> impl Iterator<Item = Pointer> {
    list.iter().filter_map(|descriptor| descriptor.pointer().ok())
}

fn read(blobs: &Blobs, pointer: Pointer, left: &mut u64) -> Result<Node, Unread> {
    let Pointer { digest, size, media } = pointer;
    if size > MAX_BYTES {
        return Err(Unread::Flaw(format!("has {size} bytes, and a manifest {MAX_BYTES} at most")));
    }
    let Some(rest) = left.checked_sub(size) else {
        let reason = format!("would make all manifests more than {MAX_ALL_BYTES} bytes");
        return Err(Unread::Flaw(reason));
    };
    *left = rest;
    let bytes = blobs.read(digest, size)?;
    Ok(Node::read(bytes, media)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_for_referrers_are_told_from_tags_of_images() {
        let hex = "0".repeat(64);
        for tag in ["", ".sig", ".att", ".sbom"] {
            assert!(is_for_referrers(&format!("sha256-{hex}{tag}")), "{tag}");
        }
        for tag in ["v1", "sha256-", "sha256-abc", "sha512-abc.sig"] {
            assert!(!is_for_referrers(tag), "{tag}");
        }
        assert!(!is_for_referrers(&format!("sha256-{hex}.txt")));
        assert!(!is_for_referrers(&format!("sha256-{}", "A".repeat(64))));
    }
}
