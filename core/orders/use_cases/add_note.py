"""Write a comment into an order's timeline."""

from __future__ import annotations

from dataclasses import dataclass

from core.shared.errors import FieldProblem, Invalid
from core.shared.ids import OrderId
from core.shared.permission import permission
from ports.unit_of_work import UnitOfWork

MAX_LENGTH = 4_000


@dataclass(frozen=True, slots=True)
class AddNote:
    order_id: OrderId
    text: str


@permission("orders.note.write")
def add_note(cmd: AddNote, /, *, uow: UnitOfWork) -> None:
    """Keep the comment. Raises NotFound, and Invalid for an empty or over-long one."""
    text = cmd.text.strip()
    if not text or len(text) > MAX_LENGTH:
        problem = FieldProblem("text", "length", f"A comment has 1 to {MAX_LENGTH} characters.")
        raise Invalid("The comment is empty or too long.", problems=(problem,))
    with uow() as tx:
        tx.orders.get(cmd.order_id)
        tx.note("order", cmd.order_id, "note", {"text": text})
