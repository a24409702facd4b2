"""Whatever refunds come to nothing in between: all pieces of a line give back exactly its total."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.aftersales.refunding import RefundImpossible, plan_refund
from core.orders.model import Order, OrderLine
from core.shared.ids import CartId, LineId, OrderId, ProductId, VariantId
from core.shared.money import Money

ONE = UUID(int=1)
ZERO = Money(0, "BRL")


def order_of(total: int, quantity: int) -> Order:
    amount = Money(total, "BRL")
    line = OrderLine(
        LineId(ONE), 1, ProductId(ONE), VariantId(ONE), None, "Caneca", {}, None, quantity, amount, ZERO, ZERO, amount,
        0, True, (),
    )  # fmt: skip
    return Order(
        OrderId(ONE), CartId(ONE), "BRL", amount, ZERO, ZERO, ZERO, amount, {}, None, None, None, {}, [line], "pt-BR",
        datetime(2026, 11, 24, tzinfo=UTC),
    )  # fmt: skip


def ask(order: Order, given_back: list[tuple[int, int]], count: int) -> tuple[int, int]:
    """Refund `count` pieces of the line; (pieces, minor units)."""
    refunded = Money(sum(minor for _, minor in given_back), "BRL")
    plan = plan_refund(
        order,
        quantities={LineId(ONE): count},
        shipping=None,
        other=Money(1, "BRL"),  # so that a piece worth nothing can be refunded
        lines_refunded={LineId(ONE): refunded},
        shipping_refunded=ZERO,
        refundable=Money(10**9, "BRL"),
    )
    return count, plan.lines[0].amount.minor


# (how many pieces are asked for, or which of the refunds made so far fails after all)
steps = st.lists(
    st.one_of(st.tuples(st.just("refund"), st.integers(1, 4)), st.tuples(st.just("fail"), st.integers(0, 9))),
    max_size=20,
)


@settings(max_examples=500, deadline=None)
@given(st.integers(0, 50), st.integers(1, 9), steps)
def test_pieces_give_back_the_whole_line_under_any_failures(
    total: int, quantity: int, story: list[tuple[str, int]]
) -> None:
    order, live = order_of(total, quantity), list[tuple[int, int]]()
    line = order.lines[0]
    for name, number in story:
        if name == "refund" and line.refunded_quantity + number <= quantity:
            live.append(ask(order, live, number))
            line.refunded_quantity += number
        elif name == "fail" and live:
            pieces, _ = live.pop(number % len(live))
            order.give_back({line.id: pieces})
        assert 0 <= sum(minor for _, minor in live) <= total
    if left := quantity - line.refunded_quantity:
        live.append(ask(order, live, left))
    assert sum(minor for _, minor in live) == total


def test_one_piece_too_many_is_refused() -> None:
    order = order_of(10, 3)
    order.lines[0].refunded_quantity = 3
    with pytest.raises(RefundImpossible, match="0 left to refund"):
        ask(order, [(3, 10)], 1)


def test_a_failed_refund_in_the_middle_leaves_its_share_to_the_next() -> None:
    order = order_of(10, 3)  # 4, 3, 3
    live: list[tuple[int, int]] = []
    for _ in range(3):
        live.append(ask(order, live, 1))
        order.lines[0].refunded_quantity += 1
    assert [minor for _, minor in live] == [4, 3, 3]
    del live[0]
    order.give_back({order.lines[0].id: 1})
    assert ask(order, live, 1) == (1, 4)
