"""A try to sign in is counted before its password is looked at."""

from __future__ import annotations

from datetime import datetime

from core.identity.tries import Door, SignInTries
from ports.identity import PlatformUnitOfWork


def count_try(platform: PlatformUnitOfWork, door: Door, at: datetime) -> SignInTries:
    """The tries at `door` with one more, kept. Raises SignInPaused."""
    with platform() as tx:
        tries = tx.tries.at(door, at).counted(at)
        tx.tries.save(door, tries, at)
    return tries


def forget_tries(platform: PlatformUnitOfWork, door: Door, counted: SignInTries, at: datetime) -> None:
    """After a right password: see SignInTries.passed."""
    with platform() as tx:
        tx.tries.save(door, tx.tries.at(door, at).passed(counted, at), at)
