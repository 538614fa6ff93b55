//! Whether recorded cases cover every rule that plugins declare.
//!
//! A case is a JSON report that `check` wrote, anywhere below a folder. A rule is covered if one case
//! shows it checked and finding nothing, and another shows it finding something. Plugins are told
//! apart as policy files name them, for their digests change with every build.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, Read};

use camino::{Utf8Path, Utf8PathBuf};
use cap_std::ambient_authority;
use cap_std::fs::Dir;
use lockgate_model::{LintReport, REPORT_SCHEMA};
use serde::Deserialize;

/// The largest report that is read. One of a thousand documents has some megabytes.
const MAX_REPORT: u64 = 64 << 20;

/// How deep folders may lie in folders: cases are laid out by plugin and by name.
const MAX_DEPTH: usize = 8;

/// Why recorded cases do not cover what they should, or cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CoverageError {
    /// A folder or a report cannot be read.
    #[error("cannot read `{path}`")]
    Read {
        /// The folder or file.
        path: Utf8PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A report cannot be understood.
    #[error("`{path}` says that it is a report, and is none")]
    NotAReport {
        /// The file.
        path: Utf8PathBuf,
        /// Why not.
        source: serde_json::Error,
    },
    /// Nothing was recorded there.
    #[error("there is no report in `{folder}`")]
    None {
        /// The folder.
        folder: Utf8PathBuf,
    },
    /// Rules that no case covers.
    #[error("the cases do not cover every rule")]
    Uncovered {
        /// Each rule, and what no case shows of it.
        uncovered: Vec<Uncovered>,
    },
}

/// A rule that is not covered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Uncovered {
    /// The plugin, as policy files name it.
    pub plugin: String,
    /// The rule's bare code.
    pub code: String,
    /// Whether no case shows it checked and finding nothing.
    pub never_passes: bool,
    /// Whether no case shows it finding something.
    pub never_finds: bool,
}

/// What a case has to say about rules.
#[derive(Deserialize)]
struct Recorded {
    policies: Vec<RecordedPolicy>,
}

#[derive(Deserialize)]
struct RecordedPolicy {
    plugin: String,
    rules: Vec<RecordedRule>,
    findings: Vec<RecordedFinding>,
}

#[derive(Deserialize)]
struct RecordedRule {
    code: String,
    state: String,
}

#[derive(Deserialize)]
struct RecordedFinding {
    code: String,
    level: String,
}

/// A file may be anything else that a case needs.
#[derive(Deserialize)]
struct Schema {
    schema: String,
}

/// What was seen of a rule, by plugin and code.
#[derive(Default)]
struct Seen {
    passes: BTreeSet<(String, String)>,
    finds: BTreeSet<(String, String)>,
}

/// Refuses rules of linted policies that no case below the folder covers.
pub(crate) fn check(report: &LintReport, folder: &Utf8Path) -> Result<(), CoverageError> {
    let read = |source| CoverageError::Read { path: folder.to_owned(), source };
    let dir = Dir::open_ambient_dir(folder, ambient_authority()).map_err(read)?;
    let mut seen = Seen::default();
    if collect(&dir, folder, 0, &mut seen)? == 0 {
        return Err(CoverageError::None { folder: folder.to_owned() });
    }
    let policies = report.sets.iter().flat_map(|set| &set.policies);
    let mut uncovered = BTreeMap::new();
    for policy in policies {
        for rule in &policy.rules {
            let key = (policy.plugin.clone(), rule.code.clone());
            let never_passes = !seen.passes.contains(&key);
            let never_finds = !seen.finds.contains(&key);
            if never_passes || never_finds {
                uncovered.insert(key, (never_passes, never_finds));
            }
        }
    }
    if uncovered.is_empty() {
        return Ok(());
    }
    let uncovered = uncovered.into_iter().map(|((plugin, code), (never_passes, never_finds))| {
        Uncovered { plugin, code, never_passes, never_finds }
    });
    Err(CoverageError::Uncovered { uncovered: uncovered.collect() })
}

/// Reads every report below a folder, and says how many there are.
fn collect(
    dir: &Dir,
    path: &Utf8Path,
    depth: usize,
    seen: &mut Seen,
) -> Result<usize, CoverageError> {
    let read = |source| CoverageError::Read { path: path.to_owned(), source };
    let mut reports = 0;
    for entry in dir.entries().map_err(read)? {
        let entry = entry.map_err(read)?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let below = path.join(name);
        let failed = |source| CoverageError::Read { path: below.clone(), source };
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() && depth < MAX_DEPTH {
            reports += collect(&entry.open_dir().map_err(failed)?, &below, depth + 1, seen)?;
        } else if kind.is_file() && below.extension() == Some("json") {
            let mut bytes = Vec::new();
            let file = entry.open().map_err(failed)?;
            file.take(MAX_REPORT).read_to_end(&mut bytes).map_err(failed)?;
            reports += usize::from(seen.report(&bytes, &below)?);
        }
    }
    Ok(reports)
}

impl Seen {
    /// Notes what a file shows, if it is a report.
    fn report(&mut self, bytes: &[u8], path: &Utf8Path) -> Result<bool, CoverageError> {
        let is_report = serde_json::from_slice::<Schema>(bytes)
            .is_ok_and(|Schema { schema }| schema == REPORT_SCHEMA);
        if !is_report {
            return Ok(false);
        }
        let recorded: Recorded = serde_json::from_slice(bytes)
            .map_err(|source| CoverageError::NotAReport { path: path.to_owned(), source })?;
        for RecordedPolicy { plugin, rules, findings } in recorded.policies {
            let weighty = findings.into_iter().filter(|finding| finding.level != "note");
            let found: BTreeSet<String> = weighty.map(|finding| finding.code).collect();
            let checked = rules.into_iter().filter(|rule| rule.state == "checked");
            let clean = checked.map(|rule| rule.code).filter(|code| !found.contains(code));
            self.passes.extend(clean.map(|code| (plugin.clone(), code)));
            self.finds.extend(found.into_iter().map(|code| (plugin.clone(), code)));
        }
        Ok(true)
    }
}

impl fmt::Display for Uncovered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { plugin, code, never_passes, never_finds } = self;
        let what = match (never_passes, never_finds) {
            (true, true) => "speaks of it",
            (true, false) => "shows it checked and finding nothing",
            (false, _) => "shows it finding something",
        };
        write!(f, "the rule `{code}` of `{plugin}`: no case {what}")
    }
}
