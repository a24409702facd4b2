"""The blob store on disk: named by content, whole or not there."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.blobs import DiskBlobs
from core.shared.errors import NotFound


@pytest.fixture
def blobs(tmp_path: Path) -> DiskBlobs:
    return DiskBlobs(tmp_path / "media")


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_content_is_named_by_its_hash_and_stored_once(blobs: DiskBlobs, tmp_path: Path) -> None:
    name = blobs.put([b"so", b"", b"l"])
    assert name == hashlib.sha256(b"sol").hexdigest()
    assert blobs.put([b"sol"]) == name
    with blobs.open(name) as file:
        assert file.read() == b"sol"
    assert files(tmp_path) == [tmp_path / "media" / name[:2] / name]


def test_what_breaks_while_it_is_written_leaves_nothing(blobs: DiskBlobs, tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise OSError("the line went dead")

    with pytest.raises(OSError, match="the line went dead"):
        blobs.put(broken())
    assert files(tmp_path) == []


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 63, "A" * 64, "g" * 64, "a" * 64, "a" * 64 + "\n"])
def test_only_hashes_of_what_is_there_open(blobs: DiskBlobs, name: str) -> None:
    with pytest.raises(NotFound):
        blobs.open(name)


def test_deleting_twice_is_once(blobs: DiskBlobs, tmp_path: Path) -> None:
    name = blobs.put([b"sol"])
    blobs.delete(name)
    blobs.delete(name)
    assert files(tmp_path) == []


def test_the_same_content_from_many_at_once_is_one_file(blobs: DiskBlobs, tmp_path: Path) -> None:
    names: list[str] = []
    threads = [threading.Thread(target=lambda: names.append(blobs.put([b"x" * 100_000]))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(names), len(set(names)), len(files(tmp_path))) == (8, 1, 1)
