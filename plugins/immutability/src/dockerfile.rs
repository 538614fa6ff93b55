//! Dockerfiles, and Containerfiles, which are the same.
//!
//! Only what names an image is read: `FROM`, `COPY --from`, `RUN --mount=from` and the syntax line. What is
//! no instruction is refused, for then the file is not what it is taken for.

mod words;

use self::words::{End, continued, flags, heredocs, words};
use crate::MUTABLE_BASE_IMAGE;
use crate::judge::Judge;

/// Every instruction there is.
const INSTRUCTIONS: [&str; 18] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

/// Why a file is refused, and in which line.
type Refused = (usize, &'static str);

/// What was said so far.
#[derive(Default)]
struct State {
    /// What joins lines, and keeps a quote from being one.
    escape: char,
    /// The names of stages, in lower case, in their order; an empty one has none.
    stages: Vec<String>,
    /// Arguments before the first stage, with their defaults.
    arguments: Vec<(String, Option<String>)>,
}

/// The most arguments and stages of one file: each is looked for among those before it.
const MAX_NAMES: usize = 1000;

/// The longest text that is filled in, in bytes: no name of an image comes near it.
const MAX_FILLED: usize = 4 << 10;

/// Judges a file.
pub(crate) fn dockerfile(text: &str, judge: &mut Judge<'_>) -> Result<(), Refused> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let escape = directives(text, judge)?;
    let mut lines = (1..).zip(text.lines()).peekable();
    let mut state = State { escape, ..State::default() };
    while let Some((line, first)) = lines.next() {
        let first = first.trim_start();
        if first.is_empty() || first.starts_with('#') {
            continue;
        }
        let mut whole = String::new();
        let mut piece = first;
        loop {
            if piece.contains('\r') {
                return Err((line, "a carriage return stands without a line feed"));
            }
            let Some(rest) = continued(piece, escape) else {
                whole.push_str(piece);
                break;
            };
            whole.push_str(rest);
            // Comments and empty lines within an instruction are passed over.
            let skipped = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
            while lines.next_if(|(_, line)| skipped(line)).is_some() {}
            let Some((_, next)) = lines.next() else { break };
            piece = next;
        }
        let (word, rest) = split(&whole);
        for end in state.heredocs(word, rest).map_err(|why| (line, why))? {
            let found = lines.by_ref().find(|(_, text)| {
                let text = if end.tabs { text.trim_start_matches('\t') } else { text };
                text == end.name
            });
            if found.is_none() {
                return Err((line, "a here-document has no end"));
            }
        }
        state.instruction(line, word, rest, judge)?;
        if state.stages.len() + state.arguments.len() > MAX_NAMES {
            return Err((line, "there are more than 1000 arguments and stages"));
        }
    }
    if state.stages.is_empty() {
        return Err((1, "there is no `FROM` in it"));
    }
    Ok(())
}

/// The escape, and what is said of the syntax. Directives are comments before everything else, even
/// before empty lines and other comments; the builder passes over a first line for the shell only
/// when it looks for the syntax.
fn directives(text: &str, judge: &mut Judge<'_>) -> Result<char, Refused> {
    let mut escape = '\\';
    let shell = text.starts_with("#!");
    for (line, comment) in (1..).zip(text.lines()).skip(usize::from(shell)) {
        let Some((key, value)) = directive(comment) else { break };
        match key.to_ascii_lowercase().as_str() {
            // Builders differ in what a blank is.
            _ if !comment.is_ascii() => {
                return Err((line, "a directive has a character that is not ASCII"));
            }
            "escape" if shell => {}
            "escape" if value == "`" => escape = '`',
            "escape" if value == "\\" => escape = '\\',
            "escape" => return Err((line, "`escape` is neither a backslash nor a backtick")),
            "syntax" => judge.image(MUTABLE_BASE_IMAGE, line, value),
            "check" => {}
            _ => break,
        }
    }
    Ok(escape)
}

/// A comment at the beginning that is no comment.
fn directive(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.trim_start().strip_prefix('#')?.split_once('=')?;
    let key = key.trim();
    let is_word = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_word.then(|| (key, value.trim()))
}

/// The first word, and the rest.
fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    match text.split_once(|c: char| c.is_ascii_whitespace()) {
        Some((word, rest)) => (word, rest.trim()),
        None => (text, ""),
    }
}

impl State {
    /// The here-documents that begin in an instruction.
    fn heredocs<'a>(&self, word: &str, rest: &'a str) -> Result<Vec<End<'a>>, &'static str> {
        let (word, rest) = match word.eq_ignore_ascii_case("ONBUILD") {
            true => split(rest),
            false => (word, rest),
        };
        let has = ["RUN", "COPY", "ADD"].iter().any(|name| word.eq_ignore_ascii_case(name));
        if !has {
            return Ok(Vec::new());
        }
        let (_, rest) = flags(rest, self.escape)?;
        heredocs(rest)
    }

    fn instruction(
        &mut self,
        line: usize,
        word: &str,
        rest: &str,
        judge: &mut Judge<'_>,
    ) -> Result<(), Refused> {
        let Some(name) = INSTRUCTIONS.iter().find(|name| word.eq_ignore_ascii_case(name)) else {
            return Err((line, "a line is no instruction of a Dockerfile"));
        };
        match *name {
            "FROM" => return self.from(line, rest, judge),
            "ARG" if self.stages.is_empty() => {
                for argument in words(rest, self.escape) {
                    let argument = argument.text;
                    let (name, default) = match argument.split_once('=') {
                        Some((name, default)) => (name, Some(unquoted(default))),
                        None => (argument, None),
                    };
                    let default = default.map(|default| self.filled(&default));
                    self.arguments.push((name.to_owned(), default));
                }
            }
            "ARG" => {}
            _ if self.stages.is_empty() => {
                return Err((line, "an instruction stands before the first `FROM`"));
            }
            "ONBUILD" => {
                let (word, rest) = split(rest);
                if ["ONBUILD", "FROM"].iter().any(|name| word.eq_ignore_ascii_case(name)) {
                    return Err((line, "`ONBUILD` has an instruction that it cannot have"));
                }
                return self.instruction(line, word, rest, judge);
            }
            "COPY" | "ADD" | "RUN" => {
                let (flags, _) = flags(rest, self.escape).map_err(|why| (line, why))?;
                for flag in &flags {
                    if let Some(from) = flag.strip_prefix("--from=") {
                        self.other(line, from, judge);
                    }
                    let mount = flag.strip_prefix("--mount=").unwrap_or_default();
                    for (key, from) in mount.split(',').filter_map(|field| field.split_once('=')) {
                        if key.trim().eq_ignore_ascii_case("from") {
                            self.other(line, from.trim(), judge);
                        }
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn from(&mut self, line: usize, rest: &str, judge: &mut Judge<'_>) -> Result<(), Refused> {
        let (_, rest) = flags(rest, self.escape).map_err(|why| (line, why))?;
        let words: Vec<&str> = rest.split_whitespace().collect();
        let (image, stage) = match words.as_slice() {
            [image] => (*image, ""),
            [image, by, stage] if by.eq_ignore_ascii_case("AS") => (*image, *stage),
            _ => {
                return Err((
                    line,
                    "`FROM` has neither the form `FROM image` nor `FROM image AS stage`",
                ));
            }
        };
        let filled = self.filled(&unquoted(image));
        let same = |stage: &String| !stage.is_empty() && filled.eq_ignore_ascii_case(stage);
        let known = self.stages.iter().any(same) || filled.eq_ignore_ascii_case("scratch");
        if !known {
            judge.image(MUTABLE_BASE_IMAGE, line, &filled);
        }
        self.stages.push(stage.to_ascii_lowercase());
        Ok(())
    }

    /// What files are taken from: a stage by its name or its number, or an image.
    fn other(&self, line: usize, from: &str, judge: &mut Judge<'_>) {
        // The stage that is being built cannot be named.
        let before = self.stages.len().saturating_sub(1);
        let numbered = from.parse().is_ok_and(|number: usize| number < before);
        let mut named = self.stages.iter().take(before);
        let known = !from.is_empty() && named.any(|stage| from.eq_ignore_ascii_case(stage));
        if !numbered && !known {
            judge.image(MUTABLE_BASE_IMAGE, line, from);
        }
    }

    /// A text with the defaults of arguments in it: `$NAME`, `${NAME}` and `${NAME:-default}`. What is not
    /// known stays as it is written.
    fn filled(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('$') {
            if filled.len() > MAX_FILLED {
                break;
            }
            filled.push_str(before);
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let (name, default, after) = match behind.strip_prefix('{') {
                Some(inner) => {
                    let Some((inner, after)) = inner.split_once('}') else {
                        filled.push('$');
                        rest = behind;
                        continue;
                    };
                    let (name, default) = match inner.split_once(":-") {
                        Some((name, default)) => (name, Some(default)),
                        None => (inner, None),
                    };
                    (name, default, after)
                }
                None => {
                    let end = behind.find(|c| !is_name(c)).unwrap_or(behind.len());
                    let (name, after) = behind.split_at(end);
                    (name, None, after)
                }
            };
            // A later argument of the same name counts.
            let known = self.arguments.iter().rev().find(|(argument, _)| argument == name);
            let value = known.and_then(|(_, value)| value.as_deref()).filter(|v| !v.is_empty());
            match value.or(default) {
                Some(value) => filled.push_str(value),
                None => {
                    let length = rest.len() - before.len() - after.len();
                    filled.push_str(rest.get(before.len()..before.len() + length).unwrap_or("$"));
                }
            }
            rest = after;
        }
        filled.push_str(rest);
        // What grows without end names no image.
        if filled.len() > MAX_FILLED { "$…".into() } else { filled }
    }
}

/// Without the quotes around it.
fn unquoted(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '"' | '\'')).collect()
}
