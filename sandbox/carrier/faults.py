"""The faults that can be planted here: those of every service, and what carriers do to answers and labels."""

from __future__ import annotations

from typing import Any

from sandbox.carrier.errors import invalid
from sandbox.carrier.lives import LIVES
from sandbox.faults import REQUEST_KINDS, WEBHOOK_KINDS, BadFault, Fault, Planting, hold, stopping
from sandbox.store import Books

# An answer that is no JSON, half an answer; a label that is still being drawn, a label that is none.
BODY_KINDS = frozenset({"nonsense", "half_body"})
LABEL_KINDS = frozenset({"late_label", "bad_label"})
# Which life the next parcel lives (operation `life`); without one it is delivered.
LIFE = "life_"
LIFE_KINDS = frozenset(LIFE + name for name in LIVES)
_FAULTS = Planting("carrier_faults", BODY_KINDS | LABEL_KINDS | LIFE_KINDS)

clear, consume, listed = _FAULTS.clear, _FAULTS.consume, _FAULTS.listed

__all__ = [
    "BODY_KINDS",
    "LABEL_KINDS",
    "LIFE",
    "LIFE_KINDS",
    "REQUEST_KINDS",
    "WEBHOOK_KINDS",
    "Fault",
    "clear",
    "consume",
    "hold",
    "listed",
    "plant",
    "stopping",
]


def plant(books: Books, faults: list[Any]) -> list[int]:
    """Plant faults (see `sandbox.faults.Planting.plant`). Returns the new ids. Raises ApiError 422."""
    try:
        return _FAULTS.plant(books, faults)
    except BadFault as refusal:
        raise invalid(refusal.field, str(refusal)) from refusal
