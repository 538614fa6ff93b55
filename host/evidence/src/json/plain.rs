//! Passes over what means nothing in a string, which is most of a document.

/// Wide enough to be looked at in an instruction or two, short enough for the strings there are.
const STEP: usize = 16;

/// The same for strings that have turned out to be long: a payload in base64 is megabytes.
const STRIDE: usize = 64;

/// How many bytes come before the first that means something in a string: a quote, a backslash or a
/// control character.
#[inline]
pub(super) fn plain(bytes: &[u8]) -> usize {
    let mut skipped = 0;
    while let Some(step) = bytes[skipped..].first_chunk::<STEP>() {
        if stops(step) {
            return skipped + first(step);
        }
        skipped += STEP;
        if skipped == STRIDE {
            skipped += strides(&bytes[skipped..]);
        }
    }
    let rest = &bytes[skipped..];
    skipped + rest.iter().position(means_something).unwrap_or(rest.len())
}

fn means_something(&byte: &u8) -> bool {
    (byte == b'"') | (byte == b'\\') | (byte < b' ')
}

/// Whether any byte of a step means something. It looks at every one, in all three ways, rather than
/// stopping at the first: that is what makes a few instructions of it.
#[inline]
fn stops<const LENGTH: usize>(step: &[u8; LENGTH]) -> bool {
    step.iter().fold(false, |any, byte| any | means_something(byte))
}

/// How many bytes come before the stride that has one which means something.
fn strides(bytes: &[u8]) -> usize {
    bytes.as_chunks::<STRIDE>().0.iter().take_while(|stride| !stops(stride)).count() * STRIDE
}

/// The place of the first byte of a step that means something, if one does.
#[inline]
fn first(step: &[u8; STEP]) -> usize {
    let marks = marks(u128::from_le_bytes(*step));
    marks.trailing_zeros() as usize / 8
}

/// A bit at the top of each byte that means something. Behind the first of these there may be others
/// that mean nothing, for a subtraction borrows from the byte above; before it there are none.
#[inline]
fn marks(word: u128) -> u128 {
    const ONES: u128 = u128::from_le_bytes([1; STEP]);
    const TOPS: u128 = ONES << 7;
    let below = |word: u128, least: u8| word.wrapping_sub(ONES * u128::from(least)) & !word & TOPS;
    let is = |byte: u8| below(word ^ (ONES * u128::from(byte)), 1);
    below(word, b' ') | is(b'"') | is(b'\\')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Bytes of which some mean something, and some nearly do.
    fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
        let special = prop::sample::select(b"\"\\\n\x1f\0 !#[]\x80\xa2\xdc\xff".to_vec());
        let byte = prop_oneof![12 => Just(b'a'), 1 => special, 1 => any::<u8>()];
        prop::collection::vec(byte, 0..200)
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
            for place in 0..100 {
                let mut bytes = vec![b'a'; 100];
                bytes[place] = byte;
                let expected = if means_something(&byte) { place } else { 100 };
                assert_eq!(plain(&bytes), expected, "{byte} at {place}");
            }
        }
    }
}
