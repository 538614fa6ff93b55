package main

components contains component if {
	some bom in input.sbom
	some component in bom.components
}

deny contains msg if {
	some component in components
	not semver.is_valid(component.version)
	msg := sprintf("%s has the version %q", [component.name, component.version])
}

deny contains msg if {
	some component in components
	lowest := data.minimum[component.name]
	semver.compare(component.version, lowest) < 0
	msg := sprintf("%s %s is older than %s", [component.name, component.version, lowest])
}

deny contains msg if {
	some component in components
	not regex.match(`^pkg:npm/(@[a-z0-9-]+/)?[a-z0-9._-]+@\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$`, component.purl)
	msg := sprintf("%s is not a package of npm", [component.purl])
}

warn contains msg if {
	some component in components
	contains(component.version, "-")
	[release, before] := split(component.version, "-")
	msg := sprintf("%s %s is not released yet (%s)", [component.name, release, upper(before)])
}
