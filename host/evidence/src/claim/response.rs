//! Responses of registries that hold several bundles: npm's `attestations`, and GitHub's of the same
//! form.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Refused;
use crate::json::{self, Bounded, Object};
use crate::reason::shown;

/// The most bundles of one response. npm hands out two, GitHub thirty on a page.
const MAX_BUNDLES: usize = 1024;

#[derive(Deserialize)]
struct Response<'a> {
    #[serde(borrow)]
    attestations: Bounded<Object<Entry<'a>>, MAX_BUNDLES>,
}

/// What the registry says of a bundle beside it is not signed, and not read.
#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    bundle: &'a RawValue,
}

/// The bundles of a response, each as it stands in it; none where the document is no response.
pub(super) fn split(bytes: &[u8]) -> Option<Result<Vec<&str>, Refused>> {
    // Looked for before anything is parsed: most documents are none.
    let head = bytes.trim_ascii_start().strip_prefix(b"{")?.trim_ascii_start();
    head.strip_prefix(b"\"attestations\"")?;
    let text = match json::scan(bytes) {
        Ok(text) => text,
        Err(flaw) => return Some(Err(Refused::rejected(None, flaw.to_string()))),
    };
    let read = json::object::<Response>(text);
    Some(match read {
        Ok(response) if response.attestations.0.is_empty() => {
            Err(Refused::unrecognised("is a registry's response without any bundle"))
        }
        Ok(response) => {
            Ok(response.attestations.0.into_iter().map(|entry| entry.0.bundle.get()).collect())
        }
        Err(error) => {
            Err(Refused::rejected(None, format!("is not a registry's response: {}", shown(&error))))
        }
    })
}
