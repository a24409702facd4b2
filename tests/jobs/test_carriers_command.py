"""`ecommerce carriers connect CARRIER` against a real database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adapters.provisioning import DatabaseAddresses
from jobs.cli import main
from tests.shop import Shop, environment_for

Call = Callable[..., Result]

KEYS = "EZAKsecret\na secret of a webhook\n"


@pytest.fixture
def call(shop: Shop, database: DatabaseAddresses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    for name, value in environment_for(database, tmp_path).items():
        monkeypatch.setenv(name, value)
    slug = str(shop.sql("SELECT slug FROM stores")[0]["slug"])

    def run(*arguments: str, keys: str = "") -> Result:
        return CliRunner().invoke(main, ["carriers", "connect", *arguments, "--store", slug], input=keys)

    return run


def test_keys_are_asked_for_and_the_account_is_there(shop: Shop, call: Call) -> None:
    done = call("easypost", "--per-second", "3", "--per-day", "500", "--set", "timeout=10", keys=KEYS)
    assert done.exit_code == 0, done.output
    [account] = shop.sql("SELECT * FROM carrier_accounts")
    assert (account["carrier"], account["name"], account["enabled"]) == ("easypost", "Easypost", True)
    assert (account["requests_per_second"], account["burst"], account["requests_per_day"]) == (3, 10, 500)
    assert f"http://127.0.0.1:8000/webhooks/carriers/easypost/{account['id']}" in done.output
    assert not any(key in done.output for key in KEYS.splitlines())


def test_a_wrong_key_is_said_and_nothing_is_made(shop: Shop, call: Call) -> None:
    done = call("easypost", keys=KEYS.replace("EZAK", "sk_live_"))
    assert done.exit_code == 1
    assert "EZAK... or EZTK..." in done.output
    assert shop.sql("SELECT 1 FROM carrier_accounts") == []


def test_a_carrier_without_keys_asks_for_none(shop: Shop, call: Call) -> None:
    done = call("manual", "--name", "Balcão dos Correios")
    assert done.exit_code == 0, done.output
    assert "Webhooks" not in done.output
    assert shop.sql("SELECT name FROM carrier_accounts") == [{"name": "Balcão dos Correios"}]


@pytest.mark.parametrize("arguments", [("nobody",), ("easypost", "--set", "timeout"), ("easypost", "--burst", "0")])
def test_what_makes_no_sense_is_refused(call: Call, arguments: tuple[str, ...]) -> None:
    done = call(*arguments, keys=KEYS)
    assert done.exit_code in (1, 2)
    assert "Error" in done.output
