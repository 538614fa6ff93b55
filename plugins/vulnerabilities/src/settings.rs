//! What the policy file may say, and what is wrong with it.

use std::fmt;

use lockgate_plugin::duration::Duration;
use lockgate_plugin::form::{Problems, Table};
use lockgate_plugin::json::Value;
use lockgate_plugin::{Level, Problem};

use crate::number::{Probability, Score};

/// The settings as they were checked. `settings.schema.json` says the same to people and editors.
#[derive(Debug)]
pub struct Settings {
    /// How old a scan may be.
    pub max_age: Duration,
    /// How old the scanner's database may be.
    pub database_max_age: Option<Duration>,
    /// How many scans there are at least.
    pub min_scans: u32,
    /// The scanners that count.
    pub scanners: Option<Vec<String>>,
    /// What a finding weighs that the scanner was told to leave out.
    pub suppressed: Level,
    /// What is too severe.
    pub deny: Option<Deny>,
    /// Whose VEX counts.
    pub honour_vex: Option<Vec<String>>,
    /// A list of what is exploited.
    pub known_exploited: Option<KnownExploited>,
    /// A list of how likely each is exploited.
    pub exploit_probability: Option<ExploitProbability>,
    /// Whether what has no fix is a warning.
    pub fixable_only: bool,
    /// How long after its publication a vulnerability is a warning.
    pub grace: Option<Grace>,
}

/// What is too severe: either is enough.
#[derive(Debug, Default, Clone, Copy)]
pub struct Deny {
    /// This severity and higher ones.
    pub severity: Option<Severity>,
    /// This CVSS score and higher ones.
    pub score: Option<Score>,
}

/// How bad a vulnerability is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the words say it")]
pub enum Severity {
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    /// Every one, from least to most.
    pub(crate) const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// What is taken, in words.
    const FORM: &str = "one of `\"low\"`, `\"medium\"`, `\"high\"`, `\"critical\"`";

    fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.as_str() == word)
    }

    /// The word that the host has for it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The list of what is exploited.
#[derive(Debug)]
pub struct KnownExploited {
    /// What the policy file calls the data file.
    pub data: String,
    /// How old the list may be.
    pub max_age: Option<Duration>,
}

/// The list of how likely each is exploited.
#[derive(Debug)]
pub struct ExploitProbability {
    /// What the policy file calls the data file.
    pub data: String,
    /// From this probability on it is too likely.
    pub at_least: Probability,
    /// How old the list may be.
    pub max_age: Option<Duration>,
    /// What becomes of what the list does not have.
    pub unknown: Unknown,
}

/// What becomes of a vulnerability that a list does not have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Unknown {
    /// It is a violation: what is not known may be the worst.
    #[default]
    Deny,
    /// It is counted in a note.
    Pass,
}

impl Unknown {
    fn of(word: &str) -> Option<Self> {
        match word {
            "deny" => Some(Self::Deny),
            "pass" => Some(Self::Pass),
            _ => None,
        }
    }
}

/// How long after its publication a vulnerability is a warning, by severity.
#[derive(Debug, Default, Clone, Copy)]
#[expect(missing_docs, reason = "the words say it")]
pub struct Grace {
    pub low: Option<Duration>,
    pub medium: Option<Duration>,
    pub high: Option<Duration>,
    pub critical: Option<Duration>,
}

impl Grace {
    /// For a severity.
    pub(crate) const fn of(&self, severity: Severity) -> Option<Duration> {
        match severity {
            Severity::Low => self.low,
            Severity::Medium => self.medium,
            Severity::High => self.high,
            Severity::Critical => self.critical,
        }
    }
}

const KEYS: [&str; 11] = [
    "max-age",
    "database-max-age",
    "min-scans",
    "scanners",
    "suppressed",
    "deny",
    "honour-vex",
    "known-exploited",
    "exploit-probability",
    "fixable-only",
    "grace",
];

/// What a duration is, in words.
const DURATION: &str = "a duration, for example `\"24h\"` or `\"7d\"`";

/// What a data file is called, in words.
const NAME: &str = "what the policy file calls the data file, for example `\"kev\"`";

/// What may become of a finding that the scanner left out, in words.
const SUPPRESSED: &str = "`\"deny\"` or `\"warn\"`";

/// What is said where nothing would ever be found.
const JUDGES_NOTHING: &str = "set `deny`, `known-exploited` or `exploit-probability`, for example \
                              `deny = { severity = \"high\" }`: without one every vulnerability \
                              passes";

impl Settings {
    /// Reads them, and refuses all that makes a rule vacuous, contradictory or impossible.
    pub(crate) fn read(value: &Value) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::default();
        let read = Self::members(value, &mut problems);
        problems.or(read)
    }

    /// None only where there is a problem.
    fn members(value: &Value, problems: &mut Problems) -> Option<Self> {
        let table = problems.table(value, "", &KEYS)?;
        let max_age = table.required("max-age", DURATION, |text| text.parse().ok(), problems);
        let database_max_age = duration(&table, "database-max-age", problems);
        let min_scans = table.count("min-scans", problems).unwrap_or(1);
        let scanners = table.texts("scanners", "Trivy", &no_name, problems);
        let suppressed = table.text("suppressed", SUPPRESSED, suppressed, problems);
        let deny = Deny::read(&table, problems);
        let honour_vex = table.texts("honour-vex", "security", &no_name, problems);
        let known_exploited = KnownExploited::read(&table, problems);
        let exploit_probability = ExploitProbability::read(&table, problems);
        let fixable_only = table.flag("fixable-only", problems);
        let grace = Grace::read(&table, problems);

        if !["deny", "known-exploited", "exploit-probability"].iter().any(|key| table.has(key)) {
            problems.add("", JUDGES_NOTHING);
        }
        for key in ["fixable-only", "grace"] {
            if table.has(key) && !table.has("deny") {
                let message = "it softens `deny`, which is not set; leave the key out";
                problems.add(&table.at(key), message);
            }
        }
        if let (Some(deny), Some(grace)) = (&deny, &grace) {
            grace.within(*deny, problems);
        }
        Some(Self {
            max_age: max_age?,
            database_max_age,
            min_scans,
            scanners,
            suppressed: suppressed.unwrap_or(Level::Violation),
            deny,
            honour_vex,
            known_exploited,
            exploit_probability,
            fixable_only: fixable_only.unwrap_or(false),
            grace,
        })
    }
}

fn no_name(text: &str) -> Option<String> {
    text.is_empty().then(|| "an empty text names nobody".into())
}

fn suppressed(word: &str) -> Option<Level> {
    match word {
        "deny" => Some(Level::Violation),
        "warn" => Some(Level::Warning),
        _ => None,
    }
}

fn duration(table: &Table<'_>, key: &str, problems: &mut Problems) -> Option<Duration> {
    table.text(key, DURATION, |text| text.parse().ok(), problems)
}

fn data(table: &Table<'_>, problems: &mut Problems) -> Option<String> {
    let name = |text: &str| is_name(text).then(|| text.to_owned());
    table.required("data", NAME, name, problems)
}

impl Deny {
    fn read(settings: &Table<'_>, problems: &mut Problems) -> Option<Self> {
        let table = settings.table("deny", &["severity", "score"], problems)?;
        if !table.has("severity") && !table.has("score") {
            let message = "set `severity` or `score`, for example `{ severity = \"high\" }`";
            problems.add(&settings.at("deny"), message);
        }
        let severity = table.text("severity", Severity::FORM, Severity::of, problems);
        let score = table.text("score", Score::FORM, |text| text.parse().ok(), problems);
        Some(Self { severity, score })
    }
}

impl KnownExploited {
    fn read(settings: &Table<'_>, problems: &mut Problems) -> Option<Self> {
        let table = settings.table("known-exploited", &["data", "max-age"], problems)?;
        let max_age = duration(&table, "max-age", problems);
        Some(Self { data: data(&table, problems)?, max_age })
    }
}

impl ExploitProbability {
    fn read(settings: &Table<'_>, problems: &mut Problems) -> Option<Self> {
        let keys = ["data", "at-least", "max-age", "unknown"];
        let table = settings.table("exploit-probability", &keys, problems)?;
        let threshold = |text: &str| text.parse().ok().filter(|read: &Probability| !read.is_zero());
        let at_least = table.required("at-least", Probability::FORM, threshold, problems);
        let max_age = duration(&table, "max-age", problems);
        let form = "`\"deny\"` or `\"pass\"`";
        let unknown = table.text("unknown", form, Unknown::of, problems).unwrap_or_default();
        Some(Self { data: data(&table, problems)?, at_least: at_least?, max_age, unknown })
    }
}

impl Grace {
    fn read(settings: &Table<'_>, problems: &mut Problems) -> Option<Self> {
        let words = Severity::ALL.map(Severity::as_str);
        let table = settings.table("grace", &words, problems)?;
        if !words.iter().any(|word| table.has(word)) {
            let message = "set one for a severity, for example `{ high = \"7d\" }`";
            problems.add(&settings.at("grace"), message);
        }
        let [low, medium, high, critical] = words.map(|word| duration(&table, word, problems));
        Some(Self { low, medium, high, critical })
    }

    /// A time of grace is for a severity that some threshold covers.
    fn within(&self, deny: Deny, problems: &mut Problems) {
        let Deny { severity: Some(least), score: None } = deny else { return };
        for severity in Severity::ALL.into_iter().filter(|severity| *severity < least) {
            if self.of(severity).is_some() {
                let message = format!(
                    "`deny.severity` is `{least}`, so nothing of this severity is denied; leave the \
                     key out"
                );
                problems.add(&format!("/grace/{severity}"), message);
            }
        }
    }
}

/// Whether a policy file can call a data file so.
fn is_name(text: &str) -> bool {
    let word = |word: &str| {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        !word.is_empty() && word.bytes().all(plain)
    };
    text.len() <= 64 && text.split('-').all(word)
}

#[cfg(test)]
mod tests;
