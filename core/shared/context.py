"""Who calls, in which store, and why: the frozen context that every use case runs in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.shared.ids import DeliveryId, KeyId, SessionId, ShopperId, StaffId, StoreId


@dataclass(frozen=True, slots=True)
class Staff:
    """A person with a membership in the store; permissions are looked up anew on each run."""

    id: StaffId
    session_id: SessionId | None = None
    kind: str = "staff"


@dataclass(frozen=True, slots=True)
class Shopper:
    """A customer's account of one store, signed in."""

    id: ShopperId
    session_id: SessionId | None = None
    kind: str = "shopper"


@dataclass(frozen=True, slots=True)
class Key:
    """A machine: a publishable key of a storefront or a secret key of an integration."""

    id: KeyId
    secret: bool = False
    kind: str = "key"


@dataclass(frozen=True, slots=True)
class Job:
    """The platform itself: an actor, a scheduled task, the command line."""

    name: str
    kind: str = "job"

    @property
    def id(self) -> UUID | None:
        return None


@dataclass(frozen=True, slots=True)
class Nobody:
    """Somebody who has not said who they are yet: the sign-in page."""

    kind: str = "nobody"

    @property
    def id(self) -> UUID | None:
        return None


Actor = Staff | Shopper | Key | Job | Nobody


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A request that carries an Idempotency-Key: unique per (store, caller, route, key).

    `caller` is the actor or the cart it acts for, `body_hash` a digest of the whole request body.
    """

    caller: str
    route: str
    key: str
    body_hash: bytes


@dataclass(frozen=True, slots=True)
class Lease:
    """The delivery a job works on, held until `attempt` is no longer the row's: a later lease ends this one."""

    delivery_id: DeliveryId
    attempt: int


@dataclass(frozen=True, slots=True)
class CallContext:
    """What a use case is called with beside its command.

    `store_id` is None only for the few things that work without a store (sign-in of staff, relay, schedule).
    `request_id` goes into logs, activity and events. `reason` is what a person gave, `locale` a BCP 47 tag,
    `actor_label` the name shown in timeline and activity, `repeatable` the request's idempotency key
    if it has one, `lease` the delivery that a job works on.
    """

    store_id: StoreId | None
    actor: Actor
    request_id: str
    reason: str | None = None
    locale: str = "en"
    actor_label: str = ""
    repeatable: Repeatable | None = None
    lease: Lease | None = None
