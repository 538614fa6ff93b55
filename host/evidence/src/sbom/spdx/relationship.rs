//! What the relationships of SPDX mean for the question of what depends on what.
//!
//! The words are those of SPDX 2.3, clause 11, and of `RelationshipType` in the core profile of
//! SPDX 3.0.

/// What a relationship from one element to another says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The first, a document, is about the second.
    Describes,
    /// The second, a document, is about the first.
    DescribedBy,
    /// The first depends on the second, or has it as a part of itself.
    Needs,
    /// The second depends on the first, or has it as a part of itself.
    NeededBy,
    /// Something that is not asked for.
    Other,
    /// Nothing: the specification does not have the word.
    Unknown,
}

impl Meaning {
    /// Of a word of SPDX 2.
    ///
    /// What contains a package cannot do without it, and tools that look into images (Trivy, Syft)
    /// write all of their tree by `CONTAINS` where they write it by `dependencies` in CycloneDX. If it
    /// were no edge, nothing of such a document would be reached from what it describes, and one
    /// image would have two answers. The same goes for links and prerequisites: they are dependencies
    /// by another name. Tools and manifests are none.
    pub(super) fn of(word: &str) -> Self {
        match word {
            "DESCRIBES" => Self::Describes,
            "DESCRIBED_BY" => Self::DescribedBy,
            "DEPENDS_ON" | "CONTAINS" | "DYNAMIC_LINK" | "STATIC_LINK" | "HAS_PREREQUISITE" => {
                Self::Needs
            }
            "DEPENDENCY_OF"
            | "BUILD_DEPENDENCY_OF"
            | "DEV_DEPENDENCY_OF"
            | "OPTIONAL_DEPENDENCY_OF"
            | "PROVIDED_DEPENDENCY_OF"
            | "RUNTIME_DEPENDENCY_OF"
            | "TEST_DEPENDENCY_OF"
            | "CONTAINED_BY"
            | "OPTIONAL_COMPONENT_OF"
            | "PACKAGE_OF"
            | "PREREQUISITE_FOR" => Self::NeededBy,
            "AMENDS"
            | "ANCESTOR_OF"
            | "BUILD_TOOL_OF"
            | "COPY_OF"
            | "DATA_FILE_OF"
            | "DEPENDENCY_MANIFEST_OF"
            | "DESCENDANT_OF"
            | "DEV_TOOL_OF"
            | "DISTRIBUTION_ARTIFACT"
            | "DOCUMENTATION_OF"
            | "EXAMPLE_OF"
            | "EXPANDED_FROM_ARCHIVE"
            | "FILE_ADDED"
            | "FILE_DELETED"
            | "FILE_MODIFIED"
            | "GENERATED_FROM"
            | "GENERATES"
            | "METAFILE_OF"
            | "OTHER"
            | "PATCH_APPLIED"
            | "PATCH_FOR"
            | "REQUIREMENT_DESCRIPTION_FOR"
            | "SPECIFICATION_FOR"
            | "TEST_CASE_OF"
            | "TEST_OF"
            | "TEST_TOOL_OF"
            | "VARIANT_OF" => Self::Other,
            _ => Self::Unknown,
        }
    }

    /// Of a word of SPDX 3. There are sixty, most of them about other things, and a later minor
    /// version adds more, so none is called unknown.
    pub(super) fn of_third(word: &str) -> Self {
        match word {
            "describes" => Self::Describes,
            "dependsOn"
            | "contains"
            | "hasDynamicLink"
            | "hasOptionalComponent"
            | "hasOptionalDependency"
            | "hasPrerequisite"
            | "hasProvidedDependency"
            | "hasStaticLink" => Self::Needs,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_point_from_what_needs_to_what_is_needed() {
        for word in ["DEPENDS_ON", "CONTAINS", "STATIC_LINK", "HAS_PREREQUISITE"] {
            assert_eq!(Meaning::of(word), Meaning::Needs, "{word}");
        }
        for word in ["DEPENDENCY_OF", "TEST_DEPENDENCY_OF", "CONTAINED_BY", "PREREQUISITE_FOR"] {
            assert_eq!(Meaning::of(word), Meaning::NeededBy, "{word}");
        }
        for word in ["DEPENDENCY_MANIFEST_OF", "BUILD_TOOL_OF", "OTHER"] {
            assert_eq!(Meaning::of(word), Meaning::Other, "{word}");
        }
        for word in ["DESCRIBE", "depends_on", "dependsOn", ""] {
            assert_eq!(Meaning::of(word), Meaning::Unknown, "{word}");
        }
    }
}
