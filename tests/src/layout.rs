//! Makes OCI image layouts, good and bad.

use std::path::PathBuf;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::workbench::Workbench;

/// A layout in a folder of a bench. What is listed is written when `index.json` is.
pub struct Layout<'a> {
    bench: &'a Workbench,
    folder: &'a str,
    /// What `index.json` lists: descriptors.
    pub index: Vec<Value>,
}

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// The annotation that is a tag.
pub const TAG: &str = "org.opencontainers.image.ref.name";

impl<'a> Layout<'a> {
    /// An empty one.
    #[must_use]
    pub fn new(bench: &'a Workbench, folder: &'a str) -> Self {
        bench.write(&format!("{folder}/oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#);
        Self { bench, folder, index: Vec::new() }
    }

    /// One with an image under the tag `v1`, and the image's descriptor.
    #[must_use]
    pub fn with_image(bench: &'a Workbench, folder: &'a str) -> (Self, Value) {
        let mut layout = Self::new(bench, folder);
        let image = layout.image("app");
        layout.list_as("v1", &image);
        (layout, image)
    }

    /// Writes a blob, and returns its descriptor.
    #[must_use]
    pub fn blob(&self, media_type: &str, bytes: impl AsRef<[u8]>) -> Value {
        let bytes = bytes.as_ref();
        let hex: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        self.bench.write(&format!("{}/blobs/sha256/{hex}", self.folder), bytes);
        json!({ "mediaType": media_type, "digest": format!("sha256:{hex}"), "size": bytes.len() })
    }

    /// Writes a manifest with these layers, about something or nothing.
    #[must_use]
    pub fn manifest(&self, layers: &[Value], subject: Option<&Value>) -> Value {
        let config = self.blob("application/vnd.oci.empty.v1+json", "{}");
        self.manifest_with(&config, layers, subject)
    }

    /// The same with a config.
    #[must_use]
    pub fn manifest_with(
        &self,
        config: &Value,
        layers: &[Value],
        subject: Option<&Value>,
    ) -> Value {
        let mut manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": config,
            "layers": layers,
        });
        if let Some(subject) = subject {
            manifest["subject"] = subject.clone();
        }
        self.blob(MANIFEST, manifest.to_string())
    }

    /// Writes an index.
    #[must_use]
    pub fn nested(&self, manifests: &[Value]) -> Value {
        let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": manifests });
        self.blob(INDEX, index.to_string())
    }

    /// Writes an image with one layer.
    #[must_use]
    pub fn image(&self, layer: &str) -> Value {
        self.manifest(&[self.blob("application/vnd.oci.image.layer.v1.tar", layer)], None)
    }

    /// Writes a manifest that refers to another with one document, and lists it without a tag.
    pub fn refer(&mut self, media_type: &str, document: impl AsRef<[u8]>, to: &Value) -> Value {
        let blob = self.blob(media_type, document);
        let manifest = self.manifest(std::slice::from_ref(&blob), Some(to));
        self.index.push(manifest);
        blob
    }

    /// Lists a manifest in `index.json` under a tag.
    pub fn list_as(&mut self, tag: &str, manifest: &Value) {
        let mut manifest = manifest.clone();
        manifest["annotations"] = json!({ TAG: tag });
        self.index.push(manifest);
    }

    /// Writes `index.json`.
    pub fn done(&self) {
        let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": self.index });
        self.bench.write(&format!("{}/index.json", self.folder), index.to_string());
    }

    /// Where the blob of a descriptor lies.
    #[must_use]
    pub fn path(&self, descriptor: &Value) -> PathBuf {
        let hex = digest(descriptor).trim_start_matches("sha256:");
        self.bench.path(&format!("{}/blobs/sha256/{hex}", self.folder))
    }
}

/// The digest in a descriptor.
///
/// # Panics
///
/// If it has none.
#[must_use]
pub fn digest(descriptor: &Value) -> &str {
    descriptor["digest"].as_str().expect("a descriptor has a digest")
}
