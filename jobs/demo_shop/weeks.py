"""Three weeks in the life of the demo shop, lived through the use cases, the sandbox and a moving clock.

The same seed of randomness each time, so that everybody sees the same shop.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from core.aftersales.use_cases.cancel_order import CancelOrder, ExpireOrder, cancel_order, expire_order
from core.aftersales.use_cases.record_payment import RecordPayment, record_payment
from core.aftersales.use_cases.refund_order import RefundOrder, refund_order
from core.cart.changes import AddLine, ChangeContact, ChooseDelivery, SetAddresses
from core.cart.use_cases.create_cart import CreateCart, create_cart
from core.checkout.errors import Declined
from core.checkout.use_cases.change_cart import ChangeCart, change_cart
from core.checkout.use_cases.complete_checkout import CompleteCheckout, complete_checkout
from core.checkout.use_cases.list_delivery_options import ListDeliveryOptions, list_delivery_options
from core.checkout.use_cases.open_payment_session import OpenPaymentSession, open_payment_session
from core.checkout.use_cases.settle_payment import SettlePayment, settle_payment
from core.identity.roles import Role
from core.inventory.queries import ListStock, list_stock
from core.orders.queries import GetPlacedOrder, get_placed_order
from core.orders.use_cases.add_note import AddNote, add_note
from core.shared.ids import OrderId, PaymentId, VariantId
from jobs.demo_shop.people import Buyer, buyers
from jobs.demo_shop.store import DemoShop
from ports.orders import OrderDetail
from ports.paging import PageRequest

DAYS = 21
TODAY = 5
STORIES = (
    "card", "card", "pix", "card", "pix", "card_after_decline", "pix", "card", "transfer", "card_refunded", "pix",
    "card", "pix_expired", "card", "cash", "card_part_refunded", "pix", "card_cancelled", "pix_refunded", "card",
    "transfer_expired", "pix_twice", "card", "pix_late", "pix", "card", "pix_over", "card", "transfer_waiting",
    "pix_under", "card", "pix", "transfer_waiting", "card", "pix", "card", "pix_waiting", "card", "pix_waiting",
)  # fmt: skip

_NOTES = (
    "Cliente pediu embrulho para presente, sem nota de preço na caixa.",
    "Ligou perguntando o prazo; confirmei pelo telefone.",
    "Caneca chegou lascada, foto no e-mail. Devolvido o valor de uma peça.",
)


@dataclass(slots=True)
class Weeks:
    """The run through the stories."""

    shop: DemoShop
    dice: random.Random
    variants: list[UUID]
    people: list[Buyer]
    done: int = 0

    def live(self, step: Callable[[str], None]) -> None:
        """Place every story's order at its hour, then let deadlines of the past run out."""
        for story, moment in zip(STORIES, self._moments(), strict=True):
            self.shop.at(moment)
            getattr(self, f"_{story}")()
            self.done += 1
            step(story)
        self.shop.at(datetime.now(UTC))

    def _moments(self) -> list[datetime]:
        """When each story happens: the last ones within this hour, so that something is always waiting."""
        now = datetime.now(UTC)
        start, gap = now - timedelta(days=DAYS), timedelta(days=DAYS) / (len(STORIES) - TODAY)
        earlier = [
            start + gap * index + timedelta(minutes=self.dice.randrange(180)) for index in range(len(STORIES) - TODAY)
        ]
        latest = now - timedelta(hours=12)
        today = [now - timedelta(minutes=12 * (TODAY - index)) for index in range(TODAY)]
        return [min(moment, latest) for moment in earlier] + today

    # -- a cart --------------------------------------------------------------------------------------------

    def _cart(self) -> str:
        person = self.dice.choice(self.people)
        token = str(self._shopper(create_cart, CreateCart("pt-BR")).token)
        for variant in self.dice.sample(self.variants, self.dice.choice((1, 1, 2, 2, 3))):
            self._change(token, AddLine(VariantId(variant), self.dice.choice((1, 1, 1, 2))))
        contact = {"email": person.email, "name": person.name, "phone": person.phone, "tax_id": person.tax_id}
        self._change(token, ChangeContact(contact))
        self._change(token, SetAddresses(replace(person.address), None))
        offered = self._shopper(list_delivery_options, ListDeliveryOptions(token))
        self._change(token, ChooseDelivery(self.dice.choice(offered.options).id))
        return token

    def _change(self, token: str, change: Any) -> None:
        self._shopper(change_cart, ChangeCart(token, change))

    def _shopper(self, use_case: Any, command: Any) -> Any:
        return self.shop.run(use_case, command, self.shop.storefront)

    def _pay(self, token: str, method: str) -> str | None:
        """Open the session; the provider's name for it when it has one."""
        url = f"{self.shop.storefront_url}/checkout/return"
        self._shopper(open_payment_session, OpenPaymentSession(token, method, url, (self.shop.storefront_url,)))
        return self.shop.outside.latest_payment() if method in ("card", "pix") else None

    def _complete(self, token: str) -> OrderDetail:
        order_id: OrderId = self._shopper(complete_checkout, CompleteCheckout(token))
        return self._order(order_id)

    def _order(self, order_id: OrderId) -> OrderDetail:
        found = self.shop.read(get_placed_order, GetPlacedOrder(order_id), self.shop.storefront)
        order: OrderDetail = found.order
        return order

    def _settle(self, payment_id: PaymentId) -> None:
        self.shop.run(settle_payment, SettlePayment(payment_id))

    # -- the stories ---------------------------------------------------------------------------------------

    def _card(self) -> OrderDetail:
        token = self._cart()
        self.shop.outside.act(self._pay(token, "card") or "", self.dice.choice(("approve", "approve", "approve")))
        order = self._complete(token)
        if self.dice.random() < 0.2:
            self.shop.run(add_note, AddNote(order.id, self.dice.choice(_NOTES[:2])), self.shop.staff[Role.SUPPORT])
        return order

    def _card_after_decline(self) -> None:
        token = self._cart()
        reference = self._pay(token, "card") or ""
        self.shop.outside.act(reference, "decline")
        try:
            self._complete(token)
        except Declined:
            self.shop.outside.act(reference, "approve")
        self._complete(token)

    def _card_refunded(self) -> None:
        order = self._card()
        quantities = {line.id: line.quantity for line in order.lines}
        self._refund(order, RefundOrder(order.id, order.payments[0].id, "demo", quantities, order.shipping,
                                        note="Desistência em 7 dias"))  # fmt: skip

    def _card_part_refunded(self) -> None:
        order = self._card()
        self._refund(order, RefundOrder(order.id, order.payments[0].id, "demo", {order.lines[0].id: 1},
                                        note="Peça lascada no transporte"))  # fmt: skip
        self.shop.run(add_note, AddNote(order.id, _NOTES[2]), self.shop.staff[Role.SUPPORT])

    def _card_cancelled(self) -> None:
        order = self._card()
        wish = CancelOrder(order.id, "Cliente comprou a cor errada", "demo")
        self.shop.run(cancel_order, wish, self.shop.staff[Role.SUPPORT])
        quantities = {line.id: line.quantity for line in order.lines}
        self._refund(order, RefundOrder(order.id, order.payments[0].id, "demo", quantities, order.shipping))

    def _refund(self, order: OrderDetail, wish: RefundOrder) -> None:
        support = self.shop.staff[Role.SUPPORT]
        self.shop.run(refund_order, replace(wish, requested_by=support.actor_label), support)

    def _pix(self) -> OrderDetail:
        order, reference = self._pix_placed()
        self.shop.outside.act(reference, "pay_pix")
        self._settle(order.payments[0].id)
        return self._order(order.id)

    def _pix_placed(self) -> tuple[OrderDetail, str]:
        token = self._cart()
        reference = self._pay(token, "pix") or ""
        return self._complete(token), reference

    def _pix_waiting(self) -> None:
        self._pix_placed()

    def _pix_refunded(self) -> None:
        order = self._pix()
        self._refund(order, RefundOrder(order.id, order.payments[0].id, "demo", {order.lines[0].id: 1}))
        self.shop.at(self.shop.clock.now() + timedelta(hours=1))  # a Pix refund is not instant at the provider
        self._settle(order.payments[0].id)

    def _pix_expired(self) -> None:
        order, _ = self._pix_placed()
        self._let_expire(order, hours=1)

    def _pix_late(self) -> None:
        order, reference = self._pix_placed()
        self._let_expire(order, hours=1)
        self.shop.outside.act(reference, "pay_pix")
        self._settle(order.payments[0].id)

    def _pix_twice(self) -> None:
        order, reference = self._pix_placed()
        for _ in range(2):
            self.shop.outside.act(reference, "pay_pix")
        self._settle(order.payments[0].id)

    def _pix_over(self) -> None:
        order, reference = self._pix_placed()
        self.shop.outside.act(reference, "pay_pix", amount=order.total.minor + 1000)
        self._settle(order.payments[0].id)

    def _pix_under(self) -> None:
        order, reference = self._pix_placed()
        self.shop.outside.act(reference, "pay_pix", amount=order.total.minor - 500)
        self._settle(order.payments[0].id)

    def _transfer(self) -> None:
        order = self._by_hand("bank_transfer")
        finance = self.shop.staff[Role.MANAGER]
        self.shop.run(record_payment, RecordPayment(order.id, order.payments[0].id, order.total, "demo"), finance)

    def _transfer_waiting(self) -> None:
        self._by_hand("bank_transfer")

    def _transfer_expired(self) -> None:
        self._let_expire(self._by_hand("bank_transfer"), hours=24 * 5 + 1)

    def _cash(self) -> None:
        self._by_hand("cash_on_delivery")

    def _by_hand(self, method: str) -> OrderDetail:
        token = self._cart()
        self._pay(token, method)
        return self._complete(token)

    def _let_expire(self, order: OrderDetail, hours: int) -> None:
        here = self.shop.clock.now()
        self.shop.at(here + timedelta(hours=hours))
        self.shop.run(expire_order, ExpireOrder(order.id))
        self.shop.at(here + timedelta(hours=hours, minutes=7))


def live_weeks(shop: DemoShop, step: Callable[[str], None]) -> int:
    """Make the orders. Returns how many stories were lived."""
    page = shop.read(list_stock, ListStock(page=PageRequest(limit=100)), shop.staff[Role.MANAGER])
    variants = [row.variant_id for row in page.rows if row.available > 3]
    weeks = Weeks(shop, random.Random(20261124), variants, buyers())  # noqa: S311 - the same shop for everybody
    weeks.live(step)
    return weeks.done
