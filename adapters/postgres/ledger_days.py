"""Closed days on PostgreSQL: a log of closings and reopenings, each closing with a digest of what it seals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.ledger_rows import take_journal
from adapters.postgres.ledger_seals import Seals, day_content
from adapters.postgres.session import Session
from adapters.postgres.tables.ledger import journal_entries, ledger_days, ledger_settings
from adapters.postgres.tables.platform import deliveries
from adapters.postgres.tables.reconciliation import exceptions
from core.ledger.errors import DayAlreadyClosed, NotTheLastClosedDay
from core.messages.deliveries import DeliveryState
from core.reconciliation.model import ExceptionState
from ports.ledger import ClosingFacts
from ports.ledger_queries import DayDecision

PENDING = (DeliveryState.WAITING, DeliveryState.LEASED, DeliveryState.DEAD)
UNRESOLVED = tuple(state for state in ExceptionState if not state.value.endswith("resolved"))

THROUGH = sa.select(sa.func.ledger_closed_through(sa.bindparam("store_id", type_=sa.UUID), type_=sa.Date).label("day"))
_limit = sa.func.coalesce(sa.select(ledger_settings.c.exception_limit_minor).scalar_subquery(), 0)
FACTS = sa.select(
    sa.select(sa.func.count())
    .select_from(deliveries)
    .where(
        deliveries.c.state.in_(PENDING),
        deliveries.c.subscriber.startswith("ledger.", autoescape=True),
        deliveries.c.created_at < sa.bindparam("until"),
    )
    .scalar_subquery()
    .label("pending"),
    sa.select(sa.func.count())
    .select_from(exceptions)
    .where(
        exceptions.c.state.in_(UNRESOLVED),
        exceptions.c.opened_at < sa.bindparam("until"),
        sa.func.abs(exceptions.c.amount_minor) > _limit,
    )
    .scalar_subquery()
    .label("exceptions"),
    _limit.label("limit"),
)
_LAST_OF_DAY = (
    sa.select(ledger_days.c.sequence)
    .where(ledger_days.c.day == sa.bindparam("day"))
    .order_by(ledger_days.c.sequence.desc())
    .limit(1)
)
_DIGEST_OF = (
    sa.select(ledger_days.c.digest)
    .where(ledger_days.c.day == sa.bindparam("day"), ledger_days.c.closed)
    .order_by(ledger_days.c.sequence.desc())
    .limit(1)
)
# What lies between two closings, in the order of its numbers; the digest begins with that of the closing before.
SEALED = sa.select(
    sa.func.count().label("entries"),
    sa.func.sha256(
        sa.bindparam("before", type_=sa.LargeBinary).op("||")(
            sa.func.coalesce(sa.text("string_agg(seal, ''::bytea ORDER BY number)"), sa.literal(b"", sa.LargeBinary))
        ),
        type_=sa.LargeBinary,
    ).label("digest"),
).select_from(journal_entries)
_recent = (
    sa.select(
        ledger_days.c.day,
        ledger_days.c.closed,
        ledger_days.c.reason,
        ledger_days.c.decided_by,
        ledger_days.c.decided_at,
        ledger_days.c.entries,
    )
    .order_by(ledger_days.c.day.desc(), ledger_days.c.sequence.desc())
    .limit(40)
    .subquery()
)
# The last decisions as one document, newest day first.
DAYS_LOG = sa.select(sa.func.jsonb_agg(sa.func.to_jsonb(_recent.table_valued())))
_ORDER_ERROR = "ck_ledger_days_order"


def sealed_between(after: date | None, day: date) -> sa.Select[int, bytes]:
    """SEALED of the entries booked after one day up to another."""
    statement = SEALED.where(journal_entries.c.booked_on <= day)
    return statement if after is None else statement.where(journal_entries.c.booked_on > after)


def to_decision(document: Mapping[str, Any]) -> DayDecision:
    """One of DAYS_LOG."""
    return DayDecision(
        day=date.fromisoformat(document["day"]),
        closed=document["closed"],
        reason=document["reason"],
        decided_by=document["decided_by"],
        decided_at=datetime.fromisoformat(document["decided_at"]),
        entries=document["entries"],
    )


class PostgresLedgerDays:
    def __init__(self, session: Session, seals: Seals) -> None:
        self._session = session
        self._seals = seals

    def closed_through(self) -> date | None:
        row = self._session.row(THROUGH, {"store_id": self._session.store_id})
        return None if row is None else row["day"]

    def facts(self, until: datetime) -> ClosingFacts:
        row = self._session.row(FACTS, {"until": until})
        if row is None:
            raise LookupError("a statement without a table answered nothing")
        return ClosingFacts(row["pending"], row["exceptions"], row["limit"])

    def close(self, day: date, by: str) -> None:
        following = take_journal(self._session)
        through = self.closed_through()
        before = b"" if through is None else self._session.rows(_DIGEST_OF, {"day": through})[0]["digest"]
        sealed = self._session.rows(sealed_between(through, day), {"before": before})[0]
        counted = {"last_number": following - 1, "entries": sealed["entries"], "digest": bytes(sealed["digest"])}
        self._decide({"day": day, "closed": True, "reason": "", "decided_by": by, **counted})

    def reopen(self, day: date, reason: str, by: str) -> None:
        following = take_journal(self._session)
        nothing = {"last_number": following - 1, "entries": 0, "digest": b""}
        self._decide({"day": day, "closed": False, "reason": reason, "decided_by": by, **nothing})

    def set_limit(self, limit_minor: int) -> None:
        statement = insert(ledger_settings).values(store_id=self._session.store_id, exception_limit_minor=limit_minor)
        self._session.write(
            statement.on_conflict_do_update(
                index_elements=[ledger_settings.c.store_id], set_={"exception_limit_minor": limit_minor}
            )
        )

    def _decide(self, values: dict[str, Any]) -> None:
        last = self._session.row(_LAST_OF_DAY, {"day": values["day"]})
        row = {
            **values,
            "store_id": self._session.store_id,
            "sequence": 1 if last is None else last["sequence"] + 1,
            "decided_at": self._session.now(),
        }
        id_ = self._session.ids.new()
        refusal = DayAlreadyClosed() if row["closed"] else NotTheLastClosedDay()
        self._session.write(
            sa.insert(ledger_days).values(id=id_, seal=self._seals.seal(day_content(row)), **row),
            errors={_ORDER_ERROR: refusal},
        )
        self._session.changed(
            "ledger_day", id_, None, {"day": row["day"].isoformat(), "closed": row["closed"], "reason": row["reason"]}
        )
