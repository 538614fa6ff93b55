//! An archive in memory.

use lockgate_plugin::contents::{Ambiguity, Entry};
use lockgate_plugin::{Failure, glob};
use regex::bytes::Regex;

use crate::tree::{Place, Question, Tree};

/// Entries in the order in which they were added; a test adds them in the order of their paths.
#[derive(Default)]
pub(crate) struct Listed {
    pub(crate) image: bool,
    pub(crate) ambiguities: Vec<Ambiguity>,
    entries: Vec<Held>,
}

struct Held {
    path: String,
    kind: &'static str,
    mode: Option<u32>,
    bytes: Vec<u8>,
}

impl Listed {
    /// With a file.
    pub(crate) fn file(self, path: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.entry(path, "file", Some(0o644), bytes)
    }

    /// With an entry.
    pub(crate) fn entry(
        mut self,
        path: &str,
        kind: &'static str,
        mode: Option<u32>,
        bytes: impl AsRef<[u8]>,
    ) -> Self {
        let (path, bytes) = (path.to_owned(), bytes.as_ref().to_vec());
        self.entries.push(Held { path, kind, mode, bytes });
        self
    }

    fn held(&self, id: u32) -> &Held {
        &self.entries[id as usize]
    }

    fn rows(&self, question: Question<'_>) -> Vec<u32> {
        let fits = |held: &Held| match question {
            Question::All => true,
            Question::Path(pattern) => glob::matches(pattern, &held.path),
            Question::Kind(kind) => held.kind == kind,
            Question::SizeAtLeast(bytes) => held.kind == "file" && held.bytes.len() as u64 >= bytes,
            Question::ModeAny(bits) => held.mode.is_some_and(|mode| mode & bits != 0),
        };
        let ids = (0..).zip(&self.entries);
        ids.filter(|(_, held)| fits(held)).map(|(id, _)| id).collect()
    }
}

impl Tree for Listed {
    fn format(&self) -> String {
        if self.image { "oci-layout" } else { "tar" }.to_owned()
    }

    fn ambiguities(&self) -> Result<Vec<Ambiguity>, Failure> {
        Ok(self.ambiguities.clone())
    }

    fn entry(&self, id: u32) -> Result<Entry, Failure> {
        let Held { path, kind, bytes, .. } = self.held(id);
        let (path, kind) = (path.clone(), (*kind).to_owned());
        Ok(Entry { id, path, kind, size: bytes.len() as u64 })
    }

    fn mode(&self, id: u32) -> Result<Option<u32>, Failure> {
        Ok(self.held(id).mode)
    }

    fn digest(&self, id: u32) -> Result<Option<String>, Failure> {
        // Not a real one: enough to tell files apart by how long they are.
        Ok(Some(format!("sha256:{:064x}", self.held(id).bytes.len())))
    }

    fn read(&self, id: u32, offset: u64, max: u32) -> Result<Vec<u8>, Failure> {
        assert!((1..=65_536).contains(&max), "the host reads no {max} bytes");
        let bytes = self.held(id).bytes.iter().skip(usize::try_from(offset).unwrap());
        Ok(bytes.take(max as usize).copied().collect())
    }

    fn count(&self, question: Question<'_>) -> Result<u32, Failure> {
        Ok(u32::try_from(self.rows(question).len()).unwrap())
    }

    fn ask(
        &self,
        question: Question<'_>,
        each: &mut dyn FnMut(Entry) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.rows(question).into_iter().try_for_each(|id| each(self.entry(id)?))
    }

    fn search(
        &self,
        question: Question<'_>,
        expression: &str,
        each: &mut dyn FnMut(Place) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let regex = Regex::new(expression).map_err(|why| Failure::from(why.to_string()))?;
        for id in self.rows(question) {
            if self.held(id).kind != "file" {
                continue;
            }
            for found in regex.find_iter(&self.held(id).bytes) {
                let length = u32::try_from(found.len()).unwrap();
                each(Place { entry: id, offset: found.start() as u64, length })?;
            }
        }
        Ok(())
    }
}
