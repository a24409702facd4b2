"""Figures, dates and documents as Brazilians write them; settings that refuse to start half."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from examples.storefront import formats, tax_id
from examples.storefront.settings import SettingsError, read_settings

ZONE = "America/Sao_Paulo"
COMPLETE = {
    "ECOMMERCE_API": "http://127.0.0.1:8000/",
    "ECOMMERCE_PUBLISHABLE_KEY": "pk_1",
    "STOREFRONT_PORT": "8010",
}


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        (12990, "BRL", "R$\u00a0129,90"),
        (5, "BRL", "R$\u00a00,05"),
        (-1248, "BRL", "−R$\u00a012,48"),
        (123456789, "BRL", "R$\u00a01.234.567,89"),
        (1500, "JPY", "JPY\u00a01.500"),
        (1234567, "KWD", "KWD\u00a01.234,567"),
        (9007199254740993, "USD", "US$\u00a090.071.992.547.409,93"),
    ],
)
def test_money_is_written_from_minor_units(amount: int, currency: str, written: str) -> None:
    assert formats.money({"amount": amount, "currency": currency}) == written


def test_an_amount_taken_away_is_negative_whichever_sign_it_came_with() -> None:
    for amount in (1248, -1248):
        assert formats.less({"amount": amount, "currency": "BRL"}) == "−R$\u00a012,48"


@pytest.mark.parametrize(("now", "before", "per_cent"), [(15990, 18990, 15), (100, 100, 0), (100, 90, 0), (1, 3, 66)])
def test_a_lower_price_is_rounded_down(now: int, before: int, per_cent: int) -> None:
    assert formats.percent_off({"amount": now}, {"amount": before}) == per_cent


def test_times_are_told_in_the_zone_of_the_store() -> None:
    evening = "2026-11-19T01:37:00Z"  # still the 18th in São Paulo
    assert formats.moment(evening, ZONE) == "18 nov, 22:37"
    assert formats.deadline(evening, ZONE, datetime(2026, 11, 18, 23, tzinfo=UTC)) == "hoje, 22:37"
    assert formats.deadline(evening, ZONE, datetime(2026, 11, 17, 23, tzinfo=UTC)) == "amanhã, 22:37"
    assert formats.deadline(evening, ZONE, datetime(2026, 11, 1, tzinfo=UTC)) == "18 nov, 22:37"


def test_days_of_transit_are_a_promise() -> None:
    told = [formats.transit(days) for days in ([3, 5], [1, 1], [2, 2], [0, 0], [])]
    assert told == [
        "chega em 3 a 5 dias",
        "chega em 1 dia",
        "chega em 2 dias",
        "chega hoje",
        "prazo a combinar",
    ]


@pytest.mark.parametrize("good", ["529.982.247-25", "11144477735", "11.222.333/0001-81", "12.ABC.345/01DE-35"])
def test_right_check_digits_pass(good: str) -> None:
    assert tax_id.is_valid(good)


@pytest.mark.parametrize(
    "bad", ["529.982.247-26", "111.111.111-11", "11222333000182", "12ABC34501DE36", "", "1", "x" * 11]
)
def test_wrong_check_digits_do_not(bad: str) -> None:
    assert not tax_id.is_valid(bad)


def test_a_document_is_recognised_without_being_told() -> None:
    assert tax_id.masked("52998224725") == "•••.982.247-••"
    assert tax_id.masked("11222333000181") == "••.222.333/0001-••"
    assert formats.phone("47988204471") == "(47) 98820-4471"
    assert formats.postal_code("89010003") == "89010-003"


def test_settings_are_complete_or_everything_wrong_is_named() -> None:
    settings = read_settings(COMPLETE)
    assert (settings.api, settings.url) == ("http://127.0.0.1:8000", "http://127.0.0.1:8010")
    assert len(settings.secret_key) > 30
    assert settings.secret_key != read_settings(COMPLETE).secret_key
    with pytest.raises(SettingsError) as refused:
        read_settings({"ECOMMERCE_API": "localhost", "STOREFRONT_PORT": "x", "STOREFRONT_URL": "shop"})
    for name in ("ECOMMERCE_API", "ECOMMERCE_PUBLISHABLE_KEY", "STOREFRONT_PORT", "STOREFRONT_URL"):
        assert name in str(refused.value)


def test_cookies_are_secure_behind_tls() -> None:
    assert read_settings({**COMPLETE, "STOREFRONT_URL": "https://casa.example"}).secure
    assert not read_settings(COMPLETE).secure
