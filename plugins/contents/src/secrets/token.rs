//! Secrets that are one word: a prefix, an alphabet and a length, and some that need more.

use super::example::{is_example, is_variable};

/// Which bytes a token is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Set {
    /// Letters.
    Alpha,
    /// Letters and digits.
    Alnum,
    /// Upper-case letters and digits.
    Upper,
    /// Hexadecimal digits.
    Hex,
    /// Letters, digits and `_`.
    Word,
    /// Those and `-`.
    Dashed,
    /// Those and `.`.
    Dotted,
    /// Letters, digits and `/`.
    Slashed,
    /// Letters, digits, `+`, `/` and `=`.
    Base64,
    /// What is visible, but for quotes.
    Value,
}

impl Set {
    pub(super) fn has(self, byte: u8) -> bool {
        let more: &[u8] = match self {
            Self::Alpha => return byte.is_ascii_alphabetic(),
            Self::Upper => return byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Hex => return byte.is_ascii_hexdigit(),
            Self::Value => return byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'`'),
            Self::Alnum => b"",
            Self::Word => b"_",
            Self::Dashed => b"_-",
            Self::Dotted => b"_-.",
            Self::Slashed => b"/",
            Self::Base64 => b"+/=",
        };
        byte.is_ascii_alphanumeric() || more.contains(&byte)
    }

    /// How many different bytes a token has at the least. A random one has fewer in one of a hundred
    /// thousand at the most: of sixteen characters, of those in hexadecimal, and of a value, which may be
    /// twenty digits of it.
    pub(super) fn wanted(self) -> u32 {
        match self {
            Self::Upper | Self::Value => 6,
            Self::Hex => 8,
            _ => 10,
        }
    }

    /// As a class of a regular expression.
    fn class(self) -> &'static str {
        match self {
            Self::Alpha => "[A-Za-z]",
            Self::Alnum => "[0-9A-Za-z]",
            Self::Upper => "[0-9A-Z]",
            Self::Hex => "[0-9A-Fa-f]",
            Self::Word => "[0-9A-Za-z_]",
            Self::Dashed => "[0-9A-Za-z_-]",
            Self::Dotted => "[0-9A-Za-z_.-]",
            Self::Slashed => "[0-9A-Za-z/]",
            Self::Base64 => "[0-9A-Za-z+/=]",
            Self::Value => "[!#-&(-_a-~]",
        }
    }
}

/// A prefix, and so many bytes of a set behind it.
pub(super) struct Token {
    pub(super) prefix: &'static str,
    pub(super) set: Set,
    pub(super) lengths: (usize, usize),
    /// Whether the last six of its characters have to be the checksum of those before them.
    pub(super) checksum: bool,
}

/// How many bytes behind the prefix the host compares, so that it finds few that are none. More would
/// make the expression large, and each byte of each file dear.
const COMPARED: char = '6';

impl Token {
    /// Adds what the host looks for to an expression.
    pub(super) fn trigger(&self, expression: &mut String) {
        for character in self.prefix.chars() {
            if character == '.' {
                expression.push('\\');
            }
            expression.push(character);
        }
        expression.push_str(self.set.class());
        expression.push('{');
        expression.push(COMPARED);
        expression.push('}');
    }

    /// Whether one begins at a byte, and where it ends.
    pub(super) fn see(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let rest = bytes.get(at..)?.strip_prefix(self.prefix.as_bytes())?;
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let word = self.prefix.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric);
        if word && before.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') {
            return None;
        }
        let (least, most) = self.lengths;
        let length = rest.iter().take_while(|byte| self.set.has(**byte)).count();
        let body = rest.get(..length)?;
        if !(least..=most).contains(&length) {
            return None;
        }
        let fine = if self.checksum {
            checksum_holds(body)
        } else {
            distinct(body) >= self.set.wanted() && !is_example(body) && !is_variable(body)
        };
        fine.then_some(at + self.prefix.len() + length)
    }
}

/// How many different bytes there are: a measure of how random they are that needs no fractions.
pub(super) fn distinct(bytes: &[u8]) -> u32 {
    let seen = bytes.iter().fold(0_u128, |seen, byte| seen | 1 << (byte & 0x7f));
    seen.count_ones()
}

/// Whether the last six characters are the CRC-32 of those before them in base 62, as in tokens of
/// GitHub and npm. What is made up for a manual has none that holds.
fn checksum_holds(body: &[u8]) -> bool {
    let Some((entropy, stated)) = body.split_last_chunk::<6>() else { return false };
    let mut crc = !0_u32;
    for byte in entropy {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    let value = stated.iter().try_fold(0_u64, |value, byte| {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'A'..=b'Z' => byte - b'A' + 10,
            b'a'..=b'z' => byte - b'a' + 36,
            _ => return None,
        };
        Some(value * 62 + u64::from(digit))
    });
    value == Some(u64::from(!crc))
}

/// The bytes of a set from a place on.
pub(super) fn run(bytes: &[u8], at: usize, set: Set) -> usize {
    bytes.get(at..).unwrap_or_default().iter().take_while(|byte| set.has(**byte)).count()
}

/// The bytes of a set before a place.
fn run_before(bytes: &[u8], at: usize, set: Set) -> usize {
    bytes.get(..at).unwrap_or_default().iter().rev().take_while(|byte| set.has(**byte)).count()
}

/// Behind a key: what stands between it and its value, which are a few marks.
fn value_after(bytes: &[u8], at: usize) -> usize {
    let marks = b" \t\"':=>,\\";
    let rest = bytes.get(at..).unwrap_or_default().iter().take(16);
    at + rest.take_while(|byte| marks.contains(byte)).count()
}

/// Forty characters behind the name of the setting.
pub(super) fn aws_secret(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let names: [&[u8]; 5] = [
        b"secret_access_key",
        b"Secret_access_key",
        b"SECRET_ACCESS_KEY",
        b"secretAccessKey",
        b"SecretAccessKey",
    ];
    let rest = bytes.get(at..)?;
    let name = names.iter().find(|name| rest.starts_with(name))?;
    let start = value_after(bytes, at + name.len());
    let length = run(bytes, start, Set::Base64);
    let value = bytes.get(start..start + length)?;
    let fine = start > at + name.len() && length == 40 && distinct(value) >= 16;
    (fine && !is_example(value)).then_some((start, start + length))
}

/// The id of the key stands beside the key, which other detectors find, too.
pub(super) fn private_key_id(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let name = b"\"private_key_id\"";
    if !bytes.get(at..)?.starts_with(name) {
        return None;
    }
    let start = value_after(bytes, at + name.len());
    let length = run(bytes, start, Set::Hex);
    let value = bytes.get(start..start + length)?;
    let fine = length == 40 && distinct(value) >= 8 && !is_example(value);
    fine.then_some((start, start + length))
}

/// Three characters, a digit, `Q~`, and 31 to 34 characters.
pub(super) fn azure_secret(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let rest = bytes.get(at..)?;
    if !(rest.first()?.is_ascii_digit() && rest.get(1..3) == Some(b"Q~")) {
        return None;
    }
    let in_set = |byte: u8| Set::Dotted.has(byte) || byte == b'~';
    let start = at.checked_sub(3)?;
    let before = bytes.get(start..at)?.iter().all(|byte| in_set(*byte));
    let edge = start.checked_sub(1).and_then(|edge| bytes.get(edge)).is_none_or(|b| !in_set(*b));
    let length = rest.iter().skip(3).take_while(|byte| in_set(**byte)).count();
    let body = rest.get(3..3 + length)?;
    let fine = before && edge && (31..=34).contains(&length);
    (fine && distinct(body) >= 12 && !is_example(body)).then_some((start, at + 3 + length))
}

/// `OpenAI` in base64, in the middle of a key.
pub(super) fn openai(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    if !bytes.get(at..)?.starts_with(b"T3BlbkFJ") {
        return None;
    }
    let before = run_before(bytes, at, Set::Dashed);
    let behind = run(bytes, at, Set::Dashed);
    let (start, past) = (at - before, at + behind);
    let key = bytes.get(start..past)?;
    let from = key.windows(3).position(|three| three == b"sk-")?;
    (before - from >= 20 && behind >= 28 && !is_example(key)).then_some((start + from, past))
}

/// Fourteen characters, `.atlasv1.`, and sixty or more.
pub(super) fn terraform(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let mark = b".atlasv1.";
    if !bytes.get(at..)?.starts_with(mark) {
        return None;
    }
    let before = run_before(bytes, at, Set::Alnum);
    let behind = run(bytes, at + mark.len(), Set::Dashed);
    let body = bytes.get(at + mark.len()..)?.get(..behind)?;
    let fine = before == 14 && (60..=80).contains(&behind) && distinct(body) >= 16;
    fine.then_some((at - before, at + mark.len() + behind))
}

/// Three parts, each in base64; the first is a header that names an algorithm, the last a signature.
pub(super) fn jwt(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    if !bytes.get(at..)?.starts_with(b"eyJ") || run_before(bytes, at, Set::Dashed) > 0 {
        return None;
    }
    let header = run(bytes, at, Set::Dashed);
    let payload_at = at + header + 1;
    let payload = run(bytes, payload_at, Set::Dashed);
    let dot = |at: usize| bytes.get(at) == Some(&b'.');
    if !dot(at + header) || !bytes.get(payload_at..)?.starts_with(b"eyJ") {
        return None;
    }
    let decoded = decode(bytes.get(at..at + header)?);
    let has = |text: &[u8], word: &[u8]| text.windows(word.len()).any(|part| part == word);
    if !has(&decoded, b"\"alg\"") || has(&decoded, b"\"none\"") {
        return None;
    }
    let claims = decode(bytes.get(payload_at..payload_at + payload)?);
    let known = [&b"John Doe"[..], b"1234567890", b"example", b"\"joe\""];
    if known.iter().any(|word| has(&claims, word)) {
        return None;
    }
    let signature_at = payload_at + payload + 1;
    if payload_at + payload >= bytes.len() {
        // The window ends within the claims: they are long, and a header stands before them.
        return Some((at, bytes.len()));
    }
    let signature = run(bytes, signature_at, Set::Dashed);
    let body = bytes.get(signature_at..signature_at + signature)?;
    let fine = dot(payload_at + payload) && signature >= 40 && distinct(body) >= 16;
    (fine && !is_example(body)).then_some((at, signature_at + signature))
}

/// The bytes of base64, in either alphabet, as far as it is some.
pub(crate) fn decode(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    let (mut bits, mut count) = (0_u32, 0);
    for byte in text {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => break,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    bytes
}
