"""When Python looks for garbage that counting references does not find, and when its threads take turns."""

from __future__ import annotations

import gc
import sys

# New objects that may hold others before the youngest are looked at. A chunk of an import makes more than Python's 700
# in a few products, none of them in a cycle: a fifth of its time went into looking at them.
YOUNG = 20_000
# Seconds for which a thread that computes may keep others waiting. With Python's 5 ms every answer of the database
# came that much later while another thread read a file, and the database waited for the next statement.
TURN = 0.0005


def settle() -> None:
    """For the start of a process, when everything is loaded: it lives as long as the process, so leave it out of
    every later collection, and collect less often; let threads take turns sooner."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)
    sys.setswitchinterval(TURN)
