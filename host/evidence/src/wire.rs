//! The wire format of SSH (RFC 4251, section 5): lengths of four bytes before strings.

/// A reader of what may be hostile: every take is checked.
pub(crate) struct Wire<'a>(&'a [u8]);

impl<'a> Wire<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    pub(crate) fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    pub(crate) fn string(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        self.take(length)
    }

    /// A number of any length that is not negative, without its sign byte; only in its shortest
    /// form, so that a key has one encoding.
    pub(crate) fn natural(&mut self) -> Option<&'a [u8]> {
        let bytes = self.string()?;
        match bytes {
            [0, rest @ ..] if rest.first().is_some_and(|first| *first >= 0x80) => Some(rest),
            [0x01..=0x7f, ..] => Some(bytes),
            _ => None,
        }
    }

    /// Whether everything was taken.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Appends a string.
pub(crate) fn put(out: &mut Vec<u8>, string: &[u8]) {
    let length = u32::try_from(string.len()).expect("strings that are signed are short");
    out.extend(length.to_be_bytes());
    out.extend(string);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_short_is_not_read() {
        let mut whole = Vec::new();
        put(&mut whole, b"abc");
        assert_eq!(Wire::new(&whole).string(), Some(&b"abc"[..]));
        for length in 0..whole.len() {
            assert_eq!(Wire::new(&whole[..length]).string(), None);
        }
        assert_eq!(Wire::new(&[0xff; 8]).string(), None);
    }

    #[test]
    fn a_number_has_one_form() {
        let read = |bytes: &[u8]| {
            let mut wire = Vec::new();
            put(&mut wire, bytes);
            Wire::new(&wire).natural().map(<[u8]>::to_vec)
        };
        assert_eq!(read(&[1, 0, 1]), Some(vec![1, 0, 1]));
        assert_eq!(read(&[0, 0x80]), Some(vec![0x80]));
        for other in [&[][..], &[0], &[0, 1], &[0x80], &[0, 0, 0x80]] {
            assert_eq!(read(other), None, "{other:?}");
        }
    }
}
