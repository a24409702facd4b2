"""A shop of a test's own: a fresh store on the worker's database, driven through the application."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.provisioning import DatabaseAddresses
from adapters.settings import Settings
from adapters.wiring import Wired, wire
from core.cart.changes import AddLine, ChangeContact, ChooseDelivery, SetAddresses
from core.cart.use_cases.create_cart import CreateCart, create_cart
from core.catalog.model import ProductContent
from core.catalog.use_cases.create import CreateProduct, NewVariant, create_product
from core.catalog.use_cases.publish import PublishProduct, publish_product
from core.catalog.variant import VariantContent
from core.checkout.use_cases.change_cart import ChangeCart, change_cart
from core.identity.model import KeyKind
from core.identity.roles import Role
from core.identity.use_cases.create_key import CreateKey, create_key
from core.identity.use_cases.create_staff import CreateStaff, create_staff
from core.payments.use_cases.add_account import AddAccount, add_account
from core.shared.address import Address
from core.shared.context import CallContext, Job, Key, Staff
from core.shared.ids import KeyId, PaymentAccountId, StoreId, VariantId
from core.shared.money import Money
from core.stores.model import DeliveryRate
from core.stores.use_cases.create_store import CreateStore, create_store
from core.stores.use_cases.set_delivery_rates import SetDeliveryRates, set_delivery_rates

ORIGIN = "http://shop.example"
PASSWORD = "correct horse battery"  # of people who exist for the length of a test


class StoppedClock:
    """A business clock that only a test moves; the wall's time is real, as signatures and sessions need it."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC).replace(microsecond=0)

    def now(self) -> datetime:
        return self.at

    def wall(self) -> datetime:
        return datetime.now(UTC)

    def advance(self, **delta: float) -> None:
        self.at += timedelta(**delta)


def settings_for(database: DatabaseAddresses, data_dir: Path, **changes: str) -> Settings:
    """The settings of a test process against `database`."""
    return Settings.from_environment(environment_for(database, data_dir, **changes))


def environment_for(database: DatabaseAddresses, data_dir: Path, **changes: str) -> dict[str, str]:
    """The environment of a test process against `database`: what a child process is started with."""
    key = base64.b64encode(bytes(range(32))).decode()
    return {
        "ECOMMERCE_ENV": "test",
        "PUBLIC_URL": "http://127.0.0.1:8000",
        "STOREFRONT_URL": ORIGIN,
        "DATABASE_URL": database.app_url,
        "DATABASE_PLATFORM_URL": database.platform_url,
        "DATA_DIR": str(data_dir),
        "SECRET_KEY": "x" * 40,
        "SECRET_BOX_KEYS": key,
        "JWT_SIGNING_KEYS": key,
        **changes,
    }


@dataclass
class Shop:
    """One store, with the application around it."""

    wired: Wired
    store_id: StoreId
    clock: Any
    accounts: dict[str, PaymentAccountId] = field(default_factory=dict)
    staff: dict[Role, CallContext] = field(default_factory=dict)
    key: str = ""
    key_id: KeyId | None = None

    @property
    def job(self) -> CallContext:
        """The platform's own context in this store."""
        return CallContext(self.store_id, Job("test"), "test-request")

    @property
    def storefront(self) -> CallContext:
        """A storefront's context: its publishable key."""
        return CallContext(self.store_id, Key(self.key_id or KeyId(self.wired.ids.new())), "test-request")

    def run(self, use_case: Any, command: Any, context: CallContext | None = None) -> Any:
        return self.wired.app.run(use_case, command, context or self.job)

    def read(self, query: Any, filter_: Any, context: CallContext | None = None) -> Any:
        return self.wired.app.read(query, filter_, context or self.job)

    def sql(self, statement: str, **parameters: Any) -> list[dict[str, Any]]:
        """Rows of this store, as the application's role sees them."""
        with self.wired.engines.app.begin() as connection:
            connection.execute(sa.text("SELECT set_config('app.store_id', :s, true)"), {"s": str(self.store_id)})
            return [dict(row) for row in connection.execute(sa.text(statement), parameters).mappings()]

    def execute(self, statement: str, **parameters: Any) -> None:
        """Change rows of this store behind the application's back."""
        with self.wired.engines.app.begin() as connection:
            connection.execute(sa.text("SELECT set_config('app.store_id', :s, true)"), {"s": str(self.store_id)})
            connection.execute(sa.text(statement), parameters)

    # -- what most tests need --------------------------------------------------------------------------------

    def add_manual(self) -> PaymentAccountId:
        """Bank transfer and cash on delivery."""
        command = AddAccount(
            provider="manual",
            name="Manual",
            methods=("bank_transfer", "cash_on_delivery"),
            config={"instructions": "Banco 001, agência 1234, conta 56789-0"},
            position=9,
        )
        self.accounts["manual"] = self.run(add_account, command)
        return self.accounts["manual"]

    def add_stripe(self, secret_key: str, webhook_secret: str = "whsec_test", **config: str) -> PaymentAccountId:
        """Cards and Pix at the sandbox that the settings name."""
        command = AddAccount(
            provider="stripe",
            name="Stripe",
            methods=("card", "pix"),
            config={
                "secret_key": secret_key,
                "webhook_secret": webhook_secret,
                "api_base": "sandbox",
                **config,
            },
        )
        self.accounts["stripe"] = self.run(add_account, command)
        return self.accounts["stripe"]

    def add_delivery(self, price: int = 1790) -> None:
        """Two options everywhere in Brazil for up to 30 kg."""
        rates = tuple(
            DeliveryRate("", name, "BR", "00000000", "99999999", 0, 30_000, Money(cost, "BRL"), *days, position)
            for position, (name, cost, days) in enumerate(
                [("PAC", price, (5, 8)), ("SEDEX", 2 * price, (1, 3))], start=1
            )
        )
        self.run(set_delivery_rates, SetDeliveryRates(rates))

    def add_key(self, origins: tuple[str, ...] = (ORIGIN,)) -> str:
        """A publishable key of the storefront."""
        created = self.run(create_key, CreateKey(KeyKind.PUBLISHABLE, "Storefront", origins=origins))
        self.key, self.key_id = created.token, created.id
        return self.key

    def add_staff(self, role: Role) -> tuple[str, str]:
        """A person with `role`; returns e-mail and password."""
        email = f"{role.value}-{secrets.token_hex(4)}@example.com"
        context = CallContext(None, Job("test"), "test-request")
        command = CreateStaff(email, f"{role.value.title()} Example", PASSWORD, ((self.store_id, role),))
        staff_id = self.wired.app.run(create_staff, command, context)
        self.staff[role] = CallContext(
            self.store_id, Staff(staff_id), "test-request", actor_label=f"{role.value.title()} Example"
        )
        return email, PASSWORD

    def as_(self, role: Role) -> CallContext:
        """The context of somebody with `role`."""
        if role not in self.staff:
            self.add_staff(role)
        return self.staff[role]

    def product(
        self,
        title: str = "Caneca Barro 300 ml",
        *,
        price: int = 6990,
        stock: int | None = 10,
        sku: str | None = None,
        weight: int = 410,
        publish: bool = True,
    ) -> VariantId:
        """A product with one variant, on sale; `stock` None is not tracked. Returns the variant's id."""
        content = VariantContent(
            option_values={}, price=Money(price, "BRL"), sku=sku, weight_grams=weight, tracked=stock is not None
        )
        command = CreateProduct(ProductContent(slug="", title=title), (NewVariant(content, stock or 0),))
        product_id = self.run(create_product, command)
        if publish:
            self.run(publish_product, PublishProduct(product_id))
        return VariantId(self.sql("SELECT id FROM variants WHERE product_id = :p", p=product_id)[0]["id"])

    def cart(self, lines: Mapping[UUID, int], *, ready: bool = True) -> str:
        """A new cart with `lines` (variant: quantity), ready to be paid unless told otherwise. Returns its token."""
        token = self.run(create_cart, CreateCart("pt-BR"), self.storefront).token
        changes: list[Any] = [AddLine(VariantId(variant), quantity) for variant, quantity in lines.items()]
        if ready:
            changes += [
                ChangeContact({"email": "maria@example.com", "name": "Maria Souza", "tax_id": "529.982.247-25"}),
                SetAddresses(SAO_PAULO, None),
            ]
        for change in changes:
            self.run(change_cart, ChangeCart(token, change), self.storefront)
        if ready:
            rate = self.sql("SELECT id FROM delivery_rates ORDER BY position LIMIT 1")[0]["id"]
            self.run(change_cart, ChangeCart(token, ChooseDelivery(str(rate))), self.storefront)
        return str(token)


SAO_PAULO = Address(
    name="Maria Souza",
    postal_code="05422-012",
    street="Rua dos Pinheiros",
    number="1047",
    complement="apto 62",
    district="Pinheiros",
    city="São Paulo",
    region="SP",
    country="BR",
)


def open_shop(database: DatabaseAddresses, data_dir: Path, clock: Any | None = None, **settings: str) -> Shop:
    """A new store with delivery, bank transfer and a key; close it with `shop.wired.engines.dispose()`."""
    clock = clock or StoppedClock()
    wired = wire(settings_for(database, data_dir, **settings), clock=clock)
    context = CallContext(None, Job("test"), "test-request")
    slug = f"shop-{secrets.token_hex(6)}"
    store_id = wired.app.run(
        create_store, CreateStore(name="Casa Ipê", slug=slug, email="oi@casaipe.example", order_prefix="CI-"), context
    )
    shop = Shop(wired, store_id, clock)
    shop.add_delivery()
    shop.add_manual()
    shop.add_key()
    return shop
