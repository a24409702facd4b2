"""The table of parameters: what each operation takes, and nothing else.

Names and limits: https://docs.stripe.com/api. A parameter that the real provider knows and this one does not
play is refused as well, loudly, rather than ignored.
"""

from __future__ import annotations

from sandbox.payments.parameters import (
    Accepted,
    Parameter,
    address_url,
    boolean,
    choice,
    group,
    integer,
    items,
    metadata,
    text,
)

METHOD_TYPES = ("card", "pix", "boleto")
CURRENCIES = ("brl", "usd", "eur", "gbp", "ars", "clp", "cop", "mxn", "pen", "uyu", "cad", "chf", "jpy")

_expand = Parameter(items(text()))
_metadata = Parameter(metadata)
_created = {name: Parameter(integer(0, 10**12)) for name in ("gt", "gte", "lt", "lte")}


def _created_check(value: object, name: str) -> object:
    """An exact second, or bounds."""
    return group(_created)(value, name) if isinstance(value, dict) else integer(0, 10**12)(value, name)


_listing: Accepted = {
    "limit": Parameter(integer(1, 100)),
    "starting_after": Parameter(text()),
    "ending_before": Parameter(text()),
    "created": Parameter(_created_check),
    "expand": _expand,
}
_address: Accepted = {
    name: Parameter(text(empty=True)) for name in ("city", "country", "line1", "line2", "postal_code", "state")
}
_billing: Accepted = {
    "address": Parameter(group(_address)),
    "email": Parameter(text(empty=True)),
    "name": Parameter(text(empty=True)),
    "phone": Parameter(text(empty=True)),
    "tax_id": Parameter(text(empty=True)),
}
_card: Accepted = {
    "number": Parameter(text(30), required=True),
    "exp_month": Parameter(integer(1, 12), required=True),
    "exp_year": Parameter(integer(2000, 2999), required=True),
    "cvc": Parameter(text(4)),
}
_boleto: Accepted = {"tax_id": Parameter(text(), required=True)}
_method_data: Accepted = {
    "type": Parameter(choice("pix", "boleto"), required=True),
    "billing_details": Parameter(group(_billing)),
    "pix": Parameter(group({})),
    "boleto": Parameter(group(_boleto)),
}
_method_options: Accepted = {
    "pix": Parameter(
        group(
            {
                "expires_after_seconds": Parameter(integer(10, 1_209_600)),
                "expires_at": Parameter(integer(1, 10**12)),
            }
        )
    ),
    "boleto": Parameter(group({"expires_after_days": Parameter(integer(0, 60))})),
    "card": Parameter(group({"request_three_d_secure": Parameter(choice("any", "automatic", "challenge"))})),
}
_shipping: Accepted = {
    "address": Parameter(group(_address), required=True),
    "name": Parameter(text(), required=True),
    "carrier": Parameter(text(empty=True)),
    "phone": Parameter(text(empty=True)),
    "tracking_number": Parameter(text(empty=True)),
}
_describing: Accepted = {
    "description": Parameter(text(1000, empty=True)),
    "metadata": _metadata,
    "expand": _expand,
    "receipt_email": Parameter(text(512, empty=True)),
    "shipping": Parameter(group(_shipping)),
    "statement_descriptor": Parameter(text(22, empty=True)),
    "statement_descriptor_suffix": Parameter(text(22, empty=True)),
}
_paying: Accepted = {
    "payment_method": Parameter(text()),
    "payment_method_data": Parameter(group(_method_data)),
    "payment_method_options": Parameter(group(_method_options)),
    "return_url": Parameter(address_url),
}
_capture_method = Parameter(choice("automatic", "automatic_async", "manual"))
_automatic: Accepted = {
    "enabled": Parameter(boolean, required=True),
    "allow_redirects": Parameter(choice("always", "never")),
}
_endpoint: Accepted = {
    "enabled_events": Parameter(items(text())),
    "url": Parameter(address_url),
    "metadata": _metadata,
    "description": Parameter(text(empty=True)),
    "expand": _expand,
}
_only_expand: Accepted = {"expand": _expand}

ACCEPTED: dict[str, Accepted] = {
    "account.retrieve": _only_expand,
    "payment_intents.create": {
        **_describing,
        **_paying,
        "amount": Parameter(integer(1), required=True),
        "currency": Parameter(choice(*CURRENCIES), required=True),
        "capture_method": _capture_method,
        "confirm": Parameter(boolean),
        "confirmation_method": Parameter(choice("automatic", "manual")),
        "payment_method_types": Parameter(items(choice(*METHOD_TYPES))),
        "automatic_payment_methods": Parameter(group(_automatic)),
    },
    "payment_intents.list": _listing,
    "payment_intents.search": {
        **_only_expand,
        "query": Parameter(text(), required=True),
        "limit": Parameter(integer(1, 100)),
    },
    "payment_intents.retrieve": {**_only_expand, "client_secret": Parameter(text())},
    "payment_intents.update": {
        **_describing,
        "amount": Parameter(integer(1)),
        "payment_method": Parameter(text()),
        "payment_method_data": _paying["payment_method_data"],
        "payment_method_options": _paying["payment_method_options"],
    },
    "payment_intents.confirm": {**_paying, **_only_expand, "capture_method": _capture_method},
    "payment_intents.capture": {
        **_only_expand,
        "amount_to_capture": Parameter(integer(1)),
        "final_capture": Parameter(boolean),
        "metadata": _metadata,
    },
    "payment_intents.cancel": {
        **_only_expand,
        "cancellation_reason": Parameter(choice("abandoned", "duplicate", "fraudulent", "requested_by_customer")),
    },
    "charges.retrieve": _only_expand,
    "charges.list": {**_listing, "payment_intent": Parameter(text())},
    "refunds.create": {
        **_only_expand,
        "amount": Parameter(integer(1)),
        "charge": Parameter(text()),
        "payment_intent": Parameter(text()),
        "metadata": _metadata,
        "reason": Parameter(choice("duplicate", "fraudulent", "requested_by_customer")),
    },
    "refunds.retrieve": _only_expand,
    "refunds.update": {**_only_expand, "metadata": _metadata},
    "refunds.list": {**_listing, "payment_intent": Parameter(text()), "charge": Parameter(text())},
    "balance.retrieve": _only_expand,
    "balance_transactions.retrieve": _only_expand,
    "balance_transactions.list": {
        **_listing,
        **{name: Parameter(text()) for name in ("currency", "payout", "source", "type")},
    },
    "payouts.retrieve": _only_expand,
    "payouts.list": {**_listing, "status": Parameter(text())},
    "disputes.retrieve": _only_expand,
    "disputes.list": {**_listing, "charge": Parameter(text()), "payment_intent": Parameter(text())},
    "payment_methods.create": {
        **_only_expand,
        "type": Parameter(choice(*METHOD_TYPES), required=True),
        "card": Parameter(group(_card)),
        "billing_details": Parameter(group(_billing)),
        "pix": Parameter(group({})),
        "boleto": Parameter(group(_boleto)),
    },
    "payment_methods.retrieve": _only_expand,
    "events.retrieve": _only_expand,
    "events.list": {**_listing, "type": Parameter(text()), "types": Parameter(items(text()))},
    "webhook_endpoints.create": {
        **_endpoint,
        "api_version": Parameter(choice("2026-05-27.dahlia")),
        "enabled_events": Parameter(items(text()), required=True),
        "url": Parameter(address_url, required=True),
    },
    "webhook_endpoints.retrieve": _only_expand,
    "webhook_endpoints.list": {name: each for name, each in _listing.items() if name != "created"},
    "webhook_endpoints.update": {**_endpoint, "disabled": Parameter(boolean)},
    "webhook_endpoints.delete": {},
}
