"""`ecommerce payments connect PROVIDER` against a real database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adapters.provisioning import DatabaseAddresses
from jobs.cli import main
from tests.shop import Shop, environment_for

Call = Callable[..., Result]

KEYS = "sk_live_secret\nwhsec_secret\npk_live_public\n"


@pytest.fixture
def call(shop: Shop, database: DatabaseAddresses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    for name, value in environment_for(database, tmp_path).items():
        monkeypatch.setenv(name, value)
    slug = str(shop.sql("SELECT slug FROM stores")[0]["slug"])

    def run(*arguments: str, keys: str = "") -> Result:
        return CliRunner().invoke(main, ["payments", "connect", *arguments, "--store", slug], input=keys)

    return run


def test_keys_are_asked_for_and_the_account_is_there(shop: Shop, call: Call) -> None:
    done = call("stripe", "--method", "card", "--set", "timeout=10", keys=KEYS)
    assert done.exit_code == 0, done.output
    [account] = shop.sql("SELECT id, name, methods FROM payment_accounts WHERE provider = 'stripe'")
    assert (account["name"], account["methods"]) == ("Stripe", ["card"])
    assert f"http://127.0.0.1:8000/webhooks/payments/stripe/{account['id']}" in done.output
    assert not any(key in done.output for key in KEYS.split())


def test_a_wrong_key_is_said_and_nothing_is_made(shop: Shop, call: Call) -> None:
    done = call("stripe", keys=KEYS.replace("pk_live", "pk_test"))
    assert done.exit_code == 1
    assert "One key is live, the other is for tests." in done.output
    assert shop.sql("SELECT 1 FROM payment_accounts WHERE provider = 'stripe'") == []


def test_a_provider_without_keys_asks_for_none(shop: Shop, call: Call) -> None:
    done = call("manual", "--name", "Transferência", "--set", "instructions=Banco 001")
    assert done.exit_code == 0, done.output
    assert "Webhooks" not in done.output
    assert {"name": "Transferência"} in shop.sql("SELECT name FROM payment_accounts")


@pytest.mark.parametrize("arguments", [("nobody",), ("stripe", "--set", "timeout"), ("stripe", "--method", "gold")])
def test_what_makes_no_sense_is_refused(call: Call, arguments: tuple[str, ...]) -> None:
    done = call(*arguments, keys=KEYS)
    assert done.exit_code in (1, 2)
    assert "Error" in done.output
