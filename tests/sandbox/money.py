"""The money side of the sandbox, as tests drive it: days that pass, and what was planted."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

from sandbox.payments.business_days import ZONE
from tests.sandbox.process import SandboxProcess

DAY = 86_400


def until(weekday: int, hour: int, *, weeks: int = 0) -> int:
    """Seconds from now to the next such hour in São Paulo (Monday is 0), never today, and so many weeks later."""
    now = datetime.now(ZONE)
    days = (weekday - now.weekday() - 1) % 7 + 1
    wanted = (now + timedelta(days=days, weeks=weeks)).replace(hour=hour, minute=0, second=0, microsecond=0)
    return int((wanted - now).total_seconds())


class Week:
    """A week that begins on a Monday at ten in São Paulo."""

    def __init__(self, sandbox: SandboxProcess) -> None:
        self.sandbox = sandbox
        self.monday = int(time.time()) + until(0, 10)

    def at(self, day: int, hour: int = 10) -> int:
        """Go to an hour of the day that comes `day` days after the Monday; returns the business time."""
        return self.sandbox.set_clock(self.monday + day * DAY + (hour - 10) * 3600 - int(time.time()))


def plant(sandbox: SandboxProcess, account: str, kind: str, target: str | None = None, **more: Any) -> str:
    """Plant a discrepancy at once; returns what it was planted on."""
    body = {"account": account, "kind": kind, **({"target": target} if target else {}), **more}
    return str(sandbox.control("POST", "discrepancies", body)["planted"])


def lines(sandbox: SandboxProcess, account: str) -> list[tuple[str, int, int]]:
    """The books' lines, oldest first: reporting category, amount and fee."""
    told = sandbox.books(account)["balance_transactions"]
    return [(line["reporting_category"], line["amount"], line["fee"]) for line in told]
