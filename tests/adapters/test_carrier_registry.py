"""Carriers are found by their folder, built once, and guarded."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.carrier_registry import InstalledCarriers, carrier_plugins
from adapters.guard import TransactionOpen, transaction
from adapters.plugins import CarrierPlugin, Surroundings
from adapters.secret_box import SecretBox
from core.shared.errors import Unavailable
from core.shared.ids import CarrierAccountId
from ports.carriers import Carrier, CarrierAccount, PostageOutcome
from tests.carrier import CAPABILITIES, ScriptedCarrier
from tests.shop import StoppedClock

SURROUNDINGS = Surroundings("http://127.0.0.1:8000", None, StoppedClock().now)


def carriers(plugins: Mapping[str, CarrierPlugin] | None = None) -> InstalledCarriers:
    return InstalledCarriers(SecretBox([bytes(32)]), SURROUNDINGS, plugins)


def account(installed: InstalledCarriers, carrier: str, **config: str) -> CarrierAccount:
    return CarrierAccount(CarrierAccountId(uuid4()), carrier, "Balcão", installed.seal(config))


def test_settings_are_sealed_and_opened_for_the_one_who_builds() -> None:
    seen: list[dict[str, str]] = []

    def build(settings: Mapping[str, str], surroundings: Surroundings) -> Carrier:
        seen.append(dict(settings))
        return ScriptedCarrier()

    installed = carriers({"scripted": CarrierPlugin("scripted", CAPABILITIES, build)})
    one, other = (account(installed, "scripted", api_key=key) for key in ("first-key", "second-key"))
    assert b"first-key" not in one.config
    assert "first-key" not in repr(one)
    assert installed.of(one) is installed.of(one)
    assert installed.of(other) is not installed.of(one)
    assert [settings["api_key"] for settings in seen] == ["first-key", "second-key"]


def test_a_carrier_that_is_not_installed_or_not_here_is_unavailable() -> None:
    installed = carriers()
    with pytest.raises(Unavailable, match="'pigeon'"):
        installed.of(account(installed, "pigeon"))
    for name in ("capabilities", "problems"):
        with pytest.raises(Unavailable):
            getattr(installed, name)("pigeon", *([{}] if name == "problems" else []))
    rehearsal = account(installed, "easypost", api_key="EZTK_x", webhook_secret="s", api_base="sandbox")
    with pytest.raises(Unavailable, match="no carrier sandbox"):
        installed.of(rehearsal)
    assert carrier_plugins().keys() == {"easypost", "manual"}


def test_every_call_passes_its_failpoints_and_no_transaction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "points"
    monkeypatch.setitem(os.environ, "ECOMMERCE_FAILPOINT_LOG", str(log))
    scripted = ScriptedCarrier(fail_purchase="refuse")
    installed = carriers({"scripted": CarrierPlugin("scripted", CAPABILITIES, lambda *_: scripted)})
    carrier = installed.of(account(installed, "scripted"))
    assert carrier.purchase("shp_1", "rate_1", "key").outcome is PostageOutcome.REFUSED
    carrier.find("shp_1")
    carrier.label("shp_1")
    carrier.track([])
    told = log.read_text().split("\n")[:-1]
    assert told == [f"point carrier.{name}.{when}" for name in ("purchase", "find", "label", "track")
                    for when in ("before", "after")]  # fmt: skip
    with transaction(), pytest.raises(TransactionOpen):
        carrier.purchase("shp_1", "rate_1", "key")
    assert scripted.calls["purchase"] == 1
