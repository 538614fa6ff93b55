//! What single words of SPDX say, in both of its generations.

use std::borrow::Cow;

use crate::sbom::index::said;

/// A text, unless it is blank or says that nothing is said.
pub(super) fn asserted(text: Option<Cow<'_, str>>) -> Option<Cow<'_, str>> {
    said(text).filter(|text| !matches!(text.trim(), "NOASSERTION" | "NONE"))
}

/// Whether databases know a package by a reference or an identifier of this kind: that it is a package
/// URL is looked at elsewhere.
pub(super) fn identifies(kind: &str) -> bool {
    matches!(kind, "cpe22" | "cpe22Type" | "cpe23" | "cpe23Type" | "swid" | "swh" | "swhid")
}

/// The name of `Organization: NAME (ADDRESS)`.
pub(super) fn agent(written: Cow<'_, str>) -> Cow<'_, str> {
    match written {
        Cow::Borrowed(text) => Cow::Borrowed(name_of(text)),
        Cow::Owned(text) => Cow::Owned(name_of(&text).to_owned()),
    }
}

fn name_of(text: &str) -> &str {
    let whole = ["Organization:", "Person:", "Tool:"].iter().find_map(|of| text.strip_prefix(of));
    let whole = whole.unwrap_or(text).trim();
    let bracket = whole.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    match bracket {
        // Whatever else stands in brackets is a part of the name.
        Some((name, address)) if address.is_empty() || address.contains('@') => name.trim_end(),
        _ => whole,
    }
}

/// The name and the version of `NAME-VERSION`, which is how a tool is written (SPDX 2.3, clause 6.8).
pub(super) fn tool(written: &str) -> (&str, Option<&str>) {
    let is_version = |rest: &str| {
        let digits = rest.strip_prefix(['v', 'V']).unwrap_or(rest);
        digits.starts_with(|first: char| first.is_ascii_digit())
    };
    let hyphens = written.match_indices('-').map(|(place, _)| place);
    let parts =
        hyphens.filter_map(|place| Some((written.get(..place)?, written.get(place + 1..)?)));
    match parts.into_iter().find(|(name, version)| !name.is_empty() && is_version(version)) {
        Some((name, version)) => (name, Some(version)),
        None => (written, None),
    }
}

/// A word in lower case with hyphens: `operating-system` for `OPERATING_SYSTEM` of SPDX 2 and
/// `operatingSystem` of SPDX 3, so that one thing has one word.
pub(super) fn kebab(word: Cow<'_, str>) -> Cow<'_, str> {
    if word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
        return word;
    }
    let mut kebab = String::with_capacity(word.len() + 2);
    let mut after_lower = false;
    for letter in word.trim().chars() {
        if letter.is_ascii_uppercase() && after_lower {
            kebab.push('-');
        }
        after_lower = letter.is_ascii_lowercase();
        kebab.push(if letter == '_' { '-' } else { letter.to_ascii_lowercase() });
    }
    Cow::Owned(kebab)
}

/// The algorithm of a hash in SPDX 3 as SPDX 2 spells it: `blake2b-256` for `blake2b256`.
pub(super) fn hash_algorithm(word: Cow<'_, str>) -> Cow<'_, str> {
    match word.strip_prefix("blake2b").filter(|bits| bits.starts_with(|c: char| c.is_ascii_digit()))
    {
        Some(bits) => Cow::Owned(format!("blake2b-{bits}")),
        None => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_it_is_stands_behind_what_it_is_and_before_an_address() {
        for (written, name) in [
            ("Organization: ExampleCodeInspect (contact@example.com)", "ExampleCodeInspect"),
            ("Person: Jane Doe ()", "Jane Doe"),
            ("Organization: Acme (Europe)", "Acme (Europe)"),
            ("Organization:Acme", "Acme"),
            ("Acme", "Acme"),
            ("Person: ", ""),
        ] {
            assert_eq!(agent(written.into()), name);
        }
    }

    #[test]
    fn a_tool_has_a_version_behind_its_name() {
        for (written, name, version) in [
            ("LicenseFind-1.0", "LicenseFind", Some("1.0")),
            ("sbom-tool-v2.2.3-rc-1", "sbom-tool", Some("v2.2.3-rc-1")),
            ("trivy", "trivy", None),
            ("spdx-maven-plugin", "spdx-maven-plugin", None),
            ("-1", "-1", None),
            ("", "", None),
        ] {
            assert_eq!(tool(written), (name, version), "{written}");
        }
    }

    #[test]
    fn one_kind_of_thing_has_one_word() {
        for (written, word) in [
            ("OPERATING_SYSTEM", "operating-system"),
            ("OPERATING-SYSTEM", "operating-system"),
            ("operatingSystem", "operating-system"),
            ("LIBRARY", "library"),
            ("library", "library"),
        ] {
            assert_eq!(kebab(written.into()), word);
        }
    }

    #[test]
    fn nothing_is_said_in_several_ways() {
        for text in ["", " ", "NOASSERTION", "NONE", " NONE "] {
            assert_eq!(asserted(Some(text.into())), None);
        }
        assert_eq!(asserted(Some("MIT".into())).as_deref(), Some("MIT"));
    }
}
