//! A document as it is read, and what is noted on the way.

use super::{Document, Statement};
use crate::reason::quoted;

/// A document as it is read.
#[derive(Default)]
pub(super) struct Draft {
    statements: Vec<Statement>,
    notes: Vec<String>,
    unexplained: Tally,
    vague: Tally,
    anonymous: usize,
}

/// How many there are of something, and the first of them.
#[derive(Default)]
struct Tally {
    count: usize,
    first: String,
}

impl Tally {
    fn add(&mut self, what: &str) {
        if self.count == 0 {
            self.first = quoted(what);
        }
        self.count += 1;
    }

    fn note(&self, note: &str) -> Option<String> {
        let Self { count, first } = self;
        (*count > 0).then(|| format!("{note}: {count} in all, the first is {first}"))
    }
}

impl Draft {
    pub(super) fn add(&mut self, statement: Statement) {
        self.statements.push(statement);
    }

    pub(super) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// Notes a statement that a vulnerability does not affect something, which does not say why.
    pub(super) fn unexplained(&mut self, vulnerability: &str) {
        self.unexplained.add(vulnerability);
    }

    /// Notes a component that cannot be told from others.
    pub(super) fn vague(&mut self, component: &str) {
        self.vague.add(component);
    }

    /// Notes a vulnerability without an id.
    pub(super) fn anonymous(&mut self) {
        self.anonymous += 1;
    }

    pub(super) fn finish(
        self,
        format: &'static str,
        version: String,
        author: Option<String>,
    ) -> Document {
        let Self { statements, mut notes, unexplained, vague, anonymous } = self;
        notes.extend(unexplained.note(
            "statements with the status `not_affected` that give neither a justification nor an \
             impact statement, of which the specification requires one, do not count",
        ));
        notes.extend(vague.note(
            "what is said of a component covers nothing where its package URL names no version, or \
             where the document does not say which component it is",
        ));
        if anonymous > 0 {
            notes.push(format!(
                "what is said of vulnerabilities without an id covers nothing: {anonymous} in all"
            ));
        }
        Document { format, version, author, statements, notes }
    }
}
