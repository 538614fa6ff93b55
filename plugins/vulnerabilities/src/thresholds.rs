//! What is too severe, by severity and by score.
//!
//! The host finds the rows and counts them: only rows that are named, and those of a severity with a
//! time of grace, are looked at.

use lockgate_plugin::duration::Duration;
use lockgate_plugin::instant::Instant;
use lockgate_plugin::scans::Row;
use lockgate_plugin::{Failure, Level, Report, Rule};

use crate::cleared::cleared;
use crate::rows::{CLEARED, Next, Question, Rows, Standing};
use crate::settings::{Deny, Grace, Severity};
use crate::tally::{Place, Saying, Tally};
use crate::{SCORE_OVER_THRESHOLD, SEVERITY_OVER_THRESHOLD};

/// What is too severe, and what softens that.
#[derive(Debug)]
pub(crate) struct Thresholds {
    pub(crate) deny: Deny,
    pub(crate) fixable_only: bool,
    pub(crate) grace: Option<Grace>,
}

/// One threshold.
#[derive(Debug, Clone, Copy)]
enum Threshold {
    Severity(Severity),
    Score(crate::number::Score),
}

/// Rows that are treated alike.
struct Part {
    question: Question,
    grace: Option<Duration>,
}

impl Thresholds {
    /// Judges one scan at a moment.
    pub(crate) fn judge(
        &self,
        rows: &impl Rows,
        place: Place<'_>,
        at: i64,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let severity = self.deny.severity.map(Threshold::Severity);
        let score = self.deny.score.map(Threshold::Score);
        for threshold in severity.into_iter().chain(score) {
            self.one(threshold, rows, place, at, report)?;
        }
        Ok(())
    }

    fn one(
        &self,
        threshold: Threshold,
        rows: &impl Rows,
        place: Place<'_>,
        at: i64,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let rule = threshold.rule();
        let mut violations = Tally::new(rule, Level::Violation, place);
        let mut warnings = Tally::new(rule, Level::Warning, place);
        for Part { mut question, grace } in self.parts(threshold) {
            question.standing = Standing::Open;
            let fixable: &[Option<bool>] =
                if self.fixable_only { &[Some(true), Some(false)] } else { &[None] };
            for fixable in fixable {
                question.fixable = *fixable;
                let unfixable = *fixable == Some(false);
                let tally = if unfixable { &mut warnings } else { &mut violations };
                match grace.filter(|_| !unfixable) {
                    None => counted(threshold, rows, &question, unfixable, tally, report)?,
                    Some(grace) => {
                        let tallies = (&mut violations, &mut warnings);
                        graced(threshold, rows, &question, (grace, at), tallies, report)?;
                    }
                }
            }
        }
        violations.finish(report);
        warnings.finish(report);
        for status in CLEARED {
            let question = Question { standing: Standing::Cleared(status), ..threshold.question() };
            cleared(rule, rows, &question, place, report)?;
        }
        Ok(())
    }

    /// All rows of a threshold, each in one part.
    fn parts(&self, threshold: Threshold) -> Vec<Part> {
        let Some(grace) = &self.grace else {
            return vec![Part { question: threshold.question(), grace: None }];
        };
        let known = Severity::ALL.into_iter().filter(|severity| threshold.covers(*severity));
        let known = known.map(|severity| (severity.as_str(), grace.of(severity)));
        // Of no severity, and of an unknown one, there is no time of grace.
        let others: &[&str] = match threshold {
            Threshold::Severity(_) => &["unknown"],
            Threshold::Score(_) => &["none", "unknown"],
        };
        let others = others.iter().map(|word| (*word, None));
        known
            .chain(others)
            .map(|(word, grace)| {
                let all = threshold.question();
                Part { question: Question { at_least: None, severity: Some(word), ..all }, grace }
            })
            .collect()
    }
}

impl Threshold {
    fn rule(self) -> Rule {
        match self {
            Self::Severity(_) => SEVERITY_OVER_THRESHOLD,
            Self::Score(_) => SCORE_OVER_THRESHOLD,
        }
    }

    /// Its rows.
    fn question(self) -> Question {
        match self {
            Self::Severity(least) => {
                Question { at_least: Some(least.as_str()), ..Question::default() }
            }
            Self::Score(least) => Question { score: Some(least), ..Question::default() },
        }
    }

    /// Whether rows of a severity may be among its rows.
    fn covers(self, severity: Severity) -> bool {
        match self {
            Self::Severity(least) => severity >= least,
            Self::Score(_) => true,
        }
    }

    /// What is said of a row.
    fn saying(self, rows: &impl Rows, row: &Row) -> Result<Saying, Failure> {
        let (mut what, expected, found) = match self {
            Self::Severity(least) => {
                let what = match row.severity.as_str() {
                    "unknown" => "is of unknown severity, which may be any".to_owned(),
                    word => format!("is {word}"),
                };
                (what, format!("below {least}"), row.severity.clone())
            }
            Self::Score(least) => {
                let (what, found) = match rows.rating(row.id)? {
                    None => ("has no score, so it may be any".to_owned(), "no score".to_owned()),
                    Some(rating) => {
                        let found = rating.score.to_string();
                        let by = match rating.source.as_str() {
                            "" => String::new(),
                            source => format!(" by `{source}`"),
                        };
                        (format!("has the score {found}{by}"), found)
                    }
                };
                (what, format!("below {least}"), found)
            }
        };
        let fixed = rows.fixed_versions(row.id)?;
        if !fixed.is_empty() {
            what += &format!("; fixed in `{}`", fixed.join("`, `"));
        }
        let (expected, found) = (Some(expected), Some(found));
        Ok(Saying { what, expected, found, ..Saying::default() })
    }
}

/// Names the first rows that a question covers, and lets the host count the rest.
fn counted(
    threshold: Threshold,
    rows: &impl Rows,
    question: &Question,
    unfixable: bool,
    tally: &mut Tally<'_>,
    report: &mut Report,
) -> Result<(), Failure> {
    let count = u64::from(rows.count(question)?);
    if count == 0 {
        return Ok(());
    }
    let mut seen = 0_u64;
    if !tally.is_full() {
        rows.each(question, &mut |row| {
            if tally.names(&row) {
                let mut saying = threshold.saying(rows, &row)?;
                if unfixable {
                    saying.what += "; no fix is known";
                }
                tally.add(&row, || saying, report);
            }
            seen += 1;
            Ok(if tally.is_full() { Next::Enough } else { Next::More })
        })?;
    }
    tally.count(count.saturating_sub(seen));
    Ok(())
}

/// Looks at all rows that a question covers, for when each was published.
fn graced<'p>(
    threshold: Threshold,
    rows: &impl Rows,
    question: &Question,
    (grace, at): (Duration, i64),
    (violations, warnings): (&mut Tally<'p>, &mut Tally<'p>),
    report: &mut Report,
) -> Result<(), Failure> {
    rows.each(question, &mut |row| {
        let until = until(rows.published_at(row.id)?, grace, at);
        let tally = if until.is_some() { &mut *warnings } else { &mut *violations };
        let mut saying = match tally.names(&row) {
            true => threshold.saying(rows, &row)?,
            false => Saying::default(),
        };
        if let Some(until) = until {
            saying.what += &format!("; there is time until {until}");
        }
        tally.add(&row, || saying, report);
        Ok(Next::More)
    })
}

/// Until when there is time for what was published then; none where there is none. What says that it
/// was published after the moment that is asked for does not say when it was.
fn until(published: Option<i64>, grace: Duration, at: i64) -> Option<Instant> {
    let published = published.filter(|published| *published <= at)?;
    if grace.is_outlived(published, at) {
        return None;
    }
    let grace = i64::try_from(grace.seconds()).ok()?;
    Some(Instant::from_unix(published.checked_add(grace)?))
}
