//! What is asked of an archive.

use lockgate_plugin::contents::{Ambiguity, Archive, Entry, entries, hits};
use lockgate_plugin::{Failure, glob};

/// Which entries are meant.
#[derive(Clone, Copy)]
pub(crate) enum Question<'a> {
    /// All of them.
    All,
    /// Those whose path matches as it is written.
    Path(&'a str),
    /// Those of this kind.
    Kind(&'a str),
    /// Files of so many bytes at the least.
    SizeAtLeast(u64),
    /// Those of whose permission bits any is set.
    ModeAny(u32),
}

/// One place where a search found something.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// The number of the entry.
    pub(crate) entry: u32,
    pub(crate) offset: u64,
    pub(crate) length: u32,
}

/// An archive, or in tests a list of files.
pub(crate) trait Tree {
    fn format(&self) -> String;
    fn ambiguities(&self) -> Result<Vec<Ambiguity>, Failure>;
    fn entry(&self, id: u32) -> Result<Entry, Failure>;
    fn mode(&self, id: u32) -> Result<Option<u32>, Failure>;
    fn digest(&self, id: u32) -> Result<Option<String>, Failure>;
    /// Up to 64 KiB.
    fn read(&self, id: u32, offset: u64, max: u32) -> Result<Vec<u8>, Failure>;
    fn count(&self, question: Question<'_>) -> Result<u32, Failure>;
    /// Each entry that is meant.
    fn ask(
        &self,
        question: Question<'_>,
        each: &mut dyn FnMut(Entry) -> Result<(), Failure>,
    ) -> Result<(), Failure>;
    /// Each place where an expression matches in the files that are meant, by file and place.
    fn search(
        &self,
        question: Question<'_>,
        expression: &str,
        each: &mut dyn FnMut(Place) -> Result<(), Failure>,
    ) -> Result<(), Failure>;

    /// Each entry whose path matches what somebody means by a glob.
    fn meant(
        &self,
        glob: &str,
        each: &mut dyn FnMut(Entry) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let spellings = glob::spellings(glob);
        for (place, spelling) in spellings.iter().enumerate() {
            self.ask(Question::Path(spelling), &mut |entry| {
                // What an earlier spelling matches was told.
                let told = spellings.iter().take(place).any(|it| glob::matches(it, &entry.path));
                if told { Ok(()) } else { each(entry) }
            })?;
        }
        Ok(())
    }
}

fn narrowed(
    archive: &Archive,
    question: Question<'_>,
) -> Result<lockgate_plugin::contents::Query, Failure> {
    let query = archive.query();
    match question {
        Question::All => {}
        Question::Path(glob) => query.path(glob)?,
        Question::Kind(kind) => query.kind(kind)?,
        Question::SizeAtLeast(bytes) => query.size_at_least(bytes)?,
        Question::ModeAny(bits) => query.mode_any(bits)?,
    }
    Ok(query)
}

impl Tree for Archive {
    fn format(&self) -> String {
        Archive::format(self)
    }

    fn ambiguities(&self) -> Result<Vec<Ambiguity>, Failure> {
        Ok(Archive::ambiguities(self)?)
    }

    fn entry(&self, id: u32) -> Result<Entry, Failure> {
        Ok(Archive::entry(self, id)?)
    }

    fn mode(&self, id: u32) -> Result<Option<u32>, Failure> {
        Ok(Archive::mode(self, id)?)
    }

    fn digest(&self, id: u32) -> Result<Option<String>, Failure> {
        Ok(Archive::digest(self, id)?)
    }

    fn read(&self, id: u32, offset: u64, max: u32) -> Result<Vec<u8>, Failure> {
        Ok(Archive::read(self, id, offset, max)?)
    }

    fn count(&self, question: Question<'_>) -> Result<u32, Failure> {
        Ok(narrowed(self, question)?.count())
    }

    fn ask(
        &self,
        question: Question<'_>,
        each: &mut dyn FnMut(Entry) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let query = narrowed(self, question)?;
        for entry in entries(&query) {
            each(entry?)?;
        }
        Ok(())
    }

    fn search(
        &self,
        question: Question<'_>,
        expression: &str,
        each: &mut dyn FnMut(Place) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let query = narrowed(self, question)?;
        // Compiling an expression costs more than most archives have to be searched.
        if query.count() == 0 {
            return Ok(());
        }
        let search = query.search();
        search.regex(expression)?;
        for hit in hits(&search) {
            let hit = hit?;
            let (entry, offset, length) = (hit.entry, hit.offset, hit.length);
            each(Place { entry, offset, length })?;
        }
        Ok(())
    }
}
