"""The screens of settlements as a browser sees them: axe in both themes, and no sideways scroll on a phone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from adapters.provisioning import DatabaseAddresses
from core.identity.roles import Role
from core.reconciliation.approvals import Decision
from core.reconciliation.use_cases.ask_approval import AskApproval, ask_approval
from core.reconciliation.use_cases.resolve_exception import ResolveException, resolve_exception
from core.reconciliation.use_cases.set_approval_limit import SetApprovalLimit, set_approval_limit
from core.shared.ids import ExceptionId
from tests.admin.desks import make_admin
from tests.admin.settled import compare, exception, payout, settled
from tests.browser import chromium
from tests.shop import Shop, open_shop, settings_for

__all__ = ["chromium"]

pytestmark = pytest.mark.browser

PLANTS = (
    "amount_over", "fee_mismatch", "missing_internally", "duplicate_provider_line", "dispute_opened", "late_payment",
    "unexpected_adjustment", "refund_failed", "payout_short",
)  # fmt: skip


@dataclass
class Desk:
    """A back office that answers on loopback, with payouts, exceptions of many kinds, one of them explained, one to be
    approved."""

    address: str
    login: tuple[str, str]
    pages: dict[str, str]

    def open(self, chromium: Browser, width: int, theme: str) -> BrowserContext:
        """A browser in which somebody of finance is signed in."""
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,  # type: ignore[arg-type]  # light or dark
            base_url=self.address,
            locale="en",
            reduced_motion="reduce",
        )
        page = context.new_page()
        page.goto("/admin/sign-in")
        page.get_by_label("E-mail").fill(self.login[0])
        page.get_by_label("Password", exact=True).fill(self.login[1])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/admin/")
        return context


def pages(shop: Shop) -> dict[str, str]:
    """Every screen by a name, in a store where something is decided, asked for and open."""
    books = settled(shop, *PLANTS)
    compare(shop, books.account, dry_run=True)
    explained, asked = exception(shop, "late_payment"), exception(shop, "fee_mismatch")
    shop.run(resolve_exception, ResolveException(ExceptionId(explained), "The customer keeps the credit."))
    shop.run(set_approval_limit, SetApprovalLimit(0))
    shop.run(ask_approval, AskApproval(ExceptionId(asked), Decision.RESOLVE, "It is theirs.", "Please look."))
    one = f"/admin/payouts/{payout(shop)}"
    bench = {kind: f"/admin/exceptions/{exception(shop, kind)}" for kind in ("amount_over", "missing_internally")}
    return {
        "payouts": "/admin/payouts/",
        "payout": one,
        "report": f"{one}/report",
        "unpaid": "/admin/settlements/unpaid",
        "fees": "/admin/settlements/fees?since=2020-01-01",
        "comparisons": "/admin/reconciliation/",
        "exceptions": "/admin/exceptions/",
        "write off": bench["amount_over"] + "?do=write_off",
        "candidates": bench["missing_internally"],
        "to approve": f"/admin/exceptions/{asked}",
        "explained": f"/admin/exceptions/{explained}",
        "approvals": "/admin/approvals/",
    }


@pytest.fixture(scope="module")
def desk(database: DatabaseAddresses, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("settlements")
    shop = open_shop(database, folder)
    found = pages(shop)
    admin = make_admin(shop, settings_for(database, folder))
    server = make_server("127.0.0.1", 0, DispatcherMiddleware(admin, {"/admin": admin}), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Desk(f"http://127.0.0.1:{server.server_port}", shop.add_staff(Role.FINANCE), found)
    server.shutdown()
    thread.join()
    server.server_close()
    shop.wired.engines.dispose()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(chromium: Browser, desk: Desk, theme: str, width: int) -> None:
    found = []
    with desk.open(chromium, width, theme) as context:
        page = context.pages[0]
        for name, path in desk.pages.items():
            answer = page.goto(path)
            assert answer is not None
            assert answer.ok, name
            violations = Axe().run(page).response["violations"]
            found += [(name, v["id"], [node["html"][:160] for node in v["nodes"]]) for v in violations]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append((name, "scrolls sideways", []))
    assert found == []


def test_a_report_prints_without_the_shell(chromium: Browser, desk: Desk) -> None:
    with desk.open(chromium, 1440, "light") as context:
        page = context.pages[0]
        page.goto(desk.pages["report"])
        page.emulate_media(media="print")
        assert page.locator("h1").is_visible()
        assert page.locator(".pairs tbody tr").first.is_visible()
        for hidden in (".topbar", ".areas", ".actions"):
            assert not page.locator(hidden).first.is_visible()
