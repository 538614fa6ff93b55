package main

tag_prefix := "refs/tags/"

deny contains msg if {
	some build in input.provenance
	not from_tag(build)
	ref := object.get(build.predicate, ["buildDefinition", "externalParameters", "workflow", "ref"], "nowhere")
	msg := sprintf("built from %s, and releases are built from tags", [ref])
}

# Undefined where there is no ref, and then not so.
from_tag(build) if {
	startswith(build.predicate.buildDefinition.externalParameters.workflow.ref, tag_prefix)
}

deny contains "there is more than one provenance" if count(input.provenance) > 1

warn contains msg if {
	some build in input.provenance
	some dependency in build.predicate.buildDefinition.resolvedDependencies
	not dependency.digest
	msg := sprintf("%s has no digest", [dependency.uri])
}
