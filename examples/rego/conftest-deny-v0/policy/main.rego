package main

tag_prefix = "refs/tags/"

deny[msg] {
	build := input.provenance[_]
	ref := build.predicate.buildDefinition.externalParameters.workflow.ref
	not startswith(ref, tag_prefix)
	msg := sprintf("built from %s, and releases are built from tags", [ref])
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
