//! Files that a document states as files of what it describes.
//!
//! Most documents have more files than components, and few policies ask for them. So they are no part of
//! the index, and the document is read once more when the first policy asks.

use super::{Bom, form, spdx};

/// A file, and what is in it by the document's own words.
// The order of the fields is the order of files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct File {
    /// Where it lies, as it is written, but without `./` or `/` before it.
    pub path: String,
    /// SHA-256 in lower-case hexadecimal; none where the document states none. A file of which it states
    /// two is two.
    pub sha256: Option<String>,
}

/// Why the files of a document cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the files of the document cannot be read: {0}")]
pub struct UnreadableFiles(pub(super) String);

impl Bom {
    /// The files that the document states, by path: in CycloneDX components of the type `file`, in SPDX
    /// its files. Made when it is first asked for.
    ///
    /// # Errors
    ///
    /// A file is not written as the format asks.
    pub fn files(&self) -> Result<&[File], UnreadableFiles> {
        let files = self.files.get_or_init(|| {
            let mut files = match self.format {
                "spdx" => form::spdx_files(self.source.bytes())?,
                _ => self.file_components(),
            };
            files.sort_unstable();
            files.dedup();
            Ok(files)
        });
        files.as_deref().map_err(Clone::clone)
    }

    fn file_components(&self) -> Vec<File> {
        let all = (0..).zip(&self.components);
        let files = all.filter(|&(id, _)| self.component_type(id) == Some("file"));
        let stated = files.flat_map(|(id, component)| {
            let hashes = self.hashes(id).into_iter().map(|hash| (hash.algorithm, hash.value));
            of_file(&component.name, hashes)
        });
        stated.collect()
    }
}

/// What a document says of one file: a row for each SHA-256, or one without.
pub(super) fn of_file<A: AsRef<str>, V: AsRef<str>>(
    path: &str,
    hashes: impl IntoIterator<Item = (A, V)>,
) -> Vec<File> {
    let path = path.trim_start_matches("./").trim_start_matches('/');
    let is_sha256 = |algorithm: &str| {
        let plain = algorithm.trim().replace(['-', '_'], "");
        plain.eq_ignore_ascii_case("sha256")
    };
    let sums = hashes.into_iter().filter(|(algorithm, _)| is_sha256(algorithm.as_ref()));
    let sums = sums.map(|(_, value)| Some(value.as_ref().trim().to_ascii_lowercase()));
    let mut rows: Vec<File> = sums.map(|sha256| File { path: path.to_owned(), sha256 }).collect();
    if rows.is_empty() {
        rows.push(File { path: path.to_owned(), sha256: None });
    }
    rows
}

/// Reads the files of a document of SPDX that is a text in one of its forms.
pub(super) fn read_spdx(text: &str, is_graph: Option<bool>) -> Result<Vec<File>, UnreadableFiles> {
    let read = match is_graph {
        Some(true) => spdx::files_of_json_ld(text),
        Some(false) => spdx::files_of_json(text),
        None => spdx::files_of_tag_value(text),
    };
    read.map_err(UnreadableFiles)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use lockgate_model::Kind;

    use super::super::Source;
    use super::*;

    fn files(document: &str) -> Vec<(String, Option<String>)> {
        let body = 0..document.len();
        let payload = Arc::new(document.as_bytes().to_vec());
        let bom = Bom::read(Kind::Sbom, Source { payload, body }).unwrap();
        let files = bom.files().unwrap().iter();
        files.map(|file| (file.path.clone(), file.sha256.clone())).collect()
    }

    #[test]
    fn every_format_states_its_files() {
        let expected =
            [("lib/a.so".to_owned(), Some("ab".repeat(32))), ("lib/b.so".to_owned(), None)];
        let sum = "AB".repeat(32);
        let cyclonedx = format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[
                {{"type":"file","name":"/lib/b.so"}},{{"type":"library","name":"x"}},
                {{"type":"file","name":"lib/a.so","hashes":[{{"alg":"SHA-256","content":"{sum}"}},
                {{"alg":"SHA-1","content":"00"}}]}}]}}"#
        );
        let json = format!(
            r#"{{"spdxVersion":"SPDX-2.3","files":[{{"SPDXID":"x","fileName":"./lib/b.so",
                "checksums":[{{"algorithm":"SHA1","checksumValue":"00"}}]}},
                {{"fileName":"./lib/a.so","checksums":[{{"algorithm":"SHA256",
                "checksumValue":"{sum}"}}]}}]}}"#
        );
        let tags = format!(
            "SPDXVersion: SPDX-2.3\nPackageName: p\nFileName: ./lib/b.so\nSPDXID: SPDXRef-b\n\
             FileChecksum: SHA1: 00\nFileName: ./lib/a.so\nFileChecksum: SHA256: {sum}\n\
             PackageName: q\nPackageChecksum: SHA256: 00\n"
        );
        let graph = format!(
            r#"{{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[
                {{"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1"}},
                {{"type":"SpdxDocument","spdxId":"d","creationInfo":"_:c","element":[
                {{"type":"software_File","spdxId":"a","name":"lib/a.so","verifiedUsing":[
                {{"type":"Hash","algorithm":"sha256","hashValue":"{sum}"}}]}}]}},
                {{"type":"software_File","spdxId":"b","name":"lib/b.so"}}]}}"#
        );
        for document in [cyclonedx, json, tags, graph] {
            assert_eq!(files(&document), expected, "{document}");
        }
    }
}
