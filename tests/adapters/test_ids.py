"""Ids of one process are in order, those of a process that was forked off are others."""

from __future__ import annotations

import os
from uuid import UUID

from adapters.ids import DRAWN, RandomIds

RANDOM_BITS = (1 << 62) - 1


def test_ids_are_version_7_unique_and_in_order() -> None:
    ids = RandomIds()
    made = [ids.new() for _ in range(3 * DRAWN)]
    assert made == sorted(made)
    assert len({id_.int & RANDOM_BITS for id_ in made}) == len(made)
    assert {(id_.version, id_.variant) for id_ in made} == {(7, "specified in RFC 4122")}


def test_a_forked_process_draws_its_own_randomness() -> None:
    ids = RandomIds()
    ids.new()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, ids.new().bytes)
        os._exit(0)
    os.waitpid(child, 0)
    theirs = UUID(bytes=os.read(read, 16))
    os.close(read)
    os.close(write)
    assert theirs.int & RANDOM_BITS != ids.new().int & RANDOM_BITS
