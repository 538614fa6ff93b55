//! Passes over what means nothing in a string, which is most of a document.

/// What one number holds, and about as long as the strings there are.
const STEP: usize = 8;

/// Where a string has turned out to be long: a payload in base64 is megabytes.
const LONG: usize = 96;

/// How many bytes come before the first that means something in a string: a quote, a backslash or a
/// control character.
#[inline]
pub(super) fn plain(bytes: &[u8]) -> usize {
    let mut skipped = 0;
    while let Some(step) = bytes[skipped..].first_chunk::<STEP>() {
        let marks = marks(*step);
        if marks != 0 {
            return skipped + marks.trailing_zeros() as usize / 8;
        }
        skipped += STEP;
        if skipped == LONG {
            return skipped + long(&bytes[skipped..]);
        }
    }
    let rest = &bytes[skipped..];
    skipped + rest.iter().position(means_something).unwrap_or(rest.len())
}

fn means_something(&byte: &u8) -> bool {
    (byte == b'"') | (byte == b'\\') | (byte < b' ')
}

/// A bit at the top of each byte that means something. Behind the first of these there may be others
/// that mean nothing, for a subtraction borrows from the byte above; before it there are none.
#[inline]
fn marks(step: [u8; STEP]) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; STEP]);
    let word = u64::from_le_bytes(step);
    let below = |word: u64, least: u8| word.wrapping_sub(ONES * u64::from(least)) & !word;
    let is = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    (below(word, b' ') | is(b'"') | is(b'\\')) & (ONES << 7)
}

/// How many bytes of a long string come before the first that means something. It looks for what ends
/// most strings, and then whether anything else stands before that: two passes in wide steps.
fn long(bytes: &[u8]) -> usize {
    let end = memchr::memchr2(b'"', b'\\', bytes).unwrap_or(bytes.len());
    let least = bytes[..end].iter().fold(u8::MAX, |least, &byte| least.min(byte));
    if least >= b' ' {
        return end;
    }
    bytes[..end].iter().position(means_something).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Bytes of which some mean something, and some nearly do.
    fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
        let special = prop::sample::select(b"\"\\\n\x1f\0 !#[]\x80\xa2\xdc\xff".to_vec());
        let byte = prop_oneof![200 => Just(b'a'), 1 => special, 1 => any::<u8>()];
        prop::collection::vec(byte, 0..600)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn it_stops_where_a_slower_one_stops(bytes in any_bytes()) {
            let expected = bytes.iter().position(means_something).unwrap_or(bytes.len());
            prop_assert_eq!(plain(&bytes), expected);
        }
    }

    #[test]
    fn it_stops_at_every_byte_that_means_something_and_at_no_other() {
        for byte in 0..=u8::MAX {
            for place in 0..2 * LONG {
                let mut bytes = vec![b'a'; 2 * LONG];
                bytes[place] = byte;
                let expected = if means_something(&byte) { place } else { 2 * LONG };
                assert_eq!(plain(&bytes), expected, "{byte} at {place}");
            }
        }
    }
}
