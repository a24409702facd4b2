"""What differs between the catalogue and what the file wants, field by field."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from core.imports.grouping import ProductRows
from core.imports.states import ExistingProduct, ExistingVariant, FieldChange, ProductState, VariantPlan

_PRICES = frozenset({"price", "compare_at", "cost"})


def differences(
    rows: ProductRows,
    state: ProductState,
    variants: Sequence[VariantPlan],
    existing: ExistingProduct | None,
    currency: str,
) -> list[FieldChange]:
    """Every field of an existing product and of its existing variants that changes; nothing for a new product."""
    if existing is None:
        return []
    handle, title = rows.handle, existing.state.title
    changes = [
        FieldChange(rows.line, handle, title, "", name, _told(name, before, currency), _told(name, after, currency))
        for name, before, after in _unequal(existing.state, state)
    ]
    known = {variant.id: variant for variant in existing.variants}
    for planned in variants:
        before_it = known.get(planned.id) if planned.id else None
        if before_it is not None:
            changes += [
                FieldChange(
                    planned.line, handle, title, before_it.state.title, name,
                    _told(name, before, currency), _told(name, after, currency),
                )
                for name, before, after in _variant_differences(before_it, planned)
            ]  # fmt: skip
    return changes


def _variant_differences(existing: ExistingVariant, planned: VariantPlan) -> Iterator[tuple[str, object, object]]:
    yield from _unequal(existing.state, planned.state)
    if planned.stock_change:
        yield "on_hand", planned.on_hand_before, planned.on_hand


def _unequal(before: object, after: object) -> Iterator[tuple[str, object, object]]:
    if before == after:
        return
    for field in dataclasses.fields(before):  # type: ignore[arg-type]  # both are states
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old != new:
            yield field.name, old, new


def _told(name: str, value: object, currency: str) -> object:
    if name in _PRICES and value is not None:
        return {"amount": value, "currency": currency}
    return [_told("", item, currency) for item in value] if isinstance(value, tuple) else value
