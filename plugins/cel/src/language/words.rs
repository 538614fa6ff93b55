//! Words of which a text of the facts is one: `docs/facts.md` lists them.
//!
//! `severity != "CRITICAL"` is true of everything, so a text that can never stand there is a problem of
//! the settings.

/// The words that can stand under a key.
#[derive(Debug)]
pub(crate) struct Words {
    /// What one of them is.
    what: &'static str,
    /// Which there are; some of them where not all are known.
    list: &'static [&'static str],
    rest: Rest,
}

/// What else can stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rest {
    /// Nothing; and the words have no order as texts.
    None,
    /// Nothing; and the words are ordered as texts are.
    Ordered,
    /// Other words, of lower-case letters and digits with dashes between.
    Kebab,
    /// Other names of hash algorithms, as the host spells them.
    Algorithms,
}

const fn closed(what: &'static str, list: &'static [&'static str]) -> Words {
    Words { what, list, rest: Rest::None }
}

const fn open(what: &'static str, list: &'static [&'static str]) -> Words {
    Words { what, list, rest: Rest::Kebab }
}

pub(crate) static ASSURANCE: Words = closed("assurance", &["verified", "unbound", "accepted"]);
pub(crate) static SIGNATURE_FORMAT: Words = open("format of signatures", &["sigstore-bundle"]);
pub(crate) static BOM_FORMAT: Words = closed("format of SBOMs", &["cyclonedx", "spdx"]);
pub(crate) static ALGORITHM: Words =
    Words { what: "hash algorithm", list: &["sha-256", "md5"], rest: Rest::Algorithms };
pub(crate) static FORM: Words = closed("form of license statements", &["expression", "name"]);
pub(crate) static SCAN_FORMAT: Words = closed(
    "format of scans",
    &["trivy", "grype", "sarif", "cyclonedx", "osv-scanner", "in-toto-vulns"],
);
pub(crate) static SEVERITY: Words =
    closed("severity", &["none", "low", "medium", "high", "critical", "unknown"]);
pub(crate) static CVSS_VERSION: Words =
    Words { what: "version of CVSS", list: &["", "2.0", "3.0", "3.1", "4.0"], rest: Rest::Ordered };
pub(crate) static STATUS: Words =
    closed("status of VEX", &["affected", "under-investigation", "fixed", "not-affected"]);
// A document may have another word, but whoever asks for it takes a failure for something else.
pub(crate) static TEST_OUTCOME: Words = closed("outcome of tests", &["passed", "warned", "failed"]);
pub(crate) static ARCHIVE_FORMAT: Words =
    closed("format of archives", &["tar", "tar-gzip", "zip", "oci-layout"]);
pub(crate) static AMBIGUITY_CODE: Words = open("code of ambiguities", &["duplicate-path"]);
pub(crate) static ENTRY_KIND: Words =
    closed("kind of entries", &["file", "directory", "symlink", "hardlink", "other"]);
pub(crate) static STAGE: Words = open("stage", &["production"]);
pub(crate) static DECISION_OUTCOME: Words =
    closed("outcome of decisions", &["allowed", "denied", "undecided", "pending"]);

impl Words {
    /// All there are; none where there may be others.
    pub(crate) fn all(&self) -> Option<&'static [&'static str]> {
        matches!(self.rest, Rest::None | Rest::Ordered).then_some(self.list)
    }

    /// Whether less and more of them mean anything.
    pub(crate) fn have_order(&self) -> bool {
        self.rest != Rest::None
    }

    /// Why they are not held against each other by their order.
    pub(crate) fn no_order(&self, sign: &str) -> String {
        let (what, known) = (self.what, self.list.join("`, `"));
        format!("`{sign}` compares letters, and not what a {what} means; there are `{known}`")
    }

    /// Whether a text can stand there; else why not, with the nearest that can.
    pub(crate) fn allow(&self, text: &str) -> Result<(), String> {
        let allowed = match self.rest {
            Rest::None | Rest::Ordered => self.list.contains(&text),
            Rest::Kebab => is_kebab(text),
            Rest::Algorithms => spelled(text) == text,
        };
        if allowed {
            return Ok(());
        }
        let near = match self.rest {
            Rest::None | Rest::Ordered => nearest(text, self.list).map(str::to_owned),
            Rest::Kebab => Some(text.to_ascii_lowercase().replace(['_', ' '], "-")),
            Rest::Algorithms => Some(spelled(text)),
        };
        let near = near.filter(|near| near.len() <= LONGEST && self.allow(near).is_ok());
        let near = near.map(|near| format!(", but `{near}`")).unwrap_or_default();
        let known: Vec<&str> = self.list.iter().copied().filter(|word| !word.is_empty()).collect();
        let known = known.join("`, `");
        let shown: String = text.chars().take(LONGEST).collect();
        let what = self.what;
        let which = match self.all() {
            Some(_) => "there are",
            None => "they are in lower case, for example",
        };
        Err(format!("there is no {what} `{shown}`{near}; {which} `{known}`"))
    }

    /// Whether a question about parts of a text can be true of one of the words.
    pub(crate) fn any(&self, asked: impl Fn(&'static str) -> bool) -> Result<(), String> {
        match self.all() {
            Some(words) if !words.iter().any(|word| asked(word)) => {
                let (what, known) = (self.what, words.join("`, `"));
                Err(format!("this is true of no {what}; there are `{known}`"))
            }
            _ => Ok(()),
        }
    }
}

/// The most letters of a word that are looked at: what is longer is none.
const LONGEST: usize = 40;

fn is_kebab(text: &str) -> bool {
    text.split('-').all(|word| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase())
    })
}

/// A hash algorithm as the facts spell it.
fn spelled(text: &str) -> String {
    let text = text.trim().to_ascii_lowercase().replace('_', "-");
    match text.strip_prefix("sha") {
        Some(bits) if !bits.is_empty() && bits.bytes().all(|b| b.is_ascii_digit()) => {
            format!("sha-{bits}")
        }
        _ => text,
    }
}

/// The word that somebody may have meant, by letters and digits alone: one that goes on, else the one
/// of which a third at the most is different.
fn nearest(text: &str, list: &[&'static str]) -> Option<&'static str> {
    let plain = |text: &str| -> Vec<u8> {
        let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
        letters.map(|b| b.to_ascii_lowercase()).take(LONGEST).collect()
    };
    let text = plain(text);
    let known = list.iter().filter(|word| !word.is_empty());
    let near = known.map(|word| {
        let known = plain(word);
        let goes_on = text.len() > 2 && (known.starts_with(&text) || text.starts_with(&known));
        (if goes_on { 0 } else { distance(&text, &known) }, *word)
    });
    let (apart, word) = near.min_by_key(|near| near.0)?;
    (apart * 3 <= text.len() && !text.is_empty()).then_some(word)
}

/// How many letters have to be put in, taken out or exchanged.
fn distance(one: &[u8], other: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (number, a) in one.iter().enumerate() {
        let (mut before, mut left) = (number, number + 1);
        for (place, b) in row.iter_mut().skip(1).zip(other) {
            let exchanged = before + usize::from(a != b);
            before = *place;
            left = exchanged.min(left + 1).min(before + 1);
            *place = left;
        }
    }
    row.pop().unwrap_or_default()
}
