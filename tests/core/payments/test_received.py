"""Money recorded by hand, in any order and however often: the figures are the sums of what was recorded once."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.payments.errors import NothingReceived, OperationInFlight, OverRefund, ReceivedBefore
from core.payments.events import PaymentCaptured
from core.payments.lifecycle import Operation, Outcome, PaymentState
from core.payments.model import Payment
from core.shared.ids import CartId, OperationId, PaymentAccountId, PaymentId
from core.shared.text import fold
from tests.core.payments.test_properties import NOW, Numbers, brl, succeeded


def by_hand() -> Payment:
    one = UUID(int=10**6)
    payment = Payment(
        PaymentId(one), PaymentAccountId(one), "manual", "bank_transfer", CartId(one), one, brl(1000), False, True, NOW
    )
    payment.observe_waiting()
    return payment


steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("receive"),
            st.sampled_from([1, 400, 1000, 1500]),
            st.sampled_from(["a", "b", "c", "d"]),
            st.sampled_from(["", "E-1", "e-1 ", "E-2"]),
        ),
        st.tuples(st.just("refund"), st.sampled_from([1, 500]), st.sampled_from(["r", "s"]), st.just("")),
        st.tuples(st.just("let go"), st.just(0), st.sampled_from(["v", "w"]), st.just("")),
    ),
    max_size=12,
)


@settings(max_examples=300, deadline=None)
@given(steps)
def test_figures_are_the_sums_of_what_was_recorded_once(story: list[tuple[str, int, str, str]]) -> None:
    payment, ids = by_hand(), Numbers()
    told: dict[str, int] = {}
    references: set[str] = set()
    for what, minor, key, reference in story:
        new = OperationId(ids.new())
        try:
            if what == "receive":
                payment.receive(new, brl(minor), NOW, wish=key, reference=reference)
                if key not in told:
                    assert fold(reference) not in references
                    references |= {fold(reference)} - {""}
                    told[key] = minor
            elif what == "refund":
                payment.conclude(payment.request_refund(new, brl(minor), key, NOW), Outcome.SUCCEEDED, NOW)
            else:
                payment.conclude(payment.request_void(new, key, NOW), Outcome.SUCCEEDED, NOW)
        except (ReceivedBefore, OverRefund):
            continue
        assert payment.captured == succeeded(payment, Operation.CAPTURE) == brl(sum(told.values()))
        assert brl(0) <= payment.refundable <= payment.captured
    captured = [event for event in payment.events if isinstance(event, PaymentCaptured)]
    assert [event.amount.minor for event in captured] == list(told.values())
    assert (payment.state is PaymentState.CAPTURED) is bool(told)


def test_what_is_not_seen_to_by_hand_or_is_nothing_is_not_recorded() -> None:
    payment, ids = by_hand(), Numbers()
    with pytest.raises(NothingReceived):
        payment.receive(OperationId(ids.new()), brl(0), NOW, wish="a")
    payment.confirmed_by_hand = False
    with pytest.raises(NothingReceived):
        payment.receive(OperationId(ids.new()), brl(1), NOW, wish="a")
    assert payment.operations == []


def test_while_it_is_being_let_go_nothing_is_recorded() -> None:
    payment, ids = by_hand(), Numbers()
    asked = payment.request_void(OperationId(ids.new()), "v", NOW)
    with pytest.raises(OperationInFlight):
        payment.receive(OperationId(ids.new()), brl(1000), NOW, wish="a")
    payment.conclude(asked, Outcome.SUCCEEDED, NOW)
    payment.receive(OperationId(ids.new()), brl(1000), NOW, wish="a")
    assert (payment.state, payment.captured) == (PaymentState.CAPTURED, brl(1000))
