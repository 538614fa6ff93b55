//! Reads SPDX 2 in tag-value form.
//!
//! The order says what a tag belongs to: `PackageName` begins a package; `FileName`, `SnippetSPDXID`
//! and `LicenseID` begin something else. Files and snippets are passed over.
//!
//! A tag of a package outside of one, or twice where there can be one, makes the document unreadable:
//! two readers could read it differently, as with a name that JSON has twice in an object.

use std::borrow::Cow;

use super::document::{Document, Package, Reference};
use super::lines::{Line, Lines};
use crate::reason::quoted;
use crate::sbom::File;
use crate::sbom::files::of_file;

/// How a document in this form begins, behind blank lines and remarks.
pub(super) const BEGINNING: &str = "SPDXVersion:";

/// What the lines at hand are about.
enum Section<'a> {
    Document,
    Package(Box<Package<'a>>),
    /// A file or a snippet.
    Skipped,
    /// A license whose text the document has: its id, and its name.
    License(&'a str),
}

/// Reads a text. The error is a reason.
pub(super) fn read<'a>(text: &'a str, document: &mut Document<'a>) -> Result<(), String> {
    let mut section = Section::Document;
    for line in Lines::new(text) {
        let line = line?;
        match line.tag {
            "PackageName" => {
                let package = Package { name: line.value.into(), ..Package::default() };
                leave(&mut section, Section::Package(Box::new(package)), document);
            }
            "FileName" | "SnippetSPDXID" | "SnippetSPDXIdentifier" => {
                leave(&mut section, Section::Skipped, document);
            }
            "LicenseID" => leave(&mut section, Section::License(line.value), document),
            "LicenseName" => {
                let Section::License(id) = section else { return Err(outside(&line, "a license")) };
                document.extracted(id.into(), line.value.into());
            }
            "Relationship" => {
                let [from, kind, to] = words(&line)?;
                document.relate(from.into(), kind, to.into());
            }
            "SPDXVersion" => once(&line, &mut document.version)?,
            "DocumentNamespace" => once(&line, &mut document.namespace)?,
            "Created" => once(&line, &mut document.created)?,
            "Creator" => document.creators.push(line.value.into()),
            "SPDXID" => {
                if let Section::Package(package) = &mut section {
                    once(&line, &mut package.id)?;
                }
            }
            "ExternalRef" | "PrimaryPackagePurpose" | "ReleaseDate" => {
                of_package(&line, &mut section, document)?;
            }
            tag if tag.starts_with("Package") => of_package(&line, &mut section, document)?,
            _ => {}
        }
    }
    leave(&mut section, Section::Document, document);
    Ok(())
}

/// Reads the files of a text, and nothing else of it. The error is a reason.
pub(super) fn files(text: &str) -> Result<Vec<File>, String> {
    let mut files = Vec::new();
    let mut open: Option<(&str, Vec<(&str, &str)>)> = None;
    for line in Lines::new(text) {
        let line = line?;
        let next = match line.tag {
            "FileName" => Some((line.value, Vec::new())),
            "PackageName" | "SnippetSPDXID" | "SnippetSPDXIdentifier" | "LicenseID" => None,
            "FileChecksum" => {
                let (_, sums) = open.as_mut().ok_or_else(|| outside(&line, "a file"))?;
                let sum = line.value.split_once(':').ok_or_else(|| {
                    format!("line {} is no checksum: write `ALGORITHM: VALUE`", line.number)
                })?;
                sums.push(sum);
                continue;
            }
            _ => continue,
        };
        let ended = std::mem::replace(&mut open, next);
        files.extend(ended.into_iter().flat_map(|(path, sums)| of_file(path, sums)));
    }
    files.extend(open.into_iter().flat_map(|(path, sums)| of_file(path, sums)));
    Ok(files)
}

/// Ends what the lines were about, and begins another.
fn leave<'a>(section: &mut Section<'a>, next: Section<'a>, document: &mut Document<'a>) {
    match std::mem::replace(section, next) {
        Section::Package(package) => document.package(*package),
        Section::Document | Section::Skipped | Section::License(_) => {}
    }
}

/// Reads a tag of a package.
fn of_package<'a>(
    line: &Line<'a>,
    section: &mut Section<'a>,
    document: &Document,
) -> Result<(), String> {
    let Section::Package(package) = section else { return Err(outside(line, "a package")) };
    match line.tag {
        "PackageVersion" => once(line, &mut package.version),
        "PackageSupplier" => once(line, &mut package.supplier),
        "PackageDownloadLocation" => once(line, &mut package.download),
        "PackageHomePage" => once(line, &mut package.homepage),
        "PackageLicenseConcluded" => once(line, &mut package.concluded),
        "PackageLicenseDeclared" => once(line, &mut package.declared),
        "ReleaseDate" => once(line, &mut package.released),
        "PrimaryPackagePurpose" => once(line, &mut package.purpose),
        "PackageChecksum" => {
            let (algorithm, value) = line.value.split_once(':').ok_or_else(|| {
                format!("line {} is no checksum: write `ALGORITHM: VALUE`", line.number)
            })?;
            package.checksums.push((algorithm.trim().into(), value.trim().into()));
            Ok(())
        }
        "ExternalRef" => {
            let [category, kind, locator] = words(line)?;
            // What no specification lists is named in the document itself; JSON writes that in full.
            let kind = match document.namespace.as_deref() {
                Some(namespace) if category == "OTHER" && !kind.contains(':') => {
                    Cow::Owned(format!("{namespace}#{kind}"))
                }
                _ => kind.into(),
            };
            let category = category.into();
            package.references.push(Reference { category, kind, locator: locator.into() });
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Notes a value that there is once.
fn once<'a>(line: &Line<'a>, place: &mut Option<Cow<'a, str>>) -> Result<(), String> {
    match place.replace(line.value.into()) {
        None => Ok(()),
        Some(_) => {
            Err(format!("`{}` stands twice where there is one, in line {}", line.tag, line.number))
        }
    }
}

/// The three words that a value is made of.
fn words<'a>(line: &Line<'a>) -> Result<[&'a str; 3], String> {
    let mut words = line.value.split_ascii_whitespace();
    match (words.next(), words.next(), words.next(), words.next()) {
        (Some(first), Some(second), Some(third), None) => Ok([first, second, third]),
        _ => {
            let value = quoted(line.value);
            Err(format!("`{}` in line {} is {value}, and not three words", line.tag, line.number))
        }
    }
}

fn outside(line: &Line, of: &str) -> String {
    format!("`{}` in line {} stands outside of {of}", line.tag, line.number)
}

/// Whether a text is meant to be a document in this form.
pub(in crate::sbom) fn is_meant(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_start);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| line.starts_with(BEGINNING))
}
