"""What a provider's or a carrier's package says about itself: the PLUGIN value that `adapters.registry` finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.shared.errors import FieldProblem
from ports.carriers import Carrier, CarrierCapabilities
from ports.payments import Capabilities, PaymentGateway
from ports.settlements import SettlementSource


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a plugin may know of the deployment: where the rehearsed payment provider and carrier are, None in
    production."""

    public_url: str
    sandbox_url: str | None
    now: Callable[[], datetime]
    sandbox_carrier_url: str | None = None


def nothing_to_check(settings: Mapping[str, str]) -> Sequence[FieldProblem]:
    """For a provider whose accounts need no settings."""
    return ()


@dataclass(frozen=True, slots=True)
class Plugin:
    """A payment provider. `build` makes the gateway of one account from its decrypted settings; `problems` says
    what is wrong with such settings before an account is made of them. `settlements` makes what tells of the account's
    money held and paid out, where the capabilities declare it."""

    name: str
    capabilities: Capabilities
    build: Callable[[Mapping[str, str], Surroundings], PaymentGateway]
    problems: Callable[[Mapping[str, str]], Sequence[FieldProblem]] = nothing_to_check
    settlements: Callable[[Mapping[str, str], Surroundings], SettlementSource] | None = None

    def __post_init__(self) -> None:
        if self.capabilities.settlements != (self.settlements is not None):
            raise TypeError(f"{self.name} declares settlements and tells none, or the other way round")


@dataclass(frozen=True, slots=True)
class CarrierPlugin:
    """A carrier, or an aggregator of carriers. `build` makes the carrier of one account from its decrypted settings;
    `problems` says what is wrong with such settings before an account is made of them."""

    name: str
    capabilities: CarrierCapabilities
    build: Callable[[Mapping[str, str], Surroundings], Carrier]
    problems: Callable[[Mapping[str, str]], Sequence[FieldProblem]] = nothing_to_check
