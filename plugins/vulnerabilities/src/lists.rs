//! What is exploited, and what is likely to be, by lists that the policy file hands over.
//!
//! The first is the catalogue of known exploited vulnerabilities of CISA in JSON, the second the scores
//! of EPSS in CSV, each as it is published. A list that is not what it says withholds the opinion: what
//! it does not have is not known.

use std::cmp::Ordering;

use lockgate_plugin::instant::Instant;
use lockgate_plugin::scans::Row;
use lockgate_plugin::{Failure, Level, Report};

use crate::age::Age;
use crate::cleared;
use crate::number::Probability;
use crate::rows::{CLEARED, Next, Question, Rows};
use crate::settings::{ExploitProbability, KnownExploited, Unknown};
use crate::table::{Table, open};
use crate::tally::{Place, Saying, Tally};
use crate::{KNOWN_EXPLOITED, LIKELY_EXPLOITED, STALE_LIST};

/// The lists that the settings name.
pub(crate) struct Lists<'s, T> {
    exploited: Option<List<'s, T, KnownExploited>>,
    likely: Option<List<'s, T, ExploitProbability>>,
}

/// One list.
struct List<'s, T, S> {
    settings: &'s S,
    table: T,
    digest: String,
}

impl<'s> Lists<'s, lockgate_plugin::data::Table> {
    /// Opens them.
    pub(crate) fn open(
        exploited: Option<&'s KnownExploited>,
        likely: Option<&'s ExploitProbability>,
    ) -> Result<Self, Failure> {
        let exploited = match exploited {
            Some(settings) => {
                let json = open(&settings.data, |file| file.json("/vulnerabilities", "cveID"))?;
                Some((settings, json))
            }
            None => None,
        };
        let likely = match likely {
            Some(settings) => Some((settings, open(&settings.data, |file| file.csv("cve"))?)),
            None => None,
        };
        Self::new(exploited, likely)
    }
}

type Opened<'s, T, S> = Option<(&'s S, (T, String))>;

impl<'s, T: Table> Lists<'s, T> {
    /// Of tables and the digests of their files.
    pub(crate) fn new(
        exploited: Opened<'s, T, KnownExploited>,
        likely: Opened<'s, T, ExploitProbability>,
    ) -> Result<Self, Failure> {
        fn list<'s, T, S>((settings, (table, digest)): (&'s S, (T, String))) -> List<'s, T, S> {
            List { settings, table, digest }
        }
        let (exploited, likely) = (exploited.map(list), likely.map(list));
        if let Some(List { settings, table, .. }) = &exploited {
            whole(&settings.data, table, table.text("/count")?)?;
        }
        if let Some(List { settings, table, .. }) = &likely {
            whole(&settings.data, table, None)?;
        }
        Ok(Self { exploited, likely })
    }

    /// Holds the lists against the moment.
    pub(crate) fn fresh(&self, at: i64, report: &mut Report) -> Result<(), Failure> {
        if let Some(List { settings, table, digest }) = &self.exploited
            && let Some(max) = settings.max_age
        {
            let text = table.text("/dateReleased")?;
            let then = text.and_then(|text| text.parse().ok()).map(Instant::unix);
            stale(&settings.data, Age { max, then, at }, digest, report);
        }
        if let Some(List { settings, table, digest }) = &self.likely
            && let Some(max) = settings.max_age
        {
            let then = table.comments()?.iter().find_map(|comment| score_date(comment));
            stale(&settings.data, Age { max, then, at }, digest, report);
        }
        Ok(())
    }

    /// Judges the rows of one scan: each is looked up by its id and the others of the same
    /// vulnerability.
    pub(crate) fn judge(
        &self,
        rows: &impl Rows,
        place: Place<'_>,
        report: &mut Report,
    ) -> Result<(), Failure> {
        if self.exploited.is_none() && self.likely.is_none() {
            return Ok(());
        }
        let tally = |rule, level| Tally::new(rule, level, place);
        let mut exploited = tally(KNOWN_EXPLOITED, Level::Violation);
        let mut likely = tally(LIKELY_EXPLOITED, Level::Violation);
        let mut exploited_cleared = tally(KNOWN_EXPLOITED, Level::Note);
        let mut likely_cleared = tally(LIKELY_EXPLOITED, Level::Note);
        let mut unknown = 0_u64;
        rows.each(&Question::default(), &mut |row| {
            let ids = ids(rows, &row)?;
            let hit = self.exploited.as_ref().map(|list| list.hit(&ids)).transpose()?.flatten();
            let risk = self.likely.as_ref().map(|list| list.risk(&ids)).transpose()?;
            let risk = risk.unwrap_or(Risk::Fine);
            if hit.is_none() && matches!(risk, Risk::Fine) {
                return Ok(Next::More);
            }
            let stated = rows.stated(row.id)?;
            let is_cleared = stated.is_some_and(|stated| CLEARED.contains(&stated.status.as_str()));
            if let Some(saying) = hit {
                match is_cleared {
                    true => cleared::note(rows, &row, &mut exploited_cleared, report)?,
                    false => exploited.add(&row, || saying, report),
                }
            }
            match risk {
                Risk::Fine => {}
                Risk::Unknown => unknown += u64::from(!is_cleared),
                Risk::Likely(_) if is_cleared => {
                    cleared::note(rows, &row, &mut likely_cleared, report)?;
                }
                Risk::Likely(saying) => likely.add(&row, || saying, report),
            }
            Ok(Next::More)
        })?;
        for tally in [exploited, likely, exploited_cleared, likely_cleared] {
            tally.finish(report);
        }
        if let Some(List { settings, digest, .. }) = self.likely.as_ref().filter(|_| unknown > 0) {
            let message = format!(
                "findings of the scan{} without an id that `{}` has, which `unknown` lets pass: \
                 {unknown}",
                place.name, settings.data
            );
            report.note(LIKELY_EXPLOITED, message).on(place.digest).on(digest.as_str());
        }
        Ok(())
    }
}

/// How likely a row is exploited.
enum Risk {
    /// Less than the settings deny.
    Fine,
    /// Nobody knows, and that may pass.
    Unknown,
    /// Too likely.
    Likely(Saying),
}

impl<T: Table> List<'_, T, KnownExploited> {
    /// What the list says of a vulnerability of these ids, if it has one of them.
    fn hit(&self, ids: &[String]) -> Result<Option<Saying>, Failure> {
        for id in ids {
            if self.table.get(id, "cveID")?.is_none() {
                continue;
            }
            let mut what = format!("is exploited: `{}` lists `{id}`", self.settings.data);
            for (column, since) in [("dateAdded", "since"), ("dueDate", "to be mended by")] {
                if let Some(date) = self.table.get(id, column)? {
                    what += &format!(", {since} {date}");
                }
            }
            let (expected, found) = (Some("not on the list".to_owned()), Some(id.clone()));
            return Ok(Some(Saying { what, expected, found, on: vec![self.digest.clone()] }));
        }
        Ok(None)
    }
}

impl<T: Table> List<'_, T, ExploitProbability> {
    /// How likely a vulnerability of these ids is exploited: the highest that the list has for one.
    fn risk(&self, ids: &[String]) -> Result<Risk, Failure> {
        let ExploitProbability { data, at_least, unknown, .. } = self.settings;
        let mut worst: Option<Probability> = None;
        for id in ids {
            let Some(text) = self.table.get(id, "epss")? else { continue };
            let read: Probability = text.parse().map_err(|()| {
                Failure::from(format!("`{data}` says `{text}` of `{id}`, which is no probability"))
            })?;
            if worst.as_ref().is_none_or(|worst| read > *worst) {
                worst = Some(read);
            }
        }
        let (what, found) = match worst {
            None if *unknown == Unknown::Pass => return Ok(Risk::Unknown),
            None => {
                let what = format!("has no id that `{data}` has, so it may be exploited");
                (what, "not on the list".to_owned())
            }
            Some(read) if read.partial_cmp(at_least) == Some(Ordering::Less) => {
                return Ok(Risk::Fine);
            }
            Some(read) => {
                let what = format!("is exploited with a probability of {read} by `{data}`");
                (what, read.to_string())
            }
        };
        let (expected, found) = (Some(format!("below {at_least}")), Some(found));
        Ok(Risk::Likely(Saying { what, expected, found, on: vec![self.digest.clone()] }))
    }
}

/// The ids of a row's vulnerability, as lists spell them: those of CVE in capital letters.
fn ids(rows: &impl Rows, row: &Row) -> Result<Vec<String>, Failure> {
    let mut ids = rows.aliases(row.id)?;
    ids.insert(0, row.vulnerability.clone());
    for id in &mut ids {
        if id.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("cve-")) {
            id.make_ascii_uppercase();
        }
    }
    Ok(ids)
}

/// A list that says how many rows it has has them, and none is empty: of what nobody lists nothing
/// would be known.
fn whole(name: &str, table: &impl Table, stated: Option<String>) -> Result<(), Failure> {
    let count = table.row_count();
    if count == 0 {
        return Err(format!("the data file `{name}` lists nothing").into());
    }
    match stated {
        Some(stated) if stated != count.to_string() => {
            Err(format!("the data file `{name}` lists {count} and says that it lists `{stated}`")
                .into())
        }
        _ => Ok(()),
    }
}

fn stale(name: &str, age: Age, digest: &str, report: &mut Report) {
    if let Some(why) = age.problem() {
        let message = format!("the list `{name}` {why}");
        let finding = report.violation(STALE_LIST, message);
        finding.about(name).expected(age.expected()).found(age.found()).on(digest);
    }
}

/// When scores were made, from `model_version:…,score_date:…`. The offset has a colon or none.
fn score_date(comment: &str) -> Option<i64> {
    let mut parts = comment.split(',');
    let date = parts.find_map(|part| part.trim().strip_prefix("score_date:"))?;
    let with_colon = match date.as_bytes() {
        [.., b'+' | b'-', a, b, c, d] if [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()) => {
            let (before, minutes) = date.split_at_checked(date.len() - 2)?;
            format!("{before}:{minutes}")
        }
        _ => date.to_owned(),
    };
    with_colon.parse().ok().map(Instant::unix)
}
