//! Everything that can be seen of data files.

use lockgate_plugin::context;
use lockgate_plugin::data::{self, File, Table as Rows};
use lockgate_plugin::{Failure, Refusal};
use serde::Deserialize;

use crate::Notes;

/// A table of a file, and what to ask it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    file: String,
    key: String,
    /// Of JSON; without one it is CSV.
    pointer: Option<String>,
    /// Keys and columns: `["CVE-2021-44228", "epss"]`.
    #[serde(default)]
    get: Vec<[String; 2]>,
    /// Pointers into the whole document.
    #[serde(default)]
    text: Vec<String>,
}

pub(crate) fn look(notes: &mut Notes, tables: &[Table]) -> Result<(), Failure> {
    // A file that is handed over is no fact, and an opinion has to rest on one.
    let _ = context::at();
    for name in data::names()? {
        let file = data::open(&name)?;
        notes.seen("file", (file.name(), file.digest()));
        match size(&file) {
            Ok(seen) => notes.seen("  size, bytes 2 to 8, behind the end", seen),
            Err(why) => notes.add(format!("  unreadable: {why}")),
        }
    }
    for asked in tables {
        let file = match data::open(&asked.file) {
            Ok(file) => file,
            Err(why) => {
                notes.add(format!("no file: {why}"));
                continue;
            }
        };
        let opened = match &asked.pointer {
            Some(pointer) => file.json(pointer, &asked.key),
            None => file.csv(&asked.key),
        };
        match opened {
            Ok(table) => ask(notes, &table, asked)?,
            Err(why) => notes.add(format!("no table: {why}")),
        }
    }
    Ok(())
}

type Seen = (u64, String, usize);

fn size(file: &File) -> Result<Seen, Refusal> {
    let size = file.size()?;
    let some = file.read(2, 6)?;
    let behind = file.read(size + 1, 1)?;
    file.read(0, 0).expect_err("a slice has a byte");
    Ok((size, String::from_utf8_lossy(&some).into_owned(), behind.len()))
}

fn ask(notes: &mut Notes, table: &Rows, asked: &Table) -> Result<(), Failure> {
    notes.seen("table", (&asked.file, table.row_count(), table.comments()?));
    for [key, column] in &asked.get {
        notes.seen("  row", (key, table.has(key)?, column, table.get(key, column)?));
    }
    for pointer in &asked.text {
        notes.seen("  text", (pointer, table.text(pointer)?));
    }
    Ok(())
}
