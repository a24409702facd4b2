"""Paying by boleto: the voucher that is shown, the payment at a bank, and the word that comes a business day late."""

from __future__ import annotations

from dataclasses import replace

from psycopg import sql

from sandbox.ids import new_id
from sandbox.payments import boleto, charging
from sandbox.payments.business_days import day_of
from sandbox.payments.cards import make_method
from sandbox.payments.errors import invalid, refused
from sandbox.payments.money_records import VoucherPayment
from sandbox.payments.records import Intent, PaymentMethod, find, insert, save, select
from sandbox.payments.store import Books, Call

PAYER = {"name", "email", "tax_id"}
ADDRESS = {"line1", "city", "state", "postal_code", "country"}


def show(call: Call, intent: Intent, method: PaymentMethod) -> None:
    """Make the voucher. Raises ApiError 400 for manual capture, or when the payer is not named as banks want it."""
    if intent.capture_method == "manual":
        raise invalid("The payment method type boleto does not support manual capture.", param="capture_method")
    _check_payer(method)
    days = intent.payment_method_options.get("boleto", {}).get("expires_after_days", boleto.DEFAULT_DAYS)
    expires = boleto.expires_at(call.now, int(days))
    page = f"{call.public_url}/pay/{intent.id}?client_secret={intent.client_secret}"
    voucher = {
        "expires_at": expires,
        "hosted_voucher_url": page,
        "number": boleto.number(intent.id, intent.amount, day_of(expires)),
        "pdf": f"{page}&print=1",
    }
    intent.next_action = {"type": "boleto_display_details", "boleto_display_details": voucher}
    intent.status, intent.payment_method, intent.last_payment_error = "requires_action", method.id, None
    intent.expires_at = boleto.lapses_at(expires)
    charging.tell(call, intent, "requires_action")


def _check_payer(method: PaymentMethod) -> None:
    """https://docs.stripe.com/payments/boleto/accept-a-payment: name, e-mail, tax id and address are registered."""
    given = method.billing_details
    missing = sorted(name for name in PAYER if not given.get(name))
    address = given.get("address") or {}
    missing += sorted(f"address][{name}" for name in ADDRESS if not address.get(name))
    if missing:
        param = f"payment_method_data[billing_details][{missing[0]}]"
        raise invalid(f"Missing required param: {param}.", code="parameter_missing", param=param)


def make(call: Call, intent: Intent) -> None:
    """Show a voucher on the payment page, for a payer of the sandbox's own. One that is out stays."""
    if "boleto_display_details" in (intent.next_action or {}) and intent.status == "requires_action":
        return
    if intent.status not in {"requires_payment_method", "requires_confirmation", "requires_action"}:
        raise refused(f"This PaymentIntent's status is {intent.status}: making a boleto is not possible.")
    if "boleto" not in intent.payment_method_types:
        raise refused("This PaymentIntent is not being paid by boleto.", code="payment_intent_unexpected_state")
    address = {"line1": "Rua XV de Novembro, 1", "city": "Curitiba", "state": "PR", "postal_code": "80020310",
               "country": "BR"}  # fmt: skip
    payer = {"name": "Maria Souza", "email": "maria@example.com", "tax_id": "52998224725", "address": address}
    show(call, intent, make_method(call, {"type": "boleto", "billing_details": payer}))


def pay(call: Call, intent: Intent, amount: int | None = None) -> VoucherPayment:
    """A voucher is paid at a bank, also late, twice, too much or too little; nothing is heard of it yet.

    amount: minor units, the intent's amount when None. Raises ApiError 400 when there never was a voucher.
    """
    if "boleto" not in intent.payment_method_types:
        raise refused("This PaymentIntent is not being paid by boleto.", code="payment_intent_unexpected_state")
    payment = VoucherPayment(
        id=new_id("bp"),
        account=call.account,
        created=call.now,
        payment_intent=intent.id,
        amount=intent.amount if amount is None else amount,
        word_at=boleto.word_at(call.now),
    )
    insert(call.books, payment)
    return payment


def waiting(call: Call, intent: Intent) -> list[VoucherPayment]:
    """Payments of an intent of which no word has come, oldest first."""
    where = sql.SQL("payment_intent = %s AND word_at IS NOT NULL ORDER BY seq FOR UPDATE")
    return select(call.books, VoucherPayment, where, [intent.id])


def settle(call: Call, intent: Intent) -> None:
    """Word comes at once of every payment of an intent that the caller has locked."""
    for payment in waiting(call, intent):
        hear(call, intent, payment)


def hear(call: Call, intent: Intent, payment: VoucherPayment) -> None:
    """Word comes of a payment: the money is there."""
    payment.word_at = None
    save(call.books, payment)
    known = intent.payment_method
    method = find(call, PaymentMethod, known) if known else make_method(call, {"type": "boleto"})
    charging.receive(call, intent, method, payment.amount)


def due(books: Books, now: int, account: str | None = None) -> list[tuple[str, str]]:
    """(account, intent) of payments of which word comes by now, of one account or all."""
    rows = books.execute(
        "SELECT account, payment_intent FROM sandbox.voucher_payments WHERE word_at <= %s"
        " AND account = coalesce(%s, account) ORDER BY word_at, seq LIMIT 200",
        (now, account),
    ).fetchall()
    return [(row["account"], row["payment_intent"]) for row in rows]


def hear_due(call: Call, intent_id: str) -> None:
    """Word comes of what is due of an intent; the caller's transaction locks it."""
    intent = find(call, Intent, intent_id, lock=True)
    for payment in waiting(call, intent):
        if payment.word_at is not None and payment.word_at <= call.now:
            then = replace(call, now=payment.word_at, request_id=None, idempotency_key=None)
            lapsed = intent.expires_at is not None and intent.expires_at <= then.now
            if lapsed and intent.status == "requires_action":
                charging.expire(then, intent)
            hear(then, intent, payment)
