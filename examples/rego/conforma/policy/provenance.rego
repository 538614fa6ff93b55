# METADATA
# title: Provenance
# description: Where the release comes from.
package release.provenance

import data.lib

# METADATA
# title: Builder is trusted
# description: The builder is one that the rule data names.
# custom:
#   short_name: trusted_builder
#   failure_msg: Builder %q is not trusted
#   solution: Build with a builder that the rule data names.
deny contains result if {
	some build in input.provenance
	not build.predicate.runDetails.builder.id in lib.rule_data("trusted_builders")
	id := object.get(build.predicate, ["runDetails", "builder", "id"], "nobody")
	result := lib.result_helper(rego.metadata.chain(), [id])
}

# METADATA
# title: Materials are pinned
# description: Every material has a digest.
# custom:
#   short_name: pinned_materials
#   failure_msg: Material %s has no digest
#   solution: >-
#     Name the material by its digest in the build.
#   effective_on: 2027-01-01T00:00:00Z
deny contains result if {
	some build in input.provenance
	some material in build.predicate.buildDefinition.resolvedDependencies
	not material.digest
	result := lib.result_helper_with_term(rego.metadata.chain(), [material.uri], material.uri)
}

# METADATA
# title: Build is recent
# custom:
#   short_name: recent_build
#   failure_msg: The build finished on %s
warn contains result if {
	some build in input.provenance
	finished := build.predicate.runDetails.metadata.finishedOn
	time.now_ns() - time.parse_rfc3339_ns(finished) > time.parse_duration_ns("336h")
	result := lib.result_helper(rego.metadata.chain(), [finished])
}
