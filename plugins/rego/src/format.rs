//! What `sprintf` of the interpreter leaves out: it writes nothing for a verb that does not fit its value.

use std::fmt::Write as _;

use anyhow::{Result, anyhow, bail};
use regorus::Value;

use crate::verdict::kind;

/// The most characters of a text of somebody else's that a message repeats.
const MAX_SHOWN: usize = 300;

/// The widest that a value is written: the interpreter counts in 32 bits.
const MAX_DIGITS: usize = 4;

/// A format with its values as the interpreter can write them; none where they are as they were.
///
/// # Errors
///
/// A verb does not fit its value. That there are too few values or too many, the interpreter tells.
pub(crate) fn rewritten(format: &str, values: &[Value]) -> Result<Option<(String, Vec<Value>)>> {
    let mut changed: Option<Vec<Value>> = None;
    let (mut text, mut number) = (String::with_capacity(format.len()), 0);
    let mut characters = format.chars().peekable();
    while let Some(character) = characters.next() {
        text.push(character);
        if character != '%' {
            continue;
        }
        if characters.peek() == Some(&'%') {
            text.extend(characters.next());
            continue;
        }
        let before = text.len();
        while let Some(digit) = characters.next_if(|c| c.is_numeric() || *c == '.') {
            text.push(digit);
        }
        let width = &text[before..];
        let digits = width.strip_prefix('.').unwrap_or(width);
        if digits.len() > MAX_DIGITS || digits.chars().any(|digit| !digit.is_ascii_digit()) {
            bail!("`%{}` is no width that is written here", short(width));
        }
        let (Some(verb), Some(value)) = (characters.next(), values.get(number)) else { break };
        let written = match (verb, value) {
            ('s' | 'v', _) | ('q', Value::String(_)) | (_, Value::Number(_)) => None,
            ('t', Value::Bool(_)) => Some(value.clone()),
            ('x' | 'X', Value::String(text)) => Some(Value::from(hexadecimal(text, verb))),
            _ => bail!("`%{verb}` does not write {}", kind(value)),
        };
        match written {
            None => text.push(verb),
            Some(value) => {
                text.push('v');
                let changed = changed.get_or_insert_with(|| values.to_vec());
                *changed.get_mut(number).ok_or_else(|| anyhow!("no value"))? = value;
            }
        }
        number += 1;
    }
    text.extend(characters);
    Ok(changed.map(|values| (text, values)))
}

fn hexadecimal(text: &str, verb: char) -> String {
    let mut digits = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        let _ =
            if verb == 'x' { write!(digits, "{byte:02x}") } else { write!(digits, "{byte:02X}") };
    }
    digits
}

/// As much of a text as a message repeats.
pub(crate) fn short(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
