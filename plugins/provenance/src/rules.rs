//! What the policy checks. Codes are stable for ever.

use lockgate_plugin::Rule;

/// The builder, together with a signer, must be in `builders`.
pub const UNTRUSTED_BUILDER: Rule = Rule {
    code: "untrusted-builder",
    title: "A trusted builder built the artifact, and a signer trusted to say so says so",
    remediation: "Build with a builder that `builders` names, and have the provenance signed by \
                  one of its signers.",
};

/// The source must be in `sources`.
pub const SOURCE_NOT_ALLOWED: Rule = Rule {
    code: "source-not-allowed",
    title: "The artifact was built from an allowed repository",
    remediation: "Build from a repository that `sources` names.",
};

/// The ref must match one of `refs`.
pub const REF_NOT_ALLOWED: Rule = Rule {
    code: "ref-not-allowed",
    title: "The artifact was built from an allowed ref",
    remediation: "Build from a ref that `refs` allows, for example a release tag.",
};

/// The workflow must match one of `workflows`.
pub const WORKFLOW_NOT_ALLOWED: Rule = Rule {
    code: "workflow-not-allowed",
    title: "An allowed workflow built the artifact",
    remediation: "Build with a workflow that `workflows` names.",
};

/// The external parameters must have the values of `parameters`.
pub const PARAMETER_MISMATCH: Rule = Rule {
    code: "parameter-mismatch",
    title: "The build's external parameters are the required ones",
    remediation: "Build with the parameters that `parameters` requires.",
};

/// There must be no external parameter that no setting is about.
pub const UNEXPECTED_PARAMETER: Rule = Rule {
    code: "unexpected-parameter",
    title: "The build has no external parameters but those that the settings are about",
    remediation: "Build without the parameter, or list it in `parameters` with the value that it \
                  may have.",
};

/// The parameters must be stated to be complete.
pub const INCOMPLETE_PARAMETERS: Rule = Rule {
    code: "incomplete-parameters",
    title: "All external parameters of the build are stated",
    remediation: "Build with a builder that states all parameters: in SLSA provenance v0.2 it \
                  sets `metadata.completeness.parameters`; for v1 it has to be trusted up to build \
                  level 3, which demands it.",
};

/// The build must reach the level of `min-level`.
pub const LEVEL_TOO_LOW: Rule = Rule {
    code: "level-too-low",
    title: "The build reaches the required SLSA build level",
    remediation: "Build with a builder that `builders` trusts up to the required level, or deliver \
                  a verification summary that attests it by one of `verifiers`.",
};

/// The build must be hermetic.
pub const NOT_HERMETIC: Rule = Rule {
    code: "not-hermetic",
    title: "The build had no inputs but those that are stated",
    remediation: "Build without network access by a builder that says so: in SLSA provenance v0.2 \
                  by `metadata.completeness.materials`, in v1 by the parameter that `hermetic` \
                  names.",
};

/// Every material must be named by a strong digest.
pub const UNPINNED_MATERIAL: Rule = Rule {
    code: "unpinned-material",
    title: "Everything that went into the build is named by a strong digest",
    remediation: "Have the builder state a SHA-256, SHA-384 or SHA-512 digest of the material, or \
                  for a git repository the commit.",
};

/// Every material must match one of `materials.allow`.
pub const MATERIAL_NOT_ALLOWED: Rule = Rule {
    code: "material-not-allowed",
    title: "Everything that went into the build comes from an allowed place",
    remediation: "Build without the material, or allow its URI in `materials.allow`.",
};

/// The build must have ended no longer ago than `max-age`.
pub const STALE_PROVENANCE: Rule = Rule {
    code: "stale-provenance",
    title: "The artifact was built recently",
    remediation: "Build the artifact anew, by a builder that states when the build finished.",
};

/// Every one.
pub(crate) const ALL: &[Rule] = &[
    UNTRUSTED_BUILDER,
    SOURCE_NOT_ALLOWED,
    REF_NOT_ALLOWED,
    WORKFLOW_NOT_ALLOWED,
    PARAMETER_MISMATCH,
    UNEXPECTED_PARAMETER,
    INCOMPLETE_PARAMETERS,
    LEVEL_TOO_LOW,
    NOT_HERMETIC,
    UNPINNED_MATERIAL,
    MATERIAL_NOT_ALLOWED,
    STALE_PROVENANCE,
];
