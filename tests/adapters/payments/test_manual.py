"""Money by hand against the contract of payment gateways."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.payments.manual import PLUGIN
from adapters.plugins import Surroundings
from adapters.registry import Guarded
from core.payments.lifecycle import Outcome
from ports.payments import PaymentGateway
from tests.contracts.payment_gateway import PaymentGatewayContract, Stand, a_request, brl, opened

INSTRUCTIONS = "Banco 001, agência 1234, conta 56789-0"


def build(instructions: str = INSTRUCTIONS) -> PaymentGateway:
    surroundings = Surroundings("http://127.0.0.1:8000", None, lambda: datetime.now(UTC))
    return Guarded(PLUGIN.build({"instructions": instructions}, surroundings))


class ByHand:
    """Nobody keeps books of it: what staff record is the fact."""

    def __init__(self) -> None:
        self.gateway: PaymentGateway = build()

    def pay(self, reference: str) -> None:
        """Staff will see the money; there is nobody to tell."""

    def effects(self, reference: str) -> None:
        return None


class TestManual(PaymentGatewayContract, plugin="manual"):
    @pytest.fixture
    def stand(self) -> Stand:
        return ByHand()

    def test_more_than_was_paid_is_not_given_back(self, stand: Stand) -> None:
        """How much came in only the shop knows, and it may be more than was asked for: the shop refuses, not this."""
        paid = self.captured(stand)
        assert stand.gateway.refund(paid.reference, paid.amount + brl(1), "more").outcome is Outcome.SUCCEEDED


def test_a_transfer_says_where_to() -> None:
    stand = ByHand()
    assert opened(stand, a_request("bank_transfer")).next_action == {"type": "instructions", "text": INSTRUCTIONS}
    assert opened(stand, a_request("cash_on_delivery")).next_action is None


def test_without_instructions_there_are_none() -> None:
    assert build("").open(a_request("bank_transfer")).tender.next_action is None  # type: ignore[union-attr]  # it opened


@pytest.mark.parametrize("reference", ["", "gold:BRL:1:x", "bank_transfer:BRL:x:y", "bank_transfer:BRL:1:no-id"])
def test_a_reference_that_is_none_of_ours_is_refused(reference: str) -> None:
    gateway = build()
    answers = (
        gateway.look_up(reference),
        gateway.capture(reference, brl(1), "k"),
        gateway.cancel(reference, "k"),
        gateway.refund(reference, brl(1), "k"),
    )
    assert {(answer.outcome, answer.code) for answer in answers} == {(Outcome.DECLINED, "unknown_reference")}
