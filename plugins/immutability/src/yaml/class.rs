//! What a byte may be.
//!
//! Every byte of a file is looked at more than once, and each instruction is paid for. One look into a
//! table is a fifth of what as many comparisons take.

/// What is not a visible character of ASCII or a space.
pub(super) const ODD: u8 = 1;
/// What may end a plain text, or a key.
pub(super) const STOP: u8 = 2;
/// The end of a line.
pub(super) const LINE: u8 = 4;
/// What has a meaning within quotes.
pub(super) const QUOTE: u8 = 8;
/// All but a space.
pub(super) const NO_SPACE: u8 = 16;
/// All but a space and a tab.
pub(super) const NO_BLANK: u8 = 32;

static CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut byte = 0_u8;
    loop {
        let mut class = NO_SPACE | NO_BLANK;
        if byte < 0x20 || byte >= 0x7f {
            class |= ODD;
        }
        classes[byte as usize] = match byte {
            b'\n' => class | STOP | LINE | QUOTE,
            b'"' | b'\'' | b'\\' => class | QUOTE,
            b'\r' | b':' | b'#' | b',' | b'[' | b']' | b'{' | b'}' => class | STOP,
            b'\t' => (class | STOP) ^ NO_BLANK,
            b' ' => STOP,
            _ => class,
        };
        if byte == u8::MAX {
            return classes;
        }
        byte += 1;
    }
}

/// The first place from one on where a byte is of a class, or the end.
pub(super) fn until(bytes: &[u8], mut at: usize, class: u8) -> usize {
    while at < bytes.len() && CLASSES[bytes[at] as usize] & class == 0 {
        at += 1;
    }
    at
}
