//! The header of an entry: 512 bytes, by POSIX `ustar`, by GNU, and as they were before both.

use super::super::unreadable::{Unreadable, damaged};

/// The size of a header, and what contents are filled up to.
pub(super) const BLOCK: usize = 512;

/// One header.
pub(super) type Block = [u8; BLOCK];

/// Where the checksum stands. It counts as spaces while it is computed.
const CHECKSUM: std::ops::Range<usize> = 148..156;

/// What a header says.
#[derive(Debug)]
pub(super) struct Header {
    /// Where it stands, in bytes.
    pub(super) at: u64,
    /// The path, of its one or two fields.
    pub(super) name: Vec<u8>,
    pub(super) link: Vec<u8>,
    pub(super) mode: Option<u32>,
    pub(super) uid: Option<u64>,
    pub(super) gid: Option<u64>,
    pub(super) size: u64,
    pub(super) kind: u8,
    /// Whether readers join the two fields of the path in different ways.
    pub(super) is_joined_in_doubt: bool,
    /// Of GNU's sparse file: how many bytes it has with those that are not there, and whether more
    /// of its map stands in the next block.
    pub(super) real_size: u64,
    pub(super) map_goes_on: bool,
}

/// Whether a block of a sparse file's map has another behind it.
pub(super) fn goes_on(block: &Block) -> bool {
    field(block, 504, 1) != [0]
}

/// Whether a block has the checksum that it states. Some old writers added up signed bytes.
pub(super) fn is_header(block: &Block) -> bool {
    let (mut unsigned, mut signed) = (0_i64, 0_i64);
    for (at, byte) in block.iter().enumerate() {
        let byte = if CHECKSUM.contains(&at) { b' ' } else { *byte };
        unsigned += i64::from(byte);
        signed += i64::from(byte.cast_signed());
    }
    let stated = octal(field(block, CHECKSUM.start, CHECKSUM.len()));
    let stated = stated.ok().flatten().and_then(|stated| i64::try_from(stated).ok());
    stated.is_some_and(|stated| stated == unsigned || stated == signed)
}

impl Header {
    /// Reads a block whose checksum holds.
    pub(super) fn read(block: &Block, at: u64) -> Result<Self, Unreadable> {
        let number = |name: &str, start, length| {
            number(field(block, start, length))
                .map_err(|()| damaged(at, format!("its {name} is no number that is read")))
        };
        let name = text(field(block, 0, 100));
        let prefix = text(field(block, 345, 155));
        let is_posix = field(block, 257, 6) == b"ustar\0";
        let mut is_joined_in_doubt = false;
        let name = if is_posix && !prefix.is_empty() {
            // Who wants version `00`, too, does not see the prefix; the variant of `star` has other
            // fields behind its 131st byte.
            let is_star = field(block, 508, 4) == b"tar\0" && prefix.len() > 130;
            is_joined_in_doubt = field(block, 263, 2) != b"00" || is_star;
            [prefix, b"/", name].concat()
        } else {
            name.to_vec()
        };
        let kind = block[156];
        let is_sparse = kind == b'S';
        let mode = number("mode", 100, 8)?.map(|mode| mode & 0o7777);
        Ok(Self {
            at,
            name,
            link: text(field(block, 157, 100)).to_vec(),
            mode: mode.and_then(|mode| u32::try_from(mode).ok()),
            uid: number("owner", 108, 8)?,
            gid: number("group", 116, 8)?,
            size: number("size", 124, 12)?.unwrap_or(0),
            kind,
            is_joined_in_doubt,
            real_size: if is_sparse { number("real size", 483, 12)?.unwrap_or(0) } else { 0 },
            map_goes_on: is_sparse && field(block, 482, 1) != [0],
        })
    }
}

fn field(block: &Block, start: usize, length: usize) -> &[u8] {
    block.get(start..start + length).unwrap_or_default()
}

/// A text ends at its first NUL.
fn text(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// A number in octal digits, or in binary behind a byte of which the highest bit is set. None for an
/// empty field. An error for what is neither, is negative, or does not fit.
fn number(field: &[u8]) -> Result<Option<u64>, ()> {
    match field.split_first() {
        Some((0x80, rest)) => {
            let mut value = 0_u64;
            for byte in rest {
                value = value.checked_mul(256).ok_or(())? | u64::from(*byte);
            }
            Ok(Some(value))
        }
        Some((0x81.., _)) => Err(()),
        _ => octal(field),
    }
}

/// Octal digits between spaces, up to a NUL or a space.
fn octal(field: &[u8]) -> Result<Option<u64>, ()> {
    let field = text(field).trim_ascii();
    if field.is_empty() {
        return Ok(None);
    }
    let mut value = 0_u64;
    for byte in field {
        let digit = match byte {
            b'0'..=b'7' => u64::from(byte - b'0'),
            _ => return Err(()),
        };
        value = value.checked_mul(8).ok_or(())? | digit;
    }
    Ok(Some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_octal_or_binary_and_nothing_else() {
        assert_eq!(number(b"0000644\0"), Ok(Some(0o644)));
        assert_eq!(number(b"   644 \0"), Ok(Some(0o644)));
        assert_eq!(number(b"\0\0\0\0"), Ok(None));
        assert_eq!(number(b"    "), Ok(None));
        assert_eq!(number(b"\x80\0\0\0\0\0\0\x01\0\0\0\0"), Ok(Some(1 << 32)));
        assert_eq!(number(b"77777777777\0"), Ok(Some((1 << 33) - 1)));
        for wrong in
            [&b"0x1f"[..], b"9", b"-1", b"12 34", b"\xff\xff\xff\xff", b"\x80\x01\0\0\0\0\0\0\0\0"]
        {
            assert_eq!(number(wrong), Err(()), "{wrong:?}");
        }
    }
}
