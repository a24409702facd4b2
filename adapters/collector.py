"""When Python looks for garbage that counting references does not find."""

from __future__ import annotations

import gc

# New objects that may hold others before the youngest are looked at. A chunk of an import makes more than Python's 700
# in a few products, none of them in a cycle: a fifth of its time went into looking at them.
YOUNG = 20_000


def settle() -> None:
    """For the start of a process, when everything is loaded: it lives as long as the process, so leave it out of
    every later collection, and collect less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)
