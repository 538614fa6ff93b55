//! Private keys in blocks of text, and passwords in files of tools.

use super::example::is_placeholder;
use super::token::{Set, decode, distinct, run};

/// The shortest body of a key, in characters of base64: one on the curve P-256 without its public half.
/// An Ed25519 key has 64.
const LEAST: usize = 52;

/// The shortest piece of it that counts among other text: lines have 64 or more, and names in a program
/// fewer. Of lines that hold nothing else all count.
const PIECE: usize = 32;

/// How many different characters a body has at the least; what stands for one in a manual has fewer.
const DISTINCT: u32 = 16;

/// The shortest private half in a JSON Web Key: 32 bytes.
const LEAST_JWK: usize = 43;

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

/// A key of `PuTTY`: its private lines stand further down, and it is told by its first two.
pub(super) fn putty(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let rest = bytes.get(at..)?.strip_prefix(b"PuTTY-User-Key-File-")?;
    let algorithm = rest.get(1..)?.strip_prefix(b": ")?;
    let length = algorithm.iter().take(40).take_while(|byte| !byte.is_ascii_control()).count();
    let second = algorithm.get(..length + 20).unwrap_or(algorithm);
    let known = algorithm.starts_with(b"ssh-") || algorithm.starts_with(b"ecdsa-");
    (known && has(second, b"Encryption:")).then_some((at, at + 21))
}

/// A key in PEM in UTF-16: its last dash before `BEGIN` is at the byte, in either order of bytes.
pub(super) fn utf16(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let behind = bytes.get(at..)?;
    if !behind.starts_with(b"-\0B\0") {
        return None;
    }
    let mut text = b"----".to_vec();
    text.extend(behind.iter().step_by(2));
    let (_, past) = pem(&text, 0)?;
    Some((at, at + (past - 4) * 2))
}

/// How `-----BEGIN ` begins in base64, by how many bytes stand before it in its group of three, and
/// what makes the group whole.
const ENCODED: [(&[u8], &[u8]); 3] =
    [(b"LS0tLS1CRUdJTi", b""), (b"0tLS0tQkVHSU4g", b"AC"), (b"tLS0tLUJFR0lOI", b"AAA")];

/// A key in PEM that is in base64 once more, as in a `Secret` of Kubernetes; lines may be wrapped.
pub(super) fn encoded(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let behind = bytes.get(at..)?;
    let (form, before) = ENCODED.iter().find(|(form, _)| behind.starts_with(form))?;
    let mut text = before.to_vec();
    let mut rest = behind.iter();
    while let Some(byte) = rest.next() {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {}
            // `\n` in a string.
            b'\\' => {
                rest.next();
            }
            _ => text.push(*byte),
        }
    }
    let text = decode(&text);
    pem(&text, before.len().div_ceil(2)).map(|_| (at, at + form.len()))
}

/// A JSON Web Key (RFC 7517) with its private half: `d` beside `kty` in one object.
pub(super) fn jwk(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let rest = bytes.get(at..)?.strip_prefix(b"\"d")?;
    let marks = rest.iter().take(16).take_while(|byte| b" \t\r\n\":\\".contains(byte)).count();
    let start = at + 2 + marks;
    let past = start + run(bytes, start, Set::Dashed);
    let value = bytes.get(start..past)?;
    let brace = |byte: &u8| matches!(byte, b'{' | b'}');
    let from = bytes.get(..at)?.iter().rposition(brace).unwrap_or(0);
    let rest = bytes.get(from + 1..)?;
    let object = rest.get(..rest.iter().position(brace).unwrap_or(rest.len()))?;
    let fine = value.len() >= LEAST_JWK && distinct(value) >= DISTINCT && has(object, b"\"kty");
    fine.then_some((start, past))
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
        if is_pair && is_text && !is_placeholder(&decoded) {
            return Some((from + marks, from + marks + length));
        }
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

fn has(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|part| part == word)
}

/// Whether a key in PEM begins at a byte and the window ends before any dashes, so that what was seen
/// of it may be headers alone.
pub(super) fn goes_on(bytes: &[u8], at: usize) -> bool {
    let rest = bytes.get(at..).and_then(|rest| rest.strip_prefix(b"-----BEGIN "));
    rest.is_some_and(|rest| !has(rest.get(60..).unwrap_or_default(), b"----"))
}

/// Whether base64 of a key's length follows, up to the next dashes: line by line, whatever stands
/// between the lines in a string of a program, and headers before them.
fn has_body(body: &[u8]) -> bool {
    let end = body.windows(4).position(|part| part == b"----").unwrap_or(body.len());
    let body = body.get(..end).unwrap_or_default();
    let mut all = Vec::new();
    // Whether each line so far is a header, or holds base64 and nothing else.
    let mut bare = true;
    // `\n` in a string: the letter is no part of the line, but one more does not matter.
    for line in body.split(|byte| matches!(byte, b'\n' | b'\r' | b'\\')) {
        let runs = line.split(|byte| !is_base64(*byte));
        let words = runs.filter(|run| run.iter().any(u8::is_ascii_alphanumeric));
        let (mut longest, mut count) = (&[][..], 0);
        for word in words {
            count += 1;
            longest = if word.len() > longest.len() { word } else { longest };
        }
        let is_header = line.contains(&b':');
        bare &= is_header || count <= 1;
        let least = if is_header { LEAST } else { PIECE };
        if bare && !is_header || longest.len() >= least && is_mixed(longest) {
            all.extend_from_slice(longest);
        }
    }
    all.len() >= LEAST && distinct(&all) >= DISTINCT && is_mixed(&all)
}

/// Whether there are letters of both cases and something else, as in anything random and long. Names in
/// a program are long, too, and seldom so.
fn is_mixed(text: &[u8]) -> bool {
    let some = |test: fn(&u8) -> bool| text.iter().any(test);
    some(u8::is_ascii_uppercase)
        && some(u8::is_ascii_lowercase)
        && some(|byte| !byte.is_ascii_alphabetic())
}
