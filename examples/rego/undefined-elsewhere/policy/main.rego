package main

# No default, and no set: where the condition does not hold, there is no answer.
deny := ["built too long ago"] if {
	some build in input.provenance
	build.predicate.runDetails.metadata.finishedOn < "2026-01-01T00:00:00Z"
}
