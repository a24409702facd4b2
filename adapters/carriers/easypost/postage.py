"""What EasyPost says of postage: bought, refused, given back, or nothing that settles it. Pure.

Objects: https://docs.easypost.com/docs/shipments. Errors: https://docs.easypost.com/docs/errors
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from adapters.carriers.easypost.mapping import identifier, money
from ports.carriers import PostageAnswer, PostageOutcome

# Refusals that a request may bring; anything else that is not a success leaves open what happened.
_OWN_FAULT = range(400, 500)
_NOT_NOW = frozenset({408, 425, 429})  # says when, not whether
NOT_BOUGHT = "nothing was bought"
POSTAGE_EXISTS = "SHIPMENT.POSTAGE.EXISTS"


def _checked(shipment: Mapping[str, Any], reference: str) -> None:
    if identifier(shipment) != reference:
        raise ValueError("another shipment's answer")


def postage(shipment: Mapping[str, Any], reference: str) -> PostageAnswer:
    """What the shipment `reference` says of its postage: nothing was bought while it has no selected rate.

    Raises KeyError, TypeError or ValueError on what is not that shipment.
    """
    _checked(shipment, reference)
    if not shipment["selected_rate"]:
        return PostageAnswer(PostageOutcome.REFUSED, reference=reference, reason=NOT_BOUGHT)
    selected = shipment["selected_rate"]
    number = shipment["tracking_code"]
    return PostageAnswer(
        PostageOutcome.PURCHASED,
        reference=reference,
        carrier=str(selected["carrier"]),
        service=str(selected["service"]),
        tracking_number=str(number) if number else None,
        price=money(str(selected["rate"]), str(selected["currency"])),
        label_ready=bool(shipment.get("postage_label")),
    )


def bought(shipment: Mapping[str, Any], reference: str) -> PostageAnswer:
    """The answer to a purchase. Raises what `postage` does, also when a success shows no postage: then it is not known
    what happened."""
    told = postage(shipment, reference)
    if told.outcome is not PostageOutcome.PURCHASED:
        raise ValueError("a purchase without postage")
    return told


def label_url(shipment: Mapping[str, Any], reference: str) -> str | None:
    """Where the label's file is; None while there is none. Raises what `postage` does."""
    _checked(shipment, reference)
    label = shipment["postage_label"]
    if label is None:
        return None
    url = label.get("label_pdf_url") or label["label_url"]
    if not isinstance(url, str):
        raise ValueError("a label without an address")
    return url


def voided(shipment: Mapping[str, Any], reference: str) -> PostageAnswer:
    """What became of a void, from `refund_status`. Raises what `postage` does."""
    _checked(shipment, reference)
    told = str(shipment.get("refund_status") or "")
    outcome = {
        "submitted": PostageOutcome.VOID_REQUESTED,
        "refunded": PostageOutcome.VOIDED,
        "rejected": PostageOutcome.VOID_REFUSED,
        "not_applicable": PostageOutcome.VOID_REFUSED,
    }.get(told, PostageOutcome.UNKNOWN)
    return PostageAnswer(outcome, reference=reference, reason=told or None)


def refusal(status: int, body: Mapping[str, Any], reference: str) -> PostageAnswer:
    """A purchase that was not answered by a shipment: refused where EasyPost says so in its own envelope.

    That postage exists already is no refusal: an earlier request bought it, and asking for the shipment tells what.
    """
    error, words = body.get("error"), error_words(body)
    if status in _OWN_FAULT and status not in _NOT_NOW and words:
        if isinstance(error, Mapping) and error.get("code") == POSTAGE_EXISTS:
            return PostageAnswer(PostageOutcome.UNKNOWN, reference=reference, reason=POSTAGE_EXISTS)
        return PostageAnswer(PostageOutcome.REFUSED, reference=reference, reason=words)
    return PostageAnswer(PostageOutcome.UNKNOWN, reference=reference, reason=words or f"HTTP {status}")


def void_refusal(status: int, body: Mapping[str, Any], reference: str) -> PostageAnswer:
    """A void that was not answered by a shipment: refused or unknown, by the same rule."""
    told = refusal(status, body, reference)
    refused = told.outcome is PostageOutcome.REFUSED
    return replace(told, outcome=PostageOutcome.VOID_REFUSED) if refused else told


def error_words(body: Mapping[str, Any]) -> str | None:
    """What EasyPost's envelope says of an error: its message, else its code; None without one."""
    error = body.get("error")
    told = error.get("message") or error.get("code") if isinstance(error, Mapping) else None
    return str(told) if told else None
