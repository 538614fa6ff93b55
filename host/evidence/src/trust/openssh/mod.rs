//! Public keys of OpenSSH: a line with the key, alone or in an `allowed_signers` file.

mod allowed;
mod pattern;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::public::Public;
use super::validity::Validity;
use super::{TrustError, der};
use crate::wire::Wire;

/// What signatures over files are made for, unless somebody chose another namespace.
const NAMESPACE: &str = "file";

/// A key, and what its line says of it.
pub(super) struct Written {
    pub(super) public: Public,
    /// The one namespace in which the key's signatures count.
    pub(super) namespace: String,
    /// Of `valid-after` and `valid-before`.
    pub(super) validity: Validity,
}

/// Types of keys, in the order of the RFCs that describe them.
const TYPES: &[&str] = &["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ssh-rsa"];

/// Types of keys that are not read, by how they begin.
const OTHERS: &[(&str, &str)] = &[
    ("ecdsa-sha2-nistp521", "an ECDSA P-521 key"),
    ("ssh-dss", "a DSA key"),
    ("ssh-ed448", "an Ed448 key"),
    ("sk-", "an OpenSSH key that lies in a security key"),
];

/// Whether a file holds keys of OpenSSH. Its lines are free text, so a word that names the type of
/// a key tells.
pub(super) fn is_openssh(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    !text.starts_with("-----BEGIN ") && lines.any(|line| line.split_ascii_whitespace().any(is_type))
}

fn is_type(word: &str) -> bool {
    TYPES.contains(&word)
        || OTHERS.iter().any(|(beginning, _)| word.starts_with(beginning))
        || word.ends_with("-cert-v01@openssh.com")
}

fn broken(what: &'static str) -> TrustError {
    TrustError::Broken { format: "OpenSSH", what }
}

/// Reads a file with one key, or the line of one principal.
pub(super) fn read(
    text: &str,
    principal: Option<&str>,
    namespace: Option<&str>,
) -> Result<Written, TrustError> {
    let namespace = namespace.unwrap_or(NAMESPACE);
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let is_key = |line: &&str| line.split_ascii_whitespace().next().is_some_and(is_type);
    if lines.iter().any(is_key) {
        let [line] = lines[..] else { return Err(broken("it is a list of keys")) };
        if principal.is_some() {
            return Err(broken("it names no principals, and `principal` is set"));
        }
        let (public, namespace) = (key(line)?, namespace.to_owned());
        return Ok(Written { public, namespace, validity: Validity::default() });
    }
    let lines: Vec<_> = lines.into_iter().map(allowed::Line::read).collect::<Result<_, _>>()?;
    let is_meant = |line: &&allowed::Line| {
        principal.is_none_or(|principal| pattern::matches(line.principals, principal))
    };
    let meant: Vec<_> = lines.iter().filter(is_meant).collect();
    let line = match (&meant[..], principal) {
        ([line], _) => line,
        ([], _) => return Err(broken("no line is for that `principal`")),
        (_, Some(_)) => {
            return Err(broken("several lines are for that `principal`: one entry is one key"));
        }
        (_, None) => return Err(broken("it has several keys: choose one with `principal`")),
    };
    if line.is_authority {
        let what = "an OpenSSH `cert-authority`";
        return Err(TrustError::UnsupportedKey { what });
    }
    if line.namespaces.as_ref().is_some_and(|allowed| !pattern::matches(allowed, namespace)) {
        return Err(TrustError::Namespace { namespace: namespace.to_owned() });
    }
    let public = key(line.key)?;
    Ok(Written { public, namespace: namespace.to_owned(), validity: line.validity })
}

/// Reads a type, base64, and a comment that says nothing.
fn key(line: &str) -> Result<Public, TrustError> {
    let mut words = line.split_ascii_whitespace();
    let (name, blob) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if let Some((_, what)) = OTHERS.iter().find(|(beginning, _)| name.starts_with(beginning)) {
        return Err(TrustError::UnsupportedKey { what });
    }
    if !TYPES.contains(&name) {
        return Err(TrustError::UnsupportedKey { what: "an OpenSSH certificate" });
    }
    let blob = STANDARD.decode(blob).map_err(|_| broken("its key is not valid base64"))?;
    let mut wire = Wire::new(&blob);
    if wire.string() != Some(name.as_bytes()) {
        return Err(broken("its key is not of the type that stands before it"));
    }
    numbers(name, wire).ok_or(broken("its key is malformed"))?
}

/// The numbers of a key, behind its type; none where they are not in order.
fn numbers(name: &str, mut wire: Wire<'_>) -> Option<Result<Public, TrustError>> {
    let public = match name {
        "ssh-ed25519" => {
            let key = wire.string()?.try_into().ok()?;
            Public::ed25519(key)
        }
        "ssh-rsa" => {
            let (exponent, modulus) = (wire.natural()?, wire.natural()?);
            Public::rsa(&der::pair(modulus, exponent))
        }
        _ => {
            let (curve, point) = (wire.string()?, wire.string()?);
            let length = if curve == b"nistp256" { 65 } else { 97 };
            let is_named = Some(curve) == name.strip_prefix("ecdsa-sha2-").map(str::as_bytes);
            if !is_named || point.len() != length {
                return None;
            }
            Public::ecdsa(point)
        }
    };
    wire.is_empty().then_some(public)
}
