"""The demo's store: settings, people, key, accounts, delivery table and catalogue, made by the use cases."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core.application import App
from core.catalog.use_cases.create import create_product
from core.catalog.use_cases.publish import PublishProduct, publish_product
from core.catalog.use_cases.upload_picture import UploadPicture, upload_picture
from core.identity.model import KeyKind
from core.identity.roles import Role
from core.identity.use_cases.create_key import CreateKey, create_key
from core.identity.use_cases.create_staff import CreateStaff, create_staff
from core.ledger.use_cases.set_exception_limit import SetExceptionLimit, set_exception_limit
from core.shared.address import Address
from core.shared.context import CallContext, Job, Key, Staff
from core.shared.ids import ProductId, StoreId
from core.shared.money import Money
from core.stores.model import DeliveryRate
from core.stores.use_cases.create_store import CreateStore, create_store
from core.stores.use_cases.set_delivery_rates import SetDeliveryRates, set_delivery_rates
from jobs.demo_shop.accounts import Accounts
from jobs.demo_shop.catalogue import ARTICLES
from jobs.demo_shop.drawing import draw
from jobs.demo_shop.people import PASSWORD, STAFF
from ports.ids import Ids

Step = Callable[[str], None]

# Zones of the delivery table: name, first and last CEP, price in centavos up to 1, 5 and 30 kg, days.
_ZONES = (
    ("01000000", "19999999", (1690, 2390, 4890), (2, 4)),
    ("20000000", "39999999", (2190, 3190, 6290), (3, 6)),
    ("40000000", "69999999", (3290, 4890, 9890), (6, 11)),
    ("70000000", "79999999", (2690, 3990, 7890), (4, 8)),
    ("80000000", "99999999", (1990, 2890, 5690), (3, 5)),
)
_BANDS = ((0, 1_000), (1_000, 5_000), (5_000, 30_000))
_EXPRESS = 18  # tenths of the standard price

_LIMIT = Money(30_000, "BRL")  # of exceptions that may stay open when a day is closed


class DemoClock:
    """Business time as wall time plus an offset that the seeding moves; the sandboxes are told the same."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def wall(self) -> datetime:
        return datetime.now(UTC)

    def go_to(self, moment: datetime) -> int:
        """Be at `moment` now; returns the offset from wall time in seconds."""
        seconds = math.ceil((moment - datetime.now(UTC)).total_seconds())
        self.offset = timedelta(seconds=seconds)
        return seconds


@dataclass(slots=True)
class DemoShop:
    """The store being made, and who acts in it."""

    app: App
    storefront_url: str
    clock: DemoClock
    accounts: Accounts
    store_id: StoreId
    publishable_key: str
    storefront: CallContext
    staff: dict[Role, CallContext]

    def run(self, use_case: Any, command: Any, context: CallContext | None = None) -> Any:
        return self.app.run(use_case, command, context or self.job)

    def read(self, query: Any, filter_: Any, context: CallContext) -> Any:
        return self.app.read(query, filter_, context)

    @property
    def job(self) -> CallContext:
        return CallContext(self.store_id, Job("seed"), "seed", actor_label="Demo", locale="pt-BR")

    def at(self, moment: datetime) -> None:
        """Move all business clocks to `moment`."""
        self.accounts.set_clock(self.clock.go_to(moment))


def make_store(
    app: App, ids: Ids, clock: DemoClock, opened: datetime, *, public_url: str, storefront_url: str, sandbox_url: str,
    carrier_url: str,
) -> DemoShop:  # fmt: skip
    """The store without products and orders, as it was at the moment `opened`."""
    nobody = CallContext(None, Job("seed"), "seed", actor_label="Demo")
    accounts = Accounts.opened(sandbox_url, carrier_url, public_url)
    accounts.set_clock(clock.go_to(opened))
    settings = CreateStore(
        name="Casa Ipê",
        slug="casa-ipe",
        email="oi@casaipe.example",
        order_prefix="CI-",
        origin=_ORIGIN,
        location_name="CD Curitiba",
    )
    store_id = StoreId(app.run(create_store, settings, nobody))
    context = CallContext(store_id, Job("seed"), "seed", actor_label="Demo")
    created = app.run(create_key, CreateKey(KeyKind.PUBLISHABLE, "Loja", origins=(storefront_url,)), context)
    storefront = CallContext(store_id, Key(created.id), "seed", actor_label="Loja", locale="pt-BR")
    shop = DemoShop(app, storefront_url, clock, accounts, store_id, created.token, storefront, {})
    _add_people(shop, nobody)
    accounts.connect(app, ids, shop.job, opened.date())
    shop.run(set_delivery_rates, SetDeliveryRates(tuple(_rates())))
    shop.run(set_exception_limit, SetExceptionLimit(_LIMIT), shop.staff[Role.OWNER])
    return shop


_ORIGIN = Address(
    name="Casa Ipê", postal_code="81260000", street="Rua Eduardo Sprada", number="4200", district="Campo Comprido",
    city="Curitiba", region="PR",
)  # fmt: skip


def _add_people(shop: DemoShop, nobody: CallContext) -> None:
    for role, name, email in STAFF:
        command = CreateStaff(email, name, PASSWORD, ((shop.store_id, role),))
        staff_id = shop.run(create_staff, command, nobody)
        shop.staff[role] = CallContext(shop.store_id, Staff(staff_id), "seed", actor_label=name, locale="pt-BR")


def _rates() -> list[DeliveryRate]:
    rates: list[DeliveryRate] = []
    for first, last, prices, days in _ZONES:
        for (weight_from, weight_to), price in zip(_BANDS, prices, strict=True):
            express = max(1, days[0] - 2), max(2, days[1] - 3)
            for name, cost, span in (("PAC", price, days), ("SEDEX", price * _EXPRESS // 10, express)):
                rates.append(
                    DeliveryRate(
                        "", name, "BR", first, last, weight_from, weight_to, Money(cost, "BRL"), *span, len(rates)
                    )
                )
    return rates


def add_catalogue(shop: DemoShop, step: Step) -> None:
    """Every article with its pictures; all but the drafts go on sale."""
    manager = shop.staff[Role.MANAGER]
    for article in ARTICLES:
        product_id: ProductId = shop.run(create_product, article.command(), manager)
        for colour in article.colours:
            alt = f"{article.title}, {colour.lower()}" if len(article.colours) > 1 else article.title
            shop.run(upload_picture, UploadPicture(product_id, draw(article.shape, colour), alt), manager)
        if not article.draft:
            shop.run(publish_product, PublishProduct(product_id), manager)
        step(article.title)
