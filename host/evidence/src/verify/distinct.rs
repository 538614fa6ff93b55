//! Who is the same as whom.
//!
//! Two certificates are the same signer's if they were issued to the same somebody, whatever entries
//! ask for them; and if the same entry asks for them, whatever tag the workflow ran at. So names in
//! `[trust]` and those behind them are joined over all facts, and everyone who is joined has one
//! identity: distinct signers are distinct in both ways.

use std::collections::BTreeMap;

use lockgate_model::Digest;

use super::fact::{Assured, Attestation, Signature, Signer, Verified};

/// Gives all signers of all facts the identities by which they are told apart.
pub(super) fn settle(
    attestations: &mut [Assured<Attestation>],
    signatures: &mut [(Digest, Verified<Signature>)],
) {
    let mut same = Same::default();
    for fact in attestations.iter() {
        same.join(fact.signers());
    }
    for (_, fact) in signatures.iter() {
        same.join(fact.signers());
    }
    let settled = same.settled();
    for fact in attestations.iter_mut() {
        if let Assured::Verified(fact) = fact {
            fact.known_as(&settled);
        }
    }
    for (_, fact) in signatures.iter_mut() {
        fact.known_as(&settled);
    }
}

/// Names, and the identities that were seen under each.
#[derive(Default)]
struct Same(BTreeMap<String, Vec<String>>);

impl Same {
    fn join(&mut self, signers: &[Signer]) {
        for signer in signers {
            let keys = self.0.entry(signer.name().to_owned()).or_default();
            if !keys.iter().any(|key| key == signer.key()) {
                keys.push(signer.key().to_owned());
            }
        }
    }

    /// For each name the identity of all that are joined with it: the first of theirs.
    fn settled(self) -> BTreeMap<String, String> {
        let mut groups: Vec<(Vec<String>, Vec<String>)> = Vec::new();
        for (name, keys) in self.0 {
            let (mut names, mut all) = (vec![name], keys);
            let (joined, apart): (Vec<_>, Vec<_>) = groups
                .into_iter()
                .partition(|(_, theirs)| theirs.iter().any(|key| all.contains(key)));
            for (others, theirs) in joined {
                names.extend(others);
                all.extend(theirs);
            }
            groups = apart;
            groups.push((names, all));
        }
        let settled = groups.into_iter().flat_map(|(names, keys)| {
            let first = keys.into_iter().min().unwrap_or_default();
            names.into_iter().map(move |name| (name, first.clone()))
        });
        settled.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(seen: &[(&str, &str)]) -> Vec<String> {
        let mut same = Same::default();
        for (name, key) in seen {
            same.join(&[Signer::new((*name).to_owned(), (*key).to_owned(), None)]);
        }
        same.settled().into_iter().map(|(name, key)| format!("{name}={key}")).collect()
    }

    #[test]
    fn signers_are_distinct_in_both_ways() {
        assert_eq!(settled(&[("a", "1"), ("b", "2")]), ["a=1", "b=2"]);
        assert_eq!(settled(&[("a", "1"), ("a", "2")]), ["a=1"], "one entry, two tags");
        assert_eq!(settled(&[("a", "1"), ("b", "1")]), ["a=1", "b=1"], "one somebody, two entries");
        let chain = [("a", "3"), ("b", "3"), ("b", "2"), ("c", "2"), ("d", "1")];
        assert_eq!(settled(&chain), ["a=2", "b=2", "c=2", "d=1"]);
    }
}
