//! `data`: files that the policy file hands to the policy.

use std::sync::Arc;

use lockgate_evidence::data;
use wasmtime::Result;
use wasmtime::component::Resource;

use super::{Answer, MAX_SLICE, count_of, malformed, out_of_range};
use crate::bindings::lockgate::policy::data::{Host, HostFile, HostTable};
use crate::state::State;

/// Behind the resource `file`.
#[derive(Clone)]
pub struct DataFile {
    name: Arc<str>,
    file: Arc<data::File>,
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
                Ok(self.hand_out(DataFile { name, file })?)
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

    fn data_table(&mut self, handle: &Resource<DataTable>) -> Result<Arc<data::Table>> {
        self.enter()?;
        Ok(Self::at(self, handle)?.0)
    }
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
        let found = self.data_file(&handle)?;
        Ok(found.file.contents().len() as u64)
    }

    fn read(&mut self, handle: Resource<DataFile>, offset: u64, max: u32) -> Answer<Vec<u8>> {
        let found = self.data_file(&handle)?;
        if !(1..=MAX_SLICE).contains(&max) {
            let why = format!("a slice has 1 to {MAX_SLICE} bytes, and {max} were asked for");
            return out_of_range(why);
        }
        let contents = found.file.contents();
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(contents.len());
        let end = contents.len().min(start + max as usize);
        self.charge_bytes(end - start)?;
        Ok(contents[start..end].to_vec())
    }

    fn csv(&mut self, handle: Resource<DataFile>, _key: String) -> Answer<Resource<DataTable>> {
        let _ = self.data_file(&handle)?;
        malformed("tables are not read yet")
    }

    fn json(
        &mut self,
        handle: Resource<DataFile>,
        _pointer: String,
        _key: String,
    ) -> Answer<Resource<DataTable>> {
        let _ = self.data_file(&handle)?;
        malformed("tables are not read yet")
    }

    fn drop(&mut self, handle: Resource<DataFile>) -> Result<()> {
        self.take_back(handle)
    }
}

impl HostTable for State {
    fn row_count(&mut self, handle: Resource<DataTable>) -> Result<u32> {
        Ok(count_of(self.data_table(&handle)?.len()))
    }

    fn has(&mut self, handle: Resource<DataTable>, _key: String) -> Answer<bool> {
        let _ = self.data_table(&handle)?;
        malformed("tables are not read yet")
    }

    fn get(
        &mut self,
        handle: Resource<DataTable>,
        _key: String,
        _column: String,
    ) -> Answer<Option<String>> {
        let _ = self.data_table(&handle)?;
        malformed("tables are not read yet")
    }

    fn comments(&mut self, handle: Resource<DataTable>) -> Answer<Vec<String>> {
        let _ = self.data_table(&handle)?;
        malformed("tables are not read yet")
    }

    fn text(&mut self, handle: Resource<DataTable>, _pointer: String) -> Answer<Option<String>> {
        let _ = self.data_table(&handle)?;
        malformed("tables are not read yet")
    }

    fn drop(&mut self, handle: Resource<DataTable>) -> Result<()> {
        self.take_back(handle)
    }
}
