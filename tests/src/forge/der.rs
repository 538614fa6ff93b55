//! Writes DER (ITU-T X.690). Whatever is given is written: tests also need what nobody should.

use jiff::Timestamp;

/// A value of any tag, with its length before it.
pub(super) fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut der = vec![tag];
    match u8::try_from(length) {
        Ok(short @ ..0x80) => der.push(short),
        _ => {
            let bytes = length.to_be_bytes();
            let skip = bytes.iter().take_while(|byte| **byte == 0).count();
            let bytes = &bytes[skip..];
            der.push(0x80 | u8::try_from(bytes.len()).expect("a length has 8 bytes at most"));
            der.extend(bytes);
        }
    }
    der.extend(content);
    der
}

pub(super) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tagged(0x30, &parts.concat())
}

/// The parts have to be in order (X.690, section 11.6).
pub(super) fn set(parts: &[Vec<u8>]) -> Vec<u8> {
    tagged(0x31, &parts.concat())
}

/// A context-specific tag around a value.
pub(super) fn explicit(number: u8, inner: &[u8]) -> Vec<u8> {
    tagged(0xa0 | number, inner)
}

pub(super) fn integer(number: u64) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    let skip = bytes.iter().take(7).take_while(|byte| **byte == 0).count();
    let mut content = bytes[skip..].to_vec();
    if content[0] >= 0x80 {
        content.insert(0, 0);
    }
    tagged(0x02, &content)
}

pub(super) fn yes() -> Vec<u8> {
    tagged(0x01, &[0xff])
}

/// An object identifier in dotted form.
pub(super) fn oid(dotted: &str) -> Vec<u8> {
    let mut arcs = dotted.split('.').map(|arc| arc.parse::<u64>().expect("an arc is a number"));
    let (first, second) = (arcs.next().expect("two arcs"), arcs.next().expect("two arcs"));
    let mut content = Vec::new();
    for arc in std::iter::once(first * 40 + second).chain(arcs) {
        let groups = (1..10).take_while(|group| arc >> (7 * group) > 0).count();
        for group in (0..=groups).rev() {
            let bits = u8::try_from((arc >> (7 * group)) & 0x7f).expect("seven bits");
            content.push(if group == 0 { bits } else { bits | 0x80 });
        }
    }
    tagged(0x06, &content)
}

pub(super) fn octets(bytes: &[u8]) -> Vec<u8> {
    tagged(0x04, bytes)
}

/// A bit string of whole bytes.
pub(super) fn bits(bytes: &[u8]) -> Vec<u8> {
    tagged(0x03, &[&[0], bytes].concat())
}

pub(super) fn utf8(text: &str) -> Vec<u8> {
    tagged(0x0c, text.as_bytes())
}

/// A date as certificates write those before 2050.
pub(super) fn utc_time(at: Timestamp) -> Vec<u8> {
    tagged(0x17, at.strftime("%y%m%d%H%M%SZ").to_string().as_bytes())
}

/// A date as timestamps write it, to the second.
pub(super) fn generalized_time(at: Timestamp) -> Vec<u8> {
    tagged(0x18, at.strftime("%Y%m%d%H%M%SZ").to_string().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_x690_says() {
        assert_eq!(integer(0), [2, 1, 0]);
        assert_eq!(integer(128), [2, 2, 0, 128]);
        assert_eq!(integer(65537), [2, 3, 1, 0, 1]);
        assert_eq!(oid("1.2.840.10045.4.3.2"), [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]);
        assert_eq!(oid("2.5.29.17"), [6, 3, 0x55, 0x1d, 0x11]);
        assert_eq!(octets(&[7; 200])[..4], [4, 0x81, 200, 7]);
        assert_eq!(octets(&[7; 300])[..5], [4, 0x82, 1, 44, 7]);
        let at = "2026-10-02T03:04:05Z".parse().unwrap();
        assert_eq!(utc_time(at), b"\x17\x0d261002030405Z");
        assert_eq!(generalized_time(at), b"\x18\x0f20261002030405Z");
    }
}
