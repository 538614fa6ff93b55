package main

max_age := time.parse_duration_ns("720h")

finished(build) := time.parse_rfc3339_ns(build.predicate.runDetails.metadata.finishedOn)

deny contains msg if {
	some build in input.provenance
	time.now_ns() - finished(build) > max_age
	msg := sprintf("the build of %s is over 30 days old", [time.format(finished(build))])
}

# The same moment, as the facts state it.
deny contains "the clock differs" if input.at_unix * 1000000000 != time.now_ns()

warn contains msg if {
	some build in input.provenance
	renewal := time.add_date(finished(build), 0, 3, 0)
	msg := sprintf("to be built again by %v, a %s", [time.date(renewal), time.weekday(renewal)])
}

warn contains "nothing is released on a weekend" if time.weekday(time.now_ns()) in {"Saturday", "Sunday"}
