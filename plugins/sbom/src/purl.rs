//! Whether a text can be a package URL.
//!
//! The host compares package URLs in canonical form; here it only matters that a ban which could
//! never match is told before anything runs.

/// What is wrong with a package URL.
pub(crate) fn problem(text: &str) -> Option<String> {
    let wrong = |why: &str| {
        Some(format!("`{text}` is no package URL, for example `pkg:npm/left-pad@1.3.0`: {why}"))
    };
    let Some(rest) = text.strip_prefix("pkg:") else { return wrong("it begins with `pkg:`") };
    let Some((kind, rest)) = rest.split_once('/') else {
        return wrong("after the type comes a `/` and a name");
    };
    if !is_type(kind) {
        return wrong("a type is letters, digits, `.`, `-` and `+`, and begins with a letter");
    }
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let (path, version) = match path.rsplit_once('@') {
        // A namespace may begin with a raw `@`; a version follows the name.
        Some((before, version)) if !before.is_empty() && !version.contains('/') => {
            (before, Some(version))
        }
        _ => (path, None),
    };
    if path.split('/').all(str::is_empty) || path.ends_with('/') {
        return wrong("it has no name");
    }
    if version == Some("") {
        return wrong("no version follows the `@`");
    }
    text_problem(text).and_then(wrong)
}

/// What is wrong with the beginning of a package URL in canonical form. With less than a type it
/// would cover everything, and what is not canonical would cover nothing.
pub(crate) fn prefix_problem(prefix: &str) -> Option<String> {
    let kind = prefix.strip_prefix("pkg:").and_then(|rest| rest.split_once('/')).map(|(k, _)| k);
    let fits = kind.is_some_and(|kind| is_type(kind) && kind == kind.to_ascii_lowercase());
    let message = "a canonical package URL's beginning with its whole type, for example \
                   `pkg:npm/%40acme/`";
    if !fits {
        return Some(message.to_owned());
    }
    if prefix.contains("/@") {
        return Some("in canonical form a namespace's `@` is written `%40`".to_owned());
    }
    text_problem(prefix).map(|why| format!("{message}: {why}"))
}

fn is_type(kind: &str) -> bool {
    kind.starts_with(|c: char| c.is_ascii_alphabetic())
        && kind.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'))
}

/// No URL holds a space or a control character, and `%` comes with two digits.
fn text_problem(text: &str) -> Option<&'static str> {
    if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Some("it holds a space or a control character");
    }
    let escaped = |after: &str| {
        let digits = after.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    let fits = text.split('%').skip(1).all(escaped);
    (!fits).then_some("after a `%` come two hexadecimal digits")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_urls_are_fine() {
        for text in [
            "pkg:npm/event-stream",
            "pkg:npm/%40angular/core@12.3.1",
            "pkg:npm/@angular/core@12.3.1",
            "pkg:npm/@angular/core",
            "pkg:maven/org.apache/log4j-core@2.14.1?type=jar#sub/path",
            "pkg:golang/google.golang.org/genproto#googleapis/api",
            "pkg:docker/cassandra@sha256:244fd47e07d1004f0aed9c",
        ] {
            assert_eq!(problem(text), None);
        }
    }

    #[test]
    fn what_could_never_match_is_told() {
        for text in [
            "",
            "left-pad",
            "npm/left-pad",
            "pkg:npm",
            "pkg:npm/",
            "pkg:/left-pad",
            "pkg:n pm/left-pad",
            "pkg:npm/left pad",
            "pkg:npm/left-pad@",
            "pkg:npm/%4",
        ] {
            assert!(problem(text).is_some(), "{text}");
        }
        for prefix in ["", "pkg:", "pkg:npm", "pkg:NPM/left", "pkg:npm/@evil/", "pkg:npm/a b"] {
            assert!(prefix_problem(prefix).is_some(), "{prefix}");
        }
        assert_eq!(prefix_problem("pkg:npm/%40evil/"), None);
        assert_eq!(prefix_problem("pkg:npm/"), None);
    }
}
