"""The matrix behind the counter: killed anywhere while postage is bought or given back, parcels are followed,
settlements compared, facts posted, a day closed. It ends as it would have ended undisturbed, each effect once."""

from __future__ import annotations

import signal

import pytest

from tests.kill.child import OUTWARD
from tests.kill.errands import ERRANDS, Desk, Errand
from tests.kill.office import Office
from tests.kill.office_verdict import judge, state
from tests.kill.points import calls, kill_points, record, unguarded

pytestmark = pytest.mark.kill

# An offer binds nobody, and a single payout is nobody's question.
NOT_HERE = {"carrier.rates", "settlements.payout"}


def test_every_call_and_every_commit_is_a_point(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    asked: set[str] = set()
    count = 0
    for errand in ERRANDS:
        at = office.prepare(errand)
        passed = record(office.stage, errand, at)
        assert unguarded(passed) == [], errand.name
        assert [line for line in passed if line.startswith("transaction ")], errand.name
        asked |= calls(passed)
        count += len(kill_points(passed))
        _ending(office, errand, at)
    with capsys.disabled():
        print(f"\nkill matrix behind the counter: {len(ERRANDS)} deeds, {count} points, {', '.join(sorted(asked))}")
    outward = {f"{port}.{name}" for port in ("carrier", "settlements") for name in OUTWARD[port]}
    assert asked == outward - NOT_HERE


@pytest.mark.parametrize("errand", ERRANDS, ids=[errand.name for errand in ERRANDS])
def test_killed_anywhere_it_ends_the_same(office: Office, errand: Errand) -> None:
    at = office.prepare(errand)
    points = kill_points(record(office.stage, errand, at))
    wanted = _ending(office, errand, at)
    never_begun = _ending(office, errand, office.prepare(errand)) if errand.asked else wanted
    for point in points:
        for again in (True, False) if errand.asked else (False,):
            at = _kill(office, errand, point)
            if again:
                office.again(errand, at)
            ended = _ending(office, errand, at)
            told = f"{errand.name} killed at {point}, {'asked for again' if again else 'left alone'}"
            assert ended == wanted or (not again and ended == never_begun), f"{told}: {ended} instead of {wanted}"


def _kill(office: Office, errand: Errand, point: str) -> Desk:
    at = office.prepare(errand)
    ended = office.stage.run_apart(errand, at, failpoint=point)
    assert ended == (signal.SIGKILL, -signal.SIGKILL), f"{errand.name} outlived {point}: {office.stage.forks.said()}"
    return at


def _ending(office: Office, errand: Errand, at: Desk) -> object:
    office.sweep(errand.rounds)
    judge(office, errand, at)
    return state(office, errand, at)
