//! What the policy checks.

use lockgate_plugin::Rule;
pub use lockgate_plugin::boms::{EMPTY_SBOM, UNREADABLE_SBOM};

/// Every dependency comes from an allowed registry.
pub const REGISTRY_NOT_ALLOWED: Rule = Rule {
    code: "registry-not-allowed",
    title: "Every dependency comes from an allowed registry",
    remediation: "Take the dependency from an allowed registry; where it does come from one, have the \
                  tool that makes the SBOM say so (`repository_url` in the package URL, or a \
                  reference of the type `distribution`); or have the registry reviewed and listed in \
                  `registries`.",
};

/// Every dependency is of an allowed namespace.
pub const NAMESPACE_NOT_ALLOWED: Rule = Rule {
    code: "namespace-not-allowed",
    title: "Every dependency is of an allowed namespace",
    remediation: "Replace the dependency, or have its namespace reviewed and listed in `namespaces`.",
};

/// Internal packages come from our own registry.
pub const INTERNAL_FROM_OUTSIDE: Rule = Rule {
    code: "internal-from-outside",
    title: "Internal packages come from our own registry alone",
    remediation: "Find out who published the package: it may be somebody else's under our name. Let the \
                  build take internal packages from our own registry alone, and have the SBOM say so.",
};

/// Every release is out long enough.
pub const TOO_YOUNG: Rule = Rule {
    code: "too-young",
    title: "Every dependency has been released long enough",
    remediation: "Wait, or move back to the release before; what is malicious is mostly found within \
                  days. Where the time of a release is not known, state it in the SBOM or in the data \
                  file of `released`.",
};

/// Every dependency is pinned.
pub const UNPINNED_DEPENDENCY: Rule = Rule {
    code: "unpinned-dependency",
    title: "Every dependency is of one exact version, with a hash",
    remediation: "Build from a lock file, and make the SBOM from it: with the version that was taken, and \
                  a hash of what was downloaded.",
};

/// Every rule, in the order of a report.
pub(crate) const ALL: &[Rule] = &[
    EMPTY_SBOM,
    UNREADABLE_SBOM,
    REGISTRY_NOT_ALLOWED,
    NAMESPACE_NOT_ALLOWED,
    INTERNAL_FROM_OUTSIDE,
    TOO_YOUNG,
    UNPINNED_DEPENDENCY,
];
