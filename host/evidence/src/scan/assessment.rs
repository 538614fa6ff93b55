//! A scan with what VEX says of its rows.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

use lockgate_model::Digest;

use super::Scan;

/// A scan with what VEX says of each row. The rows are those of the scan: nothing that is said of
/// one changes or removes it.
#[derive(Debug, Clone)]
pub struct Assessment {
    scan: Arc<Scan>,
    // INVARIANT: distinct. Few statements cover many rows.
    statements: Vec<Stated>,
    // INVARIANT: one for each row of the scan, and each the place of a statement.
    of_row: Vec<Option<u32>>,
}

/// What stands of a row by VEX.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stated {
    /// The status.
    pub status: Status,
    /// Why, in the words of the format: `vulnerable_code_not_present`.
    pub justification: Option<String>,
    /// The names that `[trust]` gives to those who signed it, sorted, at least one.
    pub signers: Vec<String>,
    /// The digest of the document.
    pub document: Digest,
    /// What the document calls its author. For messages only: nobody vouches for it.
    pub author: Option<String>,
}

/// Whether a vulnerability matters in a component. The order is from the most severe to the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It does.
    Affected,
    /// It is not known yet.
    UnderInvestigation,
    /// It did, and is fixed.
    Fixed,
    /// It does not.
    NotAffected,
}

impl Status {
    /// Every one, from the most severe to the least.
    pub const ALL: &[Self] =
        &[Self::Affected, Self::UnderInvestigation, Self::Fixed, Self::NotAffected];

    /// The word for it in WIT.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Affected => "affected",
            Self::UnderInvestigation => "under-investigation",
            Self::Fixed => "fixed",
            Self::NotAffected => "not-affected",
        }
    }
}

/// A word that stands for no status.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a VEX status")]
pub struct UnknownStatus(pub String);

impl FromStr for Status {
    type Err = UnknownStatus;

    fn from_str(word: &str) -> Result<Self, UnknownStatus> {
        let known = Self::ALL.iter().find(|status| status.as_str() == word);
        known.copied().ok_or_else(|| UnknownStatus(word.to_owned()))
    }
}

impl Assessment {
    /// What VEX says of each row, by its number. Of rows behind the last that is given it says
    /// nothing.
    #[must_use]
    pub fn new(scan: Arc<Scan>, vex: Vec<Option<Stated>>) -> Self {
        let mut places: BTreeMap<Stated, u32> = BTreeMap::new();
        let mut place = |stated: Stated| {
            // There are no more than there are rows, of which the numbers are 32 bits long.
            let next = u32::try_from(places.len()).unwrap_or(u32::MAX);
            *places.entry(stated).or_insert(next)
        };
        let given = vex.into_iter().chain(std::iter::repeat_with(|| None));
        let of_row = given.take(scan.rows().len()).map(|stated| stated.map(&mut place)).collect();
        let mut statements: Vec<(u32, Stated)> =
            places.into_iter().map(|(stated, place)| (place, stated)).collect();
        statements.sort_unstable_by_key(|(place, _)| *place);
        let statements = statements.into_iter().map(|(_, stated)| stated).collect();
        Self { scan, statements, of_row }
    }

    /// A scan of which VEX says nothing.
    #[must_use]
    pub fn without_vex(scan: Arc<Scan>) -> Self {
        Self::new(scan, Vec::new())
    }

    /// The scan.
    #[must_use]
    pub fn scan(&self) -> &Arc<Scan> {
        &self.scan
    }

    /// What stands of a row; none where nothing does, or where there is no row of that number.
    #[must_use]
    pub fn stated(&self, row: usize) -> Option<&Stated> {
        self.statements.get((*self.of_row.get(row)?)? as usize)
    }
}
