package main

import data.allowed_builders as builders

deny contains msg if {
	some build in input.provenance
	id := build.predicate.runDetails.builder.id
	not id in {builder.id | some builder in builders.builders}
	msg := sprintf("built by %s, which is not on the list", [id])
}

# A claim counts only with the signer who may make it.
deny contains msg if {
	some build in input.provenance
	some builder in builders.builders
	builder.id == build.predicate.runDetails.builder.id
	not builder.signer in build.signers
	msg := sprintf("%s does not speak for %s", [concat(", ", build.signers), builder.id])
}
