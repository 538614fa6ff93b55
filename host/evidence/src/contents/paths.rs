//! What paths mean where an archive is unpacked: which are one, and which lead out of the root.
//!
//! Nothing is unpacked here. The rules are those of a folder on Linux, macOS or Windows, whichever is
//! the strictest, for it is not known who unpacks.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

/// Bytes as text: UTF-8 as it is, and any other byte as `\xff`.
pub(super) fn text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text
}

/// A name as it is shown: as text, without `./` before it or `/` behind it.
pub(super) fn shown(name: &[u8]) -> String {
    let text = text(name);
    let mut rest = text.as_str();
    while let Some(behind) = rest.strip_prefix("./") {
        rest = behind.trim_start_matches('/');
    }
    match rest.trim_end_matches('/') {
        "" if name.first() == Some(&b'/') => "/".to_owned(),
        "" => ".".to_owned(),
        path => path.to_owned(),
    }
}

/// Where a path leads from the root, as far as that is seen without links: names with a `/` between
/// each. What climbs above the root is held there.
pub(super) fn place(name: &[u8]) -> Vec<u8> {
    let mut place = Vec::with_capacity(name.len());
    // Where each name begins, with the slash before it.
    let mut starts = Vec::new();
    for part in parts(name) {
        if part == b".." {
            place.truncate(starts.pop().unwrap_or(0));
            continue;
        }
        starts.push(place.len());
        if !place.is_empty() {
            place.push(b'/');
        }
        place.extend_from_slice(part);
    }
    place
}

/// What is the same for two places that are one where case or Unicode's form do not count.
pub(super) fn folded(place: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(place) {
        Ok(text) if !text.is_ascii() => {
            let decomposed: String = text.nfd().collect();
            // Up and down, for some letters are one only in capitals.
            decomposed.to_uppercase().to_lowercase().nfc().collect::<String>().into_bytes()
        }
        _ => place.to_ascii_lowercase(),
    }
}

fn parts(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    path.split(|byte| *byte == b'/').filter(|part| !part.is_empty() && *part != b".")
}

/// Why a path leads out of the root, if it does.
pub(super) fn escapes(name: &[u8], rooted: bool) -> Option<&'static str> {
    if !rooted && name.first() == Some(&b'/') {
        return Some("its path is absolute");
    }
    if parts(name).any(|part| part == b"..") {
        return Some("its path has `..`");
    }
    escapes_on_windows(name)
}

/// Why a path leads out of the root where backslashes separate and letters name drives, if it does.
fn escapes_on_windows(name: &[u8]) -> Option<&'static str> {
    match name {
        [letter, b':', ..] if letter.is_ascii_alphabetic() => {
            return Some("its path begins with a drive");
        }
        [b'\\', ..] => return Some("its path begins with a backslash"),
        _ => {}
    }
    let climbs = name.contains(&b'\\')
        && name.split(|byte| matches!(byte, b'/' | b'\\')).any(|part| part == b"..");
    climbs.then_some("its path has `..` where backslashes separate")
}

/// A hash (FNV-1a) of a place, from which that of each place below it is made. It has to be cheap,
/// for there is one for each name in each path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Above(u64);

impl Above {
    const ROOT: Self = Self(0xcbf2_9ce4_8422_2325);

    fn below(self, part: &[u8]) -> Self {
        // Names have no slash, so no two places are hashed as the same bytes.
        let bytes = part.iter().chain(b"/");
        Self(
            bytes.fold(self.0, |hash, byte| {
                (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
            }),
        )
    }
}

/// Where the symbolic links of an archive lie. Two places may have one hash, by somebody's work even:
/// then a link is seen where there is none, and never the other way round.
#[derive(Debug, Default)]
pub(super) struct Links(HashSet<Above>);

impl Links {
    /// Adds a place.
    pub(super) fn add(&mut self, place: &[u8]) {
        self.0.insert(parts(place).fold(Above::ROOT, Above::below));
    }

    /// Whether a link lies above a place.
    pub(super) fn above(&self, place: &[u8]) -> bool {
        let mut above = Above::ROOT;
        let mut parts = parts(place).peekable();
        while let Some(part) = parts.next() {
            above = above.below(part);
            if parts.peek().is_some() && self.0.contains(&above) {
                return true;
            }
        }
        false
    }

    /// Why a link leads out of the root, if it does. `from` is the place of what a relative target
    /// begins at: the link's folder for a symbolic one, the root for a hard one.
    pub(super) fn escape(&self, from: &[u8], target: &[u8], rooted: bool) -> Option<&'static str> {
        if target.first() == Some(&b'/') && !rooted {
            return Some("it leads to an absolute path");
        }
        if escapes_on_windows(target).is_some() {
            return Some("it leads out of the root where backslashes separate");
        }
        let mut stack = vec![Above::ROOT];
        if target.first() != Some(&b'/') {
            for part in parts(from) {
                stack.extend(stack.last().map(|above| above.below(part)));
            }
        }
        let mut own = 0_usize;
        for part in parts(target) {
            if part != b".." {
                stack.extend(stack.last().map(|above| above.below(part)));
                own += 1;
                continue;
            }
            let last = stack.pop();
            if stack.is_empty() {
                return Some("it leads out of the root");
            }
            let climbed = last.is_some_and(|last| self.0.contains(&last));
            // A container's root holds whatever climbs.
            if own > 0 && climbed && !rooted {
                return Some("it climbs out of another link, and so from where that leads");
            }
            own = own.saturating_sub(1);
        }
        None
    }
}

/// The folder that a place lies in.
pub(super) fn folder(place: &[u8]) -> &[u8] {
    let end = place.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
    place.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_shown_without_what_means_nothing() {
        for (name, path) in [
            ("./a/b/", "a/b"),
            ("././a", "a"),
            (".//a", "a"),
            ("./", "."),
            (".", "."),
            ("/", "/"),
            ("//", "/"),
            ("/a/", "/a"),
            ("a/./b", "a/./b"),
            ("../a", "../a"),
        ] {
            assert_eq!(shown(name.as_bytes()), path, "{name}");
        }
        assert_eq!(shown(b"a\xff\xc3/"), "a\\xff\\xc3");
    }

    #[test]
    fn places_are_found_without_links() {
        for (name, expected) in
            [("./a//b/.", "a/b"), ("/a/../b", "b"), ("a/b/../../..", ""), ("../c", "c")]
        {
            assert_eq!(place(name.as_bytes()), expected.as_bytes(), "{name}");
        }
        assert_eq!(folder(b"a/b/c"), b"a/b");
        assert_eq!(folder(b"a"), b"");
    }

    #[test]
    fn names_that_some_file_systems_take_for_one_fold_to_one() {
        let fold = |text: &str| String::from_utf8(folded(text.as_bytes())).unwrap();
        assert_eq!(fold("README"), fold("readme"));
        assert_eq!(fold("caf\u{e9}"), fold("CAFE\u{301}"));
        assert_eq!(fold("stra\u{df}e"), fold("STRASSE"));
        assert_eq!(fold("\u{212a}ey"), fold("key"));
        assert_ne!(fold("a"), fold("\u{e4}"));
    }

    #[test]
    fn paths_out_of_the_root_are_known() {
        let escapes = |name: &str| escapes(name.as_bytes(), false);
        for name in ["/a", "../a", "a/../b", "C:x", "c:\\x", "\\x", "a\\..\\..\\b"] {
            assert!(escapes(name).is_some(), "{name}");
        }
        for name in ["a", "..a", "a..b/c", "system-systemd\\x2dcryptsetup.slice", "Foo::Bar.3pm"] {
            assert_eq!(escapes(name), None, "{name}");
        }
        assert_eq!(super::escapes(b"/a", true), None);
        assert!(super::escapes(b"/a/../b", true).is_some());
    }

    #[test]
    fn links_out_of_the_root_are_known_and_those_that_need_another_link() {
        let mut links = Links::default();
        links.add(b"a/b/up");
        let escape = |target: &str| links.escape(b"a/b", target.as_bytes(), false);
        assert_eq!(escape("../../c"), None);
        assert_eq!(escape("c/../d"), None);
        assert_eq!(escape("../../../c"), Some("it leads out of the root"));
        assert_eq!(escape("/etc/passwd"), Some("it leads to an absolute path"));
        assert!(escape("up/../x").unwrap().starts_with("it climbs out of another link"));
        assert!(escape("C:\\x").unwrap().contains("backslashes"));
        assert_eq!(links.escape(b"a/b", b"/etc/passwd", true), None);
        assert!(links.escape(b"a/b", b"/../x", true).is_some());
        assert!(
            links.above(b"a/b/up/x") && !links.above(b"a/b/up") && !links.above(b"a/b/upper/x")
        );
    }
}
