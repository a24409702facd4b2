"""The checkout: one page, three parts, one form; nothing typed is lost on the way."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from examples.storefront import visitor, words
from examples.storefront.api import ApiProblem, Json
from examples.storefront.cart import cart_path, change_cart, load_cart, remember
from examples.storefront.checkout_form import STATES, CheckoutForm
from examples.storefront.payment import pay
from examples.storefront.shop import api, store

pages = Blueprint("checkout", __name__, url_prefix="/checkout")


@pages.get("")
def show() -> str | Response:
    """The three parts as far as the cart holds them."""
    cart = load_cart()
    if cart is None or not cart["lines"]:
        return redirect(url_for("payment.come_back" if visitor.paying() else "cart.show"))
    form = CheckoutForm.of(cart, _country(), session.get("method", ""))
    login = visitor.login()
    if login and not form.values["name"]:
        form.values["name"] = login["name"]
    return _page(cart, form)


@pages.post("")
def send() -> str | Response | tuple[str, int]:
    """Save what was typed; show the delivery options, or open the payment."""
    cart = load_cart()
    if cart is None or not cart["lines"]:
        return redirect(url_for("payment.come_back" if visitor.paying() else "cart.show"), 303)
    form = CheckoutForm.typed(request.form, cart)
    form.check()
    session["method"] = form.values["method"]
    cart = _save(cart, form)
    if form.errors or form.general:
        return _page(cart, form), 422
    if request.form.get("action") != "pay":
        return redirect(url_for("checkout.show", _anchor="delivery" if form.delivered else "payment"), 303)
    return _pay(cart, form)


def _pay(cart: Json, form: CheckoutForm) -> str | Response | tuple[str, int]:
    """Open the payment, unless the amount is no longer the one that the button named."""
    if cart["problems"]:
        flash("Confira a sacola antes de pagar.", "warn")
        return redirect(url_for("cart.show"), 303)
    if form.values["method"] not in {method["method"] for method in store()["payment_methods"]}:
        form.errors["method"] = "Escolha como pagar."
    elif request.form.get("shown_total") != str(cart["totals"]["total"]["amount"]):
        form.general.append("O total mudou. Confira o novo valor no botão antes de pagar.")
    else:
        try:
            return pay(form.values["method"])
        except ApiProblem as error:
            if error.code in ("insufficient_stock", "cart_has_problems"):
                flash(words.problem(error), "crit")
                return redirect(url_for("cart.show"), 303)
            form.take(error)
    return _page(cart, form), 422


def _save(cart: Json, form: CheckoutForm) -> Json:
    """Write each part that is right and differs; a refusal goes beside its field."""
    if form.contact_done and _differs(cart.get("contact"), form.contact()["contact"]):
        cart = _write(cart, form, "PATCH", cart_path(), form.contact())
    if not form.delivered:
        return remember(cart)
    if form.contact_done and form.address_done and _differs(cart.get("shipping_address"), form.address()):
        body = {"shipping": form.address(), "billing": None}
        cart = _write(cart, form, "PUT", cart_path("addresses"), body)
    chosen = form.values["shipping_option"]
    if cart.get("shipping_address") and chosen and chosen != (cart.get("shipping_option") or {}).get("id"):
        cart = _write(cart, form, "PUT", cart_path("shipping-option"), {"id": chosen})
    return remember(cart)


def _write(cart: Json, form: CheckoutForm, method: str, path: str, body: Json) -> Json:
    try:
        return change_cart(method, path, body)
    except ApiProblem as error:
        if path.endswith("/shipping-option"):
            form.errors["shipping_option"] = words.PROBLEMS["shipping_option_invalid"]
        else:
            form.take(error)
        return cart


def _differs(held: Json | None, wanted: Json) -> bool:
    return any((held or {}).get(name) != value for name, value in wanted.items())


def _page(cart: Json, form: CheckoutForm) -> str:
    options = _options(cart, form)
    if options and _delivery_open(cart) and "shipping_option" not in form.errors:
        # One is chosen from the start, and one that is over is chosen anew, so that the total is known; the shopper
        # sees which and may change it.
        name = (cart["shipping_option"] or {}).get("name")
        wanted = next((option for option in options if option["name"] == name), options[0])
        cart = _write(cart, form, "PUT", cart_path("shipping-option"), {"id": wanted["id"]})
    chosen = cart.get("shipping_option") or {}
    ids = {option["id"] for option in options}
    if form.values["shipping_option"] not in ids:
        same = [option["id"] for option in options if option["name"] == chosen.get("name")]
        form.values["shipping_option"] = chosen["id"] if chosen.get("id") in ids else next(iter(same), "")
    methods = store()["payment_methods"]
    if form.values["method"] not in {method["method"] for method in methods} and methods:
        form.values["method"] = methods[0]["method"]
    return render_template(
        "checkout.html",
        cart=cart,
        form=form,
        options=options,
        methods=methods,
        countries=store()["countries"],
        states=STATES,
        ready=bool((chosen or not form.delivered) and form.contact_done and form.address_done),
    )


def _delivery_open(cart: Json) -> bool:
    """Whether a way to deliver has to be chosen: none is, or the price of the one that is holds no longer."""
    over = any(item["code"] == "shipping_option_expired" for item in cart["problems"])
    return cart["shipping_option"] is None or over


def _options(cart: Json, form: CheckoutForm) -> list[Json]:
    """Ways to deliver to the address, once there is one; when there is none, the form says why."""
    if not (form.delivered and cart.get("shipping_address")):
        return []
    try:
        answer = api().get(cart_path("shipping-options"))
    except ApiProblem as error:
        form.take(error)
        return []
    options: list[Json] = answer["data"]
    if any("retry_after" in (item["remedy"] or {}) for item in answer["problems"]):
        form.general.append("Não conseguimos consultar o frete agora. Tente de novo em um minuto.")
    elif not options:
        form.errors.setdefault("postal_code", "Ainda não entregamos neste endereço.")
    return options


def _country() -> str:
    countries = store()["countries"]
    return str(countries[0]["code"]) if countries else "BR"
