"""What the API tells of the balance, payouts and disputes."""

from __future__ import annotations

from typing import Any

from sandbox.payments import disputes, faults
from sandbox.payments.errors import Answer, missing
from sandbox.payments.listing import page
from sandbox.payments.money_records import Dispute, Line, Payout
from sandbox.payments.money_wire import line_json, payout_json
from sandbox.payments.records import find
from sandbox.payments.store import Call

Listed = dict[str, Any]


def balance(call: Call, _given: dict[str, Any]) -> Answer:
    """GET /v1/balance: what is available and what will be, by currency."""
    rows = call.books.execute(
        "SELECT currency, available_on <= %s AS usable, sum(amount - fee)::bigint AS net"
        " FROM sandbox.balance_transactions WHERE account = %s AND NOT withheld GROUP BY 1, 2 ORDER BY 1",
        (call.now, call.account),
    ).fetchall()
    currencies = sorted({row["currency"] for row in rows} | {"brl"})
    sums = {(row["currency"], row["usable"]): int(row["net"]) for row in rows}
    told = {
        name: [{"amount": sums.get((each, usable), 0), "currency": each} for each in currencies]
        for name, usable in (("available", True), ("pending", False))
    }
    return Answer(200, {"object": "balance", "livemode": False, **told})


def line(call: Call, _given: dict[str, Any], line_id: str) -> Answer:
    """GET /v1/balance_transactions/{id}."""
    found = find(call, Line, line_id)
    if found.withheld:
        raise missing(Line.KIND, line_id)
    return Answer(200, line_json(found, call.now))


def lines(call: Call, given: dict[str, Any]) -> Answer:
    """GET /v1/balance_transactions, of a payout, source, type or currency when that is given."""
    filters = {name: given.get(name) for name in ("payout", "source", "type", "currency")} | {"withheld": False}
    repeats: dict[str, int] = {}

    def render(each: Line) -> Listed:
        repeats[each.id] = each.repeats
        return line_json(each, call.now)

    told = page(call, Line, given, "/v1/balance_transactions", render, filters)
    told["data"] = [each for each in told["data"] for _ in range(1 + repeats[each["id"]])]
    return Answer(200, _disturbed(call, "balance_transactions.list", told))


def payout(call: Call, _given: dict[str, Any], payout_id: str) -> Answer:
    """GET /v1/payouts/{payout}."""
    return Answer(200, payout_json(find(call, Payout, payout_id)))


def payouts(call: Call, given: dict[str, Any]) -> Answer:
    """GET /v1/payouts, in one status when that is given."""
    told = page(call, Payout, given, "/v1/payouts", payout_json, {"status": given.get("status")})
    return Answer(200, _disturbed(call, "payouts.list", told))


def dispute(call: Call, _given: dict[str, Any], dispute_id: str) -> Answer:
    """GET /v1/disputes/{dispute}."""
    return Answer(200, disputes.rendered(call, find(call, Dispute, dispute_id)))


def dispute_list(call: Call, given: dict[str, Any]) -> Answer:
    """GET /v1/disputes, of one charge or intent when that is given."""
    filters = {name: given.get(name) for name in ("charge", "payment_intent")}
    told = page(call, Dispute, given, "/v1/disputes", lambda each: disputes.rendered(call, each), filters)
    return Answer(200, _disturbed(call, "disputes.list", told))


def _disturbed(call: Call, operation: str, told: Listed) -> Listed:
    """A page out of order, with its first object once more at the end, or without one in its middle."""
    if len(told["data"]) < 2:
        return told
    names = [operation, "list", "*"]
    fault = faults.consume(call.books, call.account, names, faults.LISTING_KINDS, told["url"])
    kind = fault.kind if fault else None
    if kind == "shuffled_page":
        told["data"].reverse()
    elif kind == "repeated_page":
        told["data"].append(told["data"][0])
    elif kind == "skipping_page":
        del told["data"][len(told["data"]) // 2 - 1]
    return told
