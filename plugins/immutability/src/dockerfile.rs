//! Dockerfiles, and Containerfiles, which are the same.
//!
//! Only what names an image is read: `FROM`, `COPY --from`, `RUN --mount=from` and the syntax line. What is
//! no instruction is refused, for then the file is not what it is taken for.

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
    /// The names of stages, in lower case, in their order; an empty one has none.
    stages: Vec<String>,
    /// Arguments before the first stage, with their defaults.
    arguments: Vec<(String, Option<String>)>,
}

/// Judges a file.
pub(crate) fn dockerfile(text: &str, judge: &mut Judge<'_>) -> Result<(), Refused> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = (1..).zip(text.lines()).peekable();
    let mut escape = '\\';
    // Directives stand before everything else, even before empty lines.
    while let Some((line, comment)) = lines.peek() {
        let Some((key, value)) = directive(comment) else { break };
        match key.to_ascii_lowercase().as_str() {
            "escape" if value == "`" => escape = '`',
            "escape" if value == "\\" => {}
            "escape" => return Err((*line, "`escape` is neither a backslash nor a backtick")),
            "syntax" => judge.image(MUTABLE_BASE_IMAGE, *line, value),
            _ => {}
        }
        lines.next();
    }
    let mut state = State::default();
    while let Some((line, first)) = lines.next() {
        let first = first.trim();
        if first.is_empty() || first.starts_with('#') {
            continue;
        }
        let mut whole = String::new();
        let mut piece = first;
        loop {
            match piece.strip_suffix(escape) {
                Some(rest) => whole.push_str(rest),
                None => {
                    whole.push_str(piece);
                    break;
                }
            }
            // Comments and empty lines within an instruction are passed over.
            let skipped = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
            while lines.next_if(|(_, line)| skipped(line)).is_some() {}
            let Some((_, next)) = lines.next() else { break };
            piece = next.trim_end();
        }
        let (word, rest) = split(&whole);
        for end in heredocs(word, rest) {
            let found = lines.by_ref().find(|(_, text)| {
                let text = if end.tabs { text.trim_start_matches('\t') } else { text };
                text == end.name
            });
            if found.is_none() {
                return Err((line, "a here-document has no end"));
            }
        }
        state.instruction(line, word, rest, judge)?;
    }
    if state.stages.is_empty() {
        return Err((1, "there is no `FROM` in it"));
    }
    Ok(())
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

/// The end of a here-document.
struct End {
    name: String,
    /// Tabs before it do not count.
    tabs: bool,
}

/// The here-documents that begin in an instruction.
fn heredocs(word: &str, rest: &str) -> Vec<End> {
    let mut ends = Vec::new();
    let (mut word, mut rest) = (word, rest);
    if word.eq_ignore_ascii_case("ONBUILD") {
        (word, rest) = split(rest);
    }
    let has = ["RUN", "COPY", "ADD"].iter().any(|name| word.eq_ignore_ascii_case(name));
    if !has || rest.starts_with('[') {
        return ends;
    }
    for word in words(rest) {
        let word = word.trim_start_matches(|c: char| c.is_ascii_digit());
        let Some(name) = word.strip_prefix("<<") else { continue };
        let (name, tabs) = match name.strip_prefix('-') {
            Some(name) => (name, true),
            None => (name, false),
        };
        let name: String = name.chars().filter(|c| !matches!(c, '"' | '\'')).collect();
        if !name.is_empty() && !name.contains('<') {
            ends.push(End { name, tabs });
        }
    }
    ends
}

/// Words as a shell divides them: not within quotes, which stay.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut quote, mut escaped) = (None, None, false);
    for (at, character) in text.char_indices() {
        let blank = character.is_ascii_whitespace() && quote.is_none() && !escaped;
        if blank {
            words.extend(start.take().and_then(|start| text.get(start..at)));
            continue;
        }
        start = start.or(Some(at));
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' | '\'' if quote.is_none() => quote = Some(character),
            _ if quote == Some(character) => quote = None,
            _ => {}
        }
    }
    words.extend(start.and_then(|start| text.get(start..)));
    words
}

impl State {
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
                for argument in words(rest) {
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
            "COPY" | "ADD" => {
                for flag in words(rest).iter().take_while(|word| word.starts_with("--")) {
                    if let Some(from) = flag.strip_prefix("--from=") {
                        self.other(line, &unquoted(from), judge);
                    }
                }
            }
            "RUN" => {
                for flag in words(rest).iter().take_while(|word| word.starts_with("--")) {
                    let Some(mount) = flag.strip_prefix("--mount=") else { continue };
                    for field in unquoted(mount).split(',') {
                        let (key, from) = field.split_once('=').unwrap_or((field, ""));
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
        let mut words = words(rest);
        words.retain(|word| !word.starts_with("--"));
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
        filled
    }
}

/// Without the quotes around it.
fn unquoted(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '"' | '\'')).collect()
}
