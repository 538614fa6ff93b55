//! Where things stand in each version of the format.

/// A version of SLSA provenance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    V1,
    V02,
}

/// JSON pointers into a predicate.
#[derive(Debug)]
pub(crate) struct Places {
    pub(crate) builder: &'static str,
    pub(crate) parameters: &'static str,
    /// Texts that are a repository and nothing else.
    pub(crate) repositories: &'static [&'static str],
    /// Texts that are a ref and nothing else.
    pub(crate) refs: &'static [&'static str],
    /// Download locations: strings, or objects with a `uri`.
    pub(crate) locations: &'static [&'static str],
    /// Texts that say where in the source the build begins.
    pub(crate) workflows: &'static [&'static str],
    pub(crate) materials: &'static str,
    pub(crate) finished: &'static str,
}

const V1: Places = Places {
    builder: "/runDetails/builder/id",
    parameters: "/buildDefinition/externalParameters",
    repositories: &["/buildDefinition/externalParameters/workflow/repository"],
    refs: &["/buildDefinition/externalParameters/workflow/ref"],
    locations: &["/buildDefinition/externalParameters/source"],
    // GitHub's builders state a workflow, GitLab's a job.
    workflows: &[
        "/buildDefinition/externalParameters/workflow/path",
        "/buildDefinition/externalParameters/entryPoint",
    ],
    materials: "/buildDefinition/resolvedDependencies",
    finished: "/runDetails/metadata/finishedOn",
};

const V02: Places = Places {
    builder: "/builder/id",
    parameters: "/invocation/parameters",
    repositories: &[],
    refs: &[],
    locations: &["/invocation/configSource/uri"],
    workflows: &["/invocation/configSource/entryPoint"],
    materials: "/materials",
    finished: "/metadata/buildFinishedOn",
};

impl Version {
    /// The version that a predicate type stands for; none where it is not known here.
    pub(crate) fn of(predicate_type: &str) -> Option<Self> {
        match predicate_type {
            "https://slsa.dev/provenance/v1" => Some(Self::V1),
            "https://slsa.dev/provenance/v0.2" => Some(Self::V02),
            _ => None,
        }
    }

    pub(crate) const fn places(self) -> &'static Places {
        match self {
            Self::V1 => &V1,
            Self::V02 => &V02,
        }
    }
}
