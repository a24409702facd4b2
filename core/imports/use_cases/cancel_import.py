"""Discard an import that was only checked, or stop one that is being applied."""

from __future__ import annotations

from dataclasses import dataclass

from core.imports.model import ImportState
from core.shared.ids import ImportId
from core.shared.permission import permission
from ports.clock import Clock
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CancelImport:
    import_id: ImportId


@permission("imports.import.run")
def cancel_import(cmd: CancelImport, /, *, uow: UnitOfWork, clock: Clock) -> None:
    """Stop before the next chunk of products; what is written stays. Raises NotFound, TransitionRefused.

    Nothing happens when it was stopped already. The chunk that is being written holds the import's row, so this waits
    for its end.
    """
    with uow() as tx:
        import_ = tx.imports.get(cmd.import_id)
        if import_.state is ImportState.CANCELLED:
            return
        import_.cancel(clock.now())
        tx.imports.save(import_)
