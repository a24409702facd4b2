"""Operations that change no intent, and the expansion of references inside answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.payments import cards, disputes, refunds
from sandbox.payments.accounts import account_json
from sandbox.payments.errors import Answer, invalid
from sandbox.payments.events import rendered
from sandbox.payments.listing import page
from sandbox.payments.money_records import Dispute, Line, Payout
from sandbox.payments.money_wire import line_json, payout_json
from sandbox.payments.records import Charge, Event, Intent, PaymentMethod, Refund, find
from sandbox.payments.store import Call
from sandbox.payments.wire import charge_json, intent_json, method_json

EXPANDABLE = {
    "payment_intent": ("latest_charge", "payment_method"),
    "charge": ("payment_intent", "balance_transaction"),
    "refund": ("charge", "payment_intent", "balance_transaction", "failure_balance_transaction"),
    "balance_transaction": ("source",),
    "dispute": ("charge", "payment_intent"),
    "payout": ("balance_transaction", "failure_balance_transaction"),
}


def account(call: Call, _given: dict[str, Any]) -> Answer:
    """GET /v1/account."""
    return Answer(200, account_json(call.books, call.account))


def intents(call: Call, given: dict[str, Any]) -> Answer:
    """GET /v1/payment_intents."""
    return Answer(200, page(call, Intent, given, "/v1/payment_intents", intent_json))


def charge(call: Call, _given: dict[str, Any], charge_id: str) -> Answer:
    """GET /v1/charges/{charge}."""
    return Answer(200, charge_json(find(call, Charge, charge_id)))


def charges(call: Call, given: dict[str, Any]) -> Answer:
    """GET /v1/charges, of one intent when `payment_intent` is given."""
    filters = {"payment_intent": given.get("payment_intent")}
    return Answer(200, page(call, Charge, given, "/v1/charges", charge_json, filters))


def refund_list(call: Call, given: dict[str, Any]) -> Answer:
    """GET /v1/refunds, of one intent or charge when that is given."""
    filters = {name: given.get(name) for name in ("payment_intent", "charge")}
    return Answer(200, page(call, Refund, given, "/v1/refunds", lambda each: refunds.rendered(call, each), filters))


def make_method(call: Call, given: dict[str, Any]) -> Answer:
    """POST /v1/payment_methods."""
    return Answer(200, method_json(cards.make_method(call, given)))


def method(call: Call, _given: dict[str, Any], method_id: str) -> Answer:
    """GET /v1/payment_methods/{payment_method}."""
    return Answer(200, method_json(find(call, PaymentMethod, method_id)))


def event(call: Call, _given: dict[str, Any], event_id: str) -> Answer:
    """GET /v1/events/{event}."""
    return Answer(200, rendered(call, find(call, Event, event_id)))


def events(call: Call, given: dict[str, Any]) -> Answer:
    """GET /v1/events, of some types when `type` or `types` is given."""
    if "type" in given and "types" in given:
        raise invalid("Give type or types, not both", param="types")
    filters = {"type": given.get("type", given.get("types"))}
    return Answer(200, page(call, Event, given, "/v1/events", lambda each: rendered(call, each), filters))


def expand(call: Call, body: dict[str, Any], wanted: list[str]) -> None:
    """Put whole objects where the answer names them only.

    wanted: paths such as `latest_charge`, or `data.latest_charge` for each object of a list.
    Raises ApiError 400 for a property that cannot be expanded.
    """
    for path in wanted:
        is_list = body.get("object") == "list"
        name = path.removeprefix("data.") if is_list and path.startswith("data.") else path
        targets = body["data"] if is_list and name != path else [body]
        for target in targets:
            if name not in EXPANDABLE.get(target.get("object", ""), ()):
                raise invalid(f"This property cannot be expanded ({path}).", param="expand")
            if isinstance(target.get(name), str):
                target[name] = _whole(call, target[name])


def _whole(call: Call, identifier: str) -> dict[str, Any]:
    """The object that an identifier names; its prefix tells which kind."""
    prefix = identifier.partition("_")[0]
    return WHOLE[prefix](call, identifier)


WHOLE: dict[str, Callable[[Call, str], dict[str, Any]]] = {
    "ch": lambda call, known: charge_json(find(call, Charge, known)),
    "py": lambda call, known: charge_json(find(call, Charge, known)),
    "pi": lambda call, known: intent_json(find(call, Intent, known)),
    "pm": lambda call, known: method_json(find(call, PaymentMethod, known)),
    "re": lambda call, known: refunds.rendered(call, find(call, Refund, known)),
    "pyr": lambda call, known: refunds.rendered(call, find(call, Refund, known)),
    "txn": lambda call, known: line_json(find(call, Line, known), call.now),
    "po": lambda call, known: payout_json(find(call, Payout, known)),
    "du": lambda call, known: disputes.rendered(call, find(call, Dispute, known)),
}
