//! `vex` in a stage: how far VEX documents reach. Without it they reach no further than what they
//! name; each key here is a relaxation.

use lockgate_evidence::vex::Rules;

use super::problem::Problems;
use super::reader::Table;
use super::trust::known;

/// Reads what a stage says of VEX documents.
pub(super) fn read(problems: &mut Problems, stage: &mut Table) -> Rules {
    let Some(mut table) = stage.table(problems, "vex") else { return Rules::default() };
    let mut is = |key, word| {
        let written = table.string(problems, key);
        written.and_then(|written| known(problems, written, &[((), word)])).is_some()
    };
    let rules =
        Rules { by_purl: is("match", "purl"), covers_all: is("without-subcomponent", "all") };
    table.finish(problems);
    rules
}
