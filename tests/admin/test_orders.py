"""The list of orders and an order's page: what they show, to whom, in every state."""

from __future__ import annotations

import csv
import importlib
import io
import itertools
import pkgutil
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

import core
from adapters.provisioning import DatabaseAddresses
from admin.order_export import cell
from admin.order_timeline import SENTENCES, entry
from core.identity.roles import Role
from core.messages.use_cases.confirm_order import ConfirmOrder, confirm_order
from core.orders.axes import FulfilmentStatus, PaymentStatus, ReturnStatus
from core.orders.lifecycle import OrderStatus
from core.orders.use_cases.add_note import AddNote, add_note
from core.payments.lifecycle import OperationState, PaymentState
from core.shared.events import Event
from ports.orders import TimelineRow
from tests.admin.desks import Browser, make_admin, signed_in
from tests.admin.order_desk import cancelled, fresh, paid, place, refunded
from tests.shop import Shop, open_shop, settings_for


@pytest.fixture
def admin(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Flask:
    return make_admin(shop, settings_for(database, tmp_path))


@pytest.fixture
def owner(admin: Flask, shop: Shop) -> Browser:
    return signed_in(admin, shop, Role.OWNER)


def numbers(text: str) -> list[str]:
    """The order numbers of a list, as drawn."""
    return re.findall(r"data-open>(CI-\d+)<", text)


def test_a_shop_without_orders_says_what_this_is_for(owner: Browser) -> None:
    page = owner.get("/orders/")
    assert page.status_code == 200
    assert "nobody has bought yet" in page.text
    assert "actionbar" not in page.text


def test_the_list_is_newest_first_with_the_stores_prefix(owner: Browser, shop: Shop) -> None:
    for _ in range(3):
        place(shop)
        shop.clock.advance(minutes=1)
    page = owner.get("/orders/")
    assert numbers(page.text) == ["CI-1003", "CI-1002", "CI-1001"]
    assert "R$ 157,70" in page.text.replace("\xa0", " ")


QUERIES = [
        ("", ["CI-1004", "CI-1003", "CI-1002", "CI-1001"]),
        ("status=cancelled", ["CI-1004"]),
        ("payment=awaiting", ["CI-1001"]),
        ("payment=awaiting&payment=partially_refunded", ["CI-1003", "CI-1001"]),
        ("status=open&payment=authorised&payment=paid&payment=overpaid&payment=partially_refunded"
         "&fulfilment=unfulfilled", ["CI-1003", "CI-1002"]),
        ("fulfilment=delivered", []),
        ("payment=stolen", ["CI-1004", "CI-1003", "CI-1002", "CI-1001"]),
        ("q=CI-1002", ["CI-1002"]),
        ("q=ci-1002", ["CI-1002"]),
        ("q=maria", ["CI-1004", "CI-1003", "CI-1002", "CI-1001"]),
        ("q=can-bar&status=cancelled", ["CI-1004"]),
        ("q=nobody", []),
        ("from=2001-01-01&to=2001-01-02", []),
        ("from=no-day", ["CI-1004", "CI-1003", "CI-1002", "CI-1001"]),
        ("to=9999-12-31", ["CI-1004", "CI-1003", "CI-1002", "CI-1001"]),
]  # fmt: skip


def test_the_address_narrows_the_list(owner: Browser, shop: Shop) -> None:
    place(shop)
    for make in (paid, lambda s: refunded(s, 1000), cancelled):
        shop.clock.advance(minutes=1)
        make(shop)
    for query, found in QUERIES:
        page = owner.get(f"/orders/?{query}")
        assert (query, page.status_code, numbers(page.text)) == (query, 200, found)
        exported = list(csv.reader(io.StringIO(owner.get(f"/orders/export.csv?{query}").text)))
        assert (query, [row[0] for row in exported[1:]]) == (query, found), "the export is what is filtered"


def test_today_in_the_stores_zone_is_a_day(owner: Browser, shop: Shop) -> None:
    order = place(shop)
    day = order.placed_at.astimezone(ZoneInfo("America/Sao_Paulo")).date().isoformat()
    assert numbers(owner.get(f"/orders/?from={day}&to={day}").text) == ["CI-1001"]


def test_pages_go_on_where_the_last_row_stood(owner: Browser, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("admin.orders._PAGE", 2)
    for _ in range(5):
        place(shop)
        shop.clock.advance(minutes=1)
    seen, path = [], "/orders/?payment=awaiting"
    for _ in range(3):
        page = owner.get(path)
        seen += numbers(page.text)
        older = re.search(r'rel="next" href="/admin([^"]+)"', page.text)
        path = older.group(1).replace("&amp;", "&") if older else ""
    assert seen == [f"CI-100{n}" for n in (5, 4, 3, 2, 1)]
    assert path == ""


def test_a_cursor_that_is_none_is_refused_in_words(owner: Browser) -> None:
    assert owner.get("/orders/?cursor=nonsense").status_code == 422


def test_an_unknown_number_is_not_found(owner: Browser) -> None:
    for number in ("1", "2147483647", "99999999999999999999", "abc"):
        assert owner.get(f"/orders/{number}").status_code == 404


def test_an_orders_page_shows_its_money_and_what_happened(owner: Browser, shop: Shop) -> None:
    order = refunded(shop, 1000)
    shop.run(add_note, AddNote(order.id, "Mug arrived <b>chipped</b>."), shop.as_(Role.SUPPORT))
    text = owner.get(f"/orders/{order.number}").text.replace("\xa0", " ")
    for said in (
        "CI-1001", "Maria Souza", "Rua dos Pinheiros", "R$ 157,70", "R$ 147,70", "Refund of R$ 10,00 succeeded",
        "R$ 157,70 came in", "Bank transfer", "•••.982.247-••", "Support Example commented", "05422-012",
        "Mug arrived &lt;b&gt;chipped&lt;/b&gt;.", "Nothing is open.",
    ):  # fmt: skip
        assert said in text, said


def test_every_event_that_names_an_order_has_a_sentence() -> None:
    for module in pkgutil.walk_packages(core.__path__, "core."):
        if module.name.endswith(".events"):
            importlib.import_module(module.name)
    names = {event.name for event in _all(Event) if "order_id" in event.__dataclass_fields__ and hasattr(event, "name")}
    assert len(names) >= 10
    assert names <= SENTENCES.keys()


def _all(kind: type[Event]) -> set[type[Event]]:
    return {kind}.union(*(_all(sub) for sub in kind.__subclasses__()))


def test_every_sentence_can_be_said(admin: Flask, shop: Shop) -> None:
    payload = {"amount": {"amount": 100, "currency": "BRL"}, "total": {"amount": 100, "currency": "BRL"},
               "method": "pix", "code": "card_declined", "reason": "payment_deadline", "number": 1,
               "carrier": "Correios", "tracking_number": "AA473124829BR", "status": "delivered"}  # fmt: skip
    with admin.test_request_context("/"):
        for name, kind in itertools.product(SENTENCES, ("staff", "key", "shopper", "job")):
            row = TimelineRow(shop.wired.ids.new(), name, payload, kind, "Júlia Prado", shop.clock.now())
            told = entry(row, {})
            assert len(told["fact"]) > 5
            assert name not in told["fact"]


def test_every_combination_of_states_is_drawn(owner: Browser, shop: Shop) -> None:
    order = paid(shop)
    axes = itertools.product(OrderStatus, PaymentStatus, FulfilmentStatus, ReturnStatus)
    for at, (status, payment, fulfilment, back) in enumerate(axes):
        if at % 13:  # every thirteenth, which meets each state of each axis with others than its neighbours
            continue
        shop.execute(
            "UPDATE orders SET status = :s, payment_status = :p, fulfilment_status = :f, return_status = :r,"
            " cancelled_at = CASE WHEN :s = 'cancelled' THEN now() END WHERE id = :id",
            s=status, p=payment, f=fulfilment, r=back, id=order.id,
        )  # fmt: skip
        assert owner.get(f"/orders/{order.number}").status_code == 200, (status, payment, fulfilment, back)
        assert owner.get("/orders/").status_code == 200


def test_every_state_of_a_payment_and_its_operations_is_drawn(owner: Browser, shop: Shop) -> None:
    order = refunded(shop, 1000)
    for state, operation in itertools.product(PaymentState, OperationState):
        shop.execute(
            "UPDATE payments SET state = :s, authorised_minor = 100 WHERE order_id = :id", s=state, id=order.id
        )
        shop.execute("UPDATE payment_operations SET state = :s", s=operation)
        assert owner.get(f"/orders/{order.number}").status_code == 200, (state, operation)


def test_neighbours_are_those_of_the_list_one_came_from(owner: Browser, shop: Shop) -> None:
    made = []
    for make in (paid, place, paid):
        made.append(make(shop).number)
        shop.clock.advance(minutes=1)
    page = owner.get(f"/orders/{made[2]}?payment=paid").text
    assert f'href="/admin/orders/{made[0]}?payment=paid" aria-label="Next in the list"' in page
    assert "Previous in the list" not in page
    page = owner.get(f"/orders/{made[1]}").text
    assert f'href="/admin/orders/{made[0]}"' in page
    assert f'href="/admin/orders/{made[2]}"' in page


def test_search_results_are_walked_like_any_list(owner: Browser, shop: Shop) -> None:
    made = []
    for make in (paid, place, paid, place):
        made.append(make(shop))
        shop.clock.advance(minutes=1)
    other = made[1]
    shop.execute("SELECT put_search_document('order', :id, true, 'joana', :at)", id=other.id, at=other.placed_at)
    page = owner.get(f"/orders/{made[2].number}?q=maria").text
    assert f'href="/admin/orders/{made[3].number}?q=maria" aria-label="Previous in the list"' in page
    assert f'href="/admin/orders/{made[0].number}?q=maria" aria-label="Next in the list"' in page
    assert '<a href="/admin/orders/?q=maria">Search: maria</a>' in page
    page = owner.get(f"/orders/{made[2].number}?q=maria&payment=paid").text
    assert "Previous in the list" not in page
    assert f'href="/admin/orders/{made[0].number}?q=maria&amp;payment=paid" aria-label="Next in the list"' in page
    assert "in the list" not in owner.get(f"/orders/{other.number}?q={other.number}").text


def test_the_list_says_what_each_order_is_paid_with(owner: Browser, shop: Shop) -> None:
    place(shop)
    shop.clock.advance(minutes=1)
    free = place(shop, method="cash_on_delivery")
    listed = owner.get("/orders/").text
    assert listed.index("Cash on delivery") < listed.index("Bank transfer")
    assert "Pays on delivery" in listed
    assert "Awaiting transfer" in listed
    shop.execute(
        "DELETE FROM payment_operations WHERE payment_id IN (SELECT id FROM payments WHERE order_id = :o)", o=free.id
    )
    shop.execute("UPDATE payments SET order_id = NULL WHERE order_id = :o", o=free.id)
    assert "Cash on delivery" not in owner.get("/orders/").text


def test_comments_are_kept_and_empty_ones_refused(owner: Browser, shop: Shop) -> None:
    order = place(shop)
    owner.get(f"/orders/{order.number}")
    assert owner.post(f"/orders/{order.number}/notes", {"body": "Called, no answer."}).status_code == 303
    assert fresh(shop, order).timeline[0].payload == {"text": "Called, no answer."}
    owner.get(f"/orders/{order.number}")
    answer = owner.post(f"/orders/{order.number}/notes", {"body": "x" * 4001})
    assert answer.status_code == 422
    assert "x" * 4001 in answer.text, "nothing typed is lost"


def test_what_the_customer_was_told_is_listed(owner: Browser, shop: Shop) -> None:
    order = place(shop)
    assert "Waiting to be sent" not in owner.get(f"/orders/{order.number}").text
    shop.run(confirm_order, ConfirmOrder(order.id))
    assert "Waiting to be sent" in owner.get(f"/orders/{order.number}").text
    assert "Waiting to be sent" not in owner.get(f"/orders/{place(shop).number}").text


def test_archive_and_open_again(owner: Browser, shop: Shop) -> None:
    order = paid(shop)
    owner.get(f"/orders/{order.number}")
    assert owner.post(f"/orders/{order.number}/archive").status_code == 303
    assert fresh(shop, order).status == "archived"
    owner.get(f"/orders/{order.number}")
    assert "Only an open order can be archived" in _after(owner, owner.post(f"/orders/{order.number}/archive"))
    assert owner.post(f"/orders/{order.number}/reopen").status_code == 303
    assert fresh(shop, order).status == "open"
    names = [row.name for row in fresh(shop, order).timeline]
    assert names[:2] == ["orders.order_reopened.v1", "orders.order_archived.v1"]


def _after(browser: Browser, answer: object) -> str:
    return browser.get(getattr(answer, "location").removeprefix("/admin")).text  # noqa: B009 - any response


@pytest.mark.parametrize("role", list(Role))
def test_roles_see_what_they_may_do(admin: Flask, shop: Shop, role: Role) -> None:
    order = paid(shop)
    waiting = place(shop)
    browser = signed_in(admin, shop, role)
    serves = role in (Role.OWNER, Role.MANAGER, Role.SUPPORT)
    text = browser.get(f"/orders/{order.number}").text
    assert ('id="refund-form"' in text) is True
    assert ('id="cancel-form"' in text) is serves
    assert ("/archive" in text) is serves
    assert 'id="record-form"' in browser.get(f"/orders/{waiting.number}").text
    assert ("actionbar" in browser.get("/orders/").text) is serves
    wanted = 200 if serves else 403
    assert browser.get(f"/orders/{waiting.number}/cancel").status_code == wanted
    assert browser.get(f"/orders/{waiting.number}/capture").status_code == (303 if serves else 403)  # nothing to take
    assert browser.get(f"/orders/{waiting.number}/record").status_code == 200
    browser.get(f"/orders/{order.number}")
    assert browser.post(f"/orders/{order.number}/archive").status_code == (303 if serves else 403)


def test_another_stores_order_is_not_there(
    admin: Flask, shop: Shop, database: DatabaseAddresses, tmp_path: Path
) -> None:
    other = open_shop(database, tmp_path)
    try:
        for _ in range(2):
            foreign = place(other)
    finally:
        other.wired.engines.dispose()
    place(shop)
    browser = signed_in(admin, shop)
    assert browser.get(f"/orders/{foreign.number}").status_code == 404
    assert numbers(browser.get("/orders/").text) == ["CI-1001"]


def test_formulas_are_neutralised() -> None:
    for text in ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"):
        assert cell(text) == f"'{text}"
    assert cell("João") == "João"


def test_the_export_is_a_file_that_calculates_nothing(owner: Browser, shop: Shop) -> None:
    order = place(shop)
    shop.execute("UPDATE orders SET customer_name = '=HYPERLINK(\"http://evil\")' WHERE id = :id", id=order.id)
    answer = owner.get("/orders/export.csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    head, row = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert head[:3] == ["Number", "Placed", "Customer"]
    assert row[0] == "CI-1001"
    assert row[2].startswith("'=HYPERLINK")
    assert row[-2:] == ["157.70", "BRL"]


def test_a_narrowed_search_is_exported_to_its_last_hit(
    owner: Browser, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("admin.order_export.MAX_LIMIT", 1)
    monkeypatch.setattr("admin.orders._PAGE", 1)
    old = cancelled(shop)
    for _ in range(21):  # more than the hits that a page of one asks for
        shop.clock.advance(minutes=1)
        place(shop)
    rows = list(csv.reader(io.StringIO(owner.get("/orders/export.csv?q=maria&status=cancelled").text)))
    assert [row[0] for row in rows[1:]] == [f"CI-{old.number}"]
    page = owner.get("/orders/?q=maria&status=cancelled").text
    assert "Nothing among the newest hits" in page
    assert "Look further back" in page


def test_the_export_streams_every_page(owner: Browser, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("admin.order_export.MAX_LIMIT", 2)
    for _ in range(5):
        place(shop)
    rows = list(csv.reader(io.StringIO(owner.get("/orders/export.csv").text)))
    assert sorted(row[0] for row in rows[1:]) == [f"CI-100{n}" for n in range(1, 6)]


def test_the_portuguese_interface_is_drawn(owner: Browser, shop: Shop) -> None:
    order = refunded(shop, 1000)
    owner.client.set_cookie("language", "pt_BR", path="/admin")
    for path in ("/orders/", f"/orders/{order.number}", f"/orders/{order.number}/refund", "/exceptions/"):
        page = owner.get(path)
        assert page.status_code == 200
        assert '<html lang="pt-BR"' in page.text
