"""The breaker on a clock that only the test moves."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from adapters.carriers.breaker import LEAST, REST, WINDOW, Breaker


@dataclass
class Seconds:
    at: float = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def breaker(seconds: Seconds) -> Breaker:
    return Breaker(seconds)


def call(breaker: Breaker, *ends: bool) -> None:
    """Calls that failed or did not."""
    for failed in ends:
        assert breaker.allows()
        breaker.record(failed=failed)


def opened(breaker: Breaker) -> Breaker:
    call(breaker, *[True] * LEAST)
    assert not breaker.allows()
    return breaker


def test_it_opens_at_half_of_ten(breaker: Breaker) -> None:
    call(breaker, *[True] * (LEAST - 1))
    assert breaker.allows(), "nine prove nothing"
    breaker.record(failed=False)
    assert not breaker.allows()


def test_less_than_half_is_borne(breaker: Breaker) -> None:
    call(breaker, *[False] * 6, *[True] * 5, *[False] * 20)
    assert breaker.allows()


def test_what_is_long_ago_does_not_count(breaker: Breaker, seconds: Seconds) -> None:
    call(breaker, *[True] * (LEAST - 1))
    seconds.at += WINDOW + 0.1
    call(breaker, True)
    assert breaker.allows()


def test_one_call_tries_after_a_rest_and_the_others_wait(breaker: Breaker, seconds: Seconds) -> None:
    opened(breaker)
    seconds.at += REST - 0.1
    assert not breaker.allows()
    seconds.at += 0.1
    assert breaker.allows()
    assert not breaker.allows(), "one at a time"


def test_a_success_closes_it_and_starts_anew(breaker: Breaker, seconds: Seconds) -> None:
    opened(breaker)
    seconds.at += REST
    call(breaker, False)
    call(breaker, *[True] * (LEAST - 1))
    assert breaker.allows()


def test_a_failure_gives_it_another_rest(breaker: Breaker, seconds: Seconds) -> None:
    opened(breaker)
    seconds.at += REST
    call(breaker, True)
    seconds.at += REST - 0.1
    assert not breaker.allows()
    seconds.at += 0.1
    assert breaker.allows()


def test_calls_from_before_it_opened_change_nothing(breaker: Breaker, seconds: Seconds) -> None:
    late = breaker.allows(), breaker.allows()
    opened(breaker)
    seconds.at += REST - 0.1
    assert late == (True, True)
    breaker.record(failed=False)
    assert not breaker.allows(), "an old success does not close it"
    breaker.record(failed=True)
    seconds.at += 0.1
    assert breaker.allows(), "an old failure gives it no longer rest"
