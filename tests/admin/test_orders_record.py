"""Money that staff saw come in, from the desk: a part, the rest, too much, late, and by two people at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from adapters.provisioning import DatabaseAddresses
from core.identity.roles import Role
from ports.orders import OrderDetail
from tests.admin.desks import Browser, make_admin, signed_in
from tests.admin.order_desk import cancelled, fields, fresh, paid, place, shown
from tests.shop import Shop, settings_for


@pytest.fixture
def admin(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Flask:
    return make_admin(shop, settings_for(database, tmp_path))


@pytest.fixture
def desk(admin: Flask, shop: Shop) -> Browser:
    return signed_in(admin, shop, Role.SUPPORT)


def form_of(desk: Browser, order: OrderDetail) -> dict[str, str]:
    return fields(desk.get(f"/orders/{order.number}/record").text, "record-form")


def ask(desk: Browser, order: OrderDetail, **typed: str) -> tuple[int, str]:
    """Open the form, type, and send it as its preview or as it stands."""
    answer = desk.post(f"/orders/{order.number}/record", {**form_of(desk, order), **typed})
    return answer.status_code, shown(answer.text)


def record(desk: Browser, order: OrderDetail, amount: str, reference: str = "") -> tuple[int, str]:
    """Look at the figures of `amount`, then press the button that says it."""
    ask(desk, order, step="preview", amount=amount, reference=reference)
    sent = {**fields(desk.last, "record-form"), "step": "record"}
    answer = desk.post(f"/orders/{order.number}/record", sent)
    return answer.status_code, shown(answer.text)


def told(desk: Browser, order: OrderDetail) -> str:
    return shown(desk.get(f"/orders/{order.number}").text)


def test_money_by_hand_is_recorded_as_seen(desk: Browser, shop: Shop) -> None:
    order = place(shop)
    page = told(desk, order)
    assert "Record payment" in page
    assert "Record that R$ 157,70 came in" in page
    assert "Banco 001, agência 1234" in page
    assert "The order is paid in full." in page
    assert ask(desk, order, step="record", reference="E1234")[0] == 303
    page = told(desk, order)
    assert "Bank transfer: recorded that R$ 157,70 came in." in page
    assert "<code>E1234</code>" in page
    assert fresh(shop, order).payment_status == "paid"
    (entry,) = shop.sql("SELECT action, actor_label FROM activity WHERE action = 'aftersales.record_payment'")
    assert entry["actor_label"] == "Support Example"


def test_a_part_is_shown_first_and_then_written_once(desk: Browser, shop: Shop) -> None:
    order = place(shop)
    status, text = ask(desk, order, step="record", amount="100")
    assert status == 200, "the button said another amount"
    assert "Record that R$ 100,00 came in" in text
    assert "The order stays part paid: R$ 57,70 is missing." in text
    form, token = {**fields(desk.last, "record-form"), "step": "record"}, desk.token
    for _ in range(2):
        assert desk.post(f"/orders/{order.number}/record", form, token=token).status_code == 303
    after = fresh(shop, order)
    assert (after.captured.minor, after.payment_status) == (10000, "partially_paid")
    page = told(desk, order)
    assert "Paid less than asked" in page
    assert "R$ 57,70 is still to come." in page


def test_the_rest_is_offered_and_closes_the_exception(desk: Browser, shop: Shop) -> None:
    order = place(shop)
    record(desk, order, "100")
    status, text = record(desk, order, "57,70")
    assert status == 303, text
    after = fresh(shop, order)
    assert (after.payment_status, [e.state for e in after.exceptions]) == ("paid", ["resolved"])
    finance = desk.get(f"/exceptions/{after.exceptions[0].id}").text
    assert "More money came in, so this figure no longer stands." in finance


def test_too_much_is_said_before_and_after(desk: Browser, shop: Shop) -> None:
    order = place(shop)
    _, text = ask(desk, order, step="preview", amount="160")
    assert "R$ 2,30 is more than was asked." in text
    assert record(desk, order, "160")[0] == 303
    after = fresh(shop, order)
    assert (after.payment_status, after.exceptions[0].kind, after.exceptions[0].amount.minor) == (
        "overpaid",
        "amount_over",
        230,
    )
    assert "Paid more than asked" in told(desk, order)


def test_a_paid_order_still_takes_more_from_its_menu(desk: Browser, shop: Shop) -> None:
    order = paid(shop)
    page = told(desk, order)
    assert 'data-dialog="record"' in page
    assert "All that was asked came in already." in page
    assert ask(desk, order, step="preview")[0] == 422, "nothing is filled in for what nobody waits for"


def test_money_after_a_cancellation_is_late(desk: Browser, shop: Shop) -> None:
    order = cancelled(shop)
    _, text = ask(desk, order, step="preview", amount="157,70")
    assert "The order stays cancelled." in text
    assert record(desk, order, "157,70", "E-LATE")[0] == 303
    after = fresh(shop, order)
    assert (after.status, after.captured.minor) == ("cancelled", 15770)
    assert [(e.kind, e.amount.minor) for e in after.exceptions] == [("late_payment", 15770)]
    page = told(desk, order)
    assert "Money came late" in page
    assert "R$ 157,70 belongs to the customer: refund it." in page


def test_of_two_who_record_the_same_transfer_the_second_is_told(admin: Flask, desk: Browser, shop: Shop) -> None:
    order = place(shop)
    other = signed_in(admin, shop, Role.FINANCE)
    first, second = form_of(desk, order), form_of(other, order)
    sent = {"step": "record", "reference": "E2E 77"}
    assert desk.post(f"/orders/{order.number}/record", {**first, **sent}).status_code == 303
    answer = other.post(f"/orders/{order.number}/record", {**second, **sent, "reference": "e2e  77"})
    assert answer.status_code == 409
    assert "This transfer is recorded already." in answer.text
    assert fresh(shop, order).captured.minor == 15770


def test_without_a_reference_the_version_tells(admin: Flask, desk: Browser, shop: Shop) -> None:
    order = place(shop)
    other = signed_in(admin, shop, Role.FINANCE)
    first, second = form_of(desk, order), form_of(other, order)
    assert desk.post(f"/orders/{order.number}/record", {**first, "step": "record"}).status_code == 303
    answer = other.post(f"/orders/{order.number}/record", {**second, "step": "record"})
    assert answer.status_code == 409
    text = shown(answer.text)
    assert "Somebody changed this order meanwhile, so nothing was recorded." in text
    assert "R$ 157,70 is more than was asked." in text, "the figures are those of now"
    assert fresh(shop, order).captured.minor == 15770


def test_amounts_that_can_not_be_recorded_are_said_and_kept(desk: Browser, shop: Shop) -> None:
    order = place(shop)
    for amount, said in (("", "This is needed."), ("0", "More than zero."), ("x", "Write an amount")):
        status, text = ask(desk, order, step="record", amount=amount)
        assert status == 422
        assert said in text
        assert f'value="{amount}"' in text
    assert ask(desk, order, step="record", reference="x" * 81)[0] == 422
    assert ask(desk, order, step="record", version="1e9")[0] == 409
    assert fresh(shop, order).captured.minor == 0


def test_a_card_is_captured_not_recorded(desk: Browser, shop: Shop) -> None:
    order = place(shop)
    shop.execute("UPDATE payments SET confirmed_by_hand = false")
    assert desk.get(f"/orders/{order.number}/record").status_code == 303
    assert 'id="record-form"' not in told(desk, order)
