//! What the policy checks.

use lockgate_plugin::Rule;
pub use lockgate_plugin::boms::{EMPTY_SBOM, UNREADABLE_SBOM};

/// Each SBOM is young enough.
pub const STALE_SBOM: Rule = Rule {
    code: "stale-sbom",
    title: "Each SBOM is young enough",
    remediation: "Make the SBOM again from the artifact as it is shipped, with the time at which it is \
                  made, and sign it.",
};

/// Each SBOM is valid by its format's official schema.
pub const INVALID_SBOM: Rule = Rule {
    code: "invalid-sbom",
    title: "Each SBOM is valid by its format's schema",
    remediation: "Mend what the schema has against the SBOM, or update the tool that makes it, and \
                  sign the SBOM again.",
};

/// Each SBOM has the minimum elements of the NTIA.
pub const NTIA_INCOMPLETE: Rule = Rule {
    code: "ntia-incomplete",
    title: "Each SBOM has the minimum elements of the NTIA",
    remediation: "Have the tool that makes the SBOM state the element for every component, and sign \
                  the SBOM again.",
};

/// Each SBOM is complete enough.
pub const SCORE_TOO_LOW: Rule = Rule {
    code: "score-too-low",
    title: "Each SBOM is complete enough",
    remediation: "Have the tool that makes the SBOM state what is missing, the most frequent first, \
                  and sign the SBOM again.",
};

/// No component depends on a denied license.
pub const DENIED_LICENSE: Rule = Rule {
    code: "denied-license",
    title: "No component needs a denied license",
    remediation: "Replace the component, obtain it under another license, or correct the SBOM.",
};

/// Every component can be used under allowed licenses.
pub const UNLISTED_LICENSE: Rule = Rule {
    code: "unlisted-license",
    title: "Every component can be used under allowed licenses",
    remediation: "Have the license reviewed and listed in `allow`, or replace the component.",
};

/// Every component has a license that is known.
pub const UNKNOWN_LICENSE: Rule = Rule {
    code: "unknown-license",
    title: "Every component has a license that is known",
    remediation: "Find out the license and state it in the SBOM as an SPDX expression; or let \
                  unknown licenses be warnings with `licenses.unknown = \"warn\"`.",
};

/// No banned package.
pub const BANNED_PACKAGE: Rule = Rule {
    code: "banned-package",
    title: "No component is a banned package",
    remediation: "Remove the package, or move to a version that is not banned.",
};

/// Every required field.
pub const MISSING_FIELD: Rule = Rule {
    code: "missing-field",
    title: "Every required field is there",
    remediation: "Have the tool that makes the SBOM fill the field in, and sign the SBOM again.",
};

/// Every component is of one version.
pub const UNPINNED_COMPONENT: Rule = Rule {
    code: "unpinned-component",
    title: "Every component is of one exact version",
    remediation: "Make the SBOM from what was built, where every version is settled, and not from what \
                  the sources ask for.",
};

/// What the SBOM says is in the artifact.
pub const NOT_IN_ARTIFACT: Rule = Rule {
    code: "not-in-artifact",
    title: "Every file that an SBOM states is in the artifact",
    remediation: "Make the SBOM from the artifact as it is shipped, after everything was put in.",
};

/// What is in the artifact is in the SBOM.
pub const NOT_IN_SBOM: Rule = Rule {
    code: "not-in-sbom",
    title: "Every package that the artifact shows is in each SBOM",
    remediation: "Make the SBOM from the artifact as it is shipped; or leave the package out of the \
                  artifact, where nothing needs it.",
};

/// Every rule, in the order of a report.
pub(crate) const ALL: &[Rule] = &[
    EMPTY_SBOM,
    UNREADABLE_SBOM,
    STALE_SBOM,
    INVALID_SBOM,
    NTIA_INCOMPLETE,
    SCORE_TOO_LOW,
    DENIED_LICENSE,
    UNLISTED_LICENSE,
    UNKNOWN_LICENSE,
    BANNED_PACKAGE,
    MISSING_FIELD,
    UNPINNED_COMPONENT,
    NOT_IN_ARTIFACT,
    NOT_IN_SBOM,
];
