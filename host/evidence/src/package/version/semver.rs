//! Semantic Versioning 2.0.0 (<https://semver.org/spec/v2.0.0.html>), and the schemes that are built
//! on it: npm's, which takes a `v` before the version, and Go's
//! (<https://go.dev/ref/mod#versions>), whose pseudo-versions are pre-releases like others.

use super::number::{Number, digits};

/// Build metadata is no part of it: versions that differ in that alone are equal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    core: [Number; 3],
    stage: Stage,
}

/// Pre-releases come before their release.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Pre(Vec<Identifier>),
    Release,
}

/// Numbers come before words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Identifier {
    Number(Number),
    Word(Box<str>),
}

/// Reads one as the specification says. The error says what is wrong.
pub(super) fn read(text: &str) -> Result<Version, &'static str> {
    let (core, stage) = parts(text)?;
    let mut numbers = core.split('.').map(number);
    let mut next = || numbers.next().ok_or("it has fewer than three numbers")?;
    let core = [next()?, next()?, next()?];
    if numbers.next().is_some() {
        return Err("it has more than three numbers");
    }
    Ok(Version { core, stage })
}

/// Reads one of npm's.
pub(super) fn read_npm(text: &str) -> Result<Version, &'static str> {
    read(text.strip_prefix('v').unwrap_or(text))
}

/// Reads one of a Go module, or of Go itself: `go1.21rc2`. Numbers that are not there are zero.
pub(super) fn read_golang(text: &str) -> Result<Version, &'static str> {
    if let Some(toolchain) = text.strip_prefix("go") {
        return read_toolchain(toolchain);
    }
    let (core, stage) = parts(text.strip_prefix('v').unwrap_or(text))?;
    if stage != Stage::Release && core.split('.').count() < 3 {
        return Err("it has fewer than three numbers before its pre-release");
    }
    Ok(Version { core: numbers(core)?, stage })
}

/// Up to three numbers, and behind them `rc` or `beta` with a number.
fn read_toolchain(text: &str) -> Result<Version, &'static str> {
    let end = text.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(text.len());
    let (core, stage) = text.split_at_checked(end).unwrap_or((text, ""));
    let stage = match ["rc", "beta"].iter().find_map(|word| Some((word, stage.strip_prefix(word)?)))
    {
        _ if stage.is_empty() => Stage::Release,
        Some((word, n)) => {
            Stage::Pre(vec![Identifier::Word((*word).into()), Identifier::Number(number(n)?)])
        }
        None => return Err("behind its numbers stands neither `rc` nor `beta`"),
    };
    Ok(Version { core: numbers(core)?, stage })
}

/// One to three numbers.
fn numbers(core: &str) -> Result<[Number; 3], &'static str> {
    let mut numbers = core.split('.').map(number);
    let mut next = || numbers.next().unwrap_or_else(|| Ok(Number::zero()));
    let core = [next()?, next()?, next()?];
    if numbers.next().is_some() {
        return Err("it has more than three numbers");
    }
    Ok(core)
}

/// The numbers, still as text, and what stands behind them.
fn parts(text: &str) -> Result<(&str, Stage), &'static str> {
    let (text, build) = match text.split_once('+') {
        Some((text, build)) => (text, Some(build)),
        None => (text, None),
    };
    if build.is_some_and(|build| !build.split('.').all(is_identifier)) {
        return Err("its build metadata is not identifiers with dots between");
    }
    let Some((core, pre)) = text.split_once('-') else { return Ok((text, Stage::Release)) };
    let identifiers = pre.split('.').map(identifier).collect::<Result<_, _>>()?;
    Ok((core, Stage::Pre(identifiers)))
}

fn identifier(text: &str) -> Result<Identifier, &'static str> {
    if !is_identifier(text) {
        return Err("its pre-release is not identifiers with dots between");
    }
    match digits(text) {
        (_, "") => number(text).map(Identifier::Number),
        _ => Ok(Identifier::Word(text.into())),
    }
}

fn is_identifier(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn number(text: &str) -> Result<Number, &'static str> {
    if text.len() > 1 && text.starts_with('0') {
        return Err("a number of it begins with a zero");
    }
    Number::read(text).ok_or("a number of it is not digits")
}
