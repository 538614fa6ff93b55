//! Ranges of versions, in the notation of `vers`
//! (<https://github.com/package-url/vers-spec>) and in the notations that programs have themselves.

use std::cmp::Ordering;
use std::str::FromStr;

use super::{NotAVersion, Scheme, Version};
use crate::reason::quoted;

/// The most constraints of a range. Advisories have dozens at the most.
const MAX_CONSTRAINTS: usize = 4096;

/// A text that is no range of versions.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text} is not a range of versions: {why}")]
pub struct NotARange {
    /// In backticks, and cut short.
    text: String,
    why: Flaw,
}

/// What is wrong with a range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Flaw {
    #[error("{0}")]
    Form(&'static str),
    #[error("this version has no rules for the scheme {0}")]
    Scheme(String),
    #[error(transparent)]
    Version(#[from] NotAVersion),
}

/// Which versions of a scheme are meant.
///
/// ```
/// use lockgate_evidence::package::Range;
///
/// let range: Range = "vers:npm/1.2.3|>=2.0.0|<5.0.0".parse()?;
/// assert!(range.contains("4.17.20")?);
/// assert!(!range.contains("5.0.0")?);
/// assert!(range.contains("latest").is_err(), "it is neither inside nor outside");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Range {
    scheme: Scheme,
    /// A version is inside if it satisfies all constraints of one of these.
    spans: Vec<Vec<Constraint>>,
    /// And equals none of these.
    excluded: Vec<Version>,
}

#[derive(Debug, Clone)]
struct Constraint {
    comparator: Comparator,
    version: Version,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparator {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Comparator {
    /// The comparator that a text begins with, and what follows; it is equality if none is written.
    fn read(text: &str) -> (Self, &str) {
        const ALL: &[(&str, Comparator)] = &[
            (">=", Comparator::AtLeast),
            ("<=", Comparator::AtMost),
            ("!=", Comparator::NotEqual),
            ("<", Comparator::Less),
            (">", Comparator::Greater),
        ];
        let found =
            ALL.iter().find_map(|(sign, comparator)| Some((*comparator, text.strip_prefix(sign)?)));
        found.unwrap_or((Self::Equal, text))
    }

    fn is_upward(self) -> bool {
        matches!(self, Self::Greater | Self::AtLeast)
    }

    fn is_downward(self) -> bool {
        matches!(self, Self::Less | Self::AtMost)
    }
}

impl Constraint {
    fn holds(&self, version: &Version) -> bool {
        let order = version.cmp(&self.version);
        match self.comparator {
            Comparator::Equal => order.is_eq(),
            Comparator::NotEqual => order.is_ne(),
            Comparator::Less => order.is_lt(),
            Comparator::AtMost => order.is_le(),
            Comparator::Greater => order.is_gt(),
            Comparator::AtLeast => order.is_ge(),
        }
    }
}

impl Range {
    /// Reads the notation of a program: comparators (`=`, `==`, `!=`, `<`, `<=`, `>`, `>=`, and Debian's
    /// `<<` and `>>`) with a version each, of which all have to hold, with commas or space between;
    /// and `||` between alternatives. `*` alone is every version.
    ///
    /// It is what scanners and advisories write. A package manager's own signs (`^`, `~`, `~=`,
    /// brackets, `1.x`) are refused.
    ///
    /// # Errors
    ///
    /// It is written differently, or has a text that is no version of the scheme.
    pub fn native(scheme: Scheme, text: &str) -> Result<Self, NotARange> {
        let read = |text: &str| {
            if text.trim() == "*" {
                return Ok(vec![Vec::new()]);
            }
            text.split("||").map(|all| conjunction(scheme, all)).collect()
        };
        let spans = read(text).map_err(|why| NotARange { text: quoted(text), why })?;
        Ok(Self { scheme, spans, excluded: Vec::new() })
    }

    /// How many versions it names: so many are compared with, at the most.
    #[must_use]
    pub fn width(&self) -> usize {
        self.spans.iter().map(Vec::len).sum::<usize>() + self.excluded.len()
    }

    /// The scheme by which versions are compared.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Whether a version lies in it.
    ///
    /// # Errors
    ///
    /// The text is no version of the scheme: it lies neither inside nor outside.
    pub fn contains(&self, version: &str) -> Result<bool, NotAVersion> {
        let version = self.scheme.read(version)?;
        let inside = |all: &Vec<Constraint>| all.iter().all(|one| one.holds(&version));
        Ok(self.spans.iter().any(inside) && !self.excluded.contains(&version))
    }
}

/// Reads `vers`, which has to be canonical: no space, each version once, in the order of versions,
/// lower and upper bounds in turn.
impl FromStr for Range {
    type Err = NotARange;

    fn from_str(text: &str) -> Result<Self, NotARange> {
        vers(text).map_err(|why| NotARange { text: quoted(text), why })
    }
}

fn vers(text: &str) -> Result<Range, Flaw> {
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Flaw::Form("it has space, or characters that have to be encoded"));
    }
    let rest = text.strip_prefix("vers:").ok_or(Flaw::Form("it does not begin with `vers:`"))?;
    let (name, constraints) =
        rest.split_once('/').ok_or(Flaw::Form("it has no slash behind its scheme"))?;
    let scheme = Scheme::of(name).ok_or_else(|| Flaw::Scheme(quoted(name)))?;
    if constraints == "*" {
        return Ok(Range { scheme, spans: vec![Vec::new()], excluded: Vec::new() });
    }
    if constraints.split('|').count() > MAX_CONSTRAINTS {
        return Err(Flaw::Form("it has more than 4,096 constraints"));
    }
    let constraints = constraints.split('|').map(|text| constraint_of_vers(scheme, text));
    let constraints: Vec<Constraint> = constraints.collect::<Result<_, _>>()?;
    for pair in constraints.windows(2) {
        let [a, b] = pair else { continue };
        match a.version.cmp(&b.version) {
            Ordering::Less => {}
            Ordering::Equal => return Err(Flaw::Form("it has a version twice")),
            Ordering::Greater => return Err(Flaw::Form("its versions are not in order")),
        }
    }
    let (spans, excluded) = spans(constraints)?;
    Ok(Range { scheme, spans, excluded })
}

fn constraint_of_vers(scheme: Scheme, text: &str) -> Result<Constraint, Flaw> {
    let (comparator, version) = Comparator::read(text);
    if version.contains(['<', '>', '=', '!', '*']) {
        return Err(Flaw::Form("a version has one of `<>=!*`, which have to be encoded"));
    }
    let version = scheme.read(&decoded(version)?)?;
    Ok(Constraint { comparator, version })
}

/// The text without its percent signs. Only one spelling is canonical: two digits in upper case.
fn decoded(text: &str) -> Result<String, Flaw> {
    let mut parts = text.split('%');
    let mut decoded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let flaw = Flaw::Form("a percent sign is not followed by two digits in upper case");
        let (code, rest) = part.split_at_checked(2).ok_or(flaw.clone())?;
        let is_upper = code.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
        let byte = u8::from_str_radix(code, 16).ok().filter(|byte| is_upper && byte.is_ascii());
        decoded.push(char::from(byte.ok_or(flaw)?));
        decoded.push_str(rest);
    }
    Ok(decoded)
}

/// Spans of versions, and single ones that are left out of them.
type Spans = (Vec<Vec<Constraint>>, Vec<Version>);

/// What constraints in the order of their versions mean together.
fn spans(constraints: Vec<Constraint>) -> Result<Spans, Flaw> {
    let mut spans: Vec<Vec<Constraint>> = Vec::new();
    let mut excluded = Vec::new();
    // The comparator before, those that exclude left aside.
    let mut before = None;
    for constraint in constraints {
        let comparator = constraint.comparator;
        if comparator == Comparator::NotEqual {
            excluded.push(constraint.version);
            continue;
        }
        let is_open = before.is_some_and(Comparator::is_upward);
        match spans.last_mut() {
            Some(span) if is_open && comparator.is_downward() => span.push(constraint),
            Some(_) if is_open => {
                return Err(Flaw::Form(
                    "a lower bound has no upper bound before the next constraint",
                ));
            }
            Some(_) if comparator.is_downward() => {
                return Err(Flaw::Form("an upper bound has no lower bound before it"));
            }
            _ => spans.push(vec![constraint]),
        }
        before = Some(comparator);
    }
    if spans.is_empty() {
        // Nothing but exclusions: all others are meant.
        spans.push(Vec::new());
    }
    Ok((spans, excluded))
}

/// Constraints that all have to hold.
fn conjunction(scheme: Scheme, text: &str) -> Result<Vec<Constraint>, Flaw> {
    let mut all = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (comparator, behind) = match [
            ("<<", Comparator::Less),
            (">>", Comparator::Greater),
            ("==", Comparator::Equal),
            ("=", Comparator::Equal),
        ]
        .into_iter()
        .find_map(|(sign, comparator)| Some((comparator, rest.strip_prefix(sign)?)))
        {
            Some(found) => found,
            None => Comparator::read(rest),
        };
        let behind = behind.trim_start();
        let end = behind
            .find(|c: char| c.is_whitespace() || matches!(c, ',' | '<' | '>' | '=' | '!'))
            .unwrap_or(behind.len());
        let (version, after) = behind.split_at_checked(end).unwrap_or((behind, ""));
        if version.contains(['^', '~', '*', '[', '(', ']', ')']) && scheme != Scheme::Deb {
            return Err(Flaw::Form("it has a sign of a package manager that is not read here"));
        }
        all.push(Constraint { comparator, version: scheme.read(version)? });
        if all.len() > MAX_CONSTRAINTS {
            return Err(Flaw::Form("it has more than 4,096 constraints"));
        }
        if after.starts_with('=') {
            return Err(Flaw::Form("it has `=` right behind a version"));
        }
        let after = after.trim_start();
        rest = match after.strip_prefix(',').map(str::trim_start) {
            Some("") => return Err(Flaw::Form("it ends with a comma")),
            Some(next) => next,
            None => after,
        };
    }
    if all.is_empty() {
        return Err(Flaw::Form("it has no constraint"));
    }
    // A list of versions, to some who write it; to a package manager, one that nothing satisfies.
    if all.len() > 1 && all.iter().any(|one| one.comparator == Comparator::Equal) {
        return Err(Flaw::Form(
            "an exact version stands beside other constraints, without `||` between",
        ));
    }
    Ok(all)
}
