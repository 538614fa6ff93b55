//! Rows by key.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hasher};
use std::sync::Arc;

use super::csv::Csv;
use super::json::{self, Json};
use super::unreadable::Unreadable;

/// The most rows. An index of so many has the size of the largest file, and no list that policies use
/// has a tenth of them.
const MAX_ROWS: usize = 4 << 20;

/// Rows by key. Keys are compared exactly.
#[derive(Debug)]
pub struct Table {
    contents: Arc<[u8]>,
    shape: Shape,
    // INVARIANT: sorted by mark, then by key; each key once.
    rows: Vec<Entry>,
}

/// What a row looks like.
#[derive(Debug)]
pub(super) enum Shape {
    Csv(Csv),
    Json(Json),
}

/// Where a row stands.
#[derive(Debug, Clone, Copy)]
struct Entry {
    /// Of its key, see [`mark`].
    mark: u64,
    start: u32,
    end: u32,
}

/// A number that stands for a key, so that most comparisons are of numbers that lie side by side. It
/// is no secret and need not be: where marks are equal, keys are compared, so nobody makes a search
/// long by choosing keys. Nothing that is answered depends on it.
fn mark(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(key.as_bytes());
    hasher.finish()
}

/// An index while it is made.
pub(super) struct Draft {
    rows: Vec<Entry>,
}

impl Draft {
    /// For a file of so many bytes, of which rows have so many about.
    pub(super) fn new(bytes: usize, row: usize) -> Self {
        Self { rows: Vec::with_capacity((bytes / row.max(1)).min(MAX_ROWS) + 1) }
    }

    /// Adds a row by its key, in the order of the file.
    pub(super) fn add(&mut self, key: &str, start: usize, end: usize) -> Result<(), Unreadable> {
        if self.rows.len() == MAX_ROWS {
            return Err(Unreadable::rows(MAX_ROWS));
        }
        let place = |place: usize| u32::try_from(place).map_err(|_| Unreadable::TooLarge);
        self.rows.push(Entry { mark: mark(key), start: place(start)?, end: place(end)? });
        Ok(())
    }

    /// The table; `row` names one by where it begins.
    pub(super) fn finish(
        self,
        contents: Arc<[u8]>,
        shape: Shape,
        row: impl Fn(usize) -> String,
    ) -> Result<Table, Unreadable> {
        let mut table = Table { contents, shape, rows: Vec::new() };
        let mut rows = self.rows;
        rows.sort_unstable_by(|a, b| {
            let by_mark = a.mark.cmp(&b.mark);
            // Different rows of one mark are rare; those of one key are an error, of which the first
            // is told.
            by_mark.then_with(|| table.key(*a).cmp(&table.key(*b))).then(a.start.cmp(&b.start))
        });
        let pairs = rows.windows(2).filter(|pair| pair[0].mark == pair[1].mark);
        let twice = pairs.filter(|pair| table.key(pair[0]) == table.key(pair[1]));
        if let Some(second) = twice.map(|pair| pair[1]).min_by_key(|second| second.start) {
            let key = table.key(second).unwrap_or_default();
            return Err(Unreadable::twice(row(second.start as usize), &key));
        }
        rows.shrink_to_fit();
        table.rows = rows;
        Ok(table)
    }
}

impl Table {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many bytes its index has, beside the file.
    #[must_use]
    pub fn size(&self) -> usize {
        let beside = match &self.shape {
            Shape::Csv(csv) => csv.size(),
            Shape::Json(_) => 0,
        };
        size_of_val(&*self.rows) + beside
    }

    /// How many rows are looked at to find one.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.rows.len().checked_ilog2().unwrap_or(0) as usize + 1
    }

    /// The row of this key.
    #[must_use]
    pub fn row(&self, key: &str) -> Option<Row<'_>> {
        let wanted = mark(key);
        let found = self.rows.binary_search_by(|entry| {
            entry.mark.cmp(&wanted).then_with(|| self.key(*entry).as_deref().cmp(&Some(key)))
        });
        let entry = self.rows.get(found.ok()?)?;
        Some(Row { table: self, text: self.text(*entry) })
    }

    /// The comment lines before the names of the columns, without `#`; none for JSON.
    #[must_use]
    pub fn comments(&self) -> &[String] {
        match &self.shape {
            Shape::Csv(csv) => csv.comments(),
            Shape::Json(_) => &[],
        }
    }

    /// How many bytes are read to find what stands at a pointer.
    #[must_use]
    pub fn reach(&self, pointer: &str) -> usize {
        match &self.shape {
            Shape::Csv(_) => 0,
            Shape::Json(_) => self.contents.len().saturating_mul(1 + pointer.matches('/').count()),
        }
    }

    /// The string, number or boolean at a pointer of the whole document, as text; none where there is
    /// none, and for what is no JSON.
    #[must_use]
    pub fn value(&self, pointer: &str) -> Option<Cow<'_, str>> {
        match &self.shape {
            Shape::Csv(_) => None,
            Shape::Json(_) => json::scalar(json::at(all(&self.contents), pointer)?),
        }
    }

    fn text(&self, entry: Entry) -> &str {
        all(self.contents.get(entry.start as usize..entry.end as usize).unwrap_or_default())
    }

    fn key(&self, entry: Entry) -> Option<Cow<'_, str>> {
        match &self.shape {
            Shape::Csv(csv) => csv.key(self.text(entry)),
            Shape::Json(json) => json.key(self.text(entry)),
        }
    }
}

/// The text of what was text when it was indexed.
fn all(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).expect("it was read as text, and rows begin and end where characters do")
}

/// One row of a table.
#[derive(Debug, Clone, Copy)]
pub struct Row<'t> {
    table: &'t Table,
    text: &'t str,
}

impl<'t> Row<'t> {
    /// How many bytes are read to find a column.
    #[must_use]
    pub fn size(&self) -> usize {
        self.text.len()
    }

    /// What stands in a column, as text; none where there is nothing.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<Cow<'t, str>> {
        match &self.table.shape {
            Shape::Csv(csv) => csv.get(self.text, column),
            Shape::Json(_) => json::scalar(json::member(self.text, column)?),
        }
    }
}
