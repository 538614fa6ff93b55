//! What the interpreter says of an error, in one line.

use regorus::unstable::Span;

/// The place and the message: the interpreter writes `--> main:4:3`, an excerpt and `error: …`, and
/// where one error led to another, both, the cause last.
pub(crate) fn told(error: &anyhow::Error) -> String {
    let text = error.to_string();
    let line = |start: &str| text.lines().rev().find_map(|line| line.strip_prefix(start));
    match (line("error: "), line("--> ")) {
        (Some(message), Some(place)) => format!("{}: {message}", placed(place)),
        _ => text.split_whitespace().collect::<Vec<_>>().join(" "),
    }
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
    fn what_has_no_place_is_told_in_one_line() {
        assert_eq!(told(&anyhow::anyhow!("not a\n valid rule path")), "not a valid rule path");
    }
}
