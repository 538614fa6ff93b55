//! What of the facts a policy asks for.

use std::collections::BTreeSet;

/// A part of the view, by a word of `settings.input`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Section {
    /// `time`: the moment that is asked for.
    Time,
    /// A kind of attestation by its name, one of [`KINDS`]: the predicates as they are.
    Attestations(&'static str),
    /// `signatures`: over the artifact.
    Signatures,
    /// `sbom`: what bills of materials say of themselves.
    Sbom,
    /// `sbom.components`.
    SbomComponents,
    /// `sbom.licenses`: of components.
    SbomLicenses,
    /// `sbom.hashes`: of components.
    SbomHashes,
    /// `sbom.dependencies`: between components.
    SbomDependencies,
    /// `scans`: what vulnerability scans say of themselves.
    Scans,
    /// `scans.rows`: a row for each pair of a vulnerability and a component.
    ScansRows,
    /// `tests`: results of tests.
    Tests,
    /// `contents`: files inside the artifact.
    Contents,
    /// `history`: earlier decisions.
    History,
    /// `data.NAME`: a file that the policy file hands to the policy.
    Data(String),
}

/// Kinds whose predicates can be asked for as they are. Not `sbom` and `vulnerabilities`: the sections
/// of bills of materials and scans say the same in whatever format they are.
pub const KINDS: [&str; 8] = [
    "provenance",
    "test-result",
    "verification-summary",
    "svr",
    "release",
    "scai",
    "attestation",
    "vex",
];

/// Sections that are one word.
const PLAIN: [Section; 11] = [
    Section::Time,
    Section::Signatures,
    Section::Sbom,
    Section::SbomComponents,
    Section::SbomLicenses,
    Section::SbomHashes,
    Section::SbomDependencies,
    Section::Scans,
    Section::ScansRows,
    Section::Tests,
    Section::Contents,
];

/// The longest name of a data file: no name is longer, and it is shown in messages.
const MAX_NAME: usize = 64;

impl Section {
    /// The section of a word of `settings.input`.
    ///
    /// # Errors
    ///
    /// There is none; the message lists those that there are.
    pub fn parse(word: &str) -> Result<Self, String> {
        if let Some(kind) = KINDS.into_iter().find(|kind| *kind == word) {
            return Ok(Self::Attestations(kind));
        }
        let plain = PLAIN.into_iter().chain([Self::History]);
        if let Some(section) = plain.into_iter().find(|section| section.word() == word) {
            return Ok(section);
        }
        match word.strip_prefix("data.") {
            Some(name) if is_name(name) => Ok(Self::Data(name.to_owned())),
            Some(name) => Err(format!(
                "`{name}` is no name of a data file: up to {MAX_NAME} letters, digits, `-` and `_`, \
                 the first a letter, for example `data.reviewed`"
            )),
            None => Err(format!("`{word}` is no section; there are {}", listed())),
        }
    }

    /// The sections of all words, in their order.
    ///
    /// # Errors
    ///
    /// All that is wrong, each with the number of the word: there is no such section, it is named twice,
    /// or two names of data files have the same key in the view.
    pub fn all(words: &[String]) -> Result<Vec<Self>, Vec<(usize, String)>> {
        let (mut sections, mut problems) = (Vec::new(), Vec::new());
        let (mut words_seen, mut keys) = (BTreeSet::new(), BTreeSet::new());
        for (number, word) in words.iter().enumerate() {
            match Self::parse(word) {
                Err(why) => problems.push((number, why)),
                Ok(_) if !words_seen.insert(word) => {
                    problems.push((number, format!("`{word}` is named twice")));
                }
                Ok(Self::Data(name)) if !keys.insert(name.replace('-', "_")) => {
                    let why = format!(
                        "another data file is called `{}` in expressions: rename one",
                        name.replace('-', "_")
                    );
                    problems.push((number, why));
                }
                Ok(section) => sections.push(section),
            }
        }
        if problems.is_empty() { Ok(sections) } else { Err(problems) }
    }

    /// Its word in `settings.input`.
    #[must_use]
    pub fn word(&self) -> String {
        let word = match self {
            Self::Time => "time",
            Self::Attestations(kind) => kind,
            Self::Signatures => "signatures",
            Self::Sbom => "sbom",
            Self::SbomComponents => "sbom.components",
            Self::SbomLicenses => "sbom.licenses",
            Self::SbomHashes => "sbom.hashes",
            Self::SbomDependencies => "sbom.dependencies",
            Self::Scans => "scans",
            Self::ScansRows => "scans.rows",
            Self::Tests => "tests",
            Self::Contents => "contents",
            Self::History => "history",
            Self::Data(name) => return format!("data.{name}"),
        };
        word.to_owned()
    }

    /// Under which key of the view it stands; of a data file, under which key of `data`.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Time => "at".to_owned(),
            Self::Data(name) => name.replace('-', "_"),
            other => {
                let word = other.word();
                word.split('.').next().unwrap_or_default().replace('-', "_")
            }
        }
    }

    /// The word by which the host lets a policy read it; none for the time, which it lets everyone
    /// read and notes.
    pub(crate) fn scope(&self) -> Option<&'static str> {
        Some(match self {
            Self::Time => return None,
            Self::Attestations(kind) => kind,
            Self::Signatures => "signature",
            Self::Sbom
            | Self::SbomComponents
            | Self::SbomLicenses
            | Self::SbomHashes
            | Self::SbomDependencies => "sbom",
            Self::Scans | Self::ScansRows => "vulnerabilities",
            Self::Tests => "test-result",
            Self::Contents => "contents",
            Self::History => "history",
            Self::Data(_) => "data",
        })
    }

    /// Whether asking for it asks for `other`: it is that, or stands inside it.
    #[must_use]
    pub fn implies(&self, other: &Self) -> bool {
        self == other
            || match self {
                Self::SbomComponents => *other == Self::Sbom,
                Self::SbomLicenses | Self::SbomHashes | Self::SbomDependencies => {
                    matches!(other, Self::Sbom | Self::SbomComponents)
                }
                Self::ScansRows => *other == Self::Scans,
                _ => false,
            }
    }
}

/// All words, for a message.
fn listed() -> String {
    let kinds = KINDS.iter().map(|&kind| kind.to_owned());
    let plain = PLAIN.iter().map(Section::word);
    let words: Vec<String> = kinds.chain(plain).chain(["history".to_owned()]).collect();
    format!("`{}` and `data.NAME`", words.join("`, `"))
}

fn is_name(name: &str) -> bool {
    name.len() <= MAX_NAME
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_is_found_by_its_word() {
        let kinds = KINDS.map(Section::Attestations);
        for section in kinds
            .into_iter()
            .chain(PLAIN)
            .chain([Section::History, Section::Data("reviewed".into())])
        {
            assert_eq!(Section::parse(&section.word()), Ok(section.clone()));
        }
    }

    #[test]
    fn another_word_is_told_which_there_are() {
        assert_eq!(
            Section::parse("sboms").unwrap_err(),
            "`sboms` is no section; there are `provenance`, `test-result`, `verification-summary`, \
             `svr`, `release`, `scai`, `attestation`, `vex`, `time`, `signatures`, `sbom`, \
             `sbom.components`, `sbom.licenses`, `sbom.hashes`, `sbom.dependencies`, `scans`, \
             `scans.rows`, `tests`, `contents`, `history` and `data.NAME`"
        );
        assert_eq!(
            Section::parse("data.../etc").unwrap_err(),
            "`../etc` is no name of a data file: up to 64 letters, digits, `-` and `_`, the first a \
             letter, for example `data.reviewed`"
        );
    }

    #[test]
    fn all_problems_of_a_list_are_told() {
        let words = ["sbom", "data.a-b", "nothing", "sbom", "data.a_b"].map(str::to_owned);
        let problems = Section::all(&words).unwrap_err();
        assert_eq!(problems.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [2, 3, 4]);
        assert_eq!(problems[1].1, "`sbom` is named twice");
        assert_eq!(problems[2].1, "another data file is called `a_b` in expressions: rename one");
    }

    #[test]
    fn a_part_implies_its_whole_and_nothing_else() {
        assert!(Section::SbomLicenses.implies(&Section::SbomComponents));
        assert!(Section::SbomLicenses.implies(&Section::Sbom));
        assert!(!Section::SbomLicenses.implies(&Section::SbomHashes));
        assert!(!Section::Sbom.implies(&Section::SbomComponents));
        assert!(Section::ScansRows.implies(&Section::Scans));
        assert!(!Section::Tests.implies(&Section::Attestations("test-result")));
    }
}
