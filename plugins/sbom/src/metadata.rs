//! The metadata by which files of an artifact show that a package is there.
//!
//! What package managers leave behind is read, and nothing more: a package whose metadata was taken
//! away is not seen.

use lockgate_plugin::json::{self, Value};

use crate::settings::Ecosystem;

/// The longest name and version that are looked for. npm takes names of 214 letters.
const MAX_NAME: usize = 512;

/// A package that is there.
#[derive(Debug)]
pub(crate) struct Package {
    /// As a bill of materials calls it: `@scope/name`, `group/name`.
    pub(crate) name: String,
    /// None where the metadata states none.
    pub(crate) version: Option<String>,
    /// What its package URL is made of, where the metadata says enough: type, namespace and name.
    pub(crate) purl: Option<String>,
}

impl Package {
    /// What tells it from others.
    pub(crate) fn key(&self) -> String {
        let version = self.version.as_deref().unwrap_or_default();
        let purl = self.purl.as_deref().unwrap_or_default();
        format!("{}\n{version}\n{purl}", self.name)
    }
}

impl Ecosystem {
    /// The globs that find its metadata, and maybe more.
    pub(crate) fn globs(self) -> &'static [&'static str] {
        match self {
            Self::Npm => &["**node_modules/**/package.json"],
            Self::Pypi => &["**.dist-info/METADATA", "**.egg-info/PKG-INFO"],
            Self::Deb => &["**var/lib/dpkg/status", "**var/lib/dpkg/status.d/*"],
            Self::Apk => &["**lib/apk/db/installed"],
            Self::Maven => &["**META-INF/maven/**/pom.properties"],
        }
    }

    /// Whether a path that a glob found is where its metadata lies.
    pub(crate) fn lies_at(self, path: &str) -> bool {
        let segments: Vec<&str> = path.split('/').collect();
        match (self, segments.as_slice()) {
            (Self::Npm, [.., "node_modules", scope, _, "package.json"]) => scope.starts_with('@'),
            (Self::Npm, [.., "node_modules", name, "package.json"]) => {
                !name.starts_with(['@', '.'])
            }
            (Self::Pypi, [.., _, "METADATA" | "PKG-INFO"]) => true,
            (Self::Deb, [.., "var", "lib", "dpkg", "status"]) => true,
            (Self::Deb, [.., "var", "lib", "dpkg", "status.d", name]) => {
                !name.ends_with(".md5sums")
            }
            (Self::Apk, [.., "lib", "apk", "db", "installed"]) => true,
            (Self::Maven, [.., "META-INF", "maven", _, _, "pom.properties"]) => true,
            _ => false,
        }
    }

    /// The packages that its metadata shows. The error says why nobody can tell.
    pub(crate) fn read(self, path: &str, text: &str) -> Result<Vec<Package>, String> {
        // Package managers pass over it, too.
        let packages = self.named(path, text.trim_start_matches('\u{feff}'))?;
        let long = |text: &String| text.len() > MAX_NAME;
        if packages.iter().any(|one| long(&one.name) || one.version.as_ref().is_some_and(long)) {
            return Err(format!("a name or a version in it is longer than {MAX_NAME} bytes"));
        }
        Ok(packages)
    }

    fn named(self, path: &str, text: &str) -> Result<Vec<Package>, String> {
        match self {
            Self::Npm => npm(path, text).map(|package| vec![package]),
            Self::Pypi => pypi(text).map(|package| vec![package]),
            Self::Deb => Ok(stanzas(text, "Package", "Version", |line| {
                // Without the line everything is installed, as in `status.d`.
                line.strip_prefix("Status:").is_none_or(|is| is.trim().ends_with(" installed"))
            })),
            Self::Apk => Ok(stanzas(text, "P", "V", |_| true)),
            Self::Maven => maven(text).map(|package| vec![package]),
        }
    }
}

fn npm(path: &str, text: &str) -> Result<Package, String> {
    let package = json::parse(text).map_err(|why| format!("it is {why}"))?;
    let said = |name: &str| package.get(name).and_then(Value::as_str).map(str::to_owned);
    // What is installed is called by its folder where it has no name of its own.
    let mut folders = path.rsplit('/').skip(1);
    let folder = folders.next().unwrap_or_default();
    let folder = match folders.next().filter(|scope| scope.starts_with('@')) {
        Some(scope) => format!("{scope}/{folder}"),
        None => folder.to_owned(),
    };
    let name = said("name").unwrap_or(folder);
    let purl = match name.split_once('/') {
        Some((scope, name)) => format!("pkg:npm/{}/{}", encoded(scope), encoded(name)),
        None => format!("pkg:npm/{}", encoded(&name)),
    };
    Ok(Package { name, version: said("version"), purl: Some(purl) })
}

fn pypi(text: &str) -> Result<Package, String> {
    let head = text.lines().take_while(|line| !line.trim().is_empty());
    let (mut name, mut version) = (None, None);
    for (tag, value) in head.filter_map(|line| line.split_once(':')) {
        match tag {
            "Name" => name = name.or(Some(value.trim().to_owned())),
            "Version" => version = version.or(Some(value.trim().to_owned())),
            _ => {}
        }
    }
    let name = name.filter(|name| !name.is_empty()).ok_or("it has no `Name`")?;
    let purl = Some(format!("pkg:pypi/{}", encoded(&name)));
    Ok(Package { name, version, purl })
}

fn maven(text: &str) -> Result<Package, String> {
    let said = |key: &str| {
        let lines = text.lines().filter_map(|line| line.split_once('='));
        let mut values =
            lines.filter(|(name, _)| name.trim() == key).map(|(_, value)| value.trim());
        values.next().filter(|value| !value.is_empty())
    };
    let group = said("groupId").ok_or("it has no `groupId`")?;
    let name = said("artifactId").ok_or("it has no `artifactId`")?;
    Ok(Package {
        name: format!("{group}/{name}"),
        version: said("version").map(str::to_owned),
        purl: Some(format!("pkg:maven/{}/{}", encoded(group), encoded(name))),
    })
}

/// The packages of a database of stanzas with blank lines between, of which this is true line by line.
/// Which distribution they belong to is said elsewhere, so they have no package URL.
fn stanzas(
    text: &str,
    name_tag: &str,
    version_tag: &str,
    counts: impl Fn(&str) -> bool,
) -> Vec<Package> {
    let mut packages = Vec::new();
    let (mut name, mut version, mut is_there) = (None, None, true);
    for line in text.lines().chain([""]) {
        if line.trim().is_empty() {
            let ended = name.take().filter(|_| is_there);
            let version = version.take();
            packages.extend(ended.map(|name| Package { name, version, purl: None }));
            is_there = true;
            continue;
        }
        is_there &= counts(line);
        match line.split_once(':') {
            Some((tag, value)) if tag == name_tag => name = Some(value.trim().to_owned()),
            Some((tag, value)) if tag == version_tag => version = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    packages
}

/// A part of a package URL, with everything encoded that might divide one.
pub(crate) fn encoded(part: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = String::with_capacity(part.len());
    for byte in part.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            for digit in [byte >> 4, byte & 15] {
                encoded
                    .push(DIGITS.get(usize::from(digit)).map_or('0', |&digit| char::from(digit)));
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(ecosystem: Ecosystem, path: &str, text: &str) -> String {
        let packages = match ecosystem.read(path, text) {
            Ok(packages) => packages,
            Err(why) => return why,
        };
        let shown = packages.into_iter().map(|Package { name, version, purl }| {
            format!("{name} {} {}", version.unwrap_or_default(), purl.unwrap_or_default())
        });
        shown.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn metadata_lies_where_package_managers_put_it() {
        for (ecosystem, path, is) in [
            (Ecosystem::Npm, "node_modules/a/package.json", true),
            (Ecosystem::Npm, "x/node_modules/@s/a/package.json", true),
            (Ecosystem::Npm, "node_modules/a/dist/package.json", false),
            (Ecosystem::Npm, "my_node_modules/a/package.json", false),
            (Ecosystem::Deb, "var/lib/dpkg/status", true),
            (Ecosystem::Deb, "var/lib/dpkg/status.d/base", true),
            (Ecosystem::Deb, "var/lib/dpkg/status.d/base.md5sums", false),
            (Ecosystem::Apk, "lib/apk/db/installed", true),
            (Ecosystem::Apk, "mylib/apk/db/installed", false),
            (Ecosystem::Maven, "META-INF/maven/org.a/b/pom.properties", true),
            (Ecosystem::Maven, "META-INF/maven/pom.properties", false),
            (Ecosystem::Pypi, "usr/lib/a-1.dist-info/METADATA", true),
        ] {
            assert_eq!(ecosystem.lies_at(path), is, "{path}");
        }
    }

    #[test]
    fn each_kind_of_metadata_names_its_packages() {
        let path = "node_modules/@s/a/package.json";
        assert_eq!(
            shown(Ecosystem::Npm, path, r#"{ "name": "@s/a", "version": "1.0.0" }"#),
            "@s/a 1.0.0 pkg:npm/%40s/a"
        );
        assert_eq!(shown(Ecosystem::Npm, path, "{}"), "@s/a  pkg:npm/%40s/a");
        assert_eq!(shown(Ecosystem::Npm, path, "\u{feff}{}"), "@s/a  pkg:npm/%40s/a");
        assert_eq!(shown(Ecosystem::Npm, path, "{"), "it is an object whose member has no name");
        assert_eq!(
            shown(Ecosystem::Pypi, "", "Metadata-Version: 2.1\nName: A_b\nVersion: 1\n\nName: c"),
            "A_b 1 pkg:pypi/A_b"
        );
        assert_eq!(shown(Ecosystem::Pypi, "", "\nName: c"), "it has no `Name`");
        assert_eq!(
            shown(
                Ecosystem::Deb,
                "",
                "Package: a\nStatus: install ok installed\nVersion: 1:1-1\n\nPackage: b\n\
                 Status: deinstall ok config-files\nVersion: 2\n\nPackage: c\nVersion: 3\n"
            ),
            "a 1:1-1 , c 3 "
        );
        assert_eq!(
            shown(Ecosystem::Apk, "", "C:Q1\nP:musl\nV:1.2.5-r0\n\nP:b\nV:2\n"),
            "musl 1.2.5-r0 , b 2 "
        );
        assert_eq!(
            shown(Ecosystem::Maven, "", "#x\nversion=1\ngroupId=org.a\nartifactId=b\n"),
            "org.a/b 1 pkg:maven/org.a/b"
        );
        assert_eq!(shown(Ecosystem::Maven, "", "version=1"), "it has no `groupId`");
    }

    #[test]
    fn what_would_divide_a_package_url_is_encoded() {
        assert_eq!(encoded("@a/b c+d"), "%40a%2Fb%20c%2Bd");
    }
}
