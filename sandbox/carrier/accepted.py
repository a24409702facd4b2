"""The table of parameters: what each operation takes, and nothing else.

Names: https://docs.easypost.com/docs. A parameter that the real provider knows and this one does not play is
refused as well, loudly, rather than ignored. A tuple is a type, a dict an object, a list a list of what it holds;
a name that ends in `!` is required.
"""

from __future__ import annotations

from typing import Any

from sandbox.carrier.errors import invalid, required

TEXT, NUMBER = (str,), (int, float, str)
_address = {
    "name": TEXT,
    "company": TEXT,
    "street1!": TEXT,
    "street2": TEXT,
    "city!": TEXT,
    "state": TEXT,
    "zip!": TEXT,
    "country!": TEXT,
    "phone": TEXT,
    "email": TEXT,
    "federal_tax_id": TEXT,
}
_parcel = {"length!": NUMBER, "width!": NUMBER, "height!": NUMBER, "weight!": NUMBER}
_options = {"label_format": TEXT, "label_size": TEXT, "currency": TEXT, "invoice_number": TEXT}

ACCEPTED: dict[str, dict[str, Any]] = {
    "shipments.create": {
        "shipment!": {
            "to_address!": _address,
            "from_address!": _address,
            "parcel!": _parcel,
            "reference": TEXT,
            "options": _options,
        }
    },
    "shipments.retrieve": {},
    "shipments.list": {"page_size": TEXT, "before_id": TEXT},
    "shipments.buy": {"rate!": {"id!": TEXT}},
    "shipments.refund": {},
    "trackers.create": {"tracker!": {"tracking_code!": TEXT, "carrier": TEXT}},
    "trackers.retrieve": {},
    "trackers.batch": {"tracking_codes!": [TEXT]},
    "webhooks.create": {"webhook!": {"url!": TEXT, "webhook_secret": TEXT}},
    "webhooks.list": {},
}


def accept(given: Any, shape: Any, path: str = "") -> Any:
    """`given` when it has the shape. Raises ApiError 422 naming the first field that hasn't."""
    if isinstance(shape, tuple):
        if given is not None and (not isinstance(given, shape) or isinstance(given, bool)):
            raise invalid(path, "is of another type")
        return given
    if isinstance(shape, list):
        if not isinstance(given, list) or len(given) > 100:
            raise invalid(path, "is a list of at most 100")
        return [accept(each, shape[0], path) for each in given]
    if not isinstance(given, dict):
        raise invalid(path or "body", "is an object")
    names = {name.rstrip("!"): each for name, each in shape.items()}
    for name in given:
        if name not in names:
            raise invalid(f"{path}.{name}".lstrip("."), "is unknown")
    for name in shape:
        if name.endswith("!") and given.get(name[:-1]) in (None, ""):
            raise required(f"{path}.{name[:-1]}".lstrip("."))
    return {name: accept(given[name], names[name], f"{path}.{name}".lstrip(".")) for name in given}
