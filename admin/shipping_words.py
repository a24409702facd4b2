"""Shipping in words: sizes and weights, days, and why something was refused."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from admin import filters
from core.logistics.errors import MoreThanLeft, NotCaptured
from core.logistics.model import Measures
from core.shared.errors import CoreError
from ports.dispatch import Box

REFUSALS: Mapping[str, LazyString] = {
    "nothing_to_fulfil": _l("Nothing is left to be sent."),
    "order_not_open": _l("Only an open order is sent."),
    "parcel_already_scanned": _l("The carrier has the parcel already: this can't be taken back any more."),
    "label_in_progress": _l("This parcel has a label already, or one is being bought."),
    "label_unsettled": _l("The carrier was asked for a label and has not answered yet. It is asked again by itself; "
                          "the goods stay until it is known."),
    "nothing_to_buy": _l("No parcel has an offer that is not bought yet."),
    "nothing_to_batch": _l("None of these orders has goods left that are not in a batch already."),
    "not_found": _l("It is not there any more."),
    "no_offer": _l("Nobody offers to carry it."),
    "refused": _l("The carrier does not sell it."),
    "quote_stale": _l("This offer is over, or the parcel was measured anew: ask for prices again."),
    "no_origin": _l("The store has no address to send from."),
    "no_destination": _l("The order has no address to send to."),
    "tracking_number_wrong": _l("This tracking number can't be right: a digit is wrong or missing."),
    "transition_refused": _l("Somebody was quicker: this is not possible any more."),
    "order_ending": _l("The order is being cancelled."),
    "goods_have_left": _l("The goods count as sent. Take that back first."),
    "void_not_possible": _l("This carrier takes no label back."),
    "label_unprintable": _l("The label that the carrier gave can't be read."),
    "stale_version": _l("Somebody else changed this at the same time. Look at it again."),
}  # fmt: skip


def refusal(error: CoreError) -> str:
    """Why something was not done, in the person's language."""
    if isinstance(error, MoreThanLeft):
        return str(_("Only %(left)s of it are left to be sent.", left=error.left))
    if isinstance(error, NotCaptured):
        return str(
            _("The goods stay: the payment was refused when it was to be captured.")
            if error.declined
            else _("The goods stay: the provider has not said yet whether the money came. Try again in a moment.")
        )
    return str(REFUSALS.get(error.code, error.message))


def problem(text: str) -> str:
    """What stands in the way of a parcel of a batch: a refusal's code in words, or what the carrier said."""
    return str(REFUSALS.get(text, text))


def grams(weight: int) -> str:
    """{{ 1420|grams }}: "1,42 kg", "350 g"."""
    if weight < 1000:
        return f"{filters.number(weight)} g"
    return f"{filters.number(Decimal(weight) / 1000)} kg"


def centimetres(mm: int) -> str:
    """{{ 135|centimetres }}: "13,5"."""
    return filters.number(Decimal(mm) / 10)


def size(box: Box | Measures) -> str:
    """{{ parcel.measures|size }}: "34 × 26 × 18 cm"."""
    sides = (box.length_mm, box.width_mm, box.height_mm)
    return " × ".join(centimetres(side) for side in sides) + " cm"


def transit(days: tuple[int, int] | None) -> str:
    """{{ quote.days|transit }}: "5 to 8 days"; a dash where the carrier does not say."""
    if days is None:
        return "–"
    first, last = days
    if first == last:
        return str(ngettext("%(num)s day", "%(num)s days", last))
    return str(_("%(first)s to %(last)s days", first=first, last=last))


FILTERS = (grams, centimetres, size, transit)
