//! Reads manifests and indexes: what each lists, and what it refers to.
//!
//! By the OCI image specification 1.1, and of Docker's two older formats what they share with it.
//! A document that could be read as either a manifest or an index is refused, and so is one whose
//! `mediaType` is not the one by which it was found (CVE-2021-41190).

use lockgate_model::{Digest, Text};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::claim::{Refused, SimpleSigning};
use crate::json::{self, Bounded, Object};
use crate::reason::{quoted, short, shown};

/// The most descriptors of one index, and of all that a layout lists. The largest image indexes have
/// some fifty; a layout that mirrors a repository, some thousand.
pub(super) const MAX_MANIFESTS: usize = 4096;

/// The most layers of one manifest. Images have 127 at most; each signature by an older cosign is
/// one more.
const MAX_LAYERS: usize = 1024;

/// What a descriptor says that a blob is, if that is something that lists or refers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Media {
    OciManifest,
    OciIndex,
    DockerManifest,
    DockerList,
}

impl Media {
    const ALL: [Self; 4] =
        [Self::OciManifest, Self::OciIndex, Self::DockerManifest, Self::DockerList];

    fn as_str(self) -> &'static str {
        match self {
            Self::OciManifest => "application/vnd.oci.image.manifest.v1+json",
            Self::OciIndex => "application/vnd.oci.image.index.v1+json",
            Self::DockerManifest => "application/vnd.docker.distribution.manifest.v2+json",
            Self::DockerList => "application/vnd.docker.distribution.manifest.list.v2+json",
        }
    }

    fn is_index(self) -> bool {
        matches!(self, Self::OciIndex | Self::DockerList)
    }
}

/// Where a manifest or an index is to be found, and what it has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pointer {
    pub(super) digest: Digest,
    pub(super) size: u64,
    pub(super) media: Media,
}

/// What is said of a blob where it is listed. Of the annotations, those that mean something here.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor {
    pub(super) media_type: String,
    pub(super) digest: String,
    pub(super) size: u64,
    /// Boxed, for most layers have none.
    annotations: Option<Object<Box<Annotations>>>,
}

#[derive(Debug, Deserialize)]
struct Annotations {
    #[serde(rename = "org.opencontainers.image.ref.name")]
    tag: Option<String>,
    /// What `cosign save` says of what it wrote.
    kind: Option<String>,
    #[serde(rename = "dev.cosignproject.cosign/signature")]
    signature: Option<String>,
    #[serde(rename = "dev.sigstore.cosign/certificate")]
    certificate: Option<String>,
    #[serde(rename = "dev.sigstore.cosign/chain")]
    chain: Option<String>,
    #[serde(rename = "dev.sigstore.cosign/bundle")]
    bundle: Option<String>,
    #[serde(rename = "dev.sigstore.cosign/rfc3161timestamp")]
    timestamp: Option<String>,
}

impl Descriptor {
    /// Where it points, if to a manifest or an index.
    pub(super) fn pointer(&self) -> Result<Pointer, Refused> {
        let media = Media::ALL.into_iter().find(|media| media.as_str() == self.media_type);
        let media = media.ok_or_else(|| {
            let found = quoted(&self.media_type);
            Refused::unrecognised(format!("its media type {found} is not one of a manifest"))
        })?;
        Ok(Pointer { digest: self.blob()?, size: self.size, media })
    }

    /// The digest of what it points to.
    pub(super) fn blob(&self) -> Result<Digest, Refused> {
        self.digest.parse().map_err(|error| {
            Refused::rejected(None, format!("its digest is not supported by this version: {error}"))
        })
    }

    /// The digest as it is written, fit to be shown.
    pub(super) fn shown(&self) -> Text {
        short(&self.digest)
    }

    /// The tag, which means something in `index.json` alone.
    pub(super) fn tag(&self) -> Option<&str> {
        self.annotations.as_ref()?.0.tag.as_deref()
    }

    /// Whether it is what `cosign save` keeps of signatures or attestations beside the image.
    pub(super) fn is_saved_evidence(&self) -> bool {
        let kind = self.annotations.as_ref().and_then(|written| written.0.kind.as_deref());
        matches!(kind, Some("dev.cosignproject.cosign/sigs" | "dev.cosignproject.cosign/atts"))
    }

    /// What simple signing writes beside its payload.
    pub(super) fn simple_signing(&self) -> SimpleSigning {
        let Some(Object(written)) = &self.annotations else { return SimpleSigning::default() };
        SimpleSigning {
            signature: written.signature.clone(),
            certificate: written.certificate.clone(),
            chain: written.chain.clone(),
            bundle: written.bundle.clone(),
            timestamp: written.timestamp.clone(),
        }
    }
}

/// A manifest or an index, read.
#[derive(Debug)]
pub(super) struct Node {
    /// All of it, as it was hashed.
    pub(super) bytes: Vec<u8>,
    /// The digest of what it refers to, as it is written.
    pub(super) subject: Option<String>,
    /// Where a manifest's config is, if it says so.
    pub(super) config: Option<Descriptor>,
    pub(super) lists: Lists,
}

/// What a document lists.
#[derive(Debug)]
pub(super) enum Lists {
    /// The layers of a manifest.
    Layers(Vec<Descriptor>),
    /// The manifests of an index.
    Manifests(Vec<Descriptor>),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    schema_version: u64,
    media_type: Option<String>,
    subject: Option<Object<Subject>>,
    config: Option<Config>,
    layers: Option<Bounded<Object<Descriptor>, MAX_LAYERS>>,
    manifests: Option<Bounded<Object<Descriptor>, MAX_MANIFESTS>>,
}

/// What a manifest says of its config. One that is no descriptor is no flaw of the manifest here.
#[derive(Deserialize)]
#[serde(untagged)]
enum Config {
    Blob(Object<Descriptor>),
    Other(IgnoredAny),
}

#[derive(Deserialize)]
struct Subject {
    digest: String,
}

impl Node {
    /// Reads a document that has to be of this media type. The error is a reason.
    pub(super) fn read(bytes: Vec<u8>, media: Media) -> Result<Self, String> {
        let written = written(&bytes)?;
        if let Some(other) = written.media_type.filter(|stated| stated != media.as_str()) {
            let found = quoted(&other);
            return Err(format!("calls itself {found}, and its descriptor `{}`", media.as_str()));
        }
        let subject = written.subject.map(|subject| subject.0.digest);
        let mut config = None;
        let lists = if media.is_index() {
            if written.config.is_some() || written.layers.is_some() {
                return Err("is an index, and has what only a manifest has".to_owned());
            }
            Lists::Manifests(listed(written.manifests))
        } else {
            if written.manifests.is_some() {
                return Err("is a manifest, and has what only an index has".to_owned());
            }
            match written.config {
                Some(Config::Blob(Object(blob))) => config = Some(blob),
                Some(Config::Other(_)) => {}
                None => return Err("is not a manifest: it has no `config`".to_owned()),
            }
            Lists::Layers(listed(written.layers))
        };
        Ok(Self { bytes, subject, config, lists })
    }
}

/// Reads `index.json`. The error is a reason.
pub(super) fn index(bytes: &[u8]) -> Result<Vec<Descriptor>, String> {
    let written = written(bytes)?;
    let index = Media::OciIndex.as_str();
    if let Some(other) = written.media_type.filter(|stated| stated != index) {
        return Err(format!("calls itself {}, and not `{index}`", quoted(&other)));
    }
    if written.config.is_some() || written.layers.is_some() {
        return Err("has what only a manifest has".to_owned());
    }
    Ok(listed(written.manifests))
}

/// All that is shown of bytes that are to be a manifest or an index of any media type.
#[cfg(feature = "fuzzing")]
pub(crate) fn shown_of(bytes: &[u8]) -> Vec<String> {
    let mut shown = Vec::new();
    let mut descriptors = Vec::new();
    match index(bytes) {
        Ok(listed) => descriptors.extend(listed),
        Err(reason) => shown.push(reason),
    }
    for media in Media::ALL {
        match Node::read(bytes.to_vec(), media) {
            Ok(Node { lists: Lists::Layers(listed) | Lists::Manifests(listed), .. }) => {
                descriptors.extend(listed);
            }
            Err(reason) => shown.push(reason),
        }
    }
    for descriptor in descriptors {
        shown.extend(descriptor.pointer().err().map(|refused| refused.reason.to_string()));
        shown.extend(descriptor.blob().err().map(|refused| refused.reason.to_string()));
        shown.push(descriptor.shown().to_string());
    }
    shown
}

fn written(bytes: &[u8]) -> Result<Written, String> {
    let text = json::scan(bytes).map_err(|flaw| flaw.to_string())?;
    let written: Written =
        json::object(text).map_err(|error| format!("cannot be read: {}", shown(&error)))?;
    if written.schema_version != 2 {
        return Err(format!(
            "has the schema version {}, and 2 is supported by this version",
            written.schema_version
        ));
    }
    Ok(written)
}

/// No list at all is an empty one: that is how it is written in Go.
fn listed<const MAX: usize>(list: Option<Bounded<Object<Descriptor>, MAX>>) -> Vec<Descriptor> {
    list.map(|list| list.0.into_iter().map(|object| object.0).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(text: &str, media: Media) -> String {
        Node::read(text.as_bytes().to_vec(), media).unwrap_err()
    }

    #[test]
    fn a_document_is_what_its_descriptor_says_and_nothing_else_besides() {
        let both = r#"{"schemaVersion":2,"config":{},"layers":[],"manifests":[]}"#;
        assert_eq!(
            reason(both, Media::OciManifest),
            "is a manifest, and has what only an index has"
        );
        assert_eq!(reason(both, Media::OciIndex), "is an index, and has what only a manifest has");
        let docker = format!(
            r#"{{"schemaVersion":2,"mediaType":"{}","config":{{}}}}"#,
            Media::DockerManifest.as_str()
        );
        assert!(Node::read(docker.clone().into_bytes(), Media::DockerManifest).is_ok());
        assert!(
            reason(&docker, Media::OciManifest)
                .starts_with("calls itself `application/vnd.docker.distribution.manifest.v2+json`")
        );
    }

    #[test]
    fn what_is_not_a_manifest_says_why() {
        let reason = |text: &str| reason(text, Media::OciManifest);
        assert_eq!(
            reason("{}"),
            "cannot be read: missing field `schemaVersion` at line 1 column 2"
        );
        assert_eq!(
            reason(r#"{"schemaVersion":1,"config":{}}"#),
            "has the schema version 1, and 2 is supported by this version"
        );
        assert_eq!(reason(r#"{"schemaVersion":2}"#), "is not a manifest: it has no `config`");
        assert_eq!(
            reason(r#"{"schemaVersion":2,"config":{},"config":{}}"#),
            "has the name `config` twice in one object"
        );
        let layers = vec![r#"{"mediaType":"a","digest":"b","size":1}"#; MAX_LAYERS + 1].join(",");
        assert!(
            reason(&format!(r#"{{"schemaVersion":2,"config":{{}},"layers":[{layers}]}}"#))
                .contains("at most 1024 elements")
        );
        assert!(
            reason(
                r#"{"schemaVersion":2,"config":{},
                    "layers":[{"mediaType":"a","digest":"b","size":-1}]}"#
            )
            .starts_with("cannot be read: invalid value: integer `-1`, expected u64")
        );
    }

    #[test]
    fn no_list_is_an_empty_one() {
        let text = br#"{"schemaVersion":2,"manifests":null,"subject":null}"#;
        let node = Node::read(text.to_vec(), Media::OciIndex).unwrap();
        assert!(matches!(node.lists, Lists::Manifests(list) if list.is_empty()));
        assert_eq!(node.subject, None);
        assert!(index(br#"{"schemaVersion":2}"#).unwrap().is_empty());
    }
}
