//! Whether a version names one release, or may be another one tomorrow.

/// What ranges and wildcards of package managers begin with.
const OPERATORS: [char; 9] = ['^', '~', '<', '>', '=', '!', '*', '[', '('];

/// Types of packages of which only a hash names one release, for their tags can be moved.
const BY_HASH: [&str; 3] = ["docker", "githubactions", "oci"];

/// How long hashes are, in hexadecimal: SHA-1 and SHA-256.
const HASHES: [usize; 2] = [40, 64];

/// Why a version names no single release of a package of a type; none where it names one.
///
/// What is certain is said, and nothing is guessed: a tag `v2` of a repository can be moved, and looks
/// like a version all the same.
///
/// ```
/// use lockgate_evidence::package::inexact;
///
/// assert_eq!(inexact(Some("npm"), "4.17.21"), None);
/// assert_eq!(inexact(Some("npm"), "^4.17.0"), Some("it is a range"));
/// assert_eq!(inexact(Some("maven"), "1.0-SNAPSHOT"), Some("it is a snapshot"));
/// ```
#[must_use]
pub fn inexact(package_type: Option<&str>, version: &str) -> Option<&'static str> {
    let version = version.trim();
    if version.is_empty() {
        return Some("it is empty");
    }
    if package_type.is_some_and(|kind| BY_HASH.contains(&kind)) {
        return (!is_hash(version)).then_some("it is a tag, which can be moved, and no digest");
    }
    let is_range = version.starts_with(OPERATORS)
        || version.contains(['*', ',', '|'])
        || version.contains(char::is_whitespace)
        || version.ends_with('+');
    if is_range {
        return Some("it is a range");
    }
    if version.split('.').any(|part| part.eq_ignore_ascii_case("x")) {
        return Some("it is a range");
    }
    let ends = |end: &str| {
        let start = version.len().checked_sub(end.len());
        let tail = start.and_then(|start| version.get(start..));
        tail.is_some_and(|tail| tail.eq_ignore_ascii_case(end))
    };
    if ends("-SNAPSHOT") {
        return Some("it is a snapshot");
    }
    let begins = |beginning: &str| {
        let head = version.get(..beginning.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(beginning))
    };
    if package_type == Some("composer") && (begins("dev-") || ends("-dev")) {
        return Some("it is a branch");
    }
    // `latest`, `main`, `stable`, `(devel)`: what has a digit is a version, and so is a hash.
    if !version.bytes().any(|byte| byte.is_ascii_digit()) && !is_hash(version) {
        return Some("it is a name, which can be moved");
    }
    None
}

fn is_hash(text: &str) -> bool {
    let hex = text.rsplit(':').next().unwrap_or_default();
    HASHES.contains(&hex.len()) && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_that_names_one_release_is_exact() {
        let commit = "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";
        for (package_type, version) in [
            ("npm", "1.2.3"),
            ("npm", "1.2.3-beta.1+build.5"),
            ("pypi", "2004d"),
            ("deb", "1:1.2~rc1-1+deb12u1"),
            ("maven", "2.14.1"),
            ("maven", "31.1-jre"),
            ("golang", "v0.0.0-20210101000000-abcdef123456"),
            ("github", commit),
            ("githubactions", commit),
            ("generic", "8u292-b10"),
        ] {
            assert_eq!(inexact(Some(package_type), version), None, "{package_type} {version}");
        }
        let digest = format!("sha256:{}", "a".repeat(64));
        assert_eq!(inexact(Some("oci"), &digest), None);
    }

    #[test]
    fn a_version_that_may_be_another_one_tomorrow_is_not() {
        for (package_type, version) in [
            ("npm", ""),
            ("npm", " "),
            ("npm", "^1.2"),
            ("npm", "~1.2"),
            ("npm", ">=1"),
            ("npm", "*"),
            ("npm", "1.x"),
            ("npm", "1.2.X"),
            ("npm", "1 - 2"),
            ("npm", "1||2"),
            ("npm", "latest"),
            ("npm", "workspace:*"),
            ("pypi", "==1.0"),
            ("maven", "[1.0,2.0)"),
            ("maven", "1.0-snapshot"),
            ("maven", "LATEST"),
            ("maven", "1.+"),
            ("golang", "(devel)"),
            ("composer", "dev-main"),
            ("composer", "2.1-dev"),
            ("oci", "1.2.3"),
            ("docker", "latest"),
            ("githubactions", "v4"),
            ("generic", "main"),
        ] {
            assert!(inexact(Some(package_type), version).is_some(), "{package_type} {version}");
        }
        assert_eq!(inexact(None, "unknown"), Some("it is a name, which can be moved"));
    }
}
