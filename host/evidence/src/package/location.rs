//! Where packages come from: places that cover what lies below them.

use std::fmt;
use std::str::FromStr;

use crate::reason::quoted;

/// A place that packages come from, in one spelling: `https://repo.acme.com/maven2`.
///
/// The scheme and the host are in lower case; what says who asks, the port that the scheme has anyway,
/// and a query or a fragment are left out. Without a scheme it is `https`, as package URLs write it.
///
/// ```
/// use lockgate_evidence::package::Location;
///
/// let registry: Location = "https://Registry.npmjs.org/".parse()?;
/// assert_eq!(registry.to_string(), "https://registry.npmjs.org");
/// assert!(registry.covers(&"https://registry.npmjs.org/a/-/a-1.tgz".parse()?));
/// assert!(!registry.covers(&"https://registry.npmjs.org.evil.example/a".parse()?));
/// assert!(!registry.covers(&"http://registry.npmjs.org/a".parse()?));
/// # Ok::<(), lockgate_evidence::package::NotALocation>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    // INVARIANT: canonical, without a slash at its end.
    text: String,
}

/// A text that is no place packages come from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text} is no place that packages come from, such as `https://registry.npmjs.org`: {why}")]
pub struct NotALocation {
    /// In backticks, and cut short.
    text: String,
    why: &'static str,
}

impl Location {
    /// How many bytes it keeps.
    pub(crate) fn size(&self) -> usize {
        self.text.len()
    }

    /// Whether another lies in it: at the same host by the same scheme, and below its path, segment by
    /// segment.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        let below = other.text.strip_prefix(&self.text);
        below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Location {
    type Err = NotALocation;

    fn from_str(text: &str) -> Result<Self, NotALocation> {
        read(text.trim()).map_err(|why| NotALocation { text: quoted(text), why })
    }
}

fn read(text: &str) -> Result<Location, &'static str> {
    if text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
        return Err("it has space, a control character or a backslash");
    }
    let (scheme, rest) = text.split_once("://").unwrap_or(("https", text));
    let is_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    if !scheme.starts_with(|c: char| c.is_ascii_alphabetic()) || !scheme.chars().all(is_scheme) {
        return Err("its scheme is none");
    }
    let scheme = scheme.to_ascii_lowercase();
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (authority, path) = match rest.find('/') {
        Some(slash) => rest.split_at_checked(slash).unwrap_or((rest, "")),
        None => (rest, ""),
    };
    // Whatever stands before the last `@` is no host, however much it looks like one.
    let host = authority.rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
    let (host, port) = match host.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host.to_owned(), port.to_owned()),
        _ => (host, String::new()),
    };
    let host = host.strip_suffix('.').unwrap_or(&host);
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let is_address = host.starts_with('[') && host.ends_with(']');
    if host.is_empty() || host.ends_with('.') || !(is_address || host.chars().all(is_host)) {
        return Err("it has no host");
    }
    if !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("its port is no number");
    }
    if walks(path) {
        return Err("its path has `.` or `..` in it");
    }
    let mut text = format!("{scheme}://{host}");
    let is_usual = matches!((&*scheme, &*port), ("https", "443") | ("http", "80") | (_, ""));
    if !is_usual {
        text.push(':');
        text.push_str(&port);
    }
    text.push_str(path.trim_end_matches('/'));
    Ok(Location { text })
}

/// Whether some reader of a path may take a part of it for a step to elsewhere.
fn walks(path: &str) -> bool {
    let plain = path.to_ascii_lowercase().replace("%2e", ".").replace("%2f", "/");
    let plain = plain.replace("%5c", "/");
    plain.split('/').any(|segment| matches!(segment, "." | ".."))
}

/// Where packages of a type come from if nobody says anything else: the first is meant by package URLs,
/// the others serve the same. Empty where there is no such place.
///
/// By the definitions of the types (<https://github.com/package-url/purl-spec/tree/main/types>), and
/// for `golang`, which has none there, by the default of `GOPROXY`.
#[must_use]
pub fn default_registries(package_type: &str) -> &'static [&'static str] {
    match package_type {
        "bitbucket" => &["https://bitbucket.org"],
        "cargo" => &["https://crates.io", "https://static.crates.io", "https://index.crates.io"],
        "cocoapods" => &["https://cdn.cocoapods.org"],
        "composer" => &["https://packagist.org", "https://repo.packagist.org"],
        "conan" => &["https://center.conan.io", "https://center2.conan.io"],
        "conda" => &["https://repo.anaconda.com"],
        "cpan" => &["https://www.cpan.org"],
        "cran" => &["https://cran.r-project.org"],
        "docker" => &[
            "https://hub.docker.com",
            "https://docker.io",
            "https://index.docker.io",
            "https://registry-1.docker.io",
        ],
        "gem" => &["https://rubygems.org", "https://index.rubygems.org"],
        "github" => &["https://github.com"],
        "golang" => &["https://proxy.golang.org"],
        "hackage" => &["https://hackage.haskell.org"],
        "hex" => &["https://repo.hex.pm"],
        "huggingface" => &["https://huggingface.co"],
        "luarocks" => &["https://luarocks.org"],
        "maven" => &["https://repo.maven.apache.org/maven2", "https://repo1.maven.org/maven2"],
        "npm" => &["https://registry.npmjs.org"],
        "nuget" => &["https://www.nuget.org", "https://api.nuget.org"],
        "pub" => &["https://pub.dev", "https://pub.dartlang.org"],
        "pypi" => &["https://pypi.org", "https://files.pythonhosted.org"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn location(text: &str) -> Location {
        text.parse().unwrap()
    }

    #[test]
    fn spellings_of_one_place_become_one() {
        for text in [
            "https://repo.acme.com/maven2",
            "repo.acme.com/maven2/",
            "HTTPS://me:secret@Repo.Acme.COM.:443/maven2?x=1#y",
        ] {
            assert_eq!(location(text).to_string(), "https://repo.acme.com/maven2", "{text}");
        }
        assert_eq!(location("gcr.io:5000/a").to_string(), "https://gcr.io:5000/a");
        assert_eq!(location("http://[::1]:80/a").to_string(), "http://[::1]/a");
    }

    #[test]
    fn what_only_looks_like_a_place_lies_elsewhere() {
        let registry = location("https://repo.acme.com/npm");
        for text in [
            "https://repo.acme.com.evil.example/npm/a",
            "https://repo.acme.com@evil.example/npm/a",
            "https://repo.acme.com:8443/npm/a",
            "https://repo.acme.com/npm-evil/a",
            "https://repo.acme.com/NPM/a",
            "http://repo.acme.com/npm/a",
            "git+https://repo.acme.com/npm/a",
        ] {
            assert!(!registry.covers(&location(text)), "{text}");
        }
        assert!(registry.covers(&location("https://repo.acme.com/npm/a/-/a-1.tgz")));
        assert!(registry.covers(&registry));
    }

    #[test]
    fn what_is_no_place_is_not_read() {
        for text in [
            "",
            "https://",
            "https:///npm",
            "file:///tmp/a.tgz",
            "git@github.com:acme/a.git",
            "https://repo.acme.com../npm",
            "https://repo.acme.com/npm/../evil",
            "https://repo.acme.com/npm/%2e%2E/evil",
            "https://repo.acme.com/npm/..%2fevil",
            "https://repo.acme.com\\@evil.example",
            "https://repo.acme.com/a b",
            "https://repo.acme.com:port/",
            "see the site",
        ] {
            assert!(text.parse::<Location>().is_err(), "{text}");
        }
    }

    #[test]
    fn default_registries_are_places_in_one_spelling() {
        for package_type in ["cargo", "golang", "maven", "npm", "nuget", "pypi"] {
            for registry in default_registries(package_type) {
                assert_eq!(location(registry).to_string(), *registry);
            }
        }
        assert!(default_registries("deb").is_empty());
    }
}
