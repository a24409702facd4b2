"""Take a file in; nothing of it is looked at yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.imports.errors import UnusableFile
from core.imports.model import Import, ImportState
from core.shared.ids import ImportId
from core.shared.permission import permission
from ports.blobs import BlobStore
from ports.clock import Clock
from ports.ids import Ids
from ports.unit_of_work import UnitOfWork

MAX_BYTES = 256 * 1024 * 1024
MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class StartImport:
    """`chunks` are the file's bytes, `created_by` the name of who hands it in.

    `in_background` False leaves the check to the caller, who runs `check_import` next.
    """

    file_name: str
    chunks: Iterable[bytes]
    created_by: str
    in_background: bool = True


@permission("imports.import.run")
def start_import(cmd: StartImport, /, *, uow: UnitOfWork, clock: Clock, ids: Ids, blobs: BlobStore) -> ImportId:
    """Keep the file and wait for its check. Raises UnusableFile for an empty or too large one."""
    size = [0]
    key = blobs.put(_measured(cmd.chunks, size))
    if not size[0]:
        raise UnusableFile("The file is empty.")
    import_ = Import(
        id=ImportId(ids.new()),
        state=ImportState.CHECKING,
        file_name=_name(cmd.file_name),
        file_key=key,
        file_bytes=size[0],
        created_by=cmd.created_by,
        created_at=clock.now(),
    )
    if cmd.in_background:
        import_.announce()
    with uow() as tx:
        tx.imports.add(import_)
    return import_.id


def _measured(chunks: Iterable[bytes], size: list[int]) -> Iterator[bytes]:
    for chunk in chunks:
        size[0] += len(chunk)
        if size[0] > MAX_BYTES:
            raise UnusableFile("A file has at most 256 MB.")
        yield chunk


def _name(name: str) -> str:
    """The file's own name, without a path before it and anything that a list can't show."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in last if character.isprintable())[-MAX_NAME:] or "products.csv"
