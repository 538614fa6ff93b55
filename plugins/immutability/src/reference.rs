//! What an image or an action is called, and whether that is for ever.

/// Docker's own names for the registry that a reference without one means.
const HUB: &str = "docker.io";
const HUBS: [&str; 3] = ["index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"];

/// How many digits the digests have that pin.
const DIGESTS: [(&str, usize); 2] = [("sha256:", 64), ("sha512:", 128)];

/// Why an image may change under its name; none if it is named by digest.
pub(crate) fn why_mutable(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        return Some("is empty, so the image is chosen elsewhere");
    }
    if is_variable(text) {
        return Some("holds a variable, so the image is chosen elsewhere");
    }
    let (name, digest) = match text.split_once('@') {
        Some((name, digest)) => (name, Some(digest)),
        None => (text, None),
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/:".contains(&byte);
    if name.is_empty() || !name.bytes().all(plain) {
        return Some("is no reference to an image");
    }
    match digest {
        Some(digest) if is_digest(digest) => None,
        Some(_) => Some("has a digest that is none"),
        None if tag(name).is_some() => Some("is named by a tag"),
        None => Some("is named without a tag, so by `latest`"),
    }
}

/// Whether something is filled in later: by a shell, a template, or Kubernetes.
fn is_variable(text: &str) -> bool {
    text.contains(['$', '{', '}', '%', '<', '>'])
}

/// Whether a text is a digest that pins.
pub(crate) fn is_digest(text: &str) -> bool {
    let hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    DIGESTS.iter().any(|(algorithm, length)| {
        text.strip_prefix(algorithm)
            .is_some_and(|hash| hash.len() == *length && hash.bytes().all(hex))
    })
}

/// The tag of a name: what stands behind a colon in its last part.
fn tag(name: &str) -> Option<&str> {
    let last = name.rsplit('/').next()?;
    last.split_once(':').map(|(_, tag)| tag)
}

/// The name without tag and digest.
pub(crate) fn name(text: &str) -> &str {
    let name = text.split('@').next().unwrap_or(text);
    match tag(name) {
        Some(tag) => name.get(..name.len() - tag.len() - 1).unwrap_or(name),
        None => name,
    }
}

/// The name with its registry, as Docker completes it.
pub(crate) fn full_name(text: &str) -> String {
    let name = name(text);
    let (first, rest) = name.split_once('/').unwrap_or(("", name));
    let is_host = first.contains(['.', ':']) || first.eq_ignore_ascii_case("localhost");
    if !is_host {
        let library = if first.is_empty() { "library/" } else { "" };
        return [HUB, "/", library, name].concat();
    }
    let host = first.to_ascii_lowercase();
    let is_hub = host == HUB || HUBS.contains(&host.as_str());
    let library = if is_hub && !rest.contains('/') { "library/" } else { "" };
    [if is_hub { HUB } else { &host }, "/", library, rest].concat()
}

/// Whether a registry of the settings, with a path behind it or without, has an image. What holds a
/// variable has none.
pub(crate) fn is_in(text: &str, registry: &str) -> bool {
    let full = full_name(text);
    let behind = full.strip_prefix(registry);
    !is_variable(name(text))
        && behind.is_some_and(|behind| behind.starts_with('/') || behind.is_empty())
}

/// The image of an action that is one. GitHub does not heed how `docker://` is written.
pub(crate) fn docker(text: &str) -> Option<&str> {
    let (scheme, image) = text.split_at_checked("docker://".len())?;
    scheme.eq_ignore_ascii_case("docker://").then_some(image)
}

fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a path leads out of the artifact, as Kustomize and Compose see it: by an address, or by the
/// name of a host that they know. A variable may hold a colon before what stands in its place.
pub(crate) fn is_remote(text: &str) -> bool {
    let hosts = ["github.com", "gitlab.com", "bitbucket.org"];
    let text = text.to_ascii_lowercase();
    text.contains("://")
        || text.contains("?ref=")
        || (text.contains(':') && !text.contains('$'))
        || hosts.iter().any(|host| text.starts_with(host))
}

/// Whether what is remote is named by a commit, behind `?ref=` or behind `#`.
pub(crate) fn is_by_commit(text: &str, mark: char) -> bool {
    let raw = text.strip_prefix("https://raw.githubusercontent.com/");
    if let Some(commit) = raw.and_then(|raw| raw.split('/').nth(2)) {
        return is_commit(commit) && !text.contains(['?', '#', '%']);
    }
    let Some((before, behind)) = text.split_once(mark) else { return false };
    // What is coded may say the same twice, and differently.
    if before.contains(['?', '#', '%']) || behind.contains(['?', '#', '%', ';']) {
        return false;
    }
    if mark == '#' {
        return is_commit(behind.split(':').next().unwrap_or_default());
    }
    let named = |param: &&str| param.starts_with("ref=") || param.starts_with("version=");
    let mut commits = behind.split('&').filter(named).peekable();
    commits.peek().is_some()
        && commits.all(|param| param.split_once('=').is_some_and(|(_, commit)| is_commit(commit)))
}

/// Why an action may change under its name; none if it is local or named by a commit.
pub(crate) fn why_action_mutable(text: &str) -> Option<&'static str> {
    if let Some(image) = docker(text) {
        return why_mutable(image);
    }
    if text.starts_with("./") && !is_variable(text) {
        return None;
    }
    let Some((name, commit)) = text.rsplit_once('@') else {
        return Some("names no commit");
    };
    if name.is_empty() || is_variable(name) || !is_commit(commit) {
        return Some("is named by a branch or a tag, and not by a commit");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn only_a_digest_pins_an_image() {
        for name in ["nginx", "nginx:1.25", "localhost:5000/a/b", "ghcr.io/a/b:v1"] {
            assert_eq!(why_mutable(&format!("{name}@sha256:{HEX}")), None, "{name}");
            assert!(why_mutable(name).is_some(), "{name}");
        }
        for (text, why) in [
            ("", "is empty, so the image is chosen elsewhere"),
            ("nginx:$TAG", "holds a variable, so the image is chosen elsewhere"),
            ("{{ .Values.image }}", "holds a variable, so the image is chosen elsewhere"),
            ("localhost:5000/nginx", "is named without a tag, so by `latest`"),
            ("nginx:1", "is named by a tag"),
            ("nginx@sha256:abc", "has a digest that is none"),
            ("nginx@md5:d41d8cd98f00b204e9800998ecf8427e", "has a digest that is none"),
            ("a b", "is no reference to an image"),
            ("@sha256:abc", "is no reference to an image"),
        ] {
            assert_eq!(why_mutable(text), Some(why), "{text}");
        }
        assert!(why_mutable(&format!("nginx@sha256:{}", HEX.to_uppercase())).is_some());
        assert!(why_mutable(&format!("nginx@sha256:{HEX}@sha256:{HEX}")).is_some());
        assert!(why_mutable(&format!("$X@sha256:{HEX}")).is_some());
        assert_eq!(why_mutable(&format!("a@sha512:{HEX}{HEX}")), None);
    }

    #[test]
    fn names_are_completed_as_docker_does() {
        for (text, full) in [
            ("nginx", "docker.io/library/nginx"),
            ("nginx:1", "docker.io/library/nginx"),
            ("acme/app@sha256:00", "docker.io/acme/app"),
            ("index.docker.io/nginx", "docker.io/library/nginx"),
            ("GHCR.io/a/b:1", "ghcr.io/a/b"),
            ("localhost/a", "localhost/a"),
            ("host:5000/a:1", "host:5000/a"),
        ] {
            assert_eq!(full_name(text), full, "{text}");
        }
        assert!(is_in("nginx", "docker.io") && is_in("nginx", "docker.io/library"));
        assert!(is_in("ghcr.io/acme/a/b:1", "ghcr.io/acme"));
        assert!(!is_in("ghcr.io/acme-evil/a", "ghcr.io/acme"));
        assert!(!is_in("ghcr.io.evil.org/acme/a", "ghcr.io"));
        assert!(!is_in("ghcr.io/$X", "ghcr.io"));
    }

    #[test]
    fn what_is_remote_is_pinned_by_a_commit() {
        let commit = &HEX[..40];
        for text in ["base", "../a.yaml", "${DIR:-.}/compose.yml", "a@b/c.yaml"] {
            assert!(!is_remote(text), "{text}");
        }
        for text in ["git@host:a/b", "ghe.acme:a/b", "GitHub.com/a/b", "a?ref=x", "${X}://y"] {
            assert!(is_remote(text), "{text}");
        }
        let raw = "https://raw.githubusercontent.com/a/b";
        for (text, mark, is) in [
            (format!("https://h/a?ref={commit}"), '?', true),
            (format!("https://h/a?timeout=1&version={commit}&ref={commit}"), '?', true),
            (format!("https://h/a?ref=main&version={commit}"), '?', false),
            (format!("https://h/a#x?ref={commit}"), '?', false),
            (format!("https://h/a?ref={commit}#x"), '?', false),
            ("https://h/a?ref=main".into(), '?', false),
            ("https://h/a?timeout=1".into(), '?', false),
            (format!("https://h/a#{commit}"), '?', false),
            (format!("https://h/a.git#{commit}:dir"), '#', true),
            (format!("https://h/a.git#main:{commit}"), '#', false),
            (format!("{raw}/{commit}/x.yaml"), '?', true),
            (format!("{raw}/main/{commit}/x.yaml"), '?', false),
        ] {
            assert_eq!(is_by_commit(&text, mark), is, "{text}");
        }
    }

    #[test]
    fn only_a_commit_pins_an_action() {
        let commit = &HEX[..40];
        for text in [
            format!("actions/checkout@{commit}"),
            format!("a/b/c@{HEX}"),
            "./.github/actions/x".into(),
            format!("docker://alpine@sha256:{HEX}"),
        ] {
            assert_eq!(why_action_mutable(&text), None, "{text}");
        }
        for text in [
            "actions/checkout@v4".into(),
            "actions/checkout".into(),
            format!("actions/checkout@{}", &HEX[..39]),
            format!("${{{{ x }}}}@{commit}"),
            format!("@{commit}"),
            "docker://alpine:3".into(),
            String::new(),
        ] {
            assert!(why_action_mutable(&text).is_some(), "{text}");
        }
    }
}
