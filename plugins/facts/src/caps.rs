//! How much a section may hold.

use lockgate_plugin::Failure;
use serde::Serialize;
use serde_json::Value;

/// How much one section may hold, its sub-sections included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// Rows: documents, components, rows of scans, names of tests, files, decisions.
    pub rows: u32,
    /// Bytes: those of all texts, and [`VALUE`] for each value.
    pub bytes: u32,
}

impl Caps {
    /// The largest bills of materials of images have some ten thousand components. A component takes
    /// about a kilobyte of a policy's memory, of which there are 64 MiB by default.
    pub const ROWS: u32 = 20_000;

    /// A quarter of a policy's memory by default: the view is held once, and what is derived from it
    /// needs room, too.
    pub const BYTES: u32 = 16 << 20;
}

impl Default for Caps {
    fn default() -> Self {
        Self { rows: Self::ROWS, bytes: Self::BYTES }
    }
}

/// What a value counts beside its text, in bytes: what it takes in memory.
pub(crate) const VALUE: u64 = 16;

/// Counts what a section holds, and ends it by name.
pub(crate) struct Meter<'a> {
    section: &'a str,
    caps: &'a Caps,
    rows: u64,
    bytes: u64,
}

impl<'a> Meter<'a> {
    pub(crate) fn new(section: &'a str, caps: &'a Caps) -> Self {
        Self { section, caps, rows: 0, bytes: 0 }
    }

    /// Counts rows that are about to be read.
    pub(crate) fn rows(&mut self, rows: u64) -> Result<(), Failure> {
        self.rows = self.rows.saturating_add(rows);
        let (section, most) = (self.section, self.caps.rows);
        if self.rows > u64::from(most) {
            return Err(Failure::from(format!(
                "the section `{section}` has over {most} rows; `max-rows` in the settings raises \
                 that, and `limits.memory` may have to follow"
            )));
        }
        Ok(())
    }

    /// Whether there is room for as many bytes more. Asked before they are read, for reading is what
    /// takes memory; they are counted as rows when they are there.
    pub(crate) fn room(&self, bytes: u64) -> Result<(), Failure> {
        let (section, most) = (self.section, self.caps.bytes);
        if self.bytes.saturating_add(bytes) > u64::from(most) {
            return Err(Failure::from(format!(
                "the section `{section}` has over {most} bytes; `max-bytes` in the settings raises \
                 that, and `limits.memory` may have to follow"
            )));
        }
        Ok(())
    }

    /// A row of the view, counted by its bytes.
    pub(crate) fn row(&mut self, row: &impl Serialize) -> Result<Value, Failure> {
        let value = shown(row)?;
        let weight = weight(&value);
        self.room(weight)?;
        self.bytes = self.bytes.saturating_add(weight);
        Ok(value)
    }
}

/// A shape as JSON.
pub(crate) fn shown(shape: &impl Serialize) -> Result<Value, Failure> {
    serde_json::to_value(shape).map_err(|why| Failure::from(format!("a row is no JSON: {why}")))
}

/// The bytes of all texts in a value, and [`VALUE`] for each value. Its depth is bounded: it is a row
/// of ours, or was parsed with a bound.
fn weight(value: &Value) -> u64 {
    VALUE
        + match value {
            Value::String(text) => text.len() as u64,
            Value::Array(elements) => elements.iter().map(weight).sum(),
            Value::Object(members) => {
                members.iter().map(|(name, value)| name.len() as u64 + weight(value)).sum()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn over_a_cap_the_section_and_the_key_that_raises_it_are_named() {
        let caps = Caps { rows: 2, bytes: 100 };
        let mut meter = Meter::new("sbom", &caps);
        meter.rows(2).unwrap();
        assert_eq!(
            meter.rows(1).unwrap_err().to_string(),
            "the section `sbom` has over 2 rows; `max-rows` in the settings raises that, and \
             `limits.memory` may have to follow"
        );
        meter.row(&json!({ "name": "a" })).unwrap();
        assert_eq!(
            meter.row(&json!(["a".repeat(100)])).unwrap_err().to_string(),
            "the section `sbom` has over 100 bytes; `max-bytes` in the settings raises that, and \
             `limits.memory` may have to follow"
        );
    }

    #[test]
    fn a_value_weighs_its_text_and_itself() {
        assert_eq!(weight(&json!({ "name": ["abc", 1] })), 4 * VALUE + 4 + 3);
    }
}
