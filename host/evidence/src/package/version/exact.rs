//! Whether a version names one release, or may be another one tomorrow.

/// What ranges and wildcards of package managers begin with.
const OPERATORS: [char; 9] = ['^', '~', '<', '>', '=', '!', '*', '[', '('];

/// Types of packages of which only a digest names one release, for their tags can be moved, even those
/// that look like a commit.
const BY_DIGEST: [&str; 2] = ["docker", "oci"];

/// The same of which only a commit does.
const BY_COMMIT: &str = "githubactions";

/// How long commits are, in hexadecimal: by SHA-1 and SHA-256.
const COMMITS: [usize; 2] = [40, 64];

/// What digests begin with, and how long they are behind it.
const DIGESTS: [(&str, usize); 3] = [("sha256:", 64), ("sha384:", 96), ("sha512:", 128)];

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
    if is_digest(version) {
        return None;
    }
    if package_type.is_some_and(|kind| BY_DIGEST.contains(&kind)) {
        return Some("it is a tag, which can be moved, and no digest");
    }
    if package_type == Some(BY_COMMIT) {
        return (!is_commit(version)).then_some("it is a tag, which can be moved, and no commit");
    }
    if names_a_place(version, package_type) {
        return (!ends_with_commit(version)).then_some("it names a place, and no release of it");
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
    if !version.bytes().any(|byte| byte.is_ascii_digit()) && !is_commit(version) {
        return Some("it is a name, which can be moved");
    }
    None
}

/// Whether a version tells package managers where to look: a URL, a repository with a branch behind `#`, a
/// word such as `workspace:`, `npm:` or `file:`.
fn names_a_place(version: &str, package_type: Option<&str>) -> bool {
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    // A number before a colon is an epoch.
    let has_word = version.split_once(':').is_some_and(|(word, _)| !is_number(word));
    let has_path = package_type == Some("npm") && version.contains('/');
    // A number behind `#` is that of a port: `1.2.11#3`.
    let is_port = |(version, port): (&str, &str)| !version.contains('/') && is_number(port);
    has_word || has_path || version.split_once('#').is_some_and(|parts| !is_port(parts))
}

/// Whether what stands behind the last `#` is a whole commit, which names one release of whatever stands
/// before it.
fn ends_with_commit(version: &str) -> bool {
    let end = version.rsplit_once('#').map(|(_, end)| end);
    end.is_some_and(|end| is_commit(end.strip_prefix("commit=").unwrap_or(end)))
}

fn is_commit(text: &str) -> bool {
    COMMITS.contains(&text.len()) && is_hex(text)
}

fn is_digest(text: &str) -> bool {
    DIGESTS.iter().any(|(algorithm, length)| {
        text.strip_prefix(algorithm).is_some_and(|hex| hex.len() == *length && is_hex(hex))
    })
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
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
            ("rpm", "0:5.1.8-9.el9"),
            ("vcpkg", "1.2.11#3"),
            ("github", "refs/tags/v1"),
            ("npm", &format!("git+https://github.com/a/b1.git#{commit}")),
            ("npm", &format!("https://github.com/a/b1.git#commit={commit}")),
            ("npm", &format!("github:acme/x1#{commit}")),
            ("maven", "2.14.1"),
            ("maven", "31.1-jre"),
            ("golang", "v0.0.0-20210101000000-abcdef123456"),
            ("github", commit),
            ("githubactions", commit),
            ("generic", "8u292-b10"),
        ] {
            assert_eq!(inexact(Some(package_type), version), None, "{package_type} {version}");
        }
        for digest in
            ["sha256:".to_owned() + &"a".repeat(64), "sha512:".to_owned() + &"a".repeat(128)]
        {
            for package_type in [Some("oci"), Some("docker"), None] {
                assert_eq!(inexact(package_type, &digest), None);
            }
        }
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
            ("npm", "workspace:^1.2"),
            ("npm", "npm:b@^1.0"),
            ("npm", "git+https://github.com/a/b1.git#main"),
            ("npm", "git+https://github.com/a/b1.git#semver:1.0.0"),
            ("npm", "git+https://github.com/a/b1.git#deadbeef1"),
            ("npm", "github:acme/x1#main"),
            ("npm", "acme/x1#2"),
            ("npm", "acme/x1"),
            ("npm", "https://x/a-1.tgz"),
            ("npm", "file:../a1"),
            ("oci", &"a".repeat(64)),
            ("docker", &"a1".repeat(20)),
            ("docker", "sha256:a1"),
            ("githubactions", "sha256:a1"),
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
