//! What the letter of an entry's kind says.

use super::super::entry::EntryKind;

/// What the letter of an entry's kind says.
pub(super) struct Kind {
    pub(super) kind: EntryKind,
    /// Whether its size counts bytes that stand behind its header.
    pub(super) has_content: bool,
    /// Why readers differ over it.
    pub(super) doubt: Option<&'static str>,
}

impl Kind {
    /// None for a part of what began in another volume.
    pub(super) fn of(letter: u8, name: &[u8]) -> Option<Self> {
        let is_folder_by_name = name.ends_with(b"/");
        let plain = |kind, has_content| Some(Self { kind, has_content, doubt: None });
        match letter {
            // Before there was a letter for folders, a slash told them.
            0 if is_folder_by_name => plain(EntryKind::Directory, false),
            0 | b'0' | b'7' | b'S' => Some(Self {
                kind: EntryKind::File,
                has_content: true,
                doubt: is_folder_by_name
                    .then_some("it is a file, and its name ends with a slash as a folder's does"),
            }),
            b'1' => plain(EntryKind::Hardlink, false),
            b'2' => plain(EntryKind::Symlink, false),
            b'3' | b'4' | b'6' => plain(EntryKind::Other, false),
            b'5' => plain(EntryKind::Directory, false),
            // GNU: a folder with the names that were in it, and the name of a volume.
            b'D' => plain(EntryKind::Directory, true),
            b'V' => plain(EntryKind::Other, false),
            b'M' => None,
            _ => Some(Self {
                kind: EntryKind::File,
                has_content: true,
                doubt: Some("it is of a kind that is not known, and some readers make it a file"),
            }),
        }
    }
}
