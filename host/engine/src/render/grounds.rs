//! What a finding rests on: the documents behind the digests that a policy names or read.

use std::collections::BTreeMap;

use lockgate_model::{Digest, Document, Finding, PolicyReport, Status};

/// One thing that an opinion or a finding rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ground<'a> {
    /// A document, and its place in the report.
    Document(usize, &'a Document),
    /// A data file that the policy file hands to the policy.
    Data(Digest),
    /// Files inside the artifact.
    Contents,
    /// The moment for which it was asked.
    Time,
    /// Earlier decisions.
    History,
    /// Something of which the report says no more.
    Unknown(Digest),
}

/// What something rests on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rests<'a> {
    /// The first of it.
    pub(crate) grounds: Vec<Ground<'a>>,
    /// How much more there is.
    pub(crate) more: usize,
}

/// How much of what something rests on is told. A policy over a release reads a handful of documents;
/// the digests of all of them are in the report.
const MAX_TOLD: usize = 64;

/// The documents of a report by their digests.
pub(crate) struct Grounds<'a> {
    /// With their places in the report, by which they are ordered where they are told.
    documents: BTreeMap<Digest, Vec<(usize, &'a Document)>>,
}

impl<'a> Grounds<'a> {
    /// Of these documents. Of copies only those count that a policy can see; all if it can see none.
    pub(crate) fn of(documents: &'a [Document]) -> Self {
        let mut known: BTreeMap<Digest, Vec<(usize, &Document)>> = BTreeMap::new();
        for (place, document) in documents.iter().enumerate() {
            if let Some(digest) = document.digest {
                known.entry(digest).or_default().push((place, document));
            }
        }
        let seen = |(_, document): &(usize, &Document)| {
            matches!(document.status, Status::Fact | Status::Accepted)
        };
        for copies in known.values_mut().filter(|copies| copies.iter().any(seen)) {
            copies.retain(seen);
        }
        Self { documents: known }
    }

    /// What a finding was derived from, where it says so; else it is all that its policy read.
    pub(crate) fn of_finding(&self, policy: &PolicyReport, finding: &Finding) -> Option<Rests<'a>> {
        let named = !finding.evidence.is_empty();
        named.then(|| self.known(policy, finding.evidence.iter().copied()))
    }

    /// What an opinion rests on: all that the policy read.
    pub(crate) fn of_policy(&self, policy: &PolicyReport) -> Rests<'a> {
        let read = &policy.read;
        let digests = read.documents.iter().chain(&read.data).copied();
        let mut rests = self.known(policy, digests);
        let others = [
            (read.contents, Ground::Contents),
            (read.time, Ground::Time),
            (read.history, Ground::History),
        ];
        rests.grounds.extend(others.into_iter().filter(|(read, _)| *read).map(|(_, it)| it));
        rests
    }

    fn known(&self, policy: &PolicyReport, digests: impl Iterator<Item = Digest>) -> Rests<'a> {
        let (mut told, mut more) = (Vec::new(), 0);
        for digest in digests {
            let copies = self.documents.get(&digest).map(Vec::as_slice).unwrap_or_default();
            let room = MAX_TOLD.saturating_sub(told.len());
            if copies.is_empty() && room > 0 {
                let data = policy.read.data.binary_search(&digest).is_ok();
                let ground = if data { Ground::Data(digest) } else { Ground::Unknown(digest) };
                told.push((usize::MAX, ground));
            }
            let copy = |(place, document): &(usize, &'a Document)| {
                (*place, Ground::Document(*place, document))
            };
            told.extend(copies.iter().take(room).map(copy));
            more += copies.len().max(1).saturating_sub(room);
        }
        told.sort_by_key(|(place, _)| *place);
        Rests { grounds: told.into_iter().map(|(_, ground)| ground).collect(), more }
    }
}

impl Rests<'_> {
    /// The first of it in a few words each, and how much more there is.
    pub(crate) fn short(&self, most: usize) -> Vec<String> {
        let mut short: Vec<String> = self.grounds.iter().take(most).map(Ground::short).collect();
        let more = self.grounds.len() - short.len() + self.more;
        if more > 0 {
            short.push(format!("{more} more"));
        }
        short
    }
}

impl Ground<'_> {
    /// In a few words: a document by its path.
    pub(crate) fn short(&self) -> String {
        match self {
            Self::Document(_, document) => super::words::shown_path(document),
            Self::Data(digest) => format!("the data file {digest}"),
            Self::Contents => "files inside it".to_owned(),
            Self::Time => "the time".to_owned(),
            Self::History => "history".to_owned(),
            Self::Unknown(digest) => digest.to_string(),
        }
    }
}
