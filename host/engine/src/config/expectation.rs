//! `expects` of a stage: evidence that has to be there, and which of it counts.

use lockgate_model::Kind;

use super::problem::{Place, Problems};
use super::reader::{Table, quoted};
use super::trust::{Signers, kind, known};
use super::{Expectation, Select};

/// An entry as it is read, with its place.
pub(super) type Read = (Expectation, Place);

/// Reads all entries of a stage or of a policy set. Where a set is read alone nobody knows the signers,
/// and so none is held against them.
pub(super) fn read(
    problems: &mut Problems,
    table: &mut Table,
    signers: Option<&Signers>,
) -> Vec<Read> {
    let entries = table.tables(problems, "expects", "an entry of `expects`");
    entries.into_iter().filter_map(|entry| one(problems, entry, signers)).collect()
}

/// All entries of a stage and of its policy sets, if they go together.
pub(super) fn all(problems: &mut Problems, read: Vec<Read>) -> Vec<Expectation> {
    let mut expects: Vec<Expectation> = Vec::new();
    for (expected, place) in read {
        // Two choices among the same documents could leave none that both take.
        let chooses = |one: &Expectation| one.kind == expected.kind && one.select != Select::All;
        if expected.select != Select::All && expects.iter().any(chooses) {
            let message = format!("`{}` is selected from twice in one stage", expected.kind);
            let help = "leave `select` to one entry of a kind";
            problems.push(Some(place), message, Some(help.into()));
        }
        expects.push(expected);
    }
    expects
}

fn one(problems: &mut Problems, mut entry: Table, signers: Option<&Signers>) -> Option<Read> {
    let word = entry.required(problems, "kind");
    let signer = entry.string(problems, "signer");
    let count = entry.positive(problems, "count").unwrap_or(1);
    let select_word = entry.string(problems, "select");
    let max_age = entry.age(problems, "max-age");
    let place = entry.place();
    entry.finish(problems);
    let kind = word.and_then(|word| kind(problems, word));
    if let (Some(signer), Some(signers)) = (&signer, signers) {
        match signers.get(&signer.value) {
            None => {
                let names: Vec<_> = signers.keys().collect();
                let help = if names.is_empty() {
                    "`[trust]` names no signer".to_owned()
                } else {
                    format!("`[trust]` names {}", quoted(&names))
                };
                let message = format!("`[trust]` does not name the signer `{}`", signer.value);
                problems.push(Some(signer.place.clone()), message, Some(help));
            }
            Some(Some(kinds)) if kind.is_some_and(|kind| !kinds.contains(&kind)) => {
                let kind = kind?;
                let message =
                    format!("`{}` may not vouch for `{kind}`, so this is never met", signer.value);
                let help = format!("add `{kind}` to its `for`, or name another signer");
                problems.push(Some(signer.place.clone()), message, Some(help));
            }
            Some(_) => {}
        }
    }
    let select = match select_word {
        Some(word) => {
            let select_place = word.place.clone();
            let select = known(problems, word, Select::ALL)?;
            if kind == Some(Kind::Signature) && select != Select::All {
                let message = "signatures over the artifact are counted, so none is selected";
                let help = "remove `select`, and ask for a `count` or a `signer`";
                problems.push(Some(select_place.clone()), message.to_owned(), Some(help.into()));
            }
            if select == Select::Latest && count > 1 {
                let message =
                    format!("the latest is one document, so there are never {count} of them");
                problems.push(Some(select_place), message, Some("remove `count`".into()));
            }
            select
        }
        None => Select::All,
    };
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let signer = signer.map(|at| at.value);
    Some((Expectation { kind: kind?, signer, count, select, max_age }, place))
}
