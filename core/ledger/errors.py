"""What the ledger refuses."""

from __future__ import annotations

from core.shared.errors import Conflict, Rejected


class Unbalanced(ValueError):
    """An entry whose postings don't sum to zero, or fewer than two of them: a bug, never a business case."""


class DayClosed(Conflict):
    """The day is closed: nothing can be posted into it."""

    code = "ledger_day_closed"


class DayNotOver(Rejected):
    """Only a day that is over can be closed."""

    code = "ledger_day_not_over"


class DayAlreadyClosed(Conflict):
    """The day is closed already."""

    code = "ledger_day_already_closed"


class NotTheLastClosedDay(Conflict):
    """Only the day that was closed last can be reopened: the balances of later days rest on it."""

    code = "ledger_not_last_closed_day"


class PostingsPending(Conflict):
    """Facts of the day still wait to be posted."""

    code = "ledger_postings_pending"


class ExceptionsOpen(Conflict):
    """Exceptions of more than the store's limit are open."""

    code = "ledger_exceptions_open"
