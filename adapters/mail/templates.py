"""Messages to customers from Jinja templates: the words by language, money and dates by the order's locale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, get_currency_precision
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from adapters.mail.words import words
from core.logistics.lifecycle import FulfilmentState
from core.messages.model import OrderNews
from core.orders.axes import PaymentStatus
from core.shared.money import Money
from core.stores.model import Store
from ports.message_templates import Written
from ports.orders import OrderDetail, PaymentRow

_FOLDER = Path(__file__).with_name("templates")
_LIVE = ("captured", "authorised", "awaiting", "created", "declined")


@dataclass(frozen=True, slots=True)
class Writer:
    """Words, money and times for one reader."""

    words: Mapping[str, str]
    locale: Locale
    zone: ZoneInfo

    def money(self, amount: Money) -> str:
        digits = get_currency_precision(amount.currency)
        return format_currency(Decimal(amount.minor).scaleb(-digits), amount.currency, locale=self.locale)

    def day(self, at: datetime) -> str:
        return format_date(at.astimezone(self.zone).date(), "long", locale=self.locale)

    def date(self, day: date) -> str:
        return format_date(day, "long", locale=self.locale)

    def moment(self, at: datetime) -> str:
        return format_datetime(at, "short", tzinfo=self.zone, locale=self.locale)

    def method(self, payment: PaymentRow) -> str:
        last4 = payment.details.get("last4")
        if payment.method == "card" and last4:
            return self.words["method_card_ending"].format(last4=last4)
        return self.words.get(f"method_{payment.method}", payment.method)


class JinjaMessageTemplates:
    """:param storefront_url: where the order's page is, without a trailing slash"""

    def __init__(self, storefront_url: str) -> None:
        self._storefront_url = storefront_url
        self._html = _environment(escape=True)
        self._text = _environment(escape=False)

    def order_confirmation(self, order: OrderDetail, store: Store, token: str) -> Written:
        writer, known = self._known(order, store, token)
        payment = _decisive(order)
        known |= {
            "sentence": _payment_sentence(order, payment, writer),
            "action": (payment.next_action if payment else None) or {},
        }
        return self._written("order_confirmation", writer.words["subject"], known)

    def order_news(self, news: OrderNews, order: OrderDetail, store: Store, token: str) -> Written:
        writer, known = self._known(order, store, token)
        known |= {"hello": writer.words[f"{news}_hello"], "news": writer.words[f"{news}_sentence"]}
        known["parcels"] = [
            parcel
            for fulfilment in order.fulfilments
            if fulfilment.state is FulfilmentState.SHIPPED
            for parcel in fulfilment.parcels
        ]
        return self._written("order_news", writer.words[f"{news}_subject"], known)

    def _known(self, order: OrderDetail, store: Store, token: str) -> tuple[Writer, dict[str, Any]]:
        """What every message about an order says: names, numbers, the way to its page."""
        writer = Writer(words(order.locale), _locale(order.locale), ZoneInfo(store.time_zone))
        name = str(
            (order.shipping_address or order.billing_address or {}).get("name") or order.contact.get("name") or ""
        )
        return writer, {
            "lang": str(writer.locale).replace("_", "-"),
            "w": writer.words,
            "money": writer.money,
            "order": order,
            "store": store,
            "number": f"{store.order_prefix}{order.number}",
            "name": name.split(" ")[0] if name else store.name,
            "date": writer.day(order.placed_at),
            "options": " / ",
            "postal": _postal,
            "url": f"{self._storefront_url}/orders/{order.number}?token={quote(token)}",
        }

    def _written(self, template: str, subject: str, known: dict[str, Any]) -> Written:
        subject = subject.format(number=known["number"], store=known["store"].name)
        known["subject"] = " ".join(subject.split())
        return Written(
            subject=known["subject"],
            text=self._text.get_template(f"{template}.txt").render(known),
            html=self._html.get_template(f"{template}.html").render(known),
        )


def _environment(*, escape: bool) -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=escape,  # noqa: S701  # off for plain text only
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _locale(tag: str) -> Locale:
    try:
        return Locale.parse(tag.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale.parse("en")


def _decisive(order: OrderDetail) -> PaymentRow | None:
    """The payment the customer should be told about: money that came before money that is to come."""
    live = [payment for payment in order.payments if payment.state in _LIVE]
    return min(live, key=lambda payment: _LIVE.index(payment.state), default=None)


def _postal(address: Mapping[str, Any]) -> str:
    """The postal code as it is written in the country: 05422-012 in Brazil."""
    code = str(address["postal_code"])
    return f"{code[:5]}-{code[5:]}" if address.get("country") == "BR" and len(code) == 8 else code


def _payment_sentence(order: OrderDetail, payment: PaymentRow | None, writer: Writer) -> str:
    w = writer.words
    if payment is None or not order.total:
        return w["nothing_to_pay"]
    method = writer.method(payment)
    if order.payment_status is PaymentStatus.AUTHORISED:
        return w["authorised"].format(method=method)
    if order.payment_status is not PaymentStatus.AWAITING:
        return w["paid"].format(amount=writer.money(order.captured), method=method)
    due = writer.money(payment.amount)
    if payment.method == "cash_on_delivery":
        return w["pay_on_delivery"].format(amount=due)
    if payment.method == "boleto":  # its deadline waits for the bank's word: too late a day to tell a payer
        action = payment.next_action or {}
        last = writer.date(date.fromisoformat(action["due_on"])) if "due_on" in action else None
        return w["boleto_until" if last else "awaiting"].format(amount=due, method=method, day=last)
    if payment.expires_at is None:
        return w["awaiting"].format(amount=due, method=method)
    return w["awaiting_until"].format(amount=due, method=method, deadline=writer.moment(payment.expires_at))
