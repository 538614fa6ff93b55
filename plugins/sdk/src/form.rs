//! Settings read by hand, key by key.
//!
//! A type that derives `Deserialize` is shorter to write; each such type makes a component larger by
//! some kilobytes, though, and the first value of a wrong type hides all other problems. Here every
//! problem is told at once.

use crate::json::Value;
use crate::{Problem, escaped};

/// A table of settings, whose keys are known.
#[derive(Debug)]
pub struct Table<'v> {
    pointer: String,
    /// Those of known keys, each once.
    members: Vec<(&'v str, &'v Value)>,
}

/// Everything that is wrong with settings.
#[derive(Debug, Default)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Adds one.
    pub fn add(&mut self, pointer: &str, why: impl Into<String>) {
        self.0.push(Problem::new(pointer, why));
    }

    /// A value of a wrong form: what would be right stands in for the message.
    pub fn wrong(&mut self, pointer: &str, expected: &str, found: &Value) {
        self.add(pointer, ["this has to be ", expected, ", not ", &named(found)].concat());
    }

    /// The settings, if nothing is wrong with them. None of them is a problem that was told.
    ///
    /// # Errors
    ///
    /// Everything that is.
    pub fn or<T>(self, settings: Option<T>) -> Result<T, Vec<Problem>> {
        match settings {
            Some(settings) if self.0.is_empty() => Ok(settings),
            _ => Err(self.0),
        }
    }

    /// A table that has these keys alone; none where it is no table.
    pub fn table<'v>(
        &mut self,
        value: &'v Value,
        pointer: &str,
        keys: &[&str],
    ) -> Option<Table<'v>> {
        let listed = || ["`", &keys.join("`, `"), "`"].concat();
        let Value::Object(members) = value else {
            self.wrong(pointer, &["a table with ", &listed()].concat(), value);
            return None;
        };
        let mut table = Table { pointer: pointer.to_owned(), members: Vec::new() };
        for (key, value) in members {
            if !keys.contains(&key.as_str()) {
                let why = ["`", key, "` is not known here: ", &listed(), " is"].concat();
                self.add(&table.at(key), why);
            } else if table.has(key) {
                self.add(&table.at(key), ["`", key, "` stands there twice"].concat());
            } else {
                table.members.push((key, value));
            }
        }
        Some(table)
    }

    /// A list of texts, at least one and each once, with what is wrong with each.
    pub fn texts(
        &mut self,
        value: &Value,
        pointer: &str,
        example: &str,
        wrong: &dyn Fn(&str) -> Option<String>,
    ) -> Vec<String> {
        let mut texts: Vec<String> = Vec::new();
        let expected = ["a list of texts, for example `[\"", example, "\"]`"].concat();
        self.elements(value, pointer, &expected, &mut |value, pointer, problems| {
            let Some(text) = value.as_str() else {
                let expected = ["a text, for example `\"", example, "\"`"].concat();
                return problems.wrong(pointer, &expected, value);
            };
            if texts.iter().any(|before| before == text) {
                problems.add(pointer, ["`", text, "` is named twice"].concat());
            } else if let Some(why) = wrong(text) {
                problems.add(pointer, why);
            }
            texts.push(text.to_owned());
        });
        texts
    }

    /// What stands in a list, one by one and with its pointer: at least one.
    pub fn elements(
        &mut self,
        value: &Value,
        pointer: &str,
        expected: &str,
        each: &mut dyn FnMut(&Value, &str, &mut Self),
    ) {
        let Value::Array(elements) = value else { return self.wrong(pointer, expected, value) };
        if elements.is_empty() {
            self.add(pointer, "name at least one, or leave the key out");
        }
        for (index, element) in elements.iter().enumerate() {
            each(element, &at(pointer, index), self);
        }
    }
}

impl<'v> Table<'v> {
    /// Where a member stands.
    #[must_use]
    pub fn at(&self, key: &str) -> String {
        [&self.pointer, "/", &escaped(key)].concat()
    }

    /// Whether it is set.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// A member; none where it is not set.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&'v Value> {
        self.members.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
    }

    /// Whether nothing is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// A table under a key.
    pub fn table(&self, key: &str, keys: &[&str], problems: &mut Problems) -> Option<Table<'v>> {
        problems.table(self.get(key)?, &self.at(key), keys)
    }

    /// A list of texts under a key: see [`Problems::texts`].
    pub fn texts(
        &self,
        key: &str,
        example: &str,
        wrong: &dyn Fn(&str) -> Option<String>,
        problems: &mut Problems,
    ) -> Option<Vec<String>> {
        Some(problems.texts(self.get(key)?, &self.at(key), example, wrong))
    }

    /// A text that is read as something else, if it is as `expected` says.
    pub fn text<T>(
        &self,
        key: &str,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
        problems: &mut Problems,
    ) -> Option<T> {
        let value = self.get(key)?;
        let read = value.as_str().and_then(parse);
        if read.is_none() {
            problems.wrong(&self.at(key), expected, value);
        }
        read
    }

    /// The same where there has to be one.
    pub fn required<T>(
        &self,
        key: &str,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
        problems: &mut Problems,
    ) -> Option<T> {
        if !self.has(key) {
            problems.add(&self.at(key), ["`", key, "` is missing: give ", expected].concat());
        }
        self.text(key, expected, parse, problems)
    }

    /// `true` or `false`.
    pub fn flag(&self, key: &str, problems: &mut Problems) -> Option<bool> {
        match self.get(key)? {
            Value::Bool(is) => Some(*is),
            value => {
                problems.wrong(&self.at(key), "`true` or `false`", value);
                None
            }
        }
    }

    /// A whole number from 1 on.
    pub fn count(&self, key: &str, problems: &mut Problems) -> Option<u32> {
        let value = self.get(key)?;
        let count = match value {
            Value::Number(text) => text.parse().ok().filter(|count| *count > 0),
            _ => None,
        };
        if count.is_none() {
            let expected = "a whole number from 1 on, for example `2`";
            problems.wrong(&self.at(key), expected, value);
        }
        count
    }
}

/// The pointer to an element of a list.
#[must_use]
pub fn at(pointer: &str, index: usize) -> String {
    [pointer, "/", &index.to_string()].concat()
}

/// What a value is, for messages.
fn named(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(true) => "`true`".to_owned(),
        Value::Bool(false) => "`false`".to_owned(),
        Value::Number(text) => ["`", text, "`"].concat(),
        Value::String(text) => ["`\"", text, "\"`"].concat(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a table".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn every_problem_is_told_at_once_with_its_place() {
        let settings = r#"{ "list": ["a", 1, "a", "bad"], "colour": 1, "te~xt": {}, "n": -1,
            "flag": "yes", "none": [], "list": [] }"#;
        let settings = json::parse(settings).unwrap();
        let mut problems = Problems::default();
        let keys = ["list", "te~xt", "n", "flag", "none", "absent"];
        let table = problems.table(&settings, "", &keys).unwrap();
        assert_eq!(table.get("absent"), None);
        let bad = |text: &str| (text == "bad").then(|| "bad".to_owned());
        table.texts("list", "x", &bad, &mut problems);
        table.text("te~xt", "a text", |text| Some(text.to_owned()), &mut problems);
        table.required("absent", "a word", |text| Some(text.to_owned()), &mut problems);
        table.count("n", &mut problems);
        table.flag("flag", &mut problems);
        table.texts("none", "x", &bad, &mut problems);
        assert!(problems.table(&Value::Bool(true), "/flag", &["a", "b"]).is_none());
        let told = problems.or(Some(())).unwrap_err();
        let told: Vec<String> = told.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "/colour: `colour` is not known here: `list`, `te~xt`, `n`, `flag`, `none`, `absent` is",
                "/list: `list` stands there twice",
                "/list/1: this has to be a text, for example `\"x\"`, not `1`",
                "/list/2: `a` is named twice",
                "/list/3: bad",
                "/te~0xt: this has to be a text, not a table",
                "/absent: `absent` is missing: give a word",
                "/n: this has to be a whole number from 1 on, for example `2`, not `-1`",
                "/flag: this has to be `true` or `false`, not `\"yes\"`",
                "/none: name at least one, or leave the key out",
                "/flag: this has to be a table with `a`, `b`, not `true`",
            ]
        );
    }
}
