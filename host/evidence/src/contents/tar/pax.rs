//! Extended headers: `LENGTH KEY=VALUE\n`, again and again (POSIX pax).

use super::super::unreadable::{Unreadable, damaged};

/// What extended headers say of an entry, as far as it counts here.
#[derive(Debug, Default, Clone)]
pub(super) struct Extended {
    pub(super) path: Option<Vec<u8>>,
    pub(super) link: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    pub(super) uid: Option<u64>,
    pub(super) gid: Option<u64>,
    /// Whether it says that only parts of the file are there.
    pub(super) is_sparse: bool,
    /// The path of such a file.
    pub(super) sparse_path: Option<Vec<u8>>,
    /// How many bytes it has with those that are not there.
    pub(super) real_size: Option<u64>,
    /// Whether one key stands in one header twice, with two values.
    pub(super) contradicts_itself: bool,
}

impl Extended {
    /// Takes another header's records; those that stand there replace those before. `at` is where
    /// the records begin, in bytes.
    pub(super) fn read(&mut self, mut records: &[u8], at: u64) -> Result<(), Unreadable> {
        let wrong = || damaged(at, "its extended header is not one");
        let mut seen = Self::default();
        while !records.is_empty() {
            let (length, _) = split(records, b' ').ok_or_else(wrong)?;
            let digits = length.len();
            let length = decimal(length).and_then(|length| usize::try_from(length).ok());
            let record = length.and_then(|length| records.split_at_checked(length));
            let (record, rest) = record.ok_or_else(wrong)?;
            let record = record.get(digits + 1..).and_then(|record| record.strip_suffix(b"\n"));
            let (key, value) = record.and_then(|record| split(record, b'=')).ok_or_else(wrong)?;
            self.record(key, value, &mut seen).ok_or_else(wrong)?;
            records = rest;
        }
        Ok(())
    }

    /// One record; none where its value is not what it has to be.
    fn record(&mut self, key: &[u8], value: &[u8], seen: &mut Self) -> Option<()> {
        let doubt = &mut self.contradicts_itself;
        match key {
            b"path" => put(&mut self.path, &mut seen.path, value, doubt, text),
            b"linkpath" => put(&mut self.link, &mut seen.link, value, doubt, text),
            b"size" => put(&mut self.size, &mut seen.size, value, doubt, decimal),
            b"uid" => put(&mut self.uid, &mut seen.uid, value, doubt, decimal),
            b"gid" => put(&mut self.gid, &mut seen.gid, value, doubt, decimal),
            b"GNU.sparse.realsize" | b"GNU.sparse.size" | b"SCHILY.realsize" => {
                self.is_sparse = true;
                put(&mut self.real_size, &mut seen.real_size, value, doubt, decimal)
            }
            b"GNU.sparse.name" => {
                self.is_sparse = true;
                put(&mut self.sparse_path, &mut seen.sparse_path, value, doubt, text)
            }
            _ => {
                self.is_sparse |= key.starts_with(b"GNU.sparse.");
                Some(())
            }
        }
    }

    /// Whether it says anything that is about one entry, and no comment.
    pub(super) fn says_something(&self) -> bool {
        self.path.is_some()
            || self.link.is_some()
            || self.size.is_some()
            || self.uid.is_some()
            || self.gid.is_some()
            || self.is_sparse
    }

    /// What an entry's own header says, and else what a global one does; of a target only if it is a
    /// link.
    pub(super) fn over(self, global: &Self, is_link: bool) -> Self {
        Self {
            path: self.path.or_else(|| global.path.clone()),
            link: self.link.or_else(|| global.link.as_ref().filter(|_| is_link).cloned()),
            size: self.size.or(global.size),
            uid: self.uid.or(global.uid),
            gid: self.gid.or(global.gid),
            is_sparse: self.is_sparse || global.is_sparse,
            sparse_path: self.sparse_path.or_else(|| global.sparse_path.clone()),
            real_size: self.real_size.or(global.real_size),
            contradicts_itself: self.contradicts_itself || global.contradicts_itself,
        }
    }
}

/// Keeps the value of a record. An empty one says that what stood before does not count.
fn put<T: PartialEq + Clone>(
    kept: &mut Option<T>,
    seen: &mut Option<T>,
    value: &[u8],
    doubt: &mut bool,
    read: impl Fn(&[u8]) -> Option<T>,
) -> Option<()> {
    let value = if value.is_empty() { None } else { Some(read(value)?) };
    *doubt |= seen.is_some() && *seen != value;
    seen.clone_from(&value);
    *kept = value;
    Some(())
}

#[expect(clippy::unnecessary_wraps, reason = "any bytes are a text, as not all are a number")]
fn text(value: &[u8]) -> Option<Vec<u8>> {
    Some(value.to_vec())
}

fn split(bytes: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let place = bytes.iter().position(|byte| *byte == at)?;
    Some((bytes.get(..place)?, bytes.get(place + 1..)?))
}

/// A number in decimal digits.
fn decimal(text: &[u8]) -> Option<u64> {
    let is_number = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    is_number.then(|| std::str::from_utf8(text).ok()?.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Extended, Unreadable> {
        let mut extended = Extended::default();
        extended.read(text.as_bytes(), 512).map(|()| extended)
    }

    #[test]
    fn records_are_read_to_the_byte() {
        let extended = read("15 path=a=b\nc\n\n9 size=7\n").unwrap();
        assert_eq!(extended.path.unwrap(), b"a=b\nc\n");
        assert_eq!(extended.size, Some(7));
        for wrong in
            ["", "1", "9 size=x\n", "11 size=7\n", "8 size=7\n", "9 size=7x", "0 ", "9 size7.\n"]
        {
            assert_eq!(read(wrong).is_ok(), wrong.is_empty(), "{wrong}");
        }
    }

    #[test]
    fn a_key_with_two_values_in_one_header_is_in_doubt_and_in_two_headers_it_is_not() {
        assert!(read("9 size=7\n9 size=8\n").unwrap().contradicts_itself);
        assert!(!read("9 size=7\n9 size=7\n").unwrap().contradicts_itself);
        let mut extended = read("9 size=7\n").unwrap();
        extended.read(b"9 size=8\n", 512).unwrap();
        assert!(!extended.contradicts_itself);
        assert_eq!(extended.size, Some(8));
    }
}
