"""Paying: open a session, send the shopper where the money is asked for, and complete the cart."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from examples.storefront import visitor, words
from examples.storefront.api import ApiAway, ApiProblem, Json
from examples.storefront.cart import CartBecameOrder, cart_path, change_cart, load_cart
from examples.storefront.shop import api

pages = Blueprint("payment", __name__, url_prefix="/checkout")

Page = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]


def pay(method: str) -> Response:
    """Open a payment session for the cart and go on: to the payment page, or straight to the order.

    Raises ApiProblem when the session is refused for a reason that the checkout can show, and
    CartBecameOrder when there is nothing left to pay.
    """
    return_url = f"{current_app.config['STOREFRONT_URL']}{url_for('payment.come_back')}"
    try:
        opened = change_cart("POST", cart_path("payment-sessions"), {"method": method, "return_url": return_url})
    except ApiProblem as error:
        if error.status in (404, 409) and visitor.paying():
            # The button was pressed twice, or the money is on its way: what was begun tells how it ended.
            return redirect(url_for("payment.come_back"), 303)
        if error.code != "nothing_to_pay":
            raise
        opened = {}  # it costs nothing, so it is completed as it is
    visitor.begin_payment()
    action = opened.get("next_action") or {}
    if action.get("type") == "redirect":
        return redirect(action["url"], 303)
    return redirect(url_for("payment.come_back"), 303)


@pages.get("/return")
def come_back() -> Page:
    """Turn the cart into an order, asking with the same key until the answer is final."""
    if visitor.cart_token() is None:
        return _after_the_end()
    try:
        answer = api().call("POST", cart_path("complete"), {}, headers={"Idempotency-Key": visitor.complete_key()})
    except ApiAway as away:  # whether money moved is not known: the same question, with the same key, tells
        return _waiting(away.retry_after)
    except ApiProblem as error:
        return _not_completed(error)
    if answer.status == 202:
        return _waiting(answer.retry_after)
    return _completed(answer.data)


@pages.app_errorhandler(CartBecameOrder)
def show_order(error: CartBecameOrder) -> Response:
    """The bag was paid for while this page was open: lead to the order that it became."""
    flash("A sua sacola já virou este pedido. A próxima começa vazia.", "ok")
    return redirect(url_for("payment.come_back"), 303)


def _completed(order: Json) -> Response:
    number = str(order["number"])
    visitor.keep_order(number, order["access_token"])
    visitor.forget_cart()
    session["last_order"] = number
    page = _asks_for(order)
    if page is not None:
        return redirect(url_for(f"orders.{page}", number=number), 303)
    return redirect(url_for("orders.show", number=number), 303)


def _not_completed(error: ApiProblem) -> Page:
    if error.status == 404:
        visitor.forget_cart()
        return _after_the_end()
    if error.status == 402:
        visitor.begin_payment()
        flash("O banco recusou o pagamento e nada foi cobrado. Tente de novo ou escolha outra forma.", "crit")
        return redirect(url_for("checkout.show", _anchor="payment"), 303)
    if error.code == "payment_not_confirmed":
        return _unfinished()
    if error.code == "no_payment_session" or error.status == 422:
        flash(words.problem(error), "warn")
        return redirect(url_for("checkout.show", _anchor="payment"), 303)
    if error.status == 409:  # another request is completing this cart right now
        return _waiting(2)
    raise error


def _waiting(seconds: int | None) -> Page:
    wait = min(max(seconds or 3, 1), 30)
    return render_template("waiting.html"), 200, {"Refresh": str(wait)}


def _unfinished() -> Page:
    """The shopper came back without having paid."""
    cart = load_cart()
    payment = (cart or {}).get("payment_session") or {}
    action = payment.get("next_action") or {}
    return render_template("unfinished.html", payment=payment, url=action.get("url", "")), 409


def _after_the_end() -> Response:
    """No cart any more: the order that it became, if this browser saw it, else the empty bag."""
    number = session.get("last_order")
    if number and visitor.order_token(number):
        return redirect(url_for("orders.show", number=number), 303)
    return redirect(url_for("cart.show"), 303)


def _asks_for(order: Json) -> str | None:
    """The page on which the shopper pays what the order awaits: `pix`, `boleto`, or none of its own."""
    if order["payment_status"] != "awaiting":
        return None
    methods = {payment["method"] for payment in order.get("payments") or []}
    return next((page for page in ("pix", "boleto") if page in methods), None)
