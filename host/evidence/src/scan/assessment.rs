//! A scan with what VEX says of its rows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lockgate_model::Digest;

use super::Scan;
use crate::verify::Facts;
use crate::vex::{self, Applied, Digests, Rules, Stated, Target};

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

/// A VEX document that should count and cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("what VEX says cannot be told, for {document} cannot be read: {why}")]
pub struct UnreadVex {
    /// The document's digest.
    pub document: Digest,
    /// What is wrong with it.
    pub why: String,
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

    /// A scan with what the VEX documents among the facts say of its rows, by the signers whose names
    /// are honoured or by all, and what is worth knowing about how those were read: sentences for
    /// people.
    ///
    /// # Errors
    ///
    /// A document that should count cannot be read. It may say anything, so no row can be cleared.
    pub fn of(
        scan: Arc<Scan>,
        facts: &Facts,
        digests: Digests<'_>,
        rules: Rules,
        honoured: Option<&BTreeSet<String>>,
    ) -> Result<(Self, Vec<String>), UnreadVex> {
        let targets = scan.rows().iter().map(|row| Target {
            vulnerability: &row.vulnerability,
            aliases: &row.aliases,
            component: &row.component,
            version: row.version.as_deref(),
            purl: row.purl.as_deref(),
        });
        let Applied { statuses, unreadable, notes } =
            vex::apply(facts, digests, rules, honoured, targets);
        match unreadable.into_iter().next() {
            Some((document, why)) => Err(UnreadVex { document, why }),
            None => Ok((Self::new(scan, statuses), notes)),
        }
    }

    /// A scan of which VEX says nothing.
    #[must_use]
    pub fn without_vex(scan: Arc<Scan>) -> Self {
        Self::new(scan, Vec::new())
    }

    /// About how many bytes it keeps beside the scan.
    #[must_use]
    pub fn size(&self) -> usize {
        let texts = |stated: &Stated| {
            let signers: usize =
                stated.signers.iter().map(|name| name.len() + size_of::<String>()).sum();
            let others = [&stated.justification, &stated.author];
            signers + others.into_iter().flatten().map(String::len).sum::<usize>()
        };
        size_of_val(self.of_row.as_slice())
            + size_of_val(self.statements.as_slice())
            + self.statements.iter().map(texts).sum::<usize>()
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
