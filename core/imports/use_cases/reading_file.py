"""The file of an import opened for checking or applying."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from core.imports.grouping import ProductFile
from core.imports.reading import CsvFile
from ports.blobs import BlobStore


@contextmanager
def product_file(blobs: BlobStore, key: str, currency: str) -> Iterator[ProductFile]:
    """The products in the file that the blob store keeps under `key`. Raises NotFound."""
    with blobs.open(key) as stream:
        file = CsvFile(stream)
        try:
            yield ProductFile(file, currency)
        finally:
            file.close()
