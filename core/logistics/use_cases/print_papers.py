"""Print what goes with goods: packing slips, a pick list, labels. Nothing is written."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from uuid import UUID

from core.shared.address import Address
from core.shared.errors import NotFound
from core.shared.ids import FulfilmentId, ShipmentId
from core.shared.permission import permission
from core.stores.model import Store
from ports.blobs import BlobStore
from ports.clock import Clock
from ports.dispatch import DispatchQueries, PackedLine, PackRow
from ports.logistics_queries import LogisticsQueries
from ports.papers import PackingSlip, Paper, PaperLine, Papers, PickList, PickRow
from ports.stores import StoreQueries

_NOT_ASCII = re.compile(r"[^ -~]")


@dataclass(frozen=True, slots=True)
class PrintPackingSlips:
    """`locale` (BCP 47) is the language of the people who read them."""

    fulfilment_ids: tuple[FulfilmentId, ...]
    locale: str


@permission("logistics.fulfilment.read", activity=False)
def print_packing_slips(
    cmd: PrintPackingSlips, /, *, dispatch_queries: DispatchQueries, store_queries: StoreQueries, papers: Papers
) -> bytes:
    """A PDF of A4 pages, a slip for each fulfilment. Raises NotFound when one of them is not there."""
    store = store_queries.current()
    slips = [_slip(row, store) for row in _rows(cmd.fulfilment_ids, dispatch_queries)]
    return papers.packing_slips(slips, cmd.locale, store.time_zone)


@dataclass(frozen=True, slots=True)
class PrintPickList:
    """`name` is what the list is called; None: the numbers of the first and the last order."""

    fulfilment_ids: tuple[FulfilmentId, ...]
    locale: str
    name: str | None = None


@permission("logistics.fulfilment.read", activity=False)
def print_pick_list(
    cmd: PrintPickList,
    /,
    *,
    dispatch_queries: DispatchQueries,
    store_queries: StoreQueries,
    papers: Papers,
    clock: Clock,
) -> bytes:
    """A PDF of A4 pages, a list for each location. Raises NotFound when a fulfilment is not there."""
    store = store_queries.current()
    rows = _rows(cmd.fulfilment_ids, dispatch_queries)
    by_location: dict[str, list[PackRow]] = defaultdict(list)
    for row in rows:
        by_location[row.location].append(row)
    lists = [
        PickList(
            name=_NOT_ASCII.sub("", cmd.name or _span(found, store)),
            location=location,
            made_at=clock.now(),
            orders=len({row.order_number for row in found}),
            rows=_picks(found, store),
        )
        for location, found in sorted(by_location.items())
    ]
    return papers.pick_lists(lists, cmd.locale, store.time_zone)


@dataclass(frozen=True, slots=True)
class PrintLabels:
    shipment_ids: tuple[ShipmentId, ...]


@permission("logistics.fulfilment.read", activity=False)
def print_labels(
    cmd: PrintLabels,
    /,
    *,
    logistics_queries: LogisticsQueries,
    store_queries: StoreQueries,
    blobs: BlobStore,
    papers: Papers,
) -> bytes:
    """One PDF of all labels. Raises NotFound when one has no paper, UnprintableLabel."""
    found = logistics_queries.labels(cmd.shipment_ids)
    if not found or len(found) < len(cmd.shipment_ids):
        raise NotFound("There is no such label.")
    prefix = store_queries.current().order_prefix
    labels = []
    for row in found:
        with blobs.open(row.sha256) as file:
            labels.append(Paper(f"{prefix}{row.order_number}", file.read(), row.media_type))
    return papers.joined(labels)


def _rows(ids: Sequence[FulfilmentId], queries: DispatchQueries) -> Sequence[PackRow]:
    rows = queries.packing(ids)
    if not rows or len(rows) < len(set(ids)):
        raise NotFound("There is no such fulfilment.")
    return rows


def _slip(row: PackRow, store: Store) -> PackingSlip:
    return PackingSlip(
        number=f"{store.order_prefix}{row.order_number}",
        part=row.part,
        placed_at=row.placed_at,
        sender=store.origin,
        shop=store.name,
        email=store.email,
        recipient=_address(row),
        lines=[_line(line, line.quantity) for line in row.lines],
        rest=row.rest,
        parcels=row.parcels,
    )


def _address(row: PackRow) -> Address | None:
    if row.address is None:
        return None
    known = {field.name for field in fields(Address)}
    return Address(**{name: value for name, value in row.address.items() if name in known})


def _line(line: PackedLine, quantity: int) -> PaperLine:
    return PaperLine(line.sku, line.title, ", ".join(line.options.values()), quantity)


def _span(rows: Sequence[PackRow], store: Store) -> str:
    first, last = (f"{store.order_prefix}{row.order_number}" for row in (rows[0], rows[-1]))
    return first if first == last else f"{first} {last}"


def _picks(rows: Sequence[PackRow], store: Store) -> Sequence[PickRow]:
    """Thing by thing, in the order of SKUs; what has none comes last."""
    things: dict[UUID, PackedLine] = {}
    pieces: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        for line in row.lines:
            things.setdefault(line.variant_id, line)
            pieces[line.variant_id][f"{store.order_prefix}{row.order_number}"] += line.quantity
    ordered = sorted(things, key=lambda id_: (things[id_].sku is None, things[id_].sku or "", things[id_].title))
    return [PickRow(_line(things[id_], sum(pieces[id_].values())), list(pieces[id_].items())) for id_ in ordered]
