"""Many products and orders at once, for query plans and the bench: set-based SQL as the owner, no use cases.

The rows are shaped like real ones where plans look (spread of times, names, statuses, stores of very different size);
prices and texts are made up by the database. Never part of a shop that somebody runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources

import psycopg

Step = Callable[[str], None]

# The first store has most of everything; the others are small, as in a deployment with one big merchant.
LARGE_SHARE = 0.8

BLOCKS = ("stores", "products", "orders", "analyse")


@dataclass(frozen=True, slots=True)
class Scale:
    """How much: totals over all stores."""

    stores: int
    products: int
    orders: int

    def parameters(self) -> dict[str, int]:
        small = max(1, self.stores - 1)
        large_products, large_orders = int(self.products * LARGE_SHARE), int(self.orders * LARGE_SHARE)
        return {
            "stores": self.stores,
            "large_products": large_products,
            "small_products": (self.products - large_products) // small,
            "large_orders": large_orders,
            "small_orders": (self.orders - large_orders) // small,
        }


def fill(owner_url: str, scale: Scale, step: Step) -> None:
    """Add the stores `scale-1` (large) to `scale-n`, in one transaction, and have the planner look at them.

    :param owner_url: the address of the role that owns the tables
    :param step: told after each kind of rows
    """
    parameters = scale.parameters()
    script = resources.files("adapters.postgres").joinpath("scale.sql").read_text()
    with psycopg.connect(owner_url) as connection:
        for block in BLOCKS:
            body = script.partition(f"-- block: {block}\n")[2].partition("-- block:")[0]
            for statement in filter(str.strip, body.split(";\n")):
                connection.execute(statement.encode(), parameters)
            step(block)
