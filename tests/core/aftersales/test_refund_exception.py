"""Money that came late or twice is given back through its order, once, and by two people above the limit."""

from __future__ import annotations

import pytest

from core.aftersales.use_cases.refund_exception import RefundException, refund_exception
from core.identity.roles import Role
from core.payments.lifecycle import Outcome
from core.reconciliation.approvals import Decision
from core.reconciliation.errors import ApprovalNeeded, NotDecidedSo
from core.reconciliation.model import ExceptionKind
from core.reconciliation.queries import GetException, get_exception, get_exception_detail
from core.reconciliation.use_cases.ask_approval import AskApproval, ask_approval
from core.reconciliation.use_cases.decide_approval import DecideApproval, decide_approval
from core.reconciliation.use_cases.set_approval_limit import SetApprovalLimit, set_approval_limit
from core.shared.errors import Invalid
from core.shared.state_machine import TransitionRefused
from ports.reconciliation import NoteKind
from tests.admin.order_desk import odd, paid
from tests.shop import Shop


def refunds(shop: Shop) -> list[int]:
    return [row["amount_minor"] for row in shop.sql("SELECT amount_minor FROM refunds")]


def test_it_goes_back_once_and_is_closed(shop: Shop) -> None:
    found = odd(shop, paid(shop), ExceptionKind.LATE_PAYMENT)
    finance = shop.as_(Role.FINANCE)
    with pytest.raises(Invalid):
        shop.run(refund_exception, RefundException(found, " "), finance)
    assert shop.run(refund_exception, RefundException(found, "Came too late", "Finance"), finance) is Outcome.SUCCEEDED
    row = shop.read(get_exception, GetException(found))
    assert (row.state, row.resolution, row.resolved_by) == ("resolved", "Came too late", "Finance Example")
    assert {line.kind for line in shop.read(get_exception_detail, GetException(found)).history} == {
        NoteKind.RESOLVED, NoteKind.REFUNDED,
    }  # fmt: skip
    with pytest.raises(TransitionRefused):
        shop.run(refund_exception, RefundException(found, "Again"), finance)
    assert refunds(shop) == [15770]


def test_above_the_limit_somebody_agrees_first(shop: Shop) -> None:
    found = odd(shop, paid(shop), ExceptionKind.DUPLICATE_CHARGE)
    finance, owner = shop.as_(Role.FINANCE), shop.as_(Role.OWNER)
    shop.run(set_approval_limit, SetApprovalLimit(15769), owner)
    with pytest.raises(ApprovalNeeded):
        shop.run(refund_exception, RefundException(found, "Twice"), finance)
    assert refunds(shop) == []
    asked = shop.run(ask_approval, AskApproval(found, Decision.REFUND, "Twice"), finance)
    shop.run(decide_approval, DecideApproval(asked, True), owner)
    assert refunds(shop) == []  # agreed to, and done by who asked
    assert shop.run(refund_exception, RefundException(found, "Twice"), finance) is Outcome.SUCCEEDED
    assert refunds(shop) == [15770]
    assert shop.sql("SELECT state FROM approvals") == [{"state": "used"}]


def test_what_is_no_matter_of_giving_back_is_refused(shop: Shop) -> None:
    order = paid(shop)
    for found in (odd(shop, order, ExceptionKind.FEE_MISMATCH), odd(shop, None, ExceptionKind.LATE_PAYMENT)):
        with pytest.raises(NotDecidedSo):
            shop.run(refund_exception, RefundException(found, "Back"), shop.as_(Role.FINANCE))
    assert refunds(shop) == []
