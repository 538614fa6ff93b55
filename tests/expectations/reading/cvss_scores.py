"""CVSS by the `cvss` library of Red Hat: 50 vectors a version, and their base scores in tenths."""

from cvss import CVSS2, CVSS3, CVSS4
from cvss.exceptions import CVSSError

from .chance import pick

BASE = {
    "2.0": "AV:LAN AC:HML Au:MSN C:NPC I:NPC A:NPC",
    "3.0": "AV:NALP AC:LH PR:NLH UI:NR S:UC C:HLN I:HLN A:HLN",
    "3.1": "AV:NALP AC:LH PR:NLH UI:NR S:UC C:HLN I:HLN A:HLN",
    "4.0": "AV:NALP AC:LH AT:NP PR:NLH UI:NPA VC:HLN VI:HLN VA:HLN SC:HLN SI:HLN SA:HLN",
}
#: Metrics beside the base, of which a few vectors have some: no base score may change by them.
BESIDE = {
    "2.0": "E:U,POC,F,H,ND RL:OF,TF,W,U,ND RC:UC,UR,C,ND",
    "3.0": "E:X,U,P,F,H RL:X,O,T,W,U RC:X,U,R,C",
    "3.1": "E:X,U,P,F,H RL:X,O,T,W,U RC:X,U,R,C",
    "4.0": "S:X,N,P AU:X,N,Y R:X,A,U,I V:X,D,C RE:X,L,M,H U:X,Clear,Green,Amber,Red",
}
COUNT = 50


def read(_fixtures):
    return {version: dict(rows(version)) for version in BASE}


def rows(version):
    found = {}
    n = 0
    while len(found) < COUNT:
        vector = made(version, n)
        found[vector] = tenths(version, vector)
        n += 1
    return sorted(found.items())


def made(version, n):
    parts = []
    for metric in BASE[version].split():
        name, values = metric.split(":")
        parts.append(f"{name}:{pick(values, version, n, name)}")
    if n % 5 == 0:
        for metric in BESIDE[version].split():
            name, values = metric.split(":")
            parts.append(f"{name}:{pick(values.split(','), version, n, name)}")
    text = "/".join(parts)
    return text if version == "2.0" else f"CVSS:{version}/{text}"


def tenths(version, vector):
    """None where the library refuses it."""
    kind = {"2.0": CVSS2, "3.0": CVSS3, "3.1": CVSS3, "4.0": CVSS4}.get(version)
    if kind is None:
        return None
    try:
        return int(round(float(kind(vector).base_score) * 10))
    except CVSSError:
        return None


