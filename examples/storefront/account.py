"""A shopper's account: register, log in, own orders, log out."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from examples.storefront import visitor, words
from examples.storefront.api import ApiProblem, Json
from examples.storefront.shop import api, store

pages = Blueprint("account", __name__, url_prefix="/account")

TARGETS = {"checkout": "checkout.show"}  # where a login may lead, by name: no address comes from outside


@pages.get("")
def show() -> str | Response:
    """The shopper and the orders."""
    if visitor.login() is None:
        return redirect(url_for("account.log_in"))
    cursor = request.args.get("cursor", "")
    try:
        found = api().get("/me/orders", {"cursor": cursor} if cursor else {})
    except ApiProblem as error:
        if error.status != 401:
            raise
        visitor.sign_out()
        return redirect(url_for("account.log_in"))
    prefix = store().get("order_prefix") or ""
    return render_template("account.html", orders=found["data"], next=found.get("next"), prefix=prefix)


@pages.route("/login", methods=["GET", "POST"])
def log_in() -> str | Response | tuple[str, int]:
    """Log in with e-mail and password."""
    if request.method == "GET":
        return _form("login")
    return _submit("login", {"email": _text("email"), "password": request.form.get("password", "")})


@pages.route("/register", methods=["GET", "POST"])
def register() -> str | Response | tuple[str, int]:
    """Make an account; the shopper is logged in at once."""
    if request.method == "GET":
        return _form("register")
    body = {"email": _text("email"), "password": request.form.get("password", ""), "name": _text("name")}
    return _submit("register", body)


@pages.post("/logout")
def log_out() -> Response:
    """End the login here and at the API."""
    login = visitor.login()
    if login:
        try:
            api().call("POST", "/auth/logout", {"refresh_token": login["refresh"]})
        except ApiProblem as error:
            if error.status not in (401, 404, 422):  # those: the login had ended already
                raise
        visitor.sign_out()
    return redirect(url_for("catalog.index"), 303)


def _submit(kind: str, body: Json) -> Response | tuple[str, int]:
    missing = {name: "Preencha este campo." for name, value in body.items() if not value}
    if missing:
        return _form(kind, missing), 422
    try:
        tokens = api().call("POST", f"/auth/{kind}", body, guest=True).data
    except ApiProblem as error:
        if error.status == 401:
            return _form(kind, {"password": "E-mail e senha não combinam."}), 422
        errors = {words.field_name(e): words.field_error(e) for e in error.errors}
        general = "" if errors.keys() & body.keys() else words.problem(error)
        return _form(kind, errors, general), 422
    visitor.sign_in(tokens)
    return redirect(url_for(TARGETS.get(request.form.get("next", ""), "account.show")), 303)


def _form(kind: str, errors: dict[str, str] | None = None, general: str = "") -> str:
    values = {name: _text(name) for name in ("email", "name")}
    target = request.values.get("next", "")
    return render_template(f"{kind}.html", values=values, errors=errors or {}, general=general, target=target)


def _text(name: str) -> str:
    return request.form.get(name, "").strip()
