"""What shipping's hot statements read beside 20,000 parcels on their way, as the application's role."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from adapters.postgres.queries.logistics import PostgresLogisticsQueries
from adapters.postgres.queries.orders import PostgresOrderQueries
from adapters.postgres.reading import Reader
from adapters.provisioning import DatabaseAddresses
from core.logistics.lifecycle import FulfilmentState
from core.logistics.use_cases.sync_tracking import SyncTracking, sync_tracking
from core.shared.ids import CarrierAccountId
from ports.orders import OrderDetail
from ports.paging import PageRequest
from tests.carrier import add_carrier, s10
from tests.core.logistics.sending import number, order_of, parcel_of, plan, ship
from tests.plans import Watched
from tests.shop import Shop, open_shop

# Many more orders with a fulfilment of one parcel each, half of which are due.
_FILL = """
SET session_replication_role = replica;
CREATE TEMPORARY TABLE many AS
    SELECT n, gen_random_uuid() AS order_id, gen_random_uuid() AS fulfilment_id FROM generate_series(1, 20000) n;
INSERT INTO orders SELECT (jsonb_populate_record(o, jsonb_build_object(
    'id', m.order_id, 'cart_id', gen_random_uuid(), 'number', 5000 + m.n))).*
FROM orders o, many m WHERE o.number = 1001;
INSERT INTO fulfilments SELECT (jsonb_populate_record(f, jsonb_build_object(
    'id', m.fulfilment_id, 'order_id', m.order_id, 'planned_at', f.planned_at + m.n * interval '1 second'))).*
FROM fulfilments f, many m WHERE f.state = 'planned';
INSERT INTO parcels SELECT (jsonb_populate_record(p, jsonb_build_object(
    'id', gen_random_uuid(), 'order_id', m.order_id, 'fulfilment_id', m.fulfilment_id, 'tracking_number', 'N' || m.n,
    'tracking_folded', 'N' || m.n, 'next_poll_at', p.next_poll_at + (m.n - 10000) * interval '1 minute'))).*
FROM parcels p, many m WHERE p.tracking_folded = 'AA000000014BR';
ANALYZE
"""


@pytest.fixture
def crowded(
    fresh_database: DatabaseAddresses, tmp_path: Path
) -> Iterator[tuple[Shop, DatabaseAddresses, CarrierAccountId, OrderDetail]]:
    """A shop with many orders on their way, and one of them."""
    shop = open_shop(fresh_database, tmp_path)
    _, account = add_carrier(shop, burst=10, requests_per_second=1)
    orders = [order_of(shop, 1) for _ in range(3)]
    for item, order in enumerate(orders[:2], start=1):
        planned = plan(shop, order)
        number(shop, parcel_of(shop, planned), s10(item), account)
        ship(shop, planned)
    plan(shop, orders[2])
    assert s10(1) == "AA000000014BR"
    with psycopg.connect(fresh_database.superuser_url, autocommit=True) as connection:
        for statement in _FILL.split(";"):
            connection.execute(statement.encode())
    yield shop, fresh_database, account, orders[1]
    shop.wired.engines.dispose()


def test_what_is_read_is_what_is_asked_for(
    crowded: tuple[Shop, DatabaseAddresses, CarrierAccountId, OrderDetail],
) -> None:
    shop, database, account, order = crowded
    engine = shop.wired.engines.app

    def watched() -> Watched:
        return Watched(engine, database.superuser_url, shop.store_id)

    with watched() as statements:
        assert shop.run(sync_tracking, SyncTracking(account)).asked >= 200  # a bucket of ten requests of twenty
    statements.check(200)
    reader = Reader(engine, shop.job)
    with watched() as statements:
        found = PostgresOrderQueries(reader).get(order.id)
        assert [parcel.tracking_number for one in found.fulfilments for parcel in one.parcels] == [s10(2)]
    statements.check(1)
    queries = PostgresLogisticsQueries(reader)
    first = queries.worklist([FulfilmentState.PLANNED], PageRequest(20))
    with watched() as statements:
        assert len(queries.worklist([FulfilmentState.PLANNED], PageRequest(20, first.next)).rows) == 20
    statements.check(20)
    with watched() as statements:
        assert queries.progress(order.id)
    statements.check(1)
