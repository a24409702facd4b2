"""Money adds up: allocations to the unit, halves to the even neighbour, currencies never mixed."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.shared.money import BASIS_POINTS, CurrencyMismatch, Money, allocate, exponent, round_half_even

totals = st.integers(-(10**12), 10**12)
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=12)


@given(totals, weights)
def test_parts_add_up_to_the_whole(total: int, parts: list[int]) -> None:
    assert sum(allocate(total, parts)) == total


@given(totals, weights)
def test_no_part_has_another_sign_than_the_whole(total: int, parts: list[int]) -> None:
    assert all(part * total >= 0 for part in allocate(total, parts))


@given(totals, weights.filter(any))
def test_every_part_is_less_than_a_unit_from_its_share(total: int, parts: list[int]) -> None:
    whole = sum(parts)
    for part, weight in zip(allocate(total, parts), parts, strict=True):
        assert abs(part - Fraction(total * weight, whole)) < 1


@given(totals, weights.filter(any))
def test_what_is_left_over_goes_to_the_largest_remainders_and_then_to_the_earlier(total: int, parts: list[int]) -> None:
    whole = sum(parts)
    shares = [Fraction(abs(total) * weight, whole) for weight in parts]
    up = [abs(part) > share.__floor__() for part, share in zip(allocate(total, parts), shares, strict=True)]
    order = sorted(range(len(parts)), key=lambda i: (-(shares[i] - shares[i].__floor__()), i))
    assert [up[i] for i in order] == sorted(up, reverse=True)


@given(totals, weights)
def test_more_weight_never_gets_less(total: int, parts: list[int]) -> None:
    got = allocate(abs(total), parts)
    heaviest = sorted(zip(parts, got, strict=True))
    assert all(a[1] <= b[1] for a, b in pairwise(heaviest) if a[0] < b[0]) or not any(parts)


@pytest.mark.parametrize(
    ("total", "parts", "wanted"),
    [
        (100, [1, 1, 1], [34, 33, 33]), (-100, [1, 1, 1], [-34, -33, -33]), (5, [0, 0], [5, 0]), (0, [3, 4], [0, 0]),
        (1, [1, 1], [1, 0]), (10, [1, 2, 3], [2, 3, 5]),
    ],
)  # fmt: skip
def test_allocations_by_hand(total: int, parts: list[int], wanted: list[int]) -> None:
    assert allocate(total, parts) == wanted


@pytest.mark.parametrize("parts", [[], [1, -1]])
def test_weights_that_make_no_sense_are_refused(parts: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        allocate(1, parts)


@given(totals, st.integers(1, 10**6))
def test_rounding_is_half_even(numerator: int, denominator: int) -> None:
    # The standard library rounds fractions half to even.
    assert round_half_even(numerator, denominator) == round(Fraction(numerator, denominator))


@given(totals, st.integers(0, 5 * BASIS_POINTS))
def test_a_percentage_is_rounded_once(minor: int, rate: int) -> None:
    amount = Money(minor, "BRL").percentage(rate)
    assert amount == Money(round(Fraction(minor * rate, BASIS_POINTS)), "BRL")
    assert -amount == Money(-minor, "BRL").percentage(rate)


@given(totals, totals, totals)
def test_sums_do_not_care_for_their_order(a: int, b: int, c: int) -> None:
    money = [Money(n, "BRL") for n in (a, b, c)]
    assert Money.total(money, "BRL") == Money.total(reversed(money), "BRL") == Money(a + b + c, "BRL")
    assert (money[0] - money[1]) + money[1] == money[0]


def test_currencies_are_not_mixed() -> None:
    real, dollar = Money(1, "BRL"), Money(1, "USD")
    for mixed in (lambda: real + dollar, lambda: real - dollar, lambda: real < dollar, lambda: real >= dollar):
        with pytest.raises(CurrencyMismatch):
            mixed()
    assert real != dollar


@pytest.mark.parametrize("minor", [1.0, True, "1"])
def test_minor_units_are_whole(minor: object) -> None:
    with pytest.raises(TypeError):
        Money(minor, "BRL")  # type: ignore[arg-type]  # what is to be refused


@pytest.mark.parametrize(("currency", "digits"), [("BRL", 2), ("JPY", 0), ("KWD", 3), ("EUR", 2)])
def test_digits_are_the_currency_s_own(currency: str, digits: int) -> None:
    assert exponent(currency) == digits
