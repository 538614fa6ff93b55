//! Versions of which nothing is known but how people write them, in the manner of libversion
//! (<https://github.com/repology/libversion/blob/master/doc/ALGORITHM.md>).

use std::cmp::Ordering;

use super::number::{Number, digits};

#[derive(Debug, Clone)]
pub(super) struct Version(Vec<Part>);

/// In this order. Where a version has ended, zeros stand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// A word before a release: `alpha`, `rc`, and any that is not known.
    Before(Box<str>),
    Zero,
    /// A word behind a release: `patch`.
    Behind(Box<str>),
    Number(Number),
    /// Letters behind a number, at the end: the `g` of `1.1.10g`.
    Letters(Box<str>),
}

/// Reads one. The error says what is wrong.
pub(super) fn read(text: &str) -> Result<Version, &'static str> {
    if text.bytes().any(|byte| !byte.is_ascii_graphic()) {
        return Err("it has other characters than those of ASCII that are visible");
    }
    let mut parts = Vec::new();
    let mut rest = text.trim_start_matches(is_separator);
    // Many write `v1.2`.
    if let Some(number) = rest.strip_prefix(['v', 'V'])
        && number.starts_with(|c: char| c.is_ascii_digit())
    {
        rest = number;
    }
    let mut behind_number = false;
    while !rest.is_empty() {
        let (number, after) = digits(rest);
        let separated;
        if number.is_empty() {
            let end = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
            let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            separated = after.trim_start_matches(is_separator);
            let is_suffix = behind_number && !after.starts_with(|c: char| c.is_ascii_digit());
            parts.push(part_of(&word.to_ascii_lowercase(), is_suffix));
            behind_number = false;
        } else {
            separated = after.trim_start_matches(is_separator);
            let number = Number::read(number).filter(|number| !number.is_zero());
            parts.push(number.map_or(Part::Zero, Part::Number));
            behind_number = separated.len() == after.len();
        }
        rest = separated;
    }
    if parts.is_empty() {
        return Err("it has no letter and no digit");
    }
    Ok(Version(parts))
}

fn is_separator(c: char) -> bool {
    !c.is_ascii_alphanumeric()
}

fn part_of(word: &str, is_suffix: bool) -> Part {
    match word {
        "alpha" | "beta" | "rc" | "pre" | "prerelease" => Part::Before(word.into()),
        "post" | "patch" | "pl" | "errata" => Part::Behind(word.into()),
        _ if is_suffix => Part::Letters(word.into()),
        _ => Part::Before(word.into()),
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let length = self.0.len().max(other.0.len());
        let padded = |parts: &[Part], place| parts.get(place).cloned().unwrap_or(Part::Zero);
        let mut places =
            (0..length).map(|place| padded(&self.0, place).cmp(&padded(&other.0, place)));
        places.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Version {}
