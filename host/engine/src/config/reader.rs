//! Reads one TOML table, key by key, and notes every problem instead of stopping at the first.
//!
//! Whoever reads a table takes the keys that it knows and then calls [`Table::finish`], which
//! reports whatever was not taken. That is how nothing is parsed and ignored.

use std::collections::BTreeMap;

use lockgate_model::Instant;

use super::problem::{Place, Problems};
use super::tree::{Members, Node, Value};

/// A table, and what of it was not taken yet.
pub(super) struct Table {
    /// As the file spells it, for messages: `[stage.production]`.
    name: String,
    place: Place,
    rest: BTreeMap<String, (Place, Node)>,
    known: Vec<&'static str>,
}

/// A value that was read, and its place.
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) place: Place,
}

impl Table {
    pub(super) fn new(name: &str, place: Place, members: Members) -> Self {
        let rest = members.into_iter().map(|(key, place, node)| (key, (place, node))).collect();
        Self { name: name.to_owned(), place, rest, known: Vec::new() }
    }

    /// A node that has to be a table.
    pub(super) fn from(problems: &mut Problems, name: &str, node: Node) -> Option<Self> {
        match node.value {
            Value::Table(members) => Some(Self::new(name, node.place, members)),
            other => {
                let message = format!("{name} is a table, not {}", other.named());
                problems.push(Some(node.place), message, None);
                None
            }
        }
    }

    pub(super) fn place(&self) -> Place {
        self.place.clone()
    }

    /// Takes the value of a key, if it is there.
    pub(super) fn take(&mut self, key: &'static str) -> Option<Node> {
        self.known.push(key);
        self.rest.remove(key).map(|(_, node)| node)
    }

    /// Takes all keys that are left, for tables whose keys the user chooses.
    pub(super) fn take_all(&mut self) -> Members {
        let rest = std::mem::take(&mut self.rest);
        rest.into_iter().map(|(key, (place, node))| (key, place, node)).collect()
    }

    pub(super) fn string(
        &mut self,
        problems: &mut Problems,
        key: &'static str,
    ) -> Option<At<String>> {
        let node = self.take(key)?;
        match node.value {
            Value::String(value) => Some(At { value, place: node.place }),
            _ => self.wrong(problems, key, "a string", &node),
        }
    }

    /// A string that has to be there.
    pub(super) fn required(
        &mut self,
        problems: &mut Problems,
        key: &'static str,
    ) -> Option<At<String>> {
        if !self.rest.contains_key(key) {
            let message = format!("{} lacks the key `{key}`", self.name);
            problems.push(Some(self.place()), message, None);
        }
        self.string(problems, key)
    }

    pub(super) fn boolean(&mut self, problems: &mut Problems, key: &'static str) -> Option<bool> {
        let node = self.take(key)?;
        match node.value {
            Value::Boolean(value) => Some(value),
            _ => self.wrong(problems, key, "true or false", &node),
        }
    }

    /// A whole number from 1 on.
    pub(super) fn positive(&mut self, problems: &mut Problems, key: &'static str) -> Option<u64> {
        let node = self.take(key)?;
        match node.value {
            Value::Integer(number @ 1..) => u64::try_from(number).ok(),
            _ => self.wrong(problems, key, "a whole number from 1 on", &node),
        }
    }

    /// A number of bytes: a whole number, or a string like `64MiB`.
    pub(super) fn size(&mut self, problems: &mut Problems, key: &'static str) -> Option<u64> {
        let units = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];
        let node = self.take(key)?;
        let amount = match &node.value {
            Value::Integer(number) => u64::try_from(*number).ok(),
            Value::String(text) => in_units(text, &units),
            _ => None,
        };
        match amount {
            Some(amount @ 1..) => Some(amount),
            _ => self.wrong(problems, key, "a size, for example `\"64MiB\"`", &node),
        }
    }

    /// A number of milliseconds: a string like `10s` or `500ms`.
    pub(super) fn duration(&mut self, problems: &mut Problems, key: &'static str) -> Option<u64> {
        let node = self.take(key)?;
        let amount = match &node.value {
            Value::String(text) => in_units(text, &[("ms", 1), ("s", 1000)]),
            _ => None,
        };
        match amount {
            Some(amount @ 1..) => Some(amount),
            _ => self.wrong(problems, key, "a duration, for example `\"10s\"`", &node),
        }
    }

    /// A number of seconds: a string like `30d`, `24h`, `90m` or `10s`.
    pub(super) fn age(&mut self, problems: &mut Problems, key: &'static str) -> Option<u64> {
        let node = self.take(key)?;
        let units = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)];
        let amount = match &node.value {
            Value::String(text) => in_units(text, &units),
            _ => None,
        };
        match amount {
            Some(amount @ 1..) => Some(amount),
            _ => self.wrong(problems, key, "an age, for example `\"30d\"` or `\"24h\"`", &node),
        }
    }

    /// A moment: RFC 3339, as a string or as TOML's own.
    pub(super) fn instant(
        &mut self,
        problems: &mut Problems,
        key: &'static str,
    ) -> Option<Instant> {
        let node = self.take(key)?;
        let instant = match &node.value {
            Value::String(text) | Value::Other(text) => text.parse().ok(),
            _ => None,
        };
        let wanted = "an RFC 3339 instant, for example `\"2026-10-02T00:00:00Z\"`";
        instant.or_else(|| self.wrong(problems, key, wanted, &node))
    }

    /// A list of strings.
    pub(super) fn strings(
        &mut self,
        problems: &mut Problems,
        key: &'static str,
    ) -> Option<Vec<At<String>>> {
        let mut strings = Vec::new();
        for element in self.list(problems, key)? {
            match element.value {
                Value::String(value) => strings.push(At { value, place: element.place }),
                _ => {
                    self.wrong::<()>(problems, key, "a list of strings", &element);
                }
            }
        }
        Some(strings)
    }

    fn list(&mut self, problems: &mut Problems, key: &'static str) -> Option<Vec<Node>> {
        let node = self.take(key)?;
        match node.value {
            Value::List(elements) => Some(elements),
            _ => self.wrong(problems, key, "a list", &node),
        }
    }

    /// A table under a key.
    pub(super) fn table(&mut self, problems: &mut Problems, key: &'static str) -> Option<Self> {
        let node = self.take(key)?;
        Self::from(problems, &format!("[{key}]"), node)
    }

    /// A list of tables; empty where there is none.
    pub(super) fn tables(
        &mut self,
        problems: &mut Problems,
        key: &'static str,
        name: &str,
    ) -> Vec<Self> {
        let elements = self.list(problems, key).unwrap_or_default();
        elements.into_iter().filter_map(|element| Self::from(problems, name, element)).collect()
    }

    /// Refuses keys that mean something in the design but not yet in this version.
    pub(super) fn refuse(&mut self, problems: &mut Problems, keys: &[&str]) {
        for key in keys {
            if let Some((place, _)) = self.rest.remove(*key) {
                let message = format!("`{key}` in {} is not supported by this version", self.name);
                problems.push(Some(place), message, Some("remove it".into()));
            }
        }
    }

    /// Refuses every key that nobody took.
    pub(super) fn finish(self, problems: &mut Problems) {
        for (key, (place, _)) in self.rest {
            let near =
                self.known.iter().map(|known| (strsim::damerau_levenshtein(known, &key), known));
            let help = match near.min() {
                Some((distance, known)) if distance <= 2 => format!("did you mean `{known}`?"),
                _ => format!("it knows {}", quoted(&self.known)),
            };
            problems.push(Some(place), format!("unknown key `{key}` in {}", self.name), Some(help));
        }
    }

    fn wrong<T>(&self, problems: &mut Problems, key: &str, wanted: &str, node: &Node) -> Option<T> {
        let message = format!("`{key}` in {} is {wanted}, not {}", self.name, node.value.named());
        problems.push(Some(node.place.clone()), message, None);
        None
    }
}

/// A number with one of the units behind it.
fn in_units(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    units.iter().find_map(|(unit, factor)| {
        text.strip_suffix(unit)?.trim_end().parse::<u64>().ok()?.checked_mul(*factor)
    })
}

/// Words in backticks, joined by commas.
pub(super) fn quoted<T: AsRef<str>>(words: &[T]) -> String {
    words.iter().map(|word| format!("`{}`", word.as_ref())).collect::<Vec<_>>().join(", ")
}
