//! Where rows with something in common stand, so that a question looks at no others.

/// Rows by number of what they have.
#[derive(Debug, Default)]
pub(super) struct Postings {
    /// Where the rows of each number begin in `rows`, and where the last one's end.
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl Postings {
    /// From what each row has, in the order of the rows.
    pub(super) fn new<'a>(numbers: usize, rows: impl Iterator<Item = &'a [u32]> + Clone) -> Self {
        let mut starts = vec![0_u32; numbers + 1];
        let mut total = 0;
        for &number in rows.clone().flatten() {
            if let Some(count) = starts.get_mut(number as usize + 1) {
                *count += 1;
                total += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut all = vec![0; total];
        for (row, numbers) in (0..).zip(rows) {
            for &number in numbers {
                let Some(next) = next.get_mut(number as usize) else { continue };
                if let Some(place) = all.get_mut(*next as usize) {
                    *place = row;
                    *next += 1;
                }
            }
        }
        Self { starts, rows: all }
    }

    /// The rows that have this, in ascending order.
    pub(super) fn of(&self, number: u32) -> &[u32] {
        let number = number as usize;
        let (Some(&start), Some(&end)) = (self.starts.get(number), self.starts.get(number + 1))
        else {
            return &[];
        };
        self.rows.get(start as usize..end as usize).unwrap_or_default()
    }
}

/// Rows by a text that each of them has: by a hash of it, so that nothing is kept twice. Rows of
/// another text may be among them, and whoever asks looks at each.
#[derive(Debug, Default)]
pub(super) struct TextPostings {
    // INVARIANT: sorted by (hash, row), and as long as `rows`.
    hashes: Vec<u32>,
    rows: Vec<u32>,
}

impl TextPostings {
    /// From the text that each row has, in the order of the rows.
    pub(super) fn new<'a>(texts: impl Iterator<Item = Option<&'a str>>) -> Self {
        let rows = (0_u32..).zip(texts).filter_map(|(row, text)| Some((hash(text?), row)));
        let mut rows: Vec<(u32, u32)> = rows.collect();
        rows.sort_unstable();
        Self {
            hashes: rows.iter().map(|row| row.0).collect(),
            rows: rows.iter().map(|row| row.1).collect(),
        }
    }

    /// The rows that may have this text, in ascending order.
    pub(super) fn of(&self, text: &str) -> &[u32] {
        let hash = hash(text);
        let start = self.hashes.partition_point(|&other| other < hash);
        let end = self.hashes.partition_point(|&other| other <= hash);
        self.rows.get(start..end).unwrap_or_default()
    }
}

/// FNV-1a. A stranger can make texts that collide, which makes a question look at more rows, never
/// at more than there are.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
