"""Whatever is asked and whatever the provider tells, in any order: the payment's figures are the sums of its facts."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from core.payments.errors import CaptureTooLarge, NothingToCapture, OperationInFlight, OverRefund
from core.payments.lifecycle import Operation, OperationState, Outcome
from core.payments.model import Payment
from core.payments.use_cases.observing import observe
from core.shared.ids import CartId, OperationId, PaymentAccountId, PaymentId
from core.shared.money import Money
from ports.payments import RefundSeen, Tender, TenderStatus

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
REFUSALS = (CaptureTooLarge, NothingToCapture, OperationInFlight, OverRefund)


class Numbers:
    """Ids in order."""

    def __init__(self) -> None:
        self._next = count(1)

    def new(self) -> UUID:
        return UUID(int=next(self._next))

    def secret(self) -> str:
        return "0" * 43


def brl(minor: int) -> Money:
    return Money(minor, "BRL")


def make_payment(manual: bool) -> Payment:
    one = UUID(int=10**6)
    return Payment(
        PaymentId(one), PaymentAccountId(one), "stripe", "card", CartId(one), one, brl(1000), manual, False, NOW
    )


amounts = st.sampled_from([1, 250, 500, 1000, 1500])
keys = st.sampled_from(["a", "b", "c"])
outcomes = st.sampled_from(list(Outcome))
tenders: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    status=st.sampled_from(list(TenderStatus)),
    authorised=st.sampled_from([0, 1000]),
    captured=st.sampled_from([0, 0, 500, 1000, 2000]),
    # (which: an operation of ours by its place, or a refund made elsewhere; amount; outcome)
    refunds=st.lists(st.tuples(st.integers(0, 5), st.booleans(), amounts, outcomes), max_size=3),
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("capture"), amounts, keys),
        st.tuples(st.just("void"), st.booleans(), keys),
        st.tuples(st.just("close"), st.booleans(), keys),
        st.tuples(st.just("refund"), amounts, keys),
        st.tuples(st.just("conclude"), st.integers(0, 9), outcomes),
        st.tuples(st.just("observe"), tenders, st.none()),
    ),
    max_size=14,
)


def tender_of(payment: Payment, told: dict[str, Any]) -> Tender:
    refunds = []
    ours = [o for o in payment.operations if o.kind is Operation.REFUND and not o.observed]
    for place, own, amount, outcome in told["refunds"]:
        if own and ours:
            operation = ours[place % len(ours)]
            refunds.append(RefundSeen(f"re_{operation.id}", operation.amount, outcome, str(operation.id)))
        else:
            refunds.append(RefundSeen(f"re_elsewhere_{place}", brl(amount), outcome))
    return Tender(
        "pi_1", told["status"], brl(1000), brl(told["authorised"]), brl(told["captured"]),
        tuple({seen.reference: seen for seen in refunds}.values()),
    )  # fmt: skip


def do(payment: Payment, step: tuple[str, Any, Any], ids: Numbers) -> None:
    name, first, second = step
    new = OperationId(ids.new())
    if name == "capture":
        payment.request_capture(new, brl(first), second, NOW)
    elif name == "void":
        payment.request_void(new, second, NOW, expired=first)
    elif name == "close":
        payment.request_close(new, NOW, expired=first)
    elif name == "refund":
        payment.request_refund(new, brl(first), second, NOW)
    elif name == "conclude" and payment.operations:
        payment.conclude(payment.operations[first % len(payment.operations)], second, NOW)
    elif name == "observe":
        observe(payment, tender_of(payment, first), ids, NOW)


def succeeded(payment: Payment, kind: Operation) -> Money:
    done = (o.amount for o in payment.operations if o.kind is kind and o.state is OperationState.SUCCEEDED)
    return Money.total(done, "BRL")


def live_through(story: list[tuple[str, Any, Any]], manual: bool) -> tuple[Payment, Numbers]:
    payment, ids = make_payment(manual), Numbers()
    for step in story:
        try:
            do(payment, step, ids)
        except REFUSALS:
            continue
        assert payment.captured == succeeded(payment, Operation.CAPTURE)
        assert payment.refunded == succeeded(payment, Operation.REFUND)
        own = [o for o in payment.operations if o.kind is Operation.REFUND and o.live and not o.observed]
        assert Money.total((o.amount for o in own), "BRL") <= payment.captured
        assert payment.refundable >= brl(0)
    return payment, ids


@settings(max_examples=400, deadline=None)
@given(steps, st.booleans())
def test_figures_are_the_sums_of_facts(story: list[tuple[str, Any, Any]], manual: bool) -> None:
    payment, _ = live_through(story, manual)
    unique = {(o.kind, o.key) for o in payment.operations}
    assert len(unique) == len(payment.operations), "one wish became two requests"


@settings(max_examples=400, deadline=None)
@given(steps, st.booleans(), tenders)
def test_the_same_tender_twice_changes_nothing(
    story: list[tuple[str, Any, Any]], manual: bool, told: dict[str, Any]
) -> None:
    payment, ids = live_through(story, manual)
    tender = tender_of(payment, told)
    observe(payment, tender, ids, NOW)
    before = deepcopy(asdict(payment))
    assert observe(payment, tender, ids, NOW) is False
    assert asdict(payment) == before
