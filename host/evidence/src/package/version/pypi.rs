//! Python's versions, as PEP 440 says (<https://peps.python.org/pep-0440/>), in every spelling that
//! it normalises.

use super::number::{Number, digits};

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    epoch: Number,
    // INVARIANT: the last is not zero, so that `1.0` is `1`.
    release: Vec<Number>,
    pre: Pre,
    post: Option<Number>,
    dev: Dev,
    local: Option<Vec<Local>>,
}

/// A development release of a release comes before its pre-releases.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Pre {
    OnlyDev,
    Alpha(Number),
    Beta(Number),
    Candidate(Number),
    Final,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Dev {
    At(Number),
    Not,
}

/// Words come before numbers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Local {
    Word(Box<str>),
    Number(Number),
}

/// Reads one. The error says what is wrong.
pub(super) fn read(text: &str) -> Result<Version, &'static str> {
    let text = text.to_ascii_lowercase();
    let text = text.strip_prefix('v').unwrap_or(&text);
    let (text, local) = match text.split_once('+') {
        Some((text, local)) => (text, Some(read_local(local)?)),
        None => (text, None),
    };
    let (epoch, text) = match text.split_once('!') {
        Some((epoch, text)) => (Number::read(epoch).ok_or("its epoch is not a number")?, text),
        None => (Number::zero(), text),
    };
    let (release, rest) = read_release(text)?;
    let (pre, rest) = suffix(rest, &["alpha", "a", "beta", "b", "preview", "pre", "rc", "c"]);
    let (post, rest) = read_post(rest);
    let (dev, rest) = suffix(rest, &["dev"]);
    if !rest.is_empty() {
        return Err("behind its numbers stands what PEP 440 does not know, or in another order");
    }
    let pre = match pre {
        Some(("alpha" | "a", n)) => Pre::Alpha(n),
        Some(("beta" | "b", n)) => Pre::Beta(n),
        Some((_, n)) => Pre::Candidate(n),
        None if post.is_none() && dev.is_some() => Pre::OnlyDev,
        None => Pre::Final,
    };
    let dev = dev.map_or(Dev::Not, |(_, n)| Dev::At(n));
    Ok(Version { epoch, release, pre, post, dev, local })
}

/// Numbers with dots between, without the zeros at the end, and what follows.
fn read_release(text: &str) -> Result<(Vec<Number>, &str), &'static str> {
    let mut release = Vec::new();
    let mut rest = text;
    loop {
        let (number, after) = digits(rest);
        release.push(Number::read(number).ok_or("it does not begin with a number")?);
        rest = after;
        match after.strip_prefix('.') {
            Some(next) if next.starts_with(|c: char| c.is_ascii_digit()) => rest = next,
            _ => break,
        }
    }
    while release.last().is_some_and(Number::is_zero) {
        release.pop();
    }
    Ok((release, rest))
}

/// One of some words with a number or without, which is then zero, and what follows.
fn suffix<'t, 'w>(text: &'t str, words: &[&'w str]) -> (Option<(&'w str, Number)>, &'t str) {
    let is_separator = |c| matches!(c, '.' | '-' | '_');
    let behind = text.strip_prefix(is_separator).unwrap_or(text);
    let Some((word, rest)) =
        words.iter().find_map(|&word| Some((word, behind.strip_prefix(word)?)))
    else {
        return (None, text);
    };
    match digits(rest.strip_prefix(is_separator).unwrap_or(rest)) {
        (number, after) if !number.is_empty() => {
            (Some((word, Number::read(number).unwrap_or_else(Number::zero))), after)
        }
        _ => (Some((word, Number::zero())), rest),
    }
}

/// A post-release, which may be a dash and a number.
fn read_post(text: &str) -> (Option<Number>, &str) {
    if let Some((number, rest)) = text.strip_prefix('-').map(digits)
        && let Some(number) = Number::read(number)
    {
        return (Some(number), rest);
    }
    let (post, rest) = suffix(text, &["post", "rev", "r"]);
    (post.map(|(_, number)| number), rest)
}

fn read_local(text: &str) -> Result<Vec<Local>, &'static str> {
    text.split(['.', '-', '_'])
        .map(|part| {
            if let Some(number) = Number::read(part) {
                return Ok(Local::Number(number));
            }
            let word = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
            let word = word.then(|| Local::Word(part.into()));
            word.ok_or("its local version is not letters and digits with dots between")
        })
        .collect()
}
