//! Settings as they are written, for a policy that reads them by hand.
//!
//! A type that derives `Deserialize` is shorter to write; each such type makes a component larger by
//! some kilobytes, though, and the first value of a wrong type hides all other problems. Here every
//! problem is told at once.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::{Problem, escaped};

/// A value of the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// `true` or `false`.
    Flag(bool),
    /// A whole number that is not negative.
    Number(u64),
    /// A string.
    Text(String),
    /// A list.
    List(Vec<Form>),
    /// A table, in the order in which it is written.
    Table(Vec<(String, Form)>),
    /// What no setting is: a fraction, a negative number, nothing.
    Other,
}

/// The members of a table of settings, each of which has to be taken.
#[derive(Debug)]
pub struct Table {
    pointer: String,
    members: Vec<(String, Form)>,
}

/// Everything that is wrong with settings.
#[derive(Debug, Default)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Adds one.
    pub fn add(&mut self, pointer: &str, why: impl Into<String>) {
        self.0.push(Problem::new(pointer, why));
    }

    /// A value of a wrong type: what would be right stands in for the message.
    pub fn wrong(&mut self, pointer: &str, expected: &str) {
        self.add(pointer, ["this has to be ", expected].concat());
    }

    /// The settings, if nothing is wrong with them.
    ///
    /// # Errors
    ///
    /// Everything that is.
    pub fn or<T>(self, settings: T) -> Result<T, Vec<Problem>> {
        if self.0.is_empty() { Ok(settings) } else { Err(self.0) }
    }

    /// A table that has these keys alone.
    pub fn table(&mut self, form: Form, pointer: &str, keys: &[&str]) -> Table {
        let mut table = Table { pointer: pointer.to_owned(), members: Vec::new() };
        let Form::Table(members) = form else {
            self.wrong(pointer, &["a table with ", &listed(keys)].concat());
            return table;
        };
        for (key, form) in members {
            if keys.contains(&key.as_str()) {
                table.members.push((key, form));
            } else {
                let why = ["`", &key, "` is not known here: ", &listed(keys), " is"].concat();
                self.add(&table.pointer_to(&key), why);
            }
        }
        table
    }

    /// A list of texts, at least one and each once, with what is wrong with each.
    pub fn texts(
        &mut self,
        form: Form,
        pointer: &str,
        wrong: &dyn Fn(&str) -> Option<String>,
    ) -> Vec<String> {
        let mut texts: Vec<String> = Vec::new();
        let Form::List(forms) = form else {
            self.wrong(pointer, "a list of texts");
            return texts;
        };
        if forms.is_empty() {
            self.add(pointer, "name at least one, or leave the key out");
        }
        for (index, form) in forms.into_iter().enumerate() {
            let pointer = at(pointer, index);
            let Form::Text(text) = form else {
                self.wrong(&pointer, "a text");
                continue;
            };
            if texts.contains(&text) {
                self.add(&pointer, ["`", &text, "` is named twice"].concat());
            } else if let Some(why) = wrong(&text) {
                self.add(&pointer, why);
            }
            texts.push(text);
        }
        texts
    }

    /// A text.
    pub fn text(&mut self, form: Form, pointer: &str) -> String {
        match form {
            Form::Text(text) => text,
            _ => {
                self.wrong(pointer, "a text");
                String::new()
            }
        }
    }
}

impl Table {
    /// Where a member stands.
    #[must_use]
    pub fn pointer_to(&self, key: &str) -> String {
        [&self.pointer, "/", &escaped(key)].concat()
    }

    /// A member, with its pointer; none where it is not set.
    pub fn take(&mut self, key: &str) -> Option<(Form, String)> {
        let place = self.members.iter().position(|(name, _)| name == key)?;
        let (_, form) = self.members.swap_remove(place);
        Some((form, self.pointer_to(key)))
    }

    /// Whether there is nothing left in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

/// The pointer to an element of a list.
#[must_use]
pub fn at(pointer: &str, index: usize) -> String {
    [pointer, "/", &index.to_string()].concat()
}

fn listed(keys: &[&str]) -> String {
    ["`", &keys.join("`, `"), "`"].concat()
}

impl<'de> Deserialize<'de> for Form {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FormVisitor)
    }
}

struct FormVisitor;

impl<'de> Visitor<'de> for FormVisitor {
    type Value = Form;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a setting")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Form, E> {
        Ok(Form::Flag(flag))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Form, E> {
        Ok(Form::Number(number))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Form, E> {
        Ok(Form::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Form, E> {
        Ok(Form::Other)
    }

    fn visit_unit<E>(self) -> Result<Form, E> {
        Ok(Form::Other)
    }

    fn visit_str<E>(self, text: &str) -> Result<Form, E> {
        Ok(Form::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Form, A::Error> {
        let mut forms = Vec::new();
        while let Some(form) = list.next_element()? {
            forms.push(form);
        }
        Ok(Form::List(forms))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Form, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Form::Table(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(json: &str) -> Form {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn every_problem_is_told_at_once_with_its_place() {
        let mut problems = Problems::default();
        let form = form(r#"{ "list": ["a", 1, "a", "bad"], "colour": 1.5, "te~xt": {}, "n": -1 }"#);
        let mut table = problems.table(form, "", &["list", "te~xt", "n", "absent"]);
        assert_eq!(table.take("absent"), None);
        let (list, pointer) = table.take("list").unwrap();
        problems.texts(list, &pointer, &|text| (text == "bad").then(|| "bad".to_owned()));
        let (text, pointer) = table.take("te~xt").unwrap();
        problems.text(text, &pointer);
        assert_eq!(table.take("n").unwrap().0, Form::Other);
        problems.table(Form::Flag(true), "/flag", &["a", "b"]);
        problems.texts(Form::List(Vec::new()), "/empty", &|_| None);
        let told = problems.or(()).unwrap_err();
        let told: Vec<String> = told.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "/colour: `colour` is not known here: `list`, `te~xt`, `n`, `absent` is",
                "/list/1: this has to be a text",
                "/list/2: `a` is named twice",
                "/list/3: bad",
                "/te~0xt: this has to be a text",
                "/flag: this has to be a table with `a`, `b`",
                "/empty: name at least one, or leave the key out",
            ]
        );
    }
}
