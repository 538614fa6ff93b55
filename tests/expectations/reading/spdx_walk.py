"""A plain walk over SPDX 2, JSON by `json` and tag-value by lines."""

import json
import re

from .model import Bom, Component, moment, said

#: What says that one package needs another or has it in itself, and whether it says so from left to
#: right. It is our definition: tools that look into images write their tree by `CONTAINS`. The
#: specification has more relationships; those that describe, build or test are none.
NEEDS = {
    "DEPENDS_ON": True,
    "CONTAINS": True,
    "DYNAMIC_LINK": True,
    "STATIC_LINK": True,
    "HAS_PREREQUISITE": True,
    "DEPENDENCY_OF": False,
    "BUILD_DEPENDENCY_OF": False,
    "DEV_DEPENDENCY_OF": False,
    "OPTIONAL_DEPENDENCY_OF": False,
    "PROVIDED_DEPENDENCY_OF": False,
    "RUNTIME_DEPENDENCY_OF": False,
    "TEST_DEPENDENCY_OF": False,
    "CONTAINED_BY": False,
    "OPTIONAL_COMPONENT_OF": False,
    "PACKAGE_OF": False,
    "PREREQUISITE_FOR": False,
}

NOTHING = (None, "NOASSERTION", "NONE")


def read(path, data):
    if path.suffix == ".json":
        return from_json(json.loads(data))
    if path.suffix == ".spdx":
        return from_tags(data.decode())
    raise ValueError("the walk reads JSON and tag-value")


def version(text):
    if not text or not text.startswith("SPDX-"):
        raise ValueError(f"`{text}` is no version of SPDX")
    return text.removeprefix("SPDX-")


def from_json(document):
    packages = {p["SPDXID"]: p for p in document.get("packages") or []}
    stated = [
        (r["spdxElementId"], r["relationshipType"], r["relatedSpdxElement"])
        for r in document.get("relationships") or []
    ]
    about = described(document.get("documentDescribes") or [], stated, packages)
    own = {
        one["licenseId"]: one.get("name") for one in document.get("hasExtractedLicensingInfos") or []
    }
    info = document.get("creationInfo") or {}
    return Bom(
        format="spdx",
        spec_version=version(document.get("spdxVersion")),
        components=[component(p, own) for p in document.get("packages") or []],
        edges=edges(stated, packages),
        root=packages[about]["name"] if about else None,
        made_at=moment(info.get("created")),
        tools=creators(info.get("creators") or []),
    )


def component(package, own):
    refs = package.get("externalRefs") or []
    purls = [r["referenceLocator"] for r in refs if r.get("referenceType") == "purl"]
    return Component(
        name=package["name"],
        version=said(package.get("versionInfo")),
        purl=purls[0] if purls else None,
        licenses=licenses(package.get("licenseConcluded"), package.get("licenseDeclared"), own),
        hashes=len(package.get("checksums") or []),
    )


def licenses(concluded, declared, own):
    """A license that the document brings along counts by its own name, too, wherever it is named."""
    texts = {text for text in (concluded, declared) if text not in NOTHING}
    ids = {id for text in texts for id in re.findall(r"[\w.:-]*LicenseRef-[\w.-]+", text)}
    names = {own.get(id) for id in ids} - set(NOTHING)
    return {(text, "expression") for text in texts} | {(name, "name") for name in names}


def edges(stated, packages):
    pairs = ((a, b) if NEEDS[kind] else (b, a) for a, kind, b in stated if kind in NEEDS)
    return {(a, b) for a, b in pairs if a in packages and b in packages and a != b}


def described(listed, stated, packages):
    """The package that the document describes; None where it describes none, or several things."""
    of = set(listed)
    of |= {b for a, kind, b in stated if kind == "DESCRIBES" and a == "SPDXRef-DOCUMENT"}
    of |= {a for a, kind, b in stated if kind == "DESCRIBED_BY" and b == "SPDXRef-DOCUMENT"}
    return of.pop() if len(of) == 1 and of <= packages.keys() else None


def creators(lines):
    return [tool(line.removeprefix("Tool:").strip()) for line in lines if line.startswith("Tool:")]


def tool(text):
    """The specification writes a tool as its name, a dash and its version."""
    return re.sub(r"-(?=v?\d[^-]*$)", " ", text)


def from_tags(text):
    """Tag-value: `Tag: value` a line, and `<text>` to `</text>` over several."""
    text = re.sub(r"<text>.*?</text>", lambda m: json.dumps(m.group()[6:-7]), text, flags=re.S)
    tags = (line.partition(":") for line in text.splitlines() if not line.startswith("#"))
    document, packages, current = {"creators": []}, {}, None
    stated, unnamed, own, license_id = [], [], {}, None
    for tag, _, value in tags:
        tag, value = tag.strip(), value.strip()
        if tag in ("SPDXVersion", "Created"):
            document[tag] = value
        elif tag == "Creator":
            document["creators"].append(value)
        elif tag == "PackageName":
            current = {"name": value, "externalRefs": [], "checksums": []}
            unnamed.append(current)
        elif tag in ("FileName", "SnippetSPDXID", "LicenseID"):
            current = None
            license_id = value
        elif tag == "LicenseName":
            own[license_id] = value
        elif tag == "Relationship":
            stated.append(tuple(value.split()[:3]))
        elif current is not None:
            package_tag(current, packages, tag, value)
    about = described([], stated, packages)
    return Bom(
        format="spdx",
        spec_version=version(document.get("SPDXVersion")),
        components=[component(p, own) for p in unnamed],
        edges=edges(stated, packages),
        root=packages[about]["name"] if about else None,
        made_at=moment(document.get("Created")),
        tools=creators(document["creators"]),
    )


def package_tag(package, packages, tag, value):
    if tag == "SPDXID":
        packages[value] = package
    elif tag == "PackageVersion":
        package["versionInfo"] = value
    elif tag == "PackageLicenseConcluded":
        package["licenseConcluded"] = value
    elif tag == "PackageLicenseDeclared":
        package["licenseDeclared"] = value
    elif tag == "PackageChecksum":
        package["checksums"].append(value)
    elif tag == "ExternalRef":
        _, kind, locator = value.split(maxsplit=2)
        package["externalRefs"].append({"referenceType": kind, "referenceLocator": locator})
