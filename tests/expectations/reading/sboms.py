"""Bills of materials: each file by a library where it can, and by a plain walk always.

The library is cyclonedx-python-lib or spdx-tools. The walk knows no model: it follows the names of
members and elements, so that it reads what a library refuses and keeps what a library merges.
`walk` and `library` are null where that one refuses; else `library` has only what differs from `walk`.
"""

import warnings

from . import cyclonedx_library, cyclonedx_walk, spdx3_walk, spdx_library, spdx_walk
from .model import summary

FOLDERS = ("cyclonedx-examples", "cyclonedx-generated", "cyclonedx-spec", "spdx", "spdx3")
READERS = {"spdx": (spdx_walk, spdx_library), "spdx3": (spdx3_walk, spdx_library)}


def read(fixtures):
    warnings.simplefilter("ignore")
    found = {}
    for folder in FOLDERS:
        paths = (fixtures / "sbom" / folder).rglob("*.*")
        for path in sorted(p for p in paths if p.is_file()):
            name = path.relative_to(fixtures).as_posix()
            found[name] = one(path, path.read_bytes())
    return found


def one(path, data):
    walk, library = READERS.get(path.parent.name, (cyclonedx_walk, cyclonedx_library))
    row = {"syntax": syntax(path), "why_not": {}}
    for name, reader in (("walk", walk), ("library", library)):
        try:
            row[name] = summary(reader.read(path, data))
        except Exception as why:  # whatever a library throws is its way to refuse
            row[name] = None
            row["why_not"][name] = f"{type(why).__name__}: {first_line(why)}"
    if row["walk"] and row["library"]:
        row["library"] = {k: v for k, v in row["library"].items() if v != row["walk"][k]}
    row["schema"] = library.schema(path, data)
    return row


def syntax(path):
    """`tag-value` is what SPDX calls its own syntax."""
    return {"spdx": "tag-value"}.get(path.suffix[1:], path.suffix[1:])


def first_line(why):
    lines = str(why).strip().splitlines() or [""]
    return lines[0][:200]


