package main

deny contains msg if {
	some build in input.provenence
	msg := sprintf("a misspelled section: %v", [build])
}

deny contains "a list that nobody hands over" if {
	some build in input.provenance
	build.predicate.runDetails.builder.id in data.forbidden
}

deny contains "a built-in that is not here" if {
	some build in input.provenance
	http.send({"method": "get", "url": build.predicate.runDetails.builder.id}).status_code != 200
}
