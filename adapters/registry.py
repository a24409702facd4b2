"""Finds the payment providers: every package below `adapters.payments` that holds a PLUGIN.

Adding one is a folder; nothing here or in core names a provider. Each gateway is wrapped, so that a call inside a
transaction is refused and a crash can be rehearsed before and after every call.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache

import adapters.payments
from adapters import guard
from adapters.guarded_settlements import GuardedSettlements
from adapters.plugins import Plugin, Surroundings
from adapters.secret_box import SecretBox
from core.shared.errors import FieldProblem, Unavailable
from core.shared.money import Money
from ports.payment_page import EmbeddedForm, Redirect
from ports.payments import Answer, Capabilities, OpenRequest, PaymentAccount, PaymentGateway, WebhookNotice
from ports.settlements import SettlementSource


@cache
def payment_plugins() -> dict[str, Plugin]:
    """All installed providers by name. Raises TypeError when a package holds no PLUGIN."""
    found: dict[str, Plugin] = {}
    for info in pkgutil.iter_modules(adapters.payments.__path__, "adapters.payments."):
        plugin = getattr(importlib.import_module(info.name), "PLUGIN", None)
        if not isinstance(plugin, Plugin):
            raise TypeError(f"{info.name} holds no PLUGIN")
        found[plugin.name] = plugin
    return found


class Gateways:
    """Builds each account's gateway once per settings of the account."""

    def __init__(self, box: SecretBox, surroundings: Surroundings) -> None:
        self._box = box
        self._surroundings = surroundings
        self._built: dict[bytes, PaymentGateway] = {}
        self._sources: dict[bytes, SettlementSource] = {}

    def of(self, account: PaymentAccount) -> PaymentGateway:
        gateway = self._built.get(account.config)
        if gateway is None:
            plugin = self._plugin(account.provider)
            gateway = Guarded(plugin.build(self._box.open(account.config), self._surroundings))
            self._built[account.config] = gateway
        return gateway

    def settlements(self, account: PaymentAccount) -> SettlementSource | None:
        plugin = self._plugin(account.provider)
        if plugin.settlements is None:
            return None
        source = self._sources.get(account.config)
        if source is None:
            source = GuardedSettlements(plugin.settlements(self._box.open(account.config), self._surroundings))
            self._sources[account.config] = source
        return source

    def capabilities(self, provider: str) -> Capabilities:
        return self._plugin(provider).capabilities

    def problems(self, provider: str, config: Mapping[str, str]) -> Sequence[FieldProblem]:
        return self._plugin(provider).problems(config)

    def seal(self, config: Mapping[str, str]) -> bytes:
        return self._box.seal(config)

    @staticmethod
    def _plugin(name: str) -> Plugin:
        try:
            return payment_plugins()[name]
        except KeyError:
            raise Unavailable(f"No payment provider {name!r} is installed.") from None


class Guarded:
    """A gateway that refuses to be called inside a transaction and passes a failpoint before and after each call."""

    def __init__(self, gateway: PaymentGateway) -> None:
        self._gateway = gateway

    @property
    def capabilities(self) -> Capabilities:
        return self._gateway.capabilities

    def _call(self, name: str, call: Callable[[], Answer]) -> Answer:
        guard.outside(f"gateway.{name}")
        guard.reached(f"gateway.{name}.before")
        answer = call()
        guard.reached(f"gateway.{name}.after")
        return answer

    def open(self, request: OpenRequest) -> Answer:
        return self._call("open", lambda: self._gateway.open(request))

    def look_up(self, reference: str) -> Answer:
        return self._call("look_up", lambda: self._gateway.look_up(reference))

    def capture(self, reference: str, amount: Money, key: str) -> Answer:
        return self._call("capture", lambda: self._gateway.capture(reference, amount, key))

    def cancel(self, reference: str, key: str) -> Answer:
        return self._call("cancel", lambda: self._gateway.cancel(reference, key))

    def refund(self, reference: str, amount: Money, key: str) -> Answer:
        return self._call("refund", lambda: self._gateway.refund(reference, amount, key))

    def page(self, reference: str, return_url: str) -> Redirect | EmbeddedForm | None:
        guard.outside("gateway.page")
        return self._gateway.page(reference, return_url)

    def read_webhook(self, headers: Mapping[str, str], body: bytes, now: datetime) -> WebhookNotice:
        return self._gateway.read_webhook(headers, body, now)
