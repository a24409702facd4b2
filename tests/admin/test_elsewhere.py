"""A link to something of another of one's own stores offers to switch; other people's stores are never spoken of."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.provisioning import DatabaseAddresses
from core.identity.roles import Role
from core.identity.use_cases.create_staff import CreateStaff, create_staff
from core.reconciliation.model import ExceptionKind
from core.shared.context import CallContext, Job
from tests.admin.desks import Browser, make_admin
from tests.admin.order_desk import cancelled, odd, place
from tests.core.messages.test_confirmation import confirm
from tests.shop import PASSWORD, Shop, open_shop, settings_for


@dataclass
class Chain:
    """`here` and `there` are stores of one person, `foreign` is somebody else's."""

    here: Shop
    there: Shop
    foreign: Shop
    desk: Browser

    def in_store(self, shop: Shop) -> None:
        self.desk.get("/stores")
        assert self.desk.post("/store", {"store": str(shop.store_id)}).status_code == 303


def name(shop: Shop, called: str) -> Shop:
    shop.execute("UPDATE stores SET name = :n", n=called)
    return shop


def person(shop: Shop, *memberships: tuple[Shop, Role]) -> str:
    """Somebody with a role in each of the stores; returns the e-mail."""
    email = f"ana-{secrets.token_hex(4)}@example.com"
    roles = tuple((store.store_id, role) for store, role in memberships)
    shop.wired.app.run(create_staff, CreateStaff(email, "Ana", PASSWORD, roles), CallContext(None, Job("t"), "request"))
    return email


@pytest.fixture
def chain(database: DatabaseAddresses, tmp_path: Path) -> Iterator[Chain]:
    here, there, foreign = (name(open_shop(database, tmp_path), called) for called in ("Here", "There", "Foreign"))
    admin = make_admin(here, settings_for(database, tmp_path))
    desk = Browser(admin)
    desk.sign_in(person(here, (here, Role.OWNER), (there, Role.OWNER)), PASSWORD)
    made = Chain(here, there, foreign, desk)
    made.in_store(here)
    yield made
    for shop in (here, there, foreign):
        shop.wired.engines.dispose()


def paths(shop: Shop) -> dict[str, str]:
    """A page of every kind of thing that a store has."""
    order = cancelled(shop)
    confirm(shop, place(shop).id)
    found = odd(shop, order, ExceptionKind.LATE_PAYMENT)
    ids = shop.sql(
        "SELECT (SELECT id FROM products LIMIT 1) AS product, (SELECT id FROM variants LIMIT 1) AS variant,"
        " (SELECT id FROM messages LIMIT 1) AS message"
    )[0]
    return {
        "product": f"/products/{ids['product']}", "stock": f"/inventory/{ids['variant']}?cursor=",
        "exception": f"/exceptions/{found}", "message": f"/messages/{ids['message']}",
        "order": f"/orders/{order.number}?payment=voided",
    }  # fmt: skip


def test_a_page_of_another_own_store_offers_to_switch_and_leads_there(chain: Chain) -> None:
    for what, path in paths(chain.there).items():
        chain.in_store(chain.here)
        page = chain.desk.get(path)
        assert page.status_code == 404, what
        assert "This is in another of your stores" in page.text, what
        assert "Switch to There" in page.text
        switched = chain.desk.post("/store", {"store": str(chain.there.store_id), "next": path})
        assert switched.location == f"/admin{path}"
        assert chain.desk.get(path).status_code == 200, what


def test_a_foreign_store_is_never_spoken_of(chain: Chain) -> None:
    for what, path in paths(chain.foreign).items():
        page = chain.desk.get(path)
        assert page.status_code == 404, what
        assert "There is no such page" in page.text, what
        assert "Foreign" not in page.text
        assert "another of your stores" not in page.text
    answer = chain.desk.post("/store", {"store": str(chain.foreign.store_id), "next": "/products/"})
    assert answer.status_code == 404


def test_the_role_of_the_other_store_decides(chain: Chain, database: DatabaseAddresses, tmp_path: Path) -> None:
    clerk = Browser(make_admin(chain.here, settings_for(database, tmp_path)))
    clerk.sign_in(person(chain.here, (chain.here, Role.OWNER), (chain.there, Role.SUPPORT)), PASSWORD)
    clerk.get("/stores")
    clerk.post("/store", {"store": str(chain.here.store_id)})
    path = paths(chain.there)["product"]
    assert "Switch to There" in clerk.get(path).text  # support may read products
    chain.there.execute("DELETE FROM memberships")
    assert "There is no such page" in clerk.get(path).text


def test_nothing_is_offered_where_nothing_is(chain: Chain) -> None:
    for path in (f"/products/{uuid4()}", "/orders/424242", "/nonsense"):
        page = chain.desk.get(path)
        assert page.status_code == 404
        assert "another of your stores" not in page.text


def test_the_switch_leads_nowhere_else(chain: Chain) -> None:
    for wanted in ("//evil.example", "https://evil.example/", "/\\evil.example"):
        chain.desk.get("/")
        answer = chain.desk.post("/store", {"store": str(chain.there.store_id), "next": wanted})
        assert answer.location == "/admin/"
