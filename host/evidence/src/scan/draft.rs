//! A scan while it is read: rows as they are found.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use lockgate_model::Instant;

use super::cvss::Scores;
use super::{Cvss, Row, Scan, Severity, Unreadable};
use crate::package::purl;

/// How many bytes the rows of a small document may take. What a document says once about a
/// vulnerability stands in the row of each component, so that rows may be larger than the document;
/// the largest seen in the field take a tenth of this.
const ROWS_BYTES: usize = 64 << 20;

/// How many more they may take for each byte of the document. Rows that repeat nothing take less.
const ROWS_FACTOR: usize = 4;

/// A scan while it is read.
pub(super) struct Draft {
    pub(super) format: &'static str,
    notes: BTreeSet<String>,
    covered_nothing: bool,
    left_out: usize,
    pub(super) scanner: Option<String>,
    pub(super) scanner_version: Option<String>,
    scanned_at: Option<Instant>,
    database_at: Option<Instant>,
    rows: Vec<Row>,
    scores: Scores,
    /// How many bytes the rows may take, and how many are left of that.
    cap: usize,
    left: usize,
    /// How many ratings gave no score.
    unscored: usize,
}

/// What a report says of one vulnerability in one component.
#[derive(Default, Clone)]
pub(super) struct Entry<'a> {
    pub(super) vulnerability: Cow<'a, str>,
    pub(super) aliases: Vec<Cow<'a, str>>,
    pub(super) component: Cow<'a, str>,
    pub(super) version: Option<Cow<'a, str>>,
    pub(super) purl: Option<Cow<'a, str>>,
    pub(super) fixed_versions: Vec<Cow<'a, str>>,
    /// Words for how bad it is, and whose each is.
    pub(super) severities: Vec<(Cow<'a, str>, Option<Cow<'a, str>>)>,
    pub(super) cvss: Vec<Cvss>,
    /// How many ratings gave no score.
    pub(super) unscored: usize,
    pub(super) published_at: Option<Instant>,
}

impl Draft {
    /// Without rows. `length`: how many bytes the document has.
    pub(super) fn new(format: &'static str, length: usize) -> Self {
        let cap = length.saturating_mul(ROWS_FACTOR).saturating_add(ROWS_BYTES);
        Self {
            format,
            notes: BTreeSet::new(),
            covered_nothing: false,
            left_out: 0,
            scanner: None,
            scanner_version: None,
            scanned_at: None,
            database_at: None,
            rows: Vec::new(),
            scores: Scores::default(),
            cap,
            left: cap,
            unscored: 0,
        }
    }

    /// Says something about how it was read.
    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.notes.insert(note.into());
    }

    /// Nothing was looked at.
    pub(super) fn covers_nothing(&mut self) {
        self.covered_nothing = true;
        self.note("the scan covered nothing");
    }

    /// So many findings are no rows, for the scanner was told so.
    pub(super) fn leaves_out(&mut self, scanner: &str, findings: usize) {
        if findings > 0 {
            self.left_out = self.left_out.saturating_add(findings);
            self.note(format!(
                "findings that {scanner} was told to leave out, and are no rows: {findings}"
            ));
        }
    }

    /// A moment at which it was made. Of several the earliest counts, for a report does not get
    /// younger by what is wrapped around it.
    pub(super) fn scanned(&mut self, at: Option<Instant>) {
        self.scanned_at = self.scanned_at.into_iter().chain(at).min();
    }

    /// A moment to which the database was up to date. Of several the earliest counts.
    pub(super) fn updated(&mut self, at: Option<Instant>) {
        self.database_at = self.database_at.into_iter().chain(at).min();
    }

    /// Adds a rating to what will be a row, as it was written: whose it is, the version that is named
    /// beside the vector, the vector, and the score in tenths. What is missing is empty.
    pub(super) fn rate(
        &mut self,
        entry: &mut Entry,
        source: &str,
        version: &str,
        vector: &str,
        score: Option<u32>,
    ) {
        match self.scores.rate(source, version, vector, score) {
            Some(rated) => entry.cvss.push(rated),
            None => entry.unscored += 1,
        }
    }

    /// Adds a row.
    pub(super) fn add(&mut self, entry: Entry) -> Result<(), Unreadable> {
        self.left =
            self.left.checked_sub(entry.bytes()).ok_or(Unreadable::Size { bytes: self.cap })?;
        self.unscored = self.unscored.saturating_add(entry.unscored);
        self.rows.push(entry.row());
        Ok(())
    }

    /// Puts the rows in order.
    pub(super) fn finish(mut self) -> Scan {
        if self.unscored > 0 {
            let ratings = self.unscored;
            self.note(format!("CVSS ratings with neither a valid vector nor a score: {ratings}"));
        }
        self.rows.sort_by(|a, b| a.order().cmp(&b.order()));
        let mut by_severity: [Vec<u32>; Severity::COUNT] = Default::default();
        let mut at_least: [Vec<u32>; Severity::COUNT] = Default::default();
        let mut by_vulnerability: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (number, row) in (0..).zip(&self.rows) {
            for &severity in Severity::ALL {
                if row.severity == severity {
                    by_severity[severity as usize].push(number);
                }
                if row.severity >= severity || row.severity == Severity::Unknown {
                    at_least[severity as usize].push(number);
                }
            }
            for id in row.aliases.iter().chain([&row.vulnerability]) {
                let rows = by_vulnerability.entry(id.to_ascii_lowercase()).or_default();
                // Two aliases may differ in case alone.
                if rows.last() != Some(&number) {
                    rows.push(number);
                }
            }
        }
        Scan {
            format: self.format,
            notes: self.notes.into_iter().collect(),
            covered_nothing: self.covered_nothing,
            left_out: self.left_out,
            scanner: self.scanner,
            scanner_version: self.scanner_version,
            scanned_at: self.scanned_at,
            database_at: self.database_at,
            rows: self.rows,
            by_severity,
            at_least,
            by_vulnerability,
        }
    }
}

impl Entry<'_> {
    /// About how much memory its row takes, with its places in the index.
    fn bytes(&self) -> usize {
        let text = |text: &str| size_of::<String>() + text.len();
        // An alias stands in the row and in the index.
        let alias = |alias: &str| 2 * text(alias) + size_of::<Vec<u32>>();
        let aliases = self.aliases.iter().map(|one| alias(one)).sum::<usize>();
        let fixed = self.fixed_versions.iter().map(|one| text(one)).sum::<usize>();
        let rating = |one: &Cvss| size_of::<Cvss>() + one.source.len() + one.vector.len();
        let ratings = self.cvss.iter().map(rating).sum::<usize>();
        let optional = |text: &Option<Cow<str>>| text.as_deref().map_or(0, str::len);
        let words = |word: &(Cow<str>, Option<Cow<str>>)| optional(&word.1);
        let texts = self.component.len() + optional(&self.version) + optional(&self.purl);
        let severities = self.severities.iter().map(words).max().unwrap_or_default();
        size_of::<Row>()
            + alias(&self.vulnerability)
            + texts
            + aliases
            + fixed
            + ratings
            + severities
    }

    fn row(self) -> Row {
        let Self { severities, mut cvss, fixed_versions, .. } = self;
        cvss.sort();
        cvss.dedup();
        let (severity, severity_source) = worst(severities, &cvss);
        let mut aliases: Vec<String> = self.aliases.into_iter().map(Cow::into_owned).collect();
        aliases.retain(|alias| *alias != self.vulnerability);
        aliases.sort();
        aliases.dedup();
        let mut seen = HashSet::new();
        let fixed_versions = fixed_versions.iter().map(Cow::as_ref);
        let fixed_versions = fixed_versions.filter(|version| seen.insert(*version));
        let (purl, canonical) = match self.purl.as_deref().and_then(purl::canonical) {
            Some((text, parts)) => (Some(text), Some(parts)),
            None => (self.purl.map(Cow::into_owned), None),
        };
        Row {
            vulnerability: self.vulnerability.into_owned(),
            purl,
            component: self.component.into_owned(),
            version: self.version.map(Cow::into_owned),
            severity,
            severity_source,
            aliases,
            fixed_versions: fixed_versions.map(str::to_owned).collect(),
            cvss,
            published_at: self.published_at,
            canonical,
        }
    }
}

/// The worst that is said, and who says it. A word that stands for nothing is a word all the same:
/// where there are only such, it is unknown, whatever the scores are.
fn worst(words: Vec<(Cow<str>, Option<Cow<str>>)>, cvss: &[Cvss]) -> (Severity, Option<String>) {
    let said = words.into_iter().filter(|(word, _)| !word.trim().is_empty());
    let said = said.map(|(word, source)| (Severity::of_word(&word), source.map(Cow::into_owned)));
    // Of two that say the same the first in the alphabet is named, so that their order is nothing.
    let least = |source: &Option<String>| std::cmp::Reverse((source.is_none(), source.clone()));
    let worst = said.max_by_key(|(severity, source)| (*severity, least(source)));
    worst.unwrap_or_else(|| match cvss.iter().map(|cvss| cvss.score).max() {
        Some(score) => (Severity::of_score(score), Some("cvss".to_owned())),
        None => (Severity::Unknown, None),
    })
}
