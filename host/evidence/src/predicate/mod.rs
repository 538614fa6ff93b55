//! What a predicate type stands for, and what a predicate of it must say.
//!
//! The kind of a document follows from its predicate type alone. What is checked here is little:
//! that whatever identifies the predicate is there, so that `{}` passes for nothing, and that the
//! document is not from the future. The rest is for policies.

mod spdx;

use std::borrow::Cow;

use lockgate_model::{Instant, Kind};

use crate::json::{self, Node, Outline, Words};
use crate::reason::{quoted, shown};
use crate::sbom::{self, Form};
use crate::scan;

/// A family of predicates that share a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Predicate {
    ProvenanceV1,
    ProvenanceV02,
    VerificationSummary,
    Spdx,
    CycloneDx,
    Vulnerabilities,
    /// A scanner's own report, which no statement is around, so no predicate type stands for it.
    Report,
    OpenVex,
    TestResult,
    Svr,
    Release,
    Scai,
    /// A signature in the form of a statement: who signed is all that it says.
    Signature,
    /// None of these; the document is an attestation of some other kind.
    Other,
}

/// What has to stand somewhere in a predicate.
#[derive(Debug, Clone, Copy)]
enum Want {
    /// A string that is not empty.
    Words,
    /// This very string.
    Exactly(&'static str),
    Object,
    Array,
}

impl Predicate {
    /// The family of a predicate type. Types are compared as whole values.
    pub(crate) fn of(predicate_type: &str) -> Self {
        match predicate_type {
            "https://slsa.dev/provenance/v1" => Self::ProvenanceV1,
            "https://slsa.dev/provenance/v0.2" => Self::ProvenanceV02,
            "https://slsa.dev/verification_summary/v1" => Self::VerificationSummary,
            "https://spdx.dev/Document"
            | "https://spdx.dev/Document/v2.3"
            | "https://spdx.dev/Document/v3" => Self::Spdx,
            "https://cyclonedx.org/bom" => Self::CycloneDx,
            "https://in-toto.io/attestation/vulns/v0.1"
            | "https://in-toto.io/attestation/vulns/v0.2"
            | "https://cosign.sigstore.dev/attestation/vuln/v1" => Self::Vulnerabilities,
            "https://openvex.dev/ns" => Self::OpenVex,
            "https://in-toto.io/attestation/test-result/v0.1" => Self::TestResult,
            "https://in-toto.io/attestation/svr/v0.1"
            | "https://in-toto.io/attestation/svr/v0.2" => Self::Svr,
            "https://in-toto.io/attestation/release/v0.1"
            | "https://in-toto.io/attestation/release/v0.2" => Self::Release,
            "https://in-toto.io/attestation/scai/v0.3" => Self::Scai,
            "https://sigstore.dev/cosign/sign/v1" => Self::Signature,
            other => Self::of_versioned(other),
        }
    }

    /// The families whose types end in an open set of versions.
    fn of_versioned(predicate_type: &str) -> Self {
        let version = |prefix| predicate_type.strip_prefix(prefix).map(numbers);
        match (version("https://cyclonedx.org/bom/v"), version("https://openvex.dev/ns/v")) {
            (Some(Some(numbers)), _) if numbers.len() == 2 && numbers >= vec![1, 4] => {
                Self::CycloneDx
            }
            (_, Some(Some(_))) => Self::OpenVex,
            _ => Self::Other,
        }
    }

    pub(crate) fn kind(self) -> Kind {
        match self {
            Self::ProvenanceV1 | Self::ProvenanceV02 => Kind::Provenance,
            Self::VerificationSummary => Kind::VerificationSummary,
            Self::Spdx | Self::CycloneDx => Kind::Sbom,
            Self::Vulnerabilities | Self::Report => Kind::Vulnerabilities,
            Self::OpenVex => Kind::Vex,
            Self::TestResult => Kind::TestResult,
            Self::Svr => Kind::Svr,
            Self::Release => Kind::Release,
            Self::Scai => Kind::Scai,
            Self::Signature => Kind::Signature,
            Self::Other => Kind::Attestation,
        }
    }

    /// What identifies a predicate of the family. Every family that is known but not listed has
    /// at least one member.
    fn wants(self) -> &'static [(&'static str, Want)] {
        match self {
            Self::ProvenanceV1 => &[
                ("buildDefinition.buildType", Want::Words),
                ("runDetails.builder.id", Want::Words),
            ],
            Self::ProvenanceV02 => &[("buildType", Want::Words), ("builder.id", Want::Words)],
            Self::VerificationSummary => {
                &[("verifier.id", Want::Words), ("verificationResult", Want::Words)]
            }
            Self::CycloneDx => {
                &[("bomFormat", Want::Exactly("CycloneDX")), ("specVersion", Want::Words)]
            }
            Self::Vulnerabilities => &[("scanner", Want::Object)],
            Self::OpenVex => &[("@context", Want::Words), ("statements", Want::Array)],
            Self::TestResult => &[("result", Want::Words)],
            Self::Svr => &[("verifier.id", Want::Words)],
            Self::Scai => &[("attributes", Want::Array)],
            Self::Spdx | Self::Report | Self::Release | Self::Signature | Self::Other => &[],
        }
    }

    /// What the family's specification requires beside what identifies it. A document that lacks
    /// some of it is still what it is; a policy that needs it asks for it.
    fn requires(self) -> &'static [&'static str] {
        match self {
            Self::ProvenanceV1 => &["buildDefinition.externalParameters"],
            Self::VerificationSummary => {
                &["timeVerified", "resourceUri", "policy.uri", "verifiedLevels"]
            }
            Self::Vulnerabilities => {
                &["scanner.uri", "metadata.scanStartedOn", "metadata.scanFinishedOn"]
            }
            Self::OpenVex => &["@id", "author", "timestamp", "version"],
            Self::TestResult => &["configuration"],
            Self::Svr => &["timeCreated", "properties"],
            Self::Release => &["purl"],
            Self::Spdx
            | Self::CycloneDx
            | Self::ProvenanceV02
            | Self::Report
            | Self::Scai
            | Self::Signature
            | Self::Other => &[],
        }
    }

    /// Where a predicate of the family says when it was made.
    fn time(self) -> Option<&'static str> {
        match self {
            Self::ProvenanceV1 => Some("runDetails.metadata.finishedOn"),
            Self::ProvenanceV02 => Some("metadata.buildFinishedOn"),
            Self::Vulnerabilities => Some("metadata.scanFinishedOn"),
            Self::OpenVex => Some("timestamp"),
            Self::CycloneDx => Some("metadata.timestamp"),
            Self::Spdx => Some("creationInfo.created"),
            _ => None,
        }
    }

    /// Checks that the predicate has what identifies it, and reads when it was made and what it
    /// lacks. Nothing is asked of a signature or of a predicate that is not known.
    ///
    /// The error is a reason.
    pub(crate) fn examine(self, text: &str) -> Result<Examined, String> {
        if let Some(form) = Form::of(text) {
            return self.examine_text(text, Some(form));
        }
        let outline = json::outline(text.as_bytes()).ok();
        self.examine_in(outline.as_ref().map(Outline::root))
    }

    /// The same, where the predicate is a part of what was scanned; none: there is no predicate.
    pub(crate) fn examine_in(self, node: Option<Node>) -> Result<Examined, String> {
        if matches!(self, Self::Signature | Self::Other) {
            return Ok(Examined::default());
        }
        if let Some(text) = node.and_then(|node| node.words())
            && matches!(self, Self::Spdx | Self::CycloneDx)
        {
            return self.examine_text(&text, Form::of(&text));
        }
        let root = node.filter(Node::is_object).ok_or("its predicate is not an object")?;
        let root = Members(root);
        for (path, want) in self.wants() {
            want.check(path, root.at(path)?)?;
        }
        if self == Self::Spdx {
            return Ok(Examined { claimed: spdx::examine(&root)?, absent: spdx::absent(&root) });
        }
        if root.0.is_empty() {
            return Err("its predicate is empty".to_owned());
        }
        if self == Self::Report {
            let claimed = examine_report(root.0.get())?;
            return Ok(Examined { claimed, absent: Vec::new() });
        }
        let claimed = self.time().map(|path| claimed(path, root.at(path)?)).transpose()?;
        let is_absent = |path: &&&str| matches!(root.at(path), Ok(None) | Err(_));
        let absent = self.requires().iter().filter(is_absent).copied().collect();
        Ok(Examined { claimed: claimed.flatten().into_iter().collect(), absent })
    }
}

impl Predicate {
    /// The same for a bill of materials that is not JSON. An envelope carries it as a string.
    fn examine_text(self, text: &str, form: Option<Form>) -> Result<Examined, String> {
        let (head, required) = match (self, form) {
            (Self::Spdx, Some(Form::TagValue)) => {
                (sbom::head_of_tag_value(text), spdx::REQUIRED_TAGS)
            }
            (Self::CycloneDx, Some(Form::Xml)) => (sbom::head_of_xml(text), &[][..]),
            (Self::Spdx | Self::CycloneDx, Some(Form::Foreign(form))) => {
                return Err(format!("its predicate is {form}: convert it to {}", sbom::SPDX_JSON));
            }
            (Self::Spdx, _) => {
                return Err("its predicate is a string, and not SPDX in tag-value form".to_owned());
            }
            (Self::CycloneDx, _) => {
                return Err("its predicate is a string, and not CycloneDX in XML".to_owned());
            }
            _ => return Err("its predicate is not an object".to_owned()),
        };
        let head = head.map_err(|why| format!("its predicate cannot be read: {why}"))?;
        let (field, created) = head.created;
        let claimed = created.map(|created| claimed_as(field, &created)).transpose()?;
        let is_absent = |tag: &&&str| !head.tags.contains(**tag);
        let absent = required.iter().filter(is_absent).copied().collect();
        Ok(Examined { claimed: claimed.into_iter().collect(), absent })
    }
}

/// What was found in a predicate that is what it claims to be.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Examined {
    /// The moments that it gives for itself.
    pub(crate) claimed: Vec<Claimed>,
    /// Fields that its specification requires and that it lacks.
    pub(crate) absent: Vec<&'static str>,
}

/// A moment that a document gives for itself.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Claimed {
    pub(crate) field: &'static str,
    pub(crate) at: Instant,
}

/// Each scanner says in its own place when it scanned.
fn examine_report(text: &str) -> Result<Vec<Claimed>, String> {
    let moments = scan::moments(text)
        .map_err(|error| format!("when it was made cannot be read: {}", shown(&error)))?;
    moments.into_iter().map(|(field, text)| claimed_as(field, &text)).collect()
}

fn claimed(path: &'static str, value: Option<&str>) -> Result<Option<Claimed>, String> {
    let Some(value) = value else { return Ok(None) };
    let text = words_of(value).ok_or_else(|| format!("its `{path}` is not a string"))?;
    claimed_as(path, &text).map(Some)
}

fn claimed_as(field: &'static str, text: &str) -> Result<Claimed, String> {
    let at = text.parse().map_err(|_| {
        format!("its `{field}` is {}, which is not an RFC 3339 instant", quoted(text))
    })?;
    Ok(Claimed { field, at })
}

impl Want {
    fn check(self, path: &str, value: Option<&str>) -> Result<(), String> {
        let Some(value) = value else { return Err(format!("its predicate lacks `{path}`")) };
        let wrong = |what| Err(format!("`{path}` of its predicate is not {what}"));
        match self {
            Self::Words => match words_of(value) {
                None => wrong("a string"),
                Some(text) if text.is_empty() => Err(format!("`{path}` of its predicate is empty")),
                Some(_) => Ok(()),
            },
            Self::Exactly(expected) => match words_of(value) {
                Some(text) if text == expected => Ok(()),
                _ => wrong(&format!("`{expected}`")),
            },
            Self::Object if value.starts_with('{') => Ok(()),
            Self::Object => wrong("an object"),
            Self::Array if value.starts_with('[') => Ok(()),
            Self::Array => wrong("an array"),
        }
    }
}

/// The members of an object, their values not yet read.
struct Members<'o, 'a>(Node<'o, 'a>);

impl<'a> Members<'_, 'a> {
    /// The text of what stands at a path of names with dots between; nothing where any part is
    /// missing or null. The error says which part is no object.
    fn at(&self, path: &str) -> Result<Option<&'a str>, String> {
        let (first, rest) = match path.split_once('.') {
            Some((first, rest)) => (first, Some(rest)),
            None => (path, None),
        };
        match (self.0.at(first), rest) {
            (Some(inner), Some(rest)) if inner.is_object() => Members(inner).at(rest),
            (Some(_), Some(_)) => Err(format!("`{first}` of its predicate is not an object")),
            (value, _) => Ok(value.map(|value| value.get())),
        }
    }
}

/// The text of a string, as JSON writes it; none for any other value.
pub(crate) fn words_of(value: &str) -> Option<Cow<'_, str>> {
    serde_json::from_str::<Words>(value).ok().map(|words| words.0)
}

/// The numbers of a version such as `1.4`; none where it is anything else.
pub(crate) fn numbers(version: &str) -> Option<Vec<u32>> {
    version
        .split('.')
        .map(|number| {
            let plain = !number.is_empty()
                && number.bytes().all(|digit| digit.is_ascii_digit())
                && (number.len() == 1 || !number.starts_with('0'));
            number.parse().ok().filter(|_| plain)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_follows_the_whole_predicate_type() {
        for (predicate_type, kind) in [
            ("https://slsa.dev/provenance/v1", Kind::Provenance),
            ("https://slsa.dev/provenance/v0.2", Kind::Provenance),
            ("https://slsa.dev/provenance/v0.1", Kind::Attestation),
            ("https://slsa.dev/provenance/v1 ", Kind::Attestation),
            ("https://slsa.dev/verification_summary/v1", Kind::VerificationSummary),
            ("https://spdx.dev/Document", Kind::Sbom),
            ("https://spdx.dev/Document/v2.3", Kind::Sbom),
            ("https://spdx.dev/Document/v3", Kind::Sbom),
            ("https://spdx.dev/Document/v4", Kind::Attestation),
            ("https://cyclonedx.org/bom", Kind::Sbom),
            ("https://cyclonedx.org/bom/v1.3", Kind::Attestation),
            ("https://cyclonedx.org/bom/v1.4", Kind::Sbom),
            ("https://cyclonedx.org/bom/v1.10", Kind::Sbom),
            ("https://cyclonedx.org/bom/v2.0", Kind::Sbom),
            ("https://cyclonedx.org/bom/v1.4/x", Kind::Attestation),
            ("https://cyclonedx.org/bom/v1.04", Kind::Attestation),
            ("https://in-toto.io/attestation/vulns/v0.1", Kind::Vulnerabilities),
            ("https://in-toto.io/attestation/vulns/v0.2", Kind::Vulnerabilities),
            ("https://cosign.sigstore.dev/attestation/vuln/v1", Kind::Vulnerabilities),
            ("https://openvex.dev/ns", Kind::Vex),
            ("https://openvex.dev/ns/v0.2.0", Kind::Vex),
            ("https://openvex.dev/ns/vx", Kind::Attestation),
            ("https://openvex.dev/nsv1", Kind::Attestation),
            ("https://in-toto.io/attestation/test-result/v0.1", Kind::TestResult),
            ("https://in-toto.io/attestation/svr/v0.1", Kind::Svr),
            ("https://in-toto.io/attestation/svr/v0.2", Kind::Svr),
            ("https://in-toto.io/attestation/release/v0.2", Kind::Release),
            ("https://in-toto.io/attestation/scai/v0.3", Kind::Scai),
            ("https://sigstore.dev/cosign/sign/v1", Kind::Signature),
            ("", Kind::Attestation),
        ] {
            assert_eq!(Predicate::of(predicate_type).kind(), kind, "{predicate_type}");
        }
    }

    #[test]
    fn an_empty_predicate_passes_for_nothing() {
        for predicate in [
            Predicate::ProvenanceV1,
            Predicate::ProvenanceV02,
            Predicate::VerificationSummary,
            Predicate::Spdx,
            Predicate::CycloneDx,
            Predicate::Vulnerabilities,
            Predicate::OpenVex,
            Predicate::TestResult,
            Predicate::Svr,
            Predicate::Release,
            Predicate::Report,
            Predicate::Scai,
        ] {
            let lacking = predicate.examine("{}").unwrap_err();
            assert!(
                lacking.starts_with("its predicate lacks `")
                    || matches!(predicate, Predicate::Release | Predicate::Report)
            );
            assert_eq!(predicate.examine("[]"), Err("its predicate is not an object".to_owned()));
        }
        let also = Predicate::Other.examine("{}");
        assert_eq!(also, Ok(Examined::default()), "what is not known is not judged");
    }

    #[test]
    fn a_predicate_says_what_it_lacks() {
        let reason = |predicate: Predicate, text| predicate.examine(text).unwrap_err();
        for (predicate, text, expected) in [
            (
                Predicate::ProvenanceV1,
                r#"{"buildDefinition":{"buildType":"t"}}"#,
                "its predicate lacks `runDetails.builder.id`",
            ),
            (
                Predicate::ProvenanceV1,
                r#"{"buildDefinition":{"buildType":"t"},"runDetails":{"builder":7}}"#,
                "`builder` of its predicate is not an object",
            ),
            (
                Predicate::ProvenanceV02,
                r#"{"buildType":"t","builder":{"id":["a"]}}"#,
                "`builder.id` of its predicate is not a string",
            ),
            (
                Predicate::ProvenanceV02,
                r#"{"buildType":"t","builder":{"id":""}}"#,
                "`builder.id` of its predicate is empty",
            ),
            (
                Predicate::CycloneDx,
                r#"{"bomFormat":"SPDX","specVersion":"1.4"}"#,
                "`bomFormat` of its predicate is not `CycloneDX`",
            ),
            (Predicate::Spdx, r#"{"name":"x"}"#, "its predicate lacks `spdxVersion`"),
            (Predicate::Spdx, r#"{"@graph":{}}"#, "`@graph` of its predicate is not an array"),
            (
                Predicate::OpenVex,
                r#"{"@context":"c","statements":{}}"#,
                "`statements` of its predicate is not an array",
            ),
            (
                Predicate::Vulnerabilities,
                r#"{"scanner":"x"}"#,
                "`scanner` of its predicate is not an object",
            ),
            (Predicate::TestResult, r#"{"result":null}"#, "its predicate lacks `result`"),
            (
                Predicate::VerificationSummary,
                r#"{"verifier":{"id":"v"}}"#,
                "its predicate lacks `verificationResult`",
            ),
            (
                Predicate::OpenVex,
                r#"{"@context":"c","statements":[],"timestamp":"yesterday"}"#,
                "its `timestamp` is `yesterday`, which is not an RFC 3339 instant",
            ),
        ] {
            assert_eq!(reason(predicate, text), expected);
        }
    }

    #[test]
    fn spdx_says_when_in_two_ways() {
        let at = "2026-01-01T00:00:00Z".parse().unwrap();
        let two = r#"{"spdxVersion":"SPDX-2.3","creationInfo":{"created":"2026-01-01T00:00:00Z"}}"#;
        let three =
            r#"{"@graph":[{"type":"x"},{"type":"CreationInfo","created":"2026-01-01T00:00:00Z"}]}"#;
        let expected = [Claimed { field: "creationInfo.created", at }];
        assert_eq!(Predicate::Spdx.examine(two).unwrap().claimed, expected);
        let expected = [Claimed { field: "created", at }];
        assert_eq!(Predicate::Spdx.examine(three).unwrap().claimed, expected);
    }
}
