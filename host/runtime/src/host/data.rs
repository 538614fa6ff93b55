//! `data`: files that the policy file hands to the policy.

use std::sync::Arc;

use lockgate_evidence::data;
use wasmtime::Result;
use wasmtime::component::Resource;

use super::{Answer, MAX_SLICE, count_of, malformed, out_of_range};
use crate::bindings::lockgate::policy::data::{Host, HostFile, HostTable};
use crate::state::State;

/// The longest pointer, key or name of a column: those of real lists have some ten bytes.
const MAX_WORD: usize = 4 << 10;

/// What the host keeps of a table beside its index, about.
const TABLE_BYTES: usize = 512;

/// Behind the resource `file`.
#[derive(Clone)]
pub struct DataFile {
    name: Arc<str>,
    file: Arc<data::File>,
    /// Whether what is in it was paid for.
    paid: bool,
}

/// Behind the resource `table`.
#[derive(Clone)]
pub struct DataTable(Arc<data::Table>);

impl Host for State {
    fn names(&mut self) -> Answer<Vec<String>> {
        self.enter()?;
        self.scoped("data")?;
        let files = Arc::clone(&self.data);
        Ok(files.keys().map(|name| self.text(name)).collect::<Result<_>>()?)
    }

    fn open(&mut self, name: String) -> Answer<Resource<DataFile>> {
        self.enter()?;
        self.scoped("data")?;
        self.charge_bytes(name.len())?;
        let files = Arc::clone(&self.data);
        match files.get_key_value(&name) {
            Some((name, file)) => {
                let (name, file) = (name.as_str().into(), Arc::clone(file));
                Ok(self.hand_out(DataFile { name, file, paid: false })?)
            }
            None => out_of_range(format!("the policy file hands over no `{name}`")),
        }
    }
}

impl State {
    /// The file behind a handle, noted as read.
    fn data_file(&mut self, handle: &Resource<DataFile>) -> Result<DataFile> {
        self.enter()?;
        let found = Self::at(self, handle)?;
        self.reads.data.insert(found.file.digest());
        Ok(found)
    }

    /// What is in a file, for whoever reads some of it. It is inflated once a run, and each policy
    /// pays for each handle by which it reads, so that what a policy pays does not depend on who came
    /// first.
    fn data_contents(&mut self, handle: &Resource<DataFile>) -> Answer<DataFile> {
        let found = self.data_file(handle)?;
        if !found.paid {
            self.charge_bytes(found.file.size())?;
            let inflated = contents_of(&found)?.len();
            self.charge_bytes(inflated.saturating_sub(found.file.size()))?;
            self.at_mut(handle)?.paid = true;
        }
        Ok(found)
    }

    /// Makes a table, or takes the one that was made: read once a run, paid for each time.
    fn tabulate(
        &mut self,
        handle: &Resource<DataFile>,
        words: [&str; 2],
        make: impl FnOnce(&data::File) -> Result<Arc<data::Table>, data::Unreadable>,
    ) -> Answer<Resource<DataTable>> {
        for word in words {
            self.word(word)?;
        }
        // What is made, or why nothing is, is kept until the run ends, and the plugin chooses how often
        // it asks.
        self.hold(TABLE_BYTES + words.map(str::len).iter().sum::<usize>())?;
        let found = self.data_contents(handle)?;
        self.charge_bytes(contents_of(&found)?.len())?;
        match make(&found.file) {
            Ok(table) => {
                self.hold(table.size())?;
                Ok(self.hand_out(DataTable(table))?)
            }
            Err(why) => unreadable(&found, &why),
        }
    }

    /// A pointer, a key or the name of a column, charged.
    fn word(&mut self, word: &str) -> Answer<()> {
        self.charge_bytes(word.len())?;
        if word.len() > MAX_WORD {
            return out_of_range(format!("{} bytes, and {MAX_WORD} are compared", word.len()));
        }
        Ok(())
    }

    fn data_table(&mut self, handle: &Resource<DataTable>) -> Result<Arc<data::Table>> {
        self.enter()?;
        Ok(Self::at(self, handle)?.0)
    }

    /// The table, and what it costs to look for a key in it, charged.
    fn table_for(&mut self, handle: &Resource<DataTable>, key: &str) -> Answer<Arc<data::Table>> {
        let table = self.data_table(handle)?;
        self.word(key)?;
        self.charge_rows(table.steps())?;
        Ok(table)
    }
}

fn contents_of(found: &DataFile) -> Answer<&[u8]> {
    match found.file.contents() {
        Ok(contents) => Ok(contents),
        Err(why) => unreadable(found, &why),
    }
}

fn unreadable<T>(found: &DataFile, why: &data::Unreadable) -> Answer<T> {
    malformed(format!("the data file `{}`: {why}", found.name))
}

impl HostFile for State {
    fn name(&mut self, handle: Resource<DataFile>) -> Result<String> {
        let found = self.data_file(&handle)?;
        self.text(&found.name)
    }

    fn digest(&mut self, handle: Resource<DataFile>) -> Result<String> {
        Ok(self.data_file(&handle)?.file.digest().to_string())
    }

    fn size(&mut self, handle: Resource<DataFile>) -> Answer<u64> {
        let found = self.data_contents(&handle)?;
        Ok(contents_of(&found)?.len() as u64)
    }

    fn read(&mut self, handle: Resource<DataFile>, offset: u64, max: u32) -> Answer<Vec<u8>> {
        if !(1..=MAX_SLICE).contains(&max) {
            let why = format!("a slice has 1 to {MAX_SLICE} bytes, and {max} were asked for");
            return out_of_range(why);
        }
        let found = self.data_contents(&handle)?;
        let contents = contents_of(&found)?;
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(contents.len());
        let end = contents.len().min(start + max as usize);
        self.charge_bytes(end - start)?;
        Ok(contents[start..end].to_vec())
    }

    fn csv(&mut self, handle: Resource<DataFile>, key: String) -> Answer<Resource<DataTable>> {
        self.tabulate(&handle, [&key, ""], |file| file.csv(&key))
    }

    fn json(
        &mut self,
        handle: Resource<DataFile>,
        pointer: String,
        key: String,
    ) -> Answer<Resource<DataTable>> {
        self.tabulate(&handle, [&pointer, &key], |file| file.json(&pointer, &key))
    }

    fn drop(&mut self, handle: Resource<DataFile>) -> Result<()> {
        self.take_back(handle)
    }
}

impl HostTable for State {
    fn row_count(&mut self, handle: Resource<DataTable>) -> Result<u32> {
        Ok(count_of(self.data_table(&handle)?.len()))
    }

    fn has(&mut self, handle: Resource<DataTable>, key: String) -> Answer<bool> {
        Ok(self.table_for(&handle, &key)?.row(&key).is_some())
    }

    fn get(
        &mut self,
        handle: Resource<DataTable>,
        key: String,
        column: String,
    ) -> Answer<Option<String>> {
        let table = self.table_for(&handle, &key)?;
        self.word(&column)?;
        let Some(row) = table.row(&key) else { return Ok(None) };
        self.charge_bytes(row.size())?;
        Ok(row.get(&column).map(|value| self.text(&value)).transpose()?)
    }

    fn comments(&mut self, handle: Resource<DataTable>) -> Answer<Vec<String>> {
        let table = self.data_table(&handle)?;
        Ok(table.comments().iter().map(|comment| self.text(comment)).collect::<Result<_>>()?)
    }

    fn text(&mut self, handle: Resource<DataTable>, pointer: String) -> Answer<Option<String>> {
        let table = self.data_table(&handle)?;
        self.word(&pointer)?;
        self.charge_bytes(table.reach(&pointer))?;
        Ok(table.value(&pointer).map(|value| State::text(self, &value)).transpose()?)
    }

    fn drop(&mut self, handle: Resource<DataTable>) -> Result<()> {
        self.take_back(handle)
    }
}
