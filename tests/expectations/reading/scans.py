"""Reports of scanners: a plain walk by `json`, for no library reads them; scores by `cvss`.

A row is a list: vulnerability, component, version, purl (canonical by packageurl-python where it is
valid), severity, fixed versions, CVSS ratings as `VERSION VECTOR SCORE-IN-TENTHS SOURCE`, sorted.
"""

import json
import re
from collections import Counter

from packageurl import PackageURL

from .cvss_scores import tenths
from .model import moment, named, said

WORDS = {"negligible": "low", "moderate": "medium", "important": "high"}
KNOWN = ("none", "low", "medium", "high", "critical")

#: Bills of materials that name vulnerabilities are scans, too.
CYCLONEDX = ("sbom/cyclonedx-spec", "sbom/cyclonedx-generated")


def read(fixtures):
    paths = sorted((fixtures / "scans").rglob("*.json"))
    for folder in CYCLONEDX:
        paths += sorted((fixtures / folder).rglob("valid-vulnerability-*.json"))
    return {p.relative_to(fixtures).as_posix(): one(json.loads(p.read_bytes())) for p in paths}


def one(report):
    kinds = {"SchemaVersion": trivy, "matches": grype, "runs": sarif, "bomFormat": cyclonedx}
    found = next(kinds[key] for key in kinds if key in report)(report)
    rows = sorted(found["rows"], key=lambda row: json.dumps(row))
    return found | {
        "rows": rows,
        "total": len(rows),
        "distinct": len({tuple(row[:3]) for row in rows}),
        "vulnerabilities": len({row[0] for row in rows}),
        "severities": dict(Counter(row[4] for row in rows)),
        "fixable": sum(bool(row[5]) for row in rows),
    }


def severity(word):
    word = (word or "").strip().lower()
    word = WORDS.get(word, word)
    return word if word in KNOWN else "unknown"


def canonical(purl):
    if not said(purl):
        return None
    try:
        return PackageURL.from_string(purl).to_string()
    except ValueError:
        return purl


def rating(version, vector, score, source):
    """By the vector where there is one that the library reads, else as it is written."""
    by_vector = tenths(version, vector) if vector else None
    if by_vector is None and score is None:
        return None
    given = None if score is None else int(round(score * 10))
    return [version, vector or "", given if by_vector is None else by_vector, source or ""]


def sort(ratings):
    return sorted((r for r in ratings if r), key=lambda r: (r[3], r[0], r[1], r[2]))


def trivy(report):
    rows = [
        [
            v["VulnerabilityID"],
            v["PkgName"],
            said(v.get("InstalledVersion")),
            canonical((v.get("PkgIdentifier") or {}).get("PURL")),
            severity(v.get("Severity")),
            fixed(v.get("FixedVersion")),
            sort(trivy_ratings(v.get("CVSS") or {})),
        ]
        for result in report.get("Results") or []
        for v in result.get("Vulnerabilities") or []
    ]
    return {
        "format": "trivy",
        # A member of this name is the only place where the report has it.
        "scanner": "Trivy" if "Trivy" in report else None,
        "scanner_version": (report.get("Trivy") or {}).get("Version"),
        "scanned_at": moment(report.get("CreatedAt")),
        "database_at": None,
        "rows": rows,
    }


def fixed(text):
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def trivy_ratings(given):
    for source, ratings in given.items():
        for prefix in ("V2", "V3", "V40"):
            vector, score = ratings.get(prefix + "Vector"), ratings.get(prefix + "Score")
            if vector or score is not None:
                yield rating(version_of(vector, prefix), vector, score, source)


def version_of(vector, prefix=""):
    named = re.match(r"CVSS:(\d\.\d)/", vector or "")
    if named:
        return named[1]
    return {"V2": "2.0", "": "2.0" if vector else ""}.get(prefix, "")


def grype(report):
    rows = []
    for match in report["matches"]:
        v, a = match["vulnerability"], match["artifact"]
        ratings = [
            rating(c["version"], c.get("vector"), c["metrics"].get("baseScore"), c.get("source"))
            for c in v.get("cvss") or []
        ]
        rows.append([
            v["id"],
            a["name"],
            said(a.get("version")),
            canonical(a.get("purl")),
            severity(v.get("severity")),
            list((v.get("fix") or {}).get("versions") or []),
            sort(ratings),
        ])
    descriptor = report.get("descriptor") or {}
    return {
        "format": "grype",
        "scanner": descriptor.get("name"),
        "scanner_version": descriptor.get("version"),
        "scanned_at": moment(descriptor.get("timestamp")),
        "database_at": moment(((descriptor.get("db") or {}).get("status") or {}).get("built")),
        "rows": rows,
    }


def sarif(report):
    """SARIF has no member for a package: Trivy writes one into the message."""
    rows, driver = [], None
    for run in report["runs"]:
        driver = run["tool"]["driver"]
        rules = driver.get("rules") or []
        for result in run["results"]:
            lines = dict(
                line.split(": ", 1) for line in result["message"]["text"].splitlines() if ": " in line
            )
            rule = rules[result["ruleIndex"]]
            rows.append([
                result["ruleId"],
                lines.get("Package"),
                said(lines.get("Installed Version")),
                None,
                severity(lines.get("Severity")),
                fixed(lines.get("Fixed Version")),
                sort(sarif_ratings(rule.get("properties") or {})),
            ])
    return {
        "format": "sarif",
        "scanner": driver["name"],
        "scanner_version": driver.get("version"),
        "scanned_at": None,
        "database_at": None,
        "rows": rows,
    }


def sarif_ratings(properties):
    """Trivy's own; where it writes none, the score that GitHub reads."""
    found = []
    for prefix in ("cvssv2", "cvssv3", "cvssv40"):
        vector = properties.get(prefix + "_vector")
        score = properties.get(prefix + "_score", properties.get(prefix + "_baseScore"))
        if vector or score is not None:
            found.append(rating(version_of(vector), vector, score, ""))
    score = properties.get("security-severity")
    return found or [rating("", None, float(score), "")] if score else found


def cyclonedx(report):
    """A row for each vulnerability and what it affects."""
    parts = {p["bom-ref"]: p for p in nested(report) if p.get("bom-ref")}
    rows = []
    for v in report.get("vulnerabilities") or []:
        ratings = v.get("ratings") or []
        words = [severity(r.get("severity")) for r in ratings]
        known = [KNOWN.index(word) for word in words if word in KNOWN]
        for affected in v.get("affects") or []:
            part = parts.get(affected["ref"], {})
            rows.append([
                v.get("id"),
                named(part.get("group"), part.get("name")) if part else affected["ref"],
                said(part.get("version")),
                canonical(part.get("purl")),
                # Of several ratings the worst.
                KNOWN[max(known)] if known else "unknown",
                [],
                sort(cyclonedx_rating(r) for r in ratings),
            ])
    return {
        "format": "cyclonedx",
        "scanner": None,
        "scanner_version": None,
        "scanned_at": moment((report.get("metadata") or {}).get("timestamp")),
        "database_at": None,
        "rows": rows,
    }


METHODS = {"CVSSv2": "2.0", "CVSSv3": "3.0", "CVSSv31": "3.1", "CVSSv4": "4.0"}


def cyclonedx_rating(given):
    """CycloneDX names the version beside the vector."""
    version, vector = METHODS.get(given.get("method")), given.get("vector")
    if version is None:
        return None
    source = (given.get("source") or {}).get("name")
    whole = vector if version == "2.0" or not vector else f"CVSS:{version}/{vector}"
    found = rating(version, whole, given.get("score"), source)
    return found and [version, vector, *found[2:]]


def nested(holder):
    for part in holder.get("components") or []:
        yield part
        yield from nested(part)
