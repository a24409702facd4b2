"""What every carrier must do, whatever it speaks to. A carrier is proved by one line in a test:

class TestManual(CarrierContract, plugin="manual"): ...

with a `stand`: its carrier, and what plays the world around it. One that is reached over a network is held to
`tests.contracts.remote_carrier` as well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol
from uuid import uuid4

import pytest

from adapters.guard import TransactionOpen, transaction
from core.shared.address import Address
from ports.carriers import Carrier, ParcelSize, RateRequest
from ports.payments import NotSupported

CONTRACTS: dict[str, list[type[CarrierContract]]] = {}

SENDER = Address(
    name="Casa Ipê", postal_code="81260000", street="Rua Eduardo Sprada", number="4200", district="Campo Comprido",
    city="Curitiba", region="PR", phone="4130334455",
)  # fmt: skip
RECEIVER = Address(
    name="Helena Carvalho Motta", postal_code="01310100", street="Avenida Paulista", number="1000",
    complement="apto 31", district="Bela Vista", city="São Paulo", region="SP", phone="11988887777",
)  # fmt: skip


class Stand(Protocol):
    """A carrier and the world around it."""

    @property
    def carrier(self) -> Carrier: ...


def a_parcel(**changes: Any) -> RateRequest:
    """A parcel of 850 g to be rated, in reais."""
    values: dict[str, Any] = {
        "origin": SENDER,
        "destination": RECEIVER,
        "parcel": ParcelSize(850, 300, 220, 100),
        "currency": "BRL",
        "reference": f"CI-{uuid4()}",
    }
    return RateRequest(**{**values, **changes})


class CarrierContract:
    """The part that everybody keeps. What a carrier does not declare, it must refuse."""

    def __init_subclass__(cls, plugin: str | None = None, **options: Any) -> None:
        super().__init_subclass__(**options)
        if plugin is not None:
            CONTRACTS.setdefault(plugin, []).append(cls)

    @pytest.fixture
    def stand(self) -> Stand:
        """The carrier under test, in working order."""
        raise NotImplementedError

    def calls(self, stand: Stand) -> dict[str, list[Callable[[], object]]]:
        """Every way of asking, by the capability that it needs."""
        carrier = stand.carrier
        return {
            "rates": [lambda: carrier.rates(a_parcel(), 5.0)],
            "labels": [
                lambda: carrier.purchase("shp_nobody", "rate_nobody", str(uuid4())),
                lambda: carrier.find("shp_nobody"),
                lambda: carrier.label("shp_nobody"),
            ],
            "voids": [lambda: carrier.void("shp_nobody")],
            "tracking": [lambda: carrier.track(["QB123456785BR"])],
        }

    def test_what_is_not_declared_is_refused(self, stand: Stand) -> None:
        for capability, calls in self.calls(stand).items():
            if not getattr(stand.carrier.capabilities, capability):
                for call in calls:
                    with pytest.raises(NotSupported):
                        call()
        if not stand.carrier.capabilities.webhooks:
            with pytest.raises(NotSupported):
                stand.carrier.read_webhook({}, b"{}")

    def test_nothing_is_asked_inside_a_transaction(self, stand: Stand) -> None:
        for calls in self.calls(stand).values():
            for call in calls:
                with transaction(), pytest.raises(TransactionOpen):
                    call()

    def test_capabilities_agree_with_one_another(self, stand: Stand) -> None:
        able = stand.carrier.capabilities
        assert able.max_track_batch >= 1
        assert able.labels or not able.voids, "postage can only be given back where it is bought"
        assert able.rates or not able.labels, "only an offer can be bought"
