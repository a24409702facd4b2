"""The settings of one EasyPost account, as they are sealed with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from adapters.plugins import Surroundings
from core.shared.errors import FieldProblem

LIVE_API = "https://api.easypost.com"
SANDBOX = "sandbox"
TIMEOUT = 20.0  # seconds

# Keys tell by their prefix whether postage is real: https://docs.easypost.com/docs/authentication
_KEY = re.compile(r"EZ[AT]K\w+")
_ADDRESS = re.compile(r"https?://[^\s/?#]+/?")
_SECONDS = re.compile(r"\d{1,2}(\.\d+)?|1[01]\d|120")


@dataclass(frozen=True, slots=True)
class EasyPostConfig:
    """`api_base` is scheme and host of the API. `timeout` seconds bound a request that changes nothing, or a purchase;
    rates have a deadline of their own."""

    api_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    api_base: str = LIVE_API
    timeout: float = TIMEOUT


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
        timeout=float(settings.get("timeout", TIMEOUT)),
    )


_WANTED = {
    "api_key": "The API key of the account, EZAK... or EZTK... for tests.",
    "webhook_secret": "The secret that the account's webhook was made with.",
}


def problems(settings: Mapping[str, str]) -> Sequence[FieldProblem]:
    """What an account can't be made of."""
    found = [FieldProblem(f"config.{name}", "required", words) for name, words in _WANTED.items()
             if not settings.get(name)]  # fmt: skip
    if settings.get("api_key") and not _KEY.fullmatch(settings["api_key"]):
        found.append(FieldProblem("config.api_key", "malformed", _WANTED["api_key"]))
    base = settings.get("api_base", LIVE_API)
    if base != SANDBOX and not _ADDRESS.fullmatch(base):
        found.append(FieldProblem("config.api_base", "malformed", "Scheme and host, such as https://api.example.com."))
    if not _SECONDS.fullmatch(settings.get("timeout", "20")) or not float(settings.get("timeout", "20")):
        found.append(FieldProblem("config.timeout", "malformed", "Seconds, more than 0 and at most 120."))
    return found
