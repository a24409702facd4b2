"""The order confirmation: written once per order, in its language, with its figures, and handed over once."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest

from core.checkout.use_cases.complete_checkout import CompleteCheckout, complete_checkout
from core.checkout.use_cases.open_payment_session import OpenPaymentSession, open_payment_session
from core.identity.roles import Role
from core.messages.model import Message
from core.messages.queries import GetMessage, ListMessages, get_message, list_messages
from core.messages.use_cases.confirm_order import ConfirmOrder, confirm_order
from core.messages.use_cases.send_message import SendMessage, send_message
from core.orders.queries import GetOrder, get_order
from core.shared.errors import Forbidden, Invalid, NotFound, Unavailable
from core.shared.ids import MessageId, OrderId
from ports.paging import PageRequest
from tests.contracts.mailer import a_message
from tests.shop import ORIGIN, Shop


def place(shop: Shop, method: str = "bank_transfer", title: str = "Caneca Barro 300 ml") -> OrderId:
    token = shop.cart({shop.product(title, price=6990): 2})
    shop.run(open_payment_session, OpenPaymentSession(token, method, f"{ORIGIN}/r", (ORIGIN,)), shop.storefront)
    shop.run(complete_checkout, CompleteCheckout(token), shop.storefront)
    return OrderId(shop.sql("SELECT id FROM orders ORDER BY placed_at DESC, number DESC")[0]["id"])


def confirm(shop: Shop, order_id: OrderId) -> Message:
    shop.run(confirm_order, ConfirmOrder(order_id))
    rows = shop.read(list_messages, ListMessages(), shop.as_(Role.SUPPORT)).rows
    found: Message = shop.read(get_message, GetMessage(rows[0].id), shop.as_(Role.SUPPORT))
    return found


def test_it_tells_number_lines_totals_and_how_to_pay_in_portuguese(shop: Shop) -> None:
    message = confirm(shop, place(shop))
    assert message.subject == "Seu pedido CI-1001 na Casa Ipê"
    assert (message.recipient, message.sender) == ("maria@example.com", "oi@casaipe.example")
    for body in (message.text, message.html):
        plain = body.replace("\xa0", " ")
        for told in (
            "Obrigado, Maria!", "CI-1001", "Caneca Barro 300 ml", "R$ 139,80", "R$ 17,90", "R$ 157,70",
            "transferência bancária", "Banco 001, agência 1234", "Rua dos Pinheiros, 1047", f"{ORIGIN}/orders/1001",
        ):  # fmt: skip
            assert told in plain, told


def test_the_link_opens_the_order_for_a_guest(shop: Shop) -> None:
    order_id = place(shop)
    message = confirm(shop, order_id)
    token = message.text.split("?token=")[1].split()[0]
    order = shop.read(get_order, GetOrder(1001), shop.as_(Role.SUPPORT))
    assert shop.wired.plain["links"].matches(f"order:{order.token_rotation}", order_id, token)


def test_an_order_in_english_is_confirmed_in_english(shop: Shop) -> None:
    order_id = place(shop, "cash_on_delivery")
    shop.execute("UPDATE orders SET locale = 'en' WHERE id = :id", id=order_id)
    message = confirm(shop, order_id)
    assert message.subject == "Your order CI-1001 at Casa Ipê"
    assert "You pay R$157.70 when the order is delivered." in message.text.replace("\xa0", "")
    assert '<html lang="en">' in message.html


def test_it_is_written_once_and_asks_once_to_be_sent(shop: Shop) -> None:
    order_id = place(shop)
    confirm(shop, order_id)
    confirm(shop, order_id)
    (row,) = shop.sql("SELECT count(*) AS n FROM messages")
    (event,) = shop.sql("SELECT count(*) AS n FROM outbox WHERE name = 'messages.message_written.v1'")
    assert (row["n"], event["n"]) == (1, 1)


def test_what_a_product_is_called_cannot_become_markup(shop: Shop) -> None:
    title = 'Caneca <script>alert(1)</script> & "Barro"'
    message = confirm(shop, place(shop, title=title))
    assert title in message.text
    assert "<script" not in message.html
    parser = _Text()
    parser.feed(message.html)
    assert title in parser.text


class _Text(HTMLParser):
    text = ""

    def handle_data(self, data: str) -> None:
        self.text += data


class CountingMailer:
    def __init__(self) -> None:
        self.sent: list[MessageId] = []
        self.down = False

    def send(self, message: Message) -> None:
        if self.down:
            raise Unavailable("The mail server is away.")
        self.sent.append(message.id)


def test_it_is_handed_over_once_and_marked(shop: Shop) -> None:
    message = confirm(shop, place(shop))
    assert message.sent_at is None
    mailer = CountingMailer()
    _mailer(shop, mailer)
    mailer.down = True
    with pytest.raises(Unavailable):
        shop.run(send_message, SendMessage(message.id))
    assert shop.read(get_message, GetMessage(message.id)).sent_at is None
    mailer.down = False
    shop.run(send_message, SendMessage(message.id))
    first = shop.read(get_message, GetMessage(message.id)).sent_at
    assert first == shop.clock.now()
    shop.clock.advance(hours=1)
    shop.run(send_message, SendMessage(message.id))
    assert shop.read(get_message, GetMessage(message.id)).sent_at == first
    assert mailer.sent == [message.id]


def _mailer(shop: Shop, mailer: Any) -> None:
    shop.wired.app._plain["mailer"] = mailer


def test_the_mailbox_pages_by_keyset_and_filters_by_address(shop: Shop) -> None:
    for number in range(5):
        with_key = a_message("maria@example.com" if number % 2 else "joao@example.com")
        shop.execute(
            "INSERT INTO messages (id, store_id, kind, dedupe_key, recipient, sender, subject, body_text, body_html,"
            " created_at) VALUES (:id, :store, 'order_confirmation', :key, :to, 'a@b', :s, '', '', :at)",
            id=with_key.id,
            store=shop.store_id,
            key=with_key.dedupe_key,
            to=with_key.recipient,
            s=f"message {number}",
            at=shop.clock.now(),
        )
    seen: list[str] = []
    cursor = None
    while True:
        page = shop.read(list_messages, ListMessages(page=PageRequest(2, cursor)))
        seen += [row.subject for row in page.rows]
        cursor = page.next
        if cursor is None:
            break
    assert sorted(seen) == [f"message {n}" for n in range(5)]
    to_maria = shop.read(list_messages, ListMessages("maria@example.com"))
    assert len(to_maria.rows) == 2
    for broken in ("nonsense", "WzEsMl0", "WyJ4IiwieSJd"):
        with pytest.raises(Invalid):
            shop.read(list_messages, ListMessages(page=PageRequest(2, broken)))


def test_nobody_reads_another_stores_mail(shop: Shop, other_shop: Shop) -> None:
    message = confirm(shop, place(shop))
    with pytest.raises(NotFound):
        other_shop.read(get_message, GetMessage(message.id))
    assert other_shop.read(list_messages, ListMessages()).rows == []
    with pytest.raises(Forbidden):
        shop.run(send_message, SendMessage(message.id), shop.as_(Role.OWNER))


def test_a_header_is_one_line() -> None:
    with pytest.raises(Invalid):
        a_message("maria@example.com\nBcc: all@example.com")
