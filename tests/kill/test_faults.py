"""The provider fails at every kind of call: too late after the effect, a server error before and after it, too many
requests. What is not known is found out, and nothing happens twice."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from core.shared.errors import CoreError
from tests.kill.scenarios import BY_NAME, Scenario
from tests.kill.stage import Stage
from tests.kill.verdict import judge, state

pytestmark = pytest.mark.kill

CALLS = (
    ("session_card", "payment_intents.create"),
    ("session_pix", "payment_intents.create"),
    ("complete_card", "payment_intents.retrieve"),
    ("complete_card", "charges.retrieve"),
    ("settle_pix", "refunds.list"),
    ("capture_card", "payment_intents.capture"),
    ("cancel_card", "payment_intents.cancel"),
    ("cancel_pix", "payment_intents.cancel"),
    ("expire_session_card", "payment_intents.cancel"),
    ("change_cart", "payment_intents.cancel"),
    ("refund_card", "refunds.create"),
    ("refund_pix", "refunds.create"),
)
KINDS = ("timeout_after_effect", "error_500_after_effect", "error_500_before_effect", "error_429")


@pytest.mark.parametrize(("name", "operation"), CALLS, ids=[f"{n}-{o}" for n, o in CALLS])
def test_a_failing_provider_changes_nothing_in_the_end(impatient_stage: Stage, name: str, operation: str) -> None:
    stage, scenario = impatient_stage, BY_NAME[name]
    at = stage.prepare(scenario)
    scenario.deed(stage.shop(scenario), at)
    wanted = _ending(stage, scenario, at)
    for kind in KINDS:
        for repeated in (True, False) if not scenario.begun else (True,):
            at = stage.prepare(scenario)
            _fail_once(stage, scenario, at, operation, kind)
            if repeated:
                stage.repeat(scenario, at)
            ended = _ending(stage, scenario, at)
            assert ended == wanted, f"{name}: {kind} at {operation}, {'repeated' if repeated else 'left alone'}"


def _fail_once(stage: Stage, scenario: Scenario, at: Any, operation: str, kind: str) -> None:
    account = stage.books_of[scenario.by_hand]
    fault = stage.sandbox.plant(operation, kind, account=account, delay_seconds=2)
    with suppress(CoreError):  # how it is refused is told by the tests of each use case; here counts how it ends
        scenario.deed(stage.shop(scenario), at)
    planted = next(f for f in stage.sandbox.faults() if f["id"] == fault)
    assert planted["remaining"] == 0, f"{operation} was never asked for"
    stage.sandbox.clear_faults()


def _ending(stage: Stage, scenario: Scenario, at: Any) -> Any:
    stage.sweep(scenario)
    at = stage.known(stage.shop(scenario), at)
    judge(stage, scenario, at)
    return state(stage, scenario, at)
