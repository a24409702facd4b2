"""How a payment intent is paid: on the sandbox's page, by instructions for Pix or boleto, or in the Payment Element.

The element and its script: https://docs.stripe.com/payments/payment-element. The script is never hosted or bundled,
and its release is that of the API version which the SDK speaks: https://docs.stripe.com/sdks/stripejs-versioning
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from adapters.payments.stripe.config import StripeConfig
from ports.payment_page import EmbeddedForm, Redirect

SCRIPT = "https://js.stripe.com/dahlia/stripe.js"

# What Stripe.js needs of a content security policy: https://docs.stripe.com/security/guide#content-security-policy
SOURCES: Mapping[str, tuple[str, ...]] = {
    "script-src": ("https://*.js.stripe.com", "https://js.stripe.com"),
    "frame-src": ("https://*.js.stripe.com", "https://js.stripe.com", "https://hooks.stripe.com"),
    "connect-src": ("https://api.stripe.com",),
}

# States in which the shopper can act; in the others the element would not mount.
_WAITS = frozenset({"requires_payment_method", "requires_confirmation", "requires_action"})


def page(intent: Mapping[str, Any], return_url: str, config: StripeConfig) -> Redirect | EmbeddedForm | None:
    """The page of `intent`; None when it waits for no shopper. The sandbox's page shows every state by itself."""
    if config.pages is not None:
        query = urlencode({"client_secret": intent["client_secret"], "return_url": return_url})
        return Redirect(f"{config.pages}/pay/{intent['id']}?{query}")
    if intent["status"] not in _WAITS:
        return None
    action = intent.get("next_action") or {}
    for kind, address in (("pix_display_qr_code", "hosted_instructions_url"),
                          ("boleto_display_details", "hosted_voucher_url")):  # fmt: skip
        if kind in action:
            hosted = action[kind].get(address)
            return Redirect(hosted) if hosted else None
    return EmbeddedForm("stripe", SCRIPT, config.publishable_key, intent["client_secret"], SOURCES)
