"""The faults that can be planted here: those of every service, money that comes late on the page, and settlements
that are wrong (`settlement` or `settlement:<reporting category>`, `payout`, and lists)."""

from __future__ import annotations

from typing import Any

from sandbox.faults import REQUEST_KINDS, WEBHOOK_KINDS, BadFault, Fault, Planting, hold, stopping
from sandbox.payments.errors import invalid
from sandbox.store import Books

PAGE_KINDS = frozenset({"late_money"})
LINE_KINDS = frozenset({"missing_line", "repeated_line", "doubled_line", "amount_over", "amount_under", "fee_differs"})
PAYOUT_KINDS = frozenset({"payout_short", "payout_over", "payout_failed"})
LISTING_KINDS = frozenset({"shuffled_page", "repeated_page", "skipping_page"})
_FAULTS = Planting("faults", PAGE_KINDS | LINE_KINDS | PAYOUT_KINDS | LISTING_KINDS)

clear, consume, listed = _FAULTS.clear, _FAULTS.consume, _FAULTS.listed

__all__ = [
    "LINE_KINDS",
    "LISTING_KINDS",
    "PAGE_KINDS",
    "PAYOUT_KINDS",
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
