"""Messages to customers, and the deliveries that carry work to subscribers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from core.messages.deliveries import DeliveryState, Verdict
from core.messages.model import Message
from core.shared.ids import DeliveryId, MessageId, OrderId, StoreId
from ports.paging import Page, PageRequest


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One line of the mailbox."""

    id: MessageId
    kind: str
    recipient: str
    subject: str
    order_id: OrderId | None
    created_at: datetime
    sent_at: datetime | None


class MessageRepository(Protocol):
    """Messages of the bound store."""

    def add(self, message: Message) -> bool:
        """Store `message`. False when one with its dedupe key is there already: nothing is written."""
        ...

    def get(self, message_id: MessageId) -> Message:
        """Raises NotFound."""
        ...

    def mark_sent(self, message_id: MessageId, at: datetime) -> None:
        """Note that the mailer took the message. The first time counts."""
        ...


class MessageQueries(Protocol):
    def list(self, recipient: str | None, page: PageRequest) -> Page[MessageRow]:
        """The mailbox, newest first; `recipient` is a complete address."""
        ...

    def of_order(self, order_id: OrderId) -> Sequence[MessageRow]:
        """What was written about an order, newest first."""
        ...

    def get(self, message_id: MessageId) -> Message:
        """Raises NotFound."""
        ...


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One delivery in a list."""

    id: DeliveryId
    event_name: str
    subscriber: str
    state: DeliveryState
    attempts: int
    created_at: datetime
    next_attempt_at: datetime
    done_at: datetime | None
    last_error: str | None


@dataclass(frozen=True, slots=True)
class DeliveryDetail(DeliveryRow):
    """One delivery with what it carries."""

    payload: Mapping[str, Any] = field(default_factory=dict)
    request_id: str = ""
    lease_until: datetime | None = None
    discard_reason: str | None = None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """What waits for one subscriber; `oldest_at` is when the oldest of it was written."""

    subscriber: str
    waiting: int
    oldest_at: datetime


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One scheduled job of the deployment. `took_ms` is how long the last run lasted, `last_result` what it counted."""

    name: str
    every_seconds: int
    next_run_at: datetime
    last_run_at: datetime | None
    took_ms: int | None
    last_result: Mapping[str, int] | None
    last_error: str | None


class DeliveryRepository(Protocol):
    """Deliveries of the bound store."""

    def replay(self, delivery_id: DeliveryId, at: datetime) -> None:
        """Make a dead delivery due at `at`, with a new count of attempts. Raises NotFound, NotReplayable."""
        ...

    def discard(self, delivery_id: DeliveryId, reason: str, at: datetime) -> None:
        """Give a dead or waiting delivery up. Raises NotFound, NotDiscardable."""
        ...

    def run_schedule(self, name: str, at: datetime) -> None:
        """Make the scheduled job `name` due at `at`. Raises NotFound."""
        ...


class DeliveryQueries(Protocol):
    def list(self, states: Sequence[DeliveryState], failed: bool, page: PageRequest) -> Page[DeliveryRow]:
        """Deliveries in `states`, newest first; `failed` keeps only those that have failed at least once."""
        ...

    def get(self, delivery_id: DeliveryId) -> DeliveryDetail:
        """Raises NotFound."""
        ...

    def counts(self) -> Mapping[str, int]:
        """How many are dead (`dead`) and how many wait after a failure (`retrying`)."""
        ...

    def queues(self) -> Sequence[QueueRow]:
        """What waits, by subscriber."""
        ...

    def schedules(self) -> Sequence[ScheduleRow]:
        """The scheduled jobs of the deployment, by name."""
        ...


@dataclass(frozen=True, slots=True)
class LeasedDelivery:
    """A delivery that somebody holds until its lease runs out. `attempt` is the number of the try it is held for."""

    id: DeliveryId
    attempt: int
    store_id: StoreId
    subscriber: str
    event_name: str
    payload: Mapping[str, Any]
    request_id: str
    locale: str


class DeliveryQueue(Protocol):
    """All stores' deliveries as relay and actors see them. Runs as the platform; times are the wall's."""

    def lease(self, limit: int, seconds: int) -> Sequence[LeasedDelivery]:
        """Lease at most `limit` due deliveries for `seconds`, those due longest first. Nothing counts as tried yet."""
        ...

    def take_up(self, delivery_id: DeliveryId, attempt: int) -> LeasedDelivery | None:
        """Begin the try `attempt`: count it, renew the lease, load the work. None when the try was begun before, the
        lease went to another or the work is finished."""
        ...

    def renew(self, leases: Mapping[DeliveryId, int]) -> None:
        """Renew the leases (delivery -> attempt) that are still held, begun or not."""
        ...

    def finish(self, delivery_id: DeliveryId, attempt: int) -> None:
        """Mark the delivery done unless its use case did so already, or the lease was lost."""
        ...

    def fail(self, delivery_id: DeliveryId, attempt: int, verdict: Verdict) -> None:
        """Write what `verdict` says, unless the lease was lost."""
        ...

    def release(self, delivery_id: DeliveryId, attempt: int) -> None:
        """Give back a lease whose work was not begun or was cut off by our own stop; the try is not counted."""
        ...

    def bury(self, allowed_attempts: int) -> int:
        """Give up what ran out of its lease in the `allowed_attempts`-th try: its work kills workers. How many."""
        ...

    def wait(self, seconds: float) -> None:
        """Return when a transaction wrote deliveries, or after `seconds`."""
        ...


class ScheduleTable(Protocol):
    """The schedule of the deployment. Runs as the platform; times are the wall's."""

    def declare(self, intervals: Mapping[str, int]) -> None:
        """Make sure that exactly these jobs (name -> seconds) have a row."""
        ...

    def lease(self) -> str | None:
        """Lease the job that is due longest; None when none is."""
        ...

    def renew(self, name: str) -> None:
        """Renew the lease of a job that is still running."""
        ...

    def finished(self, name: str, took_ms: int, result: Mapping[str, int], error: str | None) -> None:
        """Note what a run counted and how it ended; the next is due its interval from now."""
        ...


class Housekeeping(Protocol):
    """Removes what was kept long enough. Runs as the platform."""

    def prune(self) -> Mapping[str, int]:
        """Remove old deliveries, events, idempotency keys and carriers' answers; how many of each."""
        ...
