"""Which options carriers' answers make, as time goes by and carriers fall silent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from core.cart.carrier_answers import (
    DEAREST,
    CarrierAnswer,
    CarrierPrice,
    answer_id,
    believable,
    carrier_options,
    find_option,
    must_ask,
)
from core.shared.ids import CarrierAccountId
from core.shared.money import Money

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ACCOUNT, OTHER = CarrierAccountId(UUID(int=1)), CarrierAccountId(UUID(int=2))


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def answer(minutes: float, number: int, *prices: int, account: CarrierAccountId = ACCOUNT) -> CarrierAnswer:
    """PAC, then SEDEX, for so many minor units."""
    services = zip(("PAC", "SEDEX"), prices, strict=False)
    told = tuple(
        CarrierPrice("Correios", name, Money(price, "BRL"), (2, 4), f"r{price}", "s") for name, price in services
    )
    return CarrierAnswer(UUID(int=number), account, "key", at(minutes), told)


def silence(minutes: float, account: CarrierAccountId = ACCOUNT) -> CarrierAnswer:
    return CarrierAnswer(UUID(int=900 + int(minutes)), account, "key", at(minutes), failed="HTTP 500")


def seen(answers: list[CarrierAnswer], minutes: float) -> list[tuple[int, bool, float]]:
    """Price, whether it is estimated, minutes from noon until which it holds."""
    return [
        (o.price.minor, o.estimated, (o.expires_at - NOON).total_seconds() / 60)
        for o in carrier_options(answers, at(minutes))
    ]


def test_a_price_holds_for_half_an_hour() -> None:
    told = [answer(0, 7, 1760, 3345)]
    assert seen(told, 0) == seen(told, 29) == [(1760, False, 30), (3345, False, 30)]
    assert seen(told, 30) == []


def test_a_silent_carriers_last_price_is_an_estimate_for_a_day() -> None:
    old = answer(0, 7, 1760)
    assert seen([old, silence(20)], 21) == [(1760, False, 30)]
    assert seen([old, silence(40)], 41) == [(1760, True, 70)]
    assert seen([old, silence(40)], 70) == []  # nobody has asked since
    assert seen([old, silence(24 * 60 - 1)], 24 * 60 - 1) == [(1760, True, 24 * 60 + 29)]
    assert seen([old, silence(24 * 60)], 24 * 60) == []


def test_one_that_answers_again_is_estimated_no_more() -> None:
    assert seen([answer(0, 7, 1760), silence(40), answer(42, 8, 1800)], 43) == [(1800, False, 72)]
    assert seen([answer(0, 7, 1760), silence(40), answer(42, 8)], 43) == []  # it offers nothing: that is an answer too


def test_anothers_silence_makes_no_estimate() -> None:
    assert seen([answer(0, 7, 1760), silence(40, OTHER)], 41) == []


def test_of_a_service_that_two_accounts_offer_the_cheaper_is_shown() -> None:
    told = [answer(0, 7, 1760, 3345), answer(0, 8, 1900, 3000, account=OTHER)]
    assert [o.id for o in carrier_options(told, NOON)] == [f"{UUID(int=7)}.0", f"{UUID(int=8)}.1"]


@pytest.mark.parametrize(
    ("answers", "minutes", "due"),
    [
        ([], 0, True),
        ([answer(0, 7, 1760)], 14.9, False),
        ([answer(0, 7, 1760)], 15, True),
        ([silence(0)], 0.9, False),
        ([silence(0)], 1, True),
        ([answer(0, 7, 1760), silence(20)], 20.5, False),
        ([answer(0, 7, 1760), silence(20)], 21, True),
    ],
)
def test_who_answered_lately_or_failed_a_moment_ago_is_not_asked(
    answers: list[CarrierAnswer], minutes: float, due: bool
) -> None:
    assert must_ask(answers, at(minutes)) is due


def test_an_option_is_found_while_it_may_be_taken() -> None:
    old, new = answer(0, 7, 1760), answer(16, 8, 1800)
    first, second = f"{UUID(int=7)}.0", f"{UUID(int=8)}.0"
    found = find_option([old, new], first, at(20))
    assert found is not None
    assert (found.id, found.price.minor, found.expires_at) == (first, 1760, at(30))
    assert find_option([old, new], first, at(30)) is None
    assert find_option([old, new], second, at(30)) is not None
    estimated = find_option([old, silence(40)], first, at(45))
    assert estimated is not None
    assert estimated.estimated
    assert find_option([old, silence(40)], f"{UUID(int=7)}.1", at(45)) is None
    assert find_option([old], f"{UUID(int=5)}.0", NOON) is None


@pytest.mark.parametrize(
    ("option_id", "answer_"),
    [(f"{UUID(int=7)}.0", UUID(int=7)), (str(UUID(int=7)), None), ("x.0", None), (".", None), ("", None)],
)
def test_an_id_without_an_answer_is_the_tables(option_id: str, answer_: UUID | None) -> None:
    assert answer_id(option_id) == answer_


@pytest.mark.parametrize(
    ("amount", "currency", "can_be"),
    [(1, "BRL", True), (DEAREST, "BRL", True), (0, "BRL", False), (-5, "BRL", False), (DEAREST + 1, "BRL", False),
     (1760, "USD", False)],
)  # fmt: skip
def test_a_mistake_is_no_price(amount: int, currency: str, can_be: bool) -> None:
    assert believable(Money(amount, currency), "BRL") is can_be
