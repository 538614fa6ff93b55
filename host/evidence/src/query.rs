//! Questions about rows that stand in a fixed order: they narrow, count, and come in pages.
//!
//! Every index of this crate answers through these, so that paging is written once and a page is cut
//! from one order everywhere. What a narrowing means is said by the room that has the rows.

use std::ops::Range;

/// One narrowing of a question about the rows of an index.
pub trait Narrowing {
    /// What has the rows.
    type Index;

    /// How many rows it has.
    fn rows(index: &Self::Index) -> usize;

    /// Whether it covers the row of that number, which is less than there are rows.
    fn covers(&self, index: &Self::Index, row: usize) -> bool;

    /// What looking at one row costs, in units of a comparison of two short strings, on the average.
    fn weight(&self, index: &Self::Index) -> usize {
        let _ = index;
        1
    }

    /// How many bytes it keeps, about, beside what it was made of.
    fn size(&self) -> usize {
        0
    }

    /// Whether it covers every row among its candidates, so that nobody has to look at one.
    fn is_exact(&self) -> bool {
        false
    }

    /// Rows outside of which it covers none, if the index knows that without looking at each.
    fn candidates<'i>(&'i self, index: &'i Self::Index) -> Option<Candidates<'i>> {
        let _ = index;
        None
    }
}

/// Rows of which some may be covered, in the order of their numbers.
#[derive(Debug, Clone)]
pub enum Candidates<'i> {
    /// All from one number to another.
    Range(Range<usize>),
    /// These, in ascending order.
    Listed(&'i [u32]),
}

impl Candidates<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Range(range) => range.len(),
            Self::Listed(rows) => rows.len(),
        }
    }

    /// Those from a number on.
    fn from(self, first: usize) -> Self {
        match self {
            Self::Range(range) => Self::Range(range.start.max(first).min(range.end)..range.end),
            Self::Listed(rows) => {
                let start = rows.partition_point(|&row| (row as usize) < first);
                Self::Listed(&rows[start..])
            }
        }
    }

    fn get(&self, place: usize) -> Option<usize> {
        match self {
            Self::Range(range) => range.clone().nth(place),
            Self::Listed(rows) => rows.get(place).map(|&row| row as usize),
        }
    }
}

/// A question that narrows: each narrowing is added to those before it, and all have to hold.
#[derive(Debug, Clone)]
pub struct Query<N> {
    narrowings: Vec<N>,
    /// The number of the row at which the next page begins.
    cursor: usize,
}

impl<N> Default for Query<N> {
    fn default() -> Self {
        Self { narrowings: Vec::new(), cursor: 0 }
    }
}

impl<N: Narrowing> Query<N> {
    /// Every row, from the first.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    /// Adds a narrowing.
    pub fn narrow(&mut self, narrowing: N) {
        self.narrowings.push(narrowing);
    }

    /// How many narrowings it has.
    #[must_use]
    pub fn width(&self) -> usize {
        self.narrowings.len()
    }

    /// What it costs to answer a count, and at the most to answer a page, in units of one comparison of
    /// two short strings.
    #[must_use]
    pub fn work(&self, index: &N::Index) -> usize {
        let weights = self.narrowings.iter().map(|narrowing| narrowing.weight(index));
        let weight = weights.fold(0, usize::saturating_add).max(1);
        self.candidates(index).len().saturating_mul(weight)
    }

    /// How many rows it covers, whatever was already read.
    #[must_use]
    pub fn count(&self, index: &N::Index) -> u32 {
        if let [one] = self.narrowings.as_slice()
            && one.is_exact()
            && let Some(candidates) = one.candidates(index)
        {
            return u32::try_from(candidates.len()).unwrap_or(u32::MAX);
        }
        let candidates = self.candidates(index);
        let rows = (0..).map_while(|place| candidates.get(place));
        u32::try_from(rows.filter(|&row| self.covers(index, row)).count()).unwrap_or(u32::MAX)
    }

    /// The numbers of all rows that it covers, whatever was already read.
    #[must_use]
    pub fn rows(&self, index: &N::Index) -> Vec<u32> {
        let candidates = self.candidates(index);
        let rows = (0..).map_while(|place| candidates.get(place));
        rows.filter(|&row| self.covers(index, row))
            .map_while(|row| u32::try_from(row).ok())
            .collect()
    }

    /// The numbers of the next at most `max` of them; empty at the end.
    pub fn next(&mut self, index: &N::Index, max: usize) -> Vec<u32> {
        let mut page = Vec::new();
        let candidates = self.candidates(index).from(self.cursor);
        let mut rows = (0..).map_while(|place| candidates.get(place));
        self.cursor = loop {
            if page.len() == max {
                break page.last().map_or(self.cursor, |&last| last as usize + 1);
            }
            let Some(row) = rows.next() else { break N::rows(index) };
            if self.covers(index, row) {
                page.extend(u32::try_from(row));
            }
        };
        page
    }

    /// The fewest rows that one narrowing leaves without looking at each.
    fn candidates<'i>(&'i self, index: &'i N::Index) -> Candidates<'i> {
        let known = self.narrowings.iter().filter_map(|narrowing| narrowing.candidates(index));
        known.min_by_key(Candidates::len).unwrap_or(Candidates::Range(0..N::rows(index)))
    }

    /// Whether all narrowings cover a row.
    pub(crate) fn covers(&self, index: &N::Index, row: usize) -> bool {
        self.narrowings.iter().all(|narrowing| narrowing.covers(index, row))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Numbers, and where the even ones stand.
    struct Numbers(Vec<u32>, Vec<u32>);

    #[derive(Debug, Clone)]
    enum Which {
        Even,
        Among(Range<usize>),
        Below(u32),
    }

    impl Narrowing for Which {
        type Index = Numbers;

        fn rows(index: &Numbers) -> usize {
            index.0.len()
        }

        fn covers(&self, index: &Numbers, row: usize) -> bool {
            match self {
                Self::Even => index.0[row].is_multiple_of(2),
                Self::Among(range) => range.contains(&row),
                Self::Below(end) => index.0[row] < *end,
            }
        }

        fn is_exact(&self) -> bool {
            !matches!(self, Self::Below(_))
        }

        fn candidates<'i>(&self, index: &'i Numbers) -> Option<Candidates<'i>> {
            match self {
                Self::Even => Some(Candidates::Listed(&index.1)),
                Self::Among(range) => {
                    let end = range.end.min(index.0.len());
                    Some(Candidates::Range(range.start.min(end)..end))
                }
                Self::Below(_) => None,
            }
        }
    }

    fn any_which() -> impl Strategy<Value = Which> {
        prop_oneof![
            Just(Which::Even),
            (0..20_usize, 0..20_usize).prop_map(|(start, end)| Which::Among(start..end)),
            (0..20_u32).prop_map(Which::Below),
        ]
    }

    proptest! {
        #[test]
        fn what_an_index_knows_changes_no_answer(
            numbers in prop::collection::vec(0..20_u32, 0..20),
            narrowings in prop::collection::vec(any_which(), 0..4),
            max in 1..5_usize,
        ) {
            let even = (0..).zip(&numbers).filter(|(_, n)| n.is_multiple_of(2)).map(|(row, _)| row);
            let even = even.collect();
            let index = Numbers(numbers, even);
            let mut query = Query::all();
            narrowings.iter().cloned().for_each(|narrowing| query.narrow(narrowing));
            let covered = |row: &u32| {
                narrowings.iter().all(|narrowing| narrowing.covers(&index, *row as usize))
            };
            let expected: Vec<u32> = (0..).take(index.0.len()).filter(covered).collect();
            prop_assert_eq!(query.count(&index) as usize, expected.len());
            let mut read = Vec::new();
            loop {
                let page = query.next(&index, max);
                prop_assert!(page.len() <= max);
                if page.is_empty() {
                    break;
                }
                read.extend(page);
            }
            prop_assert_eq!(read, expected);
        }
    }
}
