package main

licenses_of[component.name] := {license | some license in component.licenses} if {
	some bom in input.sbom
	some component in bom.components
}

all_licenses := union({licenses | some licenses in licenses_of})

deny contains msg if {
	not every_build_is_signed_by_ci
	msg := "a build is not signed by ci"
}

every_build_is_signed_by_ci if {
	count(input.provenance) > 0
	every build in input.provenance {
		"ci" in build.signers
	}
}

deny contains msg if {
	foreign := all_licenses - {"MIT", "ISC", "Apache-2.0"}
	count(foreign) > 0
	msg := sprintf("licenses to look at: %s", [concat(", ", sort([license | some license in foreign]))])
}

# Wherever it stands in a predicate: nothing is fetched without a digest.
deny contains msg if {
	some build in input.provenance
	walk(build.predicate, [path, value])
	is_object(value)
	startswith(object.get(value, "uri", ""), "pkg:docker/")
	object.get(value, "digest", {}) == {}
	msg := sprintf("%s at %s", [value.uri, concat("/", [sprintf("%v", [step]) | some step in path])])
}

warn contains msg if {
	names := [component.name | some bom in input.sbom; some component in bom.components]
	longest := max([count(name) | some name in names])
	msg := sprintf("%d components, the longest name has %d letters", [count(names), longest])
}
