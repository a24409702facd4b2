"""Asking several accounts at once: one deadline, nobody's trouble is another's, and never inside a transaction."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import pytest

from adapters import guard
from core.logistics.use_cases.asking_rates import LATE, ask_rates
from core.shared.errors import Unavailable
from core.shared.money import Money
from ports.carriers import CarrierAccount, ParcelSize, Rate, RateAnswer, RateRequest
from tests.shop import SAO_PAULO

REQUEST = RateRequest(SAO_PAULO, SAO_PAULO, ParcelSize(300, 180, 135, 90), "BRL", "test")
GOOD = RateAnswer((Rate("r", "s", "Correios", "PAC", Money(1760, "BRL")),))


@dataclass
class Scripted:
    """`deed` is an answer, an error to raise, or seconds to take before a good answer."""

    deed: Any

    def rates(self, request: RateRequest, timeout_seconds: float) -> RateAnswer:
        guard.outside("carrier.rates")
        if isinstance(self.deed, Exception):
            raise self.deed
        if isinstance(self.deed, float):
            time.sleep(self.deed)
            return GOOD
        return GOOD if self.deed is None else self.deed


class Accounts:
    """A carrier for each deed; an account named `broken` can't be built."""

    def of(self, account: CarrierAccount) -> Any:
        if account.name == "broken":
            raise Unavailable("No carrier 'x' is installed.")
        return Scripted(DEEDS[account.name])


DEEDS: dict[str, Any] = {
    "good": None,
    "down": RateAnswer(failed="HTTP 500"),
    "huge": OverflowError("cannot convert Infinity"),
    "deep": RecursionError("too deep"),
    "odd": KeyError("rates"),
    "late": 1.5,
}


def ask(*names: str, seconds: float = 5.0) -> list[RateAnswer]:
    accounts: Any = Accounts()
    given = [CarrierAccount(name, "x", name, b"") for name in names]  # type: ignore[arg-type]  # only the name counts
    return ask_rates([(account, REQUEST) for account in given], accounts, seconds)


@pytest.mark.parametrize("bad", ["down", "huge", "deep", "odd", "broken"])
def test_ones_trouble_is_not_anothers(bad: str) -> None:
    first, second, third = ask("good", bad, "good")
    assert first == third == GOOD
    assert second.failed
    assert second.rates == ()


def test_who_is_late_is_not_waited_for() -> None:
    began = time.monotonic()
    first, second = ask("late", "good", seconds=0.2)
    assert time.monotonic() - began < 1.0
    assert (first.failed, second) == (LATE, GOOD)


def test_nobody_asked_is_no_answer() -> None:
    assert ask() == []


def test_inside_a_transaction_it_is_refused_also_from_helper_threads() -> None:
    with guard.transaction(), pytest.raises(guard.TransactionOpen):
        ask("good")
