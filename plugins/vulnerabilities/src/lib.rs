//! Which vulnerabilities stop a release.
//!
//! The host has verified who made each scan, has read it, and has applied what VEX says; this policy
//! asks it for the rows that matter. A scan knows nothing of what was found out after it, so it has to
//! say when it was made and be fresh. Every scan has to satisfy the policy, so that one that finds
//! little cannot hide one that finds more. What is not known (a severity, a score, whether a list has
//! an id) counts as the worst.
#![forbid(unsafe_code)]

mod age;
mod cleared;
mod lists;
mod number;
mod rows;
mod settings;
mod table;
mod tally;
mod thresholds;

use lockgate_plugin::duration::Duration;
use lockgate_plugin::json::Value;
use lockgate_plugin::scans::{Document, Scan, documents};
use lockgate_plugin::{
    Description, Failure, Level, Policy, Problem, Refusal, Report, Rule, context,
};

use crate::age::Age;
use crate::lists::Lists;
pub use crate::number::{Probability, Score};
pub use crate::settings::{
    Deny, ExploitProbability, Grace, KnownExploited, Settings, Severity, Unknown,
};
use crate::tally::Place;
use crate::thresholds::Thresholds;

/// There are scans.
pub const MISSING_SCAN: Rule = Rule {
    code: "missing-scan",
    title: "There are as many scans as are asked for",
    remediation: "Scan the artifact, sign the report as an attestation about it, and deliver that with \
                  the evidence.",
};

/// The host can read each scan.
pub const UNREADABLE_SCAN: Rule = Rule {
    code: "unreadable-scan",
    title: "Each scan, and what VEX says of it, can be read",
    remediation: "Have the scanner write a format that `lockgate` reads, for example Trivy's JSON in the \
                  predicate of `cosign attest --type vuln`, and sign it again.",
};

/// Each scan looked at something.
pub const EMPTY_SCAN: Rule = Rule {
    code: "empty-scan",
    title: "Each scan looked at something",
    remediation: "Scan the artifact itself, with its packages: a scanner that is pointed at something that \
                  it does not know finds nothing, and says so in the same words as for something clean.",
};

/// No scanner kept findings back.
pub const SUPPRESSED_FINDING: Rule = Rule {
    code: "suppressed-finding",
    title: "No finding was left out by the scanner",
    remediation: "Scan without a list of what to ignore, and have a signer of `honour-vex` say in a VEX \
                  document what does not matter; or let such findings be a warning with \
                  `suppressed = \"warn\"`.",
};

/// Each scan is fresh.
pub const STALE_SCAN: Rule = Rule {
    code: "stale-scan",
    title: "Each scan was made recently",
    remediation: "Scan the artifact again, and sign the new report.",
};

/// Each scan's database is fresh.
pub const STALE_DATABASE: Rule = Rule {
    code: "stale-database",
    title: "Each scan was made with a recent database",
    remediation: "Update the scanner's database, scan the artifact again, and sign the new report.",
};

/// Each scanner is listed.
pub const SCANNER_NOT_ALLOWED: Rule = Rule {
    code: "scanner-not-allowed",
    title: "Each scan was made by a listed scanner",
    remediation: "Scan the artifact with a scanner that `scanners` names, or have this one reviewed and \
                  listed.",
};

/// Each list is fresh.
pub const STALE_LIST: Rule = Rule {
    code: "stale-list",
    title: "Each list that is looked at is recent",
    remediation: "Download the list again, and replace the data file of the policy file, with its digest.",
};

/// Nothing too severe.
pub const SEVERITY_OVER_THRESHOLD: Rule = Rule {
    code: "severity-over-threshold",
    title: "No vulnerability is too severe",
    remediation: "Update the component to a version in which it is fixed, or replace it; where the \
                  artifact is not affected, have a signer of `honour-vex` say so in a VEX document.",
};

/// No score too high.
pub const SCORE_OVER_THRESHOLD: Rule = Rule {
    code: "score-over-threshold",
    title: "No vulnerability has too high a CVSS score",
    remediation: "Update the component to a version in which it is fixed, or replace it; where the \
                  artifact is not affected, have a signer of `honour-vex` say so in a VEX document.",
};

/// Nothing that is exploited.
pub const KNOWN_EXPLOITED: Rule = Rule {
    code: "known-exploited",
    title: "No vulnerability is known to be exploited",
    remediation: "Update or remove the component at once: what is on the list is used in attacks. Only \
                  VEX by a signer of `honour-vex` clears it.",
};

/// Nothing that is likely to be exploited.
pub const LIKELY_EXPLOITED: Rule = Rule {
    code: "likely-exploited",
    title: "No vulnerability is likely to be exploited",
    remediation: "Update the component to a version in which it is fixed, or replace it; where the \
                  artifact is not affected, have a signer of `honour-vex` say so in a VEX document.",
};

/// The most notes about one scan that are repeated.
const MAX_NOTES: usize = 20;

/// The policy.
#[derive(Debug)]
pub struct Vulnerabilities {
    max_age: Duration,
    database_max_age: Option<Duration>,
    min_scans: u32,
    scanners: Option<Vec<String>>,
    suppressed: Level,
    honour_vex: Option<Vec<String>>,
    thresholds: Option<Thresholds>,
    known_exploited: Option<KnownExploited>,
    exploit_probability: Option<ExploitProbability>,
}

impl Policy for Vulnerabilities {
    // Read key by key, so that all problems are told at once.
    type Settings = Value;

    const DESCRIPTION: Description = Description {
        name: "vulnerabilities",
        version: env!("CARGO_PKG_VERSION"),
        rules: &[
            MISSING_SCAN,
            UNREADABLE_SCAN,
            EMPTY_SCAN,
            SUPPRESSED_FINDING,
            STALE_SCAN,
            STALE_DATABASE,
            SCANNER_NOT_ALLOWED,
            STALE_LIST,
            SEVERITY_OVER_THRESHOLD,
            SCORE_OVER_THRESHOLD,
            KNOWN_EXPLOITED,
            LIKELY_EXPLOITED,
        ],
        settings_schema: include_str!("../settings.schema.json"),
        needs: &["vulnerabilities"],
        uses: &["vex"],
    };

    fn new(settings: Self::Settings) -> Result<Self, Vec<Problem>> {
        let policy = Self::from(Settings::read(&settings)?);
        let problems = policy.unusable_lists();
        if problems.is_empty() { Ok(policy) } else { Err(problems) }
    }

    /// VEX only if somebody's counts, and data files only if there is a list.
    fn reads(&self) -> Vec<String> {
        let lists = self.known_exploited.is_some() || self.exploit_probability.is_some();
        [("vulnerabilities", true), ("vex", self.honour_vex.is_some()), ("data", lists)]
            .into_iter()
            .filter(|(_, reads)| *reads)
            .map(|(word, _)| word.to_owned())
            .collect()
    }

    fn evaluate(&self) -> Result<Report, Failure> {
        let mut report = Report::new();
        let at = context::at();
        let lists = Lists::open(self.known_exploited.as_ref(), self.exploit_probability.as_ref())?;
        lists.fresh(at, &mut report)?;
        let documents: Vec<Document> = documents().collect::<Result<_, _>>()?;
        self.enough(documents.len(), &mut report);
        for document in &documents {
            let name = match documents.len() {
                1 => String::new(),
                _ => format!(" in `{}`", document.path()),
            };
            let place = Place { name: &name, digest: &document.digest() };
            match self.open(document) {
                Ok(scan) => {
                    noted(&scan.notes(), place, &mut report);
                    self.made(&Made::of(&scan), place, at, &mut report);
                    if let Some(thresholds) = &self.thresholds {
                        thresholds.judge(&scan, place, at, &mut report)?;
                    }
                    lists.judge(&scan, place, &mut report)?;
                }
                Err(Refusal::Malformed(why)) => {
                    unreadable(&document.path(), &why, place, &mut report);
                }
                Err(refusal) => return Err(refusal.into()),
            }
        }
        self.account(&mut report);
        Ok(report)
    }
}

impl From<Settings> for Vulnerabilities {
    fn from(settings: Settings) -> Self {
        Self {
            max_age: settings.max_age,
            database_max_age: settings.database_max_age,
            min_scans: settings.min_scans,
            scanners: settings.scanners,
            suppressed: settings.suppressed,
            honour_vex: settings.honour_vex,
            thresholds: settings.deny.map(|deny| Thresholds {
                deny,
                fixable_only: settings.fixable_only,
                grace: settings.grace,
            }),
            known_exploited: settings.known_exploited,
            exploit_probability: settings.exploit_probability,
        }
    }
}

/// What a scan says of itself.
#[derive(Debug, Default)]
struct Made {
    scanner: Option<String>,
    scanned_at: Option<i64>,
    database_at: Option<i64>,
    covered_nothing: bool,
    left_out: u32,
}

impl Made {
    fn of(scan: &Scan) -> Self {
        Self {
            scanner: scan.scanner(),
            scanned_at: scan.scanned_at(),
            database_at: scan.database_at(),
            covered_nothing: scan.covered_nothing(),
            left_out: scan.left_out(),
        }
    }
}

/// A scan that cannot be read fails, so the other rules need no word about it.
fn unreadable(path: &str, why: &str, place: Place<'_>, report: &mut Report) {
    let message = format!("the scan `{path}` cannot be read: {why}");
    report.violation(UNREADABLE_SCAN, message).about(path).on(place.digest);
}

/// What the host says of how a scan was read, for example that it covered nothing, is for people to
/// judge.
fn noted(notes: &[String], place: Place<'_>, report: &mut Report) {
    for note in notes.iter().take(MAX_NOTES) {
        let message = format!("of the scan{}: {note}", place.name);
        report.note(UNREADABLE_SCAN, message).on(place.digest);
    }
    if notes.len() > MAX_NOTES {
        let message = format!("{} further notes{}", notes.len() - MAX_NOTES, place.name);
        report.note(UNREADABLE_SCAN, message).on(place.digest);
    }
}

impl Vulnerabilities {
    /// A scan with the VEX of those who are honoured; of nobody where the settings name nobody, for
    /// then the policy does not read VEX.
    fn open(&self, document: &Document) -> Result<Scan, Refusal> {
        match &self.honour_vex {
            Some(signers) => document.open_honouring(signers),
            None => document.open(),
        }
    }

    fn enough(&self, count: usize, report: &mut Report) {
        if (count as u64) < u64::from(self.min_scans) {
            let message = match count {
                0 => "there is no scan".to_owned(),
                _ => {
                    format!("only {count} of {} scans that are asked for are there", self.min_scans)
                }
            };
            let finding = report.violation(MISSING_SCAN, message);
            finding.expected(format!("at least {}", self.min_scans)).found(count.to_string());
        }
    }

    /// Lists that the policy file does not hand over, or that are none: asked before anything else is.
    fn unusable_lists(&self) -> Vec<Problem> {
        let (exploited, likely) =
            (self.known_exploited.as_ref(), self.exploit_probability.as_ref());
        let opened = [
            ("/known-exploited/data", Lists::open(exploited, None)),
            ("/exploit-probability/data", Lists::open(None, likely)),
        ];
        let unusable =
            opened.into_iter().filter_map(|(pointer, list)| Some((pointer, list.err()?)));
        unusable.map(|(pointer, why)| Problem::new(pointer, why.to_string())).collect()
    }

    /// Judges when, with what and of what a scan was made.
    fn made(&self, made: &Made, place: Place<'_>, at: i64, report: &mut Report) {
        if made.covered_nothing {
            let message = format!("the scan{} looked at nothing", place.name);
            let finding = report.violation(EMPTY_SCAN, message);
            finding.expected("a scan of packages").found("a scan of none").on(place.digest);
        }
        if made.left_out > 0 {
            let message = format!(
                "the scan{} lacks findings that the scanner was told to leave out: {}",
                place.name, made.left_out
            );
            let finding = report.finding(self.suppressed, SUPPRESSED_FINDING, message);
            finding.expected("none left out").found(made.left_out.to_string()).on(place.digest);
        }
        let mut old = |rule, what: &str, max, then| {
            let age = Age { max, then, at };
            if let Some(why) = age.problem() {
                let message = format!("{what}{} {why}", place.name);
                let finding = report.violation(rule, message);
                finding.expected(age.expected()).found(age.found()).on(place.digest);
            }
        };
        old(STALE_SCAN, "the scan", self.max_age, made.scanned_at);
        if let Some(max) = self.database_max_age {
            old(STALE_DATABASE, "the database of the scan", max, made.database_at);
        }
        let Some(allowed) = &self.scanners else { return };
        let scanner = made.scanner.as_deref();
        if scanner.is_some_and(|name| allowed.iter().any(|one| one.eq_ignore_ascii_case(name))) {
            return;
        }
        let (message, found) = match scanner {
            Some(name) => (format!("the scan{} was made by `{name}`", place.name), name),
            None => (format!("the scan{} does not say what made it", place.name), "no scanner"),
        };
        let finding = report.violation(SCANNER_NOT_ALLOWED, message);
        finding.expected(allowed.join(", ")).found(found).on(place.digest);
    }

    /// Every rule that the settings set was applied to every scan.
    fn account(&self, report: &mut Report) {
        let mut rule = |rule, key: &str, set: bool| report.enabled(rule, key, set);
        let deny = self.thresholds.as_ref().map(|thresholds| thresholds.deny);
        let exploited = self.known_exploited.as_ref();
        let likely = self.exploit_probability.as_ref();
        let aged = exploited.is_some_and(|list| list.max_age.is_some())
            || likely.is_some_and(|list| list.max_age.is_some());
        rule(MISSING_SCAN, "", true);
        rule(UNREADABLE_SCAN, "", true);
        rule(EMPTY_SCAN, "", true);
        rule(SUPPRESSED_FINDING, "", true);
        rule(STALE_SCAN, "", true);
        rule(STALE_DATABASE, "database-max-age", self.database_max_age.is_some());
        rule(SCANNER_NOT_ALLOWED, "scanners", self.scanners.is_some());
        rule(STALE_LIST, "known-exploited.max-age` or `exploit-probability.max-age", aged);
        rule(SEVERITY_OVER_THRESHOLD, "deny.severity", deny.is_some_and(|d| d.severity.is_some()));
        rule(SCORE_OVER_THRESHOLD, "deny.score", deny.is_some_and(|d| d.score.is_some()));
        rule(KNOWN_EXPLOITED, "known-exploited", exploited.is_some());
        rule(LIKELY_EXPLOITED, "exploit-probability", likely.is_some());
    }
}

lockgate_plugin::export!(Vulnerabilities);

#[cfg(test)]
mod tests;
