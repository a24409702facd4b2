"""What shipping refuses."""

from __future__ import annotations

from core.shared.errors import Conflict, FieldProblem, Invalid, Rejected


class NothingToFulfil(Rejected):
    """Everything of this order is on its way, planned or refunded."""

    code = "nothing_to_fulfil"


class MoreThanLeft(Rejected):
    """More pieces than are left to send."""

    code = "more_than_left"

    def __init__(self, title: str, wanted: int, left: int) -> None:
        message = f"{title}: {wanted} wanted, {left} left to send."
        super().__init__(message, problems=(FieldProblem("quantity", self.code, message),))
        self.wanted, self.left = wanted, left


class OrderNotOpen(Conflict):
    """Only an open order is fulfilled."""

    code = "order_not_open"


class AlreadyScanned(Conflict):
    """The carrier has the parcel: this can't be taken back any more."""

    code = "parcel_already_scanned"


class GoodsHaveLeft(Conflict):
    """Goods of this order have left: it can be returned and refunded, not cancelled."""

    code = "goods_have_left"


class FulfilmentsPlanned(Conflict):
    """Parcels of this order are prepared; say that they are to be cancelled with it."""

    code = "fulfilments_planned"

    def __init__(self, fulfilments: int, labels: int) -> None:
        super().__init__(
            f"{fulfilments} planned fulfilments and {labels} labels paid for are cancelled with it, once confirmed."
        )
        self.fulfilments, self.labels = fulfilments, labels


class LabelInProgress(Conflict):
    """This parcel has postage already, or it is being bought."""

    code = "label_in_progress"


class LabelUnsettled(Conflict):
    """The carrier has not said yet whether postage was bought; it is being asked."""

    code = "label_unsettled"


class QuoteStale(Conflict):
    """The offer is over, or the parcel has changed since: ask for prices again."""

    code = "quote_stale"


class PostageRefused(Rejected):
    """The carrier refuses to sell the postage."""

    code = "postage_refused"


class NoOrigin(Rejected):
    """The store has no address to send from."""

    code = "no_origin"


class NoDestination(Rejected):
    """The order has no address to send to."""

    code = "no_destination"


class WrongTrackingNumber(Invalid):
    """The tracking number can't be right."""

    code = "tracking_number_wrong"

    def __init__(self, message: str) -> None:
        super().__init__(message, problems=(FieldProblem("tracking_number", self.code, message),))


class NotCaptured(Conflict):
    """The money could not be taken, so the goods stay. `code` of the refusal: declined or not yet known."""

    code = "not_captured"

    def __init__(self, message: str, *, declined: bool) -> None:
        super().__init__(message)
        self.declined = declined


class UnprintableLabel(Rejected):
    """The label that the carrier gave can't be read, so it can't be printed with others."""

    code = "label_unprintable"

    def __init__(self, name: str) -> None:
        super().__init__(f"The label of {name} can't be read.")
        self.name = name


class NothingToBuy(Rejected):
    """No parcel of the batch has an offer that is taken and not bought yet."""

    code = "nothing_to_buy"


class NothingToBatch(Rejected):
    """None of the orders has goods left that could be sent together."""

    code = "nothing_to_batch"
