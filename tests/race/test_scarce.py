"""200 ready carts, 10 units, two web processes: exactly ten orders and ten charges, and the others are told."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Barrier, Event
from uuid import UUID

import httpx
import pytest

from tests.database import TestServer
from tests.race.market import Market, open_market
from tests.sandbox.process import eventually

pytestmark = pytest.mark.race

CARTS, UNITS, AT_ONCE = 200, 10, 24
OTHERS, HELD = 60, 8  # carts that want what others abandon; seconds for which a card holds it
REPEATS = int(os.environ.get("RACE_REPEATS", "1"))


def carts(market: Market, count: int, dice: random.Random) -> tuple[UUID, list[str]]:
    """Ready carts of 1 to 3 lines; all hold one of the scarce variant, the lines stand in any order."""
    scarce = market.shop.product("Caneca numerada", stock=UNITS)
    others = [market.shop.product(f"Prato {n}", stock=1000) for n in range(3)]

    def cart(seed: int) -> str:
        own = random.Random(seed)
        lines: list[UUID] = [scarce, *own.sample(others, own.choice((0, 1, 2)))]
        own.shuffle(lines)
        return market.shop.cart(dict.fromkeys(lines, 1))

    with ThreadPoolExecutor(4) as threads:
        return scarce, list(threads.map(cart, [dice.randrange(10**9) for _ in range(count)]))


@pytest.mark.parametrize("seed", range(REPEATS))
def test_ten_units_make_ten_orders(database_server: TestServer, tmp_path: Path, seed: int) -> None:
    with open_market(database_server, tmp_path) as market:
        scarce, tokens = carts(market, CARTS, random.Random(seed))
        together = Barrier(AT_ONCE)

        def shop_for(tokens_of_one: tuple[int, Sequence[str]]) -> Counter[str]:
            number, mine = tokens_of_one
            ends: Counter[str] = Counter()
            with market.client(number) as client:
                together.wait()
                for token in mine:
                    answer = market.reserve(client, token)
                    if answer.status_code == 201:
                        done = market.pay(client, token, answer.json()["id"])
                        ends[f"order {done.status_code}"] += 1
                    else:
                        problem = answer.json()
                        assert problem["errors"], problem
                        ends[f"{answer.status_code} {problem['code']}"] += 1
            return ends

        with ThreadPoolExecutor(AT_ONCE) as threads:
            ends = sum(threads.map(shop_for, [(n, tokens[n::AT_ONCE]) for n in range(AT_ONCE)]), Counter())
        assert ends == {"order 201": UNITS, "422 insufficient_stock": CARTS - UNITS}
        market.judge(scarce, UNITS)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(REPEATS))
def test_what_ten_abandon_ten_others_get(database_server: TestServer, tmp_path: Path, seed: int) -> None:
    """In real time: nobody moves a clock, and the background process finds the deadlines itself."""
    with open_market(database_server, tmp_path) as market, market.background(tmp_path / "background"):
        scarce, tokens = carts(market, UNITS + OTHERS, random.Random(seed))
        market.hold_cards_for(HELD)
        with ThreadPoolExecutor(UNITS) as threads:
            abandoned = list(threads.map(partial(reserve_alone, market), range(UNITS), tokens[:UNITS]))
        with market.client(0) as client:
            assert market.reserve(client, tokens[UNITS]).json()["code"] == "insufficient_stock"
        over = Event()

        def shop_for(tokens_of_one: tuple[int, Sequence[str]]) -> Counter[str]:
            number, mine = tokens_of_one
            with market.client(number) as client:
                return Counter(insist(market, client, token, over) for token in mine)

        with ThreadPoolExecutor(AT_ONCE) as threads:
            shoppers = [(n, tokens[UNITS + n :: AT_ONCE]) for n in range(AT_ONCE)]
            racing = [threads.submit(shop_for, shopper) for shopper in shoppers]
            try:
                eventually(lambda: len(market.shop.sql("SELECT id FROM orders")) >= UNITS, 90)
            finally:
                over.set()
            ends = sum((race.result() for race in racing), Counter())
        assert ends == {"order": UNITS, "insufficient_stock": OTHERS - UNITS}
        judge_abandoned(market, abandoned)
        market.judge(scarce, UNITS)


def reserve_alone(market: Market, number: int, token: str) -> str:
    """Hold stock for a cart whose shopper never comes back; the session's id."""
    with market.client(number) as client:
        answer = market.reserve(client, token)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def insist(market: Market, client: httpx.Client, token: str, over: Event) -> str:
    """Ask for stock until there is some or all is over, and pay at once; what came of it."""
    while True:
        last = over.is_set()
        answer = market.reserve(client, token)
        if answer.status_code == 201 and market.pay(client, token, answer.json()["id"]).status_code == 201:
            return "order"
        if last:
            return str(answer.json().get("code", answer.status_code))
        over.wait(0.25)  # whoever asks once more after that, asks in vain


def judge_abandoned(market: Market, abandoned: Sequence[str]) -> None:
    """Each held stock for its few seconds and ended by the deadline's job, and nobody got that stock before."""
    rows = market.shop.sql(
        "SELECT state, expires_at - created_at AS held, expires_at FROM payment_sessions WHERE id = ANY (:ids)",
        ids=[UUID(session) for session in abandoned],
    )
    assert [(row["state"], row["held"]) for row in rows] == [("expired", timedelta(seconds=HELD))] * UNITS
    first = min(row["expires_at"] for row in rows)
    assert all(order["placed_at"] > first for order in market.shop.sql("SELECT placed_at FROM orders"))
    jobs = market.shop.sql(
        "SELECT count(DISTINCT request_id) AS runs FROM activity"
        " WHERE action = 'checkout.expire_payment_session' AND actor_label = 'checkout.expire_sessions'"
    )
    assert jobs[0]["runs"] >= UNITS
