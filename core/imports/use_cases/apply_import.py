"""Write the products of a confirmed import, chunk by chunk."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

from core.imports.ahead import ahead
from core.imports.chunks import Chunk, chunks
from core.imports.counting import tally
from core.imports.model import ImportState
from core.imports.planning import Planner
from core.imports.use_cases.reading_file import product_file
from core.shared.ids import ImportId
from core.shared.permission import permission
from ports.blobs import BlobStore
from ports.clock import Clock
from ports.html import HtmlSanitizer
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ApplyImport:
    import_id: ImportId


@permission("imports.import.apply")
def apply_import(
    cmd: ApplyImport, /, *, uow: UnitOfWork, clock: Clock, blobs: BlobStore, html: HtmlSanitizer
) -> ImportState:
    """Apply everything that is not done yet; returns the state after it.

    Each chunk is one transaction that writes its products and moves the import's checkpoint behind them, so after a
    crash at any point a second run goes on with the first product that is not written: the end is the same. The
    import's row is locked meanwhile, so two runs at once share the work and never do a product twice. A product that
    equals the catalogue is not touched. Raises NotFound.
    """
    with uow() as tx:
        import_ = tx.imports.get(cmd.import_id)
        currency = tx.stores.current().currency
    if import_.state is not ImportState.APPLYING:
        return import_.state
    with (
        product_file(blobs, import_.file_key, currency) as file,
        closing(ahead(chunks(file, after=import_.checkpoint))) as parts,
    ):
        planner = Planner(file.header, currency, html.clean)
        for chunk in parts:
            state = _apply(cmd.import_id, chunk, planner, uow)
            if state is not ImportState.APPLYING:
                return state
    with uow() as tx:
        import_ = tx.imports.get(cmd.import_id)
        if import_.state is ImportState.APPLYING:
            import_.finish(clock.now())
            tx.imports.save(import_)
    return import_.state


def _apply(import_id: ImportId, chunk: Chunk, planner: Planner, uow: UnitOfWork) -> ImportState:
    with uow() as tx:
        import_ = tx.imports.get(import_id)
        todo = [product for product in chunk.products if product.number > import_.checkpoint]
        if import_.state is not ImportState.APPLYING or not todo:
            return import_.state
        part = Chunk(todo)
        catalogue = tx.imports.meet(part.handles, part.skus, lock=True)
        plans = tx.imports.write(import_, [planner.plan(product, catalogue) for product in todo])
        problems = [problem for plan in plans for problem in plan.every_problem]
        failed = tx.imports.add_problems(import_.id, problems, while_writing=True)
        import_.advance(chunk.last, tally(plans), failed)
        tx.imports.save(import_)
    return import_.state
