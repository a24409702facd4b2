"""How many statements the hot paths cost, counted at the driver: a new one must be paid for by another.

BEGIN and COMMIT never pass a cursor. Binding the store and finding the key are the same for every request and not
counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from tests.carrier import add_carrier
from tests.shop import SAO_PAULO
from tests.web.selling import Selling, selling
from web.schemas.address import address

__all__ = ["selling"]

READ_CART, CHANGE_CART, COMPLETE = 1, 6, 25
# Cart, table, accounts; with a carrier also the store and what is known already; and one to keep a new answer.
OPTIONS, CARRIERS_OPTIONS, ASKED_OPTIONS = 3, 5, 6

_FREE = ("SELECT set_config('app.store_id'", "SELECT * FROM resolve_key(")


class Counted(psycopg.Cursor[Any]):
    """A cursor that remembers what is executed."""

    seen: list[str] | None = None

    def execute(self, query: Any, *args: Any, **options: Any) -> Any:
        if Counted.seen is not None:
            Counted.seen.append(" ".join(str(query).split()))
        return super().execute(query, *args, **options)

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> None:
        if Counted.seen is not None:
            Counted.seen.append(f"many: {query}")
        super().executemany(query, params_seq, **options)


@pytest.fixture
def counted(selling: Selling) -> Iterator[Selling]:
    """The shop on connections whose cursors count."""
    engine = selling.paying.shop.wired.engines.app

    def count(connection: Any, _: object) -> None:
        connection.cursor_factory = Counted

    engine.dispose()
    sa.event.listen(engine, "connect", count)
    yield selling
    sa.event.remove(engine, "connect", count)


@contextmanager
def budget(most: int) -> Iterator[None]:
    """At most `most` statements, and at least one, or nothing was counted."""
    Counted.seen = []
    try:
        yield
        spent = [statement for statement in Counted.seen if not statement.startswith(_FREE)]
    finally:
        Counted.seen = None
    listed = "\n".join(f"{n:3} {statement[:150]}" for n, statement in enumerate(spent, start=1))
    assert 0 < len(spent) <= most, f"{len(spent)} statements, {most} allowed:\n{listed}"


def test_showing_a_cart_is_one_statement(counted: Selling) -> None:
    cart = counted.cart(quantity=2)
    counted.session(cart, "bank_transfer")
    with budget(READ_CART):
        assert counted.api("GET", cart).status_code == 200


def test_changing_a_cart(counted: Selling) -> None:
    cart, other = counted.cart(), counted.paying.shop.product("Prato Raso")
    line = counted.api("GET", cart).get_json()["lines"][0]["id"]
    option = counted.api("GET", f"{cart}/shipping-options").get_json()["data"][1]["id"]
    changes: list[tuple[str, str, Any]] = [
        ("POST", "/lines", {"variant_id": str(other), "quantity": 2}),
        ("PATCH", f"/lines/{line}", {"quantity": 3}),
        ("PATCH", "", {"contact": {"phone": "11 99999-0000"}}),
        ("PUT", "/addresses", {"shipping": address(SAO_PAULO)}),
        ("PUT", "/shipping-option", {"id": option}),
        ("DELETE", f"/lines/{line}", None),
    ]
    for method, path, body in changes:
        with budget(CHANGE_CART):
            answer = counted.api(method, f"{cart}{path}", json=body)
        assert answer.status_code in (200, 201), answer.text


def test_listing_the_delivery_options(counted: Selling) -> None:
    cart = counted.cart()
    with budget(OPTIONS):
        assert len(counted.api("GET", f"{cart}/shipping-options").get_json()["data"]) == 2
    add_carrier(counted.paying.shop)
    for allowed in (ASKED_OPTIONS, CARRIERS_OPTIONS):
        with budget(allowed):
            assert len(counted.api("GET", f"{cart}/shipping-options").get_json()["data"]) == 4


def test_changing_a_cart_that_a_carrier_delivers(counted: Selling) -> None:
    cart, other = counted.cart(), counted.paying.shop.product("Prato Raso")
    add_carrier(counted.paying.shop)
    option = counted.api("GET", f"{cart}/shipping-options").get_json()["data"][2]
    assert option["source"] == "carrier"
    for method, path, body in (
        ("PUT", "/shipping-option", {"id": option["id"]}),
        ("PATCH", "", {"contact": {"phone": "11 99999-0000"}}),
        ("PUT", "/addresses", {"shipping": address(SAO_PAULO)}),
    ):
        with budget(CHANGE_CART):
            answer = counted.api(method, f"{cart}{path}", json=body)
        assert answer.get_json()["shipping_option"] == option
    with budget(CHANGE_CART):
        added = counted.api("POST", f"{cart}/lines", json={"variant_id": str(other), "quantity": 2})
    assert [each["code"] for each in added.get_json()["problems"]] == ["shipping_option_expired"]


@pytest.mark.parametrize("method", ["card", "pix", "bank_transfer"])
def test_completing_a_cart(counted: Selling, method: str) -> None:
    cart = counted.cart(quantity=2)
    session = counted.session(cart, method)
    if method == "card":
        counted.approve(session)
    with budget(COMPLETE):
        answer = counted.complete(cart)
    assert answer.status_code == 201, answer.text


def test_completing_again_costs_next_to_nothing(counted: Selling) -> None:
    cart = counted.cart()
    counted.session(cart, "bank_transfer")
    assert counted.complete(cart, "k-1").status_code == 201
    with budget(4):
        assert counted.complete(cart, "k-1").status_code == 201
