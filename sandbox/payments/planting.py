"""Deeds of a provider that errs: on lines that stand already, and movements that nobody asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from psycopg import sql

from sandbox.ids import new_id
from sandbox.payments import balance, charging, discrepancies
from sandbox.payments.cards import named_method
from sandbox.payments.errors import invalid, missing
from sandbox.payments.money_records import Line
from sandbox.payments.records import Intent, insert, select
from sandbox.payments.store import Call

MOST_LINES = "account = %s AND (id = %s OR source = %s OR payment_intent = %s) AND payout IS NULL ORDER BY seq"


def line_of(call: Call, target: str, category: str | None) -> Line:
    """The newest line that is not paid out yet and is, or is about, `target`: a line, charge, refund, dispute or
    intent. Of an intent the newest of `category`, its charge's unless told. Raises ApiError 404."""
    found = select(call.books, Line, sql.SQL(MOST_LINES), [call.account, target, target, target])
    wanted = category or ("charge" if target.startswith("pi_") else None)
    kept = [line for line in found if wanted is None or line.reporting_category == wanted]
    if not kept:
        raise missing("balance_transaction", target, "target")
    return kept[-1]


def unknown_charge(call: Call, amount: int) -> dict[str, Any]:
    """A card charge made past the shop, in the provider's own dashboard."""
    identifier = new_id("pi")
    intent = Intent(
        id=identifier,
        account=call.account,
        created=call.now,
        amount=amount,
        currency="brl",
        status="requires_payment_method",
        capture_method="automatic",
        confirmation_method="automatic",
        payment_method_types=["card"],
        client_secret=f"{identifier}_secret_{new_id('x')[2:]}",
        description="Charged by hand",
    )
    insert(call.books, intent)
    charging.approve(call, intent, named_method(call, "pm_card_visa"))
    return {"planted": intent.latest_charge, "payment_intent": intent.id}


def _movement(type_: str, category: str, sign: int, words: str) -> Callable[[Call, int], dict[str, Any]]:
    def move(call: Call, amount: int) -> dict[str, Any]:
        line = balance.new_line(call, type_, category, sign * amount, "brl", description=words)
        line.planted = category
        return {"planted": balance.book(call, line).id}

    return move


MOVEMENTS: dict[str, Callable[[Call, int], dict[str, Any]]] = {
    "unknown_charge": unknown_charge,
    "unexpected_adjustment": _movement("adjustment", "other_adjustment", -1, "Adjustment"),
    "reserve_held": _movement("reserve_hold", "risk_reserved_funds", -1, "Reserve hold"),
    "reserve_released": _movement("reserve_release", "risk_reserved_funds", 1, "Reserve release"),
}
KINDS = (*discrepancies.ALTERATIONS, *MOVEMENTS)


def plant(call: Call, kind: str, target: str | None, amount: int | None, category: str | None) -> dict[str, Any]:
    """Plant one discrepancy at once. Raises ApiError 400 for an unknown kind or a missing part."""
    if kind in MOVEMENTS:
        if amount is None:
            raise invalid("Missing required param: amount.", param="amount", code="parameter_missing")
        return MOVEMENTS[kind](call, amount)
    if kind not in discrepancies.ALTERATIONS:
        raise invalid(f"Unknown kind of discrepancy: {kind}", param="kind")
    if target is None:
        raise invalid("Missing required param: target.", param="target", code="parameter_missing")
    line = line_of(call, target, category)
    discrepancies.alter(call, line, kind, discrepancies.DELTA if amount is None else amount)
    return {"planted": line.id}
