"""What is compared of a bill of materials, whatever read it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timezone

from packageurl import PackageURL


@dataclass
class Component:
    """One component: `licenses` are pairs of a text and its form, `expression` or `name`."""

    name: str
    version: str | None = None
    purl: str | None = None
    licenses: set = field(default_factory=set)
    hashes: int = 0


@dataclass
class Bom:
    """One document. `edges` are pairs of references to two different components, each once."""

    format: str
    spec_version: str
    components: list
    edges: set
    services: int = 0
    root: str | None = None
    made_at: int | None = None
    tools: list = field(default_factory=list)
    lifecycles: list = field(default_factory=list)


def summary(bom):
    statements = Counter(pair for c in bom.components for pair in c.licenses)
    return {
        "format": bom.format,
        "spec_version": bom.spec_version,
        "root": bom.root,
        "made_at": bom.made_at,
        "tools": sorted(set(bom.tools)),
        "lifecycles": sorted(set(bom.lifecycles)),
        "components": len(bom.components),
        "components_with_purl": sum(is_purl(c.purl) for c in bom.components),
        "components_with_version": sum(c.version is not None for c in bom.components),
        "components_with_license": sum(bool(c.licenses) for c in bom.components),
        "hashes": sum(c.hashes for c in bom.components),
        "services": bom.services,
        "edges": len(bom.edges),
        "licenses": [[text, form, n] for (text, form), n in sorted(statements.items())],
        "names": sorted({c.name for c in bom.components})[:8],
    }


def is_purl(text):
    try:
        return bool(text) and bool(PackageURL.from_string(text))
    except ValueError:
        return False


def said(text):
    """None for what says nothing."""
    return text if isinstance(text, str) and text.strip() else None


def named(group, name):
    return f"{group}/{name}" if said(group) else name


def versioned(name, version):
    return f"{name} {version}" if said(version) else name


def moment(text):
    """Seconds since the Unix epoch, rounded down; None where it is no date and time."""
    if not said(text):
        return None
    try:
        at = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=timezone.utc)
    return int(at.timestamp() // 1)
