//! Comma-separated values (RFC 4180), read strictly.
//!
//! Readers of CSV mend what is broken: a quote that nobody closes swallows all rows after it, and a
//! list of what is exploited is one row long. Here that is an error, so this is no crate's.

use std::borrow::Cow;
use std::sync::Arc;

use memchr::{memchr, memchr_iter, memchr3};

use crate::reason::{listed, quoted};

use super::table::{Draft, Shape, Table};
use super::unreadable::Unreadable;

/// The most columns. A row is read to its end for each value that is asked for.
const MAX_COLUMNS: usize = 1_000;

/// The most lines of comment.
const MAX_COMMENTS: usize = 1_000;

/// The most bytes of columns that are named where one is missing.
const MAX_NAMED: usize = 400;

/// How long rows are, about: only how much room is taken at once rests on it.
const USUAL_ROW: usize = 32;

/// What spreadsheets put before the first line.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// What all rows have in common.
#[derive(Debug)]
pub(super) struct Csv {
    columns: Vec<String>,
    /// The number of the column by which rows are found.
    key: usize,
    comments: Vec<String>,
}

/// The file as a table by this column.
pub(super) fn table(contents: &Arc<[u8]>, key: &str) -> Result<Table, Unreadable> {
    let text = str::from_utf8(contents)
        .map_err(|error| Unreadable::NotUtf8 { line: line_at(contents, error.valid_up_to()) })?;
    let mut rest = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let place = |rest: &str| text.len() - rest.len();
    let line = |rest: &str| format!("line {}", line_at(text.as_bytes(), place(rest)));

    let comments = comments(&mut rest)?;
    let header = rest;
    let mut columns = Vec::new();
    record(&mut rest, |field| columns.push(field.into_owned()))
        .map_err(|why| Unreadable::row(line(header), why))?;
    let csv = Csv { key: named(&columns, key)?, columns, comments };

    let mut draft = Draft::new(rest.len(), USUAL_ROW);
    while !rest.is_empty() {
        let row = rest;
        let (mut fields, mut found) = (0, None);
        let read = record(&mut rest, |field| {
            if fields == csv.key {
                found = Some(field);
            }
            fields += 1;
        });
        read.map_err(|why| Unreadable::row(line(row), why))?;
        if fields != csv.columns.len() {
            let what = format!("has {fields} fields, and {} columns are named", csv.columns.len());
            return Err(Unreadable::row(line(row), what));
        }
        match found {
            Some(found) if !found.is_empty() => draft.add(&found, place(row), place(rest))?,
            _ => return Err(Unreadable::keyless(line(row), key)),
        }
    }
    let name = |start| format!("line {}", line_at(contents, start));
    draft.finish(Arc::clone(contents), Shape::Csv(csv), name)
}

/// Takes the comment lines at the front, without `#`.
fn comments(rest: &mut &str) -> Result<Vec<String>, Unreadable> {
    let mut comments = Vec::new();
    while let Some(comment) = rest.strip_prefix('#') {
        if comments.len() == MAX_COMMENTS {
            let what =
                format!("it begins with more than {MAX_COMMENTS} comments, which is the cap");
            return Err(Unreadable::no_table(what));
        }
        let (comment, after) = comment.split_once('\n').unwrap_or((comment, ""));
        comments.push(comment.strip_suffix('\r').unwrap_or(comment).to_owned());
        *rest = after;
    }
    Ok(comments)
}

/// The number of the key's column, if the columns are ones by which a value can be asked for.
fn named(columns: &[String], key: &str) -> Result<usize, Unreadable> {
    if columns == [""] {
        return Err(Unreadable::no_table("it has no line that names the columns"));
    }
    if columns.len() > MAX_COLUMNS {
        let what = format!("it has more than {MAX_COLUMNS} columns, which is the cap");
        return Err(Unreadable::no_table(what));
    }
    let mut sorted: Vec<_> = columns.iter().collect();
    sorted.sort_unstable();
    if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Unreadable::no_table(format!("it has two columns {}", quoted(pair[0]))));
    }
    columns.iter().position(|column| column == key).ok_or_else(|| {
        Unreadable::no_table(format!("it has no column {}; it has {}", quoted(key), shown(columns)))
    })
}

/// The first of these columns, which are a stranger's words, and how many more there are.
fn shown(columns: &[String]) -> String {
    let mut room = MAX_NAMED;
    let fits = |column: &&String| match room.checked_sub(quoted(column).len()) {
        Some(rest) => {
            room = rest;
            true
        }
        None => false,
    };
    let first: Vec<&str> = columns.iter().take_while(fits).map(String::as_str).collect();
    match columns.len() - first.len() {
        0 => listed(first),
        more if first.is_empty() => format!("{more} others"),
        more => format!("{}, and {more} more", listed(first)),
    }
}

/// The line in which a byte stands, from 1.
fn line_at(bytes: &[u8], place: usize) -> usize {
    memchr_iter(b'\n', bytes.get(..place).unwrap_or(bytes)).count() + 1
}

/// Takes one record from the front, with its line end, and hands on its fields.
#[inline]
fn record<'t>(rest: &mut &'t str, mut take: impl FnMut(Cow<'t, str>)) -> Result<(), &'static str> {
    loop {
        take(match rest.strip_prefix('"') {
            Some(inner) => {
                let (field, after) = in_quotes(inner)?;
                *rest = after;
                field
            }
            None => Cow::Borrowed(plain(rest)?),
        });
        let text = *rest;
        match text.as_bytes() {
            [b',', ..] => *rest = &text[1..],
            [b'\n', ..] => {
                *rest = &text[1..];
                return Ok(());
            }
            [b'\r', b'\n', ..] => {
                *rest = &text[2..];
                return Ok(());
            }
            [] => return Ok(()),
            _ => return Err("has something between a closing quote and the next comma"),
        }
    }
}

/// Takes a field without quotes, up to what ends it.
#[inline]
fn plain<'t>(rest: &mut &'t str) -> Result<&'t str, &'static str> {
    let text = *rest;
    let end = memchr3(b',', b'\n', b'"', text.as_bytes()).unwrap_or(text.len());
    let mut field = &text[..end];
    match text.as_bytes().get(end) {
        Some(b'"') => return Err("has a quote in a field that does not begin with one"),
        Some(b'\n') => field = field.strip_suffix('\r').unwrap_or(field),
        _ => {}
    }
    if memchr(b'\r', field.as_bytes()).is_some() {
        return Err("has a carriage return without a line feed");
    }
    *rest = &text[field.len()..];
    Ok(field)
}

/// A field behind its opening quote, and what comes after the closing one.
fn in_quotes(text: &str) -> Result<(Cow<'_, str>, &str), &'static str> {
    let mut from = 0;
    loop {
        let quote = memchr(b'"', &text.as_bytes()[from..]).map(|place| from + place);
        let quote = quote.ok_or("opens a quote that nothing closes")?;
        if text.as_bytes().get(quote + 1) != Some(&b'"') {
            let (field, after) = (&text[..quote], &text[quote + 1..]);
            let field = match from {
                0 => Cow::Borrowed(field),
                _ => Cow::Owned(field.replace("\"\"", "\"")),
            };
            return Ok((field, after));
        }
        from = quote + 2;
    }
}

impl Csv {
    pub(super) fn comments(&self) -> &[String] {
        &self.comments
    }

    /// How many bytes it has, about.
    pub(super) fn size(&self) -> usize {
        let words = self.columns.iter().chain(&self.comments);
        words.map(|text| size_of::<String>() + text.len()).sum()
    }

    /// The key of a row.
    pub(super) fn key<'t>(&self, row: &'t str) -> Option<Cow<'t, str>> {
        field(row, self.key)
    }

    /// What stands in a column of a row, unless it is empty.
    pub(super) fn get<'t>(&self, row: &'t str, column: &str) -> Option<Cow<'t, str>> {
        let number = self.columns.iter().position(|known| known == column)?;
        field(row, number).filter(|field| !field.is_empty())
    }
}

/// The field of this number in a row that was read before.
fn field(mut row: &str, number: usize) -> Option<Cow<'_, str>> {
    let (mut at, mut found) = (0, None);
    record(&mut row, |field| {
        if at == number {
            found = Some(field);
        }
        at += 1;
    })
    .ok()?;
    found
}
