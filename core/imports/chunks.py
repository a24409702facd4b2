"""Products of a file in chunks: what one transaction writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.imports.grouping import ProductRows
from core.shared.words import folded

# Both bound what one transaction locks and holds in memory.
PRODUCTS = 500
ROWS = 2_500


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive products of a file; `last` is the number of the last one."""

    products: Sequence[ProductRows]

    @property
    def last(self) -> int:
        return self.products[-1].number

    @property
    def handles(self) -> list[str]:
        return [product.handle for product in self.products if product.handle and not product.refused]

    @property
    def skus(self) -> list[str]:
        """The folded SKUs that the chunk names."""
        return [folded(variant.sku) for product in self.products for variant in product.variants if variant.sku]


def chunks(products: Iterable[ProductRows], *, after: int = 0) -> Iterator[Chunk]:
    """`products` from number `after` + 1 on, in chunks of at most PRODUCTS products and about ROWS rows."""
    waiting: list[ProductRows] = []
    rows = 0
    for product in products:
        if product.number <= after:
            continue
        waiting.append(product)
        rows += len(product.kept) + len(product.problems) + len(product.strays)
        if len(waiting) >= PRODUCTS or rows >= ROWS:
            yield Chunk(waiting)
            waiting, rows = [], 0
    if waiting:
        yield Chunk(waiting)
