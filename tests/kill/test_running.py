"""Killed in the real tree that `ecommerce run` starts: somebody takes the dead one's place, the people ask again over
HTTP, webhooks and janitor do the rest by themselves. A few points of the matrix, drawn by a fixed seed."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.kill.points import kill_points, record
from tests.kill.running_shop import RunningShop
from tests.kill.scenarios import BY_NAME
from tests.kill.stage import Stage
from tests.kill.verdict import STOCK
from tests.sandbox.process import free_port

pytestmark = [pytest.mark.kill, pytest.mark.slow, pytest.mark.xdist_group("running")]

SEED = 20261124
CALM = 90.0  # seconds in which webhooks and janitor have found out everything
LATE = 4  # seconds by which the webhooks of a card are late, so that the shopper is first


@dataclass
class Wish:
    """Somebody's cart and what came of it."""

    cart: str
    session: str = ""
    number: str = ""


def ready(shop: RunningShop) -> Wish:
    return Wish(shop.cart())


def placed(shop: RunningShop) -> Wish:
    wish = Wish(shop.cart())
    wish.session = shop.session(wish.cart)
    shop.approve(wish.session)
    wish.number = shop.complete(wish.cart)
    return wish


def placed_by_hand(shop: RunningShop) -> Wish:
    shop.sql("UPDATE stores SET capture_policy = 'by_hand'")
    wish = placed(shop)
    shop.sql("UPDATE stores SET capture_policy = 'at_once'")
    return wish


def buy(shop: RunningShop, wish: Wish) -> None:
    """From the session to the order, before the provider's word arrives."""
    late = {"account": None, "operation": "webhook", "kind": "late_webhook", "count": 9, "delay_seconds": LATE}
    shop.sandbox.post("/faults", json=[late]).raise_for_status()
    wish.session = shop.session(wish.cart)
    shop.approve(wish.session)
    wish.number = shop.complete(wish.cart)
    shop.sandbox.delete("/faults").raise_for_status()


def refund(shop: RunningShop, wish: Wish) -> None:
    line = shop.sql(
        "SELECT l.id FROM order_lines l JOIN payments p ON p.order_id = l.order_id WHERE p.session_id = %s",
        wish.session,
    )[0]["id"]
    shop.submit(wish.number, "refund", preview=True, **{f"pieces-{line}": "1"})


def capture(shop: RunningShop, wish: Wish) -> None:
    shop.submit(wish.number, "capture")


def cancel(shop: RunningShop, wish: Wish) -> None:
    shop.submit(wish.number, "cancel", reason="changed their mind")


@dataclass(frozen=True)
class Deed:
    """scenario: whose points they are. effects: captures, refunds and cancellations at the provider."""

    scenario: str
    prepare: Callable[[RunningShop], Wish]
    do: Callable[[RunningShop, Wish], None]
    effects: tuple[int, int, int]


DEEDS = (
    Deed("complete_card", ready, buy, (1, 0, 0)),
    Deed("session_card", ready, buy, (1, 0, 0)),
    Deed("refund_card", placed, refund, (1, 1, 0)),
    Deed("capture_card", placed_by_hand, capture, (1, 0, 0)),
    Deed("cancel_card", placed_by_hand, cancel, (0, 0, 1)),
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[RunningShop]:
    opened = RunningShop(tmp_path / "data", free_port())
    try:
        opened.start()
        opened.meet()
        yield opened
        opened.stop()
    finally:
        opened.abandon()


def drawn(stage: Stage) -> list[str]:
    """A point for each deed, two of them around a call at least and two around a commit."""
    dice = random.Random(SEED)
    kinds = ["gateway.", "gateway.", ".commit", ".commit", "."]
    dice.shuffle(kinds)
    points = []
    for deed, kind in zip(DEEDS, kinds, strict=True):
        scenario = BY_NAME[deed.scenario]
        found = kill_points(record(stage, scenario, stage.prepare(scenario)))
        points.append(dice.choice([point for point in found if kind in point]))
    return points


def test_killed_in_the_running_tree(stage: Stage, shop: RunningShop, capsys: pytest.CaptureFixture[str]) -> None:
    points = drawn(stage)
    with capsys.disabled():
        print(f"\nkilled in the running tree (seed {SEED}): {', '.join(points)}")
    wishes = [deed.prepare(shop) for deed in DEEDS]
    calm(shop)
    for deed, wish, point in zip(DEEDS, wishes, points, strict=True):
        shop.stop()
        shop.start(point)
        deed.do(shop, wish)
        assert "-m web" in shop.died(), f"{point} was reached elsewhere"
        assert shop.heard, f"nobody noticed that the web server died at {point}"
    calm(shop)
    deadline = time.monotonic() + CALM
    while disagreements(shop, wishes) and time.monotonic() < deadline:
        time.sleep(0.5)
    assert disagreements(shop, wishes) == []
    for item in shop.sql(STOCK):
        assert item["on_hand"] == item["moved"], item
        assert item["reserved"] == item["held"] <= item["on_hand"], item


def calm(shop: RunningShop) -> None:
    """Wait until every webhook came and was worked on. The demo's own payments aren't asked about meanwhile: whoever
    dies shall be the one who was asked by us."""
    shop.sql("UPDATE payments SET check_at = check_at + interval '1 day' WHERE method = 'pix'")
    waiting = (
        "SELECT 1 FROM sandbox.deliveries WHERE state IN ('pending', 'sending')"
        " UNION ALL SELECT 1 FROM deliveries WHERE state IN ('waiting', 'leased')"
    )
    deadline = time.monotonic() + CALM
    while shop.sql(waiting) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert shop.sql(waiting) == []


def disagreements(shop: RunningShop, wishes: list[Wish]) -> list[str]:
    """Where our records, the provider's books and what was wished for differ."""
    found = []
    for deed, wish in zip(DEEDS, wishes, strict=True):
        payment = shop.sql(
            "SELECT p.*, o.status, i.account, (SELECT count(*) FROM orders x WHERE x.cart_id = p.cart_id) AS orders,"
            " (SELECT count(*) FROM payment_operations x WHERE x.payment_id = p.id AND x.state = 'requested') AS open"
            " FROM payments p LEFT JOIN orders o ON o.id = p.order_id"
            " LEFT JOIN sandbox.payment_intents i ON i.id = p.provider_reference WHERE p.session_id = %s",
            wish.session,
        )
        books = shop.sandbox.get("/books", params={"account": payment[0]["account"]}).json()["intents"]
        lines = [line for line in books if line["metadata"].get("payment_id") == str(payment[0]["id"])]
        taken, back, ended = deed.effects
        amount, piece = payment[0]["amount_minor"], refunded_piece(shop, wish) if back else 0
        wanted = [(amount * taken, piece, "cancelled" if ended else "open", 1, 0)]
        ours = [(p["captured_minor"], p["refunded_minor"], p["status"], p["orders"], p["open"]) for p in payment]
        theirs = [(b["captured"], b["refunded"], b["captures"], b["refunds"], b["cancellations"]) for b in lines]
        if ours != wanted or theirs != [(amount * taken, piece, *deed.effects)]:
            found.append(f"{deed.scenario}: wanted {wanted} {deed.effects}, ours {ours}, theirs {theirs}")
    return found


def refunded_piece(shop: RunningShop, wish: Wish) -> int:
    """What one of the two pieces cost."""
    lines = shop.sql(
        "SELECT l.total_minor FROM order_lines l JOIN payments p ON p.order_id = l.order_id WHERE p.session_id = %s",
        wish.session,
    )
    return int(lines[0]["total_minor"]) // 2
