package main

import data.builders

builder(build) := build.predicate.runDetails.builder.id

ref(build) := build.predicate.buildDefinition.externalParameters.workflow.ref

deny contains msg if {
	some build in input.provenance
	not builder(build) in builders
	msg := sprintf("%s: its builder is not on the list", [build.path])
}

violation contains {"msg": "not built from a tag", "code": "main.tag", "term": build.path} if {
	some build in input.provenance
	not startswith(ref(build), "refs/tags/")
}

warn contains "the build is older than a month" if {
	some build in input.provenance
	finished := time.parse_rfc3339_ns(build.predicate.runDetails.metadata.finishedOn)
	time.now_ns() - finished > time.parse_duration_ns("720h")
}
