"""Recomputing the books: every seal, every number, every sum, without trusting triggers or roll-ups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres.ledger_days import FACTS, sealed_between
from adapters.postgres.ledger_facts import PostgresLedgerFacts
from adapters.postgres.ledger_rows import JOURNAL
from adapters.postgres.ledger_seals import Row, Seals, day_content, entry_content, head_content
from adapters.postgres.session import Session
from adapters.postgres.tables.ledger import (
    journal_entries,
    ledger_accounts,
    ledger_balances,
    ledger_days,
    ledger_open_items,
    postings,
)
from adapters.postgres.tables.stores import counters
from ports.ledger import Audit, AuditProblem, Finding

PAGE = 2000
_LISTED = 100  # of one kind; a changed account would fill the screen

_NEXT = sa.select(counters.c.next, counters.c.seal).where(counters.c.series == JOURNAL)
_ENTRIES = (
    sa.select(journal_entries)
    .where(journal_entries.c.number > sa.bindparam("after"))
    .order_by(journal_entries.c.number)
    .limit(PAGE)
)
_POSTINGS = (
    sa.select(postings, ledger_accounts.c.code, ledger_accounts.c.payment_account_id)
    .outerjoin(ledger_accounts, ledger_accounts.c.id == postings.c.account_id)
    .where(postings.c.entry_id == sa.any_(sa.bindparam("entries", type_=sa.ARRAY(sa.UUID))))
    .order_by(postings.c.entry_id, postings.c.line)
)
# Postings whose entry is gone, or stands under another number.
_STRAY = (
    sa.select(postings.c.number)
    .distinct()
    .outerjoin(
        journal_entries,
        sa.and_(journal_entries.c.id == postings.c.entry_id, journal_entries.c.number == postings.c.number),
    )
    .where(journal_entries.c.id.is_(None))
    .limit(_LISTED)
)
_DAYS = sa.select(ledger_days).order_by(ledger_days.c.day, ledger_days.c.sequence)

_day_sums = (
    sa.select(
        postings.c.account_id,
        postings.c.booked_on.label("day"),
        sa.func.sum(sa.func.greatest(postings.c.amount_minor, 0)).label("debit_minor"),
        sa.func.sum(sa.func.greatest(-postings.c.amount_minor, 0)).label("credit_minor"),
        sa.func.count().label("postings"),
    )
    .group_by(postings.c.account_id, postings.c.booked_on)
    .subquery()
)
_WRONG_BALANCES = (
    sa.select(sa.func.coalesce(_day_sums.c.account_id, ledger_balances.c.account_id).label("account_id"))
    .distinct()
    .select_from(
        _day_sums.outerjoin(
            ledger_balances,
            sa.and_(ledger_balances.c.account_id == _day_sums.c.account_id, ledger_balances.c.day == _day_sums.c.day),
            full=True,
        )
    )
    .where(
        sa.or_(
            _day_sums.c.debit_minor.is_distinct_from(ledger_balances.c.debit_minor),
            _day_sums.c.credit_minor.is_distinct_from(ledger_balances.c.credit_minor),
            _day_sums.c.postings.is_distinct_from(ledger_balances.c.postings),
        )
    )
)
_item_sums = (
    sa.select(postings.c.account_id, postings.c.open_item, sa.func.sum(postings.c.amount_minor).label("amount_minor"))
    .join(ledger_accounts, ledger_accounts.c.id == postings.c.account_id)
    .where(postings.c.open_item.is_not(None), ledger_accounts.c.code < "4")
    .group_by(postings.c.account_id, postings.c.open_item)
    .subquery()
)
_WRONG_ITEMS = (
    sa.select(sa.func.coalesce(_item_sums.c.open_item, ledger_open_items.c.open_item).label("open_item"))
    .select_from(
        _item_sums.outerjoin(
            ledger_open_items,
            sa.and_(
                ledger_open_items.c.account_id == _item_sums.c.account_id,
                ledger_open_items.c.open_item == _item_sums.c.open_item,
            ),
            full=True,
        )
    )
    .where(_item_sums.c.amount_minor.is_distinct_from(ledger_open_items.c.amount_minor))
    .limit(_LISTED)
)


class PostgresLedgerAudit:
    def __init__(self, session: Session, seals: Seals) -> None:
        self._session = session
        self._seals = seals
        self._entries = 0

    def verify(self) -> Audit:
        days = self._session.rows(_DAYS)
        findings = [
            *self._in_entries(self._upto(days)),
            *self._in_days(days),
            *(
                Finding(AuditProblem.BALANCE_WRONG, str(row["account_id"]))
                for row in self._session.rows(_WRONG_BALANCES)
            ),
            *(Finding(AuditProblem.OPEN_ITEM_WRONG, row["open_item"]) for row in self._session.rows(_WRONG_ITEMS)),
            *self._in_facts(),
        ]
        return Audit(self._entries, len(days), findings)

    def _upto(self, days: Sequence[sa.RowMapping]) -> int:
        """The last number that was given: closings remember it where the counter was set back."""
        row = self._session.row(_NEXT)
        counted = 0 if row is None else int(row["next"]) - 1
        return max([counted, *(int(day["last_number"]) for day in days)])

    def _in_entries(self, upto: int) -> Iterator[Finding]:
        expected, last = 1, b""
        for entry, lines in self._walk():
            yield from _missing(expected, entry["number"] - 1)
            expected, last = entry["number"] + 1, bytes(entry["seal"])
            self._entries += 1
            if sum(line["amount_minor"] for line in lines) != 0 or len(lines) < 2:
                yield Finding(AuditProblem.ENTRY_UNBALANCED, str(entry["number"]))
            if not self._seals.fits(entry_content(entry, lines), bytes(entry["seal"])):
                yield Finding(AuditProblem.ENTRY_CHANGED, str(entry["number"]))
        yield from _missing(expected, upto)
        yield from self._in_head(last)
        for row in self._session.rows(_STRAY):
            yield Finding(AuditProblem.ENTRY_CHANGED, str(row["number"]))

    def _in_head(self, last_seal: bytes) -> Iterator[Finding]:
        """Whether the counter is the one that was written with the last entry: setting it back breaks its seal."""
        row = self._session.row(_NEXT)
        following, seal = (1, None) if row is None else (int(row["next"]), row["seal"])
        untouched = following == 1 and seal is None and not last_seal
        content = head_content(self._session.store_id, following, last_seal)
        if not untouched and (seal is None or not self._seals.fits(content, bytes(seal))):
            yield Finding(AuditProblem.HEAD_CHANGED, str(following - 1))

    def _walk(self) -> Iterator[tuple[Row, list[Row]]]:
        """Every entry with its postings, by number."""
        after = 0
        while page := self._session.rows(_ENTRIES, {"after": after}):
            rows = map(dict, self._session.rows(_POSTINGS, {"entries": [entry["id"] for entry in page]}))
            lines: dict[UUID, list[Row]] = {id_: list(of) for id_, of in groupby(rows, lambda row: row["entry_id"])}
            for entry in page:
                yield dict(entry), lines.get(entry["id"], [])
            after = page[-1]["number"]

    def _in_days(self, days: Sequence[sa.RowMapping]) -> Iterator[Finding]:
        latest: dict[Any, sa.RowMapping] = {}
        for day in days:
            known = latest.get(day["day"])
            follows = day["sequence"] == (1 if known is None else known["sequence"] + 1)
            if not follows or not self._seals.fits(day_content(dict(day)), bytes(day["seal"])):
                yield Finding(AuditProblem.DAY_CHANGED, day["day"].isoformat())
            latest[day["day"]] = day
        before, through = b"", None
        for day in (row for row in latest.values() if row["closed"]):
            sealed = self._session.rows(sealed_between(through, day["day"]), {"before": before})[0]
            if (sealed["entries"], bytes(sealed["digest"])) != (day["entries"], bytes(day["digest"])):
                yield Finding(AuditProblem.DAY_ENTRIES_CHANGED, day["day"].isoformat())
            before, through = bytes(day["digest"]), day["day"]

    def _in_facts(self) -> Iterator[Finding]:
        """Facts in no entry, unless postings are under way: then nobody can tell yet."""
        row = self._session.row(FACTS, {"until": self._session.now()})
        if row is None or row["pending"]:
            return
        facts, after, more = PostgresLedgerFacts(self._session), None, True
        while more:
            page = facts.unposted(after, PAGE)
            yield from (Finding(AuditProblem.FACT_NOT_POSTED, f"{fact.kind}:{fact.id}") for fact in page.facts)
            after, more = page.next, page.next is not None


def _missing(first: int, last: int) -> Iterator[Finding]:
    """Numbers that no entry has; a span of them is one finding."""
    if first <= last:
        yield Finding(AuditProblem.ENTRY_MISSING, str(first) if first == last else f"{first}-{last}")
