//! The schema of the settings, as small as it can be handed out.

const WRITTEN: &str = include_str!("../settings.schema.json");

const LENGTH: usize = compact::<0>(WRITTEN.as_bytes()).1;

const COMPACT: [u8; LENGTH] = compact(WRITTEN.as_bytes()).0;

/// Without the space between its tokens, which would be a seventieth of the component.
pub(crate) const SCHEMA: &str = match str::from_utf8(&COMPACT) {
    Ok(schema) => schema,
    Err(_) => panic!("what is left of a text is one"),
};

/// JSON without space between tokens, as far as there is place for it, and how much it needs.
const fn compact<const N: usize>(json: &[u8]) -> ([u8; N], usize) {
    let mut out = [0; N];
    let (mut from, mut to) = (0, 0);
    let (mut is_text, mut is_escaped) = (false, false);
    while from < json.len() {
        let byte = json[from];
        if is_text || !byte.is_ascii_whitespace() {
            if to < N {
                out[to] = byte;
            }
            to += 1;
        }
        if byte == b'"' && !is_escaped {
            is_text = !is_text;
        }
        is_escaped = is_text && byte == b'\\' && !is_escaped;
        from += 1;
    }
    (out, to)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn what_is_handed_out_says_the_same_in_less_space() {
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(read(SCHEMA), read(WRITTEN));
        assert!(SCHEMA.len() < WRITTEN.len() && !SCHEMA.contains("\n"));
        assert_eq!(&compact::<9>(br#"{ "\" a" : 1 }"#).0, br#"{"\" a":1"#);
    }
}
