"""The faults that can be planted here: those of every service, and money that comes late on the page."""

from __future__ import annotations

from typing import Any

from sandbox.faults import REQUEST_KINDS, WEBHOOK_KINDS, BadFault, Fault, Planting, hold, stopping
from sandbox.payments.errors import invalid
from sandbox.store import Books

PAGE_KINDS = frozenset({"late_money"})
_FAULTS = Planting("faults", PAGE_KINDS)

clear, consume, listed = _FAULTS.clear, _FAULTS.consume, _FAULTS.listed

__all__ = [
    "PAGE_KINDS",
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
    """Plant faults (see `sandbox.faults.Planting.plant`). Returns the new ids. Raises ApiError 400."""
    try:
        return _FAULTS.plant(books, faults)
    except BadFault as refusal:
        raise invalid(str(refusal), param=refusal.field) from refusal
