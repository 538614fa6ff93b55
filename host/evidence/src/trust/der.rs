//! As much of DER as public keys and ECDSA signatures need.
//!
//! What is read here is compared with what would be written: a number has one encoding, so that
//! one key has one identity.

const INTEGER: u8 = 0x02;
const SEQUENCE: u8 = 0x30;

/// A sequence of two numbers: an RSA public key, or an ECDSA signature.
pub(crate) fn pair(first: &[u8], second: &[u8]) -> Vec<u8> {
    element(SEQUENCE, &[integer(first), integer(second)].concat())
}

/// The two numbers of a sequence, most significant byte first and without leading zeros; none
/// where it is not exactly that, in DER.
pub(crate) fn read_pair(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (inner, rest) = read(SEQUENCE, der)?;
    let (first, after) = read(INTEGER, inner)?;
    let (second, end) = read(INTEGER, after)?;
    let (first, second) = (trimmed(first), trimmed(second));
    let exact = rest.is_empty() && end.is_empty() && pair(first, second) == der;
    exact.then_some((first, second))
}

/// One element: its tag, its length, its content.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let length = trimmed(&length);
    let mut der = vec![tag];
    match length {
        [] => der.push(0),
        [short @ ..0x80] => der.push(*short),
        long => {
            der.push(0x80 | u8::try_from(long.len()).expect("a length has eight bytes at most"));
            der.extend(long);
        }
    }
    der.extend(content);
    der
}

/// A number that is not negative.
fn integer(number: &[u8]) -> Vec<u8> {
    let number = trimmed(number);
    let sign = number.first().is_none_or(|first| first & 0x80 != 0);
    let content = if sign { [&[0], number].concat() } else { number.to_vec() };
    element(INTEGER, &content)
}

/// The content of the first element, and what follows it.
pub(super) fn read(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&[found, first], mut rest) = der.split_first_chunk::<2>()?;
    let mut length = usize::from(first);
    if first >= 0x80 {
        // Two bytes of length are far more than any key that is read.
        let count = usize::from(first & 0x7f);
        let bytes = rest.get(..count).filter(|_| (1..=2).contains(&count))?;
        length = bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
        rest = &rest[count..];
    }
    (found == tag).then(|| rest.split_at_checked(length))?
}

/// A number without its leading zeros.
pub(super) fn trimmed(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_encoding() {
        let der = pair(&[0, 0x80], &[5]);
        assert_eq!(der, [0x30, 7, 2, 2, 0, 0x80, 2, 1, 5]);
        assert_eq!(read_pair(&der), Some((&[0x80][..], &[5][..])));
        assert_eq!(pair(&[0], &[]), [0x30, 6, 2, 1, 0, 2, 1, 0]);
        for broken in [
            &[][..],
            &[0x30],
            &[0x30, 6, 2, 1, 0x80, 2, 1, 5],
            &[0x30, 8, 2, 2, 0, 0x80, 2, 2, 0, 5],
            &[0x30, 0x81, 7, 2, 2, 0, 0x80, 2, 1, 5],
            &[0x30, 7, 2, 2, 0, 0x80, 2, 1, 5, 0],
            &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 2, 1, 5],
            &[0x30, 8, 2, 2, 0, 0x80, 2, 1, 5],
        ] {
            assert_eq!(read_pair(broken), None, "{broken:?}");
        }
    }
}
