package licenses

# Free words are no SPDX expressions: nobody has looked at what they mean.
violation_words contains {"msg": msg, "details": {"document": bom.path}} if {
	some bom in input.sbom
	some statement in bom.license_statements
	statement.form == "name"
	msg := sprintf("license in words: %s", [statement.text])
}

violation_copyleft contains finding if {
	some bom in input.sbom
	some component in bom.components
	some license in component.licenses
	startswith(license, "GPL-")
	finding := {
		"msg": sprintf("%s is under %s", [component.name, license]),
		"details": {"purl": component.purl, "license": license},
	}
}

warn_unlicensed contains sprintf("%s states no license", [component.name]) if {
	some bom in input.sbom
	some component in bom.components
	count(component.licenses) == 0
}
