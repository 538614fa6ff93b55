//! Which versions of SPDX are read.

use super::SPDX;
use crate::reason::quoted;
use crate::sbom::Unreadable;

/// What is read, in messages.
const READS: &str = "2.2 and later minor versions of 2, and 3.0 and later ones of 3";

/// Of each major version the first minor one that is read, and the last whose rules are known here.
const MINOR: [(u32, u32, u32); 2] = [(2, 2, 3), (3, 0, 0)];

/// The number in `SPDX-2.3`, and what is to be noted of it.
pub(super) fn version_of(written: Option<&str>) -> Result<(String, Option<String>), Unreadable> {
    let written = written.unwrap_or_default();
    let number = written.strip_prefix("SPDX-").unwrap_or_default();
    let note = note_on(number, 2).ok_or_else(|| other_version(written))?;
    Ok((number.to_owned(), note))
}

pub(super) fn other_version(written: &str) -> Unreadable {
    Unreadable::Version { format: SPDX, version: quoted(written), reads: READS }
}

/// What is to be noted of a version; none where it is not one of those that are read of a major
/// version.
pub(super) fn note_on(version: &str, major: u32) -> Option<Option<String>> {
    let parse = |part: &str| {
        let is_plain = part.bytes().all(|digit| digit.is_ascii_digit());
        part.parse::<u32>().ok().filter(|_| is_plain)
    };
    let numbers: Option<Vec<u32>> = version.splitn(4, '.').map(parse).collect();
    let (first, minor) = match numbers?.as_slice() {
        // A patch changes words of the specification only.
        &[first, minor] | &[first, minor, _] => (first, minor),
        _ => return None,
    };
    let &(_, oldest, latest) = MINOR.iter().find(|of| of.0 == first && first == major)?;
    let newer = minor > latest;
    let note = || {
        format!("its version {version} is newer than {major}.{latest}: what that adds is not read")
    };
    (minor >= oldest).then(|| newer.then(note))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_minor_versions_are_read_with_a_note() {
        let read = |version: &str| {
            version_of(Some(version)).map(|(number, note)| (number, note.is_some()))
        };
        assert_eq!(read("SPDX-2.2"), Ok(("2.2".to_owned(), false)));
        assert_eq!(read("SPDX-2.3"), Ok(("2.3".to_owned(), false)));
        assert_eq!(read("SPDX-2.10"), Ok(("2.10".to_owned(), true)));
        assert_eq!(note_on("3.0.1", 3), Some(None));
        assert!(note_on("3.1", 3).is_some_and(|note| note.is_some()));
        for version in
            ["", "2.3", "SPDX-2.1", "SPDX-3.0", "SPDX-2", "SPDX-2.x", "SPDX-2.+3", "SPDX-2.3.0.1"]
        {
            assert_eq!(read(version), Err(other_version(version)));
        }
        for version in ["2.3", "4.0", "3", "3.", "3.0.0.0"] {
            assert_eq!(note_on(version, 3), None);
        }
    }
}
