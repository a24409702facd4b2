"""What an order page says: the axes with their facts, the money, and its movements, from one order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from admin import filters
from admin.order_shipments import sent_fact
from admin.order_words import tender
from admin.status import shown_fulfilment, shown_payment
from admin.waterfall import Leg
from core.shared.money import Money
from ports.orders import OperationRow, OrderDetail, OrderLineRow, PaymentRow, RefundRow

_REFUSED = "declined"


def pieces(order: OrderDetail) -> int:
    """How many pieces were bought."""
    return sum(line.quantity for line in order.lines)


def decided(order: OrderDetail) -> Money:
    """What was decided to be given back and was not refused: on its way or there."""
    return Money.total((r.amount for r in order.refunds if r.state != _REFUSED), order.currency)


def balance(order: OrderDetail) -> Money:
    """What is still to come from the customer; negative: what is theirs.

    What was paid too much is given back first, so a refund lowers what is due by what goes beyond that.
    """
    zero = Money.zero(order.currency)
    too_much = max(order.captured - order.total, zero)
    due = zero if order.status == "cancelled" else order.total - max(decided(order) - too_much, zero)
    return due - (order.captured - order.refunded)


def money_legs(order: OrderDetail) -> Sequence[Leg]:
    """The order's waterfall: what it costs, what came, what went back, what is open."""
    legs = [Leg(_("Items"), order.items)]
    if order.discount:
        legs.append(Leg(_("Discounts"), -order.discount))
    legs.append(Leg(_("Shipping"), order.shipping))
    if order.tax:
        label, kind = (_("Tax inside"), "note") if order.tax_included else (_("Tax"), "step")
        legs.append(Leg(label, order.tax, kind))  # type: ignore[arg-type]  # one of the two kinds
    legs.append(Leg(_("Total"), order.total, "sum"))
    if order.status == "cancelled":
        legs.append(Leg(_("Cancelled"), -order.total))
    elif less := order.total - order.captured + order.refunded - balance(order):
        legs.append(Leg(_("Credited"), -less))
    return [*legs, Leg(_("Paid"), order.captured, "base"), Leg(_("Refunded"), -order.refunded),
            Leg(_("Balance"), balance(order), "sum")]  # fmt: skip


def conclusion(order: OrderDetail) -> str:
    """The balance in words, for the foot of the money card."""
    rest = balance(order)
    moving = decided(order) - order.refunded
    if moving.minor > 0:
        return str(_("%(amount)s is on its way back.", amount=filters.money(moving)))
    if rest.minor < 0:
        return str(_("%(amount)s belongs to the customer: refund it.", amount=filters.money(-rest)))
    held = Money.total((p.capturable for p in order.payments if p.state == "authorised"), order.currency)
    if rest.minor > 0 and held.minor > 0:
        return str(_("%(amount)s is authorised and waits to be captured.", amount=filters.money(held)))
    if rest.minor > 0:
        return str(_("%(amount)s is still to come.", amount=filters.money(rest)))
    return str(_("Nothing is open."))


@dataclass(frozen=True, slots=True)
class Cell:
    """One axis: its label, the state under which the badge is found, and one fact."""

    label: str
    axis: str
    state: str
    fact: Any = ""


def axis_cells(order: OrderDetail) -> Sequence[Cell]:
    """The axis strip."""
    fulfilment = shown_fulfilment(
        order.fulfilment_status, order=order.status, payment=order.payment_status, travels=order.travels
    )
    last = order.payments[-1].method if order.payments else None
    cancelled = filters.moment(order.cancelled_at) if order.cancelled_at else ""
    return (
        Cell(_("Order"), "order", order.status, cancelled),
        Cell(_("Payment"), "payment", shown_payment(order.payment_status, last), _payment_fact(order)),
        Cell(_("Fulfilment"), "fulfilment", fulfilment, sent_fact(order)),
        Cell(_("Return"), "return", order.return_status),
    )


def _payment_fact(order: OrderDetail) -> str:
    if order.refunded:
        return str(_("%(amount)s refunded", amount=filters.money(order.refunded)))
    if order.captured:
        return filters.money(order.captured)
    open_ = next((p for p in order.payments if p.state in ("awaiting", "authorised")), None)
    if open_ is None:
        return ""
    if open_.expires_at is not None and open_.state == "awaiting":
        return str(_("until %(time)s", time=filters.exact(open_.expires_at)))
    return filters.money(open_.authorised if open_.state == "authorised" else open_.amount)


@dataclass(frozen=True, slots=True)
class Movement:
    """One row of the payments card: what moved or is to move, how that stands, and how much."""

    what: str
    axis: str
    state: str
    at: datetime
    amount: Money
    payment: PaymentRow
    reference: str | None
    code: str | None = None


def movements(order: OrderDetail) -> Sequence[Movement]:
    """Every payment of the order with what was asked of its provider, oldest first."""
    return [movement for payment in order.payments for movement in _movements(payment)]


def _movements(payment: PaymentRow) -> Sequence[Movement]:
    told = [_operation(payment, operation) for operation in payment.operations]
    captured = any(o.kind == "capture" and o.state == "succeeded" for o in payment.operations)
    return told if captured else [_tender(payment), *told]


def _tender(payment: PaymentRow) -> Movement:
    """A payment of which nothing was taken: promised, let go, refused."""
    axis, state = {
        "created": ("operation", "pending"),
        "declined": ("operation", "declined"),
        "captured": ("payment", "paid"),
    }.get(payment.state, ("payment", shown_payment(payment.state, payment.method)))
    amount = payment.authorised if payment.state == "authorised" else payment.amount
    reference = None if payment.confirmed_by_hand else payment.reference
    return Movement(tender(payment), axis, state, payment.created_at, amount, payment, reference, payment.decline_code)


def _operation(payment: PaymentRow, operation: OperationRow) -> Movement:
    name, amount = tender(payment), operation.amount
    words = {
        "capture": _("%(tender)s, captured", tender=name) if not payment.confirmed_by_hand
        else _("%(tender)s, came in", tender=name),
        "refund": _("Refund to %(tender)s", tender=name),
        "void": _("%(tender)s, let go", tender=name),
    }  # fmt: skip
    state = "pending" if operation.state == "requested" else operation.state
    if payment.confirmed_by_hand:  # only a transfer has a name, the bank's
        reference = operation.reference if operation.kind == "capture" else None
    else:
        reference = operation.reference if operation.kind == "refund" else payment.reference
    return Movement(
        words.get(operation.kind, f"{name}, {operation.kind}"),
        "operation",
        state,
        operation.finished_at or operation.requested_at,
        -amount if operation.kind == "refund" else amount,
        payment,
        reference,
        operation.error_code,
    )


def capturable(order: OrderDetail) -> Sequence[PaymentRow]:
    """Payments of which money can be taken."""
    return [payment for payment in order.payments if payment.capturable.minor > 0]


def refundable(order: OrderDetail) -> Sequence[PaymentRow]:
    """Payments of which money can be given back."""
    return [payment for payment in order.payments if payment.refundable.minor > 0]


def refund_lines(order: OrderDetail, refund: RefundRow) -> str:
    """What a refund was for: "1 × Caneca, shipping R$ 17,90"."""
    titles = {str(line.id): line.title for line in order.lines}
    parts = [f"{quantity} × {titles.get(line_id, '?')}" for line_id, quantity, _minor in refund.lines]
    if refund.shipping:
        parts.append(str(_("shipping %(amount)s", amount=filters.money(refund.shipping))))
    named = Money.total((Money(minor, order.currency) for _id, _quantity, minor in refund.lines), order.currency)
    if other := refund.amount - refund.shipping - named:
        parts.append(str(_("other %(amount)s", amount=filters.money(other))))
    return ", ".join(parts)


def price_legs(line: OrderLineRow) -> Sequence[Leg]:
    """How a line's price came about, step by step, as it was stored with the order."""
    legs = []
    for step in line.explanation:
        amount = Money(step["amount"], line.total.currency)
        if step["step"] == "price":
            of = f"{line.quantity} × {filters.money(line.unit)}"
            legs.append(Leg(_("List price"), amount, hint=of))
        elif step["step"] == "tax":
            rate = filters.percent(step["rate"])
            label = f"{step['source']} {rate}"
            included = step["included"]
            legs.append(Leg(label, amount, "note" if included else "step", _("inside") if included else ""))
        elif step["step"] == "total":
            legs.append(Leg(_("Customer pays"), amount, "sum"))
        else:
            legs.append(Leg(str(step.get("source") or step["step"]), amount))
    return legs


def masked(tax_id: str) -> str:
    """A CPF with its middle shown, a CNPJ as it is: enough to recognise somebody, not enough to be them."""
    if len(tax_id) != 11:
        return f"{tax_id[:2]}.{tax_id[2:5]}.{tax_id[5:8]}/{tax_id[8:12]}-{tax_id[12:]}" if len(tax_id) == 14 else tax_id
    return f"•••.{tax_id[3:6]}.{tax_id[6:9]}-••"
