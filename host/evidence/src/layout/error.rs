//! Why an OCI image layout yields no artifact.

use std::io;

use camino::Utf8PathBuf;
use lockgate_model::{Digest, DigestError, Text};

/// Why an OCI image layout yields no artifact.
///
/// All but [`LayoutError::Read`] are the caller's mistakes: what was named is not there, or is not
/// what its own digests say. Such a layout is the same in every run, so no retry would help, and
/// there is no subject of which a verdict could be true.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "`path` is the layout's, as the user typed it; names say the rest")]
pub enum LayoutError {
    /// The reference has no path.
    #[error("no path stands behind `oci-layout:`")]
    NoPath,
    /// The reference ends with a colon.
    #[error("no tag stands behind the last `:`")]
    NoTag,
    /// The reference has both.
    #[error("it names a tag and a digest")]
    TagAndDigest,
    /// What stands behind the `@` is no SHA-256 digest.
    #[error("`{digest}` is not a digest by which a manifest is named")]
    NotADigest { digest: Text, source: DigestError },
    /// Nothing is at the path.
    #[error("the layout `{path}` does not exist")]
    Missing { path: Utf8PathBuf },
    /// A file, or something that is neither file nor folder.
    #[error("`{path}` is {what}, and a layout is a folder")]
    NotAFolder { path: Utf8PathBuf, what: &'static str },
    /// It is there and cannot be opened.
    #[error("cannot open the layout `{path}`")]
    Open { path: Utf8PathBuf, source: io::Error },
    /// One of the two files that make a folder a layout is missing, or not what it has to be.
    #[error("`{path}` is not an OCI image layout: its `{file}` {reason}")]
    NotALayout { path: Utf8PathBuf, file: &'static str, reason: String },
    /// Reading one of these files, or the artifact's manifest, broke off.
    #[error("cannot read {what} to its end")]
    Read { what: String, source: io::Error },
    /// No descriptor has the tag. `others` are words.
    #[error("no manifest in the layout has the tag `{tag}`")]
    NoSuchTag { tag: Text, others: String },
    /// Descriptors of several manifests have the tag.
    #[error("several manifests in the layout have the tag `{tag}`")]
    TagTwice { tag: Text },
    /// Neither `index.json` lists it nor an index that is listed there.
    #[error("the layout lists no manifest {digest}")]
    NoSuchDigest { digest: Digest, others: String },
    /// There is nothing but referrers, or nothing at all.
    #[error("the layout lists no manifest that could be the artifact")]
    Nothing,
    /// Neither tag nor digest was given, and there are several. `candidates` are words.
    #[error("the layout lists several manifests that could be the artifact")]
    Several { candidates: String },
    /// The manifest cannot be read, or is not what its descriptor says.
    #[error("the manifest {name} cannot be used: {reason}")]
    Unusable { name: Text, reason: String },
}

impl LayoutError {
    /// Whether the platform failed, rather than the caller: a read broke off.
    pub(crate) fn is_host_failure(&self) -> bool {
        matches!(self, Self::Read { .. })
    }

    /// What to do next.
    pub(crate) fn help(&self) -> String {
        const FORMS: &str = "write `oci-layout:PATH`, `oci-layout:PATH:TAG` or \
                             `oci-layout:PATH@sha256:HEX`";
        match self {
            Self::NoPath | Self::NoTag | Self::NotADigest { .. } => FORMS.to_owned(),
            Self::TagAndDigest => {
                "leave the tag out; behind a path whose last name has a `:`, write a `/`".to_owned()
            }
            Self::Missing { .. } | Self::NotAFolder { .. } => {
                format!("{FORMS}; the path ends at the last `:` behind its last `/`")
            }
            Self::Open { .. } | Self::Read { .. } => {
                "the layout has to be readable for whoever runs this".to_owned()
            }
            Self::NotALayout { .. } => {
                "name the folder that holds `oci-layout`, `index.json` and `blobs`".to_owned()
            }
            Self::NoSuchTag { others, .. } | Self::NoSuchDigest { others, .. } => others.clone(),
            Self::TagTwice { .. } => "name one by `@sha256:HEX`".to_owned(),
            Self::Nothing => "name one by its tag or by `@sha256:HEX`".to_owned(),
            Self::Several { candidates } => format!("name one: {candidates}"),
            Self::Unusable { .. } => "copy the image into the layout anew".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_that_breaks_off_is_the_hosts_failure() {
        let source = io::Error::other("the disk is on fire");
        let error = LayoutError::Read { what: "`img/index.json`".to_owned(), source };
        assert!(error.is_host_failure());
        assert_eq!(error.to_string(), "cannot read `img/index.json` to its end");
        assert!(!LayoutError::Nothing.is_host_failure());
    }
}
