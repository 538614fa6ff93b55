//! Reads settings out of values, and notes everything that is wrong instead of stopping at the first.
//!
//! By hand, for there are many keys: what serde makes of as many types is a third of the component.

use lockgate_plugin::json::Value;
use lockgate_plugin::pattern::Pattern;
use lockgate_plugin::{Problem, escaped};

/// What is wrong with a list or a table that names nothing.
const NOTHING: &str = "name at least one, or leave the key out";

/// What is wrong so far.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    pub(crate) problems: Vec<Problem>,
}

/// A value, and the JSON pointer to it.
#[derive(Debug)]
pub(crate) struct At<'v> {
    pub(crate) pointer: String,
    pub(crate) value: &'v Value,
}

impl<'v> At<'v> {
    /// What is below, by one more token.
    fn below(&self, token: &str, value: &'v Value) -> Self {
        At { pointer: format!("{}/{}", self.pointer, escaped(token)), value }
    }
}

impl Reader {
    pub(crate) fn problem(&mut self, pointer: &str, message: &str) {
        self.problems.push(Problem::new(pointer, message));
    }

    /// The members of a table, which has no other keys than these; in their order, none where a key is
    /// not there.
    pub(crate) fn table<'v, const N: usize>(
        &mut self,
        at: &At<'v>,
        keys: [&str; N],
    ) -> [Option<At<'v>>; N] {
        let mut found = [const { None }; N];
        self.members(at, &keys, &mut found);
        found
    }

    fn members<'v>(&mut self, at: &At<'v>, keys: &[&str], found: &mut [Option<At<'v>>]) {
        let Value::Object(members) = at.value else {
            return self.problem(&at.pointer, "a table");
        };
        for (name, value) in members {
            let member = at.below(name, value);
            match keys.iter().position(|key| key == name) {
                Some(index) if found[index].is_none() => found[index] = Some(member),
                Some(_) => self.problem(&member.pointer, "this key is there twice"),
                None => {
                    let message = format!("unknown key; it knows `{}`", keys.join("`, `"));
                    self.problem(&member.pointer, &message);
                }
            }
        }
    }

    /// The members of a table whose keys the user chooses.
    pub(crate) fn pairs<'v>(&mut self, at: &At<'v>) -> Vec<(&'v str, At<'v>)> {
        let Value::Object(members) = at.value else {
            self.problem(&at.pointer, "a table");
            return Vec::new();
        };
        if members.is_empty() {
            self.problem(&at.pointer, NOTHING);
        }
        members.iter().map(|(name, value)| (name.as_str(), at.below(name, value))).collect()
    }

    /// The elements of a list that is not empty.
    pub(crate) fn list<'v>(&mut self, at: &At<'v>, nothing: Option<&str>) -> Vec<At<'v>> {
        let Value::Array(elements) = at.value else {
            self.problem(&at.pointer, "a list");
            return Vec::new();
        };
        if elements.is_empty() {
            self.problem(&at.pointer, nothing.unwrap_or(NOTHING));
        }
        let elements = elements.iter().enumerate();
        elements.map(|(index, value)| at.below(&format!("{index}"), value)).collect()
    }

    pub(crate) fn text<'v>(&mut self, at: &At<'v>) -> Option<&'v str> {
        let text = at.value.as_str();
        if text.is_none() {
            self.problem(&at.pointer, "a text");
        }
        text
    }

    /// Whether a key that can only be turned on is there.
    pub(crate) fn is_on(&mut self, at: Option<At<'_>>) -> bool {
        let Some(at) = at else { return false };
        if *at.value != Value::Bool(true) {
            self.problem(&at.pointer, "`true`, or leave the key out");
        }
        true
    }

    /// A text that `problem` finds nothing wrong with, or `{ glob = "…" }`.
    pub(crate) fn pattern(
        &mut self,
        at: &At<'_>,
        problem: fn(&Pattern) -> Option<String>,
    ) -> Option<Pattern> {
        let pattern = match at.value {
            Value::String(text) => Pattern::Exact(text.clone()),
            Value::Object(_) => {
                let [glob] = self.table(at, ["glob"]);
                let Some(glob) = glob else {
                    self.problem(&at.pointer, "a table with the key `glob`");
                    return None;
                };
                Pattern::Glob(self.text(&glob)?.to_owned())
            }
            _ => {
                self.problem(&at.pointer, "a text, or a table with the key `glob`");
                return None;
            }
        };
        if let Some(message) = problem(&pattern) {
            self.problem(&at.pointer, &message);
        }
        Some(pattern)
    }

    pub(crate) fn patterns(
        &mut self,
        at: Option<At<'_>>,
        problem: fn(&Pattern) -> Option<String>,
    ) -> Option<Vec<Pattern>> {
        let list = self.list(&at?, None);
        Some(list.iter().filter_map(|element| self.pattern(element, problem)).collect())
    }
}
