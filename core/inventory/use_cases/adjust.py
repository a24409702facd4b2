"""Put stock right, with a reason."""

from __future__ import annotations

from dataclasses import dataclass

from core.inventory.model import MovementKind, StockItem
from core.shared.errors import FieldProblem, Invalid
from core.shared.ids import LocationId, VariantId
from core.shared.permission import permission
from ports.unit_of_work import UnitOfWork

MAX_UNITS = 1_000_000


@dataclass(frozen=True, slots=True)
class AdjustStock:
    """`change` units come in (positive) or go out; `location_id` None is the default location."""

    variant_id: VariantId
    change: int
    reason: str
    location_id: LocationId | None = None


@permission("inventory.stock.adjust")
def adjust_stock(cmd: AdjustStock, /, *, uow: UnitOfWork) -> StockItem:
    """Returns the stock as it stands afterwards.

    Raises NotFound; Invalid without a reason or for no change; StockBelowReserved, naming how many are reserved.
    """
    problems = []
    if not cmd.reason.strip():
        problems.append(FieldProblem("reason", "required", "Say why, so that others understand the number."))
    if abs(cmd.change) > MAX_UNITS:
        problems.append(FieldProblem("change", "out_of_range", f"At most {MAX_UNITS:,} units at once."))
    if problems:
        raise Invalid("The adjustment is not complete.", problems=tuple(problems))
    with uow() as tx:
        tx.answer(variant_id=str(cmd.variant_id))
        return tx.stock.adjust(cmd.variant_id, cmd.location_id, cmd.change, MovementKind.ADJUST, cmd.reason.strip())
