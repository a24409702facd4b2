"""Orders to be sent, for the tests of shipping."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.aftersales.use_cases.record_payment import RecordPayment, record_payment
from core.aftersales.use_cases.ship_fulfilment import ShipFulfilment, ship_fulfilment
from core.cart.changes import ChangeContact
from core.checkout.use_cases.change_cart import ChangeCart, change_cart
from core.identity.roles import Role
from core.logistics.model import Measures
from core.logistics.use_cases.enter_tracking import EnterTracking, enter_tracking
from core.logistics.use_cases.plan_fulfilment import PlanFulfilment, plan_fulfilment
from core.logistics.use_cases.purchase_label import Postage, PurchaseLabel, purchase_label
from core.logistics.use_cases.quote_rates import Quoted, QuoteRates, quote_rates
from core.orders.queries import GetOrder, get_order
from core.shared.ids import FulfilmentId, ParcelId, VariantId
from ports.logistics_queries import FulfilmentRow
from ports.orders import OrderDetail
from tests.core.checkout.test_by_hand import place
from tests.shop import Shop

BOX = Measures(900, 220, 200, 140)


def order_of(shop: Shop, *quantities: int, stock: int | None = 10, price: int = 6990) -> OrderDetail:
    """An order with a line of each quantity, of products of its own; its money is awaited."""
    lines: dict[UUID, int] = {shop.product(price=price, stock=stock): quantity for quantity in quantities or (2,)}
    return place(shop, shop.cart(lines))


def pay_for(shop: Shop, order: OrderDetail) -> None:
    """Staff see the whole transfer come in."""
    wish = RecordPayment(order.id, order.payments[0].id, order.total, "money")
    shop.run(record_payment, wish, shop.as_(Role.SUPPORT))


def fresh(shop: Shop, order: OrderDetail) -> OrderDetail:
    found: OrderDetail = shop.read(get_order, GetOrder(order.number), shop.as_(Role.SUPPORT))
    return found


def plan(shop: Shop, order: OrderDetail, *pieces: int, parcels: tuple[Measures, ...] = (BOX,)) -> FulfilmentId:
    """Plan so many pieces of each of the order's lines; none: all that is left."""
    quantities = {line.id: count for line, count in zip(order.lines, pieces, strict=False)}
    planned: FulfilmentId = shop.run(
        plan_fulfilment, PlanFulfilment(order.id, quantities, parcels), shop.as_(Role.SUPPORT)
    )
    return planned


def ship(shop: Shop, fulfilment_id: FulfilmentId) -> None:
    shop.run(ship_fulfilment, ShipFulfilment(fulfilment_id), shop.as_(Role.SUPPORT))


def sent(shop: Shop, order: OrderDetail, *pieces: int) -> FulfilmentRow:
    """Plan and send."""
    fulfilment_id = plan(shop, order, *pieces)
    ship(shop, fulfilment_id)
    return next(f for f in fresh(shop, order).fulfilments if f.id == fulfilment_id)


def parcel_of(shop: Shop, fulfilment_id: FulfilmentId) -> ParcelId:
    return ParcelId(
        shop.sql("SELECT id FROM parcels WHERE fulfilment_id = :f ORDER BY position", f=fulfilment_id)[0]["id"]
    )


def number(shop: Shop, parcel_id: ParcelId, typed: str, account: Any = None) -> None:
    command = EnterTracking(parcel_id, "Correios", typed, account_id=account)
    shop.run(enter_tracking, command, shop.as_(Role.SUPPORT))


def quoted(shop: Shop, fulfilment_id: FulfilmentId) -> Quoted:
    answer: Quoted = shop.run(quote_rates, QuoteRates(fulfilment_id), shop.as_(Role.SUPPORT))
    return answer


def buy(shop: Shop, quote_id: UUID, key: str = "label") -> Postage:
    bought: Postage = shop.run(purchase_label, PurchaseLabel(quote_id, key), shop.as_(Role.SUPPORT))
    return bought


def status(shop: Shop, order: OrderDetail) -> str:
    return str(shop.sql("SELECT fulfilment_status AS s FROM orders WHERE id = :o", o=order.id)[0]["s"])


def voucher(shop: Shop, *, price: int = 5000, stock: int | None = None) -> VariantId:
    """A variant that no parcel carries."""
    variant = shop.product("Vale", price=price, stock=stock)
    shop.execute("UPDATE variants SET requires_shipping = false WHERE id = :v", v=variant)
    return variant


def voucher_cart(shop: Shop, quantity: int = 2, *, price: int = 5000, stock: int | None = None) -> str:
    """A cart of vouchers alone: ready to be paid without an address."""
    token = shop.cart({voucher(shop, price=price, stock=stock): quantity}, ready=False)
    contact = {"email": "maria@example.com", "name": "Maria Souza", "tax_id": "529.982.247-25"}
    shop.run(change_cart, ChangeCart(token, ChangeContact(contact)), shop.storefront)
    return token
