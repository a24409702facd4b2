"""Every state machine walked whole: each (state, step) either leads where this says, or is refused."""

from __future__ import annotations

from enum import StrEnum
from itertools import product
from typing import Any

import pytest

from core.logistics.lifecycle import FULFILMENT_LIFECYCLE, LABEL_LIFECYCLE, FulfilmentStep, LabelStep
from core.messages.deliveries import DELIVERY_LIFECYCLE, DeliveryStep
from core.orders.lifecycle import ORDER_LIFECYCLE, OrderStep
from core.payments.lifecycle import PAYMENT_LIFECYCLE, Operation, Outcome, PaymentState
from core.payments.sessions import SESSION_LIFECYCLE, SessionStep
from core.reconciliation.approvals import APPROVAL_LIFECYCLE
from core.reconciliation.model import EXCEPTION_LIFECYCLE
from core.reconciliation.runs import RUN_LIFECYCLE
from core.shared.state_machine import Lifecycle, TransitionRefused

TABLES: dict[str, tuple[Lifecycle[Any, Any], list[Any], dict[str, str]]] = {
    "order": (
        ORDER_LIFECYCLE,
        list(OrderStep),
        {"open cancel": "cancelled", "open archive": "archived", "archived reopen": "open"},
    ),
    "session": (
        SESSION_LIFECYCLE,
        list(SessionStep),
        {
            "opening opened": "open", "opening close": "closing", "opening cancel": "cancelled",
            "opening complete": "completed", "open close": "closing", "open complete": "completed",
            "closing close": "closing", "closing cancel": "cancelled", "closing expire": "expired",
            "closing complete": "completed",
        },
    ),
    "delivery": (
        DELIVERY_LIFECYCLE,
        list(DeliveryStep),
        {
            "waiting lease": "leased", "leased lease": "leased", "leased finish": "done", "leased retry": "waiting",
            "leased give_up": "dead", "dead replay": "waiting", "dead discard": "discarded",
            "waiting discard": "discarded",
        },
    ),
    "fulfilment": (
        FULFILMENT_LIFECYCLE,
        list(FulfilmentStep),
        {"planned ship": "shipped", "planned cancel": "cancelled", "shipped reverse": "reversed"},
    ),
    "label": (
        LABEL_LIFECYCLE,
        list(LabelStep),
        {
            "draft purchase": "purchasing", "purchasing purchased": "purchased", "purchasing refused": "refused",
            "purchasing unknown": "unknown", "unknown purchased": "purchased", "unknown refused": "refused",
            "unknown unknown": "unknown", "purchased void": "voiding", "purchased expire": "expired",
            "voiding unknown": "voiding", "voiding voided": "voided", "voiding void_refused": "void_refused",
        },
    ),
    "exception": (
        EXCEPTION_LIFECYCLE,
        ["resolve", "reopen", "assign"],
        {"open resolve": "resolved", "open assign": "open", "resolved reopen": "open"},
    ),
    "approval": (
        APPROVAL_LIFECYCLE,
        ["approve", "refuse", "use"],
        {"asked approve": "approved", "asked refuse": "refused", "approved use": "used"},
    ),
    "run": (
        RUN_LIFECYCLE,
        ["match", "finish", "fail"],
        {"pulling match": "matched", "matched finish": "done", "pulling fail": "failed"},
    ),
}  # fmt: skip


def walk(lifecycle: Lifecycle[Any, Any], steps: list[Any], wanted: dict[Any, str]) -> None:
    assert len(lifecycle.table) == len(wanted)
    for state, step in product(lifecycle.states.__members__.values(), steps):
        target = wanted.get((state, step))
        assert lifecycle.allows(state, step) == (target is not None)
        if target is not None:
            assert lifecycle.after(state, step) == target
        else:
            with pytest.raises(TransitionRefused):
                lifecycle.after(state, step)


@pytest.mark.parametrize("noun", TABLES)
def test_whole(noun: str) -> None:
    lifecycle, steps, told = TABLES[noun]
    wanted = {}
    for row, target in told.items():
        state, _, step = row.partition(" ")
        wanted[lifecycle.states(state), next(s for s in steps if str(s) == step)] = target
    walk(lifecycle, steps, wanted)


def test_payments_whole() -> None:
    """By rule: what has not ended may be authorised, waited for, declined, captured, voided or expire; what is
    authorised may be captured, voided or expire; captured stays; money comes late to what had ended."""
    s, o, r = PaymentState, Operation, Outcome
    wanted: dict[Any, str] = {}
    for state in (s.CREATED, s.AWAITING, s.DECLINED):
        wanted[state, (o.AUTHORISE, r.SUCCEEDED)] = s.AUTHORISED
        wanted[state, (o.AUTHORISE, r.PENDING)] = s.AWAITING
        wanted[state, (o.AUTHORISE, r.DECLINED)] = s.DECLINED
        wanted[state, (o.AUTHORISE, r.UNKNOWN)] = state
    for state in s:
        wanted[state, (o.CAPTURE, r.SUCCEEDED)] = s.CAPTURED
    for state in (s.CREATED, s.AWAITING, s.DECLINED, s.AUTHORISED):
        wanted[state, (o.VOID, r.SUCCEEDED)] = s.VOIDED
        wanted[state, (o.EXPIRE, r.SUCCEEDED)] = s.EXPIRED
        for open_end in (r.DECLINED, r.PENDING, r.UNKNOWN):
            wanted[state, (o.VOID, open_end)] = state
    for outcome in r:
        wanted.setdefault((s.AUTHORISED, (o.CAPTURE, outcome)), s.AUTHORISED)
        wanted[s.CAPTURED, (o.REFUND, outcome)] = s.CAPTURED
    walk(PAYMENT_LIFECYCLE, list(product(o, r)), wanted)


class Light(StrEnum):
    ON = "on"
    OFF = "off"
    BROKEN = "broken"


def test_a_state_that_nothing_leads_to_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="broken"):
        Lifecycle("light", Light, {Light.OFF}, {(Light.OFF, "press"): Light.ON, (Light.BROKEN, "mend"): Light.OFF})
