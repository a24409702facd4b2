"""What is not in this store but in another of the person's own: ids are global, so a link may lead to a neighbour.

The query that found nothing is asked once more in each of the person's other stores, as that person with the role
they have there; a store that they are no member of, or may not read this in, is never spoken of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flask import g, request, session

from admin.context import context, kernel, read, staff_session
from core.identity.model import Membership
from core.identity.queries import OwnStores, own_stores
from core.shared.errors import Forbidden, NotFound

MOST = 20  # stores; whoever has more finds the rest in the switcher


def own_stores_with_it() -> Sequence[Membership]:
    """The person's other stores in which the page that was asked for exists; none for anything but a page."""
    person, missed = staff_session(), g.pop("missed", None)
    if person is None or missed is None or request.method != "GET" or session.get("stores", 0) < 2:
        return ()
    others = [m for m in read(own_stores, OwnStores(person.staff_id)) if m.store_id != person.store_id]
    return list(_having(others[:MOST], *missed))


def _having(others: Sequence[Membership], query: object, filter_: object) -> Iterator[Membership]:
    for other in others:
        try:
            kernel().app.read(query, filter_, replace(context(), store_id=other.store_id))  # type: ignore[arg-type]
        except (NotFound, Forbidden):
            continue
        yield other
