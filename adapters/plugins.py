"""What a provider's package says about itself: the PLUGIN value that `adapters.registry` finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ports.payments import Capabilities, PaymentGateway


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a plugin may know of the deployment. `sandbox_url` is None in production."""

    public_url: str
    sandbox_url: str | None
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Plugin:
    """A payment provider. `build` makes the gateway of one account from its decrypted settings."""

    name: str
    capabilities: Capabilities
    build: Callable[[Mapping[str, str], Surroundings], PaymentGateway]
