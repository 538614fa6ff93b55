//! Secrets in files.
//!
//! The host looks for how secrets begin, all of them in one pass; what stands there is then read and
//! judged here: its length, its alphabet, a checksum where there is one, and whether it is only an
//! example. So the search is cheap, and finds no more than it should. A secret is never shown, only
//! its beginning.

mod binary;
mod block;
mod detector;
mod example;
#[cfg(test)]
mod odds;
mod token;

use lockgate_plugin::{Failure, Rule, glob};

pub(crate) use self::binary::is_key;
use self::detector::{Detector, FILES, KNOWN};
#[cfg(test)]
pub(crate) use self::token::decode as decoded;
use crate::settings::{Allowed, Pattern, Secrets};
use crate::tree::{Place, Question, Tree};
use crate::{PRIVATE_KEY_FOUND, SECRET_FOUND};
use lockgate_plugin::notes::{Notes, shown};

/// How much is read before a place, and behind it. A secret that begins there shows its form by then.
/// Before a member of a JSON Web Key may stand the longest of its numbers, 8192 bits in base64.
const BEFORE: u32 = 1536;
const BEHIND: u32 = 1536;

/// How much is read where that does not show whether it is a key: as much as the host gives at once.
const FURTHER: u32 = 64 << 10;

/// How much of a match is shown at the most, in bytes, and of how many.
const SHOWN: u32 = 4;
const SHOWN_OF: usize = 4;

/// What findings call a file that as a whole is a private key.
const BINARY: &str = "binary-private-key";

/// Whether a detector has this id.
pub(crate) fn is_known(id: &str) -> bool {
    ids().contains(&id)
}

/// The ids of all detectors.
pub(crate) fn ids() -> Vec<&'static str> {
    let known = KNOWN.iter().map(|detector| detector.id).chain(FILES.iter().map(|file| file.id));
    let mut ids: Vec<&str> = Vec::new();
    for id in known.chain([BINARY]) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

/// What is judged of: who found it, and what was found.
struct Found<'a> {
    id: &'a str,
    what: &'a str,
    rule: Rule,
    offset: u64,
    length: usize,
    /// How it begins.
    beginning: &'a [u8],
}

/// The settings at work.
struct Judge<'a, T> {
    tree: &'a T,
    allow: &'a [Allowed],
    used: Vec<bool>,
    notes: &'a mut Notes,
    /// The file that was asked for last.
    path: (Option<u32>, String),
    /// Places in that file that are allowed: by detector, how many.
    exceptions: Vec<(String, Rule, u32)>,
}

pub(crate) fn judge<T: Tree>(
    tree: &T,
    secrets: &Secrets,
    notes: &mut Notes,
) -> Result<(), Failure> {
    let allow = secrets.allow.as_slice();
    let used = vec![false; allow.len()];
    let (path, exceptions) = ((None, String::new()), Vec::new());
    let mut judge = Judge { tree, allow, used, notes, path, exceptions };
    judge.known()?;
    for file in FILES {
        let mut last = None;
        for spelling in file.globs.iter().flat_map(|glob| glob::spellings(glob)) {
            tree.search(Question::Path(&spelling), file.regex, &mut |place| {
                // What two spellings match is told once.
                let here = (place.entry, place.offset);
                if last.is_some_and(|last| here <= last) {
                    return Ok(());
                }
                last = Some(here);
                let bytes = tree.read(place.entry, place.offset, place.length.clamp(1, BEHIND))?;
                if example::is_variable(&bytes) || example::is_placeholder(&bytes) {
                    return Ok(());
                }
                let found = Found {
                    id: file.id,
                    what: file.what,
                    rule: SECRET_FOUND,
                    offset: place.offset,
                    length: place.length as usize,
                    beginning: &bytes,
                };
                judge.tell(place.entry, &found)
            })?;
        }
    }
    for custom in &secrets.patterns {
        judge.custom(custom)?;
    }
    judge.finish();
    Ok(())
}

impl<T: Tree> Judge<'_, T> {
    /// Looks for what is known.
    fn known(&mut self) -> Result<(), Failure> {
        let tree = self.tree;
        let mut end = (0, 0);
        tree.search(Question::Kind("file"), &detector::trigger(), &mut |place| {
            let Place { entry, offset, length, .. } = place;
            let start = offset.saturating_sub(u64::from(BEFORE));
            let mut bytes = tree.read(entry, start, BEFORE + length.min(BEHIND) + BEHIND)?;
            let from = usize::try_from(offset - start).unwrap_or_default();
            if offset == 0 && self.whole(entry)? {
                return Ok(());
            }
            if block::goes_on(&bytes, from) && seen(&bytes, from).is_none() {
                bytes = tree.read(entry, start, FURTHER)?;
            }
            // A match may hide the beginning of another, so each byte of it may begin one.
            for at in from..from.saturating_add(length as usize).min(bytes.len()) {
                if (entry, start + at as u64) < end {
                    continue;
                }
                let Some((detector, first, past)) = seen(&bytes, at) else { continue };
                if (entry, start + first as u64) < end {
                    continue;
                }
                end = (entry, start + past as u64);
                let found = Found {
                    id: detector.id,
                    what: detector.what,
                    rule: if detector.is_key { PRIVATE_KEY_FOUND } else { SECRET_FOUND },
                    offset: start + first as u64,
                    length: past - first,
                    beginning: bytes.get(first..past).unwrap_or_default(),
                };
                self.tell(entry, &found)?;
            }
            Ok(())
        })
    }

    /// Whether all of a file is one private key, which is then told.
    fn whole(&mut self, entry: u32) -> Result<bool, Failure> {
        let bytes = self.tree.read(entry, 0, FURTHER)?;
        let size = self.tree.entry(entry)?.size;
        let told = is_key(&bytes, size);
        if told {
            let found = Found {
                id: BINARY,
                what: "a private key",
                rule: PRIVATE_KEY_FOUND,
                offset: 0,
                length: usize::try_from(size).unwrap_or(usize::MAX),
                beginning: &bytes,
            };
            self.tell(entry, &found)?;
        }
        Ok(told)
    }

    /// Looks for what the settings add.
    fn custom(&mut self, Pattern { name, regex }: &Pattern) -> Result<(), Failure> {
        let tree = self.tree;
        let what = ["what `secrets.patterns` calls `", name, "`"].concat();
        let searched = tree.search(Question::Kind("file"), regex, &mut |place| {
            let bytes = tree.read(place.entry, place.offset, SHOWN)?;
            let found = Found {
                id: name,
                what: &what,
                rule: SECRET_FOUND,
                offset: place.offset,
                length: place.length as usize,
                beginning: &bytes,
            };
            self.tell(place.entry, &found)
        });
        searched.map_err(|why| Failure::from(format!("the pattern `{name}` of `secrets`: {why}")))
    }

    fn tell(&mut self, entry: u32, found: &Found<'_>) -> Result<(), Failure> {
        if self.path.0 != Some(entry) {
            self.told();
            self.path = (Some(entry), self.tree.entry(entry)?.path);
        }
        let path = self.path.1.as_str();
        let Found { id, what, rule, offset, length, beginning } = *found;
        let mut allowed = false;
        for (entry_of, used) in self.allow.iter().zip(&mut self.used) {
            if entry_of.detector != id || !glob::means(&entry_of.path, path) {
                continue;
            }
            if let Some(digest) = &entry_of.digest
                && self.tree.digest(entry)?.as_ref() != Some(digest)
            {
                continue;
            }
            *used = true;
            allowed = true;
        }
        if allowed {
            match self.exceptions.iter_mut().find(|made| made.0 == id && made.1 == rule) {
                Some((_, _, places)) => *places += 1,
                None => self.exceptions.push((id.to_owned(), rule, 1)),
            }
            return Ok(());
        }
        let clear = beginning.iter().take((SHOWN as usize).min(length / SHOWN_OF));
        let clear: String = clear
            .map(|byte| if byte.is_ascii_graphic() { char::from(*byte) } else { '.' })
            .collect();
        let message = format!("`{}` holds {what} at byte {offset}", shown(path));
        if let Some(finding) = self.notes.violation(rule, Some(path), message) {
            let kept = if rule == PRIVATE_KEY_FOUND { "no private key" } else { "no secret" };
            finding.expected(kept).found(format!("{id}: {clear}… ({length} bytes)"));
        }
        Ok(())
    }

    /// Tells which exceptions were made in a file.
    fn told(&mut self) {
        for (id, rule, places) in std::mem::take(&mut self.exceptions) {
            let more = if places > 1 { format!(" at {places} places") } else { String::new() };
            let path = shown(&self.path.1);
            let message = ["`", &id, "` in `", &path, "`", &more, ", which `secrets.allow` allows"];
            self.notes.exception(rule, message.concat());
        }
    }

    /// Notes which exceptions were not needed.
    fn finish(mut self) {
        self.told();
        for (allowed, _) in self.allow.iter().zip(&self.used).filter(|(_, used)| !**used) {
            let Allowed { path, detector, .. } = allowed;
            let message = format!("`{detector}` at `{path}` in `secrets.allow` was not needed");
            self.notes.note(SECRET_FOUND, message);
        }
    }
}

/// What begins, or shows itself, at a byte: the detector, and from where to where it goes.
fn seen(bytes: &[u8], at: usize) -> Option<(&'static Detector, usize, usize)> {
    KNOWN.iter().find_map(|detector| {
        let (first, past) = detector.see(bytes, at)?;
        Some((detector, first, past))
    })
}
