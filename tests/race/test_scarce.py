"""200 ready carts, 10 units, two web processes: exactly ten orders and ten charges, and the others are told."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event
from uuid import UUID

import pytest

from tests.database import TestServer
from tests.race.market import Market, open_market

pytestmark = pytest.mark.race

CARTS, UNITS, AT_ONCE = 200, 10, 24
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


@pytest.mark.parametrize("seed", range(REPEATS))
def test_what_ten_abandon_ten_others_get(database_server: TestServer, tmp_path: Path, seed: int) -> None:
    with open_market(database_server, tmp_path) as market:
        scarce, tokens = carts(market, 10 + 60, random.Random(seed))
        with market.client(0) as client:
            for token in tokens[:UNITS]:
                assert market.reserve(client, token).status_code == 201
            assert market.reserve(client, tokens[UNITS]).json()["code"] == "insufficient_stock"
        over = Event()

        def shop_for(tokens_of_one: tuple[int, Sequence[str]]) -> Counter[str]:
            number, mine = tokens_of_one
            ends: Counter[str] = Counter()
            with market.client(number) as client:
                for token in mine:
                    last = over.is_set()
                    answer = market.reserve(client, token)
                    while answer.status_code == 422 and not last:
                        last = over.wait(0.25)  # whoever asks once more after that, asks in vain
                        answer = market.reserve(client, token)
                    if answer.status_code == 201:
                        ends[f"order {market.pay(client, token, answer.json()['id']).status_code}"] += 1
                    else:
                        ends[str(answer.json()["code"])] += 1
            return ends

        with ThreadPoolExecutor(20) as threads:
            racing = [threads.submit(shop_for, (n, tokens[10 + n :: 20])) for n in range(20)]
            market.move_clock(16 * 60)
            market.sweep()
            over.set()
            ends = sum((race.result() for race in racing), Counter())
        assert ends == {"order 201": UNITS, "insufficient_stock": 50}
        market.judge(scarce, UNITS)
