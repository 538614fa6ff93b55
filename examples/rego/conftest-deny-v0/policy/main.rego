package main

tag_prefix = "refs/tags/"

deny[msg] {
	build := input.provenance[_]
	not from_tag(build)
	ref := object.get(build.predicate, ["buildDefinition", "externalParameters", "workflow", "ref"], "nowhere")
	msg := sprintf("built from %s, and releases are built from tags", [ref])
}

# Undefined where there is no ref, and then not so.
from_tag(build) {
	startswith(build.predicate.buildDefinition.externalParameters.workflow.ref, tag_prefix)
}

deny[msg] {
	count(input.provenance) > 1
	msg := "there is more than one provenance"
}

warn[msg] {
	dependency := input.provenance[_].predicate.buildDefinition.resolvedDependencies[_]
	not dependency.digest
	msg := sprintf("%s has no digest", [dependency.uri])
}
