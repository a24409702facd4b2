"""Every payment provider and every carrier that is installed is held to its contract; no line, no provider."""

from __future__ import annotations

import importlib
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.carrier_registry import carrier_plugins
from adapters.registry import payment_plugins
from ports.payments import Capabilities
from tests.contracts import carriers
from tests.contracts.payment_gateway import CONTRACTS
from tests.contracts.remote_carrier import RemoteCarrierContract
from tests.contracts.remote_gateway import RemoteGatewayContract
from tests.contracts.settlement_source import SOURCES

TESTS = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module", autouse=True)
def _contracts() -> None:
    """Load what declares contracts: the tests of the adapters."""
    for folder in ("payments", "carriers"):
        for path in sorted((TESTS / "adapters" / folder).glob("test_*.py")):
            importlib.import_module(f"tests.adapters.{folder}.{path.stem}")


def test_every_plugin_has_its_contract() -> None:
    assert CONTRACTS.keys() == payment_plugins().keys()


def test_who_sends_webhooks_is_held_to_the_contract_of_the_remote() -> None:
    remote = {name for name, plugin in payment_plugins().items() if plugin.capabilities.webhooks}
    held = {name for name, lines in CONTRACTS.items() if any(issubclass(line, RemoteGatewayContract) for line in lines)}
    assert remote == held


def test_who_tells_of_settlements_is_held_to_their_contract() -> None:
    telling = {name for name, plugin in payment_plugins().items() if plugin.capabilities.settlements}
    assert telling == SOURCES.keys()


def test_a_plugin_that_declares_settlements_and_tells_none_is_none() -> None:
    with pytest.raises(TypeError, match="settlements"):
        replace(payment_plugins()["manual"], capabilities=Capabilities(methods={}, settlements=True))


def test_a_plugin_is_named_like_its_folder() -> None:
    assert payment_plugins().keys() == folders("payments")


def test_every_carrier_has_its_contract() -> None:
    assert carriers.CONTRACTS.keys() == carrier_plugins().keys() == folders("carriers")


def test_carriers_over_a_network_are_held_to_the_contract_of_the_remote() -> None:
    able = {name: plugin.capabilities for name, plugin in carrier_plugins().items()}
    remote = {name for name, can in able.items() if can.rates or can.labels or can.tracking or can.webhooks}
    held = {
        name
        for name, lines in carriers.CONTRACTS.items()
        if any(issubclass(line, RemoteCarrierContract) for line in lines)
    }
    assert remote == held


def folders(kind: str) -> set[str]:
    return {path.parent.name for path in (TESTS.parent / "adapters" / kind).glob("*/__init__.py")}
