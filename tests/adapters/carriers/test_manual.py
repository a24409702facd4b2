"""Any carrier by hand against the contract of carriers."""

from __future__ import annotations

import pytest

from adapters.carrier_registry import GuardedCarrier
from adapters.carriers.manual import PLUGIN
from adapters.plugins import Surroundings
from ports.carriers import Carrier, CarrierCapabilities
from tests.contracts.carriers import CarrierContract, Stand
from tests.shop import StoppedClock


class AtTheCounter:
    """Nobody to ask: staff take the parcel there and type the number."""

    def __init__(self) -> None:
        self.carrier: Carrier = GuardedCarrier(PLUGIN.build({}, Surroundings("", None, StoppedClock().now)))


class TestManual(CarrierContract, plugin="manual"):
    @pytest.fixture
    def stand(self) -> Stand:
        return AtTheCounter()

    def test_it_can_be_asked_nothing(self, stand: Stand) -> None:
        assert stand.carrier.capabilities == CarrierCapabilities()


def test_its_accounts_need_no_settings() -> None:
    assert not PLUGIN.problems({})
