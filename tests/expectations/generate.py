"""Writes the pairs in `tests/fixtures/sbom/cyclonedx-generated`: one document in JSON and in XML.

Run by hand, never by CI, from the root of the repository:

    python tests/expectations/generate.py

The versions are those that no other fixture has. What a version cannot say the library leaves out.
"""

import sys
from datetime import datetime, timezone
from pathlib import Path
from uuid import UUID

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.contact import OrganizationalEntity
from cyclonedx.model.license import DisjunctiveLicense, LicenseAcknowledgement, LicenseExpression
from cyclonedx.model.lifecycle import LifecyclePhase, NamedLifecycle, PredefinedLifecycle
from cyclonedx.model.service import Service
from cyclonedx.model.tool import Tool
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

sys.dont_write_bytecode = True

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "sbom" / "cyclonedx-generated"
VERSIONS = {"1.2": SchemaVersion.V1_2, "1.7": SchemaVersion.V1_7}
DECLARED, CONCLUDED = LicenseAcknowledgement.DECLARED, LicenseAcknowledgement.CONCLUDED


def library(name, version, *, group=None, kind="npm", licenses=(), parts=(), **more):
    purl = PackageURL(kind, group, name, version)
    return Component(
        type=ComponentType.LIBRARY,
        group=group,
        name=name,
        version=version,
        purl=purl,
        bom_ref=purl.to_string(),
        licenses=licenses,
        components=parts,
        **more,
    )


def application():
    """Nested components, licenses of all three forms, dependencies, services, tools, lifecycles."""
    inner = library("inner", "0.1.0", licenses=[DisjunctiveLicense(id="ISC")])
    middle = library("middle", "0.2.0", licenses=[DisjunctiveLicense(name="Our Own License")], parts=[inner])
    outer = library(
        "outer",
        "1.0.0",
        group="@scope",
        licenses=[LicenseExpression("MIT OR Apache-2.0", acknowledgement=DECLARED)],
        parts=[middle],
        hashes=[
            HashType(alg=HashAlgorithm.SHA_256, content="ab" * 32),
            HashType(alg=HashAlgorithm.SHA_512, content="cd" * 64),
        ],
        supplier=OrganizationalEntity(name="A Supplier"),
    )
    both = library(
        "both",
        "2.0.0-rc.1",
        kind="pypi",
        licenses=[
            DisjunctiveLicense(id="BSD-3-Clause", acknowledgement=DECLARED),
            DisjunctiveLicense(name="Public Domain", acknowledgement=CONCLUDED),
            DisjunctiveLicense(id="MIT"),
        ],
        external_references=[
            ExternalReference(type=ExternalReferenceType.VCS, url=XsUri("https://example.com/both.git")),
            ExternalReference(type=ExternalReferenceType.WEBSITE, url=XsUri("https://example.com/")),
        ],
    )
    bare = Component(type=ComponentType.FILE, name="bäre & <file>", bom_ref="bare")
    root = Component(
        type=ComponentType.APPLICATION,
        group="com.example",
        name="application",
        version="3.0.0",
        bom_ref="root",
        components=[library("bundled", "9.9.9", kind="gem")],
    )
    bom = new(1, root)
    bom.components.update([outer, both, bare])
    bom.services.update([
        Service(
            bom_ref="api",
            group="com.example",
            name="api",
            version="v1",
            endpoints=[XsUri("https://example.com/v1")],
        ),
        Service(bom_ref="queue", name="queue", services=[Service(name="dead-letters")]),
    ])
    bom.register_dependency(root, [outer, both])
    bom.register_dependency(outer, [middle, both])
    bom.register_dependency(middle, [inner])
    bom.register_dependency(both, [])
    return bom


def cycle():
    """Dependencies in a circle, one component twice under two references, nothing nested."""
    root = Component(type=ComponentType.CONTAINER, name="circle", version="1", bom_ref="circle")
    names = ("a", "b", "c")
    parts = [library(name, "1.0.0", kind="cargo", licenses=[DisjunctiveLicense(id="MIT")]) for name in names]
    again = library("a", "1.0.0", kind="cargo", licenses=[DisjunctiveLicense(id="Apache-2.0")])
    again.bom_ref.value = "again"
    bom = new(2, root)
    bom.components.update([*parts, again])
    bom.register_dependency(root, [parts[0]])
    for here, there in zip(parts, [*parts[1:], parts[0]]):
        bom.register_dependency(here, [there])
    bom.register_dependency(again, [parts[2]])
    return bom


def new(number, root):
    bom = Bom(serial_number=UUID(int=number, version=4), version=1)
    bom.metadata.timestamp = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    bom.metadata.component = root
    bom.metadata.tools.tools.add(Tool(vendor="example", name="generator", version="0.1"))
    bom.metadata.lifecycles.update([
        PredefinedLifecycle(phase=LifecyclePhase.BUILD),
        PredefinedLifecycle(phase=LifecyclePhase.PRE_BUILD),
        NamedLifecycle(name="canary"),
    ])
    return bom


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, bom in (("application", application()), ("cycle", cycle())):
        for version, schema in VERSIONS.items():
            for syntax in (OutputFormat.JSON, OutputFormat.XML):
                path = FOLDER / f"{name}-{version}.{syntax.name.lower()}"
                text = make_outputter(bom, syntax, schema).output_as_string(indent=2)
                path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
