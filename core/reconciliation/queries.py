"""Reading exceptions."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.reconciliation.model import ExceptionState
from core.shared.ids import ExceptionId
from core.shared.permission import permission
from ports.paging import Page, PageRequest
from ports.reconciliation import ExceptionQueries, ExceptionRow


@dataclass(frozen=True, slots=True)
class ListExceptions:
    state: ExceptionState | None = ExceptionState.OPEN
    page: PageRequest = field(default_factory=PageRequest)


@permission("reconciliation.exception.read")
def list_exceptions(filter_: ListExceptions, /, *, exception_queries: ExceptionQueries) -> Page[ExceptionRow]:
    """Exceptions, newest first."""
    return exception_queries.list(filter_.state, filter_.page)


@dataclass(frozen=True, slots=True)
class GetException:
    id: ExceptionId


@permission("reconciliation.exception.read")
def get_exception(filter_: GetException, /, *, exception_queries: ExceptionQueries) -> ExceptionRow:
    """Raises NotFound."""
    return exception_queries.get(filter_.id)
