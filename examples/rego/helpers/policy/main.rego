package main

import data.lib
import data.lib.names.shown as called

deny contains msg if {
	some bom in input.sbom
	some component in bom.components
	some license in component.licenses
	lib.verdict(license) == "forbidden"
	msg := sprintf("%s: %s is forbidden", [called(component), license])
}

warn contains msg if {
	some bom in input.sbom
	some component in bom.components
	some license in component.licenses
	lib.verdict(license) == "unknown"
	msg := sprintf("%s: nobody has looked at %s", [called(component), license])
}
