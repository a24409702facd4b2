"""An order's page, the pages of Pix (which notices the payment) and boleto, and a small JSON endpoint."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from examples.storefront import visitor, words
from examples.storefront.api import Json, segment
from examples.storefront.formats import instant
from examples.storefront.shop import api, store, zone

pages = Blueprint("orders", __name__, url_prefix="/orders/<number>")


@pages.get("")
def show(number: str) -> str | Response:
    """The order, to whoever holds its token or is its customer. A token in the address is kept and hidden."""
    token = request.args.get("token", "")
    if token:
        visitor.keep_order(number, token)
        return redirect(url_for("orders.show", number=number))
    order = _load(number)
    title, sentence = words.headline(order)
    return render_template(
        "order.html",
        order=order,
        title=title,
        sentence=sentence,
        label=_label(number),
        pix=_open(order, "pix"),
        boleto=_open(order, "boleto"),
        parcels=[parcel for fulfilment in order.get("fulfilments") or [] for parcel in fulfilment["parcels"]],
    )


@pages.get("/pix")
def pix(number: str) -> str | Response:
    """Code, QR and time left; the order's page once nothing is open any more."""
    order = _load(number)
    payment = _open(order, "pix")
    if payment is None:
        return redirect(url_for("orders.show", number=number), 303)
    total, left = _seconds(order, payment)
    return render_template(
        "pix.html",
        order=order,
        payment=payment,
        label=_label(number),
        total=total,
        left=left,
        checked=_time_now(),
    )


@pages.get("/boleto")
def boleto(number: str) -> str | Response:
    """The number, the day and the boleto itself; the order's page once nothing is open any more."""
    order = _load(number)
    payment = _open(order, "boleto")
    if payment is None:
        return redirect(url_for("orders.show", number=number), 303)
    return render_template("boleto.html", order=order, payment=payment, label=_label(number))


@pages.get("/state")
def state(number: str) -> Json:
    """For the Pix page's script: where to go on to, or null while the bank has not told."""
    order = _load(number)
    done = _open(order, "pix") is None
    return {
        "payment_status": order["payment_status"],
        "next": url_for("orders.show", number=number) if done else None,
        "checked_at": _time_now(),
    }


def _load(number: str) -> Json:
    token = visitor.order_token(number)
    headers = {"X-Order-Token": token} if token else {}
    return api().get(f"/orders/{segment(number)}", headers=headers)


def _open(order: Json, kind: str) -> Json | None:
    """The payment that still waits for the shopper to pay by `pix` or `boleto`, if any."""
    if order["status"] == "cancelled" or order["payment_status"] != "awaiting":
        return None
    for payment in order.get("payments") or []:
        if (payment.get("next_action") or {}).get("type") == kind:
            return dict(payment)
    return None


def _seconds(order: Json, payment: Json) -> tuple[int, int]:
    """How long the code is good for in all, and from now on, in seconds."""
    if not payment.get("expires_at"):
        return 0, 0
    until = instant(payment["expires_at"])
    total = int((until - instant(order["placed_at"])).total_seconds())
    return max(total, 1), max(int((until - datetime.now(UTC)).total_seconds()), 0)


def _time_now() -> str:
    """The store's time of day with seconds: "09:06:13"."""
    return f"{datetime.now(UTC).astimezone(ZoneInfo(zone())):%H:%M:%S}"


def _label(number: str) -> str:
    return f"{store().get('order_prefix') or ''}{number}"
