//! What the policy asks of a list, and the host that answers.

use lockgate_plugin::data;
use lockgate_plugin::{Failure, Refusal, reason};

/// A list by id. The host's table is one; so is a map in a test.
pub(crate) trait Table {
    /// How many rows it has.
    fn row_count(&self) -> u32;

    /// What stands in a column of a row.
    fn get(&self, key: &str, column: &str) -> Result<Option<String>, Failure>;

    /// What stands at a pointer of the whole document.
    fn text(&self, pointer: &str) -> Result<Option<String>, Failure>;

    /// The comments before the names of the columns.
    fn comments(&self) -> Result<Vec<String>, Failure>;
}

impl Table for data::Table {
    fn row_count(&self) -> u32 {
        self.row_count()
    }

    fn get(&self, key: &str, column: &str) -> Result<Option<String>, Failure> {
        Ok(self.get(key, column)?)
    }

    fn text(&self, pointer: &str) -> Result<Option<String>, Failure> {
        Ok(self.text(pointer)?)
    }

    fn comments(&self) -> Result<Vec<String>, Failure> {
        Ok(self.comments()?)
    }
}

/// Opens a data file and makes a table of it, and returns that with the file's digest.
pub(crate) fn open(
    name: &str,
    make: impl FnOnce(&data::File) -> Result<data::Table, Refusal>,
) -> Result<(data::Table, String), Failure> {
    let file = data::open(name)?;
    let table = make(&file).map_err(reason)?;
    Ok((table, file.digest()))
}
