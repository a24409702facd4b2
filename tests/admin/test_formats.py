"""Money, numbers and times as people read them, language and region apart."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from flask import Flask
from flask_babel import Babel, force_locale
from hypothesis import given
from hypothesis import strategies as st

import admin
from admin import formats
from core.shared.money import Money

BRAZIL, ENGLISH, AMERICA = Locale.parse("pt_BR"), Locale.parse("en"), Locale.parse("en_US")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
NOW = datetime(2026, 11, 24, 12, 12, tzinfo=UTC)


def _moment(value: datetime, language: Locale = ENGLISH, region: Locale = BRAZIL) -> str:
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        return formats.moment(value, NOW, SAO_PAULO, language, region)


@pytest.mark.parametrize(
    ("amount", "region", "text"),
    [
        (Money(128900, "BRL"), BRAZIL, "R$\xa01.289,00"),
        (Money(-6291, "BRL"), BRAZIL, "(R$\xa062,91)"),
        (Money(128900, "BRL"), AMERICA, "R$1,289.00"),
        (Money(1200, "JPY"), AMERICA, "¥1,200"),
        (Money(1234567, "KWD"), BRAZIL, "KWD\xa01.234,567"),
        (Money(0, "BRL"), BRAZIL, "R$\xa00,00"),
    ],
)
def test_money_follows_the_region_and_the_currency(amount: Money, region: Locale, text: str) -> None:
    assert formats.money(amount, region) == text


def test_an_amount_leaves_the_currency_to_the_head_of_its_column() -> None:
    assert formats.amount(Money(-128905, "BRL"), BRAZIL) == "(1.289,05)"
    assert formats.amount(Money(1200, "JPY"), BRAZIL) == "1.200"


@given(st.integers(min_value=-(10**20), max_value=10**20))
def test_no_digit_of_an_amount_is_ever_lost(minor: int) -> None:
    text = formats.money(Money(minor, "BRL"), BRAZIL)
    assert int("".join(c for c in text if c.isdigit())) == abs(minor)
    assert text.startswith("(") == (minor < 0)


def test_times_are_those_of_the_stores_zone() -> None:
    assert _moment(datetime(2026, 11, 24, 12, 7, tzinfo=UTC)) == "Today 09:07"
    assert _moment(datetime(2026, 11, 24, 1, 14, tzinfo=UTC)) == "23 Nov 22:14"


def test_another_year_says_so_instead_of_the_time() -> None:
    assert _moment(datetime(2025, 2, 3, 12, 0, tzinfo=UTC)) == "3 Feb 2025"


def test_words_follow_the_language_and_order_the_region() -> None:
    value = datetime(2026, 11, 18, 13, 37, tzinfo=UTC)
    assert _moment(value, BRAZIL, BRAZIL) == "18 de nov. 10:37"
    assert _moment(value, AMERICA, AMERICA).replace("\u202f", " ") == "Nov 18 10:37 AM"


def test_a_heading_spells_the_day_out() -> None:
    assert formats.long_day(date(2026, 11, 23), ENGLISH, BRAZIL) == "Monday, 23 November"
    assert formats.long_day(date(2026, 11, 23), BRAZIL, BRAZIL) == "segunda-feira, 23 de novembro"


def test_an_exact_time_has_its_year() -> None:
    assert formats.exact(NOW, SAO_PAULO, ENGLISH, BRAZIL) == "24 Nov 2026 09:12"


def test_percentages_come_from_basis_points() -> None:
    assert formats.percent(4110, BRAZIL) == "41,1\xa0%"
    assert formats.percent(6500, BRAZIL, 0) == "65\xa0%"


@pytest.mark.parametrize(
    ("typed", "country", "shown"),
    [
        ("11987654321", "BR", "+55 (11) 98765-4321"),
        ("(11) 98765-4321", "BR", "+55 (11) 98765-4321"),
        ("+55 11 98765 4321", "PT", "+55 (11) 98765-4321"),
        ("5511987654321", "BR", "+55 (11) 98765-4321"),
        ("011 3333-4444", "BR", "+55 (11) 3333-4444"),
        ("55987654321", "BR", "+55 (55) 98765-4321"),  # the area code of Santa Maria, not the country's
        ("+1 415 555 2671", "BR", "+1 415 555 2671"),
        ("11987654321", "US", "11987654321"),
        ("4321", "BR", "4321"),
        ("119876543210", "BR", "119876543210"),
        ("ask for Ana", "BR", "ask for Ana"),
    ],
)
def test_phones_are_written_for_people(typed: str, country: str, shown: str) -> None:
    assert formats.phone(typed, country) == shown


def test_within_a_sentence_today_has_no_capital() -> None:
    app = Flask("words", root_path=str(Path(admin.__file__).parent))
    Babel(app, default_translation_directories="translations")
    value = datetime(2026, 11, 24, 12, 7, tzinfo=UTC)
    for tag, said in (("en", "today 09:07"), ("pt_BR", "hoje 09:07")):
        with app.test_request_context(), force_locale(tag):
            assert formats.moment(value, NOW, SAO_PAULO, Locale.parse(tag), BRAZIL, within=True) == said
