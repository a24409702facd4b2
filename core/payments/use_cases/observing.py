"""What a provider tells of a tender, folded into our payment: the same facts twice change nothing."""

from __future__ import annotations

from datetime import datetime

from core.payments.model import Payment
from core.shared.ids import OperationId
from ports.ids import Ids
from ports.payments import Tender, TenderStatus


def observe(payment: Payment, tender: Tender, ids: Ids, now: datetime) -> bool:
    """Fold the provider's facts into the payment. True when money came that was not known before."""
    payment.provider_reference = payment.provider_reference or tender.reference
    payment.details |= dict(tender.details)
    status = tender.status
    if status in (TenderStatus.PENDING, TenderStatus.AWAITING):
        payment.observe_waiting()
    elif status is TenderStatus.DECLINED:
        payment.observe_declined(tender.decline_code)
    elif status is TenderStatus.AUTHORISED:
        payment.observe_authorised(tender.authorised)
    money_came = payment.observe_captured(tender.captured, OperationId(ids.new()), now)
    if status is TenderStatus.CANCELLED:
        payment.observe_cancelled(now)
    elif status is TenderStatus.EXPIRED:
        payment.observe_expired()
    for refund in tender.refunds:
        payment.observe_refund(refund.key, refund.reference, refund.amount, refund.outcome, OperationId(ids.new()), now)
    return money_came
