"""The settings of one Stripe account, as they are sealed with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.plugins import Surroundings

LIVE_API = "https://api.stripe.com"
SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True)
class StripeConfig:
    """`api_base` is where the API answers; `pages` where the sandbox has its payment page, None for a real account.

    `timeout` seconds bound a request; `retries` repeat one whose connection failed, under its idempotency key.
    """

    secret_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    publishable_key: str = ""
    api_base: str = LIVE_API
    pages: str | None = None
    timeout: float = 20.0
    retries: int = 1


def read_config(settings: Mapping[str, str], surroundings: Surroundings) -> StripeConfig:
    """An account's settings. `api_base` may be `sandbox`: then the rehearsed provider of this deployment is meant.

    Raises ValueError when it is asked for and there is none, as in production.
    """
    base = settings.get("api_base", LIVE_API)
    pages = None
    if base == SANDBOX:
        if surroundings.sandbox_url is None:
            raise ValueError("this account is a rehearsal, and this deployment has no sandbox")
        base = pages = surroundings.sandbox_url.rstrip("/")
    return StripeConfig(
        secret_key=settings["secret_key"],
        webhook_secret=settings["webhook_secret"],
        publishable_key=settings.get("publishable_key", ""),
        api_base=base,
        pages=pages,
        timeout=float(settings.get("timeout", "20")),
        retries=int(settings.get("retries", "1")),
    )
