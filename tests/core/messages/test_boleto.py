"""The confirmation of an order that is paid by boleto: the day it is due, not the day on which the shop gives up."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from tests.core.messages.test_confirmation import confirm, place
from tests.paying import PayingShop


def test_it_tells_the_day_the_number_and_where_the_boleto_is(paying: PayingShop) -> None:
    shop = paying.shop
    shop.execute("UPDATE payment_accounts SET methods = methods || '{boleto}' WHERE provider = 'stripe'")
    message = confirm(shop, place(shop, "boleto"))
    due = datetime.now(ZoneInfo("America/Sao_Paulo")).date() + timedelta(days=3)
    action = shop.sql("SELECT next_action FROM payment_sessions")[0]["next_action"]
    for body in (message.text, message.html):
        plain = body.replace("\xa0", " ").replace("&amp;", "&")
        assert f"pode ser pago até {format_date(due, 'long', locale='pt_BR')}." in plain
        assert "R$ 157,70" in plain
        assert action["number"] in plain
        assert action["url"] in plain
