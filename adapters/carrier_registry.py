"""Finds the carriers: every package below `adapters.carriers` that holds a PLUGIN.

Adding one is a folder; nothing here or in core names a carrier. Each is wrapped, so that a call inside a transaction is
refused and a crash can be rehearsed before and after every call.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TypeVar

import adapters.carriers
from adapters import guard
from adapters.plugins import CarrierPlugin, Surroundings
from adapters.secret_box import SecretBox
from core.shared.errors import FieldProblem, Unavailable
from ports.carriers import (
    Carrier,
    CarrierAccount,
    CarrierCapabilities,
    CarrierNotice,
    Label,
    PostageAnswer,
    RateAnswer,
    RateRequest,
    TrackAnswer,
)

T = TypeVar("T")


@cache
def carrier_plugins() -> dict[str, CarrierPlugin]:
    """All installed carriers by name. Raises TypeError when a package holds no PLUGIN."""
    found: dict[str, CarrierPlugin] = {}
    for info in pkgutil.iter_modules(adapters.carriers.__path__, "adapters.carriers."):
        if not info.ispkg:
            continue
        plugin = getattr(importlib.import_module(info.name), "PLUGIN", None)
        if not isinstance(plugin, CarrierPlugin):
            raise TypeError(f"{info.name} holds no PLUGIN")
        found[plugin.name] = plugin
    return found


class InstalledCarriers:
    """Builds each account's carrier once per settings of the account.

    :param plugins: the carriers by name; None takes those that are installed
    """

    def __init__(
        self, box: SecretBox, surroundings: Surroundings, plugins: Mapping[str, CarrierPlugin] | None = None
    ) -> None:
        self._box = box
        self._surroundings = surroundings
        self.plugins = plugins
        self._built: dict[tuple[str, bytes], Carrier] = {}

    def of(self, account: CarrierAccount) -> Carrier:
        key = account.carrier, account.config
        carrier = self._built.get(key)
        if carrier is None:
            plugin = self._plugin(account.carrier)
            try:
                built = plugin.build(self._box.open(account.config), self._surroundings)
            except ValueError as error:
                raise Unavailable(f"The account {account.name!r} can't be used here: {error}.") from error
            carrier = GuardedCarrier(built)
            self._built[key] = carrier
        return carrier

    def capabilities(self, carrier: str) -> CarrierCapabilities:
        return self._plugin(carrier).capabilities

    def problems(self, carrier: str, config: Mapping[str, str]) -> Sequence[FieldProblem]:
        return self._plugin(carrier).problems(config)

    def seal(self, config: Mapping[str, str]) -> bytes:
        return self._box.seal(config)

    def _plugin(self, name: str) -> CarrierPlugin:
        installed = carrier_plugins() if self.plugins is None else self.plugins
        try:
            return installed[name]
        except KeyError:
            raise Unavailable(f"No carrier {name!r} is installed.") from None


class GuardedCarrier:
    """A carrier that refuses to be called inside a transaction and passes a failpoint before and after each call."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    @property
    def capabilities(self) -> CarrierCapabilities:
        return self._carrier.capabilities

    def _call(self, name: str, call: Callable[[], T]) -> T:
        guard.outside(f"carrier.{name}")
        guard.reached(f"carrier.{name}.before")
        answer = call()
        guard.reached(f"carrier.{name}.after")
        return answer

    def rates(self, request: RateRequest, timeout_seconds: float) -> RateAnswer:
        return self._call("rates", lambda: self._carrier.rates(request, timeout_seconds))

    def purchase(self, shipment_reference: str, rate_id: str, key: str) -> PostageAnswer:
        return self._call("purchase", lambda: self._carrier.purchase(shipment_reference, rate_id, key))

    def find(self, shipment_reference: str) -> PostageAnswer:
        return self._call("find", lambda: self._carrier.find(shipment_reference))

    def label(self, shipment_reference: str) -> Label | None:
        return self._call("label", lambda: self._carrier.label(shipment_reference))

    def void(self, shipment_reference: str) -> PostageAnswer:
        return self._call("void", lambda: self._carrier.void(shipment_reference))

    def track(self, tracking_numbers: Sequence[str]) -> TrackAnswer:
        return self._call("track", lambda: self._carrier.track(tracking_numbers))

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> CarrierNotice:
        return self._carrier.read_webhook(headers, body)
