"""The fold over what was seen: the same whatever the order and the number of times it is told."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from core.logistics.budget import Budget
from core.logistics.errors import WrongTrackingNumber
from core.logistics.numbers import checked_number, fold_number
from core.logistics.polling import INTERVALS, next_poll
from core.logistics.tracking import (
    TERMINAL,
    Folded,
    ParcelStatus,
    TrackingEvent,
    TrackingSource,
    dedupe_key,
    fold_events,
)
from core.shared.ids import CarrierAccountId, ParcelId

S = ParcelStatus
START = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
PARCEL = ParcelId(UUID(int=1))

# Lives as carriers tell them: the last status is what the fold must come to, whether it is doubtful beside it.
LIVES: dict[str, tuple[list[str], ParcelStatus, bool]] = {
    "smooth": (["label_created", "accepted", "in_transit", "in_transit", "out_for_delivery", "delivered"],
               S.DELIVERED, False),
    "three attempts, then back": (
        ["accepted", "in_transit", "out_for_delivery", "delivery_attempted", "out_for_delivery", "delivery_attempted",
         "out_for_delivery", "delivery_attempted", "returning", "in_transit", "returned"], S.RETURNED, False),
    "scanned after delivery": (["accepted", "in_transit", "delivered", "in_transit"], S.DELIVERED, True),
    "delivered in error": (["accepted", "delivered", "returning"], S.RETURNING, False),
    "lost and found": (["accepted", "in_transit", "lost", "delivered"], S.DELIVERED, False),
    "at the counter": (["accepted", "in_transit", "available_for_pickup", "delivered"], S.DELIVERED, False),
    "customs": (["accepted", "in_transit", "customs_hold", "in_transit"], S.IN_TRANSIT, False),
    "late and wrong": (["accepted", "delayed", "exception", "in_transit"], S.IN_TRANSIT, False),
    "never sent": (["label_created", "cancelled"], S.CANCELLED, False),
}  # fmt: skip


def event(status: str, at: datetime | None, number: int, **more: object) -> TrackingEvent:
    values: dict[str, object] = {
        "raw_code": f"{status}-{number}", "text": "", "local_time": at.isoformat() if at else "", "at": at,
        "place": None, "event_id": None, "sequence": None, "source": TrackingSource.POLL,
    }  # fmt: skip
    return TrackingEvent(status=S(status), **(values | more))  # type: ignore[arg-type]  # values of any field


def life(name: str, *, utc: bool) -> list[TrackingEvent]:
    told = []
    for number, status in enumerate(LIVES[name][0]):
        at = START + timedelta(hours=5 * number)
        local = (at - timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")  # to the minute, without a zone
        told.append(event(status, at if utc else None, number, local_time=local))
    return told


@pytest.mark.parametrize(("name", "utc"), list(product(LIVES, [True, False])))
def test_two_thousand_orders_of_arrival_with_repeats_come_to_the_same(name: str, utc: bool) -> None:
    told = life(name, utc=utc)
    whole = fold_events(told)
    assert (whole.status, whole.doubtful) == LIVES[name][1:]
    chance = random.Random(f"{name}{utc}")
    for _ in range(2_000):
        arrived = told + chance.choices(told, k=chance.randrange(4))
        chance.shuffle(arrived)
        assert fold_events(arrived) == whole


def test_what_came_last_is_wrong_where_the_fold_is_right() -> None:
    """The property is worth something: last-write-wins fails for most orders of the same life."""
    told = life("three attempts, then back", utc=True)
    chance = random.Random(7)
    last = [chance.sample(told, len(told))[-1].status for _ in range(500)]
    assert sum(status is not S.RETURNED for status in last) > 400


def test_nothing_is_known_of_nothing() -> None:
    assert fold_events([]) == Folded(S.UNKNOWN, None)
    assert fold_events([event("unknown", START, 1)]) == Folded(S.UNKNOWN, None)


def test_of_one_moment_the_sequence_and_then_the_later_stage_counts() -> None:
    same = [event("out_for_delivery", START, 1), event("delivered", START, 2)]
    assert fold_events(same).status is S.DELIVERED
    counted = [event("in_transit", START, 1, sequence=2), event("out_for_delivery", START, 2, sequence=1)]
    assert fold_events(counted).status is S.IN_TRANSIT


@pytest.mark.parametrize("end", sorted(TERMINAL))
def test_the_end_holds_against_every_later_scan_but_a_return(end: ParcelStatus) -> None:
    for later in S:
        folded = fold_events([event(end, START, 1), event(later, START + timedelta(hours=1), 2)])
        if later in TERMINAL or later is S.RETURNING:
            assert (folded.status, folded.doubtful) == (later, False)
        elif later is S.UNKNOWN:
            assert (folded.status, folded.doubtful) == (end, False)
        else:
            assert (folded.status, folded.doubtful) == (end, True)


def test_the_same_thing_reworded_is_the_same_thing() -> None:
    once = event("in_transit", START, 1, text="Objeto em trânsito", place="Curitiba  PR", raw_code="RO")
    again = event("in_transit", START, 1, text="In transit", place="CURITIBA PR", raw_code="RO")
    other = event("in_transit", START, 1, text="In transit", place="São Paulo SP", raw_code="RO")
    assert dedupe_key(PARCEL, once) == dedupe_key(PARCEL, again) != dedupe_key(PARCEL, other)
    assert dedupe_key(PARCEL, once) != dedupe_key(ParcelId(UUID(int=2)), once)
    named = [event("accepted", START, n, event_id="evt_1") for n in (1, 2)]
    assert dedupe_key(PARCEL, named[0]) == dedupe_key(PARCEL, named[1])


# -- numbers -----------------------------------------------------------------------------------------------


def test_numbers_are_compared_folded_and_kept_as_typed() -> None:
    assert checked_number("  aa 473124829 br ") == "aa 473124829 br"
    assert fold_number("aa 47312482-9 br") == "AA473124829BR"
    assert checked_number("1Z999AA10123456784")


@pytest.mark.parametrize("typed", ["", "   ", "AA473124828BR", "aa 4731 24827 br", "x" * 61, "número", "12;34"])
def test_a_number_that_cannot_be_right_is_refused(typed: str) -> None:
    with pytest.raises(WrongTrackingNumber):
        checked_number(typed)


def test_every_other_check_digit_is_refused() -> None:
    for digit in "012345678":
        with pytest.raises(WrongTrackingNumber):
            checked_number(f"AA47312482{digit}BR")


# -- when to ask -------------------------------------------------------------------------------------------


def asked(status: str, *, silent: timedelta = timedelta(0), polls: int = 3, news: bool = True) -> timedelta | None:
    at = next_poll(
        PARCEL, S(status), START, tracked_since=START - silent, last_news_at=START - silent if news else None,
        ended_at=START if S(status) in TERMINAL else None, polls=polls,
    )  # fmt: skip
    return None if at is None else at - START


def around(found: timedelta | None, wanted: timedelta) -> bool:
    return found is not None and wanted * 0.8 <= found <= wanted * 1.2


def test_by_status_and_by_silence() -> None:
    for status, wanted in {
        s: INTERVALS.get(s, timedelta(hours=8)) for s in S if s not in TERMINAL and s is not S.UNKNOWN
    }.items():
        assert around(asked(status), wanted), status
    assert around(asked("in_transit", silent=timedelta(days=8)), timedelta(hours=8))
    assert around(asked("in_transit", silent=timedelta(days=22)), timedelta(hours=16))
    assert around(asked("in_transit", silent=timedelta(days=31)), timedelta(hours=24))
    assert asked("in_transit", silent=timedelta(days=120)) is None


def test_a_new_number_is_asked_about_soon_and_then_less() -> None:
    first = [asked("unknown", news=False, polls=polls) for polls in range(6)]
    for found, minutes in zip(first, (30, 60, 120, 240, 360, 360), strict=True):
        assert around(found, timedelta(minutes=minutes))


def test_after_the_end_once_more_and_then_never() -> None:
    assert asked("delivered") == timedelta(days=3)
    later = START + timedelta(days=4)
    assert (
        next_poll(PARCEL, S.DELIVERED, later, tracked_since=START, last_news_at=START, ended_at=START, polls=9) is None
    )


def test_parcels_of_one_moment_are_not_asked_about_in_one_moment() -> None:
    times = {
        next_poll(ParcelId(UUID(int=n)), S.IN_TRANSIT, START, tracked_since=START, last_news_at=START, ended_at=None,
                  polls=1)
        for n in range(50)
    }  # fmt: skip
    assert len(times) == 50


# -- how often ---------------------------------------------------------------------------------------------


def bucket(**limits: int) -> Budget:
    known = {"per_second": 10, "burst": 20, "per_day": 1_000} | limits
    return Budget.full(CarrierAccountId(UUID(int=9)), known["per_second"], known["burst"], known["per_day"], START)


def test_never_more_than_the_rate_and_a_burst_in_any_second() -> None:
    budget, granted, at = bucket(per_day=100_000), [], START
    for _ in range(400):
        at += timedelta(milliseconds=25)
        granted.append((at, budget.take(7, at)))
    for start, _ in granted:
        within = sum(count for when, count in granted if start <= when < start + timedelta(seconds=1))
        assert within <= 10 + 20
    total = sum(count for _, count in granted)
    assert 10 * 10 <= total <= 10 * 10 + 20


def test_a_share_of_the_day_is_kept_for_people_and_midnight_begins_anew() -> None:
    budget = bucket(burst=100_000, per_day=100)
    assert budget.take(1_000, START) == 80
    assert budget.take(1, START + timedelta(hours=1)) == 0
    assert budget.take(1_000, START + timedelta(days=1)) == 80


def test_a_refusal_is_heeded_and_halves_the_rate() -> None:
    budget = bucket()
    budget.refused(30, START)
    assert budget.take(1, START + timedelta(seconds=29)) == 0
    assert budget.rate == 5_000
    assert budget.take(1, START + timedelta(seconds=31)) == 1
    for _ in range(100):
        budget.recovered()
    assert budget.rate == 10_000


def test_what_was_not_needed_is_given_back() -> None:
    budget = bucket()
    budget.give_back(budget.take(10, START) - 2)
    assert (budget.used_today, budget.tokens) == (2, 18_000)


def test_what_a_grant_took_beyond_it_is_missing_from_the_next() -> None:
    budget = bucket()
    assert budget.take(20, START) == 20
    budget.also_used(5)
    assert budget.take(1, START + timedelta(milliseconds=500)) == 0
    assert budget.take(20, START + timedelta(seconds=1)) == 5
    assert budget.used_today == 30
