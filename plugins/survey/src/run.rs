//! Everything that can be seen of results of tests.

use lockgate_plugin::test_results::{documents, names};
use lockgate_plugin::{Failure, Refusal};

use crate::Notes;

pub(crate) fn look(notes: &mut Notes) -> Result<(), Failure> {
    for document in documents() {
        let document = document?;
        let path = document.path();
        notes.add(format!("tests {path} {} {:?}", document.assurance(), document.signers()));
        let run = match document.open() {
            Ok(run) => run,
            Err(Refusal::Malformed(why)) => {
                notes.add(format!("unreadable: {why}"));
                continue;
            }
            Err(other) => return Err(other.into()),
        };
        notes.seen("outcome, url", (run.outcome(), run.url()));
        for configuration in run.configurations()? {
            let seen = (configuration.name, configuration.uri, configuration.sha256);
            notes.seen("configuration", seen);
        }
        for outcome in ["passed", "warned", "failed"] {
            let listed = names(&run, outcome).collect::<Result<Vec<_>, Failure>>()?;
            let first = match listed.first() {
                Some(name) => run.has(outcome, name)?,
                None => false,
            };
            notes.seen(outcome, (run.count(outcome)?, listed, first));
        }
        notes.seen("skipped", run.count("skipped").map_err(|why| why.to_string()));
    }
    Ok(())
}
