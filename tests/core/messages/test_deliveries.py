"""What becomes of a delivery whose subscriber raised: pure rules."""

from __future__ import annotations

import pytest

from core.messages.deliveries import (
    DELIVERY_LIFECYCLE,
    MAX_ATTEMPTS,
    MAX_OUTAGE_ATTEMPTS,
    DeliveryState,
    DeliveryStep,
    backoff_seconds,
    described,
    judge,
)
from core.shared.errors import Conflict, Forbidden, Invalid, NotFound, Rejected, Unavailable, WriteConflict


def test_waiting_doubles_up_to_an_hour() -> None:
    assert [backoff_seconds(n) for n in (1, 2, 3, 10, 11, 40)] == [5, 10, 20, 2560, 3600, 3600]


@pytest.mark.parametrize("error", [Unavailable("away", retry_after=1), WriteConflict("changed")])
def test_outages_and_write_conflicts_wait_for_about_a_day(error: Exception) -> None:
    waits = 0
    for attempt in range(1, MAX_OUTAGE_ATTEMPTS):
        verdict = judge(error, attempt)
        assert verdict.step is DeliveryStep.RETRY
        waits += verdict.wait_seconds
    assert 20 * 3600 < waits < 28 * 3600
    assert judge(error, MAX_OUTAGE_ATTEMPTS).step is DeliveryStep.GIVE_UP


def test_a_provider_that_names_a_time_is_not_asked_before_it() -> None:
    assert judge(Unavailable(retry_after=90), 1).wait_seconds == 90
    assert judge(Unavailable(retry_after=1), 3).wait_seconds == 20


@pytest.mark.parametrize("error", [Rejected("no"), Invalid("no"), NotFound("no"), Conflict("no"), Forbidden("a.b.c")])
@pytest.mark.parametrize("attempt", [1, MAX_ATTEMPTS + 5])
def test_a_refusal_is_an_answer(error: Exception, attempt: int) -> None:
    verdict = judge(error, attempt)
    assert verdict.step is DeliveryStep.FINISH
    assert verdict.error


def test_a_bug_is_tried_again_and_then_kept_for_a_person() -> None:
    steps = [judge(KeyError("total"), attempt).step for attempt in range(1, MAX_ATTEMPTS + 2)]
    assert steps == [DeliveryStep.RETRY] * (MAX_ATTEMPTS - 1) + [DeliveryStep.GIVE_UP] * 2


def test_an_error_is_told_by_code_or_kind_and_never_endlessly() -> None:
    assert described(Rejected("not here")) == "rejected: not here"
    assert described(ValueError("x")) == "ValueError: x"
    assert len(described(ValueError("x" * 9000))) == 2000


def test_only_the_dead_are_replayed_and_what_runs_is_not_discarded() -> None:
    may_replay = {s for s in DeliveryState if DELIVERY_LIFECYCLE.allows(s, DeliveryStep.REPLAY)}
    may_discard = {s for s in DeliveryState if DELIVERY_LIFECYCLE.allows(s, DeliveryStep.DISCARD)}
    assert may_replay == {DeliveryState.DEAD}
    assert may_discard == {DeliveryState.DEAD, DeliveryState.WAITING}
