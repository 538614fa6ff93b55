//! Reads settings key by key, and notes every problem instead of stopping at the first.

use std::collections::BTreeSet;

use lockgate_plugin::json::Value;
use lockgate_plugin::{Problem, escaped};

/// All that is wrong with the settings.
#[derive(Debug, Default)]
pub(crate) struct Problems(pub(crate) Vec<Problem>);

impl Problems {
    pub(crate) fn add(&mut self, pointer: &str, message: impl Into<String>) {
        self.0.push(Problem::new(pointer, message));
    }
}

/// A table whose keys are known.
pub(crate) struct Table<'v> {
    pointer: String,
    value: &'v Value,
}

impl<'v> Table<'v> {
    /// The settings as a whole.
    pub(crate) fn root(value: &'v Value, known: &[&str], problems: &mut Problems) -> Option<Self> {
        Self::new(value, String::new(), known, problems)
    }

    fn new(
        value: &'v Value,
        pointer: String,
        known: &[&str],
        problems: &mut Problems,
    ) -> Option<Self> {
        let Value::Object(members) = value else {
            problems.add(&pointer, format!("a table, not {}", named(value)));
            return None;
        };
        let mut seen = BTreeSet::new();
        for (key, _) in members {
            let message = if !known.contains(&key.as_str()) {
                format!("unknown key; the keys are `{}`", known.join("`, `"))
            } else if !seen.insert(key) {
                "the key stands there twice".to_owned()
            } else {
                continue;
            };
            problems.add(&format!("{pointer}/{}", escaped(key)), message);
        }
        Some(Self { pointer, value })
    }

    /// Where a key stands.
    pub(crate) fn at(&self, key: &str) -> String {
        format!("{}/{key}", self.pointer)
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.value.get(key).is_some()
    }

    /// A table under a key.
    pub(crate) fn table(&self, key: &str, known: &[&str], problems: &mut Problems) -> Option<Self> {
        Self::new(self.value.get(key)?, self.at(key), known, problems)
    }

    /// A text of some form.
    pub(crate) fn text<T>(
        &self,
        key: &str,
        form: &str,
        parse: impl FnOnce(&str) -> Option<T>,
        problems: &mut Problems,
    ) -> Option<T> {
        let value = self.value.get(key)?;
        let read = value.as_str().and_then(parse);
        if read.is_none() {
            problems.add(&self.at(key), format!("{form}, not {}", named(value)));
        }
        read
    }

    /// The same where there has to be one.
    pub(crate) fn required<T>(
        &self,
        key: &str,
        form: &str,
        parse: impl FnOnce(&str) -> Option<T>,
        problems: &mut Problems,
    ) -> Option<T> {
        if !self.has(key) {
            problems.add(&self.at(key), format!("give {form}"));
        }
        self.text(key, form, parse, problems)
    }

    pub(crate) fn boolean(&self, key: &str, problems: &mut Problems) -> Option<bool> {
        let value = self.value.get(key)?;
        let Value::Bool(is) = value else {
            problems.add(&self.at(key), format!("`true` or `false`, not {}", named(value)));
            return None;
        };
        Some(*is)
    }

    /// A whole number from 1 on.
    pub(crate) fn count(&self, key: &str, problems: &mut Problems) -> Option<u32> {
        let value = self.value.get(key)?;
        let count = match value {
            Value::Number(text) => text.parse().ok().filter(|count| *count > 0),
            _ => None,
        };
        if count.is_none() {
            let message =
                format!("a whole number from 1 on, for example `2`, not {}", named(value));
            problems.add(&self.at(key), message);
        }
        count
    }

    /// A list of names, each once.
    pub(crate) fn words(
        &self,
        key: &str,
        example: &str,
        problems: &mut Problems,
    ) -> Option<Vec<String>> {
        let (value, pointer) = (self.value.get(key)?, self.at(key));
        let Value::Array(elements) = value else {
            problems.add(&pointer, format!("a list of names, for example `[\"{example}\"]`"));
            return None;
        };
        if elements.is_empty() {
            problems.add(&pointer, "name at least one, or leave the key out");
        }
        let mut seen = BTreeSet::new();
        for (index, element) in elements.iter().enumerate() {
            let message = match element.as_str() {
                None | Some("") => format!("a name, for example `\"{example}\"`"),
                Some(word) if seen.insert(word) => continue,
                Some(word) => format!("`{word}` is named twice"),
            };
            problems.add(&format!("{pointer}/{index}"), message);
        }
        let words = elements.iter().filter_map(Value::as_str);
        Some(words.map(str::to_owned).collect())
    }
}

/// What a value is, for messages.
fn named(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(true) => "`true`".to_owned(),
        Value::Bool(false) => "`false`".to_owned(),
        Value::Number(text) => format!("`{text}`"),
        Value::String(text) => format!("`\"{text}\"`"),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a table".to_owned(),
    }
}
