"""What an import will do with one product: the same answer for the check and for applying.

An empty cell keeps what the catalogue has. Variants are matched by SKU, then by their option values; those that the
file does not name stay as they are. An archived product stays archived.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from core.imports.comparing import differences
from core.imports.fields import VariantFields
from core.imports.grouping import ProductRows
from core.imports.merging import align_options, picture_plans, product_state, variant_state
from core.imports.problems import Problem, kept, shown
from core.imports.shopify import OPTION_VALUES, Column, Header
from core.imports.states import (
    Catalogue,
    ExistingProduct,
    ExistingVariant,
    FieldChange,
    PicturePlan,
    ProductState,
    VariantPlan,
)
from core.shared.text import fold
from core.shared.words import folded

# The catalogue's own limit (`core.catalog.rules`); a test holds both equal.
MAX_DESCRIPTION = 100_000

_REFUSED = "The first row of its product is refused."
_UNDONE = "Its product was refused while it was written."


@dataclass(slots=True)
class ProductPlan:
    """What becomes of one product of a file; `state` is None when nothing of it is written."""

    rows: ProductRows
    existing: ExistingProduct | None
    state: ProductState | None = None
    changed: bool = False
    variants: list[VariantPlan] = field(default_factory=list)
    pictures: list[PicturePlan] = field(default_factory=list)
    changes: list[FieldChange] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    combinations: set[tuple[str, ...]] = field(default_factory=set)

    @property
    def id(self) -> UUID | None:
        return self.existing.id if self.existing else None

    @property
    def writes(self) -> bool:
        """Whether anything of the product is to be written."""
        if self.state is None:
            return False
        touched = (variant.changed or variant.stock_change for variant in self.variants)
        return self.changed or bool(self.pictures) or any(touched)

    @property
    def every_problem(self) -> list[Problem]:
        return self.rows.strays + self.rows.problems + self.problems


class Planner:
    """Plans products under one header, in one currency; `clean` makes HTML harmless."""

    def __init__(self, header: Header, currency: str, clean: Callable[[str], str]) -> None:
        self._header = header
        self._currency = currency
        self._clean = clean

    def plan(self, rows: ProductRows, catalogue: Catalogue) -> ProductPlan:
        """What becomes of a product of the file; it may be planned again when the catalogue turns out to differ."""
        existing = catalogue.products.get(rows.handle)
        plan = ProductPlan(rows, existing)
        if rows.refused:
            return plan
        if rows.fields.description_html is not None and not rows.cleaned:
            rows.fields.description_html = self._clean(rows.fields.description_html)
        rows.cleaned = True
        if not self._fits(plan):
            return self._refuse_all(plan)
        for fields in rows.variants:
            self._plan_variant(plan, fields, catalogue)
        if any(problem.line == rows.line for problem in plan.problems):
            return self._refuse_all(plan)
        if existing is None and not plan.variants:
            self._add_problem(plan, rows.line, Column.PRICE, "missing_price", "A new product needs a price.")
            return self._refuse_all(plan)
        plan.state = product_state(rows.fields, rows.handle, existing, plan.variants)
        plan.pictures = picture_plans(rows.pictures, existing)
        plan.changed = existing is None or plan.state != existing.state
        plan.changes = differences(plan.rows, plan.state, plan.variants, existing, self._currency)
        return plan

    def _fits(self, plan: ProductPlan) -> bool:
        """Whether the product as a whole can take what its rows say."""
        rows, existing = plan.rows, plan.existing
        names = rows.fields.option_names
        if existing is None and rows.fields.title is None:
            self._add_problem(plan, rows.line, Column.TITLE, "missing_title", "A new product needs a name.")
        if len(rows.fields.description_html or "") > MAX_DESCRIPTION:
            message = f"At most {MAX_DESCRIPTION} characters."
            self._add_problem(plan, rows.line, Column.BODY, "too_long", message)
        if not align_options(rows.variants, names, existing.state if existing else None) and existing is not None:
            has = ", ".join(existing.state.option_names) or "none"
            message = f"The product's options are other ones: {has}."
            self._add_problem(plan, rows.line, Column.OPTION1_NAME, "other_options", message)
        return not plan.problems

    def _plan_variant(self, plan: ProductPlan, fields: VariantFields, catalogue: Catalogue) -> None:
        match, refusal = self._match(plan, fields, catalogue)
        if refusal is not None:
            self._add_problem(plan, fields.line, *refusal)
            return
        if match is None and fields.price is None:
            self._add_problem(plan, fields.line, Column.PRICE, "missing_price", "A new variant needs a price.")
            return
        state = variant_state(fields, match)
        combination = state.combination
        if combination in plan.combinations or combination in self._kept_by_others(plan, match):
            message = "Another variant of the product has these options."
            self._add_problem(plan, fields.line, OPTION_VALUES[0], "repeated_options", message)
            return
        planned = VariantPlan(fields.line, None, 0, state, changed=True)
        if match is not None:
            planned = VariantPlan(
                fields.line, match.id, match.position, state, state != match.state, match.stock_item_id, match.on_hand
            )
        else:
            planned.position = self._next_position(plan)
        if state.tracked and fields.quantity is not None:
            if match is not None and fields.quantity < match.reserved:
                message = f"{match.reserved} are reserved by orders and payments."
                repair = str(match.reserved)
                self._add_problem(plan, fields.line, Column.QUANTITY, "below_reserved", message, repair)
                return
            planned.on_hand = fields.quantity
        plan.variants.append(planned)
        plan.combinations.add(combination)

    def _match(
        self, plan: ProductPlan, fields: VariantFields, catalogue: Catalogue
    ) -> tuple[ExistingVariant | None, tuple[Column, str, str] | None]:
        """The variant that a row means, or why that can't be said."""
        existing = plan.existing
        match = None
        if fields.sku:
            owner = catalogue.sku_owners.get(folded(fields.sku))
            if owner is not None and owner != plan.rows.handle:
                return None, (Column.SKU, "sku_taken", f"Belongs to another product, {owner}.")
            match = next((v for v in existing.variants if _same_sku(v, fields.sku)), None) if existing else None
        if existing is not None and plan.rows.fields.option_names is None:
            expected, found = len(existing.state.options), len(fields.option_values)
            if found != expected and not (match is not None and not found):
                return None, (OPTION_VALUES[0], "other_options", f"The product has {expected} options.")
        elif plan.rows.fields.option_names is None and fields.option_values:
            return None, (Column.OPTION1_NAME, "option_without_name", "The value's option has no name.")
        if match is None and existing is not None:
            wanted = tuple(map(folded, fields.option_values))
            match = next((v for v in existing.variants if v.state.combination == wanted), None)
        if match is not None and any(planned.id == match.id for planned in plan.variants):
            return None, (Column.SKU, "same_variant", "Another row means the same variant.")
        return match, None

    def _kept_by_others(self, plan: ProductPlan, match: ExistingVariant | None) -> set[tuple[str, ...]]:
        """The combinations of existing variants that the file has not named so far."""
        if plan.existing is None:
            return set()
        named = {variant.id for variant in plan.variants} | {match.id if match else None}
        return {variant.state.combination for variant in plan.existing.variants if variant.id not in named}

    def _next_position(self, plan: ProductPlan) -> int:
        if plan.existing is None:
            return len(plan.variants)
        last = max((v.position for v in plan.existing.variants), default=-1)
        return max(last, max((v.position for v in plan.variants), default=-1)) + 1

    def _refuse_all(self, plan: ProductPlan) -> ProductPlan:
        named = {problem.line for problem in plan.problems}
        for line in plan.rows.kept:
            if line not in named:
                self._add_problem(plan, line, Column.HANDLE, "product_refused", _REFUSED)
        return dataclasses.replace(plan, state=None, variants=[], pictures=[], changes=[])

    def _add_problem(
        self, plan: ProductPlan, line: int, column: Column, code: str, message: str, repair: str | None = None
    ) -> None:
        cells = plan.rows.whole(plan.rows.kept.get(line, ()))
        at = self._header.position(column)
        name = self._header.names[at] if at >= 0 else column.value
        value = shown(cells[at]) if 0 <= at < len(cells) else ""
        plan.problems.append(
            Problem(line, name, code, message, value, repair, plan.rows.handle, plan.rows.name, kept(cells))
        )


def _same_sku(variant: ExistingVariant, sku: str) -> bool:
    return variant.state.sku is not None and fold(variant.state.sku) == fold(sku)


def undone(plan: ProductPlan, code: str, message: str) -> ProductPlan:
    """`plan` with nothing of it written, because the database refused it: every row that was good is refused."""
    rows = plan.rows
    named = {problem.line for problem in plan.every_problem}
    problems = [
        Problem(
            line, "", code if at == 0 else "product_refused", message if at == 0 else _UNDONE,
            handle=rows.handle, title=rows.name, cells=kept(rows.whole(cells)),
        )
        for at, (line, cells) in enumerate((line, cells) for line, cells in rows.kept.items() if line not in named)
    ]  # fmt: skip
    return ProductPlan(rows, plan.existing, problems=plan.problems + problems)
