"""Write down what was learned about an exception."""

from __future__ import annotations

from dataclasses import dataclass

from core.reconciliation.use_cases.deciding import need_words
from core.shared.ids import ExceptionId
from core.shared.permission import permission
from ports.reconciliation import NoteKind
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CommentOnException:
    id: ExceptionId
    text: str


@permission("reconciliation.exception.resolve")
def comment_on_exception(cmd: CommentOnException, /, *, uow: UnitOfWork) -> None:
    """Raises NotFound, Invalid without words."""
    words = need_words(cmd.text, "text")
    with uow() as tx:
        exception = tx.exceptions.get(cmd.id)
        tx.exceptions.note(exception.id, NoteKind.COMMENT, words)
