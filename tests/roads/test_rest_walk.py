"""The shopper's part over REST alone: nothing but HTTP, from the first product to the order."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.roads.live import Live


def brl(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "BRL"}


@pytest.fixture
def cart(live: Live) -> str:
    """Found on the list, put in, addressed: 2 x 69,90 and PAC."""
    live.shop.product("Caneca Barro 300 ml", price=6990, stock=5)
    store = live.client.get("/store").raise_for_status().json()
    assert {m["method"] for m in store["payment_methods"]} == {"card", "pix", "bank_transfer", "cash_on_delivery"}
    listed = live.client.get("/products", params={"q": "caneca"}).raise_for_status().json()["data"]
    product = live.client.get(f"/products/{listed[0]['slug']}").raise_for_status().json()
    assert product["in_stock"] is True
    return live.cart(product["variants"][0]["id"], 2)


def test_by_card(live: Live, cart: str) -> None:
    session = live.pay_by(cart, "card")
    assert live.stock() == (5, 2)
    back = live.came_back(live.press(live.page(session), "approve"))
    assert back["payment_session"] == [session["id"]]
    answer = live.complete(cart, "order-1")
    assert answer.status_code == 201
    order = answer.json()
    assert (order["payment_status"], order["totals"]["total"]) == ("paid", brl(15770))
    assert live.complete(cart, "order-1").json() == order
    shown = live.client.get(f"/orders/{order['number']}", headers={"X-Order-Token": order["access_token"]})
    assert shown.json() == {name: value for name, value in order.items() if name != "access_token"}
    assert live.client.get(f"/orders/{order['number']}").status_code == 404
    live.settled()
    assert (live.count("orders"), live.stock()) == (1, (5, 2))
    assert live.booked(session["id"])["captured"] == 15770
    mail = live.shop.sql("SELECT recipient, sent_at IS NOT NULL AS sent FROM messages")
    assert mail == [{"recipient": "maria@example.com", "sent": True}]


def test_by_card_declined_first(live: Live, cart: str) -> None:
    session = live.pay_by(cart, "card")
    live.came_back(live.press(live.page(session), "decline"))
    declined = live.complete(cart, "order-1")
    assert (declined.status_code, declined.json()["code"]) == (402, "payment_declined")
    again = live.pay_by(cart, "card")
    assert (again["id"], again["status"]) == (session["id"], "declined")
    live.came_back(live.press(live.page(again), "approve"))
    assert live.complete(cart, "order-1").status_code == 201
    live.settled()
    books = live.booked(session["id"])
    assert (books["declines"], books["captures"], books["captured"]) == (1, 1, 15770)
    assert (live.count("orders"), live.stock()) == (1, (5, 2))


@pytest.mark.parametrize("passed", [True, False])
def test_by_card_with_a_challenge(live: Live, cart: str, passed: bool) -> None:
    session = live.pay_by(cart, "card")
    moved = live.press(live.page(session), "challenge")
    challenge = httpx.get(f"{live.sandbox.url}{moved.headers['Location']}", trust_env=False)
    assert live.complete(cart).json()["code"] == "payment_not_confirmed"
    live.came_back(live.press(challenge, "confirm" if passed else "fail"))
    answer = live.complete(cart)
    if passed:
        assert (answer.status_code, answer.json()["payment_status"]) == (201, "paid")
        details = live.shop.sql("SELECT details FROM payments")[0]["details"]
        assert details["three_d_secure"] == "authenticated"
    else:
        assert (answer.status_code, answer.json()["code"]) == (402, "payment_declined")
        assert live.count("orders") == 0


def test_by_pix(live: Live, cart: str) -> None:
    session = live.pay_by(cart, "pix")
    assert session["next_action"]["type"] == "pix"
    order = live.complete(cart).raise_for_status().json()
    assert (order["payment_status"], order["payments"][0]["next_action"]) == ("awaiting", session["next_action"])
    headers = {"X-Order-Token": order["access_token"]}
    live.settled()
    assert live.client.get(f"/orders/{order['number']}", headers=headers).json()["payment_status"] == "awaiting"
    live.sandbox.pay_pix(live.intent(session["id"]))
    live.settled()
    paid = live.client.get(f"/orders/{order['number']}", headers=headers).json()
    assert (paid["payment_status"], paid["payments"][0]["next_action"]) == ("paid", None)
    assert paid["payments"][0]["captured"] == brl(15770)
    assert live.exceptions() == []


def test_with_an_account(live: Live, cart: str) -> None:
    account = {"email": "maria@example.com", "password": "uma senha comprida", "name": "Maria Souza"}
    tokens = live.post("/auth/register", account)
    live.client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
    live.pay_by(cart, "cash_on_delivery")
    order = live.complete(cart).raise_for_status().json()
    del live.client.headers["Authorization"]
    again = live.post("/auth/login", {"email": account["email"], "password": account["password"]})
    live.client.headers["Authorization"] = f"Bearer {again['access_token']}"
    mine = live.client.get("/me/orders").raise_for_status().json()["data"]
    assert [row["number"] for row in mine] == [order["number"]]
    assert live.client.get(f"/orders/{order['number']}").status_code == 200
