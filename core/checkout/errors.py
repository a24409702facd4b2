"""What the checkout refuses."""

from __future__ import annotations

from core.shared.errors import Conflict, PaymentDeclined, Rejected, Unavailable


class CartIncomplete(Rejected):
    """The cart cannot be paid yet; `problems` say what is missing."""

    code = "cart_incomplete"


class InsufficientStock(Rejected):
    """There is not enough of something; `problems` name the lines."""

    code = "insufficient_stock"


class CartHasProblems(Rejected):
    """The cart has problems that the shopper has to settle first."""

    code = "cart_has_problems"


class NoPaymentSession(Conflict):
    """This cart has no payment session."""

    code = "no_payment_session"


class PaymentNotConfirmed(Conflict):
    """The shopper has not confirmed the payment yet."""

    code = "payment_not_confirmed"


class Declined(PaymentDeclined):
    """The payment was declined; the cart is open and its stock held until the session's deadline."""

    code = "payment_declined"

    def __init__(self, decline_code: str | None) -> None:
        super().__init__()
        self.decline_code = decline_code


class OutcomeUnknown(Unavailable):
    """It is not known yet whether the money moved; repeat the request with the same key."""

    code = "payment_outcome_unknown"


class ReturnUrlRefused(Rejected):
    """The return address does not belong to an origin of this key."""

    code = "return_url_refused"
