"""The bag: add, change, remove, and the problems with their remedies."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from examples.storefront import visitor, words
from examples.storefront.api import ApiProblem, Json, segment
from examples.storefront.catalog import product_page
from examples.storefront.shop import api

pages = Blueprint("cart", __name__, url_prefix="/cart")

MOST = 999  # pieces of one line


def load_cart() -> Json | None:
    """The visitor's cart, or None; a token that the API no longer knows is forgotten."""
    token = visitor.cart_token()
    if token is None:
        return None
    try:
        return remember(api().get(f"/carts/{segment(token)}"))
    except ApiProblem as error:
        if error.status != 404:
            raise
        if not visitor.paying():
            visitor.forget_cart()
        return None


def remember(cart: Json) -> Json:
    """Keep the number of pieces for the bag at the top of each page."""
    session["pieces"] = sum(line["quantity"] for line in cart["lines"])
    return cart


class CartBecameOrder(Exception):
    """The cart was paid for meanwhile, so it can no longer be changed."""


def change_cart(method: str, path: str, body: Json | None = None) -> Json:
    """Change the cart and give it as it is now.

    Raises CartBecameOrder, and ApiProblem for every other refusal.
    """
    try:
        return api().call(method, path, body).data
    except ApiProblem as error:
        if error.code == "cart_completed":
            raise CartBecameOrder from error
        raise


def cart_path(*parts: str) -> str:
    """The API's path of this visitor's cart and what is below it."""
    return "/".join(["/carts", segment(visitor.cart_token() or "-"), *map(segment, parts)])


@pages.get("")
def show() -> str | Response:
    """The bag."""
    cart = load_cart()
    if cart is None and visitor.paying():
        return redirect(url_for("payment.come_back"))
    return render_template("cart.html", **_view(cart))


@pages.post("/lines")
def add() -> str | Response | tuple[str, int]:
    """Put a variant into the bag; makes the bag when there is none."""
    variant, slug = request.form.get("variant", ""), request.form.get("slug", "")
    quantity = _quantity(request.form.get("quantity", ""))
    if not quantity:
        return _not_added(slug, variant, f"A quantidade é um número de 1 a {MOST}.")
    if load_cart() is None:
        visitor.keep_cart(api().call("POST", "/carts", {}).data["token"])
    try:
        cart = change_cart("POST", cart_path("lines"), {"variant_id": variant, "quantity": quantity})
    except ApiProblem as error:
        return _not_added(slug, variant, _reason(error))
    remember(cart)
    flash("A peça está na sacola.", "ok")
    return redirect(url_for("cart.show"), 303)


@pages.post("/lines/<line>")
def change(line: str) -> Response:
    """Set a line's quantity, as typed or by one more or less; 0 removes it."""
    typed = request.form.get("step") or request.form.get("quantity", "")
    quantity = _quantity(typed, least=0)
    if quantity is None:
        flash(f"A quantidade é um número de 0 a {MOST}.", "crit")
    else:
        _change("PATCH", cart_path("lines", line), {"quantity": quantity})
    return redirect(url_for("cart.show"), 303)


@pages.post("/lines/<line>/remove")
def remove(line: str) -> Response:
    """Take a line out of the bag."""
    _change("DELETE", cart_path("lines", line))
    return redirect(url_for("cart.show"), 303)


def _change(method: str, path: str, body: Json | None = None) -> None:
    try:
        remember(change_cart(method, path, body))
    except ApiProblem as error:
        if error.status == 404:  # gone already, in another tab
            return
        flash(_reason(error), "crit")


def _not_added(slug: str, variant: str, reason: str) -> tuple[str, int]:
    return product_page(slug, variant, request.form.get("quantity", "1"), reason), 422


def _reason(error: ApiProblem) -> str:
    if error.errors and error.code not in words.PROBLEMS:
        return words.field_error(error.errors[0])
    return words.problem(error)


def _quantity(text: str, least: int = 1) -> int | None:
    text = text.strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1
    return number if least <= number <= MOST else None


def _view(cart: Json | None) -> Json:
    """The cart with each problem beside its line, and those of no line apart."""
    problems = cart["problems"] if cart else []
    by_line: dict[str, list[Json]] = {}
    for item in problems:
        by_line.setdefault(item.get("line_id") or "", []).append(item)
    return {
        "cart": cart,
        "line_problems": by_line,
        "cart_problems": by_line.get("", []),
        "blocked": any(item["code"] != "price_changed" for item in problems),
    }
