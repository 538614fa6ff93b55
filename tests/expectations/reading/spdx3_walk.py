"""A plain walk over SPDX 3 in JSON, by `json`. No library here reads it."""

import json

from .model import Bom, Component, moment, said

#: What says that one package needs another or has it in itself, as in `spdx_walk`.
NEEDS = (
    "contains",
    "dependsOn",
    "hasDynamicLink",
    "hasOptionalComponent",
    "hasOptionalDependency",
    "hasPrerequisite",
    "hasProvidedDependency",
    "hasStaticLink",
)
LICENSES = ("hasConcludedLicense", "hasDeclaredLicense")
PACKAGES = ("software_Package", "ai_AIPackage", "dataset_DatasetPackage")


def read(path, data):
    graph = json.loads(data)["@graph"]
    elements = {e.get("spdxId") or e.get("@id"): e for e in graph}
    of = lambda *types: [e for e in graph if e["type"] in types]
    packages = {p["spdxId"]: p for p in of(*PACKAGES)}
    stated = [
        (r["from"], r["relationshipType"], to)
        for r in of("Relationship", "LifecycleScopedRelationship")
        for to in r["to"]
    ]
    (document,) = of("SpdxDocument")
    info = elements[document["creationInfo"]]
    roots = set(roots_of(document, elements)) & packages.keys()
    return Bom(
        format="spdx",
        spec_version=info["specVersion"],
        components=[component(p, stated, elements) for p in packages.values()],
        edges={
            (a, b)
            for a, kind, b in stated
            if kind in NEEDS and a in packages and b in packages and a != b
        },
        root=packages[roots.pop()]["name"] if len(roots) == 1 else None,
        made_at=moment(info["created"]),
        tools=[elements[tool]["name"] for tool in info.get("createdUsing") or []],
    )


def roots_of(collection, elements):
    for root in collection.get("rootElement") or []:
        inner = elements.get(root, {})
        if "rootElement" in inner:
            yield from roots_of(inner, elements)
        else:
            yield root


def component(package, stated, elements):
    licenses = set()
    for a, kind, b in stated:
        if a == package["spdxId"] and kind in LICENSES:
            licenses.add(text(elements.get(b, {}), b))
    return Component(
        name=package["name"],
        version=said(package.get("software_packageVersion")),
        purl=said(package.get("software_packageUrl")) or identifier(package),
        licenses=licenses - {None},
        hashes=sum(one["type"] == "Hash" for one in package.get("verifiedUsing") or []),
    )


def identifier(package):
    found = package.get("externalIdentifier") or []
    purls = [one["identifier"] for one in found if one["externalIdentifierType"] == "packageUrl"]
    return purls[0] if purls else None


def text(element, id):
    expression = element.get("simplelicensing_licenseExpression")
    if expression in ("NOASSERTION", "NONE") or id.endswith(("NoAssertionLicense", "NoneLicense")):
        return None
    return (expression, "expression") if expression else (id, "name")
