//! A statement that is built like an expression and has words in it that nobody knows.

use lockgate_plugin::expressions::Term;

use crate::knowledge::Knowledge;

/// Its terms, with a reference of the document's own in place of each such word: so that what it needs
/// beside them can be told. None for free text, in which words follow on each other.
pub(super) fn terms(statement: &str, known: &dyn Knowledge) -> Option<Vec<Term>> {
    let statement = statement.replace('(', " ( ").replace(')', " ) ");
    let mut rebuilt = String::new();
    let (mut last, mut is_operand) = ("", false);
    for word in statement.split_whitespace() {
        let mut instead = word;
        let is = |words: &[&str]| words.iter().any(|one| word.eq_ignore_ascii_case(one));
        if is(&["(", ")", "AND", "OR", "WITH"]) {
            is_operand = false;
        } else if std::mem::replace(&mut is_operand, true) {
            return None;
        } else if last.eq_ignore_ascii_case("WITH") {
            if known.terms(&["MIT WITH ", word].concat()).is_none() {
                instead = "AdditionRef-unknown";
            }
        } else if known.terms(word).is_none() {
            instead = "LicenseRef-unknown";
        }
        last = word;
        rebuilt.push_str(instead);
        rebuilt.push(' ');
    }
    known.terms(rebuilt.trim_end())
}
