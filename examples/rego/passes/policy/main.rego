package main

deny contains "not built by acme" if {
	some build in input.provenance
	not startswith(build.predicate.runDetails.builder.id, "https://ci.acme.example/")
}

violation contains {"msg": sprintf("%s has no version", [component.name])} if {
	some bom in input.sbom
	some component in bom.components
	not component.version
}

warn contains "many components" if {
	some bom in input.sbom
	bom.component_count > 1000
}
