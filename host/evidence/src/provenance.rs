//! Where an artifact comes from, as SLSA's provenance states it, v0.2 and v1
//! (<https://slsa.dev/spec/v0.2/provenance>, <https://slsa.dev/spec/v1.0/provenance>): one model for
//! both.
//!
//! All of it is what the signer claims. A builder's id counts only together with a signer who may state
//! it.

use std::collections::BTreeMap;

use lockgate_model::{Instant, Kind};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{self, Object};
use crate::predicate::Predicate;
use crate::resource::{Format, List, Resource, Unreadable, Words, digests, resources, said};

const V02: Format = Format("SLSA provenance v0.2");
const V1: Format = Format("SLSA provenance v1");

/// Build types of v1 whose external parameters name the source as `workflow`, with `repository`, `ref`
/// and `path`.
const WORKFLOWS: &[&str] = &[
    "https://actions.github.io/buildtypes/workflow/v1",
    "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1",
];

/// How an artifact was built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// The version of the predicate: `0.2` or `1`.
    pub version: &'static str,
    /// The id of the builder.
    pub builder_id: String,
    /// What kind of build it was: a URI that says what the parameters mean.
    pub build_type: String,
    /// What it was built from; none where the document does not say it, or its build type is none of
    /// those whose parameters are known.
    pub source: Option<Source>,
    /// Which run of the builder it was; none where the document states none.
    pub invocation_id: Option<String>,
    /// When the build began; none where the document states none.
    pub started_at: Option<Instant>,
    /// When the build ended; none where the document states none.
    pub finished_at: Option<Instant>,
    /// What went into the build (materials, resolved dependencies), in the document's order. Whether
    /// these are all is another question.
    pub dependencies: Vec<Resource>,
    /// How many other things it left behind.
    pub byproducts: u32,
    /// What v0.2 says of itself; all none in v1, which has no words for it.
    pub completeness: Completeness,
}

/// The source of a build.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// As it was written: `git+https://github.com/acme/orders@refs/heads/main`.
    pub uri: Option<String>,
    /// The repository, without `git+` before it and a ref behind it: the same for both versions.
    pub repository: Option<String>,
    /// The ref that was asked for: `refs/tags/v1.0.1`; none where the document states none.
    pub reference: Option<String>,
    /// Its digests by algorithm. In v1 those of the dependency with the same repository and ref.
    pub digests: BTreeMap<String, String>,
    /// The workflow or another place in the source at which the build begins; none where the document
    /// states none.
    pub entry_point: Option<String>,
}

/// What a document says of its own completeness; none where it does not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Completeness {
    /// Whether all parameters are listed.
    pub parameters: Option<bool>,
    /// Whether all of the environment is listed.
    pub environment: Option<bool>,
    /// Whether all materials are listed.
    pub materials: Option<bool>,
    /// Whether another build of the same gives the same bytes.
    pub reproducible: Option<bool>,
}

impl Provenance {
    /// Reads the predicate of a statement of a kind and a predicate type.
    pub(crate) fn read(
        kind: Kind,
        predicate_type: &str,
        predicate: &[u8],
    ) -> Result<Self, Unreadable> {
        match Predicate::of(predicate_type) {
            Predicate::ProvenanceV1 => v1(predicate),
            Predicate::ProvenanceV02 => v02(predicate),
            _ => Err(Unreadable::OtherKind { kind, expected: Kind::Provenance }),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DocumentV1<'a> {
    #[serde(borrow)]
    build_definition: Option<Object<Definition<'a>>>,
    #[serde(borrow)]
    run_details: Option<Object<Details<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Definition<'a> {
    #[serde(borrow)]
    build_type: Option<Words<'a>>,
    /// What it means depends on the build type, which may stand behind it.
    #[serde(borrow)]
    external_parameters: Option<&'a RawValue>,
    #[serde(borrow)]
    resolved_dependencies: List<'a>,
}

#[derive(Deserialize)]
struct Details<'a> {
    #[serde(borrow)]
    builder: Option<Object<Builder<'a>>>,
    #[serde(borrow)]
    metadata: Option<Object<MetadataV1<'a>>>,
    #[serde(borrow)]
    byproducts: List<'a>,
}

#[derive(Deserialize)]
struct Builder<'a> {
    #[serde(borrow)]
    id: Option<Words<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct MetadataV1<'a> {
    #[serde(borrow)]
    invocation_id: Option<Words<'a>>,
    #[serde(borrow)]
    started_on: Option<Words<'a>>,
    #[serde(borrow)]
    finished_on: Option<Words<'a>>,
}

#[derive(Deserialize)]
struct Parameters<'a> {
    #[serde(borrow)]
    workflow: Option<Object<Workflow<'a>>>,
}

#[derive(Deserialize)]
struct Workflow<'a> {
    #[serde(borrow)]
    repository: Option<Words<'a>>,
    #[serde(borrow, rename = "ref")]
    reference: Option<Words<'a>>,
    #[serde(borrow)]
    path: Option<Words<'a>>,
}

fn v1(predicate: &[u8]) -> Result<Provenance, Unreadable> {
    let document: DocumentV1 = V1.read(predicate)?;
    let lacks = |member: &str| V1.malformed(format!("it lacks `{member}`"));
    let Object(definition) = document.build_definition.ok_or_else(|| lacks("buildDefinition"))?;
    let Object(details) = document.run_details.ok_or_else(|| lacks("runDetails"))?;
    let build_type = V1.required("buildDefinition.buildType", definition.build_type)?;
    let dependencies = resources(definition.resolved_dependencies);
    let builder = details.builder.and_then(|Object(builder)| builder.id);
    let metadata = details.metadata.map(|Object(metadata)| metadata).unwrap_or_default();
    Ok(Provenance {
        version: "1",
        builder_id: V1.required("runDetails.builder.id", builder)?,
        source: source_v1(&build_type, definition.external_parameters, &dependencies)?,
        build_type,
        invocation_id: said(metadata.invocation_id),
        started_at: V1.moment("runDetails.metadata.startedOn", metadata.started_on)?,
        finished_at: V1.moment("runDetails.metadata.finishedOn", metadata.finished_on)?,
        dependencies,
        byproducts: count(details.byproducts.as_ref().map_or(0, Vec::len)),
        completeness: Completeness::default(),
    })
}

/// The source by the parameters of a build type that is known.
fn source_v1(
    build_type: &str,
    parameters: Option<&RawValue>,
    dependencies: &[Resource],
) -> Result<Option<Source>, Unreadable> {
    let Some(parameters) = parameters.filter(|_| WORKFLOWS.contains(&build_type)) else {
        return Ok(None);
    };
    let parameters: Parameters = json::object(parameters.get()).map_err(|error| {
        let why = crate::reason::shown(&error);
        V1.malformed(format!("`buildDefinition.externalParameters`: {why}"))
    })?;
    let Some(Object(workflow)) = parameters.workflow else { return Ok(None) };
    let (uri, reference) = (said(workflow.repository), said(workflow.reference));
    let repository = uri.as_deref().map(|uri| without_git(uri).to_owned());
    let mut same = dependencies.iter().filter(|dependency| {
        let (theirs, their_reference) = dependency.uri.as_deref().map_or(("", None), divided);
        repository.as_deref() == Some(theirs) && reference.as_deref() == their_reference
    });
    // Two that could be meant are one too many.
    let digests = match (same.next(), same.next()) {
        (Some(only), None) => only.digests.clone(),
        _ => BTreeMap::new(),
    };
    let entry_point = said(workflow.path);
    Ok(Some(Source { uri, repository, reference, digests, entry_point }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DocumentV02<'a> {
    #[serde(borrow)]
    builder: Option<Object<Builder<'a>>>,
    #[serde(borrow)]
    build_type: Option<Words<'a>>,
    #[serde(borrow)]
    invocation: Option<Object<Invocation<'a>>>,
    #[serde(borrow)]
    metadata: Option<Object<MetadataV02<'a>>>,
    #[serde(borrow)]
    materials: List<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'a> {
    #[serde(borrow)]
    config_source: Option<Object<ConfigSource<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ConfigSource<'a> {
    #[serde(borrow)]
    uri: Option<Words<'a>>,
    #[serde(borrow)]
    digest: Option<BTreeMap<Words<'a>, Words<'a>>>,
    #[serde(borrow)]
    entry_point: Option<Words<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct MetadataV02<'a> {
    #[serde(borrow)]
    build_invocation_id: Option<Words<'a>>,
    #[serde(borrow)]
    build_started_on: Option<Words<'a>>,
    #[serde(borrow)]
    build_finished_on: Option<Words<'a>>,
    completeness: Option<Object<Complete>>,
    reproducible: Option<bool>,
}

#[derive(Deserialize)]
struct Complete {
    parameters: Option<bool>,
    environment: Option<bool>,
    materials: Option<bool>,
}

fn v02(predicate: &[u8]) -> Result<Provenance, Unreadable> {
    let document: DocumentV02 = V02.read(predicate)?;
    let builder = document.builder.and_then(|Object(builder)| builder.id);
    let metadata = document.metadata.map(|Object(metadata)| metadata).unwrap_or_default();
    let config = document.invocation.and_then(|Object(invocation)| invocation.config_source);
    let complete = metadata.completeness.map(|Object(complete)| complete);
    let complete = |which: fn(&Complete) -> Option<bool>| complete.as_ref().and_then(which);
    Ok(Provenance {
        version: "0.2",
        builder_id: V02.required("builder.id", builder)?,
        build_type: V02.required("buildType", document.build_type)?,
        source: config.map(|Object(config)| source_v02(config)),
        invocation_id: said(metadata.build_invocation_id),
        started_at: V02.moment("metadata.buildStartedOn", metadata.build_started_on)?,
        finished_at: V02.moment("metadata.buildFinishedOn", metadata.build_finished_on)?,
        dependencies: resources(document.materials),
        byproducts: 0,
        completeness: Completeness {
            parameters: complete(|all| all.parameters),
            environment: complete(|all| all.environment),
            materials: complete(|all| all.materials),
            reproducible: metadata.reproducible,
        },
    })
}

fn source_v02(config: ConfigSource) -> Source {
    let uri = said(config.uri);
    let (repository, reference) = uri.as_deref().map_or((None, None), |uri| {
        let (repository, reference) = divided(uri);
        (Some(repository.to_owned()), reference.map(str::to_owned))
    });
    Source {
        repository,
        reference,
        digests: digests(config.digest),
        entry_point: said(config.entry_point),
        uri,
    }
}

/// The repository and the ref of a download location, as SPDX writes them: `git+https://HOST/PATH@REF`.
/// Without `git+` there is no ref.
fn divided(uri: &str) -> (&str, Option<&str>) {
    let repository = without_git(uri);
    if repository.len() == uri.len() {
        return (uri, None);
    }
    // An `@` before the path is part of the authority.
    let authority = repository.find("://").map_or(0, |scheme| scheme + 3);
    let path = repository.get(authority..).and_then(|rest| rest.find('/'));
    let Some(path) = path.map(|slash| authority + slash) else { return (repository, None) };
    match repository.get(path..).and_then(|rest| rest.find('@')).map(|at| path + at) {
        Some(at) => (
            repository.get(..at).unwrap_or_default(),
            repository.get(at + 1..).filter(|reference| !reference.is_empty()),
        ),
        None => (repository, None),
    }
}

fn without_git(uri: &str) -> &str {
    uri.strip_prefix("git+").unwrap_or(uri)
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
