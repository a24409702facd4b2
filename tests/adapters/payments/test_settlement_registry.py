"""Where an account's settlements come from: its provider, once per settings, or nowhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from adapters.plugins import Surroundings
from adapters.registry import Gateways
from adapters.secret_box import SecretBox
from core.shared.errors import Unavailable
from core.shared.ids import PaymentAccountId
from ports.payments import PaymentAccount, PaymentGateways

CONFIG = {"secret_key": "sk_test_loja", "webhook_secret": "whsec_x", "api_base": "sandbox"}


@pytest.fixture
def gateways() -> PaymentGateways:
    surroundings = Surroundings("http://127.0.0.1:8000", "http://127.0.0.1:9", lambda: datetime.now(UTC))
    return Gateways(SecretBox([b"k" * 32]), surroundings)


def account(gateways: PaymentGateways, provider: str) -> PaymentAccount:
    return PaymentAccount(PaymentAccountId(uuid4()), provider, provider.title(), gateways.seal(CONFIG))


def test_an_account_has_one_source_per_its_settings(gateways: PaymentGateways) -> None:
    stripe = account(gateways, "stripe")
    source = gateways.settlements(stripe)
    assert source is not None
    assert gateways.settlements(stripe) is source
    assert gateways.settlements(replace(stripe, config=gateways.seal(CONFIG))) is not source


def test_money_by_hand_is_settled_by_nobody(gateways: PaymentGateways) -> None:
    assert gateways.settlements(account(gateways, "manual")) is None
    assert not gateways.capabilities("manual").settlements


def test_a_provider_that_is_not_installed_tells_nothing(gateways: PaymentGateways) -> None:
    with pytest.raises(Unavailable):
        gateways.settlements(account(gateways, "gold"))
