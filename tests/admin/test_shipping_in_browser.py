"""Shipping as a browser sees it: axe in both themes, phones, and everything without scripts."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from adapters.provisioning import DatabaseAddresses
from core.aftersales.use_cases.ship_fulfilment import ShipFulfilment, ship_fulfilment
from core.identity.roles import Role
from core.logistics.batch import BatchState
from core.logistics.queries import GetBatch, get_batch
from core.logistics.tracking import ParcelStatus
from core.logistics.use_cases.decide_batch import BuyBatch, buy_batch
from core.logistics.use_cases.purchase_label import PurchaseLabel, purchase_label
from core.logistics.use_cases.report_parcel import ReportParcel, report_parcel
from core.logistics.use_cases.start_batch import StartBatch, start_batch
from core.logistics.use_cases.work_on_batch import WorkOnBatch, work_on_batch
from ports.orders import OrderDetail
from tests.admin.desks import make_admin
from tests.admin.order_desk import fresh, paid
from tests.admin.shipping_desk import Fleet, carrier
from tests.browser import chromium
from tests.carrier import s10
from tests.core.logistics.sending import parcel_of, plan, quoted
from tests.shop import Shop, open_shop, settings_for

__all__ = ["chromium"]

pytestmark = pytest.mark.browser


@dataclass
class Desk:
    """A back office that answers on loopback, with goods at every point of their way."""

    shop: Shop
    address: str
    login: tuple[str, str]
    pages: tuple[str, ...]
    free: OrderDetail

    def open(self, chromium: Browser, width: int = 1440, theme: str = "light", *, script: bool = True) -> Page:
        """A page of a browser in which the owner is signed in."""
        context: BrowserContext = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,  # type: ignore[arg-type]  # light or dark
            base_url=self.address,
            java_script_enabled=script,
            locale=os.environ.get("PICTURES_LOCALE", "en"),
            reduced_motion="reduce",
        )
        page = context.new_page()
        page.goto("/admin/sign-in")
        page.locator("[name=email]").fill(self.login[0])
        page.locator("[name=password]").fill(self.login[1])
        page.locator("main button[type=submit]").first.click()
        page.wait_for_url("**/admin/")
        return page


def bought(shop: Shop, order: OrderDetail, *pieces: int) -> str:
    """A shipment with its label; returns its address."""
    planned = plan(shop, order, *pieces)
    offer = quoted(shop, planned).quotes[0]
    shop.run(purchase_label, PurchaseLabel(offer.id, f"label-{planned}"), shop.as_(Role.SUPPORT))
    number = next(f.number for f in fresh(shop, order).fulfilments if f.id == planned)
    return f"/orders/{order.number}/shipments/{number}"


def sent(shop: Shop, order: OrderDetail) -> str:
    """One of its pieces on its way, as far as the street."""
    address = bought(shop, order, 1)
    planned = fresh(shop, order).fulfilments[0].id
    shop.run(ship_fulfilment, ShipFulfilment(planned), shop.as_(Role.SUPPORT))
    for hours, status in (
        (30, ParcelStatus.ACCEPTED),
        (20, ParcelStatus.IN_TRANSIT),
        (2, ParcelStatus.OUT_FOR_DELIVERY),
    ):
        seen = ReportParcel(parcel_of(shop, planned), status, at=shop.clock.now() - timedelta(hours=hours))
        shop.run(report_parcel, seen, shop.as_(Role.SUPPORT))
    return address


def batch(shop: Shop, fleet: Fleet, count: int, *, work: bool = True) -> str:
    """A batch with prices, some labels bought, some refused, some still to be bought."""
    orders = tuple(paid(shop).id for _ in range(count))
    number = shop.run(start_batch, StartBatch(orders, "Júlia Prado"), shop.as_(Role.SUPPORT)).number
    found = shop.read(get_batch, GetBatch(number))
    shop.run(work_on_batch, WorkOnBatch(found.id))
    if work:
        rows = shop.read(get_batch, GetBatch(number)).rows
        fleet.refuse = 1
        shop.run(buy_batch, BuyBatch(number, tuple(row.id for row in rows[: count - 2])), shop.as_(Role.SUPPORT))
        assert shop.run(work_on_batch, WorkOnBatch(found.id)) is BatchState.OPEN
    return f"/shipping/batches/{number}"


@pytest.fixture(scope="module")
def desk(database: DatabaseAddresses, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("desk")
    shop = open_shop(database, folder)
    fleet = carrier(shop, Fleet)
    assert isinstance(fleet, Fleet)
    way, label, wait, free = (paid(shop, quantity=3) for _ in range(4))
    sent_at, label_at = sent(shop, way), bought(shop, label)
    quoted(shop, plan(shop, wait))
    done = batch(shop, fleet, 6)
    running = batch(shop, fleet, 3, work=False)
    shop.run(buy_batch, BuyBatch(2), shop.as_(Role.SUPPORT))
    admin = make_admin(shop, settings_for(database, folder))
    server = make_server("127.0.0.1", 0, DispatcherMiddleware(admin, {"/admin": admin}), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    pages = (
        "/shipping/", f"/orders/{way.number}", f"/orders/{way.number}/fulfil", sent_at, label_at,
        f"/orders/{wait.number}/shipments/1", done, running,
    )  # fmt: skip
    yield Desk(shop, f"http://127.0.0.1:{server.port}", shop.add_staff(Role.OWNER), pages, free)
    server.shutdown()
    thread.join()
    shop.wired.engines.dispose()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_axe_could_name(desk: Desk, chromium: Browser, theme: str) -> None:
    page = desk.open(chromium, theme=theme)
    found = {}
    for at, path in enumerate(desk.pages):
        page.goto(f"/admin{path}")
        page.wait_for_load_state("networkidle")
        keep(page, f"{at}-{theme}")
        for details in page.locator("main details").all():
            details.evaluate("one => one.open = true")
        found[path] = [violation["id"] for violation in Axe().run(page).response["violations"]]
    assert found == dict.fromkeys(desk.pages, [])  # noqa: RUF024 - nobody changes the lists


def test_nothing_scrolls_sideways_on_a_phone(desk: Desk, chromium: Browser) -> None:
    page = desk.open(chromium, 360)
    wide = []
    for at, path in enumerate(desk.pages):
        page.goto(f"/admin{path}")
        keep(page, f"{at}-360")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(path)
    assert wide == []


def test_an_order_is_sent_by_hand_without_scripts(desk: Desk, chromium: Browser) -> None:
    page = desk.open(chromium, script=False)
    page.goto(f"/admin/orders/{desk.free.number}")
    page.get_by_role("link", name="Ship 3 items").first.click()
    page.get_by_label("Send now").fill("2")
    page.get_by_label("Weight").fill("900")
    page.get_by_role("button", name="Prepare and compare prices").click()
    page.locator("summary", has_text="Type a number by hand").click()
    page.get_by_label("Carrier").fill("Jadlog")
    page.get_by_label("Tracking number").fill(s10(7_000_001))
    page.get_by_role("button", name="Keep the number").click()
    assert page.get_by_text("The number is kept.").is_visible()
    page.get_by_role("button", name="Goods leave now").click()
    assert page.get_by_text("have left: stock fell").is_visible()
    page.goto(f"/admin/orders/{desk.free.number}")
    assert page.get_by_text("1 item to ship").is_visible()


def test_a_batch_looks_again_by_itself(desk: Desk, chromium: Browser) -> None:
    page = desk.open(chromium)
    page.goto(f"/admin{desk.pages[-1]}")
    assert page.get_by_text("0 of 3 bought").is_visible()
    number = int(desk.pages[-1].rpartition("/")[2])
    desk.shop.run(work_on_batch, WorkOnBatch(desk.shop.read(get_batch, GetBatch(number)).id))
    page.get_by_text("3 of 3 bought").wait_for(timeout=10_000)
    assert page.get_by_role("link", name="Print 3 labels").is_visible()


def keep(page: Page, name: str) -> None:
    """A picture for whoever looks: PICTURES names a folder."""
    folder = os.environ.get("PICTURES")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
