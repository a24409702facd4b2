"""What carts refuse."""

from __future__ import annotations

from core.shared.errors import Conflict, Invalid, NotFound, Rejected


class CartNotFound(NotFound):
    """There is no such cart."""

    code = "not_found"


class CartCompleted(Conflict):
    """This cart became an order; a new one is needed."""

    code = "cart_completed"


class VariantUnavailable(Rejected):
    """This variant is not for sale."""

    code = "variant_unavailable"


class TooManyLines(Rejected):
    """A cart holds at most 100 lines of at most 9,999 pieces."""

    code = "cart_too_large"


class LineNotFound(NotFound):
    """There is no such line in this cart."""

    code = "not_found"


class OptionNotOffered(Rejected):
    """This delivery option is not offered for this cart and address."""

    code = "shipping_option_invalid"


class MalformedInput(Invalid):
    """Some fields are malformed."""

    code = "invalid"
