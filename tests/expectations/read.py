"""Reads the fixtures with libraries that are not ours, and writes down what they found.

Run by hand, never by CI, from the root of the repository:

    PYTHONHASHSEED=0 python tests/expectations/read.py [ROOM]...

It writes `tests/expectations/ROOM.json` for each of the rooms `sbom`, `scans`, `vex`, `purl`,
`versions` and `cvss`, or for those that are named. The libraries, their versions and what each key
means are in README.md beside it. The same libraries write the same bytes.
"""

import json
import os
import sys
from pathlib import Path

sys.dont_write_bytecode = True

from reading import cvss_scores, purls, sboms, scans, versions, vex

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parent / "fixtures"

ROOMS = {
    "sbom": sboms.read,
    "scans": scans.read,
    "vex": vex.read,
    "purl": purls.read,
    "versions": versions.read,
    "cvss": cvss_scores.read,
}


def written(value, depth):
    """JSON with sorted keys; what fits into a line stays on one, so that a diff shows a row."""
    line = json.dumps(value, ensure_ascii=False, sort_keys=True)
    if depth > 1 and len(line) <= 110 or not isinstance(value, (dict, list)) or not value:
        return line
    pad = " " * (depth + 1)
    if isinstance(value, dict):
        rows = (f"{pad}{json.dumps(k)}: {written(value[k], depth + 1)}" for k in sorted(value))
        return "{\n" + ",\n".join(rows) + f"\n{pad[1:]}}}"
    rows = (f"{pad}{written(v, depth + 1)}" for v in value)
    return "[\n" + ",\n".join(rows) + f"\n{pad[1:]}]"


def main(rooms):
    if os.environ.get("PYTHONHASHSEED") != "0":
        # A library fails at one of two places by the order of a set.
        sys.exit("set `PYTHONHASHSEED=0`, for the same bytes in every run")
    for room in rooms or ROOMS:
        text = written(ROOMS[room](FIXTURES), 0)
        (HERE / f"{room}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
