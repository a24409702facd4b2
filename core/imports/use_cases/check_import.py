"""Say what an import would do, without writing anything to the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from core.imports.chunks import chunks
from core.imports.counting import tally
from core.imports.grouping import ProductFile
from core.imports.model import Dialect, FileColumn, ImportState
from core.imports.planning import Planner, ProductPlan
from core.imports.problems import FILE_LINE, Problem, shown
from core.imports.states import FieldChange
from core.imports.tally import Tally
from core.imports.use_cases.reading_file import product_file
from core.shared.ids import ImportId
from core.shared.permission import permission
from ports.blobs import BlobStore
from ports.clock import Clock
from ports.html import HtmlSanitizer
from ports.unit_of_work import UnitOfWork

# How many changes the check keeps to be looked at; all of them are counted.
SAMPLE = 200


@dataclass(frozen=True, slots=True)
class CheckImport:
    import_id: ImportId


@dataclass(slots=True)
class _Check:
    """A check on its way."""

    figures: Tally
    samples: dict[str, str]
    changes: int = 0

    def take(self, plans: list[ProductPlan]) -> list[FieldChange]:
        """Count `plans`; returns the changes that are still kept."""
        self.figures.add(tally(plans))
        kept = [change for plan in plans for change in plan.changes][: SAMPLE - self.changes]
        self.changes += len(kept)
        return kept


@permission("imports.import.run", activity=False)
def check_import(
    cmd: CheckImport, /, *, uow: UnitOfWork, clock: Clock, blobs: BlobStore, html: HtmlSanitizer
) -> ImportState:
    """Read the whole file, compare it with the catalogue and keep what was found; returns the state after it.

    Nothing happens when the import was checked before. A check that was interrupted begins anew. Raises NotFound.
    """
    with uow() as tx:
        import_ = tx.imports.get(cmd.import_id)
        currency = tx.stores.current().currency
        if import_.state is not ImportState.CHECKING:
            return import_.state
        tx.imports.clear_findings(import_.id)
    with product_file(blobs, import_.file_key, currency) as file:
        check = _Check(Tally(), {})
        fault = _fault(file)
        if fault is None:
            planner = Planner(file.header, currency, html.clean)
            for chunk in chunks(file):
                with uow() as tx:
                    catalogue = tx.imports.meet(chunk.handles, chunk.skus, lock=False)
                    plans = [planner.plan(product, catalogue) for product in chunk.products]
                    problems = [problem for plan in plans for problem in plan.every_problem]
                    tx.imports.add_problems(import_.id, problems, while_writing=False)
                    tx.imports.add_changes(import_.id, check.take(plans))
    with uow() as tx:
        import_ = tx.imports.get(cmd.import_id)
        if import_.state is not ImportState.CHECKING:
            return import_.state
        dialect = Dialect(file.file.encoding, file.file.separator)
        if fault is None:
            import_.finish_check(dialect, _columns(file), check.figures, clock.now())
        else:
            tx.imports.add_problems(import_.id, [fault], while_writing=False)
            import_.fail(dialect, _columns(file), fault.message, clock.now())
        tx.imports.save(import_)
    return import_.state


def _fault(file: ProductFile) -> Problem | None:
    """What keeps the file as a whole from being imported."""
    header = file.header
    if header.missing:
        names = ", ".join(header.missing)
        return Problem(FILE_LINE, names, "missing_column", f"The file has no column {names}.")
    if header.doubled:
        names = ", ".join(header.doubled)
        return Problem(FILE_LINE, names, "doubled_column", f"The file has the column {names} twice.")
    return None


def _columns(file: ProductFile) -> tuple[FileColumn, ...]:
    samples = file.samples
    return tuple(
        FileColumn(name, shown(samples[at]) if at < len(samples) else "", file.header.known(name))
        for at, name in enumerate(file.header.names)
    )
