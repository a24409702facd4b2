"""The settings of one EasyPost account, as they are sealed with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.plugins import Surroundings

LIVE_API = "https://api.easypost.com"
SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True)
class EasyPostConfig:
    """`api_base` is scheme and host of the API. `timeout` seconds bound a request that changes nothing, or a purchase;
    rates have a deadline of their own."""

    api_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    api_base: str = LIVE_API
    timeout: float = 20.0


def read_config(settings: Mapping[str, str], surroundings: Surroundings) -> EasyPostConfig:
    """An account's settings. `api_base` may be `sandbox`: then the rehearsed carrier of this deployment is meant.

    Raises ValueError when it is asked for and there is none, as in production.
    """
    base = settings.get("api_base", LIVE_API)
    if base == SANDBOX:
        if surroundings.sandbox_carrier_url is None:
            raise ValueError("this account is a rehearsal, and this deployment has no carrier sandbox")
        base = surroundings.sandbox_carrier_url
    return EasyPostConfig(
        api_key=settings["api_key"],
        webhook_secret=settings["webhook_secret"],
        api_base=base.rstrip("/"),
        timeout=float(settings.get("timeout", "20")),
    )
