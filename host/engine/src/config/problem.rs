//! What is wrong with a policy file, and where.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use camino::{Utf8Path, Utf8PathBuf};
use lockgate_model::Text;

use super::sources::Sources;

/// A place in one of the files that were read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    file: usize,
    start: usize,
    end: usize,
}

impl Place {
    pub(super) fn new(file: usize, span: Range<usize>) -> Self {
        Self { file, start: span.start, end: span.end }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Problem {
    place: Option<Place>,
    message: String,
    help: Option<String>,
}

/// A file that was read.
#[derive(Debug, Clone)]
struct File {
    path: Utf8PathBuf,
    text: String,
    /// The text as it may be printed.
    shown: String,
}

/// How many problems are shown. Nobody mends more before trying again.
const MAX_SHOWN: usize = 100;

/// All problems that were found, and the files they are about.
#[derive(Debug, Clone, Default)]
pub struct Problems {
    /// Through which every file of the configuration is read; whatever reads may find a problem,
    /// so both go together. Boxed, for an error that holds this is returned by value.
    pub(super) sources: Box<Sources>,
    files: Vec<File>,
    found: BTreeSet<Problem>,
}

impl Problems {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.found.len()
    }

    pub(super) fn add_file(&mut self, path: &Utf8Path, text: String) -> usize {
        let shown = shown(&text);
        self.files.push(File { path: path.to_owned(), text, shown });
        self.files.len() - 1
    }

    pub(super) fn text(&self, file: usize) -> &str {
        self.files.get(file).map_or("", |file| &file.text)
    }

    /// Notes a problem. The message is a lower-case fragment; the help says what to do.
    pub(crate) fn push(
        &mut self,
        place: Option<Place>,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        self.found.insert(Problem { place, message: message.into(), help });
    }

    /// The problems as a person reads them, in the order of the files, each with the line that it
    /// is about.
    #[must_use]
    pub fn render(&self, styled: bool) -> String {
        let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
        let found = self.found.iter().take(MAX_SHOWN);
        let mut rendered: Vec<_> = found.map(|problem| self.one(&renderer, problem)).collect();
        if let Some(rest @ 1..) = self.found.len().checked_sub(MAX_SHOWN) {
            rendered.push(format!("and {rest} more problems"));
        }
        rendered.join("\n\n")
    }

    fn one(&self, renderer: &Renderer, problem: &Problem) -> String {
        let message = Text::escaped(&problem.message);
        let mut group = Level::ERROR.primary_title(message.as_str()).elements(
            problem.place.as_ref().and_then(|place| {
                let File { path, text, shown } = self.files.get(place.file)?;
                let span = place.start..place.end.min(text.len());
                let marked = AnnotationKind::Primary.span(span);
                Some(Snippet::source(shown).path(path.as_str()).annotation(marked))
            }),
        );
        if let Some(help) = &problem.help {
            group = group.element(Level::HELP.message(Text::escaped(help).as_str().to_owned()));
        }
        renderer.render(&[group])
    }
}

/// The source with whatever a terminal or a CI system would obey blanked out, byte for byte, so
/// that spans stay right and a planted file cannot drive either.
fn shown(text: &str) -> String {
    let shown: String = text
        .chars()
        .flat_map(|c| {
            let hidden = Text::stripped(c.encode_utf8(&mut [0; 4])).as_str().is_empty();
            let blank = hidden && !matches!(c, '\n' | '\t');
            let (shown, times) = match c {
                // The end of a line, as some editors write it.
                '\r' => (' ', 1),
                _ if blank => ('?', c.len_utf8()),
                _ => (c, 1),
            };
            std::iter::repeat_n(shown, times)
        })
        .collect();
    unmarked(shown)
}

/// The source without the beginnings of logging commands, which no character by itself shows.
fn unmarked(mut shown: String) -> String {
    /// How long such a beginning is: `##vso[`.
    const LONGEST: usize = 6;
    const MARK: &str = "##";
    let obeyed = |at: &usize| {
        let rest = shown.get(*at..).filter(|rest| rest.starts_with(MARK)).unwrap_or_default();
        let line = rest.chars().take_while(|c| !c.is_control());
        let word: String = line.take(LONGEST).collect();
        Text::stripped(&word) != *word
    };
    let places: Vec<usize> = (0..shown.len()).filter(obeyed).collect();
    for at in places {
        shown.replace_range(at..at + MARK.len(), "??");
    }
    shown
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Problems {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_beside_a_problem_drives_nothing_and_keeps_its_places() {
        for (source, expected) in [
            ("a\u{1b}[2J\r\n\tb", "a?[2J \n\tb"),
            ("a\u{202e}b", "a???b"),
            ("x = ##[error]", "x = ??[error]"),
            ("x = ##VSO[task.complete]", "x = ??VSO[task.complete]"),
            ("####[ ###[", "????[ ???["),
            ("## a comment\n## [b]\n##\n[c]", "## a comment\n## [b]\n##\n[c]"),
        ] {
            let shown = shown(source);
            assert_eq!(shown, expected);
            assert_eq!(shown.len(), source.len());
        }
    }
}
