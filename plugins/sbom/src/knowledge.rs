//! What the host knows of licenses, packages and versions, and tests know a little of.

use lockgate_plugin::expressions::{self, Term};
use lockgate_plugin::{packages, reason};

/// Knowledge that is no evidence: it is there before there is anything to judge.
pub(crate) trait Knowledge {
    /// A license statement in the order in which a stack evaluates it; none where nobody here knows
    /// what it says.
    fn terms(&self, statement: &str) -> Option<Vec<Term>>;

    /// The license id that is nearly this text.
    fn nearest(&self, text: &str) -> Option<String>;

    /// The canonical text of a package URL, its type, and its version. The error says what is wrong.
    fn purl(&self, text: &str) -> Result<Purl, String>;

    /// The scheme of a range in the notation of `vers`. The error says what is wrong.
    fn range(&self, text: &str) -> Result<String, String>;

    /// The scheme by which versions of a type of packages are compared.
    fn scheme(&self, package_type: &str) -> Option<String>;

    /// Why a version names no single release.
    fn inexact(&self, package_type: Option<&str>, version: &str) -> Option<String>;
}

/// What of a package URL matters here.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Purl {
    pub(crate) text: String,
    pub(crate) package_type: String,
    pub(crate) version: Option<String>,
}

/// The host.
#[derive(Debug)]
pub(crate) struct Host;

impl Knowledge for Host {
    fn terms(&self, statement: &str) -> Option<Vec<Term>> {
        // What is too long for the host is nothing that anybody knows.
        expressions::parse(statement).unwrap_or(None)
    }

    fn nearest(&self, text: &str) -> Option<String> {
        expressions::nearest(text)
    }

    fn purl(&self, text: &str) -> Result<Purl, String> {
        let read = packages::purl(text).map_err(reason)?;
        let packages::PackageUrl { text, package_type, version, .. } = read;
        Ok(Purl { text, package_type, version })
    }

    fn range(&self, text: &str) -> Result<String, String> {
        packages::vers(text).map(|range| range.scheme()).map_err(reason)
    }

    fn scheme(&self, package_type: &str) -> Option<String> {
        packages::scheme(package_type)
    }

    fn inexact(&self, package_type: Option<&str>, version: &str) -> Option<String> {
        packages::inexact(package_type, version)
    }
}

/// As much knowledge as tests need.
#[cfg(test)]
#[derive(Debug)]
pub(crate) struct Little;

#[cfg(test)]
impl Knowledge for Little {
    /// Terms are separated by spaces, and stand as the host would hand them out: `MIT ISC or`. One
    /// operator may stand between them: `MIT AND ISC`, `MIT WITH LLVM-exception`.
    fn terms(&self, statement: &str) -> Option<Vec<Term>> {
        let words = statement.replace(['(', ')'], " ");
        if let [one, operator, other] = words.split_whitespace().collect::<Vec<_>>().as_slice() {
            match operator.to_uppercase().as_str() {
                "WITH" if other.contains("xception") || other.starts_with("AdditionRef-") => {
                    return self.terms(&format!("{one}/{other}"));
                }
                "AND" | "OR" => {
                    let operator = operator.to_lowercase();
                    return self.terms(&format!("{one} {other} {operator}"));
                }
                _ => {}
            }
        }
        let operand = |word: &str| {
            let word = if word == "gpl-3.0-only" { "GPL-3.0-only" } else { word };
            let (id, exception) = match word.split_once("/") {
                Some((id, exception)) => (id, Some(exception.to_owned())),
                None => (word, None),
            };
            let covers: &[&str] = match id {
                "MIT" | "ISC" | "Apache-2.0" | "GPL-2.0-only" | "GPL-3.0-only"
                | "LGPL-3.0-only" => &[id],
                "GPL-2.0-or-later" => &["GPL-2.0-only", "GPL-3.0-only"],
                "GPL-1.0-or-later" => &["GPL-1.0-only", "GPL-2.0-only", "GPL-3.0-only"],
                "GPL-3.0-or-later" => &["GPL-3.0-only"],
                "LicenseRef-acme" | "LicenseRef-unknown" | "NOASSERTION" => &[id],
                _ => return None,
            };
            let own =
                |text: &Option<String>| text.as_ref().is_some_and(|t| t.starts_with("Addition"));
            let listed = !id.starts_with("LicenseRef") && id != "NOASSERTION" && !own(&exception);
            let covers = covers.iter().map(|&id| id.to_owned()).collect();
            Some(expressions::Operand { id: id.to_owned(), exception, listed, covers })
        };
        let words = statement.split(' ').map(|word| match word {
            "and" => Some(Term::And),
            "or" => Some(Term::Or),
            _ => operand(word).map(Term::Operand),
        });
        words.collect()
    }

    fn nearest(&self, text: &str) -> Option<String> {
        (text == "GPL-3.0-onyl").then(|| "GPL-3.0-only".to_owned())
    }

    fn purl(&self, text: &str) -> Result<Purl, String> {
        let no = || format!("`{text}` is not a package URL");
        let (package_type, rest) =
            text.strip_prefix("pkg:").and_then(|rest| rest.split_once('/')).ok_or_else(no)?;
        if rest.is_empty() {
            return Err(no());
        }
        let version = rest.split_once('@').map(|(_, version)| version.to_owned());
        let package_type = package_type.to_lowercase();
        let text = format!("pkg:{package_type}/{}", rest.replace('_', "-"));
        Ok(Purl { text, package_type, version })
    }

    fn range(&self, text: &str) -> Result<String, String> {
        let rest = text.strip_prefix("vers:").and_then(|rest| rest.split_once('/'));
        let fits = rest.filter(|(_, range)| range.starts_with('<'));
        let (scheme, _) = fits.ok_or_else(|| format!("`{text}` is not a range of versions"))?;
        Ok(scheme.to_owned())
    }

    fn scheme(&self, package_type: &str) -> Option<String> {
        ["npm", "pypi"].contains(&package_type).then(|| package_type.to_owned())
    }

    fn inexact(&self, _: Option<&str>, version: &str) -> Option<String> {
        version.starts_with('^').then(|| "it is a range".to_owned())
    }
}
