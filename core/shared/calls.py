"""One call of a use case on its way, as the unit of work sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class Run:
    """The action's name, whether it is told in the activity log, the activity row its first write made, and until
    when (wall time) it claims its request's idempotency key, None without a claim. That instant is the claim's fence:
    whoever takes a claim over that ran out holds it until later."""

    action: str
    leaves_activity: bool = True
    activity_id: object | None = None
    claimed_until: datetime | None = None
