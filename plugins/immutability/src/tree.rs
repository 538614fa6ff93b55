//! Files inside the artifact.

use lockgate_plugin::Failure;
use lockgate_plugin::contents::{Archive, Entry, entries};

/// The most bytes of one slice.
const SLICE: u32 = 64 << 10;

/// The most bytes of one file: five times the largest bundles of definitions in the field.
pub(crate) const MAX_FILE: u64 = 4 << 20;

/// An archive, or in tests a list of files.
pub(crate) trait Tree {
    /// Each entry whose path matches, as it is written.
    fn ask(
        &self,
        glob: &str,
        each: &mut dyn FnMut(Entry) -> Result<(), Failure>,
    ) -> Result<(), Failure>;
    /// Up to so many bytes from a place on.
    fn read(&self, id: u32, offset: u64, max: u32) -> Result<Vec<u8>, Failure>;

    /// All of a file, which is no larger than [`MAX_FILE`].
    fn whole(&self, id: u32) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        loop {
            let slice = self.read(id, bytes.len() as u64, SLICE)?;
            // Only at the end it is shorter.
            let is_last = slice.len() < SLICE as usize;
            bytes.extend(slice);
            if is_last {
                return Ok(bytes);
            }
        }
    }
}

impl Tree for Archive {
    fn ask(
        &self,
        glob: &str,
        each: &mut dyn FnMut(Entry) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let query = self.query();
        query.path(glob)?;
        for entry in entries(&query) {
            each(entry?)?;
        }
        Ok(())
    }

    fn read(&self, id: u32, offset: u64, max: u32) -> Result<Vec<u8>, Failure> {
        Ok(Archive::read(self, id, offset, max)?)
    }
}
