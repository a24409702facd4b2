"""Bank transfer and cash on delivery. There is nobody to ask: what staff record is the fact.

The tender's reference holds all there is to know of it, so looking it up needs no books:
`method:currency:minor units:payment id`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from adapters.plugins import Surroundings
from core.payments.lifecycle import Outcome
from core.shared.ids import PaymentId
from core.shared.money import Money
from ports.payment_page import EmbeddedForm, Redirect
from ports.payments import (
    Answer,
    Capabilities,
    NotSupported,
    OpenRequest,
    PaymentGateway,
    Tender,
    TenderStatus,
    WebhookNotice,
)

_METHODS = frozenset({"bank_transfer", "cash_on_delivery"})

CAPABILITIES = Capabilities(
    methods=dict.fromkeys(sorted(_METHODS), True),
    confirmed_by_hand=_METHODS,
    partial_capture=True,
    refunds=True,
)

_REFERENCE = re.compile(r"(bank_transfer|cash_on_delivery):([A-Z]{3}):([0-9]{1,18}):([0-9a-f-]{36})")
_UNKNOWN_REFERENCE = Answer(Outcome.DECLINED, code="unknown_reference", absent=True)


def build(settings: Mapping[str, str], surroundings: Surroundings) -> PaymentGateway:
    """`instructions` is the text that tells the shopper where to transfer to."""
    return ManualGateway(settings.get("instructions", ""))


@dataclass(frozen=True, slots=True)
class ManualGateway:
    instructions: str

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    def open(self, request: OpenRequest) -> Answer:
        if request.method not in CAPABILITIES.methods:
            raise NotSupported(request.method)
        if not request.capture_at_once:
            raise NotSupported("what staff see come in cannot be authorised first")
        amount = request.amount
        reference = f"{request.method}:{amount.currency}:{amount.minor}:{request.payment_id}"
        return self.look_up(reference)

    def look_up(self, reference: str) -> Answer:
        return self._answer(reference, TenderStatus.AWAITING)

    def capture(self, reference: str, amount: Money, key: str) -> Answer:
        return self._answer(reference, TenderStatus.CAPTURED, captured=amount)

    def cancel(self, reference: str, key: str) -> Answer:
        return self._answer(reference, TenderStatus.CANCELLED)

    def refund(self, reference: str, amount: Money, key: str) -> Answer:
        if self._tender(reference, TenderStatus.CAPTURED) is None:
            return _UNKNOWN_REFERENCE
        # How much came in is known to the shop alone, which gives back no more; it may be more than was asked for.
        return Answer(Outcome.SUCCEEDED, f"{reference}:{key}")

    def page(self, reference: str, return_url: str) -> Redirect | EmbeddedForm | None:
        raise NotSupported("nothing to pay online")

    def read_webhook(self, headers: Mapping[str, str], body: bytes, now: datetime) -> WebhookNotice:
        raise NotSupported("nobody sends webhooks")

    def _answer(self, reference: str, status: TenderStatus, captured: Money | None = None) -> Answer:
        tender = self._tender(reference, status, captured)
        return _UNKNOWN_REFERENCE if tender is None else Answer(Outcome.SUCCEEDED, reference, tender)

    def _tender(self, reference: str, status: TenderStatus, captured: Money | None = None) -> Tender | None:
        """The tender that `reference` spells out; None when it is none of ours."""
        parts = _REFERENCE.fullmatch(reference)
        if parts is None:
            return None
        method, currency, minor, payment_id = parts.groups()
        amount = Money(int(minor), currency)
        action: dict[str, Any] | None = None
        if method == "bank_transfer" and self.instructions and status is TenderStatus.AWAITING:
            action = {"type": "instructions", "text": self.instructions}
        return Tender(
            reference=reference,
            status=status,
            amount=amount,
            authorised=Money.zero(currency),
            captured=captured or Money.zero(currency),
            payment_id=PaymentId(UUID(payment_id)),
            next_action=action,
        )
