package release

problems contains "built from a branch" if {
	some build in input.provenance
	startswith(build.predicate.buildDefinition.externalParameters.workflow.ref, "refs/heads/")
}

advice contains "the runner is old" if {
	some build in input.provenance
	semver.compare(build.predicate.runDetails.builder.version.runner, "3.0.0") < 0
}
