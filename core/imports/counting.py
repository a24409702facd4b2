"""Plans to figures."""

from __future__ import annotations

from collections.abc import Iterable

from core.imports.planning import ProductPlan
from core.imports.tally import Tally


def tally(plans: Iterable[ProductPlan]) -> Tally:
    """The figures of `plans`."""
    total = Tally()
    for plan in plans:
        _count(plan, total)
    return total


def _count(plan: ProductPlan, total: Tally) -> None:
    problems = plan.every_problem
    refused = {problem.line for problem in problems}
    total.rows_refused += len(refused)
    total.repairs += len({problem.line for problem in problems if problem.repair is not None})
    if plan.state is None:
        return
    good = [line for line in plan.rows.kept if line not in refused]
    total.variants_created += sum(variant.id is None for variant in plan.variants)
    total.pictures_added += sum(picture.id is None for picture in plan.pictures)
    total.stock_counted += sum(variant.stock_change != 0 for variant in plan.variants)
    total.sells_on += sum(fields.sells_on and bool(fields.tracked) for fields in plan.rows.variants)
    if plan.existing is None:
        total.products_created += 1
        total.products_published += plan.state.status == "published"
        total.rows_created += len(good)
    else:
        _count_changes(plan, total, len(good))


def _count_changes(plan: ProductPlan, total: Tally, good: int) -> None:
    changed = {change.line for change in plan.changes} | {picture.line for picture in plan.pictures}
    new = {variant.line for variant in plan.variants if variant.id is None}
    total.rows_created += len(new)
    total.rows_changed += len(changed - new)
    total.rows_unchanged += good - len(changed | new)
    total.products_changed += plan.writes
    total.products_unchanged += not plan.writes
    total.variants_changed += sum(variant.changed and variant.id is not None for variant in plan.variants)
    total.fields_changed += len(plan.changes)
    _count_effects(plan, total)


def _count_effects(plan: ProductPlan, total: Tally) -> None:
    for change in plan.changes:
        if change.field == "status":
            total.products_published += change.after == "published"
            total.products_withdrawn += change.before == "published"
    known = {variant.id: variant for variant in plan.existing.variants} if plan.existing else {}
    for planned in plan.variants:
        before = known.get(planned.id) if planned.id else None
        if before is not None:
            total.prices_up += planned.state.price > before.state.price
            total.prices_down += planned.state.price < before.state.price
