"""SPDX 2 by spdx-tools, and what it has against a document."""

from datetime import timezone

from spdx_tools.spdx.model import Package, RelationshipType
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from . import spdx_walk
from .model import Bom, Component, said


def read(path, data):
    if path.parent.name == "spdx3":
        raise ValueError("spdx-tools reads SPDX 2")
    document = parse_file(str(path))
    packages = {p.spdx_id: p for p in document.packages}
    stated = [
        (r.spdx_element_id, RelationshipType(r.relationship_type).name, str(r.related_spdx_element_id))
        for r in document.relationships
    ]
    about = spdx_walk.described([], stated, packages)
    own = {one.license_id: one.license_name for one in document.extracted_licensing_info}
    info = document.creation_info
    return Bom(
        format="spdx",
        spec_version=spdx_walk.version(info.spdx_version),
        components=[component(p, own) for p in document.packages],
        edges=spdx_walk.edges(stated, packages),
        root=packages[about].name if about else None,
        made_at=int(info.created.replace(tzinfo=timezone.utc).timestamp()),
        tools=[spdx_walk.tool(c.name) for c in info.creators if c.actor_type.name == "TOOL"],
    )


def component(package: Package, own):
    purls = [r.locator for r in package.external_references if r.reference_type == "purl"]
    expressions = (package.license_concluded, package.license_declared)
    return Component(
        name=package.name,
        version=said(package.version),
        purl=purls[0] if purls else None,
        licenses=spdx_walk.licenses(*(None if e is None else str(e) for e in expressions), own),
        hashes=len(package.checksums),
    )


def schema(path, data):
    """The library's own rules, which are wider than the JSON schema."""
    if path.parent.name == "spdx3":
        return {}
    try:
        problems = validate_full_spdx_document(parse_file(str(path)))
    except Exception as why:  # whatever it throws is its way to refuse
        return {"library": {"valid": False, "problem": f"{type(why).__name__}: {why}"[:160]}}
    problem = problems[0].validation_message[:160] if problems else None
    return {"library": {"valid": not problems, "problem": problem}}
