//! `[stage.NAME]`: what it takes to enter a stage.

use std::collections::BTreeSet;

use camino::Utf8Path;
use lockgate_evidence::{Acceptance, Accepts};
use lockgate_model::Stage;

use super::policy;
use super::problem::Problems;
use super::reader::{At, Table, quoted};
use super::tree::Value;
use super::trust::{Signers, beside, kind, known};
use super::{Expectation, Policy, StageConfig, expectation, open, vex};

/// Reads all stages and the policy files that they name.
pub(super) fn read(
    problems: &mut Problems,
    file: &mut Table,
    path: &Utf8Path,
    signers: &Signers,
) -> Vec<StageConfig> {
    let Some(mut table) = file.table(problems, "stage") else { return Vec::new() };
    let mut stages = Vec::new();
    for (name, place, node) in table.take_all() {
        let heading = format!("[stage.{name}]");
        let Some(mut stage) = Table::from(problems, &heading, node) else { continue };
        let before = problems.len();
        let (expects, policies, sets_forbid) = one(problems, &mut stage, path, signers);
        let accepts = accepts(problems, &mut stage);
        let vex = vex::read(problems, &mut stage);
        let forbids_relaxations = forbids_relaxations(problems, &mut stage) || sets_forbid;
        // A policy that could not be read is reported where it stands.
        let all_read = problems.len() == before;
        let later = ["after", "soak", "approvals", "waivers", "freeze", "separation-of-duties"];
        stage.refuse(problems, &later);
        stage.finish(problems);
        match name.parse::<Stage>() {
            Ok(name) => {
                if all_read && policies.is_empty() {
                    let help = "a stage without a policy would let everything in; name a file in \
                                `policies`, or add one inline";
                    let message = format!("the stage `{name}` has no policy");
                    problems.push(Some(place), message, Some(help.into()));
                }
                stages.push(StageConfig {
                    name,
                    expects,
                    accepts,
                    vex,
                    policies,
                    forbids_relaxations,
                });
            }
            Err(error) => problems.push(Some(place), error.to_string(), None),
        }
    }
    stages
}

/// What a stage expects, its policies, and whether a policy set of it forbids relaxations: a set can make
/// a stage stricter than it is by itself, and never laxer.
fn one(
    problems: &mut Problems,
    stage: &mut Table,
    path: &Utf8Path,
    signers: &Signers,
) -> (Vec<Expectation>, Vec<Policy>, bool) {
    let mut expects = expectation::read(problems, stage, Some(signers));
    let mut policies = Vec::new();
    let mut forbids = false;
    let mut names = BTreeSet::new();
    for written in stage.strings(problems, "policies").unwrap_or_default() {
        let set = beside(path, &written.value);
        let before = problems.len();
        let Some(mut table) = open(problems, &set, Some(&written.place)) else { continue };
        expects.extend(expectation::read(problems, &mut table, Some(signers)));
        forbids |= forbids_relaxations(problems, &mut table);
        let found = policy::read(problems, &mut table, &set, &mut names);
        // A policy that could not be read is reported where it stands.
        if found.is_empty() && problems.len() == before {
            let message = format!("`{}` has no `[[policy]]`", written.value);
            problems.push(Some(written.place), message, None);
        }
        table.finish(problems);
        policies.extend(found);
    }
    policies.extend(policy::read(problems, stage, path, &mut names));
    (expectation::all(problems, expects), policies, forbids)
}

/// `accept`: what is taken although nobody vouches for it.
fn accepts(problems: &mut Problems, stage: &mut Table) -> Accepts {
    let mut accepts = Accepts::new();
    let Some(mut table) = stage.table(problems, "accept") else { return accepts };
    for (name, place, node) in table.take_all() {
        let named = At { value: name, place: place.clone() };
        let Some(read) = kind(problems, named) else { continue };
        if !Acceptance::KINDS.contains(&read) {
            let kinds: Vec<_> = Acceptance::KINDS.iter().map(|kind| kind.as_str()).collect();
            let message = format!("`{read}` has to be verified, so a stage cannot accept it");
            problems.push(Some(place), message, Some(format!("it can accept {}", quoted(&kinds))));
            continue;
        }
        let Value::String(value) = node.value else {
            let message = format!("`{read}` in `accept` is a string, not {}", node.value.named());
            problems.push(Some(node.place), message, None);
            continue;
        };
        let word = known(problems, At { value, place: node.place }, Acceptance::ALL);
        accepts.extend(word.map(|acceptance| (read, acceptance)));
    }
    accepts
}

/// What a stage or a policy set says of relaxations; if it says nothing, they are listed and allowed.
pub(super) fn forbids_relaxations(problems: &mut Problems, stage: &mut Table) -> bool {
    let Some(word) = stage.string(problems, "relaxations") else { return false };
    match word.value.as_str() {
        "allowed" => false,
        "forbidden" => true,
        other => {
            let message = format!("relaxations are not `{other}`");
            let help = "they are `allowed` or `forbidden`";
            problems.push(Some(word.place), message, Some(help.into()));
            true
        }
    }
}
