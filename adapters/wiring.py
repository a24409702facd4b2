"""The composition root: settings in, application out. The only importer of concrete adapters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from adapters.blobs import DiskBlobs
from adapters.carrier_registry import InstalledCarriers
from adapters.clock import MovableClock, SystemClock
from adapters.collector import settle as settle
from adapters.html import Nh3Sanitizer
from adapters.ids import RandomIds
from adapters.images import PillowPictures
from adapters.links import HmacLinks
from adapters.mail.kept import KeptMailer
from adapters.mail.templates import JinjaMessageTemplates
from adapters.observing import LogObserver, configure_logs
from adapters.papers import PdfPapers
from adapters.passwords import Argon2Passwords
from adapters.plugins import Surroundings
from adapters.postgres.delivery_queue import PostgresDeliveryQueue
from adapters.postgres.engine import make_engine
from adapters.postgres.housekeeping import PostgresHousekeeping
from adapters.postgres.idempotency import PostgresIdempotency
from adapters.postgres.import_packing import PostgresImportPacker
from adapters.postgres.ledger_seals import Seals
from adapters.postgres.lookups import PostgresLookups
from adapters.postgres.media import PostgresMediaQueries
from adapters.postgres.operator import PostgresOperator as Operator
from adapters.postgres.platform import PostgresPlatformUnitOfWork, read_clock_offset
from adapters.postgres.queries.activity import PostgresActivityQueries
from adapters.postgres.queries.batches import PostgresBatchQueries
from adapters.postgres.queries.cart import PostgresCartQueries
from adapters.postgres.queries.catalog import PostgresProductQueries
from adapters.postgres.queries.deadlines import PostgresPaymentDeadlines
from adapters.postgres.queries.dispatch import PostgresDispatchQueries
from adapters.postgres.queries.documents import PostgresProductDocuments
from adapters.postgres.queries.home import PostgresHomeQueries
from adapters.postgres.queries.identity import PostgresShopperQueries, PostgresStaffQueries
from adapters.postgres.queries.imports import PostgresImportQueries
from adapters.postgres.queries.inventory import PostgresStockQueries
from adapters.postgres.queries.ledger import PostgresLedgerQueries
from adapters.postgres.queries.logistics import PostgresLogisticsQueries
from adapters.postgres.queries.logistics_deadlines import PostgresLogisticsDeadlines
from adapters.postgres.queries.messages import PostgresDeliveryQueries, PostgresMessageQueries
from adapters.postgres.queries.orders import PostgresOrderQueries
from adapters.postgres.queries.payouts import PostgresPayoutQueries
from adapters.postgres.queries.permissions import PostgresPermissions
from adapters.postgres.queries.reconciliation import PostgresExceptionQueries
from adapters.postgres.queries.settlement_accounts import PostgresSettlementAccounts
from adapters.postgres.reading import Reader
from adapters.postgres.schedule import PostgresScheduleTable
from adapters.postgres.stores import PostgresStoreQueries
from adapters.postgres.unit_of_work import PostgresUnitOfWork
from adapters.registry import Gateways
from adapters.secret_box import SecretBox
from adapters.settings import Settings
from adapters.tokens import JwtAccessTokens
from core.application import App, BoundPort
from core.shared.calls import Run
from core.shared.context import CallContext
from core.subscriptions import SUBSCRIPTIONS
from ports.clock import Clock
from ports.ids import Ids
from ports.lookups import Lookups

__all__ = [
    "Background",
    "Engines",
    "Operator",
    "Wired",
    "background",
    "build_app",
    "configure_logs",
    "operator",
    "wire",
]


@dataclass(frozen=True, slots=True)
class Engines:
    """One pool per database role."""

    app: sa.Engine
    platform: sa.Engine

    def dispose(self) -> None:
        self.app.dispose()
        self.platform.dispose()


@dataclass(frozen=True, slots=True)
class Wired:
    """The application and what its faces need beside it."""

    app: App
    engines: Engines
    clock: Clock
    ids: Ids
    lookups: Lookups
    plain: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Background:
    """What the background process works with, as role `platform`: all stores' deliveries, schedule and deadlines."""

    deliveries: PostgresDeliveryQueue
    schedule: PostgresScheduleTable
    deadlines: PostgresPaymentDeadlines
    housekeeping: PostgresHousekeeping
    logistics: PostgresLogisticsDeadlines
    settlement_accounts: PostgresSettlementAccounts


QUERIES: dict[str, Callable[[Reader], object]] = {
    "activity_queries": PostgresActivityQueries,
    "batch_queries": PostgresBatchQueries,
    "cart_queries": PostgresCartQueries,
    "delivery_queries": PostgresDeliveryQueries,
    "dispatch_queries": PostgresDispatchQueries,
    "exception_queries": PostgresExceptionQueries,
    "import_queries": PostgresImportQueries,
    "logistics_queries": PostgresLogisticsQueries,
    "ledger_queries": PostgresLedgerQueries,
    "media_queries": PostgresMediaQueries,
    "message_queries": PostgresMessageQueries,
    "home_queries": PostgresHomeQueries,
    "order_queries": PostgresOrderQueries,
    "payout_queries": PostgresPayoutQueries,
    "product_documents": PostgresProductDocuments,
    "product_queries": PostgresProductQueries,
    "shopper_queries": PostgresShopperQueries,
    "stock_queries": PostgresStockQueries,
    "store_queries": PostgresStoreQueries,
}


def _passwords(settings: Settings) -> Argon2Passwords:
    """Slow on purpose, but for tests, which make people by the hundred."""
    return Argon2Passwords(memory_kib=1024, passes=1) if settings.environment == "test" else Argon2Passwords()


def make_clock(settings: Settings, engine: sa.Engine) -> Clock:
    """Wall time in production; elsewhere a business time that `ecommerce clock` moves."""
    return SystemClock() if settings.production else MovableClock(lambda: read_clock_offset(engine))


def wire(settings: Settings, *, clock: Clock | None = None) -> Wired:
    """Everything from settings; nothing is connected before it is first used.

    :param clock: the business clock of a test; None takes the deployment's
    """
    size = settings.web_threads + 1
    engines = Engines(
        make_engine(settings.database_url, size=size), make_engine(settings.database_platform_url, size=size)
    )
    clock = clock or make_clock(settings, engines.app)
    ids = RandomIds()
    surroundings = Surroundings(
        settings.public_url, settings.sandbox_payments_url, clock.now, settings.sandbox_carrier_url
    )
    plain: dict[str, Any] = {
        "clock": clock,
        "ids": ids,
        "links": HmacLinks(settings.secret_key, settings.public_url),
        "gateways": Gateways(SecretBox(settings.secret_box_keys), surroundings),
        "carriers": InstalledCarriers(SecretBox(settings.secret_box_keys), surroundings),
        "mailer": KeptMailer(),
        "message_templates": JinjaMessageTemplates(settings.storefront_url),
        "passwords": _passwords(settings),
        "tokens": JwtAccessTokens(settings.jwt_signing_keys, settings.public_url),
        "blobs": DiskBlobs(settings.media_dir),
        "html": Nh3Sanitizer(),
        "import_packer": PostgresImportPacker(clock, ids),
        "papers": PdfPapers(),
        "pictures": PillowPictures(),
    }
    app = App(
        plain=plain,
        bound=_bound(engines, clock, ids, Seals(settings.secret_box_keys)),
        permissions=PostgresPermissions(engines.app),
        observer=LogObserver(),
        idempotency=PostgresIdempotency(engines.app),
    )
    return Wired(app, engines, clock, ids, PostgresLookups(engines.app), plain)


def background(wired: Wired) -> Background:
    """The ports of the background process."""
    engine, clock = wired.engines.platform, wired.clock
    return Background(
        deliveries=PostgresDeliveryQueue(engine, clock),
        schedule=PostgresScheduleTable(engine, clock),
        deadlines=PostgresPaymentDeadlines(engine),
        housekeeping=PostgresHousekeeping(engine, clock),
        logistics=PostgresLogisticsDeadlines(engine),
        settlement_accounts=PostgresSettlementAccounts(engine),
    )


def operator(wired: Wired) -> Operator:
    """What commands for operators need beside the application."""
    return Operator(wired.engines.platform)


def build_app(settings: Settings) -> App:
    """The application alone."""
    return wire(settings).app


def _bound(engines: Engines, clock: Clock, ids: Ids, seals: Seals) -> dict[str, BoundPort]:
    def unit_of_work(context: CallContext, run: Run) -> object:
        return PostgresUnitOfWork(
            engines.app, context, run, clock=clock, ids=ids, subscriptions=SUBSCRIPTIONS, seals=seals
        )

    def query(make: Callable[[Reader], object]) -> BoundPort:
        return lambda context, run: make(Reader(engines.app, context))

    def platform(context: CallContext, run: Run) -> object:
        return PostgresPlatformUnitOfWork(engines.platform, context, run, clock=clock, ids=ids)

    def staff_queries(context: CallContext, run: Run) -> object:
        return PostgresStaffQueries(engines.platform, context.store_id)

    others: dict[str, BoundPort] = {"uow": unit_of_work, "platform": platform, "staff_queries": staff_queries}
    return {**others, **{name: query(make) for name, make in QUERIES.items()}}
