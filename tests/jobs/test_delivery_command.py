"""`ecommerce delivery carrier-rates` against a real database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adapters.provisioning import DatabaseAddresses
from jobs.cli import main
from tests.shop import Shop, environment_for

Call = Callable[..., Result]


@pytest.fixture
def call(shop: Shop, database: DatabaseAddresses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    for name, value in environment_for(database, tmp_path).items():
        monkeypatch.setenv(name, value)
    slug = str(shop.sql("SELECT slug FROM stores")[0]["slug"])

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["delivery", "carrier-rates", *arguments, "--store", slug])

    return run


def settings(shop: Shop) -> tuple[bool, list[int] | None]:
    row = shop.sql("SELECT carrier_rates, box FROM stores")[0]
    return row["carrier_rates"], row["box"]


def test_it_is_on_until_it_is_switched_and_the_box_stays(shop: Shop, call: Call) -> None:
    assert settings(shop) == (True, None)
    for arguments, expected in (
        (("off",), (False, None)),
        (("on", "--box", "300x200x150"), (True, [300, 200, 150])),
        (("off",), (False, [300, 200, 150])),
    ):
        done = call(*arguments)
        assert done.exit_code == 0, done.output
        assert settings(shop) == expected
    changes = shop.sql("SELECT count(*) AS n FROM activity WHERE action = 'logistics.offer_carrier_rates'")
    assert changes[0]["n"] == 3


@pytest.mark.parametrize("box", ["", "300", "300x200", "0x200x150", "300x200x10001", "300x200x-1", "a x b x c"])
def test_what_is_no_box_is_refused(shop: Shop, call: Call, box: str) -> None:
    done = call("on", "--box", box)
    assert done.exit_code in (1, 2)
    assert "Error" in done.output
    assert settings(shop) == (True, None)
