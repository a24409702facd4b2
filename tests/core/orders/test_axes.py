"""The payment axis stands twice, as a function and as SQL; both say the same of every small case."""

from __future__ import annotations

import json
import re
from itertools import combinations_with_replacement, product
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from adapters.postgres.orders import REFRESH
from core.orders.axes import PaymentStatus, Tender, payment_status
from core.payments.lifecycle import PaymentState
from tests.core.checkout.test_by_hand import place
from tests.shop import Shop

STATES = [str(state) for state in PaymentState]
SUMS = [(0, 0), (50, 0), (100, 0), (150, 0), (100, 40), (100, 100), (150, 50), (150, 20), (150, 150), (50, 60)]
CASE = re.search(r"payment_status = (CASE.*?END)", REFRESH.text, re.DOTALL)


def tenders() -> list[Tender]:
    return [Tender(state, 0, captured, refunded) for state, (captured, refunded) in product(STATES, SUMS)]


def test_both_say_the_same_of_every_combination(shop: Shop) -> None:
    assert CASE is not None
    cases = [
        (total, list(together))
        for total in (0, 100)
        for many in (0, 1, 2)
        for together in combinations_with_replacement(tenders(), many)
    ]
    wanted = [str(payment_status(total, together)) for total, together in cases]
    rows = shop.sql(
        f"SELECT {CASE[1]} AS status FROM jsonb_to_recordset(:cases)"
        " AS c(at int, total_minor bigint, captured numeric, refunded numeric, state jsonb),"
        " LATERAL (SELECT c.captured, c.refunded, ARRAY(SELECT jsonb_array_elements_text(c.state)) AS states) f"
        " ORDER BY at",
        cases=json.dumps([_case(at, total, together) for at, (total, together) in enumerate(cases)]),
    )
    assert [row["status"] for row in rows] == wanted
    assert set(wanted) == set(PaymentStatus) - {PaymentStatus.DISPUTED}


def _case(at: int, total: int, together: list[Tender]) -> dict[str, Any]:
    return {
        "at": at,
        "total_minor": total,
        "captured": sum(t.captured for t in together),
        "refunded": sum(t.refunded for t in together),
        "state": [t.state for t in together],
    }


@pytest.mark.parametrize("second", [None, "captured", "voided"])
def test_the_statement_adds_up_the_order_s_own_payments(shop: Shop, second: str | None) -> None:
    place(shop, shop.cart({shop.product(): 1}))  # somebody else's money changes nothing
    order = place(shop, shop.cart({shop.product(): 1}))
    total = order.total.minor
    if second is not None:
        shop.execute(
            "INSERT INTO payments SELECT (jsonb_populate_record(p, jsonb_build_object('id', CAST(:id AS text),"
            " 'provider_reference', CAST(:id AS text)))).* FROM payments p WHERE p.order_id = :o",
            id=str(uuid4()),
            o=order.id,
        )
    for state, captured, refunded in product(STATES, (0, total - 1, total, total + 1), (0, 1, total)):
        first = Tender(state, 0, captured, refunded)
        together = [first] if second is None else [first, Tender(second, 0, total if second == "captured" else 0, 0)]
        _set(shop, order.id, together)
        shop.execute(REFRESH.text, order_id=order.id)
        row = shop.sql("SELECT payment_status FROM orders WHERE id = :o", o=order.id)[0]
        assert row["payment_status"] == payment_status(total, together), together


def _set(shop: Shop, order_id: Any, together: list[Tender]) -> None:
    ids = [
        row["id"] for row in shop.sql("SELECT id FROM payments WHERE order_id = :o ORDER BY created_at, id", o=order_id)
    ]
    with shop.wired.engines.app.begin() as connection:
        connection.execute(sa.text("SELECT set_config('app.store_id', :s, true)"), {"s": str(shop.store_id)})
        for id_, tender in zip(ids, together, strict=True):
            connection.execute(
                sa.text("UPDATE payments SET state = :s, captured_minor = :c, refunded_minor = :r WHERE id = :id"),
                {"s": tender.state, "c": tender.captured, "r": tender.refunded, "id": id_},
            )
