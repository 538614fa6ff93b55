//! How many files there are, and how large.

use lockgate_plugin::Failure;

use crate::settings::Settings;
use crate::tree::{Question, Tree};
use crate::{FILE_TOO_LARGE, TOO_LARGE, TOO_MANY_FILES};
use lockgate_plugin::notes::{Notes, shown};

pub(crate) fn judge<T: Tree>(
    tree: &T,
    settings: &Settings,
    notes: &mut Notes,
) -> Result<(), Failure> {
    if let Some(most) = settings.max_files {
        // A hard link is a file where it is unpacked.
        let count = u64::from(tree.count(Question::Kind("file"))?)
            + u64::from(tree.count(Question::Kind("hardlink"))?);
        if count > most {
            let message = format!("there are {count} files, and {most} are allowed");
            expect(notes, TOO_MANY_FILES, None, message, most.to_string(), count.to_string());
        }
    }
    if let Some(most) = settings.max_size {
        // Where nothing is larger than the largest number, nothing is asked.
        if let Some(more) = most.checked_add(1) {
            tree.ask(Question::SizeAtLeast(more), &mut |entry| {
                let (path, size) = (shown(&entry.path), entry.size);
                let message = format!("`{path}` has {size} bytes, and {most} are allowed");
                let (expected, found) = (most.to_string(), size.to_string());
                expect(notes, FILE_TOO_LARGE, Some(&entry.path), message, expected, found);
                Ok(())
            })?;
        }
    }
    if let Some(most) = settings.max_total_size {
        let mut total = 0_u64;
        tree.ask(Question::Kind("file"), &mut |entry| {
            total = total.saturating_add(entry.size);
            Ok(())
        })?;
        if total > most {
            let message = format!("all files together have {total} bytes, and {most} are allowed");
            expect(notes, TOO_LARGE, None, message, most.to_string(), total.to_string());
        }
    }
    Ok(())
}

fn expect(
    notes: &mut Notes,
    rule: lockgate_plugin::Rule,
    path: Option<&str>,
    message: String,
    most: String,
    found: String,
) {
    if let Some(finding) = notes.violation(rule, path, message) {
        finding.expected(most + " at the most").found(found);
    }
}
