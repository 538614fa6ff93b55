package main

deny_copyleft contains msg if {
	some bom in input.sbom
	some component in bom.components
	some license in component.licenses
	startswith(license, "GPL-")
	msg := sprintf("%s is under %s", [component.name, license])
}

deny_unnamed contains "a component has no name" if {
	some bom in input.sbom
	some component in bom.components
	component.name == ""
}

# The product of this name is given away with its source.
exception contains rules if {
	some bom in input.sbom
	startswith(bom.described, "orders")
	rules := ["copyleft"]
}
