"""Killed anywhere, by SIGKILL, and then what production does: the client repeats, or nobody does and the schedule
looks, or word from the provider comes before the client. It ends as it would have ended undisturbed."""

from __future__ import annotations

import signal
from collections.abc import Callable

import pytest

from tests.kill.child import OUTWARD
from tests.kill.points import calls, kill_points, record, unguarded
from tests.kill.scenarios import SCENARIOS, Scenario, Situation, settle
from tests.kill.stage import Stage
from tests.kill.verdict import judge, state

pytestmark = pytest.mark.kill


def client(stage: Stage, scenario: Scenario, at: Situation) -> None:
    """The client asks again with the same key."""
    stage.repeat(scenario, at)


def nobody(stage: Stage, scenario: Scenario, at: Situation) -> None:
    """The client never comes back."""


def word_first(stage: Stage, scenario: Scenario, at: Situation) -> None:
    """A webhook makes us ask the provider before the client repeats."""
    stage.wait(2)
    if at.payment_id:
        settle(stage.shop(scenario), at)
    stage.repeat(scenario, at)


Road = Callable[[Stage, Scenario, Situation], None]


def test_every_call_and_every_commit_is_a_point(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    asked: set[str] = set()
    count = 0
    for scenario in SCENARIOS:
        passed = record(stage, scenario, stage.prepare(scenario))
        assert unguarded(passed) == [], scenario.name
        assert [line for line in passed if line.startswith("transaction ")], scenario.name
        asked |= calls(passed)
        count += len(kill_points(passed))
    with capsys.disabled():
        print(f"\nkill matrix: {len(SCENARIOS)} deeds, {count} points, {', '.join(sorted(asked))}")
    assert asked == {f"gateway.{name}" for name in OUTWARD["gateway"]}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[s.name for s in SCENARIOS])
def test_killed_anywhere_it_ends_the_same(stage: Stage, scenario: Scenario) -> None:
    at = stage.prepare(scenario)
    points = kill_points(record(stage, scenario, at))
    wanted = _ending(stage, scenario, stage.known(stage.shop(scenario), at))
    never_begun = _ending(stage, scenario, stage.prepare(scenario))
    for point in points:
        for road in _roads(point):
            at = _kill(stage, scenario, point)
            road(stage, scenario, at)
            ended = _ending(stage, scenario, stage.known(stage.shop(scenario), at))
            told = f"{scenario.name} killed at {point}, then {road.__name__}"
            if road is not nobody:
                assert ended == wanted, told
            elif not scenario.begun:
                assert ended in (wanted, never_begun), told


def _roads(point: str) -> tuple[Road, ...]:
    """Word from the provider only matters where the provider was just asked, or is about to be."""
    return (client, nobody, word_first) if point.startswith("gateway.") else (client, nobody)


def _kill(stage: Stage, scenario: Scenario, point: str) -> Situation:
    at = stage.prepare(scenario)
    ended = stage.run_apart(scenario, at, failpoint=point)
    assert ended == (signal.SIGKILL, -signal.SIGKILL), f"{scenario.name} outlived {point}: {stage.forks.said()}"
    return stage.known(stage.shop(scenario), at)


def _ending(stage: Stage, scenario: Scenario, at: Situation) -> object:
    stage.sweep(scenario)
    judge(stage, scenario, at)
    return state(stage, scenario, at)
