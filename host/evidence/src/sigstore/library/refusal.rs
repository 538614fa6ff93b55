//! Why the library refuses a bundle, in our words.

use lockgate_model::Instant;
use sigstore_verify::Error;
use sigstore_verify::bundle::Error as BundleError;

use crate::sigstore::{Reached, Unproved};

/// How far a bundle came before the library refused it, and why.
pub(super) fn unproved(error: &Error) -> Unproved {
    let reached = match error {
        Error::Certificate(_) => Reached::Authority,
        Error::TransparencyLog(_)
        | Error::Timestamp(_)
        | Error::Bundle(BundleError::MissingInclusionProof(_) | BundleError::MissingTimestamp) => {
            Reached::Witness
        }
        Error::SignatureInvalid(_) | Error::ArtifactMismatch(_) | Error::Crypto(_) => {
            Reached::Signature
        }
        _ => Reached::Form,
    };
    Unproved { reached, why: clause(error) }
}

/// A stranger's error with what stands behind it, as a clause: one line, short, harmless.
pub(super) fn clause(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    let text = dated(&text);
    let mut letters = text.chars();
    let text = match (letters.next(), letters.clone().next()) {
        // A sentence, and not an abbreviation.
        (Some(first), Some(second)) if first.is_uppercase() && !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text,
    };
    crate::reason::shortened(&text)
}

/// A text with moments as a person reads them: some errors show `UnixTime(1778168051)`.
fn dated(text: &str) -> String {
    const MARK: &str = "UnixTime(";
    let mut parts = text.split(MARK);
    let mut dated = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let moment = part
            .split_once(')')
            .and_then(|(seconds, rest)| Some((Instant::from_unix(seconds.parse().ok()?)?, rest)));
        match moment {
            Some((at, rest)) => dated += &format!("{at}{rest}"),
            None => dated += &format!("{MARK}{part}"),
        }
    }
    dated
}
