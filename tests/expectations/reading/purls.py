"""The purl suite by packageurl-python: what it makes of each case, and whether the suite agrees.

A case is one of three things: `parse` (text to parts), `build` (parts to text), `roundtrip` (text to the
canonical text; the suite calls it `validate`). A row is a list in the order of the suite: which of
the three, whether the library does what the suite expects, and what it makes; null is a refusal.
"""

import json

from packageurl import PackageURL

PARTS = ("type", "namespace", "name", "version", "qualifiers", "subpath")


def read(fixtures):
    found = {}
    for path in sorted((fixtures / "purl").rglob("*-test.json")):
        cases = json.loads(path.read_bytes())["tests"]
        found[path.relative_to(fixtures).as_posix()] = [one(case) for case in cases]
    return found


def one(case):
    try:
        library = by_library(case["test_type"], case["input"])
    except (ValueError, TypeError):
        library = None
    expected = None if case["expected_failure"] else plain(case["expected_output"])
    return [case["test_type"], library == expected, library]


def by_library(kind, given):
    if kind == "parse":
        parts = PackageURL.from_string(given)
        return {part: getattr(parts, part) or None for part in PARTS}
    if kind == "build":
        return PackageURL(**{part: given.get(part) for part in PARTS}).to_string()
    return PackageURL.from_string(given).to_string()


def plain(expected):
    """Parts that are empty are absent."""
    if isinstance(expected, dict):
        return {part: expected.get(part) or None for part in PARTS}
    return expected
