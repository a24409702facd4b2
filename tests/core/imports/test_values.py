"""Cells as values."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.imports import values
from core.imports.problems import BadValue


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("50", 5000), ("69.90", 6990), ("69,90", 6990), ("69,9", 6990), ("0", 0), ("R$ 1.289,00", 128900),
        ("1,289.00", 128900), ("1 289,00", 128900), ("1.234.567", 123456700), ("12.9900", 1299), ("$5", 500),
        ("BRL 10", 1000), ("10 €", 1000), ("0.500", 50),
    ],
)  # fmt: skip
def test_prices(text: str, minor: int) -> None:
    assert values.price(text, "BRL") == minor


@pytest.mark.parametrize(
    ("text", "code", "repair"),
    [
        ("89,9O", "not_a_number", "89,90"), ("l2", "not_a_number", "12"), ("abc", "not_a_number", None),
        ("-10", "negative", "10"), ("(10)", "negative", "10"), ("1.289", "ambiguous_number", None),
        ("1,289", "ambiguous_number", None), ("1.23456", "too_precise", None), ("9" * 12, "out_of_range", None),
        ("9" * 5000, "out_of_range", None), ("1.2.3", "not_a_number", None), ("1,2,3.4", "not_a_number", None),
        ("٣", "not_a_number", None), ("1e5", "not_a_number", None), ("NaN", "not_a_number", None),
        ("", "not_a_number", None),
    ],
)  # fmt: skip
def test_prices_that_are_none(text: str, code: str, repair: str | None) -> None:
    with pytest.raises(BadValue) as raised:
        values.price(text, "BRL")
    assert (raised.value.code, raised.value.repair) == (code, repair)


def test_a_currency_without_decimals_takes_none() -> None:
    assert values.price("1.000.000", "JPY") == 1_000_000
    assert values.price("500.00", "JPY") == 500
    with pytest.raises(BadValue):
        values.price("500.5", "JPY")


@given(st.integers(0, 10**12), st.sampled_from(".,"))
def test_every_amount_survives_being_written(minor: int, mark: str) -> None:
    assert values.price(f"{minor // 100}{mark}{minor % 100:02}", "BRL") == minor


@pytest.mark.parametrize(
    ("text", "unit", "grams"),
    [
        ("500", "", 500), ("1.2", "kg", 1200), ("1,2 kg", "", 1200), ("1", "lb", 454), ("8", "oz", 227),
        ("2 LB", "kg", 907), ("340.194", "", 340), ("0", "", 0), ("0.5", "", 0), ("1.5", "", 2),
    ],
)  # fmt: skip
def test_weights(text: str, unit: str, grams: int) -> None:
    assert values.grams(text, unit) == grams


@pytest.mark.parametrize(
    ("text", "code"),
    [("-1", "negative"), ("x", "not_a_number"), ("1 st", "unknown_unit"), ("1001 kg", "out_of_range")],
)
def test_weights_that_are_none(text: str, code: str) -> None:
    with pytest.raises(BadValue) as raised:
        values.grams(text)
    assert raised.value.code == code


@pytest.mark.parametrize(
    ("text", "code"), [("-3", "negative"), ("1.5", "not_whole"), ("many", "not_a_number"), ("9" * 10, "out_of_range")]
)
def test_counts_that_are_none(text: str, code: str) -> None:
    with pytest.raises(BadValue) as raised:
        values.quantity(text)
    assert raised.value.code == code


def test_counts() -> None:
    assert [values.quantity(text) for text in ("0", "12", "12.0", "1 ".strip())] == [0, 12, 12, 1]


@pytest.mark.parametrize("text", ["javascript:alert(1)", "/a.jpg", "ftp://a/b", "http://", "https://a b", "x" * 3000])
def test_addresses_that_are_none(text: str) -> None:
    with pytest.raises(BadValue):
        values.web_address(text)


@given(st.text(max_size=40))
def test_no_text_makes_a_reader_fail_otherwise(text: str) -> None:
    readers = (values.quantity, values.grams, values.yes_or_no, values.web_address, lambda t: values.price(t, "BRL"))
    for read in readers:
        with contextlib.suppress(BadValue):
            read(text)
