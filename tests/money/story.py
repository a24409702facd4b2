"""One sequence: deeds drawn from a seed, each done through the use cases and told to the model when it is a fact."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from core.shared.errors import CoreError
from tests.money.model import Refund, Sale, World
from tests.money.stage import Stage

LEAST, MOST = 10, 40
ARTICLES = 4


@dataclass
class Story:
    """`done` counts deeds by kind; `told` is what to look at when the judge objects."""

    stage: Stage
    chance: random.Random
    world: World = field(default_factory=World)
    done: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)
    keys: int = 0
    fees: int = 0  # of payments and refunds, and what was paid out, when it was last compared
    paid_out: int = 0

    def reconcile(self) -> None:
        self.stage.reconcile()
        seen = self.stage.settlement()
        self.fees, self.paid_out = seen.fees, seen.paid_out

    def intent(self, sale: Sale) -> str:
        """The provider's name of the sale's tender."""
        row = self.stage.one("SELECT provider_reference AS r FROM payments WHERE id = :p", p=sale.payment)
        return str(row["r"])

    @cached_property
    def articles(self) -> list[UUID]:
        """What the shop sells, at prices that don't divide well."""
        shop = self.stage.shop
        return [shop.product(price=self.chance.randrange(101, 9999), stock=999) for _ in range(ARTICLES)]

    def key(self) -> str:
        self.keys += 1
        return f"wish-{self.keys}"

    def some(self, wanted: Callable[[Sale], object]) -> Sale | None:
        """Any of the sales that are as wanted."""
        found = [sale for sale in self.world.sales if wanted(sale)]
        return self.chance.choice(found) if found else None

    def refund_at(self, sale: Sale) -> Refund | None:
        """A refund of the sale that still stands."""
        found = [refund for refund in sale.refunds.values() if refund.stands]
        return self.chance.choice(found) if found else None


RARE = ("capture", "refund fails", "dispute decided", "payout fails")  # there is seldom anything to do them to

Deed = Callable[[Story], str | None]  # what was done, None when there is nothing to do it to


def play(story: Story, deeds: dict[str, Deed], judge: Callable[[Story], Any]) -> None:
    """10 to 40 deeds, `judge` after each; what was done least is likeliest. Those that are refused change nothing and
    don't count."""
    wanted = story.chance.randint(LEAST, MOST)
    for _ in range(30 * wanted):
        name = story.chance.choices(list(deeds), [_weight(story, name) for name in deeds])[0]
        try:
            done = deeds[name](story)
        except CoreError as refusal:
            story.told.append(f"{name}: refused, {refusal!r}")
            judge(story)
            continue
        if done is None:
            continue
        story.done[name] += 1
        story.told.append(f"{name}: {done}")
        story.stage.post()
        judge(story)
        if story.done.total() == wanted:
            return
    # A story may run out of what is possible before it is as long as was drawn; one that hardly began is none.
    assert story.done.total() >= LEAST, f"only {story.done.total()} of {wanted} deeds were possible"


def _weight(story: Story, name: str) -> float:
    return (6 if name in RARE else 1) * (1 + story.done[name]) ** -3
