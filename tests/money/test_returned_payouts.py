"""A payout that the bank sends back is paid out again, and again: in the end its items are closed once."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from adapters.provisioning import DatabaseAddresses
from tests.money import buying, settling
from tests.money.judging import after_each, in_the_end
from tests.money.stage import open_stage
from tests.money.story import Story
from tests.sandbox.carrier_process import CarrierProcess
from tests.sandbox.process import SandboxProcess


@pytest.mark.parametrize("times", [1, 2, 3])
def test_it_is_carried_again_whole(
    times: int, database: DatabaseAddresses, tmp_path: Path, sandbox: SandboxProcess, carrier: CarrierProcess
) -> None:
    with open_stage(database, tmp_path, sandbox, carrier) as stage:
        story = Story(stage, random.Random(times))
        buying.order(story)
        assert settling.payout(story)
        for _ in range(times):
            assert settling.payout_fails(story)
            after_each(story)
            assert settling.payout(story)
            after_each(story)
        in_the_end(story)
        assert stage.settlement().unsettled(stage.shop) == {}
        assert [row["kind"] for row in stage.shop.sql("SELECT kind FROM reconciliation_exceptions")] == [
            "payout_failed"
        ] * times
