//! The interfaces that this host serves, and what a policy can do that imports one.
//!
//! A component reaches nothing but what it imports, so this is all that it can do, whatever it says of
//! itself.

/// The package whose interfaces a component may import, and no other.
pub(crate) const PACKAGE: &str = "lockgate:policy";

/// The version of the package that this host serves.
pub const SERVED: semver::Version = semver::Version::new(0, 1, 0);

/// Each interface by its bare name, and in words what it lets a policy do; none for what only names
/// types.
const INTERFACES: [(&str, Option<&str>); 13] = [
    ("types", None),
    (
        "context",
        Some("knows the artifact's name and digest, the stage and the moment, and writes to a log"),
    ),
    ("signatures", Some("reads who signed the artifact")),
    (
        "attestations",
        Some("reads attestations whose signatures were verified, and who signed them"),
    ),
    ("sbom", Some("reads components, licenses and dependencies in SBOMs")),
    ("vulnerabilities", Some("reads what scans found, and what VEX says of it")),
    ("tests", Some("reads results of tests")),
    ("contents", Some("reads files inside the artifact")),
    ("data", Some("reads data files that the policy file hands to it")),
    ("licenses", Some("asks what license expressions mean, which is the same for everybody")),
    ("packages", Some("asks what package URLs and versions mean, which is the same for everybody")),
    ("exceptions", Some("makes exceptions, each of which is a relaxation in the report")),
    ("history", Some("reads earlier decisions about the artifact, and what the stages run")),
];

/// Whether this host serves an interface.
pub(crate) fn is_served(interface: &str) -> bool {
    INTERFACES.iter().any(|(name, _)| *name == interface)
}

/// What an interface lets a policy do; none where it is not served, or only names types.
#[must_use]
pub fn ability(interface: &str) -> Option<&'static str> {
    INTERFACES.iter().find(|(name, _)| *name == interface).and_then(|(_, words)| *words)
}
