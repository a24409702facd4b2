"""Who changed what, when two people edited one thing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.catalog.comparing import compare

VALUES = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["", "1", "2"]))


def test_each_field_is_told_once() -> None:
    opened = {"title": "a", "price": "1", "vendor": "x", "tags": "t", "same": "s"}
    theirs = {"title": "b", "price": "1", "vendor": "y", "tags": "u", "same": "s"}
    yours = {"title": "c", "price": "2", "vendor": "x", "tags": "u", "same": "s"}
    found = compare(opened, theirs, yours)
    assert (found.both, found.only_yours, found.only_theirs) == (("title",), ("price",), ("vendor",))


@given(opened=VALUES, theirs=VALUES, yours=VALUES)
def test_taking_what_one_side_changed_loses_no_change(
    opened: dict[str, str], theirs: dict[str, str], yours: dict[str, str]
) -> None:
    found = compare(opened, theirs, yours)
    merged = yours | {name: theirs[name] for name in found.only_theirs}
    for name in set(yours) - set(found.both):
        base = opened.get(name, "")
        saved = theirs.get(name, base)
        changed = {value for value in (saved, yours[name]) if value != base}
        assert merged[name] == (changed.pop() if changed else base)
