"""The jobs page: dead letters with their error and masked payload, replay, discard with a reason, the schedule."""

from __future__ import annotations

import html
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask

from adapters.postgres.schedule import PostgresScheduleTable
from adapters.provisioning import DatabaseAddresses
from adapters.wiring import background
from admin.jobs import SCHEDULED, WORK
from admin.masking import as_text, masked
from core.identity.roles import Role
from core.subscriptions import SUBSCRIPTIONS
from jobs.background import tasks
from tests.admin.desks import Browser, make_admin, signed_in
from tests.core.messages.test_confirmation import place
from tests.shop import Shop, settings_for


@pytest.fixture
def admin(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Flask:
    return make_admin(shop, settings_for(database, tmp_path))


@pytest.fixture
def browser(admin: Flask, shop: Shop) -> Browser:
    return signed_in(admin, shop, Role.MANAGER)


def _dead(shop: Shop) -> UUID:
    """A delivery that gave up."""
    place(shop)
    shop.execute(
        "UPDATE deliveries SET state = 'dead', attempts = 8, done_at = now(),"
        " last_error = 'RuntimeError: no <template>',"
        " payload = payload || jsonb_build_object('email', 'm.yoshida@example.com', 'tax_id', '52998224725')"
        " WHERE state = 'waiting'"
    )
    return UUID(str(shop.sql("SELECT id FROM deliveries WHERE state = 'dead'")[0]["id"]))


def _state(shop: Shop, id_: UUID) -> tuple[str, int]:
    row = shop.sql("SELECT state, attempts FROM deliveries WHERE id = :id", id=id_)[0]
    return row["state"], row["attempts"]


def test_without_trouble_it_says_so(browser: Browser) -> None:
    page = browser.get("/jobs/")
    assert page.status_code == 200
    assert "No job gave up" in page.text
    assert "Everything flows" in page.text


def test_a_dead_letter_shows_error_tries_and_payload_without_personal_data(browser: Browser, shop: Shop) -> None:
    id_ = _dead(shop)
    page = html.unescape(browser.get("/jobs/").text)
    assert str(id_) in page
    assert "Write the order confirmation" in page
    assert "8 tries" in page
    assert "RuntimeError: no <template>" in page
    assert "yoshida" not in page
    assert "52998224725" not in page
    assert '"email": "m.••••@••••"' in page
    assert "order_id" in page


def test_replay_makes_it_due_and_the_log_names_the_person(browser: Browser, shop: Shop) -> None:
    id_ = _dead(shop)
    browser.get("/jobs/")
    assert browser.post(f"/jobs/{id_}/replay").status_code == 303
    assert _state(shop, id_) == ("waiting", 0)
    entry = shop.sql("SELECT actor_kind, actor_label FROM activity WHERE action = 'messages.replay_delivery'")
    assert entry == [{"actor_kind": "staff", "actor_label": "Manager Example"}]
    browser.get("/jobs/")
    assert browser.post(f"/jobs/{id_}/replay").status_code == 409


def test_discarding_needs_a_reason_and_keeps_it(browser: Browser, shop: Shop) -> None:
    id_ = _dead(shop)
    browser.get("/jobs/")
    refused = browser.post(f"/jobs/{id_}/discard", {"reason": "   "})
    assert refused.status_code == 422
    assert "Say how it was dealt with instead." in refused.text
    assert str(id_) in refused.text
    assert _state(shop, id_)[0] == "dead"
    assert browser.post(f"/jobs/{id_}/discard", {"reason": "written by hand"}).status_code == 303
    assert _state(shop, id_)[0] == "discarded"
    kept = shop.sql("SELECT reason FROM activity WHERE action = 'messages.discard_delivery'")
    assert kept == [{"reason": "written by hand"}]
    done = browser.get("/jobs/?state=done").text
    assert "written by hand" in done
    assert "Discarded" in done


def test_what_is_tried_again_tells_when(browser: Browser, shop: Shop) -> None:
    _dead(shop)
    shop.execute(
        "UPDATE deliveries SET state = 'waiting', done_at = NULL, attempts = 2, last_error = 'unavailable: away'"
    )
    page = browser.get("/jobs/?state=retrying").text
    assert "unavailable: away" in page
    assert "Next try" in page
    assert "2 tries" in page
    assert "No job gave up" in browser.get("/jobs/").text


def test_only_the_roles_that_run_the_platform_see_it(admin: Flask, shop: Shop) -> None:
    id_ = _dead(shop)
    support = signed_in(admin, shop, Role.SUPPORT)
    assert support.get("/jobs/").status_code == 403
    support.get("/")
    assert support.post(f"/jobs/{id_}/replay").status_code == 403
    assert _state(shop, id_)[0] == "dead"


def test_another_stores_delivery_and_nonsense_are_not_found(browser: Browser) -> None:
    browser.get("/jobs/")
    assert browser.post(f"/jobs/{uuid4()}/replay").status_code == 404
    assert browser.get(f"/jobs/?delivery={uuid4()}").status_code == 404
    assert browser.get("/jobs/?delivery=nonsense").status_code == 404
    assert browser.get("/jobs/?cursor=nonsense").status_code == 422
    assert browser.get("/jobs/?state=nonsense").status_code == 200


def test_a_post_without_its_token_does_nothing(browser: Browser, shop: Shop) -> None:
    id_ = _dead(shop)
    assert browser.post(f"/jobs/{id_}/replay", token="forged").status_code == 400
    assert _state(shop, id_)[0] == "dead"


def test_a_scheduled_job_is_listed_and_run_at_once(browser: Browser, shop: Shop) -> None:
    table = PostgresScheduleTable(shop.wired.engines.platform, shop.wired.clock)
    table.declare({"checkout.expire_sessions": 15})
    table.finished("checkout.expire_sessions", 1289, {"done": 3, "failed": 1}, "unavailable: away")
    page = browser.get("/jobs/").text
    for told in ("Expire payment sessions", "every 15 seconds", "3 done, 1 failed", "unavailable: away", "Run now"):
        assert told in page, told
    assert browser.post("/jobs/schedule/checkout.expire_sessions/run").status_code == 303
    due = shop.sql("SELECT next_run_at <= now() AS due FROM schedules WHERE name = 'checkout.expire_sessions'")
    assert due == [{"due": True}]
    browser.get("/jobs/")
    assert browser.post("/jobs/schedule/none/run").status_code == 404


def test_every_actor_and_every_entry_of_the_schedule_has_words(shop: Shop) -> None:
    actors = {actor for of in SUBSCRIPTIONS.values() for actor in of}
    assert actors <= set(WORK)
    assert {task.name for task in tasks(shop.wired, background(shop.wired))} == set(SCHEDULED)


def test_masking_keeps_structure_ids_and_amounts() -> None:
    document = {
        "order_id": "42",
        "total": {"amount": 41940, "currency": "BRL"},
        "customer": {"name": "Marcos Yoshida", "email": "m.yoshida@example.com", "tax_id": None, "phone": ""},
        "emails": [{"email": "x@y.z"}],
        "recipient": ["a@b.c"],
    }
    shown = masked(document)
    assert shown["total"] == document["total"]
    assert shown["order_id"] == "42"
    assert shown["customer"] == {"name": "••••", "email": "m.••••@••••", "tax_id": None, "phone": ""}
    assert shown["emails"] == [{"email": "x••••@••••"}]
    assert shown["recipient"] == ["a••••@••••"]
    assert "Marcos" not in as_text(document)
