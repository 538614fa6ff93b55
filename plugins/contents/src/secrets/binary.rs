//! Files that as a whole are a private key, in no form of text: DER, PKCS #12, `OpenPGP`, a keystore of
//! Java, and what `GnuPG` keeps.
//!
//! The host tells which files begin like one; here the rest of the structure is held against it, for a
//! few bytes prove nothing. Nothing is decrypted.

/// How such files begin.
pub(super) const BEGINNINGS: &str = concat!(
    r"(?s:\A(?:",
    // A sequence in DER: a version and a number, a text of bytes or a sequence; or an algorithm.
    r"0(?:[\x1e-\x80]|\x81.|\x82..|\x83...)",
    r"(?:\x02\x01[\x00\x01\x03][\x02\x040]|0(?:.|\x81.)\x06.\x2a\x86H\x86\xf7\r\x01[\x05\x0c])",
    // A packet of OpenPGP with a secret key, its version, its time and its algorithm.
    r"|(?:\x94.|\x95..|\xc5[\x00-\xbf]|\xc5[\xc0-\xdf].)[\x04-\x06]....[\x01-\x1c]",
    // A keystore whose first entry is a key.
    r"|(?:\xfe\xed\xfe\xed|\xce\xce\xce\xce)\x00{3}[\x01\x02]....\x00{3}\x01",
    r"|\((?:11:private|21:protected-private)-key\(",
    r"|(?:Created: [0-9T]{15}\n)?Key: \((?:protected-)?private-key ",
    r"))"
);

/// What stands before the algorithms of PKCS #5 and PKCS #12 by which keys are encrypted.
const PKCS: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01";

/// What says of an entry in PKCS #12 that it is a key, but for the last byte.
const KEY_BAG: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01";

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const OBJECT_ID: u8 = 0x06;
const SEQUENCE: u8 = 0x30;

/// Whether a file of some size, whose beginning is given, is a private key.
pub(crate) fn is_key(bytes: &[u8], size: u64) -> bool {
    let begins = |with: &[u8]| bytes.starts_with(with);
    begins(b"\xfe\xed\xfe\xed")
        || begins(b"\xce\xce\xce\xce")
        || begins(b"(11:private-key(")
        || begins(b"(21:protected-private-key(")
        || (begins(b"Created: ") || begins(b"Key: (")) && has(bytes, b"private-key ")
        || der(bytes, size).unwrap_or(false)
        || pgp(bytes, size).unwrap_or(false)
}

fn has(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|part| part == word)
}

/// PKCS #8, encrypted or not, PKCS #1 and its like for DSA, SEC 1, and PKCS #12 with a key in it.
fn der(bytes: &[u8], size: u64) -> Option<bool> {
    let (tag, start, end) = element(bytes, 0)?;
    let left = size.checked_sub(end as u64)?;
    // A line feed behind it makes it no other file.
    if tag != SEQUENCE || left > 2 {
        return Some(false);
    }
    let (tag, first, next) = element(bytes, start)?;
    let (second, inner, behind) = element(bytes, next)?;
    let version = if tag == INTEGER { bytes.get(first..next)? } else { &[] };
    let length = behind.checked_sub(inner)?;
    Some(match (version, second) {
        ([3], SEQUENCE) => [1, 2].iter().any(|kind| has(bytes, &[KEY_BAG, &[*kind]].concat())),
        ([0 | 1], SEQUENCE) => {
            bytes.get(inner) == Some(&OBJECT_ID) && bytes.get(behind) == Some(&OCTETS)
        }
        ([1], OCTETS) => (16..=66).contains(&length),
        ([0 | 1], INTEGER) => length >= 64 && numbers(bytes, start, end) >= 6,
        ([], OCTETS) if tag == SEQUENCE => {
            bytes.get(first..next)?.get(2..)?.starts_with(PKCS) && behind == end
        }
        _ => false,
    })
}

/// How many numbers stand one after the other.
fn numbers(bytes: &[u8], mut at: usize, end: usize) -> usize {
    let mut count = 0;
    while let Some((INTEGER, _, next)) = element(bytes, at).filter(|it| it.2 <= end) {
        (at, count) = (next, count + 1);
    }
    count
}

/// An element of DER: its tag, and from where to where its content goes.
fn element(bytes: &[u8], at: usize) -> Option<(u8, usize, usize)> {
    let [tag, length, rest @ ..] = bytes.get(at..)? else { return None };
    let (start, count) = (at + 2, usize::from(length & 0x7f));
    if length & 0x80 == 0 {
        return Some((*tag, start, start + count));
    }
    if count == 0 {
        // Without a length, as PKCS #12 of some programs is.
        return Some((*tag, start, bytes.len()));
    }
    let digits = rest.get(..count).filter(|_| count <= 3)?;
    let length = digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit));
    Some((*tag, start + count, start + count + length))
}

/// A packet of `OpenPGP` with a secret key, and what is behind it is another packet.
fn pgp(bytes: &[u8], size: u64) -> Option<bool> {
    let (start, length) = match *bytes {
        [0x94, one, ..] => (2, usize::from(one)),
        [0x95, one, two, ..] => (3, usize::from(one) << 8 | usize::from(two)),
        [0xc5, one @ ..=191, ..] => (2, usize::from(one)),
        [0xc5, one @ 192..=223, two, ..] => {
            (3, (usize::from(one - 192) << 8) + usize::from(two) + 192)
        }
        _ => return None,
    };
    let known = |algorithm: u8| matches!(algorithm, 1..=3 | 16..=19 | 22 | 25..=28);
    let end = start + length;
    let whole = match bytes.get(end) {
        Some(next) => next & 0x80 != 0,
        None => end as u64 == size,
    };
    Some(whole && matches!(bytes.get(start)?, 4..=6) && known(*bytes.get(start + 5)?))
}
