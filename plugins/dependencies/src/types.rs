//! Types of package URLs.
//!
//! Those that <https://github.com/package-url/purl-spec> defines, and others that are in use. A type
//! that nobody writes would make a rule look at nothing.

/// Types, with a space around each.
const KNOWN: &str = " alpm android apk bazel bitbucket bitnami bower brew cargo carthage chef chocolatey \
    chrome-extension clojars cocoapods composer conan conda cpan cran crystal deb docker drupal ebuild \
    elm gem generic git gitea github githubactions gitlab golang gradle guix hackage helm hex \
    huggingface ivy julia luarocks maven mlflow nim nix npm nuget oci opam osgi otp p2 pear pecl pub \
    puppet pypi qpkg rpm sourceforge swid swift terraform vcpkg vscode-extension wordpress yocto ";

/// What people call a type by another of its names.
const MEANT: [(&str, &str); 23] = [
    ("alpine", "apk"),
    ("arch", "alpm"),
    ("cocoapod", "cocoapods"),
    ("container", "oci"),
    ("crate", "cargo"),
    ("crates", "cargo"),
    ("debian", "deb"),
    ("dotnet", "nuget"),
    ("erlang", "hex"),
    ("go", "golang"),
    ("haskell", "hackage"),
    ("image", "oci"),
    ("java", "maven"),
    ("mvn", "maven"),
    ("node", "npm"),
    ("packagist", "composer"),
    ("perl", "cpan"),
    ("php", "composer"),
    ("pip", "pypi"),
    ("python", "pypi"),
    ("redhat", "rpm"),
    ("ruby", "gem"),
    ("rust", "cargo"),
];

/// What is wrong with a type; none where it is one.
pub(crate) fn problem(text: &str) -> Option<String> {
    let is_one_word = !text.contains(char::is_whitespace);
    if is_one_word && KNOWN.contains(&[" ", text, " "].concat()) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let known = || KNOWN.split(' ').filter(|one| !one.is_empty());
    let meant = MEANT.iter().find(|(word, _)| *word == lower).map(|(_, meant)| *meant);
    let nearest = meant.or_else(|| known().find(|one| *one == lower));
    let nearest = nearest.or_else(|| {
        let is_part = |one: &str| one.len() > 2 && (lower.contains(one) || one.contains(&*lower));
        known().find(|one| !lower.is_empty() && is_part(one))
    });
    let example = match nearest {
        Some(nearest) => ["is `", nearest, "` meant?"].concat(),
        None => "for example `npm`".to_owned(),
    };
    Some(["`", text, "` is no type of package URLs: ", &example].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_that_nobody_writes_is_refused_with_the_one_that_is_meant() {
        for fine in ["npm", "cargo", "pypi", "yocto", "vscode-extension", "alpm"] {
            assert_eq!(problem(fine), None, "{fine}");
        }
        for (text, end) in [
            ("pip", "is `pypi` meant?"),
            ("NPM", "is `npm` meant?"),
            ("rubygem", "is `gem` meant?"),
            ("golan", "is `golang` meant?"),
            ("acme", "for example `npm`"),
            ("", "for example `npm`"),
            ("npm nuget", "is `npm` meant?"),
            (" ", "for example `npm`"),
        ] {
            let problem = problem(text).unwrap();
            assert_eq!(problem, format!("`{text}` is no type of package URLs: {end}"));
        }
    }
}
