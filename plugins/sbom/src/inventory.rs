//! What the policy asks of one document: the questions, and the host that answers them.

pub(crate) use lockgate_plugin::boms::Answer;
use lockgate_plugin::instant::Instant;
use lockgate_plugin::{Bom, Failure, Refusal, components};

use crate::settings::Ban;

/// One document's contents. The host's index is one; so is a list in a test.
pub(crate) trait Inventory {
    /// How many components there are.
    fn component_count(&self) -> u32;

    /// When the document was made, by its own words.
    fn made_at(&self) -> Option<Instant>;

    /// What the official schema has against it. The error says why nobody knows.
    fn schema_problems(&self) -> Result<Result<Vec<String>, String>, Failure>;

    /// Whether the document states this about itself.
    fn has(&self, field: &str) -> Result<bool, Failure>;

    /// How many distinct license statements there are.
    fn license_count(&self) -> u32;

    /// The text of a license statement.
    fn license(&self, id: u32) -> Result<String, Failure>;

    /// How many components the question covers, and the first of them, at most `most`.
    fn ask(&self, question: &Question<'_>, most: usize) -> Result<Answer, Failure>;
}

/// A question about components.
pub(crate) enum Question<'a> {
    /// Which make this license statement?
    License(u32),
    /// Which lack this field?
    Lacks(&'a str),
    /// Which are something else than a file? Files have neither version nor supplier by their nature.
    NoFile,
    /// Which of those lack this field?
    NoFileLacks(&'a str),
    /// Which have a package URL that is none, so that no ban on one can meet it?
    OddPurl,
    /// Which does this ban cover?
    Banned(&'a Ban),
}

/// The type of components that are files, in both formats.
const FILE: &str = "file";

impl Inventory for Bom {
    fn component_count(&self) -> u32 {
        self.component_count()
    }

    fn made_at(&self) -> Option<Instant> {
        self.made_at().map(Instant::from_unix)
    }

    fn schema_problems(&self) -> Result<Result<Vec<String>, String>, Failure> {
        match self.schema_problems() {
            Ok(problems) => Ok(Ok(problems)),
            Err(Refusal::Malformed(why)) => Ok(Err(why)),
            Err(refusal) => Err(refusal.into()),
        }
    }

    fn has(&self, field: &str) -> Result<bool, Failure> {
        Ok(self.has(field)?)
    }

    fn license_count(&self) -> u32 {
        self.license_count()
    }

    fn license(&self, id: u32) -> Result<String, Failure> {
        Ok(self.license(id)?.text)
    }

    fn ask(&self, question: &Question<'_>, most: usize) -> Result<Answer, Failure> {
        let query = self.query();
        match question {
            Question::License(id) => query.license(*id)?,
            Question::Lacks(field) => query.lacks(field)?,
            Question::NoFile | Question::NoFileLacks(_) => {
                let files = self.query();
                files.component_type(FILE)?;
                query.none_of(&[&files])?;
                if let Question::NoFileLacks(field) = question {
                    query.lacks(field)?;
                }
            }
            Question::OddPurl => {
                query.lacks("purl")?;
                query.purl_prefix("")?;
            }
            Question::Banned(Ban::Purl(purl)) => query.purl(purl)?,
            Question::Banned(Ban::Versions { purl, versions }) => {
                query.purl(purl)?;
                query.version_in(versions)?;
            }
            Question::Banned(Ban::Prefix(prefix)) => query.purl_prefix(prefix)?,
            Question::Banned(Ban::Name { name, version }) => {
                query.name(name)?;
                if let Some(version) = version {
                    query.version(version)?;
                }
            }
        }
        let count = query.count();
        let mut rows = Vec::new();
        for component in components(&query).take(most) {
            rows.push(component?);
        }
        Ok(Answer { count, rows })
    }
}
