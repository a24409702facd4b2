"""What payments refuse."""

from __future__ import annotations

from core.shared.errors import Conflict, Rejected


class PaymentInProgress(Conflict):
    """A payment of this cart is under way; it has to end before the cart can change."""

    code = "payment_in_progress"


class OverRefund(Rejected):
    """More would be given back than was captured."""

    code = "refund_exceeds_captured"


class NothingToCapture(Rejected):
    """There is no authorised amount left to capture."""

    code = "nothing_to_capture"


class CaptureTooLarge(Rejected):
    """More would be captured than is authorised."""

    code = "capture_exceeds_authorised"


class OperationInFlight(Conflict):
    """The provider has not answered an earlier request of the same kind yet."""

    code = "operation_in_flight"


class MethodUnavailable(Rejected):
    """The store does not offer this payment method."""

    code = "payment_method_unavailable"


class NothingReceived(Rejected):
    """Only an amount of money that is confirmed by hand can be recorded as come in."""

    code = "nothing_received"


class ReceivedBefore(Conflict):
    """The transfer of this reference is recorded already."""

    code = "received_before"


class NothingToPay(Rejected):
    """This cart costs nothing: it is completed without a payment."""

    code = "nothing_to_pay"
