"""List deliveries, replay dead ones, discard what was dealt with otherwise."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

import click

from adapters.wiring import Wired, operator, wire
from core.messages.queries import DeliveryTab, GetDelivery, ListDeliveries, get_delivery, list_deliveries
from core.messages.use_cases.discard_delivery import DiscardDelivery, discard_delivery
from core.messages.use_cases.replay_delivery import ReplayDelivery, replay_delivery
from core.shared.context import CallContext, Job
from core.shared.errors import CoreError, NotFound
from core.shared.ids import DeliveryId, StoreId
from jobs.commands._settings import command_settings
from ports.paging import MAX_LIMIT, PageRequest


@dataclass(frozen=True, slots=True)
class Desk:
    """The application as a person at the command line uses it."""

    wired: Wired

    def context(self, store_id: StoreId, reason: str | None = None) -> CallContext:
        return CallContext(
            store_id, Job("cli.deliveries"), f"cli_{uuid4().hex}", reason=reason, actor_label=getpass.getuser()
        )

    def store_of(self, delivery_id: DeliveryId) -> StoreId:
        """The store whose delivery this is. Raises NotFound."""
        for store in operator(self.wired).stores():
            try:
                self.wired.app.read(get_delivery, GetDelivery(delivery_id), self.context(store.id))
            except NotFound:
                continue
            return store.id
        raise NotFound("There is no such delivery.")


@contextmanager
def _desk() -> Iterator[Desk]:
    wired = wire(command_settings())
    try:
        yield Desk(wired)
    except CoreError as refusal:
        raise click.ClickException(refusal.message) from refusal
    finally:
        wired.engines.dispose()


@click.group("deliveries")
def command() -> None:
    """List deliveries, replay dead ones, discard what was dealt with otherwise."""


@command.command("list")
@click.option("--state", type=click.Choice([tab.value for tab in DeliveryTab]), default="dead", show_default=True)
@click.option("--limit", type=click.IntRange(1, MAX_LIMIT), default=50, show_default=True, help="For each store.")
def list_(state: str, limit: int) -> None:
    """List the newest deliveries of every store in STATE."""
    with _desk() as desk:
        found = 0
        for store in operator(desk.wired).stores():
            filter_ = ListDeliveries(DeliveryTab(state), PageRequest(limit))
            for row in desk.wired.app.read(list_deliveries, filter_, desk.context(store.id)).rows:
                found += 1
                error = f"  {row.last_error.splitlines()[0]}" if row.last_error else ""
                click.echo(
                    f"{row.id}  {store.slug}  {row.created_at:%Y-%m-%d %H:%M:%S}Z  {row.subscriber}"
                    f"  tries {row.attempts}{error}"
                )
        if not found:
            click.echo(f"No delivery is {state}.")


@command.command("replay")
@click.argument("delivery_ids", type=click.UUID, nargs=-1, required=True)
def replay(delivery_ids: tuple[UUID, ...]) -> None:
    """Have dead deliveries tried anew, with the payload they have."""
    with _desk() as desk:
        for id_ in map(DeliveryId, delivery_ids):
            desk.wired.app.run(replay_delivery, ReplayDelivery(id_), desk.context(desk.store_of(id_)))
            click.echo(f"{id_} is due now.")


@command.command("discard")
@click.argument("delivery_ids", type=click.UUID, nargs=-1, required=True)
@click.option("--reason", required=True, help="How the matter was dealt with instead.")
def discard(delivery_ids: tuple[UUID, ...], reason: str) -> None:
    """Give dead or waiting deliveries up for good."""
    with _desk() as desk:
        for id_ in map(DeliveryId, delivery_ids):
            context = desk.context(desk.store_of(id_), reason)
            desk.wired.app.run(discard_delivery, DiscardDelivery(id_, reason), context)
            click.echo(f"{id_} is discarded.")
