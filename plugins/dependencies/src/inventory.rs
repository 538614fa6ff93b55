//! What the policy asks of one document: the questions, and the host that answers them.
//!
//! Dependencies are its components but for what it describes itself, if that is one thing, and but for
//! files and operating systems without a package URL, which come from no registry.

pub(crate) use lockgate_plugin::boms::Answer;
use lockgate_plugin::{Bom, Component, Failure, Query, components};

/// One document's contents. The host's index is one; so is a list in a test.
pub(crate) trait Inventory {
    /// How many components there are.
    fn component_count(&self) -> u32;

    /// The types of all valid package URLs, sorted.
    fn package_types(&self) -> Vec<String>;

    /// How many dependencies the question covers, and the first of them, at most `most`.
    fn ask(&self, question: &Question<'_>, most: usize) -> Result<Answer, Failure>;

    /// Where a component comes from, as it is written.
    fn origins(&self, component: &Component) -> Result<Vec<String>, Failure>;

    /// When a component was released, in seconds since the Unix epoch.
    fn released_at(&self, component: &Component) -> Result<Option<i64>, Failure>;
}

/// A question about dependencies.
pub(crate) enum Question<'a> {
    /// All of them.
    All,
    /// Which of a type (or without a package URL) come from none of these places?
    Outside(Option<&'a str>, &'a [String]),
    /// Of which of a type (or without a package URL) is not said where they come from?
    Unstated(Option<&'a str>),
    /// Which of a type match none of these patterns?
    OfNoNamespace(&'a str, &'a [String]),
    /// Which internal ones come from none of these places?
    InternalOutside(&'a [String], &'a [String]),
    /// Of which internal ones is not said where they come from?
    InternalUnstated(&'a [String]),
    /// Which have a package URL that is none, so that no pattern meets it?
    OddPurl,
    /// Which were released after this moment?
    ReleasedAfter(i64),
    /// Which lack this field?
    Lacks(&'a str),
}

/// The most questions that the host joins at once.
const JOINED: usize = 16;

/// Components that come from no registry, in the words of both formats.
const NO_PACKAGES: [&str; 2] = ["file", "operating-system"];

impl Inventory for Bom {
    fn component_count(&self) -> u32 {
        self.component_count()
    }

    fn package_types(&self) -> Vec<String> {
        self.package_types()
    }

    fn ask(&self, question: &Question<'_>, most: usize) -> Result<Answer, Failure> {
        let query = dependencies(self)?;
        match question {
            Question::All => {}
            Question::Outside(of, places) => {
                of_type(&query, *of)?;
                query.origin_outside(places)?;
            }
            Question::Unstated(of) => {
                of_type(&query, *of)?;
                query.lacks("origin")?;
            }
            Question::OfNoNamespace(package_type, patterns) => {
                of_type(&query, Some(package_type))?;
                for some in patterns.chunks(JOINED) {
                    let allowed = each(self, some, Query::purl_pattern)?;
                    query.none_of(&allowed.iter().collect::<Vec<_>>())?;
                }
            }
            Question::InternalOutside(patterns, places) => {
                internal(self, &query, patterns)?;
                query.origin_outside(places)?;
            }
            Question::InternalUnstated(patterns) => {
                internal(self, &query, patterns)?;
                query.lacks("origin")?;
            }
            Question::OddPurl => {
                query.lacks("purl")?;
                query.purl_prefix("")?;
            }
            Question::ReleasedAfter(moment) => query.released_after(*moment)?,
            Question::Lacks(field) => query.lacks(field)?,
        }
        let count = query.count();
        let mut rows = Vec::new();
        for component in components(&query).take(most) {
            rows.push(component?);
        }
        Ok(Answer { count, rows })
    }

    fn origins(&self, component: &Component) -> Result<Vec<String>, Failure> {
        Ok(self.origins(component.id)?)
    }

    fn released_at(&self, component: &Component) -> Result<Option<i64>, Failure> {
        Ok(self.released_at(component.id)?)
    }
}

fn dependencies(bom: &Bom) -> Result<Query, Failure> {
    let query = bom.query();
    let described = bom.query();
    described.described()?;
    // A document that describes several things may describe all that it lists.
    if described.count() == 1 {
        query.none_of(&[&described])?;
    }
    for word in NO_PACKAGES {
        let without = bom.query();
        without.component_type(word)?;
        without.lacks("purl")?;
        query.none_of(&[&without])?;
    }
    Ok(query)
}

fn of_type(query: &Query, package_type: Option<&str>) -> Result<(), Failure> {
    match package_type {
        Some(package_type) => {
            query.has("purl")?;
            query.purl_prefix(&format!("pkg:{package_type}/"))?;
        }
        None => query.lacks("purl")?,
    }
    Ok(())
}

/// A question for each pattern.
fn each(
    bom: &Bom,
    patterns: &[String],
    narrow: fn(&Query, &str) -> Result<(), lockgate_plugin::Refusal>,
) -> Result<Vec<Query>, Failure> {
    let mut questions = Vec::new();
    for pattern in patterns {
        let query = bom.query();
        narrow(&query, pattern)?;
        questions.push(query);
    }
    Ok(questions)
}

fn internal(bom: &Bom, query: &Query, patterns: &[String]) -> Result<(), Failure> {
    let mut ours = Vec::new();
    for some in patterns.chunks(JOINED) {
        let of_some = bom.query();
        let each = each(bom, some, Query::of_package)?;
        of_some.any_of(&each.iter().collect::<Vec<_>>())?;
        ours.push(of_some);
    }
    // Settings have no more patterns than four times what the host joins at once.
    Ok(query.any_of(&ours.iter().collect::<Vec<_>>())?)
}
