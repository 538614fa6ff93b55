//! What VEX clears stays visible: each row is a note, with whose word it is.

use lockgate_plugin::scans::Row;
use lockgate_plugin::{Failure, Level, Report, Rule};

use crate::rows::{Next, Question, Rows, Stated};
use crate::tally::{Place, Saying, Tally};

/// Notes the rows of a question that one status of VEX clears.
pub(crate) fn cleared(
    rule: Rule,
    rows: &impl Rows,
    question: &Question,
    place: Place<'_>,
    report: &mut Report,
) -> Result<(), Failure> {
    let count = u64::from(rows.count(question)?);
    if count == 0 {
        return Ok(());
    }
    let mut tally = Tally::new(rule, Level::Note, place);
    let mut seen = 0_u64;
    rows.each(question, &mut |row| {
        note(rows, &row, &mut tally, report)?;
        seen += 1;
        Ok(if tally.is_full() { Next::Enough } else { Next::More })
    })?;
    tally.count(count.saturating_sub(seen));
    tally.finish(report);
    Ok(())
}

/// Notes one row that VEX clears.
pub(crate) fn note(
    rows: &impl Rows,
    row: &Row,
    tally: &mut Tally<'_>,
    report: &mut Report,
) -> Result<(), Failure> {
    let stated = if tally.names(row) { rows.stated(row.id)? } else { None };
    tally.add(row, || stated.map(saying).unwrap_or_default(), report);
    Ok(())
}

fn saying(stated: Stated) -> Saying {
    let who = stated.signers.join("`, `");
    let mut what = format!("is cleared by VEX of `{who}`: `{}`", stated.status);
    if let Some(why) = &stated.justification {
        what += &format!(", `{why}`");
    }
    Saying { what, found: Some(stated.status), on: vec![stated.document], ..Saying::default() }
}
