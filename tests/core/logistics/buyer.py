"""A process that buys a label and may be killed on the way: `python -m tests.core.logistics.buyer`."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from uuid import UUID

from adapters.plugins import CarrierPlugin
from adapters.provisioning import DatabaseAddresses
from adapters.wiring import wire
from core.logistics.use_cases.purchase_label import PurchaseLabel, purchase_label
from core.shared.context import CallContext, Job
from core.shared.ids import StoreId
from tests.carrier import FiledCarrier
from tests.shop import StoppedClock, settings_for


def main() -> None:
    told = json.load(sys.stdin)
    clock = StoppedClock()
    clock.at = datetime.fromisoformat(told["now"])
    wired = wire(settings_for(DatabaseAddresses(**told["database"]), Path(told["data_dir"])), clock=clock)
    carrier = FiledCarrier(file=Path(told["books"]))
    carrier.read()
    plugin = CarrierPlugin("scripted", carrier.capabilities, lambda config, surroundings: carrier)
    wired.plain["carriers"].plugins = {"scripted": plugin}
    context = CallContext(StoreId(UUID(told["store"])), Job("test"), "test-request")
    wired.app.run(purchase_label, PurchaseLabel(UUID(told["quote"]), "click"), context)


if __name__ == "__main__":
    main()
