package main

import data.allowed_builders as builders

deny contains msg if {
	some build in input.provenance
	not build.predicate.runDetails.builder.id in {builder.id | some builder in builders.builders}
	msg := sprintf("%s: its builder is not on the list", [build.path])
}

# A claim counts only with the signer who may make it.
deny contains msg if {
	some build in input.provenance
	some builder in builders.builders
	builder.id == build.predicate.runDetails.builder.id
	not builder.signer in build.signers
	msg := sprintf("%s does not speak for %s", [concat(", ", build.signers), builder.id])
}
