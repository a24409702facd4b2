"""Say yes to what the check foresaw, or go on with an import that was stopped."""

from __future__ import annotations

from dataclasses import dataclass

from core.imports.model import ImportState
from core.shared.ids import ImportId
from core.shared.permission import permission
from ports.clock import Clock
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ConfirmImport:
    """`in_background` False leaves the applying to the caller, who runs `apply_import` next."""

    import_id: ImportId
    in_background: bool = True


@permission("imports.import.run")
def confirm_import(cmd: ConfirmImport, /, *, uow: UnitOfWork, clock: Clock) -> None:
    """Start applying; nothing happens when it was started already.

    Raises NotFound, TransitionRefused, NothingToApply.
    """
    with uow() as tx:
        import_ = tx.imports.get(cmd.import_id)
        if import_.state is ImportState.APPLYING:
            return
        import_.confirm(clock.now(), in_background=cmd.in_background)
        tx.imports.save(import_)
