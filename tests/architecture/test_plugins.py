"""Every payment provider that is installed is held to the contract; no line, no provider."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from adapters.registry import payment_plugins
from tests.contracts.payment_gateway import CONTRACTS
from tests.contracts.remote_gateway import RemoteGatewayContract

TESTS = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module", autouse=True)
def _contracts() -> None:
    """Load what declares contracts: the tests of the adapters."""
    for path in sorted((TESTS / "adapters" / "payments").glob("test_*.py")):
        importlib.import_module(f"tests.adapters.payments.{path.stem}")


def test_every_plugin_has_its_contract() -> None:
    assert CONTRACTS.keys() == payment_plugins().keys()


def test_who_sends_webhooks_is_held_to_the_contract_of_the_remote() -> None:
    remote = {name for name, plugin in payment_plugins().items() if plugin.capabilities.webhooks}
    held = {name for name, lines in CONTRACTS.items() if any(issubclass(line, RemoteGatewayContract) for line in lines)}
    assert remote == held


def test_a_plugin_is_named_like_its_folder() -> None:
    folders = {path.parent.name for path in (TESTS.parent / "adapters" / "payments").glob("*/__init__.py")}
    assert payment_plugins().keys() == folders
