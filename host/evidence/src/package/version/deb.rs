//! Debian's versions, as its policy says
//! (<https://www.debian.org/doc/debian-policy/ch-controlfields.html#version>, section 5.6.12).

use std::cmp::Ordering;

use super::number::{Number, digits};

#[derive(Debug, Clone)]
pub(super) struct Version {
    epoch: Number,
    upstream: Box<str>,
    /// Empty where there is none, which is the same as `0`.
    revision: Box<str>,
}

/// Reads one. The error says what is wrong.
pub(super) fn read(text: &str) -> Result<Version, &'static str> {
    let (epoch, text) = match text.split_once(':') {
        Some((epoch, text)) => (Number::read(epoch).ok_or("its epoch is not a number")?, text),
        None => (Number::zero(), text),
    };
    let (upstream, revision) = match text.rsplit_once('-') {
        Some((_, "")) => return Err("it has nothing behind the dash before its revision"),
        Some(parts) => parts,
        None => (text, ""),
    };
    if upstream.is_empty() {
        return Err("it has no upstream version");
    }
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".+~-:".contains(&byte);
    if !upstream.bytes().all(is_allowed) {
        return Err("it has other characters than letters, digits and `.`, `+`, `-`, `~`, `:`");
    }
    if !revision.bytes().all(|byte| is_allowed(byte) && byte != b':') {
        return Err("its revision has other characters than letters, digits and `.`, `+`, `~`");
    }
    Ok(Version { epoch, upstream: upstream.into(), revision: revision.into() })
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.epoch
            .cmp(&other.epoch)
            .then_with(|| compare(&self.upstream, &other.upstream))
            .then_with(|| compare(&self.revision, &other.revision))
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

/// Compares what is no digit, then a number, and so on until both end.
fn compare(mut ours: &str, mut theirs: &str) -> Ordering {
    while !ours.is_empty() || !theirs.is_empty() {
        let (our_words, our_rest) = words(ours);
        let (their_words, their_rest) = words(theirs);
        let (our_digits, our_rest) = digits(our_rest);
        let (their_digits, their_rest) = digits(their_rest);
        // No digits are zero.
        let number = |digits| Number::read(digits).unwrap_or_else(Number::zero);
        let order = compare_words(our_words, their_words)
            .then_with(|| number(our_digits).cmp(&number(their_digits)));
        if order.is_ne() {
            return order;
        }
        (ours, theirs) = (our_rest, their_rest);
    }
    Ordering::Equal
}

/// What is no digit at the beginning, and what follows.
fn words(text: &str) -> (&str, &str) {
    let end = text.bytes().take_while(|byte| !byte.is_ascii_digit()).count();
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// By character: a tilde comes before the end, the end before letters, letters before the rest.
fn compare_words(ours: &str, theirs: &str) -> Ordering {
    let weight = |byte: Option<u8>| match byte {
        Some(b'~') => (0, 0),
        None => (1, 0),
        Some(letter) if letter.is_ascii_alphabetic() => (2, letter),
        Some(other) => (3, other),
    };
    let (mut ours, mut theirs) = (ours.bytes(), theirs.bytes());
    loop {
        let (our, their) = (ours.next(), theirs.next());
        match weight(our).cmp(&weight(their)) {
            Ordering::Equal if our.is_some() => {}
            order => return order,
        }
    }
}
