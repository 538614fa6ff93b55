"""A plain walk over CycloneDX, JSON by `json` and XML by `xml.etree`."""

import json
import re
import xml.etree.ElementTree as ET

from .model import Bom, Component, moment, named, said, versioned

NAMESPACE = "http://cyclonedx.org/schema/bom/"


def read(path, data):
    if path.suffix == ".xml":
        return from_xml(ET.fromstring(data))
    return from_json(json.loads(data))


# JSON


def from_json(bom):
    if bom.get("bomFormat") != "CycloneDX":
        raise ValueError("`bomFormat` is not `CycloneDX`")
    version = known(bom["specVersion"])
    metadata = bom.get("metadata") or {}
    about = metadata.get("component") or {}
    parts = list(parts_of(bom)) + list(parts_of(about))
    refs = {p["bom-ref"] for p in [*parts, about] if p.get("bom-ref")}
    stated = (
        (entry.get("ref"), to)
        for entry in bom.get("dependencies") or []
        for to in entry.get("dependsOn") or []
    )
    return Bom(
        format="cyclonedx",
        spec_version=version,
        components=[component(p) for p in parts],
        edges={(a, b) for a, b in stated if a in refs and b in refs and a != b},
        services=sum(1 for _ in services_of(bom)),
        root=said(named(about.get("group"), about.get("name"))) if about else None,
        made_at=moment(metadata.get("timestamp")),
        tools=tools(metadata.get("tools")),
        lifecycles=[p.get("phase") or p["name"] for p in metadata.get("lifecycles") or []],
    )


def known(version):
    """From 1.2 on, for that was the first in JSON."""
    if not re.fullmatch(r"1\.([2-9]|\d{2,})", version):
        raise ValueError(f"the version is `{version}`")
    return version


def parts_of(holder):
    for part in holder.get("components") or []:
        yield part
        yield from parts_of(part)


def services_of(holder):
    for service in holder.get("services") or []:
        yield service
        yield from services_of(service)


def component(part):
    licenses = set()
    for choice in part.get("licenses") or []:
        one = choice.get("license") or {}
        licenses |= statements(choice.get("expression"), one.get("id"), one.get("name"))
    return Component(
        name=named(part.get("group"), part["name"]),
        version=said(part.get("version")),
        purl=said(part.get("purl")),
        licenses=licenses,
        hashes=sum(said(h.get("content")) is not None for h in part.get("hashes") or []),
    )


def statements(expression, id, name):
    pairs = ((expression, "expression"), (id, "expression"), (name, "name"))
    return {(text, form) for text, form in pairs if said(text)}


def tools(given):
    """A list of tools until 1.4, and an object with components and services since 1.5."""
    if isinstance(given, dict):
        given = (given.get("components") or []) + (given.get("services") or [])
    return [versioned(tool["name"], tool.get("version")) for tool in given or [] if tool.get("name")]


# XML


def from_xml(root):
    if not root.tag.startswith("{" + NAMESPACE) or not root.tag.endswith("}bom"):
        raise ValueError(f"the root is `{root.tag}`")
    version = known(root.tag[len(NAMESPACE) + 1 : root.tag.index("}")])
    xml = Xml("{" + NAMESPACE + version + "}")
    metadata = xml.child(root, "metadata")
    about = xml.child(metadata, "component")
    parts = list(xml.parts(root)) + list(xml.parts(about))
    refs = {e.get("bom-ref") for e in [*parts, about] if e is not None and e.get("bom-ref")}
    stated = xml.dependencies(xml.child(root, "dependencies"))
    return Bom(
        format="cyclonedx",
        spec_version=version,
        components=[xml.component(p) for p in parts],
        edges={(a, b) for a, b in stated if a in refs and b in refs and a != b},
        services=sum(1 for _ in xml.services(root)),
        root=xml.name(about) if about is not None else None,
        made_at=moment(xml.text(metadata, "timestamp")),
        tools=xml.tools(xml.child(metadata, "tools")),
        lifecycles=[
            xml.text(phase, "phase") or xml.text(phase, "name")
            for phase in xml.children(xml.child(metadata, "lifecycles"), "lifecycle")
        ],
    )


class Xml:
    """Elements of one namespace; what lies in another is passed over."""

    def __init__(self, space):
        self.space = space

    def children(self, element, tag):
        return [] if element is None else element.findall(self.space + tag)

    def child(self, element, tag):
        return next(iter(self.children(element, tag)), None)

    def text(self, element, tag):
        found = self.child(element, tag)
        return None if found is None else said((found.text or "").strip())

    def name(self, element):
        name = self.text(element, "name")
        return said(named(self.text(element, "group"), name)) if name else None

    def parts(self, holder):
        for part in self.children(self.child(holder, "components"), "component"):
            yield part
            yield from self.parts(part)

    def services(self, holder):
        for service in self.children(self.child(holder, "services"), "service"):
            yield service
            yield from self.services(service)

    def dependencies(self, holder):
        for entry in self.children(holder, "dependency"):
            for to in self.children(entry, "dependency"):
                yield entry.get("ref"), to.get("ref")
            yield from self.dependencies(entry)

    def component(self, part):
        licenses = set()
        holder = self.child(part, "licenses")
        for one in self.children(holder, "license"):
            licenses |= statements(None, self.text(one, "id"), self.text(one, "name"))
        for one in self.children(holder, "expression"):
            licenses |= statements((one.text or "").strip(), None, None)
        if self.name(part) is None:
            raise ValueError("a component without a name")
        return Component(
            name=self.name(part),
            version=self.text(part, "version"),
            purl=self.text(part, "purl"),
            licenses=licenses,
            hashes=sum(
                said((h.text or "").strip()) is not None
                for h in self.children(self.child(part, "hashes"), "hash")
            ),
        )

    def tools(self, holder):
        given = [
            *self.children(holder, "tool"),
            *self.children(self.child(holder, "components"), "component"),
            *self.children(self.child(holder, "services"), "service"),
        ]
        names = ((self.text(t, "name"), self.text(t, "version")) for t in given)
        return [versioned(name, version) for name, version in names if name]
