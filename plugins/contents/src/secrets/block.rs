//! Private keys in blocks of text, and passwords in files of tools.

use super::example::is_example;
use super::token::decode;

/// The shortest body of a key, in characters of base64: an Ed25519 key has 64 of them.
const LEAST: usize = 56;

/// The shortest piece of it that counts: lines have 64 or more, and words of prose fewer.
const PIECE: usize = 16;

/// A key in PEM: RFC 7468, `OpenSSH`, `OpenPGP`, and what other tools made of it.
pub(super) fn pem(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let rest = bytes.get(at..)?;
    let label = rest.strip_prefix(b"-----BEGIN ")?;
    let length = label
        .iter()
        .take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || **byte == b' ')
        .count();
    let (label, body) = label.split_at_checked(length)?;
    let is_key = label.ends_with(b"PRIVATE KEY") || label.ends_with(b"PRIVATE KEY BLOCK");
    let body = body.strip_prefix(b"-----").filter(|_| is_key)?;
    has_body(body).then_some((at, at + rest.len() - body.len()))
}

/// A key as commercial SSH has it.
pub(super) fn ssh2(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let rest = bytes.get(at..)?.strip_prefix(b"---- BEGIN SSH2 ")?;
    let length = rest.iter().take(40).position(|byte| *byte == b'-')?;
    let body = rest.get(length..)?.strip_prefix(b"----")?;
    has_body(body).then_some((at, at + 16 + length + 4))
}

/// A key of `PuTTY`: its private lines stand further down, and it is told by its first line.
pub(super) fn putty(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let rest = bytes.get(at..)?.strip_prefix(b"PuTTY-User-Key-File-")?;
    let has = |word: &[u8]| rest.windows(word.len()).any(|part| part == word);
    let fine = rest.get(1) == Some(&b':') && has(b"Encryption:") && has(b"Public-Lines:");
    fine.then_some((at, at + 21))
}

/// A client's key in a kubeconfig: PEM that is in base64 once more.
pub(super) fn client_key(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let name = b"client-key-data";
    let rest = bytes.get(at..)?.strip_prefix(name)?;
    let marks = rest.iter().take(16).take_while(|byte| b" \t\r\n\"':|>-".contains(byte)).count();
    let value = rest.get(marks..)?;
    let length = value.iter().take_while(|byte| is_base64(**byte)).count();
    let value = value.get(..length)?;
    let start = at + name.len() + marks;
    let is_pem = decode(value).starts_with(b"-----BEGIN");
    (marks > 0 && length >= 60 && is_pem).then_some((start, start + length))
}

/// A name and a password in base64, under `auths`.
pub(super) fn docker_auth(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let mut from = at + bytes.get(at..)?.strip_prefix(b"\"auths\"").map(|_| 7)?;
    let name = b"\"auth\"";
    loop {
        from += bytes.get(from..)?.windows(name.len()).position(|part| part == name)? + name.len();
        let rest = bytes.get(from..)?;
        let marks = rest.iter().take(16).take_while(|byte| b" \t\r\n:\"".contains(byte)).count();
        let value = rest.get(marks..)?;
        let length = value.iter().take_while(|byte| is_base64(**byte)).count();
        let decoded = decode(value.get(..length)?);
        let colon = decoded.iter().position(|byte| *byte == b':');
        let is_pair = colon.is_some_and(|colon| colon > 0 && colon + 1 < decoded.len());
        let is_text = decoded.iter().all(|byte| (b' '..=b'~').contains(byte));
        if is_pair && is_text && !is_example(&decoded) {
            return Some((from + marks, from + marks + length));
        }
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// Whether base64 of a key's length follows, up to the next dashes: line by line, whatever stands
/// between the lines in a string of a program, and headers before them.
fn has_body(body: &[u8]) -> bool {
    let end = body.windows(4).position(|part| part == b"----").unwrap_or(body.len());
    let body = body.get(..end).unwrap_or_default();
    let mut total = 0;
    for line in body.split(|byte| matches!(byte, b'\n' | b'\r' | b'\\')) {
        // `\n` in a string: the letter is no part of the line.
        let mut longest = 0;
        let mut length = 0;
        for byte in line {
            length = if is_base64(*byte) { length + 1 } else { 0 };
            longest = longest.max(length);
        }
        if longest >= PIECE && !line.contains(&b':') {
            total += longest;
        }
    }
    total >= LEAST && !is_example(body)
}
