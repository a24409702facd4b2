"""The SDK's client of one account, and what its answers and errors hold."""

from __future__ import annotations

from typing import Any

import stripe

from adapters.payments.stripe.config import StripeConfig


def client_of(config: StripeConfig) -> stripe.StripeClient:
    """A client that asks within `config.timeout` seconds and repeats a broken connection `config.retries` times."""
    return stripe.StripeClient(
        config.secret_key,
        base_addresses={"api": config.api_base},
        max_network_retries=config.retries,
        http_client=stripe.RequestsClient(timeout=config.timeout),
    )


def plain(value: stripe.StripeObject) -> dict[str, Any]:
    """Plain dictionaries, so that nothing of the SDK crosses the port."""
    told: dict[str, Any] = value.to_dict()
    return told


def retry_after(error: stripe.StripeError) -> int | None:
    """Seconds that the provider wants one to wait, where it says so."""
    value = (error.headers or {}).get("retry-after", "")
    return int(value) if str(value).isdecimal() else None
