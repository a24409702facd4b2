"""Write the products of a confirmed import, chunk by chunk."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from core.imports.ahead import ahead
from core.imports.chunks import Chunk, chunks
from core.imports.counting import tally
from core.imports.grouping import ProductRows
from core.imports.model import Import, ImportState
from core.imports.planning import Planner
from core.imports.states import NOTHING, Catalogue
from core.imports.use_cases.reading_file import product_file
from core.shared.ids import ImportId
from core.shared.permission import permission
from ports.blobs import BlobStore
from ports.clock import Clock
from ports.html import HtmlSanitizer
from ports.imports import ImportPacker, PackedProducts
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ApplyImport:
    import_id: ImportId


@dataclass(frozen=True, slots=True)
class _Part:
    """A chunk on its way; `packed` is ready for a catalogue that has nothing of it, None where that is not likely."""

    chunk: Chunk
    packed: PackedProducts | None


@permission("imports.import.apply")
def apply_import(
    cmd: ApplyImport,
    /,
    *,
    uow: UnitOfWork,
    clock: Clock,
    blobs: BlobStore,
    html: HtmlSanitizer,
    import_packer: ImportPacker,
) -> ImportState:
    """Apply everything that is not done yet; returns the state after it.

    Each chunk is one transaction that writes its products and moves the import's checkpoint behind them, so after a
    crash at any point a second run goes on with the first product that is not written: the end is the same. The
    import's row is locked meanwhile, so two runs at once share the work and never do a product twice. A product that
    equals the catalogue is not touched. The next chunk is read meanwhile and, when the check has found new products
    only, planned and packed; should the catalogue know any of them by then, that is thrown away. Raises NotFound.
    """
    with uow() as tx:
        import_ = tx.imports.get(cmd.import_id)
        currency = tx.stores.current().currency
    if import_.state is not ImportState.APPLYING:
        return import_.state
    with product_file(blobs, import_.file_key, currency) as file:
        work = _Work(import_, Planner(file.header, currency, html.clean), import_packer, currency)
        with closing(ahead(map(work.prepare, chunks(file, after=import_.checkpoint)))) as parts:
            for part in parts:
                state = work.apply(part, uow)
                if state is not ImportState.APPLYING:
                    return state
    with uow() as tx:
        import_ = tx.imports.get(cmd.import_id)
        if import_.state is ImportState.APPLYING:
            import_.finish(clock.now())
            tx.imports.save(import_)
    return import_.state


class _Work:
    """The applying of one import, with prices in `currency`."""

    def __init__(self, import_: Import, planner: Planner, packer: ImportPacker, currency: str) -> None:
        self._id = import_.id
        self._planner = planner
        self._packer = packer
        self._currency = currency
        self._all_new = not import_.checked.products_changed and not import_.checked.products_unchanged

    def prepare(self, chunk: Chunk) -> _Part:
        """Do what can be done of a chunk before its transaction begins."""
        return _Part(chunk, self._pack(chunk.products, NOTHING) if self._all_new else None)

    def _pack(self, products: Sequence[ProductRows], catalogue: Catalogue) -> PackedProducts:
        plans = [self._planner.plan(product, catalogue) for product in products]
        return self._packer.pack(self._id, plans, self._currency)

    def apply(self, part: _Part, uow: UnitOfWork) -> ImportState:
        """Write a chunk; returns the import's state after it."""
        with uow() as tx:
            import_ = tx.imports.get(self._id)
            todo = [product for product in part.chunk.products if product.number > import_.checkpoint]
            if import_.state is not ImportState.APPLYING or not todo:
                return import_.state
            chunk = Chunk(todo)
            catalogue = tx.imports.meet(chunk.handles, chunk.skus, lock=True)
            packed = part.packed
            if packed is None or not catalogue.empty or len(todo) < len(part.chunk.products):
                packed = self._pack(todo, catalogue)
            plans = tx.imports.write(import_, packed)
            problems = [problem for plan in plans for problem in plan.every_problem]
            failed = tx.imports.add_problems(import_.id, problems, while_writing=True)
            import_.advance(chunk.last, tally(plans), failed)
            tx.imports.save(import_)
        return import_.state
