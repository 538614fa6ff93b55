//! What the host knows of packages and places, and hands over of data.

use lockgate_plugin::{data, packages, reason};

/// Knowledge that is no evidence, and a table that is part of the configuration.
pub(crate) trait Knowledge {
    /// The canonical text of a package URL. The error says what is wrong.
    fn purl(&self, text: &str) -> Result<String, String>;

    /// A place in one spelling. The error says what is wrong.
    fn location(&self, text: &str) -> Result<String, String>;

    /// Whether a place lies in another.
    fn lies_in(&self, location: &str, place: &str) -> bool;

    /// Where packages of a type come from if nobody says anything else.
    fn registries(&self, package_type: &str) -> Vec<String>;

    /// Why a version names no single release.
    fn inexact(&self, version: &str) -> Option<String>;

    /// The data file of this name as a table of releases. The error says what is wrong.
    fn releases(&self, name: &str) -> Result<Box<dyn Releases>, String>;
}

/// When packages were released.
pub(crate) trait Releases {
    /// The digest of the file.
    fn digest(&self) -> String;

    /// What stands there for a package URL; none where there is no row of it.
    fn released(&self, purl: &str) -> Result<Option<String>, String>;
}

/// The host.
#[derive(Debug)]
pub(crate) struct Host;

/// A table of the host, and the digest of its file.
struct Table(data::Table, String);

/// The column by which rows are found, and the one that says when.
const PURL: &str = "purl";
const RELEASED: &str = "released";

impl Knowledge for Host {
    fn purl(&self, text: &str) -> Result<String, String> {
        packages::purl(text).map(|purl| purl.text).map_err(reason)
    }

    fn location(&self, text: &str) -> Result<String, String> {
        packages::location(text).map_err(reason)
    }

    fn lies_in(&self, location: &str, place: &str) -> bool {
        // What is no place lies nowhere.
        packages::lies_in(location, place).unwrap_or(false)
    }

    fn registries(&self, package_type: &str) -> Vec<String> {
        packages::registries(package_type)
    }

    fn inexact(&self, version: &str) -> Option<String> {
        packages::inexact(None, version)
    }

    fn releases(&self, name: &str) -> Result<Box<dyn Releases>, String> {
        let file = data::open(name).map_err(|why| why.to_string())?;
        let table = file.csv(PURL).map_err(reason)?;
        if table.row_count() == 0 {
            return Err("it has no rows".to_owned());
        }
        Ok(Box::new(Table(table, file.digest())))
    }
}

impl Releases for Table {
    fn digest(&self) -> String {
        self.1.clone()
    }

    fn released(&self, purl: &str) -> Result<Option<String>, String> {
        self.0.get(purl, RELEASED).map_err(reason)
    }
}

/// As much knowledge as tests need.
#[cfg(test)]
#[derive(Debug)]
pub(crate) struct Little;

#[cfg(test)]
impl Knowledge for Little {
    fn purl(&self, text: &str) -> Result<String, String> {
        let rest = text.strip_prefix("pkg:").and_then(|rest| rest.split_once('/'));
        match rest {
            Some((kind, rest)) if !rest.is_empty() => {
                Ok(format!("pkg:{}/{}", kind.to_lowercase(), rest.replace('_', "-")))
            }
            _ => Err(format!("`{text}` is not a package URL")),
        }
    }

    fn location(&self, text: &str) -> Result<String, String> {
        let fits = text.starts_with("https://") && text.len() > 8;
        fits.then(|| text.trim_end_matches('/').to_owned()).ok_or(format!("`{text}` is no place"))
    }

    fn lies_in(&self, location: &str, place: &str) -> bool {
        location == place || location.starts_with(&format!("{place}/"))
    }

    fn registries(&self, package_type: &str) -> Vec<String> {
        match package_type {
            "npm" => vec!["https://registry.npmjs.org".into()],
            "pypi" => vec!["https://pypi.org".into(), "https://files.pythonhosted.org".into()],
            _ => vec![],
        }
    }

    fn inexact(&self, version: &str) -> Option<String> {
        version.starts_with('^').then(|| "it is a range".to_owned())
    }

    fn releases(&self, name: &str) -> Result<Box<dyn Releases>, String> {
        struct Two;
        impl Releases for Two {
            fn digest(&self) -> String {
                "sha256:11".into()
            }
            fn released(&self, purl: &str) -> Result<Option<String>, String> {
                Ok(match purl {
                    "pkg:npm/old@1" => Some("2020-01-01".into()),
                    "pkg:npm/new@1" => Some("2026-10-01T00:00:00Z".into()),
                    _ => None,
                })
            }
        }
        match name {
            "released" => Ok(Box::new(Two)),
            _ => Err(format!("the policy file hands over no `{name}`")),
        }
    }
}
