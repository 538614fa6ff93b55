//! What holds for data files, and for license expressions.

use std::sync::Arc;

use lockgate_model::Digest;
use serde_json::Value;

use super::laws::shown;
use crate::data::{File, Table, Unreadable};
use crate::license::{self, Expression, Term};

/// A data file: how it is asked for on the first line, and what is in it behind that. `csv,KEY`, or
/// `POINTER,KEY` for JSON.
///
/// # Panics
///
/// A law does not hold.
pub fn data(bytes: &[u8]) {
    let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else { return };
    let (asked, contents) = (&bytes[..end], &bytes[end + 1..]);
    let Some((form, key)) = std::str::from_utf8(asked).ok().and_then(|line| line.split_once(','))
    else {
        return;
    };
    let file = File::new(Arc::from(contents), Digest::from_sha256([0; 32]));
    let contents = match file.contents() {
        Ok(contents) => contents.to_vec(),
        Err(why) => return shown(&why.to_string()),
    };
    let made = if form == "csv" { file.csv(key) } else { file.json(form, key) };
    let table = match &made {
        Ok(table) => table,
        Err(why) => return told(why),
    };
    let text = String::from_utf8(contents).expect("a table is made of text");
    if form == "csv" {
        csv(table, &text, key);
    } else {
        json(table, &text, form, key);
    }
}

fn told(why: &Unreadable) {
    shown(&why.to_string());
}

/// Without quotes, a row is what stands between commas.
fn csv(table: &Table, text: &str, key: &str) {
    if text.contains('"') {
        return;
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.lines().skip_while(|line| line.starts_with('#'));
    let columns: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let place = columns.iter().position(|column| *column == key).expect("the column is there");
    let mut count = 0;
    for line in lines {
        count += 1;
        let fields: Vec<&str> = line.split(',').collect();
        let row = table.row(fields[place]).expect("each row is found by its key");
        for (column, field) in columns.iter().zip(fields) {
            assert_eq!(row.get(column).as_deref().unwrap_or_default(), field, "{column}");
        }
    }
    assert_eq!(table.len(), count, "no row is lost, and none is made up");
}

/// What another reader of JSON makes of it.
fn json(table: &Table, text: &str, pointer: &str, key: &str) {
    let whole: Value = serde_json::from_str(text).expect("the strict scan looked it over");
    let Some(Value::Array(rows)) = whole.pointer(pointer) else {
        panic!("no array is at `{pointer}`");
    };
    assert_eq!(table.len(), rows.len(), "no row is lost, and none is made up");
    for row in rows {
        // Numbers are held as they are written, which that reader does not keep.
        let Some(Value::String(value)) = row.get(key) else { continue };
        let found = table.row(value).expect("each row is found by its key");
        for (member, value) in row.as_object().expect("each row is an object") {
            if let Value::String(value) = value {
                assert_eq!(found.get(member).as_deref(), Some(value.as_str()), "{member}");
            }
        }
    }
}

/// A license expression.
///
/// # Panics
///
/// A law does not hold.
pub fn license(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Some(near) = license::nearest(text) {
        assert!(near.parse::<Expression>().is_ok(), "`{near}` is on the list");
    }
    let expression: Expression = match text.parse() {
        Ok(expression) => expression,
        Err(why) => return shown(&why.to_string()),
    };
    let mut depth = 0_usize;
    for term in expression.terms() {
        match term {
            Term::Operand(operand) => {
                assert!(!operand.id.is_empty() && !operand.covers.is_empty(), "{operand:?}");
                depth += 1;
            }
            Term::And | Term::Or => {
                depth = depth.checked_sub(1).filter(|left| *left > 0).expect("two are joined");
            }
        }
    }
    assert_eq!(depth, 1, "an expression is one thing");
    let joined: Expression = format!("({text}) AND MIT").parse().expect("it can stand in brackets");
    let mit: Expression = "MIT".parse().expect("it is on the list");
    let expected = [expression.terms(), mit.terms(), &[Term::And]].concat();
    assert_eq!(joined.terms(), expected, "brackets change nothing");
}
