"""The carrier's sandbox as a real process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from adapters.provisioning import DatabaseAddresses
from tests.sandbox.process import ServiceProcess, start_service


@dataclass
class CarrierProcess(ServiceProcess):
    """The carrier."""

    def live(self, life: str, *, account: str | None = None, count: int = 1) -> None:
        """The next parcels live this life (see `sandbox/carrier/lives.py`)."""
        self.plant("life", f"life_{life}", account=account, count=count)

    def advance(self, number: str, steps: int = 1) -> dict[str, Any]:
        """Let the next steps of a parcel's life happen; answers with the tracker."""
        return self.control("POST", f"parcels/{number}/advance", {"steps": steps})

    def scan(self, number: str, status: str, **more: Any) -> dict[str, Any]:
        """See a parcel somewhere: `status_detail`, `code`, `message`, `seconds_ago`."""
        return self.control("POST", f"parcels/{number}/scan", {"status": status, **more})

    def settle_refund(self, shipment: str, *, granted: bool = True) -> dict[str, Any]:
        """The carrier answers a refund that was submitted."""
        return self.control("POST", f"refunds/{shipment}/{'grant' if granted else 'reject'}")

    def requests(self, account: str, operation: str) -> dict[str, int]:
        """How often an operation was asked for, by the object's id."""
        return {
            row["object"] or "": row["times"]
            for row in self.books(account)["requests"]
            if row["operation"] == operation
        }


def start_carrier(
    database_url: str,
    *,
    port: int | None = None,
    webhook_rebase: str | None = None,
    environment: dict[str, str] | None = None,
) -> CarrierProcess:
    """Start `python -m sandbox.carrier` on loopback and wait until it answers (see `start_service`)."""
    return start_service(
        CarrierProcess, "sandbox.carrier", "SANDBOX_CARRIER_PORT", database_url, port, webhook_rebase, environment
    )


@pytest.fixture(scope="session")
def carrier_process(database: DatabaseAddresses) -> Iterator[CarrierProcess]:
    """The worker's carrier, over the sandbox's own role."""
    process = start_carrier(database.sandbox_url)
    yield process
    process.stop()


@pytest.fixture
def carrier(carrier_process: CarrierProcess) -> Iterator[CarrierProcess]:
    """The carrier with its clock right and no fault planted, and left so."""
    yield carrier_process
    carrier_process.clear_faults()
    carrier_process.set_clock(0)
