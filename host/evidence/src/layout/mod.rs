//! An image, or any other manifest, in an OCI image layout: `oci-layout:PATH[:TAG|@DIGEST]`.
//!
//! The artifact is the manifest that the reference names, and its digest is the subject; what the
//! manifest lists is read where a policy asks what is inside (see [`crate::contents`]). Everything that refers to it in the same layout is evidence, as if it
//! had been named on the command line. By the OCI image layout specification 1.0.0.
//!
//! Whoever can write into a layout decides what `index.json` says, so a tag proves nothing; the
//! digest is what a report is about. What may never happen here: bytes that are used without having
//! the digest by which they were found, or a path that was made of what somebody wrote.
//!
//! `reference` takes the text apart; `survey` reads what the layout lists; `referrer` finds what
//! refers to the artifact. To see who reads the documents, go to [`crate::gather`].

mod blob;
mod error;
mod manifest;
mod reference;
mod referrer;
mod survey;

use std::io;

use camino::Utf8Path;
use cap_std::ambient_authority;
use cap_std::fs::{Dir, File};
use lockgate_model::{Digest, Kind, Text};
use serde::Deserialize;

use crate::claim::Refused;
use crate::json;
use crate::open::{self, Opened, is_missing};
use crate::reason::{quoted, shown};
use blob::{Blobs, Unread};
pub use error::LayoutError;
#[cfg(feature = "fuzzing")]
pub(crate) use manifest::shown_of;
use manifest::{Descriptor, Lists, Node};
use reference::Reference;
pub(crate) use referrer::{Attached, Referrers};
use survey::{MAX_BYTES, Survey};

/// What stands before the `:` of a reference to a layout.
pub(crate) const SCHEME: &str = "oci-layout";

/// The one version that there is.
const VERSION: &str = "1.0.0";

/// The most bytes of the file that gives the version: it has some thirty.
const MAX_HEADER_BYTES: u64 = 64 << 10;

const HEADER: &str = "oci-layout";
const INDEX: &str = "index.json";

/// A manifest of a layout.
#[derive(Debug)]
pub(crate) struct Resolved {
    /// What was typed, as a label.
    pub(crate) name: Text,
    pub(crate) digest: Digest,
    /// The bytes that have this digest.
    pub(crate) manifest: Vec<u8>,
    pub(crate) layout: Layout,
}

/// A layout, and what in it refers to the artifact.
#[derive(Debug)]
pub(crate) struct Layout {
    blobs: Blobs,
    pub(crate) referrers: Referrers,
    /// What the manifest lists, in its order; none of an index.
    pub(crate) layers: Option<Vec<Layer>>,
    /// The bytes of the manifest, and where its config is, if it says so.
    pub(crate) manifest: Vec<u8>,
    config: Option<Layer>,
}

/// A layer of a manifest, or its config, as its descriptor has it.
#[derive(Debug)]
pub(crate) struct Layer {
    pub(crate) media_type: String,
    /// The digest as it is written, fit to be shown.
    pub(crate) shown: Text,
    /// The digest, or why it is not one by which a blob is found: a predicate.
    pub(crate) blob: Result<Digest, String>,
    pub(crate) size: u64,
}

impl From<&Descriptor> for Layer {
    fn from(descriptor: &Descriptor) -> Self {
        let reason = |refused: Refused| format!("cannot be found: {}", refused.reason);
        Self {
            media_type: descriptor.media_type.clone(),
            shown: descriptor.shown(),
            blob: descriptor.blob().map_err(reason),
            size: descriptor.size,
        }
    }
}

impl Layout {
    /// Opens a blob, if there is a file of the size that its descriptor gives. The error is a reason.
    pub(crate) fn open(&self, attached: &Attached) -> Result<(File, u64), String> {
        self.open_blob(attached.digest, attached.size)
    }

    /// The same of any blob.
    pub(crate) fn open_blob(&self, digest: Digest, size: u64) -> Result<(File, u64), String> {
        self.blobs.open(digest, size)
    }

    /// All bytes of the manifest's config, at most so many, if its blob is what its digest says; else
    /// why they are not read, as a predicate.
    pub(crate) fn config(&self, most: u64) -> io::Result<Result<Vec<u8>, &'static str>> {
        let Some(Layer { blob: Ok(digest), size, .. }) = &self.config else {
            return Ok(Err("is not described so that it can be found"));
        };
        if *size > most {
            return Ok(Err("is larger than is read"));
        }
        match self.blobs.read(*digest, *size) {
            Ok(bytes) => Ok(Ok(bytes)),
            Err(Unread::Flaw(_)) => Ok(Err("is not in the layout as it is described")),
            Err(Unread::Broke(error)) => Err(error),
        }
    }
}

impl Attached {
    /// What it is evidence of, as far as its media types tell.
    pub(crate) fn kind(&self) -> Option<Kind> {
        match self.types.first() {
            Some((_, kind)) => *kind,
            None => Some(Kind::Signature),
        }
    }

    /// Whether bytes are those of the blob; else the digest that they have, and a reason.
    pub(crate) fn matches(&self, bytes: &[u8]) -> Result<(), (Digest, String)> {
        blob::matches(bytes, self.digest)
    }
}

/// Takes what stands behind `oci-layout:`, and finds hardly more than `most` things that refer to
/// it.
pub(crate) fn resolve(text: &str, most: usize) -> Result<Resolved, LayoutError> {
    let reference = Reference::parse(text)?;
    let path = reference.path.as_path();
    let blobs = Blobs(folder(path)?);
    let header = file(&blobs, path, HEADER, MAX_HEADER_BYTES)?;
    version(&header).map_err(|reason| not_a_layout(path, HEADER, reason))?;
    let index = file(&blobs, path, INDEX, MAX_BYTES)?;
    let top = manifest::index(&index).map_err(|reason| not_a_layout(path, INDEX, reason))?;
    let survey = Survey::of(&blobs, top);
    let chosen = survey.choose(&reference.wanted)?;
    let referrers = Referrers::of(chosen, &survey, most);
    let name = || chosen.digest.to_string();
    let Node { bytes: manifest, config, lists, .. } =
        survey.take(&chosen).map_err(|unread| match unread {
            Unread::Broke(source) => {
                LayoutError::Read { what: format!("the blob {}", name()), source }
            }
            Unread::Flaw(reason) => LayoutError::Unusable { name: Text::escaped(&name()), reason },
        })?;
    let layers = match &lists {
        Lists::Layers(layers) => Some(layers.iter().map(Layer::from).collect()),
        Lists::Manifests(_) => None,
    };
    let config = config.as_ref().map(Layer::from);
    let layout = Layout { blobs, referrers, layers, manifest: manifest.clone(), config };
    Ok(Resolved { name: reference.label(), digest: chosen.digest, manifest, layout })
}

fn folder(path: &Utf8Path) -> Result<Dir, LayoutError> {
    let refused = |source| {
        let path = path.to_owned();
        if is_missing(&source) {
            LayoutError::Missing { path }
        } else {
            LayoutError::Open { path, source }
        }
    };
    let what = match open::ambient(path).map_err(refused)? {
        Opened::Folder => {
            return Dir::open_ambient_dir(path, ambient_authority()).map_err(refused);
        }
        Opened::File(..) => "a file",
        Opened::Special(what) => what,
    };
    Err(LayoutError::NotAFolder { path: path.to_owned(), what })
}

fn file(
    blobs: &Blobs,
    path: &Utf8Path,
    name: &'static str,
    cap: u64,
) -> Result<Vec<u8>, LayoutError> {
    blobs.file(name, cap).map_err(|unread| match unread {
        Unread::Broke(source) => LayoutError::Read { what: format!("`{path}/{name}`"), source },
        Unread::Flaw(reason) => not_a_layout(path, name, reason),
    })
}

fn not_a_layout(path: &Utf8Path, file: &'static str, reason: String) -> LayoutError {
    LayoutError::NotALayout { path: path.to_owned(), file, reason }
}

/// Whether the version is one that is read. The error is a reason.
fn version(header: &[u8]) -> Result<(), String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Header {
        image_layout_version: String,
    }
    let text = json::scan(header).map_err(|flaw| flaw.to_string())?;
    let header: Header =
        json::object(text).map_err(|error| format!("cannot be read: {}", shown(&error)))?;
    let found = header.image_layout_version;
    if found == VERSION {
        Ok(())
    } else {
        Err(format!(
            "gives the version {}, and {VERSION} is supported by this version",
            quoted(&found)
        ))
    }
}
