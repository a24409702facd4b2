"""The bars of a waterfall end where the figures say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from admin.waterfall import WIDTH, Leg, bars
from core.shared.money import Money


def _leg(minor: int, kind: str = "step") -> Leg:
    return Leg("", Money(minor, "BRL"), kind)  # type: ignore[arg-type]  # a literal, narrowed by the callers


def test_a_step_floats_where_the_row_above_ended() -> None:
    items, discount, total = bars([_leg(1000), _leg(-250), _leg(750, "sum")])
    assert (items.x, items.width, items.css) == (0, 1000, "add")
    assert (discount.x, discount.width, discount.css) == (750, 250, "take")
    assert (total.x, total.width, total.css) == (0, 750, "sum")


def test_a_base_starts_anew_and_a_note_has_no_bar() -> None:
    _, note, paid, refund = bars([_leg(800, "sum"), _leg(110, "note"), _leg(800, "base"), _leg(-200)])
    assert note.width == 0
    assert (paid.x, paid.width) == (0, 1000)
    assert (refund.x, refund.width) == (750, 250)


def test_below_zero_there_is_room_too() -> None:
    plus, minus = bars([_leg(100), _leg(-200)])
    assert (plus.x, plus.width) == (500, 500)
    assert (minus.x, minus.width) == (0, 1000)


def test_a_small_amount_can_still_be_seen() -> None:
    assert bars([_leg(10_000_000), _leg(-1)])[1].width > 0
    assert bars([_leg(0, "sum")])[0].width == 0
    assert bars([]) == []


@given(st.lists(st.integers(min_value=-(10**9), max_value=10**9), min_size=1, max_size=12))
def test_every_bar_lies_within_the_drawing(amounts: list[int]) -> None:
    for bar in bars([_leg(minor) for minor in amounts]):
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH
