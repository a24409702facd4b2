"""Which settings make an account at a provider."""

from __future__ import annotations

import pytest

from core.payments.errors import MethodUnavailable
from core.payments.use_cases.add_account import AccountIncomplete, AddAccount, add_account
from core.shared.errors import Unavailable
from tests.shop import Shop

KEYS = {"secret_key": "sk_test_a", "webhook_secret": "whsec_a", "publishable_key": "pk_test_a"}


def test_an_account_that_could_show_no_page_is_not_made(shop: Shop) -> None:
    lacking = {name: value for name, value in KEYS.items() if name != "publishable_key"}
    with pytest.raises(AccountIncomplete) as refused:
        shop.run(add_account, AddAccount("stripe", "Stripe", ("card",), lacking))
    assert [(p.field, p.code) for p in refused.value.problems] == [("config.publishable_key", "required")]
    assert "sk_test_a" not in refused.value.message
    assert shop.sql("SELECT 1 FROM payment_accounts WHERE provider = 'stripe'") == []


def test_an_account_with_its_keys_is_made_and_they_are_sealed(shop: Shop) -> None:
    account_id = shop.run(add_account, AddAccount("stripe", "Stripe", ("card",), KEYS))
    [row] = shop.sql("SELECT id, config FROM payment_accounts WHERE provider = 'stripe'")
    assert row["id"] == account_id
    assert not any(value.encode() in bytes(row["config"]) for value in KEYS.values())


def test_what_the_provider_does_not_have_is_refused(shop: Shop) -> None:
    with pytest.raises(MethodUnavailable):
        shop.run(add_account, AddAccount("stripe", "Stripe", ("cash_on_delivery",), KEYS))
    with pytest.raises(Unavailable):
        shop.run(add_account, AddAccount("nobody", "Nobody", ("card",), KEYS))
