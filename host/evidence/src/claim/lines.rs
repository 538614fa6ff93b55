//! Splits a file that is not one document into its documents.
//!
//! In JSON Lines each line that is not blank is one, and a line that cannot be read does not spoil
//! the others.

use super::{Look, Refused};
use crate::json;

/// The most documents that one file may hold. Registries hand out a few dozen attestations for an
/// artifact; a million tiny lines would only fill the report.
const MAX_LINES: usize = 1024;

/// The lines of a file; none where it is not JSON Lines.
///
/// A spoiled document that was printed over many lines is one document: what makes lines of a file
/// is that one of them stands for itself.
pub(super) fn split(bytes: &[u8]) -> Result<Option<Vec<&[u8]>>, Refused> {
    let lines = || {
        let lines = bytes.split(|&b| b == b'\n');
        lines
            .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
            .filter(|line| !line.trim_ascii().is_empty())
    };
    if lines().nth(1).is_none() || !lines().any(is_document) {
        return Ok(None);
    }
    if lines().nth(MAX_LINES).is_some() {
        let reason = format!("holds more than {MAX_LINES} documents, one in a line: split it");
        return Err(Refused::rejected(None, reason));
    }
    Ok(Some(lines().collect()))
}

fn is_document(line: &[u8]) -> bool {
    let outline = json::outline(line).ok();
    let look = outline.as_ref().and_then(|outline| Look::of(outline.root()));
    look.is_some_and(|look| look.form().is_some())
}
