//! The artifact of a case: some bytes, or an archive that `case.toml` describes.
//!
//! ```toml
//! artifact = "tar"             # or tar-gzip, zip, oci-layout; left out: a few bytes that are none
//! # artifact = "fixture:archives/npm.tgz"   # or a file in tests/fixtures, and no entries
//! # config = ["{\"config\": ", "{}}"]         # of an image, in pieces or one string; left out: an empty one
//!
//! [[entry]]
//! path   = "etc/app.conf"      # or a list of numbers, for bytes that are no text
//! text   = ["AK", "IA"]        # or one string; in pieces, what looks like a secret is none here
//! # file = "app.conf"          # or what a file of the case's folder holds
//! # base64 = "AAEC"            # or bytes
//! pad    = 65530               # so many line feeds before it
//! mode   = "644"               # octal; left out: 644 in a tar, none in a zip
//! kind   = "file"              # or directory, symlink, hardlink, device, fifo
//! target = "app.conf"          # where a link leads
//! layer  = 0                   # in which layer of an image
//! ```
//!
//! Behind them come the files of the folder `artifact` in the case's folder, if there is one, in
//! the order of their paths and with mode 644.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::archive::{Entry, Kind, gzip, tar, zip};
use crate::layout::Layout;
use crate::workbench::{Workbench, root};

/// What stands before the path of a fixture.
const FIXTURE: &str = "fixture:";

/// What a case without an archive has.
const PLAIN: &[u8] = b"the artifact of a case\n";

/// The artifact of a case.
pub(crate) struct Parcel {
    format: Option<String>,
    /// The config of an image.
    config: Option<String>,
    /// Each with its layer.
    entries: Vec<(u32, Entry)>,
}

/// An artifact that was written.
pub(crate) struct Written {
    /// What `check` is given.
    pub(crate) name: &'static str,
    /// What statements are about.
    pub(crate) subject: Vec<u8>,
}

impl Parcel {
    /// Reads what `case.toml` says of it.
    ///
    /// # Panics
    ///
    /// If it says something that is not known, or that a file holds what is not there.
    pub(crate) fn read(folder: &Path, case: &toml::Table) -> Self {
        let format = case.get("artifact").map(|value| text(value, "artifact"));
        let listed = case.get("entry").and_then(toml::Value::as_array).into_iter().flatten();
        let mut entries: Vec<_> = listed.map(|value| entry(folder, value)).collect();
        let packed = folder.join("artifact");
        if packed.is_dir() {
            let mut files = BTreeMap::new();
            collect(&packed, "", &mut files);
            entries.extend(files.into_iter().map(|(path, content)| (0, file(path, content))));
        }
        let is_fixture = format.as_ref().is_some_and(|format| format.starts_with(FIXTURE));
        assert!(
            (format.is_some() && !is_fixture) != entries.is_empty(),
            "an archive has entries, and names its form"
        );
        let config = case.get("config").map(|value| text(value, "config"));
        Self { format, config, entries }
    }

    /// Writes it into a bench.
    ///
    /// # Panics
    ///
    /// If the form is not known.
    pub(crate) fn write(&self, bench: &Workbench) -> Written {
        let entries: Vec<Entry> = self.entries.iter().map(|(_, entry)| entry.clone()).collect();
        let (name, subject) = match self.format.as_deref() {
            None => ("app", PLAIN.to_vec()),
            Some("tar") => ("app.tar", tar(&entries)),
            Some("tar-gzip") => ("app.tar.gz", gzip(&tar(&entries))),
            Some("zip") => ("app.zip", zip(&entries)),
            Some("oci-layout") => return self.image(bench),
            Some(fixture) if fixture.starts_with(FIXTURE) => {
                let path = root().join("tests/fixtures").join(fixture.trim_start_matches(FIXTURE));
                ("app", fs::read(path).expect("read the fixture"))
            }
            Some(other) => panic!("`{other}` is no form of an artifact"),
        };
        bench.write(name, &subject);
        Written { name, subject }
    }

    fn image(&self, bench: &Workbench) -> Written {
        let mut layers: BTreeMap<u32, Vec<Entry>> = BTreeMap::new();
        for (layer, entry) in &self.entries {
            layers.entry(*layer).or_default().push(entry.clone());
        }
        let mut layout = Layout::new(bench, "image");
        let blob = |entries: &Vec<Entry>| {
            layout.blob("application/vnd.oci.image.layer.v1.tar+gzip", gzip(&tar(entries)))
        };
        let layers: Vec<_> = layers.values().map(blob).collect();
        let manifest = match &self.config {
            Some(config) => {
                let config = layout.blob("application/vnd.oci.image.config.v1+json", config);
                layout.manifest_with(&config, &layers, None)
            }
            None => layout.manifest(&layers, None),
        };
        layout.list_as("v1", &manifest);
        layout.done();
        let subject = fs::read(layout.path(&manifest)).expect("the manifest was written");
        Written { name: "oci-layout:image:v1", subject }
    }
}

fn file(path: String, content: Vec<u8>) -> Entry {
    let (kind, mode, target) = (Kind::File, Some(0o644), String::new());
    Entry { path: path.into_bytes(), kind, mode, target, content }
}

fn entry(folder: &Path, value: &toml::Value) -> (u32, Entry) {
    const KNOWN: [&str; 9] =
        ["path", "text", "file", "base64", "pad", "mode", "kind", "target", "layer"];
    let table = value.as_table().expect("an entry is a table");
    let strange = table.keys().find(|key| !KNOWN.contains(&key.as_str()));
    assert!(strange.is_none(), "an entry of a case has no `{strange:?}`");
    let word = |key: &str| table.get(key).map(|value| text(value, key));
    let number = |key: &str| {
        let number = table.get(key).and_then(toml::Value::as_integer).unwrap_or(0);
        u32::try_from(number).expect("a small number")
    };
    let kind = word("kind").map_or(Kind::File, |kind| Kind::named(&kind));
    let mut content = vec![b'\n'; number("pad") as usize];
    if let Some(text) = word("text") {
        content.extend(text.bytes());
    }
    if let Some(name) = word("file") {
        content.extend(fs::read(folder.join(name)).expect("read the entry's file"));
    }
    if let Some(encoded) = word("base64") {
        content.extend(BASE64.decode(encoded).expect("base64"));
    }
    let mode = word("mode").map(|mode| u32::from_str_radix(&mode, 8).expect("an octal mode"));
    let path = table.get("path").expect("an entry of a case has a `path`");
    let entry = Entry {
        path: bytes(path),
        kind,
        mode,
        target: word("target").unwrap_or_default(),
        content,
    };
    (number("layer"), entry)
}

/// A string, or pieces of one.
fn text(value: &toml::Value, key: &str) -> String {
    let piece = |value: &toml::Value| {
        value.as_str().unwrap_or_else(|| panic!("`{key}` is a string or a list of them")).to_owned()
    };
    value.as_array().map_or_else(|| piece(value), |pieces| pieces.iter().map(piece).collect())
}

/// A string, or the numbers of bytes.
fn bytes(value: &toml::Value) -> Vec<u8> {
    let byte = |value: &toml::Value| {
        let number = value.as_integer().and_then(|number| u8::try_from(number).ok());
        number.expect("the number of a byte")
    };
    match value.as_array() {
        Some(numbers) => numbers.iter().map(byte).collect(),
        None => text(value, "path").into_bytes(),
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("read the folder") {
        let entry = entry.expect("read the folder");
        let path = format!("{prefix}{}", entry.file_name().to_str().expect("a name in UTF-8"));
        if entry.file_type().expect("a file has a type").is_dir() {
            collect(&entry.path(), &format!("{path}/"), files);
        } else {
            files.insert(path, fs::read(entry.path()).expect("read the file"));
        }
    }
}
