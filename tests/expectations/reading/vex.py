"""VEX: a plain walk by `json`, for no library here reads OpenVEX.

A statement is one entry of the document with a status. A row is a list: vulnerability, status,
product, subcomponents, justification, moment of the statement (else of the document). Package URLs are
in canonical form. CycloneDX names no products: what a vulnerability affects is a component of whatever
the document is about, and has a row of its own.
"""

import json
from collections import Counter
from urllib.parse import unquote

from .model import moment
from .scans import canonical

#: CycloneDX's states in the words of OpenVEX.
STATES = {
    "exploitable": "affected",
    "in_triage": "under-investigation",
    "resolved": "fixed",
    "resolved_with_pedigree": "fixed",
    "not_affected": "not-affected",
    "false_positive": "not-affected",
}


def read(fixtures):
    paths = sorted((fixtures / "vex").rglob("*.json"))
    return {p.relative_to(fixtures).as_posix(): one(json.loads(p.read_bytes())) for p in paths}


def one(document):
    found = cyclonedx(document) if "bomFormat" in document else openvex(document)
    rows = sorted(found["rows"], key=lambda row: json.dumps(row))
    return found | {
        "rows": rows,
        "statuses": dict(Counter(row[1] for row in rows)),
        "vulnerabilities": sorted({row[0] for row in rows}),
        "products": sorted({row[2] for row in rows if row[2]}),
        "subcomponents": sorted({sub for row in rows for sub in row[3]}),
    }


def openvex(document):
    at = moment(document.get("timestamp"))
    rows = []
    for statement in document["statements"]:
        vulnerability = statement["vulnerability"]
        if isinstance(vulnerability, dict):
            vulnerability = vulnerability["name"]
        old = [identifier(s) for s in statement.get("subcomponents") or []]
        for product in statement.get("products") or [None]:
            own = product.get("subcomponents") or [] if isinstance(product, dict) else []
            rows.append([
                vulnerability,
                statement["status"].replace("_", "-"),
                identifier(product),
                sorted({*old, *(identifier(s) for s in own)}),
                statement.get("justification"),
                moment(statement.get("timestamp")) or at,
            ])
    return {
        "format": "openvex",
        # The first version had none in its context.
        "version": document["@context"].rpartition("/ns")[2].removeprefix("/v") or "0.0.1",
        "author": document.get("author"),
        "timestamp": at,
        "statements": len(document["statements"]),
        "rows": rows,
    }


def identifier(product):
    return canonical(product["@id"] if isinstance(product, dict) else product)


def linked(ref):
    """A reference to another document (a BOM-Link) may end with a package URL."""
    fragment = unquote(ref.partition("#")[2]) if ref.startswith("urn:cdx:") else ref
    return canonical(fragment) if fragment.startswith("pkg:") else ref


def cyclonedx(document):
    metadata = document.get("metadata") or {}
    at = moment(metadata.get("timestamp"))
    rows, statements = [], 0
    for vulnerability in document.get("vulnerabilities") or []:
        analysis = vulnerability.get("analysis") or {}
        if not analysis.get("state"):
            continue
        statements += 1
        for affected in vulnerability.get("affects") or [{}]:
            rows.append([
                vulnerability["id"],
                STATES[analysis["state"]],
                None,
                [linked(affected["ref"])] if affected else [],
                analysis.get("justification"),
                at,
            ])
    authors = [author["name"] for author in metadata.get("authors") or []]
    return {
        "format": "cyclonedx",
        "version": document["specVersion"],
        "author": authors[0] if authors else None,
        "timestamp": at,
        "statements": statements,
        "rows": rows,
    }
