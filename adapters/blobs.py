"""Blobs on disk: a file per content, named by its SHA-256, in 256 folders."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from core.shared.errors import NotFound

_SHA256 = re.compile(r"[0-9a-f]{64}")


class DiskBlobs:
    """The blob store under `folder`, which is made when first needed. Safe for many processes at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, chunks: Iterable[bytes]) -> str:
        self._folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        descriptor, name = tempfile.mkstemp(prefix="incoming-", dir=self._folder)
        written = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                for chunk in chunks:
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            target = self._path(digest.hexdigest())
            target.parent.mkdir(exist_ok=True)
            written.replace(target)  # atomic: readers see all of it or nothing
            _flush_folder(target.parent)
        except BaseException:
            written.unlink(missing_ok=True)
            raise
        return digest.hexdigest()

    def open(self, sha256: str) -> BinaryIO:
        try:
            return self._path(sha256).open("rb")
        except FileNotFoundError:
            raise NotFound("There is no such file.") from None

    def delete(self, sha256: str) -> None:
        self._path(sha256).unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        # Names come from addresses that people type, so nothing but a hash may become a path.
        if not _SHA256.fullmatch(sha256):
            raise NotFound("There is no such file.")
        return self._folder / sha256[:2] / sha256


def _flush_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
