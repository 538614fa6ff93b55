//! What the archive's paths say: one meaning, nothing forbidden, everything that is required.

use lockgate_plugin::{Failure, glob};

use crate::tree::{Question, Tree};
use crate::{AMBIGUOUS_ARCHIVE, FORBIDDEN_PATH, MISSING_FILE};
use lockgate_plugin::notes::{Notes, shown};

/// Our own code beside the host's: a path that a glob for the place where it leads does not match.
pub(crate) const ROUNDABOUT: &str = "roundabout-path";

/// Globs for such paths.
const ROUNDABOUT_GLOBS: [&str; 5] = ["**//**", "**/./**", "**/.", "**/../**", "**/.."];

/// How many characters of a forbidden glob the host is asked for: it takes four kibibytes.
const MOST_ASKED: usize = 1000;

/// What stands before a name in a layer that takes it away from the layers below, and what takes
/// away all that a folder held.
const WHITEOUT: &str = ".wh.";
const OPAQUE: &str = ".wh..wh..opq";

/// The archive means the same to every reader. `allowed` are codes that may be there.
pub(crate) fn ambiguities<T: Tree>(
    tree: &T,
    allowed: &[String],
    notes: &mut Notes,
) -> Result<(), Failure> {
    let mut met: Vec<String> = Vec::new();
    let mut tell = |notes: &mut Notes, code: &str, path: Option<&str>, detail: &str| {
        let about = path.map(|path| format!("`{}`: ", shown(path))).unwrap_or_default();
        if allowed.iter().any(|allowed| allowed == code) {
            if !met.iter().any(|before| before == code) {
                met.push(code.to_owned());
            }
            let message = format!("{about}{detail} (`{code}`), which `ambiguities.allow` allows");
            notes.exception(AMBIGUOUS_ARCHIVE, message);
        } else if let Some(finding) =
            notes.violation(AMBIGUOUS_ARCHIVE, path, format!("{about}{detail}"))
        {
            finding.expected("one meaning").found(code);
        }
    };
    for ambiguity in tree.ambiguities()? {
        tell(notes, &ambiguity.code, ambiguity.path.as_deref(), &ambiguity.detail);
    }
    for glob in ROUNDABOUT_GLOBS {
        tree.ask(Question::Path(glob), &mut |entry| {
            let detail =
                "its path is written in a roundabout way, so no glob can be trusted with it";
            tell(notes, ROUNDABOUT, Some(&entry.path), detail);
            Ok(())
        })?;
    }
    for code in allowed.iter().filter(|code| !met.contains(*code)) {
        let message = format!("`{code}` in `ambiguities.allow` was not needed");
        notes.note(AMBIGUOUS_ARCHIVE, message);
    }
    Ok(())
}

/// Nothing lies at a forbidden path, nor below it.
pub(crate) fn forbidden<T: Tree>(
    tree: &T,
    globs: &[String],
    notes: &mut Notes,
) -> Result<(), Failure> {
    for glob in globs {
        let questions = wider(glob);
        for (place, question) in questions.iter().enumerate() {
            tree.ask(Question::Path(question), &mut |entry| {
                // What an earlier question covers was told.
                let told = questions.iter().take(place).any(|it| glob::matches(it, &entry.path));
                if told || !covers(glob, &entry.path) {
                    return Ok(());
                }
                let message = ["`", &shown(&entry.path), "` is forbidden by `", glob, "`"].concat();
                if let Some(finding) = notes.violation(FORBIDDEN_PATH, Some(&entry.path), message) {
                    finding.expected(["nothing at `", glob, "`"].concat()).found(entry.kind);
                }
                Ok(())
            })?;
        }
    }
    Ok(())
}

/// Whether a glob means a path or a folder above it, whatever the case of ASCII letters: on many systems
/// `KEY.PEM` is `key.pem`.
pub(crate) fn covers(glob: &str, path: &str) -> bool {
    let (glob, path) = (glob.to_ascii_lowercase(), path.to_ascii_lowercase());
    glob::means(&glob, &path) || glob::means(&[&glob, "/**"].concat(), &path)
}

/// Globs for the host, which tells cases apart: together they match all that a glob covers, and little
/// more. Any letter may stand where the glob has one, but for the first and the last of the last word;
/// these two are asked for in either case.
fn wider(glob: &str) -> Vec<String> {
    let letters: Vec<char> = glob.chars().collect();
    let is_letter = |at: &usize| letters.get(*at).is_some_and(char::is_ascii_alphabetic);
    let last = (0..letters.len()).rev().find(is_letter);
    let first = last.map(|last| (0..=last).rev().take_while(is_letter).last().unwrap_or(last));
    let mut questions = Vec::new();
    for upper in 0..4 {
        if upper & 1 != 0 && last.is_none() || upper & 2 != 0 && first == last {
            continue;
        }
        let written = letters.iter().enumerate().map(|(at, letter)| {
            let bit = if Some(at) == last { 1 } else { 2 };
            match letter {
                _ if !letter.is_ascii_alphabetic() => *letter,
                _ if Some(at) != last && Some(at) != first => '?',
                _ if upper & bit != 0 => letter.to_ascii_uppercase(),
                _ => letter.to_ascii_lowercase(),
            }
        });
        // What is below is behind it; and what a long glob ends with is seen here, not by the host.
        let question: String = written.take(MOST_ASKED).chain(['*', '*']).collect();
        match question.strip_prefix("**/") {
            Some(rest) => questions.push(["**", rest].concat()),
            None if question.starts_with("**") => questions.push(question),
            None => questions.extend([["/", &question].concat(), question]),
        }
    }
    questions
}

/// A file lies at each required path, and in an image no layer takes it away.
pub(crate) fn required<T: Tree>(
    tree: &T,
    globs: &[String],
    notes: &mut Notes,
) -> Result<(), Failure> {
    // Sorted, for entries are told in the order of their paths.
    let mut whiteouts = Vec::new();
    if !globs.is_empty() && tree.format() == "oci-layout" {
        tree.ask(Question::Path("**.wh.**"), &mut |entry| {
            whiteouts.push(entry.path);
            Ok(())
        })?;
    }
    for glob in globs {
        let (mut there, mut gone, mut other) = (false, None, None);
        tree.meant(glob, &mut |entry| {
            if !matches!(entry.kind.as_str(), "file" | "hardlink") {
                other = Some(entry);
            } else if taken_away(&entry.path, &whiteouts) {
                gone = Some(entry.path);
            } else {
                there = true;
            }
            Ok(())
        })?;
        if there {
            continue;
        }
        let message = match (gone, other) {
            (Some(path), _) => {
                format!("`{}` may be taken away by another layer of the image", shown(&path))
            }
            (None, Some(entry)) => format!("`{}` is a {}, no file", shown(&entry.path), entry.kind),
            (None, None) => format!("there is no file at `{glob}`"),
        };
        if let Some(finding) = notes.violation(MISSING_FILE, None, message) {
            finding.about(glob.as_str()).expected(["a file at `", glob, "`"].concat());
        }
    }
    Ok(())
}

/// Whether some layer has a whiteout for a path or a folder above it. Which layer comes first is not
/// asked: a file that only some order of the layers shows is not there for certain.
fn taken_away(path: &str, whiteouts: &[String]) -> bool {
    if whiteouts.is_empty() {
        return false;
    }
    let has = |whiteout: String| whiteouts.binary_search(&whiteout).is_ok();
    let mut rest = path;
    loop {
        let (folder, name) = match rest.rfind('/') {
            Some(at) => rest.split_at(at + 1),
            None => ("", rest),
        };
        if has([folder, WHITEOUT, name].concat()) || has([folder, OPAQUE].concat()) {
            return true;
        }
        match folder.strip_suffix('/') {
            Some(above) if !above.is_empty() => rest = above,
            _ => return false,
        }
    }
}
