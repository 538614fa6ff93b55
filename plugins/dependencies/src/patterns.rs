//! Patterns over canonical package URLs.

use crate::knowledge::Knowledge;

/// Whether a text is a type of package URLs in lower case.
pub(crate) fn is_type(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".+-".contains(&b))
}

/// A pattern that covers something: in canonical form, for nothing else is compared. The error says what
/// is wrong.
pub(crate) fn checked(glob: &str, known: &dyn Knowledge) -> Result<(), String> {
    let behind_type = glob.strip_prefix("pkg:").and_then(|rest| rest.split_once('/'));
    if !behind_type.is_some_and(|(package_type, _)| is_type(package_type)) {
        return Err(format!("`{glob}` does not begin with `pkg:` and a type in lower case"));
    }
    // A letter for each star makes a package URL of a pattern that is one.
    let example = glob.replace('*', "a");
    let canonical = known.purl(&example)?;
    if canonical == example {
        Ok(())
    } else {
        Err(format!("in canonical form `{example}` is `{canonical}`"))
    }
}

/// What may stand behind a name: nothing, a version, qualifiers, a subpath.
const ENDS: [&str; 4] = ["", "@**", "?**", "#**"];

/// The patterns of the packages that a pattern names, in any version unless it names one.
pub(crate) fn of_package(glob: &str) -> Vec<String> {
    // Two stars cover whatever stands behind.
    let ends = if glob.ends_with("**") { &ENDS[..1] } else { &ENDS };
    ends.iter().map(|end| [glob, end].concat()).collect()
}

/// The patterns of all packages of a type in a namespace, and in those below it; of those without any if
/// it is empty. The error says what is wrong.
pub(crate) fn of_namespace(
    package_type: &str,
    namespace: &str,
    known: &dyn Knowledge,
) -> Result<Vec<String>, String> {
    if namespace.is_empty() {
        return Ok(of_package(&["pkg:", package_type, "/*"].concat()));
    }
    let mut encoded = String::new();
    for c in namespace.chars() {
        match c {
            '@' => encoded.push_str("%40"),
            _ => encoded.push(c),
        }
    }
    if namespace.starts_with('/') || namespace.ends_with('/') || namespace.contains("**") {
        return Err("without a slash at its ends, and one star at a time".to_owned());
    }
    let pattern = format!("pkg:{package_type}/{encoded}/**");
    checked(&pattern, known)?;
    Ok(vec![pattern])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Little;

    #[test]
    fn a_namespace_becomes_a_pattern() {
        let of = |kind, namespace| of_namespace(kind, namespace, &Little);
        assert_eq!(of("npm", "@acme"), Ok(vec!["pkg:npm/%40acme/**".into()]));
        assert_eq!(of("maven", "org.apache.*"), Ok(vec!["pkg:maven/org.apache.*/**".into()]));
        assert_eq!(
            of("npm", "").unwrap(),
            ["pkg:npm/*", "pkg:npm/*@**", "pkg:npm/*?**", "pkg:npm/*#**"]
        );
        for namespace in ["/a", "a/", "a/**", "a_b"] {
            assert!(of("npm", namespace).is_err(), "{namespace}");
        }
    }

    #[test]
    fn a_package_is_meant_in_any_version() {
        assert_eq!(of_package("pkg:npm/%40acme/**"), ["pkg:npm/%40acme/**"]);
        assert_eq!(
            of_package("pkg:npm/acme-*"),
            ["pkg:npm/acme-*", "pkg:npm/acme-*@**", "pkg:npm/acme-*?**", "pkg:npm/acme-*#**"]
        );
    }

    #[test]
    fn what_could_never_match_is_no_pattern() {
        assert_eq!(checked("pkg:npm/%40acme/**", &Little), Ok(()));
        for glob in ["", "npm/a", "pkg:npm", "pkg:NPM/a", "pkg:npm/", "pkg:npm/a_*", "pkg:*/a"] {
            assert!(checked(glob, &Little).is_err(), "{glob}");
        }
    }
}
