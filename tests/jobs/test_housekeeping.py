"""What was kept long enough goes; what somebody still needs stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

from adapters.postgres.housekeeping import PostgresHousekeeping
from tests.jobs.bench import Bench

DAY = 86_400


def _counts(bench: Bench) -> Mapping[str, int]:
    return PostgresHousekeeping(bench.wired.engines.platform, bench.clock).prune()


def test_finished_deliveries_and_their_events_go_after_a_week(bench: Bench) -> None:
    done, waiting = bench.emit("mark"), bench.emit("unavailable")
    with bench.working() as relay:
        relay.step()
    bench.clock.forward(6.9 * DAY)
    assert _counts(bench) == {"deliveries": 0, "events": 0, "idempotency keys": 0, "carrier answers": 0}
    bench.clock.forward(0.2 * DAY)
    assert _counts(bench) == {"deliveries": 1, "events": 2, "idempotency keys": 0, "carrier answers": 0}
    left = bench.owner.execute("SELECT payload->>'subject' AS subject FROM deliveries").fetchall()
    assert [row["subject"] for row in left] == [str(waiting)]
    assert bench.marks(done) == 1


def test_dead_letters_stay_until_somebody_decides(bench: Bench) -> None:
    bench.emit("mark")
    bench.owner.execute("UPDATE deliveries SET state = 'dead', done_at = %s", [bench.clock.wall()])
    bench.clock.forward(400 * DAY)
    assert _counts(bench)["deliveries"] == 0


def test_answers_to_repeats_go_after_a_day(bench: Bench) -> None:
    for name, age in (("old", 25), ("young", 23)):
        bench.owner.execute(
            "INSERT INTO idempotency_keys (store_id, caller, route, key, body_hash, created_at)"
            " VALUES (%s, 'tests', 'r', %s, '', %s)",
            [bench.store_id, name, bench.clock.wall() - timedelta(hours=age)],
        )
    assert _counts(bench)["idempotency keys"] == 1
    (left,) = bench.owner.execute("SELECT key FROM idempotency_keys").fetchall()
    assert left["key"] == "young"


def test_what_carriers_answered_goes_after_a_week(bench: Bench) -> None:
    account = uuid4()
    bench.owner.execute(
        "INSERT INTO carrier_accounts (id, store_id, carrier, name, config, enabled, requests_per_second, burst,"
        " requests_per_day, position, created_at) VALUES (%s, %s, 'x', 'X', '', true, 1, 1, 1, 0, now())",
        [account, bench.store_id],
    )
    for question, days in (("old", 7.1), ("young", 6.9)):
        bench.owner.execute(
            "INSERT INTO carrier_answers (id, store_id, account_id, question, asked_at, prices, refusals)"
            " VALUES (%s, %s, %s, %s, %s, '[]', '{}')",
            [uuid4(), bench.store_id, account, question, bench.clock.wall() - timedelta(days=days)],
        )
    assert _counts(bench)["carrier answers"] == 1
    (left,) = bench.owner.execute("SELECT question FROM carrier_answers").fetchall()
    assert left["question"] == "young"
