"""The books for screens: one statement each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres import cursors
from adapters.postgres.ledger_days import DAYS_LOG, FACTS, THROUGH, to_decision
from adapters.postgres.queries import ledger_entries, ledger_postings, ledger_sums
from adapters.postgres.reading import Reader
from core.shared.errors import NotFound
from core.shared.ids import OrderId
from ports.ledger import ClosingFacts
from ports.ledger_queries import (
    EVERYTHING,
    AccountSums,
    DaysState,
    EntryDetail,
    EntryRow,
    OpenItemRow,
    PostingRow,
    PostingSearch,
)
from ports.paging import Page, PageRequest


class PostgresLedgerQueries:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def accounts(self, since: date | None, until: date) -> Sequence[AccountSums]:
        rows = self._reader.rows(ledger_sums.ACCOUNTS, ledger_sums.span(since, until))
        return [ledger_sums.to_sums(row) for row in rows]

    def account(self, account_id: UUID, since: date | None, until: date) -> AccountSums:
        row = self._reader.row(ledger_sums.ACCOUNT, {**ledger_sums.span(since, until), "account_id": account_id})
        if row is None:
            raise NotFound("There is no such account.")
        return ledger_sums.to_sums(row)

    def postings(
        self, account_id: UUID, until: date, page: PageRequest, search: PostingSearch = EVERYTHING
    ) -> Page[PostingRow]:
        asked: dict[str, Any] = {"account_id": account_id, "until": until, "most": page.limit + 1}
        if page.cursor is not None:
            asked |= ledger_postings.after(page.cursor)
        statement = ledger_postings.listed(search, following=page.cursor is not None)
        rows = ledger_postings.to_rows(self._reader.rows(statement, asked))
        more = len(rows) > page.limit
        rows = rows[: page.limit]
        return Page(rows, ledger_postings.cursor_of(rows[-1]) if more else None)

    def open_items(self, account_id: UUID, page: PageRequest) -> Page[OpenItemRow]:
        asked = {"account_id": account_id, "most": page.limit + 1}
        statement = ledger_postings.OPEN_ITEMS
        if page.cursor is not None:
            day, item = cursors.decode(page.cursor, str, str)
            statement, asked = ledger_postings.MORE_OPEN_ITEMS, {**asked, "day": cursors.day(day), "item": item}
        rows = [ledger_postings.to_open_item(row) for row in self._reader.rows(statement, asked)]
        more = len(rows) > page.limit
        rows = rows[: page.limit]
        return Page(rows, cursors.encode(rows[-1].opened_on.isoformat(), str(rows[-1].item)) if more else None)

    def entry(self, number: int) -> EntryDetail:
        rows = self._reader.rows(ledger_entries.ENTRY, {"number": number})
        if not rows:
            raise NotFound("There is no such entry.")
        return ledger_entries.to_detail(rows)

    def entries(self, order_id: OrderId | None, page: PageRequest) -> Page[EntryRow]:
        statement = ledger_entries.listed(order_id, page.limit + 1)
        if page.cursor is not None:
            (before,) = cursors.decode(page.cursor, int)
            statement = ledger_entries.before(statement, before)
        rows = [ledger_entries.to_row(row) for row in self._reader.rows(statement)]
        more = len(rows) > page.limit
        rows = rows[: page.limit]
        return Page(rows, cursors.encode(rows[-1].number) if more else None)

    def days(self, until: datetime) -> DaysState:
        statement = sa.select(
            FACTS.subquery(),
            THROUGH.scalar_subquery().label("closed_through"),
            DAYS_LOG.scalar_subquery().label("log"),
        )
        row = self._reader.rows(statement, {"until": until, "store_id": self._reader.store_id})[0]
        return DaysState(
            closed_through=row["closed_through"],
            facts=ClosingFacts(row["pending"], row["exceptions"], row["limit"]),
            log=[to_decision(decision) for decision in row["log"] or ()],
        )
