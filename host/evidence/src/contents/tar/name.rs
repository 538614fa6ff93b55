//! Whether a name in a header is what writers make of a longer one that does not fit there.
//!
//! Where a path is longer than a header's field, or not ASCII, writers state it once more in front
//! (pax `path`, GNU `L`) and put into the field what fits. A reader that does not know the former
//! sees the latter. Whoever writes two different names on purpose shows two archives, so what stands
//! in the field has to be made of the path in one of the ways that are known:
//!
//! - all of it, or its first bytes (GNU tar, Go, Python, Rust);
//! - the folders as far as they fit, and behind them the last name, whole or its first bytes
//!   (libarchive's `bsdtar`, `node-tar`);
//!
//! in each case of the path as it is, with `?` or nothing for what is not ASCII (Python, Go).

/// Fewer bytes than this fit into every field, so nothing is cut there: fields take 99 or 100.
const FITS: usize = 99;

/// What is left where as much as fits was kept; slashes at the end are dropped.
const KEPT: usize = 90;

/// What libarchive writes as the target of a link that does not fit.
const PLACEHOLDERS: [&[u8]; 2] = [b"././@LongSymLink", b"././@LongHardLink"];

/// Whether what stands in a header's field says nothing else than the whole path.
pub(super) fn agrees(field: &[u8], whole: &[u8]) -> bool {
    if trimmed(field) == trimmed(whole) {
        return true;
    }
    if whole.len() < FITS && whole.is_ascii() {
        return false;
    }
    if PLACEHOLDERS.contains(&field) {
        return whole.len() >= FITS;
    }
    [whole.to_vec(), replaced(whole, Some(b'?')), replaced(whole, None)]
        .iter()
        .any(|whole| is_cut(trimmed(field), trimmed(whole)))
}

/// Without slashes at the end, which tell folders apart and are no part of the name.
fn trimmed(name: &[u8]) -> &[u8] {
    let end = name.iter().rposition(|byte| *byte != b'/').map_or(0, |last| last + 1);
    name.get(..end).unwrap_or_default()
}

/// With something or nothing for each character that is not ASCII.
fn replaced(name: &[u8], by: Option<u8>) -> Vec<u8> {
    let mut ascii = Vec::with_capacity(name.len());
    for chunk in name.utf8_chunks() {
        for c in chunk.valid().chars() {
            ascii.extend(u8::try_from(c).ok().filter(u8::is_ascii).or(by));
        }
        ascii.extend(chunk.invalid().iter().filter_map(|_| by));
    }
    ascii
}

fn is_cut(field: &[u8], whole: &[u8]) -> bool {
    if field == whole {
        return true;
    }
    if whole.len() < FITS {
        return false;
    }
    if whole.starts_with(field) && field.len() >= KEPT {
        return true;
    }
    let last = after_slash(whole);
    let short = last.get(..KEPT).unwrap_or(last);
    // The folders end where the last name begins. It is looked for from the field's own last slash.
    let own = after_slash(field);
    let folders = field.get(..field.len() - own.len()).unwrap_or_default();
    whole.starts_with(folders) && last.starts_with(own) && own.starts_with(short)
}

fn after_slash(name: &[u8]) -> &[u8] {
    let start = name.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    name.get(start..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agree(field: &str, whole: &str) -> bool {
        agrees(field.as_bytes(), whole.as_bytes())
    }

    #[test]
    fn what_writers_make_of_a_path_that_does_not_fit_agrees() {
        let long = format!("{}/{}", "d/".repeat(60), "n".repeat(120));
        assert!(agree("a/b", "a/b") && agree("a/b", "a/b/") && agree("a/b/", "a/b"));
        assert!(agree(&long[..100], &long), "GNU, Go, Python");
        assert!(agree(&format!("d/d/{}", "n".repeat(95)), &long), "libarchive");
        assert!(agree(&format!("{}/{}", "d/".repeat(60), "n".repeat(99)), &long), "node-tar");
        let folders = format!("{}/name", "d".repeat(200));
        assert!(agree("name", &folders), "libarchive");
        assert!(agree("caf?.txt", "caf\u{e9}.txt"), "Python");
        assert!(agree("caf.txt", "caf\u{e9}.txt"), "Go");
        assert!(agree("", "\u{65e5}\u{672c}"), "Go");
        assert!(agree("././@LongSymLink", &long), "libarchive");
    }

    #[test]
    fn another_name_does_not_agree() {
        let long = format!("{}/{}", "d/".repeat(60), "n".repeat(120));
        for (field, whole) in [
            ("good", "evil"),
            ("", "evil"),
            ("goo", "good"),
            ("name", "d/name"),
            ("././@LongSymLink", "/etc/passwd"),
            ("caf_", "caf\u{e9}"),
            ("evil.txt", "caf\u{e9}.txt"),
        ] {
            assert!(!agree(field, whole), "{field} {whole}");
        }
        for field in ["n", "d/d", "", "nnnn", &long[..50], &"e".repeat(100)] {
            assert!(!agree(field, &long), "{field}");
        }
    }
}
