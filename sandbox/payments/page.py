"""The payment page: what a payer sees instead of a bank, in Portuguese."""

from __future__ import annotations

import datetime
import hmac
import io
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import segno
from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from psycopg import sql
from werkzeug.exceptions import NotFound

from sandbox.payments import intents, paying, vouchers
from sandbox.payments.accounts import merchant
from sandbox.payments.api import store
from sandbox.payments.business_days import ZONE
from sandbox.payments.errors import ApiError
from sandbox.payments.parameters import address_url
from sandbox.payments.records import Intent, select
from sandbox.payments.store import Books, Call

blueprint = Blueprint("page", __name__)
SYMBOLS = {"brl": "R$", "usd": "US$", "eur": "€", "gbp": "£"}
DEEDS: dict[str, Callable[[Call, Intent], Any]] = {
    "approve": paying.approve,
    "decline": paying.decline,
    "pend": paying.pend,
    "confirm": lambda call, intent: paying.approve(call, intent, authenticated=True),
    "fail": paying.fail_challenge,
    "make_pix": paying.make_pix,
    "pay_pix": lambda call, intent: _pay_shown_pix(call, intent),
    "make_boleto": vouchers.make,
    "pay_boleto": lambda call, intent: _pay_shown_boleto(call, intent),
}
STAYS = {"make_pix", "make_boleto"}
REDIRECT_STATUS = {"succeeded": "succeeded", "requires_capture": "succeeded", "processing": "pending"}


def money(amount: int, currency: str) -> str:
    """An amount in minor units as a Brazilian reader writes it: `R$ 1.234,56`."""
    whole = f"{amount // 100:,}".replace(",", ".")
    return f"{SYMBOLS.get(currency, currency.upper())}\N{NO-BREAK SPACE}{whole},{amount % 100:02}"


def _pay_shown_pix(call: Call, intent: Intent) -> None:
    """Pay a code that is out; a button pressed twice does not pay twice."""
    if intent.status == "succeeded":
        return
    if not paying.showing_pix(intent):
        raise ApiError(400, "invalid_request_error", "There is no Pix code to pay.")
    paying.pay_pix(call, intent)


def _pay_shown_boleto(call: Call, intent: Intent) -> None:
    """Pay a voucher that is out at the bank; a button pressed twice does not pay twice."""
    if intent.status == "succeeded" or vouchers.waiting(call, intent):
        return
    if not paying.voucher(intent):
        raise ApiError(400, "invalid_request_error", "There is no boleto to pay.")
    vouchers.pay(call, intent)


def _account(books: Books, intent_id: str, secret: str | None) -> str:
    """The intent's account, for who knows its client secret. Raises NotFound otherwise."""
    rows = select(books, Intent, sql.SQL("id = %s"), [intent_id])
    if not rows or not hmac.compare_digest(rows[0].client_secret.encode(), (secret or "").encode()):
        raise NotFound
    return rows[0].account


def _loaded(intent_id: str, secret: str | None) -> tuple[Intent, dict[str, Any]]:
    with store().transaction() as books:
        account = _account(books, intent_id, secret)
    with store().call(account) as call:
        intent = intents.load(call, intent_id)
        seller = merchant(call.books, account)
        return intent, {"merchant": seller, "minutes_left": _minutes(intent, call.now)}


def _minutes(intent: Intent, now: int) -> int | None:
    return None if intent.expires_at is None else max(0, -(-(intent.expires_at - now) // 60))


def _return_url(given: str | None, intent: Intent) -> str | None:
    """Where the payer came from: given with the link, or with the confirmation."""
    if not given:
        return intent.return_url
    try:
        return address_url(given, "return_url")
    except ApiError as error:
        raise NotFound("return_url") from error


def _page(template: str, intent: Intent, back: str | None, status: int = 200, **more: Any) -> Response:
    expires = None
    voucher = paying.voucher(intent)
    ends = voucher["expires_at"] if voucher else intent.expires_at
    if ends is not None:
        expires = datetime.datetime.fromtimestamp(ends, ZONE).strftime("%d/%m às %H:%M")
    body = render_template(
        template,
        intent=intent,
        amount=money(intent.amount, intent.currency),
        back=back,
        expires=expires,
        pix=paying.pix_code(intent),
        voucher=voucher,
        **more,
    )
    response = make_response(body, status)
    target = f" {urlsplit(back).scheme}://{urlsplit(back).netloc}" if back and _plain_host(back) else ""
    # A form's answer redirects to the shop, and browsers hold that against form-action too.
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action 'self'{target}"
    )
    return response


def _plain_host(url: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9.\[\]:-]+", urlsplit(url).netloc) is not None


@blueprint.get("/pay/<intent_id>")
def show(intent_id: str) -> Response:
    """The page of an intent, for who has its client secret."""
    intent, more = _loaded(intent_id, request.args.get("client_secret"))
    back = _return_url(request.args.get("return_url"), intent)
    return _page("pay.html", intent, back, **more)


@blueprint.get("/pay/<intent_id>/challenge")
def show_challenge(intent_id: str) -> Response:
    """The issuer's page of a 3-D Secure challenge; without one, the intent's page."""
    intent, more = _loaded(intent_id, request.args.get("client_secret"))
    back = _return_url(request.args.get("return_url"), intent)
    if intent.status != "requires_action" or paying.showing_pix(intent) or paying.voucher(intent):
        return _page("pay.html", intent, back, **more)
    return _page("challenge.html", intent, back, **more)


@blueprint.post("/pay/<intent_id>/<deed>")
def act(intent_id: str, deed: str) -> Response:
    """Do what the pressed button says, then send the payer back to the shop with 303."""
    secret = request.form.get("client_secret")
    if deed not in DEEDS and deed != "challenge":
        raise NotFound
    with store().transaction() as books:
        account = _account(books, intent_id, secret)
    with store().call(account) as call:
        intent = intents.load(call, intent_id)
        back = _return_url(request.form.get("return_url"), intent)
        more = {"merchant": merchant(call.books, account), "minutes_left": _minutes(intent, call.now)}
        try:
            with call.books.transaction():
                if deed == "challenge":
                    paying.challenge(call, intent, back)
                else:
                    DEEDS[deed](call, intent)
        except ApiError:
            return _page("pay.html", intents.load(call, intent_id), back, 409, refused=True, **more)
    current_app.extensions["deliveries"].set()
    if deed == "challenge" or deed in STAYS or back is None:
        view = "page.show_challenge" if deed == "challenge" else "page.show"
        query = urlencode({"client_secret": intent.client_secret, **({"return_url": back} if back else {})})
        return _see_other(f"{url_for(view, intent_id=intent_id)}?{query}")
    return _see_other(_with_result(back, intent))


def _see_other(url: str) -> Response:
    response: Response = make_response(redirect(url, 303))
    response.headers["Cache-Control"] = "no-store"
    return response


def _with_result(url: str, intent: Intent) -> str:
    """The shop's address with the parameters that the provider adds to it."""
    parts = urlsplit(url)
    added = {
        "payment_intent": intent.id,
        "payment_intent_client_secret": intent.client_secret,
        "redirect_status": REDIRECT_STATUS.get(intent.status, "failed"),
    }
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in added]
    return urlunsplit(parts._replace(query=urlencode([*kept, *added.items()])))


@blueprint.get("/pix/<intent_id>.<kind>")
def image(intent_id: str, kind: str) -> Response:
    """The QR code of a Pix payment, as `svg` or `png`."""
    with store().transaction() as books:
        rows = select(books, Intent, sql.SQL("id = %s"), [intent_id])
    shown = paying.pix_code(rows[0]) if rows else None
    if shown is None or kind not in {"svg", "png"}:
        raise NotFound
    drawn = io.BytesIO()
    code = segno.make(shown["data"], error="m")
    code.save(drawn, kind=kind, scale=6, border=4)
    return Response(drawn.getvalue(), mimetype="image/svg+xml" if kind == "svg" else "image/png")
