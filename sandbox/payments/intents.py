"""Payment intents: the operations and the states in which each is allowed.

States: https://docs.stripe.com/payments/paymentintents/lifecycle.
"""

from __future__ import annotations

from typing import Any

from psycopg import sql

from sandbox.ids import new_id
from sandbox.payments import charging, confirming
from sandbox.payments.books import enter
from sandbox.payments.cards import make_method, named_method
from sandbox.payments.errors import Answer, invalid, refused
from sandbox.payments.events import emit
from sandbox.payments.parameters import merged
from sandbox.payments.records import Charge, Intent, find, insert, save, select
from sandbox.payments.refunds import cancel_intent, release
from sandbox.payments.store import Books, Call
from sandbox.payments.wire import charge_json, intent_json

OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")
ALLOWED = {
    "updated": OPEN[:2],
    "confirmed": OPEN,
    "captured": ("requires_capture",),
    "canceled": (*OPEN, "requires_capture"),
}
SMALLEST = 50  # cents, for every currency here: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
PLAIN = ("description", "receipt_email", "shipping", "statement_descriptor", "statement_descriptor_suffix")


def load(call: Call, intent_id: str, *, param: str = "intent") -> Intent:
    """The intent, locked, as it stands at the present business time.

    Raises ApiError 404 `resource_missing`.
    """
    intent = find(call, Intent, intent_id, lock=True, param=param)
    lapse_if_due(call, intent)
    return intent


def lapse_if_due(call: Call, intent: Intent) -> None:
    """A Pix code or boleto that ran out fails its attempt; an authorisation that ran out cancels the intent."""
    if intent.expires_at is None or intent.expires_at > call.now:
        return
    if intent.status == "requires_action":
        charging.expire(call, intent)
    elif intent.status == "requires_capture":
        cancel_intent(call, intent, "automatic")
    else:
        intent.expires_at = None
        save(call.books, intent)


def due(books: Books, now: int, account: str | None = None) -> list[tuple[str, str]]:
    """(account, id) of intents with something to lapse, of one account or all."""
    rows = books.execute(
        "SELECT account, id FROM sandbox.payment_intents WHERE expires_at <= %s"
        " AND account = coalesce(%s, account) ORDER BY expires_at, id LIMIT 200",
        (now, account),
    ).fetchall()
    return [(row["account"], row["id"]) for row in rows]


def require(intent: Intent, deed: str) -> None:
    """Raise ApiError 400 `payment_intent_unexpected_state` unless the intent's state allows the deed."""
    allowed = ALLOWED[deed]
    if intent.status in allowed:
        return
    message = (
        f"This PaymentIntent's status is {intent.status}, so it could not be {deed}. "
        f"Only a PaymentIntent with one of the following statuses may be {deed}: {', '.join(allowed)}."
    )
    raise refused(message, code="payment_intent_unexpected_state", payment_intent=intent_json(intent))


def _amount(amount: int) -> int:
    if amount < SMALLEST:
        raise invalid(f"Amount must be at least {SMALLEST} cents", code="amount_too_small", param="amount")
    return amount


def _types(given: dict[str, Any]) -> list[str]:
    if "automatic_payment_methods" in given and "payment_method_types" in given:
        message = "You may specify only one of automatic_payment_methods and payment_method_types."
        raise invalid(message, param="payment_method_types")
    types = given.get("payment_method_types")
    if types is None:
        return ["card", "pix"] if given["currency"] == "brl" else ["card"]
    if not types or len(set(types)) != len(types):
        raise invalid("payment_method_types names each type once", param="payment_method_types")
    for kind in ("pix", "boleto"):
        if kind in types and given["currency"] != "brl":
            message = f"The currency provided ({given['currency']}) is invalid for a payment method type: {kind}."
            raise invalid(message, param="payment_method_types")
    return list(types)


def create(call: Call, given: dict[str, Any]) -> Answer:
    """POST /v1/payment_intents, confirming at once when `confirm` is true."""
    identifier = new_id("pi")
    automatic = given.get("automatic_payment_methods")
    intent = Intent(
        id=identifier,
        account=call.account,
        created=call.now,
        amount=_amount(given["amount"]),
        currency=given["currency"],
        status="requires_payment_method",
        payment_method_types=_types(given),
        capture_method=given.get("capture_method", "automatic"),
        confirmation_method=given.get("confirmation_method", "automatic"),
        client_secret=f"{identifier}_secret_{new_id('x')[2:]}",
        automatic_payment_methods={"allow_redirects": "always", **automatic} if automatic else None,
        payment_method_options=given.get("payment_method_options", {}),
        return_url=given.get("return_url"),
        metadata=merged({}, given.get("metadata", {})),
        **{name: given[name] for name in PLAIN if name in given},
    )
    insert(call.books, intent)
    enter(call, intent, intent.id, "intent_created", intent.amount)
    _take_method(call, intent, given)
    charging.tell(call, intent, "created")
    if given.get("confirm"):
        return confirming.confirm(call, intent, given)
    return Answer(200, intent_json(intent))


def _take_method(call: Call, intent: Intent, given: dict[str, Any]) -> None:
    if "payment_method" in given and "payment_method_data" in given:
        raise invalid("Give payment_method or payment_method_data, not both", param="payment_method")
    if "payment_method" in given:
        intent.payment_method = named_method(call, given["payment_method"]).id
    elif "payment_method_data" in given:
        intent.payment_method = make_method(call, given["payment_method_data"]).id
    if intent.payment_method and intent.status == "requires_payment_method":
        intent.status = "requires_confirmation"


def retrieve(call: Call, given: dict[str, Any], intent_id: str) -> Answer:
    """GET /v1/payment_intents/{intent}."""
    intent = load(call, intent_id)
    if given.get("client_secret", intent.client_secret) != intent.client_secret:
        message = "The client_secret provided does not match any associated PaymentIntent."
        raise invalid(message, code="payment_intent_invalid_parameter", param="client_secret")
    return Answer(200, intent_json(intent))


def update(call: Call, given: dict[str, Any], intent_id: str) -> Answer:
    """POST /v1/payment_intents/{intent}: metadata always, what is paid only before it is confirmed."""
    intent = load(call, intent_id)
    if set(given) - {"metadata", "description", "expand"}:
        require(intent, "updated")
    intent.amount = _amount(given.get("amount", intent.amount))
    intent.metadata = merged(intent.metadata, given.get("metadata", {}))
    intent.payment_method_options = given.get("payment_method_options", intent.payment_method_options)
    for name in PLAIN:
        setattr(intent, name, given.get(name, getattr(intent, name)))
    _take_method(call, intent, given)
    save(call.books, intent)
    return Answer(200, intent_json(intent))


def confirm(call: Call, given: dict[str, Any], intent_id: str) -> Answer:
    """POST /v1/payment_intents/{intent}/confirm."""
    intent = load(call, intent_id)
    require(intent, "confirmed")
    intent.capture_method = given.get("capture_method", intent.capture_method)
    intent.payment_method_options = given.get("payment_method_options", intent.payment_method_options)
    if "payment_method" in given or "payment_method_data" in given:
        _take_method(call, intent, given)
    return confirming.confirm(call, intent, given)


def capture(call: Call, given: dict[str, Any], intent_id: str) -> Answer:
    """POST /v1/payment_intents/{intent}/capture: once, all or part; the rest is let go.

    Raises ApiError 400 `payment_intent_unexpected_state` or `amount_too_large`.
    """
    intent = load(call, intent_id)
    require(intent, "captured")
    amount = given.get("amount_to_capture", intent.amount_capturable)
    if amount > intent.amount_capturable:
        most = intent.amount_capturable
        message = f"The amount to capture ({amount}) is greater than the amount capturable ({most})."
        raise refused(message, code="amount_too_large", param="amount_to_capture")
    if not intent.latest_charge:
        raise RuntimeError(f"{intent.id} can be captured but has no charge")
    charge = find(call, Charge, intent.latest_charge, lock=True)
    charge.captured, charge.amount_captured = True, amount
    if amount < charge.amount:
        release(call, intent, charge, charge.amount - amount)
    charging.taken(call, intent, charge)
    intent.metadata = merged(intent.metadata, given.get("metadata", {}))
    intent.status, intent.amount_received, intent.amount_capturable = "succeeded", amount, 0
    intent.expires_at = None
    emit(call, "charge.captured", charge_json(charge))
    charging.tell(call, intent, "succeeded")
    return Answer(200, intent_json(intent))


def cancel(call: Call, given: dict[str, Any], intent_id: str) -> Answer:
    """POST /v1/payment_intents/{intent}/cancel. Raises ApiError 400 `payment_intent_unexpected_state`."""
    intent = load(call, intent_id)
    require(intent, "canceled")
    cancel_intent(call, intent, given.get("cancellation_reason"))
    return Answer(200, intent_json(intent))


def charges_of(call: Call, intent: Intent) -> list[Charge]:
    """Every charge of an intent, oldest first."""
    return select(call.books, Charge, sql.SQL("payment_intent = %s ORDER BY seq"), [intent.id])
