//! Finds what refers to the artifact, and what in it is read as evidence.
//!
//! Three things make a manifest a referrer: its `subject` names the artifact (OCI 1.1); the index
//! under the artifact's referrers tag lists it (the same specification, for registries without the
//! interface); it stands under one of cosign's older tags, or `cosign save` wrote it beside the
//! image. None of the three is proof of anything: what the documents say is verified as it is of any
//! other. So who is a referrer is read generously, and nothing that may be one is left out in
//! silence: a manifest that cannot be read is listed, for nobody can tell to what it refers.
//!
//! What a layer is follows from its media type. The `artifactType` of a manifest is not looked at,
//! for tools write many things there; the content then decides as for any other document.

use std::collections::{BTreeMap, BTreeSet};

use lockgate_model::{Digest, Kind, Text};

use super::manifest::{Descriptor, Lists, Node, Pointer};
use super::survey::{COSIGN_SUFFIXES, Survey, referrers_tag};
use crate::claim::{Refused, SimpleSigning};
use crate::reason::quoted;

/// What is read as evidence, by media type, and the kind where that tells it.
const DOCUMENTS: &[(&str, Option<Kind>)] = &[
    ("application/spdx+json", Some(Kind::Sbom)),
    ("application/vnd.cyclonedx+json", Some(Kind::Sbom)),
    ("application/vnd.dsse.envelope.v1+json", None),
    // Registered nowhere, and what is written all the same.
    ("application/vnd.openvex+json", Some(Kind::Vex)),
    ("text/spdx", Some(Kind::Sbom)),
    ("text/spdx+json", Some(Kind::Sbom)),
];

/// How the media types of sigstore bundles begin; the version is behind it, in several spellings.
const BUNDLE: &str = "application/vnd.dev.sigstore.bundle";

/// How the media types of in-toto statements and of envelopes around them begin: an end follows, or
/// a word for the predicate and then the end.
const IN_TOTO: &str = "application/vnd.in-toto";
const IN_TOTO_ENDS: [&str; 2] = ["+json", "+dsse"];

const SIMPLE_SIGNING: &str = "application/vnd.dev.cosign.simplesigning.v1+json";

/// A blob that layers of referrers name.
#[derive(Debug)]
pub(crate) struct Attached {
    pub(crate) digest: Digest,
    pub(crate) size: u64,
    /// As which it is a document by itself: media types, and the kinds that these tell.
    pub(crate) types: BTreeSet<(String, Option<Kind>)>,
    /// Simple signatures whose payload it is. Two signatures over one image share it.
    pub(crate) signatures: BTreeSet<SimpleSigning>,
}

/// What refers to the artifact.
#[derive(Debug, Default)]
pub(crate) struct Referrers {
    /// In the order of digests.
    pub(crate) attached: Vec<Attached>,
    /// What is not read, by its digest, and why.
    pub(crate) refused: Vec<(Text, Refused)>,
}

impl Referrers {
    /// Of one of the manifests that were surveyed; hardly more of them than `most`.
    pub(super) fn of(artifact: Pointer, survey: &Survey, most: usize) -> Self {
        let mut search = Search {
            artifact,
            survey,
            most,
            looked_at: BTreeSet::new(),
            attached: BTreeMap::new(),
            refused: BTreeMap::new(),
        };
        search.unreadable();
        search.by_subject();
        search.by_tag();
        search.finish()
    }
}

struct Search<'a> {
    artifact: Pointer,
    survey: &'a Survey,
    most: usize,
    /// Manifests that were looked at: a list may name one thousands of times.
    looked_at: BTreeSet<Pointer>,
    attached: BTreeMap<(Digest, u64), Attached>,
    /// By name and reason, so that each is told once.
    refused: BTreeMap<(Text, Text), Refused>,
}

impl<'a> Search<'a> {
    /// Everything listed that cannot be read, and might refer to the artifact. What lies below the
    /// artifact cannot: the artifact has its digest in it.
    fn unreadable(&mut self) {
        let survey = self.survey;
        let below = survey.below(self.artifact);
        let lists = survey.nodes().filter(|(pointer, _)| !below.contains(pointer)).filter_map(
            |(_, node)| match node {
                Ok(Node { lists: Lists::Manifests(list), .. }) => Some(list),
                _ => None,
            },
        );
        for descriptor in survey.top.iter().chain(lists.flatten()) {
            match descriptor.pointer() {
                Err(refused) => self.refuse(descriptor.shown(), refused),
                Ok(pointer) if below.contains(&pointer) => {}
                Ok(pointer) => {
                    if let Some(Err(unread)) = survey.node(&pointer) {
                        self.reject(pointer.digest, &unread.reason());
                    }
                }
            }
        }
    }

    fn by_subject(&mut self) {
        let survey = self.survey;
        let ours = self.artifact.digest.to_string();
        for (pointer, node) in survey.nodes() {
            match node {
                Ok(node) if node.subject.as_ref() == Some(&ours) => self.referrer(*pointer, node),
                _ => {}
            }
        }
    }

    fn by_tag(&mut self) {
        let survey = self.survey;
        let tag = referrers_tag(self.artifact.digest);
        let names = self.names();
        let mut lists = BTreeSet::new();
        for descriptor in &survey.top {
            let Some(pointer) = descriptor.pointer().ok() else { continue };
            let Some(Ok(node)) = survey.node(&pointer) else { continue };
            let suffix = descriptor.tag().and_then(|own| own.strip_prefix(tag.as_str()));
            let saved = descriptor.is_saved_evidence() && names.contains(&descriptor.tag());
            match (&node.lists, suffix) {
                (Lists::Manifests(_), Some("")) if !lists.insert(pointer) => {}
                (Lists::Manifests(list), Some("")) => self.listed(list),
                (Lists::Layers(_), Some("")) => self.claimed(pointer, node),
                (_, Some(suffix)) if COSIGN_SUFFIXES.contains(&suffix) => {
                    self.claimed(pointer, node);
                }
                _ if saved => self.claimed(pointer, node),
                _ => {}
            }
        }
    }

    /// The tags of the artifact in `index.json`, none among them where it is listed without one.
    fn names(&self) -> BTreeSet<Option<&'a str>> {
        let ours = |descriptor: &&Descriptor| {
            !descriptor.is_saved_evidence()
                && descriptor.pointer().is_ok_and(|at| at.digest == self.artifact.digest)
        };
        self.survey.top.iter().filter(ours).map(Descriptor::tag).collect()
    }

    /// What the index under the referrers tag lists.
    fn listed(&mut self, list: &[Descriptor]) {
        let survey = self.survey;
        for descriptor in list {
            let Some(pointer) = descriptor.pointer().ok() else { continue };
            if let Some(Ok(node)) = survey.node(&pointer) {
                self.claimed(pointer, node);
            }
        }
    }

    /// What somebody else calls a referrer, unless it says otherwise.
    fn claimed(&mut self, pointer: Pointer, node: &Node) {
        if self.looked_at.contains(&pointer) {
            return;
        }
        if pointer.digest == self.artifact.digest {
            return self.reject(pointer.digest, "is among its own referrers");
        }
        match &node.subject {
            Some(other) if *other != self.artifact.digest.to_string() => {
                let reason =
                    format!("is among the referrers, and its `subject` is {}", quoted(other));
                self.reject(pointer.digest, &reason);
            }
            _ => self.referrer(pointer, node),
        }
    }

    fn referrer(&mut self, pointer: Pointer, node: &Node) {
        if !self.looked_at.insert(pointer) {
            return;
        }
        let name = || Text::escaped(&pointer.digest.to_string());
        match &node.lists {
            Lists::Manifests(_) => {
                let reason = "is an index that refers to the artifact: only manifests are read";
                self.refuse(name(), Refused::unrecognised(reason));
            }
            Lists::Layers(layers) if layers.is_empty() => {
                let reason = "is a manifest that refers to the artifact and has no layers";
                self.refuse(name(), Refused::unrecognised(reason));
            }
            Lists::Layers(layers) => layers.iter().for_each(|layer| self.layer(layer)),
        }
    }

    fn layer(&mut self, layer: &Descriptor) {
        let media_type = layer.media_type.as_str();
        let document = document(media_type);
        if document.is_none() && media_type != SIMPLE_SIGNING {
            let found = quoted(media_type);
            let reason = format!("its media type {found} is not one of evidence");
            return self.refuse(layer.shown(), Refused::unrecognised(reason));
        }
        let digest = match layer.blob() {
            Ok(digest) => digest,
            Err(refused) => return self.refuse(layer.shown(), refused),
        };
        if self.is_full() {
            return;
        }
        let size = layer.size;
        let attached = self.attached.entry((digest, size)).or_insert_with(|| Attached {
            digest,
            size,
            types: BTreeSet::new(),
            signatures: BTreeSet::new(),
        });
        match document {
            Some(kind) => drop(attached.types.insert((media_type.to_owned(), kind))),
            None => drop(attached.signatures.insert(layer.simple_signing())),
        }
    }

    fn reject(&mut self, digest: Digest, reason: &str) {
        self.refuse(Text::escaped(&digest.to_string()), Refused::rejected(None, reason));
    }

    fn refuse(&mut self, name: Text, refused: Refused) {
        if !self.is_full() {
            self.refused.insert((name, refused.reason.clone()), refused);
        }
    }

    /// Whether there is more than anybody reads.
    fn is_full(&self) -> bool {
        self.attached.len() + self.refused.len() > self.most
    }

    fn finish(self) -> Referrers {
        let refused = self.refused.into_iter().map(|((name, _), refused)| (name, refused));
        Referrers { attached: self.attached.into_values().collect(), refused: refused.collect() }
    }
}

/// Whether a media type is that of a document, and of which kind if it tells.
fn document(media_type: &str) -> Option<Option<Kind>> {
    let in_toto = media_type.strip_prefix(IN_TOTO).is_some_and(|rest| {
        let word = IN_TOTO_ENDS.iter().find_map(|end| rest.strip_suffix(end));
        word.is_some_and(|word| word.is_empty() || word.starts_with('.'))
    });
    if in_toto || media_type.starts_with(BUNDLE) {
        return Some(None);
    }
    DOCUMENTS.iter().find(|(known, _)| *known == media_type).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_known_by_the_media_type_of_its_layer() {
        for bundle in ["", "+json", "+json;version=0.1", ".v0.3+json"] {
            assert_eq!(document(&format!("{BUNDLE}{bundle}")), Some(None));
        }
        assert_eq!(document("application/vnd.in-toto+json"), Some(None));
        assert_eq!(document("application/vnd.in-toto.provenance+dsse"), Some(None));
        assert_eq!(document("application/vnd.cyclonedx+json"), Some(Some(Kind::Sbom)));
        for other in [
            "",
            "application/json",
            "application/vnd.oci.empty.v1+json",
            "application/vnd.oci.image.layer.v1.tar+gzip",
            "application/vnd.in-totox+json",
            "application/vnd.in-toto",
            "Application/spdx+json",
            SIMPLE_SIGNING,
        ] {
            assert_eq!(document(other), None, "{other}");
        }
    }
}
