"""From event to effect: once, again after a crash, later after a failure, never more than one effect."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest
from dramatiq.brokers.stub import StubBroker

from core.messages.deliveries import MAX_ATTEMPTS, MAX_OUTAGE_ATTEMPTS, LeaseLost, backoff_seconds
from core.messages.use_cases.replay_delivery import ReplayDelivery, replay_delivery
from core.shared.context import CallContext, Job, Lease
from core.shared.ids import DeliveryId
from jobs.leases import Leases
from jobs.relay import Relay
from jobs.transport import make_broker
from ports.messages import LeasedDelivery
from tests.jobs.bench import Bench
from tests.jobs.probes import ACTOR, LeaveMark, leave_mark


def _stub() -> StubBroker:
    broker = make_broker(None)
    assert isinstance(broker, StubBroker)
    return broker


def _lease_one(bench: Bench) -> LeasedDelivery:
    (leased,) = bench.queue.lease(10, 30)
    return leased


def test_an_event_is_delivered_once_with_its_request_and_language(bench: Bench) -> None:
    subject = bench.emit("mark")
    written = bench.delivery(subject)
    assert (written["state"], written["attempts"], written["subscriber"]) == ("waiting", 0, ACTOR)
    with bench.working() as relay:
        assert relay.step() == 1
        assert relay.step() == 0
    row = bench.delivery(subject)
    assert (row["state"], row["attempts"], row["lease_until"], row["last_error"]) == ("done", 1, None, None)
    assert bench.marks(subject) == 1
    entry = bench.owner.execute("SELECT * FROM activity WHERE action = 'jobs.leave_mark'").fetchone()
    assert entry is not None
    assert (entry["request_id"], entry["actor_kind"], entry["actor_label"]) == ("req-42", "job", ACTOR)


def test_a_use_case_that_does_not_finish_its_delivery_is_finished_after_it(bench: Bench) -> None:
    subject = bench.emit("mark_late")
    with bench.working() as relay:
        relay.step()
    assert bench.delivery(subject)["state"] == "done"
    assert bench.marks(subject) == 1


def test_a_lease_that_ran_out_is_leased_again_and_the_first_holder_has_no_second_effect(bench: Bench) -> None:
    subject = bench.emit("mark")
    first = _lease_one(bench)
    assert bench.queue.take_up(first.id, first.attempt) is not None
    assert bench.queue.lease(10, 30) == []
    bench.clock.forward(31)
    with bench.working() as relay:
        assert relay.step() == 1
    assert bench.delivery(subject)["attempts"] == 2
    held = CallContext(bench.store_id, Job(ACTOR), "req-42", lease=Lease(first.id, first.attempt))
    with pytest.raises(LeaseLost):
        bench.app.run(leave_mark, LeaveMark(subject, "mark", ""), held)
    assert bench.marks(subject) == 1
    assert bench.delivery(subject)["state"] == "done"


def test_a_message_that_comes_twice_begins_its_work_once(bench: Bench) -> None:
    subject = bench.emit("mark")
    leased = _lease_one(bench)
    assert bench.queue.take_up(leased.id, leased.attempt) is not None
    assert bench.queue.take_up(leased.id, leased.attempt) is None
    bench.queue.finish(leased.id, leased.attempt)
    assert bench.queue.take_up(leased.id, leased.attempt) is None
    assert bench.delivery(subject)["attempts"] == 1


def test_what_was_leased_but_never_begun_does_not_count_as_tried(bench: Bench) -> None:
    subject = bench.emit("mark")
    for _ in range(MAX_ATTEMPTS + 2):
        assert _lease_one(bench).attempt == 1
        bench.clock.forward(31)
    assert bench.queue.bury(MAX_ATTEMPTS) == 0
    with bench.working() as relay:
        relay.step()
    assert (bench.delivery(subject)["attempts"], bench.marks(subject)) == (1, 1)


def test_work_that_kills_its_worker_every_time_is_kept_for_staff(bench: Bench) -> None:
    subject = bench.emit("mark")
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert bench.queue.bury(MAX_ATTEMPTS) == 0
        leased = _lease_one(bench)
        assert leased.attempt == attempt
        assert bench.queue.take_up(leased.id, leased.attempt) is not None
        bench.clock.forward(31)
    assert bench.queue.bury(MAX_ATTEMPTS) == 1
    row = bench.delivery(subject)
    assert row["state"] == "dead"
    assert row["last_error"].startswith("lease_ran_out")


def test_renewing_keeps_others_away_and_a_lost_lease_stays_lost(bench: Bench) -> None:
    bench.emit("mark")
    leased = _lease_one(bench)
    for _ in range(4):
        bench.clock.forward(20)
        bench.queue.renew({leased.id: leased.attempt})
        assert bench.queue.lease(10, 30) == []
    assert bench.queue.take_up(leased.id, leased.attempt) is not None
    for _ in range(4):
        bench.clock.forward(20)
        bench.queue.renew({leased.id: leased.attempt})
        assert bench.queue.lease(10, 30) == []
    bench.clock.forward(31)
    again = _lease_one(bench)
    assert bench.queue.take_up(again.id, again.attempt) is not None
    bench.clock.forward(29)
    bench.queue.renew({leased.id: leased.attempt})
    bench.clock.forward(2)
    assert _lease_one(bench).attempt == 3


def test_an_outage_is_waited_out_by_the_schedule_and_then_asks_for_a_person(bench: Bench) -> None:
    subject = bench.emit("unavailable")
    with bench.working() as relay:
        for attempt in range(1, MAX_OUTAGE_ATTEMPTS):
            before = bench.clock.wall()
            assert relay.step() == 1
            row = bench.delivery(subject)
            wait = max(7, backoff_seconds(attempt))
            assert (row["state"], row["attempts"]) == ("waiting", attempt)
            assert row["next_attempt_at"] - before == timedelta(seconds=wait)
            assert row["last_error"] == "unavailable: The provider sleeps."
            bench.clock.forward(wait - 1)
            assert relay.step() == 0
            bench.clock.forward(1)
        relay.step()
    assert bench.delivery(subject)["state"] == "dead"


def test_a_bug_is_a_dead_letter_after_its_tries_and_replay_starts_anew(bench: Bench) -> None:
    subject = bench.emit("broken")
    with bench.working() as relay:
        for attempt in range(1, MAX_ATTEMPTS + 1):
            assert relay.step() == 1, attempt
            bench.clock.forward(backoff_seconds(attempt))
        row = bench.delivery(subject)
        assert (row["state"], row["attempts"], row["last_error"]) == ("dead", 8, "RuntimeError: a bug")
        bench.clock.forward(86_400)
        assert relay.step() == 0
        bench.owner.execute(
            'UPDATE deliveries SET payload = payload || \'{"behaviour": "mark"}\' WHERE id = %s', [row["id"]]
        )
        bench.app.run(replay_delivery, ReplayDelivery(DeliveryId(row["id"])), bench.context)
        assert relay.step() == 1
    row = bench.delivery(subject)
    assert (row["state"], row["attempts"], row["last_error"]) == ("done", 1, None)
    assert bench.marks(subject) == 1


def test_a_refusal_by_the_rules_is_an_answer_and_kept_as_such(bench: Bench) -> None:
    subject = bench.emit("refused")
    with bench.working() as relay:
        relay.step()
    row = bench.delivery(subject)
    assert (row["state"], row["last_error"]) == ("done", "rejected: That is not done here.")


def test_a_subscriber_this_version_does_not_know_is_tried_again_later(bench: Bench) -> None:
    subject = bench.emit("mark")
    bench.owner.execute("UPDATE deliveries SET subscriber = 'probes.of_tomorrow'")
    with bench.working() as relay:
        relay.step()
    row = bench.delivery(subject)
    assert (row["state"], row["attempts"]) == ("waiting", 1)
    assert "probes.of_tomorrow" in row["last_error"]


def test_two_relays_share_the_work_and_publish_nothing_twice(bench: Bench) -> None:
    subjects = [bench.emit("mark") for _ in range(40)]
    leased: list[list[LeasedDelivery]] = [[], []]
    barrier = threading.Barrier(2)

    def take(mine: list[LeasedDelivery]) -> None:
        barrier.wait()
        while True:
            got: Sequence[LeasedDelivery] = bench.queue.lease(3, 30)
            if not got:
                return
            mine.extend(got)

    threads = [threading.Thread(target=take, args=(mine,)) for mine in leased]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [item.id for mine in leased for item in mine]
    assert len(ids) == len(set(ids)) == len(subjects)


def test_the_relay_takes_no_more_than_its_workers_hold_and_a_stop_gives_the_rest_back(bench: Bench) -> None:
    subjects = [bench.emit("mark") for _ in range(5)]
    leases = Leases(bench.queue, capacity=3)
    relay = bench.relay(_stub(), leases)
    with leases.kept():
        assert relay.step() == 3
        assert leases.room(0) == 0
        assert relay.step() == 0
    rows = [bench.delivery(subject) for subject in subjects]
    assert [(row["state"], row["attempts"]) for row in rows] == [("waiting", 0)] * 5


def test_a_stop_gives_back_what_was_begun_without_counting_it(bench: Bench) -> None:
    subject = bench.emit("mark")
    leases = Leases(bench.queue, capacity=3)
    leased = _lease_one(bench)
    with leases.kept():
        leases.hold(leased.id, leased.attempt)
        assert bench.queue.take_up(leased.id, leased.attempt) is not None
    row = bench.delivery(subject)
    assert (row["state"], row["attempts"], row["lease_until"]) == ("waiting", 0, None)


def test_the_relay_wakes_for_a_commit_and_not_only_by_the_clock(bench: Bench) -> None:
    woken = threading.Event()
    ready = threading.Event()

    def listen() -> None:
        bench.queue.wait(0.01)  # so that it listens
        ready.set()
        bench.queue.wait(30)
        woken.set()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    assert ready.wait(5)
    assert not woken.wait(0.2)
    bench.emit("mark")
    assert woken.wait(5)
    thread.join()


def test_a_relay_outlives_a_database_that_goes_away(bench: Bench) -> None:
    bench.queue.wait(0.01)
    with bench.superuser() as superuser:
        superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND usename IN ('ecommerce_platform', 'ecommerce_app')",
            [bench.database_name],
        )
    stop = threading.Event()
    with bench.working() as relay:
        loop = threading.Thread(target=Relay.run, args=(relay, stop), daemon=True)
        loop.start()
        subject = bench.emit_persistently("mark")
        bench.until(lambda: bench.marks(subject) == 1)
        stop.set()
        loop.join(10)
    assert bench.delivery(subject)["state"] == "done"
