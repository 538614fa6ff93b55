"""CycloneDX by cyclonedx-python-lib: its model, and its validators with the official schemas."""

import io
import json
import xml.etree.ElementTree as ET

from cyclonedx.exception import MissingOptionalDependencyException
from cyclonedx.model.bom import Bom as Library
from cyclonedx.model.license import LicenseExpression
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator, JsonValidator
from cyclonedx.validation.xml import XmlValidator

from .cyclonedx_walk import NAMESPACE, statements
from .model import Bom, Component, named, said, versioned


def read(path, data):
    if path.suffix == ".xml":
        bom, version = Library.from_xml(io.StringIO(data.decode())), namespace_version(data)
    else:
        document = json.loads(data)
        bom, version = Library.from_json(document), document["specVersion"]
    about = bom.metadata.component
    parts = list(parts_of(bom)) + (list(parts_of(about)) if about else [])
    refs = {p.bom_ref.value for p in parts} | ({about.bom_ref.value} if about else set())
    stated = (
        (entry.ref.value, to.ref.value) for entry in bom.dependencies for to in entry.dependencies
    )
    at = bom.metadata.timestamp
    return Bom(
        format="cyclonedx",
        spec_version=version,
        components=[component(p) for p in parts],
        edges={(a, b) for a, b in stated if a in refs and b in refs and a != b},
        services=sum(1 for _ in services_of(bom)),
        root=named(about.group, about.name) if about else None,
        made_at=int(at.timestamp() // 1) if at and states_time(path, data) else None,
        tools=[versioned(t.name, t.version) for t in tools(bom.metadata.tools) if t.name],
        lifecycles=[
            phase.phase.value if hasattr(phase, "phase") else phase.name
            for phase in bom.metadata.lifecycles
        ],
    )


def states_time(path, data):
    """The library puts the time of reading where a document states none."""
    if path.suffix == ".json":
        return "timestamp" in (json.loads(data).get("metadata") or {})
    return ET.fromstring(data).find("./{*}metadata/{*}timestamp") is not None


def namespace_version(data):
    at = data.index(NAMESPACE.encode()) + len(NAMESPACE)
    return data[at : at + 3].decode()


def parts_of(holder):
    for part in holder.components:
        yield part
        yield from parts_of(part)


def services_of(holder):
    for service in holder.services:
        yield service
        yield from services_of(service)


def tools(given):
    return [*given.tools, *given.components, *given.services]


def component(part):
    licenses = set()
    for one in part.licenses:
        if isinstance(one, LicenseExpression):
            licenses |= statements(one.value, None, None)
        else:
            licenses |= statements(None, one.id, one.name)
    return Component(
        name=named(part.group, part.name),
        version=said(part.version),
        purl=part.purl.to_string() if part.purl else None,
        licenses=licenses,
        hashes=sum(said(h.content) is not None for h in part.hashes),
    )


def schema(path, data):
    """Whether it is valid by the official schema, and by the strict one that 1.2 and 1.3 have beside
    it; None where there is none for its version."""
    text = data.decode()
    if path.suffix == ".xml":
        version = namespace_version(data) if NAMESPACE.encode() in data else None
        verdicts = {"normal": verdict(XmlValidator, version, text)}
    else:
        version = json.loads(text).get("specVersion")
        verdicts = {"normal": verdict(JsonValidator, version, text)}
        if version in ("1.2", "1.3"):
            verdicts["strict"] = verdict(JsonStrictValidator, version, text)
    return verdicts


def verdict(validator, version, text):
    try:
        problem = validator(SchemaVersion.from_version(version)).validate_str(text)
    except (KeyError, ValueError, AttributeError, MissingOptionalDependencyException) as why:
        return {"valid": None, "problem": f"{type(why).__name__}: {why}"[:120]}
    return {"valid": problem is None, "problem": shown(problem)}


def shown(problem):
    if problem is None:
        return None
    data = problem.data
    text = getattr(data, "message", None) or str(data)
    return text.splitlines()[0][:160]
