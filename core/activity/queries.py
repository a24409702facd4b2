"""Reading the activity log."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.shared.permission import permission
from ports.activity import ActivityFilter, ActivityQueries, ActivityRow
from ports.paging import Page, PageRequest


@dataclass(frozen=True, slots=True)
class ListActivity:
    filter: ActivityFilter = field(default_factory=ActivityFilter)
    page: PageRequest = field(default_factory=PageRequest)


@permission("activity.entry.read")
def list_activity(filter_: ListActivity, /, *, activity_queries: ActivityQueries) -> Page[ActivityRow]:
    """Who changed what in the store, newest first. Raises Invalid for a cursor that is none."""
    return activity_queries.list(filter_.filter, filter_.page)
