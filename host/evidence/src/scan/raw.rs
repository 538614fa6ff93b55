//! A scanner's own report as a document: when it says that it was made, and which artifact it names.
//!
//! Nobody signed it and no statement is around it, so this is all that ties it to a moment and to an
//! artifact. Both are looked for wherever a format that [`super::Shape`] knows has them; a report has
//! the places of its own format and not those of the others.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::words::{Words, each, each_said, moment, said};
use crate::claim::Subject;
use crate::json::{self, Bounded, Object};

/// The most digests by which one report names its image. A registry gives it one, and it lies in few.
const MAX_DIGESTS: usize = 256;

#[derive(Deserialize)]
struct Report<'a> {
    #[serde(borrow, rename = "CreatedAt")]
    created_at: Option<Words<'a>>,
    #[serde(borrow, rename = "ArtifactName")]
    artifact_name: Option<Words<'a>>,
    #[serde(borrow, rename = "Metadata")]
    trivy: Option<Object<Trivy<'a>>>,
    #[serde(borrow)]
    descriptor: Option<Object<Timed<'a>>>,
    #[serde(borrow)]
    source: Option<Object<Source<'a>>>,
    #[serde(borrow)]
    metadata: Option<Object<Timed<'a>>>,
    #[serde(borrow)]
    runs: Option<Vec<Object<Run<'a>>>>,
}

#[derive(Deserialize)]
struct Trivy<'a> {
    #[serde(borrow, rename = "RepoDigests")]
    repo_digests: Option<Bounded<Words<'a>, MAX_DIGESTS>>,
}

#[derive(Deserialize)]
struct Timed<'a> {
    #[serde(borrow)]
    timestamp: Option<Words<'a>>,
}

/// What Grype looked at: an image, or by its path a folder or a file.
#[derive(Deserialize)]
struct Source<'a> {
    #[serde(borrow)]
    target: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Image<'a> {
    #[serde(borrow)]
    user_input: Option<Words<'a>>,
    #[serde(borrow)]
    manifest_digest: Option<Words<'a>>,
    #[serde(borrow)]
    repo_digests: Option<Bounded<Words<'a>, MAX_DIGESTS>>,
}

#[derive(Deserialize)]
struct Run<'a> {
    #[serde(borrow)]
    invocations: Option<Vec<Object<Invocation<'a>>>>,
    #[serde(borrow)]
    properties: Option<Object<Properties<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'a> {
    #[serde(borrow)]
    end_time_utc: Option<Words<'a>>,
}

/// What Trivy adds to a run over an image.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Properties<'a> {
    #[serde(borrow)]
    repo_digests: Option<Bounded<Words<'a>, MAX_DIGESTS>>,
}

/// The moments that a report gives for itself, as they were written, and where each stands. What
/// stands for none is left out; what is no moment is not.
pub(crate) fn moments(text: &str) -> serde_json::Result<Vec<(&'static str, String)>> {
    let report: Report = json::object(text)?;
    let ends = each(report.runs).flat_map(|run| each(run.invocations));
    let ends = ends.filter_map(|invocation| said(invocation.end_time_utc));
    let all = [
        ("CreatedAt", said(report.created_at)),
        ("descriptor.timestamp", timed(report.descriptor)),
        ("metadata.timestamp", timed(report.metadata)),
    ];
    let all = all.into_iter().filter_map(|(field, text)| Some((field, text?)));
    let all = all.chain(ends.map(|text| ("endTimeUtc", text)));
    // The first moment of the year 1 is one, but no time at which anything was scanned.
    let is_none = |text: &str| {
        text.parse::<lockgate_model::Instant>().is_ok()
            && moment(Some(&Words(text.into()))).is_none()
    };
    Ok(all.filter(|(_, text)| !is_none(text)).map(|(field, text)| (field, text.into())).collect())
}

fn timed(timed: Option<Object<Timed<'_>>>) -> Option<Cow<'_, str>> {
    timed.and_then(|timed| said(timed.0.timestamp))
}

/// What a report names by digest: the manifests of the image that was scanned. The digest of an
/// image's configuration (`ImageID`) is none of them.
pub(crate) fn named(text: &str) -> serde_json::Result<Vec<Subject>> {
    let report: Report = json::object(text)?;
    let listed = |digests: Option<Bounded<Words<'_>, MAX_DIGESTS>>| {
        each_said(digests.map(|digests| digests.0)).map(String::from).collect::<Vec<_>>()
    };
    let mut names = Vec::new();
    names.extend(said(report.artifact_name).map(String::from));
    names.extend(report.trivy.into_iter().flat_map(|trivy| listed(trivy.0.repo_digests)));
    let target = report.source.and_then(|source| source.0.target).map(RawValue::get);
    if let Some(target) = target.filter(|target| target.starts_with('{')) {
        let image: Image = json::object(target)?;
        names.extend(said(image.user_input).map(String::from));
        names.extend(said(image.manifest_digest).map(|digest| format!("@{digest}")));
        names.extend(listed(image.repo_digests));
    }
    let properties = each(report.runs).filter_map(|run| run.properties);
    names.extend(properties.flat_map(|properties| listed(properties.0.repo_digests)));
    Ok(names.iter().filter_map(|name| subject(name)).collect())
}

/// What `repository@sha256:HEX` names.
fn subject(name: &str) -> Option<Subject> {
    let (name, hex) = name.split_once("@sha256:")?;
    let name = Some(name.to_owned()).filter(|name| !name.is_empty());
    Some(Subject { name, sha256: Some(hex.to_ascii_lowercase()), sha512: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digests(text: &str) -> Vec<String> {
        named(text).unwrap().into_iter().filter_map(|subject| subject.sha256).collect()
    }

    #[test]
    fn an_image_is_named_by_the_digests_of_its_manifests() {
        let trivy = r#"{"ArtifactName":"r/a@sha256:AA","Metadata":{"ImageID":"sha256:00",
            "RepoDigests":["r/a@sha256:bb","r/a:1"]}}"#;
        assert_eq!(digests(trivy), ["aa", "bb"]);
        let grype = r#"{"source":{"type":"image","target":{"userInput":"a","imageID":"sha256:00",
            "manifestDigest":"sha256:cc","repoDigests":["r/a@sha256:dd"]}}}"#;
        assert_eq!(digests(grype), ["cc", "dd"]);
        assert_eq!(digests(r#"{"source":{"type":"directory","target":"a@sha256:00"}}"#), [""; 0]);
        let sarif = r#"{"runs":[{"properties":{"repoDigests":["r/a@sha256:ee"]}},
            {"properties":{"repoDigests":null}}]}"#;
        assert_eq!(digests(sarif), ["ee"]);
        assert_eq!(named(trivy).unwrap()[0].name.as_deref(), Some("r/a"));
    }

    #[test]
    fn a_report_says_when_it_was_made() {
        let at = |text| moments(text).unwrap();
        let trivy = r#"{"CreatedAt":"2021-08-25T12:20:30.5Z"}"#;
        assert_eq!(at(trivy), [("CreatedAt", "2021-08-25T12:20:30.5Z".to_owned())]);
        assert_eq!(at(r#"{"descriptor":{"timestamp":""}}"#), []);
        assert_eq!(at(r#"{"CreatedAt":"0001-01-01T00:00:00Z"}"#), []);
        let sarif = r#"{"runs":[{"invocations":[{"endTimeUtc":"yesterday"}]}]}"#;
        assert_eq!(at(sarif), [("endTimeUtc", "yesterday".to_owned())]);
    }
}
