"""Versions by univers: pairs with their order, and ranges in `vers` notation with what they hold.

A pair is a list: `a`, `b`, and how they compare, `<`, `=` or `>`. A range is a list: its text, a
version, and whether it lies inside. What univers refuses is left out, and counted in `refused`.
"""

from itertools import combinations
from urllib.parse import unquote

from univers import versions as v
from univers.version_range import VersionRange

from .chance import sample

PAIRS = 300
KINDS = {
    "semver": v.SemverVersion,
    "npm": v.SemverVersion,
    "pypi": v.PypiVersion,
    "maven": v.MavenVersion,
    "deb": v.DebianVersion,
    "golang": v.GolangVersion,
}
NUMBERS = "0.0.0 0.0.1 0.1.0 0.9.9 0.10.0 1.0.0 1.0.1 1.0.9 1.0.10 1.2.3 1.10.0 2.0.0 10.0.0 2.10.1"
SEMVER = f"""{NUMBERS} 1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2
    1.0.0-beta.11 1.0.0-rc.1 1.0.0-rc.1+build.5 1.0.0+build.1 2.0.0-0 2.0.0-0.3.7 2.0.0-x.7.z.92
    2.0.0-x-y-z.4 18.17.1 4.17.21 1.0.0-1 1.0.0-a 1.0.0-A 5.0.0-next.3"""
LISTS = {
    "semver": SEMVER,
    "npm": SEMVER,
    "pypi": """0.1 0.1.0 1.0 1.0.0 1.0.dev1 1.0.dev456 1.0a1 1.0a2.dev456 1.0a12 1.0b1 1.0b1.dev456
        1.0b2 1.0b2.post345 1.0rc1 1.0rc1.dev456 1.0rc2 1.0c3 1.0.post1 1.0.post456 1.0.post456.dev34
        1.1 1.1.dev1 1.0+abc.5 1.0+abc.7 1.0+5 1.0-1 2.0 2.28.1 1!0.5 1!1.0 2022.12.7 1.26.0 v1.0
        1.0-alpha1 1.0.0.0""",
    "maven": """1 1.0 1.0.0 1.0.1 1.1 1.10 1.2 2.0 2.0-alpha 2.0-alpha-1 2.0-alpha1 2.0-beta-1
        2.0-beta2 2.0-milestone-1 2.0-m3 2.0-rc1 2.0-cr1 2.0-SNAPSHOT 2.0-sp 2.0-sp1 2.0-ga 2.0.Final
        2.0-final 2.0.RELEASE 2.0-1 2.0.1-xyz 2.0.1 5.3.18 5.3.18.RELEASE 31.1-jre 31.1-android
        2.10.0.pr1 2.13.4.2 1.0-20240101.101010-1 1-foo 1.foo 1-1 1.1.1a""",
    "deb": """1.0 1.0-1 1.0-2 1.0-10 1.0-1ubuntu1 1.0-1ubuntu1.2 1.0-1ubuntu1.10 1.0~rc1-1 1.0~beta1
        1.0~~ 1.0~ 1.0+dfsg-1 1.0+b1 1:0.9-1 1:1.0-1 0:1.0-1 2:8.2.3995-1 1.1.1n-0+deb11u3
        1.1.1n-0+deb11u4 2.31-13+deb11u5 2.31-13+deb11u11 4.4.18-2ubuntu1.2 1.44.1-1ubuntu1.1
        1.44.1-1ubuntu1.2 0.5.10.2-5 5.2.4-1+b1 7.74.0-1.3+deb11u1 1.a 1.+ 1.0a 1.0.1 10.0 9.0 1.0-0
        20210119 20200601~deb10u2""",
    "golang": """v0.0.0 v0.1.0 v0.3.6 v0.3.7 v0.9.9 v0.10.0 v1.0.0 v1.0.1 v1.2.3 v1.10.0 v2.0.0
        v1.0.0-alpha v1.0.0-alpha.1 v1.0.0-rc.1 v1.0.0-beta.2 v1.0.0-beta.11 v2.7.1+incompatible
        v2.8.0+incompatible v2.8.0-beta.1+incompatible v0.0.0-20190308221718-c2843e01d9a2
        v0.0.0-20210921155107-089bfa567519 v0.0.0-20211215060638-4ddde0e984e9
        v1.2.4-0.20191109021931-daa7c04131f5 v1.2.4 v1.2.4-pre.0.20191109021931-daa7c04131f5
        v0.35.0 v0.37.0 v1.18.5 v1.20.0-rc.1 v10.0.0 v4.0.0 v1.0.0+meta""",
}
RANGES = {
    "npm": """vers:npm/1.2.3 vers:npm/>=1.0.0|<2.0.0 vers:npm/<1.0.0|>=1.2.3|<2.0.0
        vers:npm/>1.0.0-alpha|<=1.0.0 vers:npm/>=1.0.0|!=1.0.1 vers:npm/0.0.1|0.1.0|1.0.10
        vers:npm/<=0.9.9|>=10.0.0 vers:npm/*""",
    "pypi": """vers:pypi/1.0 vers:pypi/>=1.0|<1.1 vers:pypi/>=1.0a1|!=1.0rc1|<=1.0.post1
        vers:pypi/<0.1.0|>=2.0 vers:pypi/>1%210.5 vers:pypi/*""",
    "maven": """vers:maven/1.0.0 vers:maven/>=1.0|<2.0 vers:maven/>=2.0-alpha-1|<=2.0-rc1
        vers:maven/<1.0.1|>=2.0.1|<5.3.18 vers:maven/>=1.1|!=2.0-SNAPSHOT vers:maven/*""",
    "deb": """vers:deb/1.0-1 vers:deb/>=1.0-1|<1.0-10 vers:deb/<1.1.1n-0%2Bdeb11u4
        vers:deb/>=1.0~rc1-1|<=1.0 vers:deb/>=1:0.9-1 vers:deb/*""",
    "golang": """vers:golang/>=v1.0.0|<v1.2.4 vers:golang/<v0.3.7 vers:golang/<v0.37.0|>=v1.10.0
        vers:golang/>=v2.7.1%2Bincompatible vers:golang/*""",
}


def read(_fixtures):
    return {name: ecosystem(name, KINDS[name], LISTS[name].split()) for name in KINDS}


def ecosystem(name, kind, texts):
    known = {text: kind(text) for text in texts if accepted(kind, text)}
    pairs = sample(list(combinations(known, 2)), PAIRS, name)
    ranges = RANGES.get(name, "").split()
    return {
        "pairs": [[a, b, order(known[a], known[b])] for a, b in pairs],
        "ranges": [row for text in ranges for row in contained(text, known)],
        "refused": [text for text in texts if text not in known],
    }


def accepted(kind, text):
    try:
        return bool(kind(text))
    except (v.InvalidVersion, ValueError, TypeError):
        return False


def order(a, b):
    if a == b:
        return "="
    return "<" if a < b else ">"


def contained(text, known):
    # The notation quotes with `%`, and univers does not read that.
    given = VersionRange.from_string(unquote(text))
    chosen = sample(list(known), 12, text)
    return [[text, version, known[version] in given] for version in chosen]
