"""The page of a batch: prices of many parcels side by side, labels as they are bought, cost, and papers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask import render_template
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from admin import batch_page
from admin.access import requires
from admin.context import read, store
from admin.desk import now, zone
from admin.shipping_words import problem
from core.logistics.batch import Batch, BatchState
from core.logistics.choosing import Choice, arrives_on, in_time
from core.logistics.queries import GetBatch, GetQuotes, GetWork, get_batch, get_quotes, get_work

CHOICES: Mapping[Choice, LazyString] = {
    Choice.CHEAPEST_IN_TIME: _l("Cheapest that keeps the promise"),
    Choice.CHEAPEST: _l("Cheapest"),
    Choice.FASTEST: _l("Fastest"),
}


def lines_of(batch: Batch) -> list[batch_page.Line]:
    """The batch's parcels as they are now."""
    works = read(get_work, GetWork(tuple({row.fulfilment_id for row in batch.rows})))
    quotes = read(get_quotes, GetQuotes(tuple(row.parcel_id for row in batch.rows)))
    days: dict[UUID, date] = {work.order_id: work.placed_at.astimezone(zone()).date() for work in works}
    return list(batch_page.lines(batch, works, quotes, days))


@requires("logistics.fulfilment.read")
def batch(number: int) -> str:
    """One batch as it stands; while a job works on it the page looks again by itself."""
    found = read(get_batch, GetBatch(number))
    lines, currency = lines_of(found), store().currency
    offers = [quote for line in lines for quote in line.offers.values()]
    today = now().astimezone(zone()).date()
    return render_template(
        "shipping/batch.html",
        batch=found,
        lines=lines,
        services=batch_page.services(lines),
        failed=[line for line in lines if line.failed],
        to_buy=[line for line in lines if line.postage is None and line.chosen and not line.usable and line.here],
        printable=[str(line.postage.id) for line in lines if line.printable and line.postage is not None],
        leaving=[line for line in lines if line.usable and line.here],
        fulfilments=list(dict.fromkeys(str(line.work.fulfilment.id) for line in lines)),
        cost=batch_page.labels_cost(lines, currency),
        legs=batch_page.cost_legs(lines, currency),
        shares=batch_page.by_carrier(lines, currency),
        progress=batch_page.progress(found, lines, now()),
        working=found.state in (BatchState.QUOTING, BatchState.BUYING),
        choices=CHOICES,
        problem=problem,
        arrives=lambda quote: arrives_on(today, quote.days),
        misses=lambda quote, promise: not in_time(today, quote.days, promise),
        quoted=max((quote.quoted_at for quote in offers), default=None),
        good_until=min((quote.expires_at for quote in offers), default=None),
    )
