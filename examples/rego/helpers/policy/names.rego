package lib.names

default shown(_) := "a component without a version"

shown(component) := sprintf("%s %s", [component.name, component.version]) if component.version
