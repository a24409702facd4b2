"""What only the whole catalogue can tell of a product: SKUs that others have, the store's currency."""

from __future__ import annotations

from core.catalog.errors import SkuTaken
from core.catalog.model import Product
from core.catalog.variant import sku_key
from core.shared.errors import FieldProblem, Invalid
from ports.unit_of_work import Transaction


def check_against_store(tx: Transaction, product: Product) -> None:
    """Raises SkuTaken, naming every SKU that another product has and whose it is; Invalid for a foreign currency."""
    currency = tx.stores.current().currency
    foreign = [index for index, variant in enumerate(product.variants) if variant.price.currency != currency]
    if foreign:
        message = f"Prices of this store are in {currency}."
        raise Invalid(
            message,
            problems=tuple(FieldProblem(f"variants.{index}.price", "currency", message) for index in foreign),
        )
    keys = {index: key for index, variant in enumerate(product.variants) if (key := sku_key(variant.sku))}
    owners = tx.products.sku_owners(sorted(set(keys.values())), outside=product.id)
    taken = {f"variants.{index}.sku": owners[key] for index, key in keys.items() if key in owners}
    if taken:
        raise SkuTaken(taken)
