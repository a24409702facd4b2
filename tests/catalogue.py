"""A store with a catalogue on the test database: the use cases and queries of products, stock and pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

import sqlalchemy as sa
from PIL import Image

from adapters.blobs import DiskBlobs
from adapters.clock import SystemClock
from adapters.html import Nh3Sanitizer
from adapters.ids import RandomIds
from adapters.images import PillowPictures
from adapters.postgres.engine import make_engine
from adapters.postgres.ledger_seals import Seals
from adapters.postgres.media import PostgresMediaQueries
from adapters.postgres.queries.catalog import PostgresProductQueries
from adapters.postgres.queries.documents import PostgresProductDocuments
from adapters.postgres.queries.inventory import PostgresStockQueries
from adapters.postgres.reading import BIND_STORE, Reader
from adapters.postgres.stores import PostgresStoreQueries, store_values
from adapters.postgres.tables.catalog import catalogue_versions
from adapters.postgres.tables.inventory import locations
from adapters.postgres.tables.stores import stores
from adapters.postgres.unit_of_work import PostgresTransaction, PostgresUnitOfWork
from adapters.provisioning import DatabaseAddresses
from core.application import App, BoundPort
from core.catalog.model import Option, ProductContent
from core.catalog.use_cases.create import CreateProduct, NewVariant, create_product
from core.catalog.variant import VariantContent
from core.identity.roles import ROLE_PERMISSIONS, Role
from core.shared.calls import Run
from core.shared.context import Actor, CallContext, Job, Staff
from core.shared.ids import ProductId, StaffId, StoreId, VariantId
from core.shared.money import Money
from core.stores.model import CapturePolicy, Store

C = TypeVar("C")
R = TypeVar("R")
P = ParamSpec("P")


class _Roles:
    """Staff of the stage hold the permissions of one role."""

    def __init__(self, role: Role) -> None:
        self._role = role

    def permissions_of(self, actor: Actor, store_id: StoreId | None) -> frozenset[str]:
        return ROLE_PERMISSIONS[self._role]


class _Silent:
    def called(self, action: str, context: CallContext, error: BaseException | None, seconds: float) -> None:
        """The stage keeps no log."""

    def release(self, context: CallContext, claimed_until: datetime) -> None:
        """The stage sends no Idempotency-Key."""


class Catalogue:
    """One store of its own, its use cases run by a Manager, its transactions opened directly where tests need them."""

    def __init__(self, database: DatabaseAddresses, folder: Path, *, currency: str = "BRL") -> None:
        self.clock, self.ids = SystemClock(), RandomIds()
        self.engine = make_engine(database.app_url, size=8)
        self.blobs = DiskBlobs(folder / "blobs")
        self.currency = currency
        self.store_id = StoreId(self.ids.new())
        self.staff = Staff(StaffId(self.ids.new()))
        self._open_store(database.platform_url)
        self.app = self._app()

    def close(self) -> None:
        self.engine.dispose()

    def _open_store(self, platform_url: str) -> None:
        store = Store(
            id=self.store_id, name="Casa Ipê", slug=f"casa-{self.store_id}", currency=self.currency,
            currencies=(self.currency,), locale="pt-BR", locales=("pt-BR",), countries=("BR",),
            time_zone="America/Sao_Paulo", prices_include_tax=True, order_prefix="CI-",
            capture_policy=CapturePolicy.AT_ONCE, card_seconds=900, pix_minutes=30, bank_transfer_days=5,
            email="ola@casa.example", origin=None, created_at=datetime.now(UTC),
        )  # fmt: skip
        engine = make_engine(platform_url, size=1)
        with engine.begin() as connection:
            connection.execute(sa.insert(stores).values(id=store.id, version=0, **store_values(store)))
            connection.execute(
                sa.insert(locations).values(
                    id=self.ids.new(), store_id=store.id, name="Casa", is_default=True, created_at=store.created_at
                )
            )
            connection.execute(sa.insert(catalogue_versions).values(store_id=store.id, version=1))
        engine.dispose()

    def _app(self) -> App:
        plain = {
            "clock": self.clock, "ids": self.ids, "blobs": self.blobs,
            "html": Nh3Sanitizer(), "pictures": PillowPictures(),
        }  # fmt: skip

        def reads(queries: Callable[[Reader], object]) -> BoundPort:
            return lambda context, run: queries(Reader(self.engine, context))

        bound: dict[str, BoundPort] = {
            "uow": self._unit_of_work,
            "product_queries": reads(PostgresProductQueries),
            "product_documents": reads(PostgresProductDocuments),
            "stock_queries": reads(PostgresStockQueries),
            "media_queries": reads(PostgresMediaQueries),
            "store_queries": reads(PostgresStoreQueries),
        }
        silent = _Silent()
        return App(plain=plain, bound=bound, permissions=_Roles(Role.MANAGER), observer=silent, idempotency=silent)

    def _unit_of_work(self, context: CallContext, run: Run) -> PostgresUnitOfWork:
        return PostgresUnitOfWork(
            self.engine, context, run, clock=self.clock, ids=self.ids, subscriptions={}, seals=Seals([bytes(32)])
        )

    def context(self, actor: Actor | None = None) -> CallContext:
        return CallContext(self.store_id, actor or self.staff, "req_test", actor_label="Júlia Prado")

    def run(self, use_case: Callable[Concatenate[C, P], R], command: C) -> R:
        return self.app.run(use_case, command, self.context())

    def read(self, query: Callable[Concatenate[C, P], R], filter_: C) -> R:
        return self.app.read(query, filter_, self.context(Job("test")))

    @contextmanager
    def transaction(self) -> Iterator[PostgresTransaction]:
        with self._unit_of_work(self.context(), Run("test.direct"))() as tx:
            yield tx

    def rows(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        """What the store's own rows say, as role `app`."""
        with self.engine.begin() as connection:
            connection.execute(BIND_STORE, {"store_id": str(self.store_id)})
            return [dict(row) for row in connection.execute(sa.text(sql), parameters).mappings()]

    def content(self, title: str = "Caneca Barro 300 ml", **more: Any) -> ProductContent:
        return ProductContent(title=title, slug=more.pop("slug", ""), **more)

    def variant(self, price: int = 6990, **more: Any) -> VariantContent:
        money: dict[str, Any] = {
            name: Money(more.pop(name), self.currency) for name in ("compare_at", "cost") if name in more
        }
        return VariantContent(price=Money(price, self.currency), option_values=more.pop("options", {}), **money, **more)

    def product(
        self,
        title: str = "Caneca Barro 300 ml",
        *,
        sizes: tuple[str, ...] = (),
        on_hand: int = 0,
        variant: dict[str, Any] | None = None,
        **content: Any,
    ) -> ProductId:
        """A draft; with `sizes` one variant for each."""
        options = (Option("Tamanho", sizes),) if sizes else ()
        values: list[dict[str, str]] = [{"Tamanho": size} for size in sizes] or [{}]
        variants = tuple(NewVariant(self.variant(options=each, **(variant or {})), on_hand) for each in values)
        return self.run(create_product, CreateProduct(self.content(title, **content), variants, options))

    def variant_ids(self, product_id: UUID) -> list[VariantId]:
        found = self.rows("SELECT id FROM variants WHERE product_id = :id ORDER BY position", id=product_id)
        return [VariantId(row["id"]) for row in found]

    def version(self) -> int:
        """The catalogue's version: it goes up when shoppers see a difference."""
        return int(self.rows("SELECT version FROM catalogue_versions")[0]["version"])


def picture(width: int = 60, height: int = 40, *, form: str = "PNG", mode: str = "RGB", **save: Any) -> bytes:
    """A picture file of one colour."""
    file = BytesIO()
    colour = (181, 88, 58, 128)[: 4 if mode == "RGBA" else 3]
    Image.new(mode, (width, height), colour).save(file, form, **save)
    return file.getvalue()
