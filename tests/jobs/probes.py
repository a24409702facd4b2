"""A subscriber that does as its event says, so that every way a job can end is met on purpose."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from core.shared.errors import Rejected, Unavailable
from core.shared.events import Event
from core.shared.permission import permission
from core.subscriptions import SUBSCRIPTIONS
from jobs.actors import Subscriber
from ports.unit_of_work import UnitOfWork

ACTOR = "probes.leave_mark"


@dataclass(frozen=True, slots=True)
class Probed(Event):
    """`behaviour`: mark, mark_late (its row is not finished with the effect), unavailable, refused, broken,
    hang_once (hangs until the file `path` exists, which it makes)."""

    name: ClassVar[str] = "tests.probed.v1"
    aggregate: ClassVar[str] = "probe"

    subject: UUID
    behaviour: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class LeaveMark:
    subject: UUID
    behaviour: str
    path: str


@permission("messages.message.send")
def leave_mark(cmd: LeaveMark, /, *, uow: UnitOfWork) -> None:
    if cmd.behaviour == "unavailable":
        raise Unavailable("The provider sleeps.", retry_after=7)
    if cmd.behaviour == "refused":
        raise Rejected("That is not done here.")
    if cmd.behaviour == "broken":
        raise RuntimeError("a bug")
    if cmd.behaviour == "hang_once" and not Path(cmd.path).exists():
        Path(cmd.path).touch()
        time.sleep(120)
    with uow() as tx:
        tx.note("probe", cmd.subject, "mark", {})
        if cmd.behaviour != "mark_late":
            tx.finish()


@dataclass(frozen=True, slots=True)
class Probe:
    event: Probed


@permission("messages.message.send")
def probe(cmd: Probe, /, *, uow: UnitOfWork) -> None:
    with uow() as tx:
        tx.emit(cmd.event, cmd.event.subject, 0)


def _command(payload: dict[str, Any]) -> LeaveMark:
    return LeaveMark(UUID(payload["subject"]), payload["behaviour"], payload["path"])


PROBES = (Subscriber(ACTOR, leave_mark, _command),)  # type: ignore[arg-type]  # payloads are dicts


def subscribe() -> None:
    """Subscribe the probes in this process."""
    SUBSCRIPTIONS[Probed.name] = (ACTOR,)


def unsubscribe() -> None:
    SUBSCRIPTIONS.pop(Probed.name, None)
