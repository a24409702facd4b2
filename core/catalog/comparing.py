"""Two people edited one thing: which fields did who change, compared with what both began from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Comparison:
    """Names of fields: changed differently by both, by one alone. What both changed alike is in none."""

    both: tuple[str, ...]
    only_yours: tuple[str, ...]
    only_theirs: tuple[str, ...]


def compare(opened: Mapping[str, str], theirs: Mapping[str, str], yours: Mapping[str, str]) -> Comparison:
    """Compare values by name, in the order of `yours`. A name that `opened` or `theirs` lacks is yours alone."""
    both, only_yours, only_theirs = [], [], []
    for name, mine in yours.items():
        base = opened.get(name, "")
        saved = theirs.get(name, base)
        if mine != base and saved != base:
            if mine != saved:
                both.append(name)
        elif mine != base:
            only_yours.append(name)
        elif saved != base:
            only_theirs.append(name)
    return Comparison(tuple(both), tuple(only_yours), tuple(only_theirs))
