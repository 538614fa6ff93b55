//! What the interpreter says of an error, in one line.

use regorus::unstable::Span;

use crate::format::short;

/// The place and the message: the interpreter writes `--> main:4:3`, an excerpt and `error: …`, and
/// where one error led to another, both, the cause last.
pub(crate) fn told(error: &anyhow::Error) -> String {
    let text = error.to_string();
    let line = |start: &str| text.lines().rev().find_map(|line| line.strip_prefix(start));
    match (line("error: "), line("--> ")) {
        (Some(message), Some(place)) => format!("{}: {}", placed(place), bounded(message)),
        _ => bounded(&text.split_whitespace().collect::<Vec<_>>().join(" ")),
    }
}

/// Without what is only for those who mend the interpreter, and not longer than what is read: of a variable
/// without a value it shows all that it knows, and of an argument that is none, all of it.
fn bounded(message: &str) -> String {
    let end = message.find(" (path [").unwrap_or(message.len());
    short(&message[..end])
}

/// Where a span is.
pub(crate) fn place(span: &Span) -> String {
    format!("`{}`, line {}, column {}", span.source.get_path(), span.line, span.col)
}

fn placed(place: &str) -> String {
    let mut parts = place.trim().rsplitn(3, ':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(column), Some(line), Some(file)) => {
            format!("`{file}`, line {line}, column {column}")
        }
        _ => place.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_error_is_told_with_its_place() {
        let text = "\n--> a:1:2\n  |\n1 | x\n  | ^\nerror: one:\n--> b:3:4\n  |\nerror: two";
        assert_eq!(told(&anyhow::anyhow!(text)), "`b`, line 3, column 4: two");
    }

    #[test]
    fn a_message_does_not_repeat_the_facts() {
        let text =
            format!("--> a:1:2\n  |\nerror: var x is unsafe (path [\"a\"], {}", "y".repeat(9000));
        assert_eq!(told(&anyhow::anyhow!(text)), "`a`, line 1, column 2: var x is unsafe");
        let text = format!("--> a:1:2\n  |\nerror: got {}", "ü".repeat(9000));
        assert_eq!(told(&anyhow::anyhow!(text)).chars().count(), 324);
    }

    #[test]
    fn what_has_no_place_is_told_in_one_line() {
        assert_eq!(told(&anyhow::anyhow!("not a\n valid rule path")), "not a valid rule path");
    }
}
