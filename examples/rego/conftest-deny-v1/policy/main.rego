package main

tag_prefix := "refs/tags/"

deny contains msg if {
	some build in input.provenance
	ref := build.predicate.buildDefinition.externalParameters.workflow.ref
	not startswith(ref, tag_prefix)
	msg := sprintf("built from %s, and releases are built from tags", [ref])
}

deny contains "there is more than one provenance" if count(input.provenance) > 1

warn contains msg if {
	some build in input.provenance
	some dependency in build.predicate.buildDefinition.resolvedDependencies
	not dependency.digest
	msg := sprintf("%s has no digest", [dependency.uri])
}
