"""200 shops live through 10 to 40 deeds each, drawn by chance from a seed; what they leave is judged to the cent."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.provisioning import DatabaseAddresses
from tests.money import buying, sending, settling
from tests.money.judging import after_each, in_the_end
from tests.money.stage import open_stage
from tests.money.story import Deed, Story, play
from tests.sandbox.carrier_process import CarrierProcess
from tests.sandbox.process import SandboxProcess

SEED = int(os.environ.get("MONEY_SEED", "20261124"))
FEW, MANY, PARTS = 30, 200, 4  # sequences of every run, of all in the thorough one, and into how many tests they go
SOME_OF_EACH, ENOUGH_OF_EACH = (
    25,
    30,
)  # times that every kind of deed is done at least: by the few, by each part of the many

DEEDS: dict[str, Deed] = {
    "order": buying.order,
    "order on trust": buying.order_on_trust,
    "capture": buying.capture,
    "refund": buying.refund,
    "refund fails": buying.refund_fails,
    "cancellation": buying.cancel,
    "goods leave": sending.fulfil,
    "label given back": sending.label,
    "goods come back": sending.reverse,
    "dispute": settling.dispute,
    "dispute decided": settling.decide,
    "payout": settling.payout,
    "payout fails": settling.payout_fails,
}


def live_through(
    seed: int, database: DatabaseAddresses, folder: Path, sandbox: SandboxProcess, carrier: CarrierProcess
) -> Counter[str]:
    """One sequence; how often each kind of deed was done."""
    with open_stage(database, folder, sandbox, carrier) as stage:
        story = Story(stage, random.Random(seed))
        try:
            play(story, DEEDS, after_each)
            in_the_end(story)
        except Exception as error:
            error.add_note(f"Sequence of seed {seed}:\n" + "\n".join(story.told))
            raise
    return story.done


@pytest.fixture
def played(
    database: DatabaseAddresses,
    tmp_path: Path,
    sandbox: SandboxProcess,
    carrier: CarrierProcess,
    capsys: pytest.CaptureFixture[str],
) -> Callable[[range, int], None]:
    """Play the sequences of some seeds, print how often each deed was done, and hold that it was often enough."""

    def play_all(numbers: range, at_least: int) -> None:
        done: Counter[str] = Counter()
        for number in numbers:
            done += live_through(SEED + number, database, tmp_path, sandbox, carrier)
        with capsys.disabled():
            counts = ", ".join(f"{name} {done[name]}" for name in DEEDS)
            print(f"\n{len(numbers)} sequences from seed {SEED + numbers.start}, {done.total()} deeds: {counts}")
        assert min(done[name] for name in DEEDS) >= at_least

    return play_all


def test_the_books_say_what_happened(played: Callable[[range, int], None]) -> None:
    played(range(FEW), SOME_OF_EACH)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_in_many_more_shops(played: Callable[[range, int], None], part: int) -> None:
    share = -(-(MANY - FEW) // PARTS)
    played(range(FEW + part * share, min(MANY, FEW + (part + 1) * share)), ENOUGH_OF_EACH)
