"""How people of the demo buy: a cart, a delivery, a payment at the rehearsed provider."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from core.cart.changes import AddLine, ChangeContact, ChooseDelivery, SetAddresses
from core.cart.use_cases.create_cart import CreateCart, create_cart
from core.checkout.use_cases.change_cart import ChangeCart, change_cart
from core.checkout.use_cases.complete_checkout import CompleteCheckout, complete_checkout
from core.checkout.use_cases.list_delivery_options import ListDeliveryOptions, list_delivery_options
from core.checkout.use_cases.open_payment_session import OpenPaymentSession, open_payment_session
from core.orders.queries import GetPlacedOrder, get_placed_order
from core.shared.ids import OrderId, VariantId
from jobs.demo_shop.people import Buyer
from jobs.demo_shop.store import DemoShop
from ports.orders import OrderDetail

AT_PROVIDER = ("card", "pix", "boleto")


@dataclass(slots=True)
class Till:
    """`stock` is what is offered: pieces at hand by variant; what there is most of is bought most."""

    shop: DemoShop
    dice: random.Random
    stock: Mapping[UUID, int]
    people: list[Buyer]

    def cart(self, lines: int | None = None) -> str:
        """Somebody fills a cart, with so many lines if it matters, and says where it goes; its token."""
        person = self.dice.choice(self.people)
        token = str(self._shopper(create_cart, CreateCart("pt-BR")).token)
        for variant in self._picked(lines or self.dice.choice((1, 1, 2, 2, 3))):
            self._change(token, AddLine(VariantId(variant), self.dice.choice((1, 1, 1, 2))))
        contact = {"email": person.email, "name": person.name, "phone": person.phone, "tax_id": person.tax_id}
        self._change(token, ChangeContact(contact))
        self._change(token, SetAddresses(replace(person.address), None))
        offered = self._shopper(list_delivery_options, ListDeliveryOptions(token))
        self._change(token, ChooseDelivery(self.dice.choice(offered.options).id))
        return token

    def pay(self, token: str, method: str) -> str:
        """Open the session; the provider's name for it, empty where there is none."""
        url = f"{self.shop.storefront_url}/checkout/return"
        self._shopper(open_payment_session, OpenPaymentSession(token, method, url, (self.shop.storefront_url,)))
        return self.shop.accounts.outside.latest_payment() if method in AT_PROVIDER else ""

    def complete(self, token: str) -> OrderDetail:
        """Place the order. Raises what the checkout refuses with."""
        order_id: OrderId = self._shopper(complete_checkout, CompleteCheckout(token))
        return self.order(order_id)

    def order(self, order_id: OrderId) -> OrderDetail:
        """The order as it is now."""
        found = self.shop.read(get_placed_order, GetPlacedOrder(order_id), self.shop.storefront)
        order: OrderDetail = found.order
        return order

    def _picked(self, count: int) -> list[UUID]:
        chances = {variant: self.dice.random() ** (1 / pieces) for variant, pieces in self.stock.items()}
        return sorted(chances, key=lambda variant: chances[variant], reverse=True)[:count]

    def _change(self, token: str, change: Any) -> None:
        self._shopper(change_cart, ChangeCart(token, change))

    def _shopper(self, use_case: Any, command: Any) -> Any:
        return self.shop.run(use_case, command, self.shop.storefront)
