"""Any carrier by hand: staff take the parcel there and type the number that they are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.plugins import CarrierPlugin, Surroundings
from ports.carriers import (
    CarrierCapabilities,
    CarrierNotice,
    Label,
    PostageAnswer,
    RateAnswer,
    RateRequest,
    TrackAnswer,
)
from ports.payments import NotSupported

CAPABILITIES = CarrierCapabilities()


class ManualCarrier:
    """Nobody to ask: it offers nothing, sells nothing and follows nothing."""

    @property
    def capabilities(self) -> CarrierCapabilities:
        return CAPABILITIES

    def rates(self, request: RateRequest, timeout_seconds: float) -> RateAnswer:
        raise NotSupported("prices stand at the counter")

    def purchase(self, shipment_reference: str, rate_id: str, key: str) -> PostageAnswer:
        raise NotSupported("postage is bought at the counter")

    def find(self, shipment_reference: str) -> PostageAnswer:
        raise NotSupported("postage is bought at the counter")

    def label(self, shipment_reference: str) -> Label | None:
        raise NotSupported("the label comes from the counter")

    def void(self, shipment_reference: str) -> PostageAnswer:
        raise NotSupported("postage is given back at the counter")

    def track(self, tracking_numbers: Sequence[str]) -> TrackAnswer:
        raise NotSupported("nobody tells where the parcel is")

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> CarrierNotice:
        raise NotSupported("nobody calls")


def build(settings: Mapping[str, str], surroundings: Surroundings) -> ManualCarrier:
    """The same for every account."""
    return ManualCarrier()


PLUGIN = CarrierPlugin("manual", CAPABILITIES, build)
