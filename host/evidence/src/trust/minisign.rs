//! Public keys of minisign: a comment, and a line of base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::TrustError;

/// How the file begins.
pub(super) const BEGINNING: &str = "untrusted comment:";

/// A key, and the number by which signatures name it. The number is a hint: it is not signed.
pub(super) struct Written {
    pub(super) id: [u8; 8],
    pub(super) key: [u8; 32],
}

/// Reads a key file.
pub(super) fn read(text: &str) -> Result<Written, TrustError> {
    let broken = |what| TrustError::Broken { format: "minisign", what };
    let mut lines = text.lines();
    // The comment is a comment.
    lines.next();
    let line = lines.next().ok_or(broken("it has no second line"))?;
    if lines.next().is_some() {
        return Err(broken("it has more than two lines"));
    }
    let bytes = STANDARD.decode(line).map_err(|_| broken("its second line is not valid base64"))?;
    let bytes: [u8; 42] = bytes.try_into().map_err(|_| broken("it does not have 42 bytes"))?;
    let (algorithm, rest) = bytes.split_at(2);
    if algorithm != b"Ed" {
        return Err(broken("its algorithm is not `Ed`"));
    }
    let (id, key) = rest.split_at(8);
    Ok(Written {
        id: id.try_into().expect("it was split so"),
        key: key.try_into().expect("what is left of 42"),
    })
}
