"""The settings of one Stripe account, as they are sealed with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from adapters.plugins import Surroundings
from core.shared.errors import FieldProblem

LIVE_API = "https://api.stripe.com"
SANDBOX = "sandbox"

# Keys tell by their prefix whose they are and whether money is real: https://docs.stripe.com/keys
_KEY = re.compile(r"(?P<kind>sk|rk|pk)_(?P<mode>test|live)_\w+")


@dataclass(frozen=True, slots=True)
class StripeConfig:
    """`api_base` is where the API answers; `pages` where the sandbox has its payment page, None for a real account.
    `publishable_key` is the account's key for browsers: without it the shop can't show the payment page.

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


def problems(settings: Mapping[str, str]) -> Sequence[FieldProblem]:
    """What an account can't be made of. A rehearsed account needs no publishable key: the sandbox has a page."""
    required = ["secret_key", "webhook_secret"]
    if settings.get("api_base") != SANDBOX:
        required.append("publishable_key")
    missing = [FieldProblem(f"config.{name}", "required", _WANTED[name]) for name in required if not settings.get(name)]
    return [*missing, *_wrong_keys(settings)]


_WANTED = {
    "secret_key": "The secret key of the account, sk_... or a restricted one, rk_...",
    "webhook_secret": "The signing secret of the webhook endpoint, whsec_...",
    "publishable_key": "The publishable key of the account, pk_...: without it the payment page can't be shown.",
}


def _wrong_keys(settings: Mapping[str, str]) -> list[FieldProblem]:
    """Keys in one another's place, and a pair of which one moves real money and the other does not."""
    secret, public = settings.get("secret_key", ""), settings.get("publishable_key", "")
    found: list[FieldProblem] = []
    if secret and _part(secret, "kind") not in ("sk", "rk"):
        found.append(FieldProblem("config.secret_key", "malformed", _WANTED["secret_key"]))
    if public and _part(public, "kind") != "pk":
        found.append(FieldProblem("config.publishable_key", "malformed", _WANTED["publishable_key"]))
    if not found and public and secret and _part(public, "mode") != _part(secret, "mode"):
        found.append(FieldProblem("config.publishable_key", "mismatch", "One key is live, the other is for tests."))
    return found


def _part(key: str, part: str) -> str | None:
    found = _KEY.fullmatch(key)
    return found[part] if found else None
