//! Package URLs taken apart and put together again, as the purl specification says
//! (<https://github.com/package-url/purl-spec>).
//!
//! A text that two readers could divide differently is refused rather than guessed at: a second `?`
//! or `#`, a percent sign that begins no escape, a qualifier that is there twice.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::str::FromStr;

use super::rules;
use crate::reason::quoted;

/// A text that is no package URL, or parts that make none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text} is not a package URL: {why}")]
pub struct NotAPurl {
    /// In backticks, and cut short.
    text: String,
    why: &'static str,
}

impl NotAPurl {
    pub(super) fn of(text: &str, why: &'static str) -> Self {
        Self { text: quoted(text), why }
    }

    /// What is wrong with it.
    #[must_use]
    pub fn why(&self) -> &'static str {
        self.why
    }
}

/// A package URL, its parts decoded and normalised as its type asks. It shows itself in canonical
/// form.
///
/// ```
/// use lockgate_evidence::package::Purl;
///
/// let purl: Purl = "pkg:PyPI/Zope_Interface@6.1?Extra=test".parse()?;
/// assert_eq!(purl.name(), "zope-interface");
/// assert_eq!(purl.to_string(), "pkg:pypi/zope-interface@6.1?extra=test");
/// # Ok::<(), lockgate_evidence::package::NotAPurl>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purl(Parts<'static>);

impl Purl {
    /// Makes one of parts that are not encoded. Each part may be empty but the type and the name.
    ///
    /// # Errors
    ///
    /// The parts make no package URL.
    pub fn new(
        package_type: &str,
        namespace: &str,
        name: &str,
        version: &str,
        qualifiers: &[(&str, &str)],
        subpath: &str,
    ) -> Result<Self, NotAPurl> {
        let no_purl = |why| NotAPurl::of(&format!("pkg:{package_type}/{name}"), why);
        let own = |text: &str| Cow::<str>::Owned(text.to_owned());
        let package_type = package_type_of(package_type).map_err(no_purl)?;
        let mut parts = Parts {
            namespace: joined(namespace, |_| true, |segment| Ok(own(segment))).map_err(no_purl)?,
            name: if rules::name_has_slashes(&package_type) {
                joined(name, |_| true, |segment| Ok(own(segment))).map_err(no_purl)?
            } else {
                own(name)
            },
            package_type,
            version: own(version),
            qualifiers: qualifiers.iter().map(|(key, value)| (own(key), own(value))).collect(),
            subpath: joined(subpath, is_walked, |segment| Ok(own(segment))).map_err(no_purl)?,
        };
        parts.settle().map_err(no_purl)?;
        Ok(Self(parts.into_owned()))
    }

    /// The type, in lower case: `npm`.
    #[must_use]
    pub fn package_type(&self) -> &str {
        &self.0.package_type
    }

    /// What stands before the name, its segments joined by slashes; none where nothing does.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        Some(&*self.0.namespace).filter(|text| !text.is_empty())
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The version; none where it names none.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        Some(&*self.0.version).filter(|text| !text.is_empty())
    }

    /// The same with this version.
    ///
    /// # Errors
    ///
    /// The type has no such version.
    pub fn with_version(mut self, version: &str) -> Result<Self, NotAPurl> {
        self.0.version = Cow::Owned(version.to_owned());
        self.0.settle().map_err(|why| NotAPurl::of(version, why))?;
        Ok(self)
    }

    /// The qualifiers, sorted by key; none of them is empty.
    pub fn qualifiers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.qualifiers.iter().map(|(key, value)| (&**key, &**value))
    }

    /// The path inside the package, its segments joined by slashes; none where it names none.
    #[must_use]
    pub fn subpath(&self) -> Option<&str> {
        Some(&*self.0.subpath).filter(|text| !text.is_empty())
    }
}

impl FromStr for Purl {
    type Err = NotAPurl;

    fn from_str(text: &str) -> Result<Self, NotAPurl> {
        let parts = Parts::read(text).map_err(|why| NotAPurl::of(text, why))?;
        Ok(Self(parts.into_owned()))
    }
}

impl fmt::Display for Purl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.written().0)
    }
}

/// The parts, decoded; those that are not there are empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    pub(super) package_type: Cow<'a, str>,
    pub(super) namespace: Cow<'a, str>,
    pub(super) name: Cow<'a, str>,
    pub(super) version: Cow<'a, str>,
    // INVARIANT: sorted by key, distinct keys, no empty value.
    pub(super) qualifiers: Vec<Pair<'a>>,
    pub(super) subpath: Cow<'a, str>,
}

/// A qualifier: its key and its value.
type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Where the parts end in a canonical text: the name, the version, the qualifiers. The subpath ends
/// with the text.
pub(super) struct Ends {
    pub(super) name: usize,
    pub(super) version: usize,
    pub(super) qualifiers: usize,
}

impl<'a> Parts<'a> {
    /// Reads a text. The error says what is wrong with it.
    pub(super) fn read(text: &'a str) -> Result<Self, &'static str> {
        // Space around the whole is nobody's name.
        let text = text.trim();
        let (_, rest) = text
            .split_at_checked(4)
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("pkg:"))
            .ok_or("it does not begin with `pkg:`")?;
        let (rest, subpath) = cut(rest, '#').ok_or("it has a second `#`, to be written `%23`")?;
        let (rest, qualifiers) =
            cut(rest, '?').ok_or("it has a second `?`, to be written `%3F`")?;
        let (package_type, rest) =
            rest.trim_start_matches('/').split_once('/').ok_or("it has no name behind a type")?;
        let package_type = package_type_of(package_type)?;
        let (path, version) = path_and_version(rest)?;
        let (namespace, name) = divided(&package_type, path.trim_matches('/'));
        let mut parts = Self {
            namespace: joined(namespace, |_| true, segment)?,
            name: if rules::name_has_slashes(&package_type) {
                joined(name, |_| true, segment)?
            } else {
                decoded(name)?
            },
            package_type,
            version: decoded(version)?,
            qualifiers: pairs(qualifiers)?,
            subpath: joined(subpath, is_walked, segment)?,
        };
        parts.settle()?;
        Ok(parts)
    }

    /// Puts the parts in the order and the form that are canonical.
    fn settle(&mut self) -> Result<(), &'static str> {
        if self.name.is_empty() {
            return Err("it has no name");
        }
        for (key, _) in &mut self.qualifiers {
            let mut bytes = key.bytes();
            if !bytes.next().is_some_and(|first| first.is_ascii_alphabetic())
                || !bytes.all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
            {
                return Err(
                    "the key of a qualifier has other characters than letters, digits, `.`, `-` and `_`, or does not begin with a letter",
                );
            }
            lower(key);
        }
        self.qualifiers.sort();
        if self.qualifiers.windows(2).any(|pair| matches!(pair, [a, b] if a.0 == b.0)) {
            return Err("it has a qualifier twice");
        }
        self.qualifiers.retain(|(_, value)| !value.is_empty());
        rules::apply(self)
    }

    /// The value of a qualifier; empty where it is not there.
    pub(super) fn qualifier(&self, wanted: &str) -> &str {
        let found = self.qualifiers.iter().find(|(key, _)| key == wanted);
        found.map_or("", |(_, value)| value)
    }

    /// The canonical text, and where its parts end.
    pub(super) fn written(&self) -> (String, Ends) {
        let mut text = format!("pkg:{}/", self.package_type);
        if !self.namespace.is_empty() {
            encode(&mut text, &self.namespace, Slash::Divides);
            text.push('/');
        }
        let slash = if rules::name_has_slashes(&self.package_type) {
            Slash::Divides
        } else {
            Slash::Encoded
        };
        encode(&mut text, &self.name, slash);
        let name = text.len();
        if !self.version.is_empty() {
            text.push('@');
            encode(&mut text, &self.version, Slash::Encoded);
        }
        let version = text.len();
        for (place, (key, value)) in self.qualifiers.iter().enumerate() {
            text.push(if place == 0 { '?' } else { '&' });
            text.push_str(key);
            text.push('=');
            encode(&mut text, value, Slash::Encoded);
        }
        let qualifiers = text.len();
        if !self.subpath.is_empty() {
            text.push('#');
            encode(&mut text, &self.subpath, Slash::Divides);
        }
        (text, Ends { name, version, qualifiers })
    }

    fn into_owned(self) -> Parts<'static> {
        let own = |text: Cow<str>| Cow::Owned(text.into_owned());
        let pairs = self.qualifiers.into_iter();
        Parts {
            package_type: own(self.package_type),
            namespace: own(self.namespace),
            name: own(self.name),
            version: own(self.version),
            qualifiers: pairs.map(|(key, value)| (own(key), own(value))).collect(),
            subpath: own(self.subpath),
        }
    }
}

/// Makes ASCII letters small, without a copy where they are.
pub(super) fn lower(text: &mut Cow<str>) {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        text.to_mut().make_ascii_lowercase();
    }
}

/// What stands before a mark and behind it; none where the mark is there twice.
fn cut(text: &str, mark: char) -> Option<(&str, &str)> {
    let (before, after) = text.split_once(mark).unwrap_or((text, ""));
    (!after.contains(mark)).then_some((before, after))
}

fn package_type_of(text: &str) -> Result<Cow<'_, str>, &'static str> {
    let mut bytes = text.bytes();
    if !bytes.next().is_some_and(|first| first.is_ascii_alphabetic()) {
        return Err("its type does not begin with a letter");
    }
    if !bytes.all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte)) {
        return Err("its type has other characters than letters, digits, `.` and `-`");
    }
    let mut package_type = Cow::Borrowed(text);
    lower(&mut package_type);
    Ok(package_type)
}

/// What the last `@` divides, unless it begins a segment that others follow, as in `@babel/core`.
fn path_and_version(text: &str) -> Result<(&str, &str), &'static str> {
    match text.rsplit_once('@') {
        Some((path, version)) if path.is_empty() || path.ends_with('/') => {
            if version.contains('/') { Ok((text, "")) } else { Err("it has no name") }
        }
        cut => Ok(cut.unwrap_or((text, ""))),
    }
}

/// The namespace and the name of a path.
fn divided<'a>(package_type: &str, path: &'a str) -> (&'a str, &'a str) {
    let cut = if rules::name_has_slashes(package_type) {
        path.split_once('/')
    } else {
        path.rsplit_once('/')
    };
    cut.unwrap_or(("", path))
}

/// Segments of a path that are walked: the others say nothing.
fn is_walked(segment: &str) -> bool {
    !matches!(segment, "." | "..")
}

/// One segment, decoded.
fn segment(text: &str) -> Result<Cow<'_, str>, &'static str> {
    let segment = decoded(text)?;
    if segment.contains('/') {
        return Err("a segment of it has a slash inside, written `%2F`");
    }
    Ok(segment)
}

/// Segments, each decoded, with one slash between them.
fn joined<'a>(
    text: &'a str,
    keep: impl Fn(&str) -> bool,
    decode: impl Fn(&'a str) -> Result<Cow<'a, str>, &'static str>,
) -> Result<Cow<'a, str>, &'static str> {
    let text = text.trim_matches('/');
    let is_plain = |segment: &str| !segment.is_empty() && !segment.contains('%') && keep(segment);
    if text.is_empty() || text.split('/').all(is_plain) {
        return Ok(Cow::Borrowed(text));
    }
    let mut all = String::new();
    for segment in text.split('/') {
        let segment = decode(segment)?;
        if segment.is_empty() || !keep(&segment) {
            continue;
        }
        if !all.is_empty() {
            all.push('/');
        }
        all.push_str(&segment);
    }
    Ok(Cow::Owned(all))
}

/// The pairs of a list of qualifiers, in its order.
fn pairs(text: &str) -> Result<Vec<Pair<'_>>, &'static str> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').ok_or("a qualifier has no `=`")?;
            Ok((Cow::Borrowed(key), decoded(value)?))
        })
        .collect()
}

/// The text without its percent signs.
pub(crate) fn decoded(text: &str) -> Result<Cow<'_, str>, &'static str> {
    if !text.contains('%') {
        return Ok(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digit = |byte: Option<u8>| char::from(byte.unwrap_or_default()).to_digit(16);
        match byte {
            b'%' => {
                let (high, low) = digit(rest.next())
                    .zip(digit(rest.next()))
                    .ok_or("a percent sign is not followed by two hexadecimal digits")?;
                bytes.extend(u8::try_from(high * 16 + low));
            }
            byte => bytes.push(byte),
        }
    }
    let text = String::from_utf8(bytes).map_err(|_| "what it encodes is not UTF-8")?;
    Ok(Cow::Owned(text))
}

/// What a slash means in a part.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slash {
    /// It stands between segments.
    Divides,
    /// It is a character like others, and is encoded.
    Encoded,
}

fn encode(out: &mut String, text: &str, slash: Slash) {
    for byte in text.bytes() {
        let plain = byte.is_ascii_alphanumeric()
            || b".-_~:".contains(&byte)
            || (byte == b'/' && slash == Slash::Divides);
        if plain {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("a string takes all that is written");
        }
    }
}
