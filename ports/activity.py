"""The activity log: who changed what. Written by every transaction of ours, never by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from ports.paging import Page, PageRequest


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One thing that a write changed: its fields before and after. A side is None where there was or is nothing."""

    kind: str
    id: UUID
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One write: the action (`context.use_case`), who did it, and what it changed."""

    id: UUID
    action: str
    actor_kind: str
    actor_id: UUID | None
    actor_label: str
    request_id: str
    reason: str | None
    target_kind: str | None
    target_id: UUID | None
    changes: Sequence[ChangeRow]
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """What the log is narrowed to. Alternatives within a field, all fields together; times are UTC, the upper open."""

    actor_kinds: tuple[str, ...] = ()
    actor_id: UUID | None = None
    contexts: tuple[str, ...] = ()
    target_kind: str | None = None
    target_id: UUID | None = None
    request_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class ActivityQueries(Protocol):
    def list(self, filter_: ActivityFilter, page: PageRequest) -> Page[ActivityRow]:
        """The log, newest first."""
        ...
