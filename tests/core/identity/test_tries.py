"""Tries to sign in: who has to wait for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.identity.errors import SignInPaused, SignInRefused
from core.identity.tries import (
    ADDRESS_TRIES,
    KNOWN,
    PAIR_TRIES,
    PAUSE,
    STAFF,
    Door,
    SignInTries,
    Tries,
    client_of,
    shoppers_of,
)
from core.shared.ids import StoreId
from tests.core.identity.test_model import new

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
FRESH = SignInTries(Tries(PAIR_TRIES, 0, AT), Tries(ADDRESS_TRIES, 0, AT))
TIRED = Tries(ADDRESS_TRIES, ADDRESS_TRIES, AT + PAUSE)


def refused(tries: SignInTries, at: datetime = AT) -> SignInRefused:
    with pytest.raises(SignInRefused) as raised:
        tries.judge(right=False, at=at)
    return raised.value


def test_the_fifth_wrong_password_starts_the_pause() -> None:
    tries, left = FRESH, []
    for minute in range(PAIR_TRIES):
        tries = tries.counted(AT + timedelta(minutes=minute))
        left.append(refused(tries).tries_left)
    assert left == [4, 3, 2, 1, 0]
    begun = AT + timedelta(minutes=PAIR_TRIES - 1)
    with pytest.raises(SignInPaused) as paused:
        tries.counted(begun + PAUSE - SECOND)
    assert paused.value.retry_after == 2
    assert tries.counted(begun + PAUSE).pair.left == PAIR_TRIES - 1


def test_tries_are_forgotten_a_quarter_of_an_hour_after_the_first() -> None:
    tries = FRESH.counted(AT).counted(AT + PAUSE - SECOND)
    assert tries.pair.failed == 2
    assert tries.counted(AT + PAUSE).pair.failed == 1


def test_a_right_password_starts_anew_and_costs_the_address_nothing() -> None:
    before = FRESH.counted(AT).counted(AT)
    counted = before.counted(AT)
    counted.judge(right=True, at=AT)
    after = counted.passed(counted, AT)
    assert (after.pair.left, after.client.failed) == (PAIR_TRIES, before.client.failed)
    assert after.known_until == AT + KNOWN


def test_an_address_out_of_tries_lets_in_whom_it_knows() -> None:
    known = replace(FRESH, client=TIRED, known_until=AT + SECOND).counted(AT)
    known.judge(right=True, at=AT)
    assert known.passed(known, AT).client == TIRED, "its tries are not given back: they were not taken"
    for right, tries in (
        (False, known),
        (True, replace(known, known_until=AT)),
        (True, replace(known, known_until=None)),
    ):
        with pytest.raises(SignInPaused) as paused:
            tries.judge(right, AT)
        assert paused.value.retry_after == PAUSE.total_seconds() + 1


def test_an_address_out_of_tries_goes_on_counting_for_the_account() -> None:
    tries = replace(FRESH, client=TIRED)
    for _ in range(PAIR_TRIES):
        tries = tries.counted(AT)
    with pytest.raises(SignInPaused):
        tries.counted(AT)
    assert tries.client == TIRED, "the pause would never end for who tries on"


def test_the_last_try_of_an_address_is_one() -> None:
    last = replace(FRESH, client=replace(TIRED, failed=ADDRESS_TRIES - 1)).counted(AT)
    last.judge(right=True, at=AT)
    assert refused(last).tries_left == 0


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_what_one_client_is(address: str, client: str) -> None:
    assert client_of(address) == client


def test_doors() -> None:
    store = StoreId(new())
    door = Door(STAFF, "maria@example.com", "203.0.113.7")
    assert replace(door, email=" MARIA@example.com").pair == door.pair
    assert replace(door, email="x@example.com").client == door.client
    others = [
        replace(door, email="x@example.com"),
        replace(door, address="203.0.113.8"),
        replace(door, realm=shoppers_of(store)),
        replace(door, realm=shoppers_of(StoreId(new()))),
    ]
    assert len({found.pair for found in (door, *others)}) == 5
    assert len({found.known for found in (door, *others)} | {door.pair, door.client}) == 7
    assert replace(door, email="\ud800").pair  # no account has it; it is refused, not a crash
