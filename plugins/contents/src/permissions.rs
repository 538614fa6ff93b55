//! Permissions and devices.

use lockgate_plugin::{Failure, Rule, glob};

use crate::settings::{Check, Settings};
use crate::tree::{Question, Tree};
use crate::{DEVICE_FILE, SETUID_FILE, UNSTATED_MODE, WORLD_WRITABLE_FILE};
use lockgate_plugin::notes::{Notes, shown};

/// Who runs the file becomes its owner, or a member of its group.
const SETUID_OR_SETGID: u32 = 0o6000;

/// Everybody may write.
const WORLD_WRITABLE: u32 = 0o002;

/// In such a folder nobody deletes what is another's.
const STICKY: u32 = 0o1000;

/// All of them.
const ALL_BITS: u32 = 0o7777;

/// A check at work: which of its exceptions were needed.
struct Applied<'a> {
    rule: Rule,
    key: &'static str,
    check: Option<&'a Check>,
    used: Vec<bool>,
}

impl<'a> Applied<'a> {
    fn new(rule: Rule, key: &'static str, check: Option<&'a Check>) -> Self {
        let used = vec![false; check.map_or(0, |check| check.allow.len())];
        Self { rule, key, check, used }
    }

    /// Tells what is wrong at a path, unless it is allowed there.
    fn tell(&mut self, path: &str, what: [&str; 2], found: &str, notes: &mut Notes) {
        let [what, expected] = what;
        let globs = self.check.map_or(&[][..], |check| &check.allow);
        let message = format!("`{}` {what}", shown(path));
        let mut allowed = false;
        for (glob, used) in globs.iter().zip(&mut self.used) {
            if glob::means(glob, path) {
                *used = true;
                allowed = true;
            }
        }
        if allowed {
            let message = [&message, ", which `", self.key, ".allow` allows"].concat();
            notes.exception(self.rule, message);
        } else if let Some(finding) = notes.violation(self.rule, Some(path), message) {
            finding.expected(expected).found(found);
        }
    }

    /// Notes which exceptions were not needed.
    fn finish(self, notes: &mut Notes) {
        let globs = self.check.map_or(&[][..], |check| &check.allow);
        for (glob, _) in globs.iter().zip(&self.used).filter(|(_, used)| !**used) {
            let message = ["`", glob, "` in `", self.key, ".allow` was not needed"].concat();
            notes.note(self.rule, message);
        }
    }
}

pub(crate) fn judge<T: Tree>(
    tree: &T,
    settings: &Settings,
    notes: &mut Notes,
) -> Result<(), Failure> {
    if let Some(check) = &settings.setuid {
        let mut check = Applied::new(SETUID_FILE, "setuid", Some(check));
        tree.ask(Question::ModeAny(SETUID_OR_SETGID), &mut |entry| {
            // A folder with setgid hands its group on to new files, and changes nobody's rights.
            if !matches!(entry.kind.as_str(), "directory" | "symlink") {
                let mode = tree.mode(entry.id)?.unwrap_or_default();
                let what = match mode & SETUID_OR_SETGID {
                    0o4000 => "has the setuid bit",
                    0o2000 => "has the setgid bit",
                    _ => "has the setuid and the setgid bit",
                };
                check.tell(&entry.path, [what, "neither setuid nor setgid"], &octal(mode), notes);
            }
            Ok(())
        })?;
        check.finish(notes);
    }
    if let Some(check) = &settings.world_writable {
        let mut check = Applied::new(WORLD_WRITABLE_FILE, "world-writable", Some(check));
        tree.ask(Question::ModeAny(WORLD_WRITABLE), &mut |entry| {
            let mode = tree.mode(entry.id)?.unwrap_or_default();
            // The permissions of a link are those of what it leads to.
            let sticky = entry.kind == "directory" && mode & STICKY != 0;
            if entry.kind != "symlink" && !sticky {
                let what = ["can be written by everybody", "written by its owner or its group"];
                check.tell(&entry.path, what, &octal(mode), notes);
            }
            Ok(())
        })?;
        check.finish(notes);
    }
    if settings.setuid.is_some() || settings.world_writable.is_some() {
        let check = settings.unstated_modes.as_ref();
        let mut check = Applied::new(UNSTATED_MODE, "unstated-modes", check);
        // In most archives every entry has some bit, and then none has to be asked one by one.
        if tree.count(Question::ModeAny(ALL_BITS))? != tree.count(Question::All)? {
            tree.ask(Question::All, &mut |entry| {
                if entry.kind != "symlink" && tree.mode(entry.id)?.is_none() {
                    let what = ["does not state its permissions", "stated permissions"];
                    check.tell(&entry.path, what, "none", notes);
                }
                Ok(())
            })?;
        }
        check.finish(notes);
    }
    if let Some(check) = &settings.device_files {
        let mut check = Applied::new(DEVICE_FILE, "device-files", Some(check));
        tree.ask(Question::Kind("other"), &mut |entry| {
            let what = ["is a device, a pipe or of an unknown kind", "a file, a folder or a link"];
            check.tell(&entry.path, what, &entry.kind, notes);
            Ok(())
        })?;
        check.finish(notes);
    }
    Ok(())
}

/// A mode as `chmod` takes it.
fn octal(mode: u32) -> String {
    (0..4).rev().map(|digit| char::from(b"01234567"[(mode >> (3 * digit) & 7) as usize])).collect()
}
