"""Make a store: the platform's work, on the command line and in the demo."""

from __future__ import annotations

from dataclasses import dataclass

from core.shared.address import Address
from core.shared.ids import LocationId, StoreId
from core.shared.permission import permission
from core.stores.model import CapturePolicy, Store
from ports.clock import Clock
from ports.identity import PlatformUnitOfWork
from ports.ids import Ids
from ports.stores import NewStore


@dataclass(frozen=True, slots=True)
class CreateStore:
    """Settings of the new store; what is left out is what most shops in Brazil want.

    Times: `card_seconds` in seconds, `pix_minutes` in minutes, `bank_transfer_days` in days.
    """

    name: str
    slug: str
    email: str
    currency: str = "BRL"
    locale: str = "pt-BR"
    locales: tuple[str, ...] = ("pt-BR", "en")
    countries: tuple[str, ...] = ("BR",)
    time_zone: str = "America/Sao_Paulo"
    prices_include_tax: bool = True
    order_prefix: str = ""
    capture_policy: CapturePolicy = CapturePolicy.AT_ONCE
    card_seconds: int = 15 * 60
    pix_minutes: int = 30
    bank_transfer_days: int = 5
    origin: Address | None = None
    location_name: str = "Estoque"


@permission("stores.store.create")
def create_store(cmd: CreateStore, /, *, platform: PlatformUnitOfWork, clock: Clock, ids: Ids) -> StoreId:
    """Raises SlugTaken."""
    store = Store(
        id=StoreId(ids.new()),
        name=cmd.name,
        slug=cmd.slug,
        currency=cmd.currency,
        currencies=(cmd.currency,),
        locale=cmd.locale,
        locales=cmd.locales,
        countries=cmd.countries,
        time_zone=cmd.time_zone,
        prices_include_tax=cmd.prices_include_tax,
        order_prefix=cmd.order_prefix,
        capture_policy=cmd.capture_policy,
        card_seconds=cmd.card_seconds,
        pix_minutes=cmd.pix_minutes,
        bank_transfer_days=cmd.bank_transfer_days,
        email=cmd.email,
        origin=cmd.origin,
        created_at=clock.now(),
    )
    with platform() as tx:
        tx.stores.add(NewStore(store, LocationId(ids.new()), cmd.location_name))
    return store.id
