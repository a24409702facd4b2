"""Discrepancies of the rehearsed payment provider's settlements: which request plants each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import click

LINES = ("missing_line", "repeated_line", "doubled_line", "amount_over", "amount_under", "fee_differs")
MOVEMENTS = ("unknown_charge", "unexpected_adjustment", "reserve_held", "reserve_released")
PAYOUTS = ("payout_short", "payout_over", "payout_failed")
PAGES = ("shuffled_page", "repeated_page", "skipping_page")
DISPUTES = {
    "dispute_opened": "payments/{}/dispute",
    "dispute_won": "disputes/{}/win",
    "dispute_lost": "disputes/{}/lose",
}
KINDS = (*LINES, *MOVEMENTS, *PAYOUTS, *PAGES, *DISPUTES)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be planted at once. `amount` is in minor units."""

    kind: str
    account: str | None
    target: str | None
    amount: int | None
    category: str | None


def at_once(wish: Wish, operation: str | None) -> tuple[str, dict[str, Any]] | None:
    """Path below `/_sandbox` and body of the request; None when `wish` is a fault that waits for `operation`.

    Raises UsageError when a part is missing.
    """
    if wish.kind in DISPUTES or (wish.kind == "payout_failed" and wish.target):
        target = _needed(wish.target, "--target")
        path = DISPUTES.get(wish.kind, "payouts/{}/fail").format(target)
        return path, {"amount": wish.amount} if wish.kind == "dispute_opened" and wish.amount else {}
    if wish.kind in MOVEMENTS or (wish.kind in LINES and wish.target):
        if wish.kind in MOVEMENTS and wish.amount is None:
            raise click.UsageError(f"{wish.kind} needs --amount.")
        account = _needed(wish.account, "--account")
        given = {"target": wish.target, "amount": wish.amount, "category": wish.category}
        told = {name: value for name, value in given.items() if value is not None}
        return "discrepancies", {"account": account, "kind": wish.kind, **told}
    _needed(operation, "OPERATION")
    return None


def _needed(value: str | None, name: str) -> str:
    if not value:
        raise click.UsageError(f"{name} is missing.")
    return value
