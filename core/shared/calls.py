"""One call of a use case on its way, as the unit of work sees it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Run:
    """The action's name, whether it is told in the activity log, the activity row its first write made, and whether
    it holds a claim on its request's idempotency key."""

    action: str
    leaves_activity: bool = True
    activity_id: object | None = None
    claimed: bool = False
