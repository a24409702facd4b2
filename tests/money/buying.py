"""Deeds of customers, and of the money they pay with."""

from __future__ import annotations

from uuid import UUID

from core.aftersales.use_cases.cancel_order import CancelOrder, cancel_order
from core.aftersales.use_cases.record_payment import RecordPayment, record_payment
from core.aftersales.use_cases.refund_order import RefundOrder, refund_order
from core.checkout.use_cases.complete_checkout import CompleteCheckout, complete_checkout
from core.checkout.use_cases.open_payment_session import OpenPaymentSession, open_payment_session
from core.identity.roles import Role
from core.payments.use_cases.capture_payment import CapturePayment, capture_payment
from core.shared.ids import LineId, OrderId, PaymentId
from core.shared.money import Money
from tests.money.model import Line, Sale
from tests.money.story import Story
from tests.shop import ORIGIN

PIX, TRANSFER = "pix", "bank_transfer"


def brl(minor: int) -> Money:
    return Money(minor, "BRL")


def _place(story: Story, method: str) -> Sale:
    """A cart of one to three articles becomes an order; the card's issuer agrees, a Pix is paid."""
    shop, stage, chance = story.stage.shop, story.stage, story.chance
    articles = {article: chance.randint(1, 3) for article in chance.sample(story.articles, chance.randint(1, 3))}
    token = shop.cart(articles)
    command = OpenPaymentSession(token, method, f"{ORIGIN}/return", (ORIGIN,))
    shop.run(open_payment_session, command, shop.storefront)
    payment = stage.one("SELECT id, provider_reference FROM payments ORDER BY created_at DESC, id DESC LIMIT 1")
    if method == "card":
        stage.sandbox.approve(payment["provider_reference"])
    shop.run(complete_checkout, CompleteCheckout(token), shop.storefront)
    if method == PIX:
        stage.sandbox.pay_pix(payment["provider_reference"])
        stage.ask(str(payment["id"]))
    return _known(story, str(payment["id"]))


def _known(story: Story, payment: str) -> Sale:
    stage = story.stage
    row = stage.one(
        "SELECT o.id, o.total_minor, o.shipping_minor, p.method FROM orders o JOIN payments p ON p.order_id = o.id"
        " WHERE p.id = :p",
        p=payment,
    )
    lines = stage.shop.sql(
        "SELECT id, quantity, total_minor FROM order_lines WHERE order_id = :o ORDER BY position", o=row["id"]
    )
    sale = Sale(
        str(row["id"]), payment, row["method"], row["total_minor"], row["shipping_minor"],
        {str(line["id"]): Line(str(line["id"]), line["quantity"], line["total_minor"]) for line in lines},
    )  # fmt: skip
    assert sale.total == sale.shipping + sum(line.total for line in sale.lines.values())
    story.world.sales.append(sale)
    return sale


def order(story: Story) -> str:
    """A card or a Pix whose money is taken at once."""
    sale = _place(story, story.chance.choice(["card", "card", PIX]))
    sale.awaits, sale.captured = False, sale.total
    return f"{sale.order} for {sale.total}"


def order_on_trust(story: Story) -> str:
    """A card that staff capture, or a transfer that they see come in later."""
    shop = story.stage.shop
    shop.execute("UPDATE stores SET capture_policy = 'by_hand'")
    sale = _place(story, story.chance.choice(["card", TRANSFER]))
    shop.execute("UPDATE stores SET capture_policy = 'at_once'")
    return f"{sale.order} for {sale.total}"


def capture(story: Story) -> str | None:
    """All of it or a part: of a card once, of a transfer as often as something is missing."""
    sale = story.some(lambda sale: sale.awaits and not sale.cancelled)
    if sale is None:
        return None
    left, shop = sale.total - sale.captured, story.stage.shop
    amount = left if story.chance.random() < 0.6 else story.chance.randint(1, left)
    if sale.method != TRANSFER:
        wish = CapturePayment(PaymentId(UUID(sale.payment)), story.key(), brl(amount))
        shop.run(capture_payment, wish, shop.as_(Role.SUPPORT))
        sale.awaits = False
    else:
        record = RecordPayment(OrderId(UUID(sale.order)), PaymentId(UUID(sale.payment)), brl(amount), story.key())
        shop.run(record_payment, record, shop.as_(Role.SUPPORT))
        sale.awaits = amount < left
    sale.captured += amount
    return f"{amount} of {sale.order}"


def refund(story: Story) -> str | None:
    """Pieces, delivery, an amount for goodwill, or several of them in one."""
    sale = story.some(lambda sale: sale.captured > sale.refunded and sale.dispute is None)
    if sale is None:
        return None
    chance, left = story.chance, sale.captured - sale.refunded
    pieces = {
        line.id: chance.randint(1, line.quantity - line.refunded)
        for line in sale.lines.values()
        if line.refunded < line.quantity and chance.random() < 0.4
    }
    delivery = sale.shipping - sale.shipping_refunded if chance.random() < 0.2 else 0
    goodwill = chance.randint(1, max(1, left // 4)) if chance.random() < 0.5 or not (pieces or delivery) else 0
    key, shop = story.key(), story.stage.shop
    wish = RefundOrder(
        OrderId(UUID(sale.order)), PaymentId(UUID(sale.payment)), key,
        {LineId(UUID(line_id)): count for line_id, count in pieces.items()}, brl(delivery), brl(goodwill),
    )  # fmt: skip
    shop.run(refund_order, wish, shop.as_(Role.SUPPORT))
    if sale.method == PIX:
        story.stage.wait(60)  # the payer's bank takes it after half a minute
        story.stage.ask(sale.payment)
    row = story.stage.one("SELECT id, amount_minor, state FROM payment_operations WHERE key = :k", k=key)
    assert row["state"] == "succeeded"
    sale.refund(str(row["id"]), row["amount_minor"], pieces, delivery)
    made = sale.refunds[str(row["id"])]
    assert made.amount == sum(made.of_pieces.values()) + delivery + goodwill
    return f"{made.amount} of {sale.order} ({made.before} before goods left)"


def refund_fails(story: Story) -> str | None:
    """The payer's bank sends it back."""
    sale = story.some(
        lambda s: s.method != TRANSFER and s.dispute is None and any(r.stands for r in s.refunds.values())
    )
    made = None if sale is None else story.refund_at(sale)
    if sale is None or made is None:
        return None
    reference = story.stage.one("SELECT provider_reference AS r FROM payment_operations WHERE id = :o", o=made.id)["r"]
    story.stage.sandbox.fail_refund(reference)
    story.stage.ask(sale.payment)
    sale.refund_came_back(made)
    return f"{made.amount} of {sale.order}"


def cancel(story: Story) -> str | None:
    """Staff give up an order of which nothing has left; money that came stays until it is refunded."""
    sale = story.some(lambda sale: not sale.cancelled and not any(line.away for line in sale.lines.values()))
    if sale is None:
        return None
    shop = story.stage.shop
    wish = CancelOrder(OrderId(UUID(sale.order)), "drawn", story.key(), fulfilments_too=True)
    shop.run(cancel_order, wish, shop.as_(Role.SUPPORT))
    sale.cancelled = True
    return sale.order
