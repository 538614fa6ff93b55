//! What the policy asks of one scan: the questions, and the host that answers them.

use lockgate_plugin::Failure;
use lockgate_plugin::scans::{Query, Row, Scan, rows};

use crate::number::Score;

/// The statuses of VEX by which nothing has to be done about a row.
pub(crate) const CLEARED: [&str; 2] = ["not-affected", "fixed"];

/// A question about rows. What is not known is never covered less than what is bad.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Question {
    /// Of this severity or a higher one, and those of which it is unknown.
    pub(crate) at_least: Option<&'static str>,
    /// Of this severity.
    pub(crate) severity: Option<&'static str>,
    /// Of this score or a higher one, and those without a score.
    pub(crate) score: Option<Score>,
    /// With a known fix, or without.
    pub(crate) fixable: Option<bool>,
    /// What stands of them by VEX.
    pub(crate) standing: Standing,
}

/// What stands of a row by VEX.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Anything.
    #[default]
    Any,
    /// Nothing that clears it.
    Open,
    /// This status, which clears it.
    Cleared(&'static str),
}

/// What VEX says of a row.
#[derive(Debug, Clone)]
pub(crate) struct Stated {
    pub(crate) status: String,
    pub(crate) justification: Option<String>,
    pub(crate) signers: Vec<String>,
    /// The digest of the document.
    pub(crate) document: String,
}

/// The best known rating of a row.
#[derive(Debug, Clone)]
pub(crate) struct Rating {
    pub(crate) score: Score,
    /// Whose it is; empty where nobody says.
    pub(crate) source: String,
}

/// The rows of one scan. The host's index is one; so is a list in a test.
pub(crate) trait Rows {
    /// How many rows a question covers.
    fn count(&self, question: &Question) -> Result<u32, Failure>;

    /// Hands on the rows that a question covers, in their order, until one is enough.
    fn each(
        &self,
        question: &Question,
        take: &mut dyn FnMut(Row) -> Result<Next, Failure>,
    ) -> Result<(), Failure>;

    /// Other ids of the same vulnerability.
    fn aliases(&self, id: u32) -> Result<Vec<String>, Failure>;

    /// Versions in which it is fixed.
    fn fixed_versions(&self, id: u32) -> Result<Vec<String>, Failure>;

    /// The highest rating.
    fn rating(&self, id: u32) -> Result<Option<Rating>, Failure>;

    /// When the vulnerability was published.
    fn published_at(&self, id: u32) -> Result<Option<i64>, Failure>;

    /// What stands of it by VEX.
    fn stated(&self, id: u32) -> Result<Option<Stated>, Failure>;
}

/// Whether more rows are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    More,
    Enough,
}

impl Rows for Scan {
    fn count(&self, question: &Question) -> Result<u32, Failure> {
        Ok(query(self, question)?.count())
    }

    fn each(
        &self,
        question: &Question,
        take: &mut dyn FnMut(Row) -> Result<Next, Failure>,
    ) -> Result<(), Failure> {
        for row in rows(&query(self, question)?) {
            if take(row?)? == Next::Enough {
                break;
            }
        }
        Ok(())
    }

    fn aliases(&self, id: u32) -> Result<Vec<String>, Failure> {
        Ok(self.aliases(id)?)
    }

    fn fixed_versions(&self, id: u32) -> Result<Vec<String>, Failure> {
        Ok(self.fixed_versions(id)?)
    }

    fn rating(&self, id: u32) -> Result<Option<Rating>, Failure> {
        let best = self.cvss(id)?.into_iter().max_by_key(|rating| rating.score);
        Ok(best.map(|best| Rating { score: Score::from_tenths(best.score), source: best.source }))
    }

    fn published_at(&self, id: u32) -> Result<Option<i64>, Failure> {
        Ok(self.published_at(id)?)
    }

    fn stated(&self, id: u32) -> Result<Option<Stated>, Failure> {
        Ok(self.vex(id)?.map(|vex| Stated {
            status: vex.status,
            justification: vex.justification,
            signers: vex.signers,
            document: vex.document,
        }))
    }
}

fn query(scan: &Scan, question: &Question) -> Result<Query, Failure> {
    let query = scan.query();
    if let Some(word) = question.at_least {
        query.severity_at_least(word)?;
    }
    if let Some(word) = question.severity {
        query.severity(word)?;
    }
    if let Some(score) = question.score {
        query.score_at_least(score.tenths())?;
    }
    if let Some(fixable) = question.fixable {
        query.fixable(fixable)?;
    }
    match question.standing {
        Standing::Any => {}
        Standing::Open => CLEARED.iter().try_for_each(|status| query.status_not(status))?,
        Standing::Cleared(status) => query.status(status)?,
    }
    Ok(query)
}
