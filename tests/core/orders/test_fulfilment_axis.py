"""The fulfilment axis stands twice, as functions and as SQL; both say the same of lines, refunds and parcels."""

from __future__ import annotations

import json
import random
import re
from datetime import UTC, datetime, timedelta
from itertools import combinations_with_replacement
from typing import Any
from uuid import uuid4

import pytest

from adapters.postgres.logistics_progress import LINE_PROGRESS
from adapters.postgres.orders import REFRESH
from core.logistics.tracking import ParcelStatus
from core.orders.axes import FulfilmentStatus, LineProgress, fulfilment_status, withdrawn
from tests.core.logistics.sending import order_of
from tests.shop import Shop

CASE = re.search(r"fulfilment_status = (CASE.*?END)", REFRESH.text, re.DOTALL)
START = datetime(2026, 11, 3, tzinfo=UTC)
LINES = [LineProgress(2, 0, shipped, gone) for shipped, gone in ((0, 0), (0, 2), (1, 0), (1, 1), (2, 0))]
PARCELS = [str(status) for status in ParcelStatus]


def test_both_say_the_same_of_every_combination(shop: Shop) -> None:
    assert CASE is not None
    cases = [
        (list(lines), list(parcels))
        for lines in combinations_with_replacement(LINES, 2)
        for many in (0, 1, 2)
        for parcels in combinations_with_replacement(PARCELS, many)
    ]
    wanted = [str(fulfilment_status(lines, parcels)) for lines, parcels in cases]
    rows = shop.sql(
        f"SELECT {CASE[1]} AS status FROM jsonb_to_recordset(:cases)"
        ' AS c("at" int, shipped int, short boolean, parcels jsonb),'
        " LATERAL (SELECT c.shipped, c.short) g, LATERAL (SELECT"
        " count(*) FILTER (WHERE p.status <> 'cancelled') AS live,"
        " count(*) FILTER (WHERE p.status IN ('delivered', 'returned', 'lost')) AS ended,"
        " count(*) FILTER (WHERE p.status = 'delivered') AS delivered,"
        " count(*) FILTER (WHERE p.status IN ('unknown', 'label_created')) AS unscanned"
        ' FROM jsonb_array_elements_text(c.parcels) AS p(status)) p ORDER BY c."at"',
        cases=json.dumps([
            {"at": at, "shipped": sum(line.shipped for line in lines), "short": any(line.short for line in lines),
             "parcels": parcels}
            for at, (lines, parcels) in enumerate(cases)
        ]),
    )  # fmt: skip
    assert [row["status"] for row in rows] == wanted
    assert set(wanted) == set(FulfilmentStatus)


@pytest.mark.parametrize("seed", range(40))
def test_both_say_the_same_of_any_history(shop: Shop, seed: int) -> None:
    """Pieces that leave, are taken back and are refunded, in any order that the shop allows."""
    chance = random.Random(seed)
    order = order_of(shop, 4, stock=None)
    line, parcels = order.lines[0], list[str]()
    left, refunded = list[tuple[datetime, int]](), list[tuple[datetime, int]]()
    for step in range(6):
        at, gone = START + timedelta(days=step), sum(n for _, n in left)
        room = 4 - gone - withdrawn(4, left, refunded)
        if chance.random() < 0.5 and room:
            count, state = chance.randint(1, room), chance.choice(["shipped", "shipped", "reversed"])
            status = chance.choice(PARCELS)
            _fulfil(shop, order, line.id, count, state, at, status)
            if state == "shipped":
                left.append((at, count))
                parcels.append(status)
        elif sum(n for _, n in refunded) < 4:
            count = chance.randint(1, 4 - sum(n for _, n in refunded))
            declined = chance.random() < 0.3
            _refund(shop, order, line.id, count, at, declined=declined)
            if not declined:
                refunded.append((at, count))
        _compare(shop, order, LineProgress(4, 0, sum(n for _, n in left), withdrawn(4, left, refunded)), parcels)


def _compare(shop: Shop, order: Any, wanted: LineProgress, parcels: list[str]) -> None:
    row = shop.sql(LINE_PROGRESS, order_id=order.id)[0]
    assert LineProgress(row["quantity"], row["planned"], row["shipped"], row["withdrawn"]) == wanted
    shop.execute(REFRESH.text, order_id=order.id)
    status = shop.sql("SELECT fulfilment_status AS s FROM orders WHERE id = :o", o=order.id)[0]["s"]
    assert status == fulfilment_status([wanted], parcels)


def _fulfil(shop: Shop, order: Any, line: Any, count: int, state: str, at: datetime, status: str) -> None:
    known = {"id": uuid4(), "s": shop.store_id, "o": order.id}
    shop.execute(
        "INSERT INTO fulfilments (id, store_id, order_id, number, location_id, state, planned_at, shipped_at, version)"
        " SELECT :id, :s, :o, 1 + count(*), (SELECT id FROM locations), :state, :at, :at, 1"
        " FROM fulfilments WHERE order_id = :o",
        **known,
        state=state,
        at=at,
    )
    shop.execute(
        "INSERT INTO fulfilment_lines (id, store_id, fulfilment_id, line_id, quantity)"
        " VALUES (gen_random_uuid(), :s, :id, :line, :count)",
        **known,
        line=line,
        count=count,
    )
    shop.execute(
        "INSERT INTO parcels (id, store_id, fulfilment_id, order_id, position, weight_grams, length_mm, width_mm,"
        " height_mm, status, doubtful, announced, polls)"
        " VALUES (gen_random_uuid(), :s, :id, :o, 1, 1, 1, 1, 1, :status, false, '{}', 0)",
        **known,
        status=status,
    )


def _refund(shop: Shop, order: Any, line: Any, count: int, at: datetime, *, declined: bool) -> None:
    known = {"id": uuid4(), "s": shop.store_id, "p": order.payments[0].id, "at": at}
    shop.execute(
        "INSERT INTO payment_operations (id, store_id, payment_id, kind, state, amount_minor, currency, key, details,"
        " requested_at) VALUES (:id, :s, :p, 'refund', :state, 1, 'BRL', :key, '{}', :at)",
        **known,
        key=str(known["id"]),
        state="declined" if declined else "succeeded",
    )
    shop.execute(
        "INSERT INTO refunds (id, store_id, order_id, payment_id, operation_id, currency, amount_minor, shipping_minor,"
        " lines, note, requested_by, requested_at)"
        " VALUES (:id, :s, :o, :p, :id, 'BRL', 1, 0, CAST(:lines AS jsonb), '', '', :at)",
        **known,
        o=order.id,
        lines=json.dumps([[str(line), count, 1]]),
    )
    if not declined:
        shop.execute("UPDATE order_lines SET refunded_quantity = refunded_quantity + :n WHERE id = :l", n=count, l=line)


def test_the_closed_form_is_what_telling_step_by_step_comes_to() -> None:
    """A refund takes what is still here first; the rest of it had left."""
    chance = random.Random(3)
    for _ in range(2_000):
        quantity, here, gone, waived = chance.randint(1, 6), 0, 0, 0
        returned = 0
        left, refunded = list[tuple[datetime, int]](), list[tuple[datetime, int]]()
        for step in range(8):
            at = START + timedelta(days=step)
            here = quantity - gone - waived
            if chance.random() < 0.5 and here:
                count = chance.randint(1, here)
                gone += count
                left.append((at, count))
            elif returned < quantity:
                count = chance.randint(1, quantity - returned)
                returned += count
                waived += min(count, here)
                refunded.append((at, count))
            assert withdrawn(quantity, left, refunded) == waived
