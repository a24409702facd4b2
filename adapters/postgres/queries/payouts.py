"""Payouts for finance screens: one statement each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres import cursors
from adapters.postgres.queries import payout_statements as statements
from adapters.postgres.queries.payout_lines import to_line
from adapters.postgres.reading import Reader
from core.shared.errors import NotFound
from core.shared.ids import ExceptionId, PaymentAccountId, PayoutId
from core.shared.money import Money
from ports.paging import Page, PageRequest
from ports.payouts import (
    LineFilter,
    MethodFees,
    PartKind,
    PayoutDetail,
    PayoutFilter,
    PayoutLine,
    PayoutPart,
    PayoutRow,
    PostedLine,
    RunRow,
    SettlementAccount,
    UnpaidBucket,
)
from ports.settlements import PayoutStatus

# Ages of what is not paid out yet in whole days, and where each begins.
_AGES: dict[int, int | None] = {0: 2, 2: 8, 8: 31, 31: None}
_ORDER = {kind: place for place, kind in enumerate(PartKind)}


class PostgresPayoutQueries:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def list(self, filter_: PayoutFilter, page: PageRequest) -> Page[PayoutRow]:
        asked: dict[str, Any] = {"account": filter_.account_id, "since": filter_.since, "until": filter_.until}
        asked |= {"day": None, "id": None, "at_most": page.limit + 1}
        if page.cursor is not None:
            day, id_ = cursors.decode(page.cursor, str, str)
            asked |= {"day": cursors.instant(day).date(), "id": cursors.identifier(id_)}
        rows = [_to_row(row) for row in self._reader.rows(statements.LIST, asked)]
        shown = rows[: page.limit]
        if len(rows) <= page.limit:
            return Page(shown, None)
        return Page(shown, cursors.encode(shown[-1].arrival_on.isoformat(), str(shown[-1].id)))

    def get(self, payout_id: PayoutId) -> PayoutDetail:
        row = self._reader.row(statements.DETAIL, {"payout": payout_id})
        if row is None:
            raise NotFound("There is no such payout.")
        found = _to_row(row)
        parts = _parts(row["parts"] or [], found)
        matched, undecided = row["tally"]
        return PayoutDetail(
            row=found,
            expected=Money.total((part.ours for part in parts), found.amount.currency),
            listed=found.net,
            parts=parts,
            entries=[_entry(entry) for entry in row["entries"] or []],
            last_run=None if row["run"] is None else _to_run(row["run"]),
            undecided=undecided,
            matched=matched,
        )

    def lines(self, payout_id: PayoutId, which: LineFilter, page: PageRequest) -> Page[PayoutLine]:
        asked: dict[str, Any] = {"payout": payout_id, "which": which, "at_most": page.limit + 1}
        asked |= {"decided": False, "at": None, "id": None}
        if page.cursor is not None:
            decided, at, id_ = cursors.decode(page.cursor, bool, str, str)
            asked |= {"decided": decided, "at": cursors.instant(at), "id": cursors.identifier(id_)}
        rows = [to_line(row) for row in self._reader.rows(statements.LINES, asked)]
        shown = rows[: page.limit]
        if len(rows) <= page.limit:
            return Page(shown, None)
        last = shown[-1]
        return Page(shown, cursors.encode(not last.exception_open, last.created_at.isoformat(), str(last.id)))

    def unpaid(self, now: datetime) -> Sequence[UnpaidBucket]:
        return [
            UnpaidBucket(
                PaymentAccountId(row["account_id"]),
                row["account_name"],
                row["days_from"],
                _AGES[row["days_from"]],
                row["lines"],
                *(Money(row[name], row["currency"]) for name in ("gross", "fees", "net")),
            )
            for row in self._reader.rows(statements.UNPAID, {"now": now, "ages": list(_AGES)})
        ]

    def fees(self, since: date, until: date) -> Sequence[MethodFees]:
        return [
            MethodFees(
                PaymentAccountId(row["account_id"]),
                row["account_name"],
                row["method"],
                row["payments"],
                Money(row["gross"], row["currency"]),
                Money(row["fees"], row["currency"]),
                None if row["expected"] is None else Money(row["expected"], row["currency"]),
            )
            for row in self._reader.rows(statements.FEES, {"since": since, "until": until})
        ]

    def accounts(self) -> Sequence[SettlementAccount]:
        return [
            SettlementAccount(PaymentAccountId(row["id"]), row["name"], row["provider"], row["last"])
            for row in self._reader.rows(statements.ACCOUNTS)
        ]

    def runs(self, page: PageRequest, since: datetime | None, before: datetime | None) -> Page[RunRow]:
        asked: dict[str, Any] = {"at": None, "id": None, "since": since, "before": before, "at_most": page.limit + 1}
        if page.cursor is not None:
            asked["at"], asked["id"] = cursors.decode_moment(page.cursor)
        rows = [_to_run(row) for row in self._reader.rows(statements.RUNS, asked)]
        shown = rows[: page.limit]
        more = len(rows) > page.limit
        return Page(shown, cursors.encode_moment(shown[-1].started_at, shown[-1].id) if more else None)


def _to_row(row: sa.RowMapping) -> PayoutRow:
    currency = row["currency"]
    remainder, doubled = row["over_single"], row["doubled"]
    # A line told twice is counted where less is left with it: then the payout really has it.
    counted = doubled if abs(remainder - doubled) < abs(remainder) else 0
    net = row["single"] + counted
    other = net - row["gross"] - row["fees"] - row["refunds"] - row["disputes"]
    return PayoutRow(
        id=PayoutId(row["id"]),
        reference=row["reference"],
        account_id=PaymentAccountId(row["account_id"]),
        account_name=row["account_name"],
        provider=row["provider"],
        status=PayoutStatus(row["status"]),
        amount=Money(row["amount_minor"], currency),
        arrival_on=row["arrival_on"],
        created_at=row["created_at"],
        bank_reference=row["bank_reference"],
        failure_code=row["failure_code"],
        complete=row["lines_read"],
        lines=row["lines"],
        gross=Money(row["gross"], currency),
        fees=Money(row["fees"], currency),
        refunds=Money(row["refunds"], currency),
        disputes=Money(row["disputes"], currency),
        other=Money(other, currency),
        net=Money(net, currency),
        remainder=Money(remainder - counted, currency),
        open_exceptions=row["open_exceptions"],
    )


def _parts(documents: Sequence[Any], payout: PayoutRow) -> list[PayoutPart]:
    currency = payout.amount.currency
    parts = [
        PayoutPart(
            PartKind(kind),
            method,
            lines,
            Money(theirs, currency),
            Money(ours, currency),
            tuple(ExceptionId(UUID(id_)) for id_ in exceptions),
        )
        for kind, method, lines, theirs, ours, exceptions in documents
    ]
    single = Money.total((part.theirs for part in parts if part.kind is not PartKind.DUPLICATES), currency)
    if single == payout.net:  # lines told twice are in no payout
        zero = Money.zero(currency)
        parts = [
            part if part.kind is not PartKind.DUPLICATES
            else PayoutPart(part.kind, part.method, part.lines, zero, zero, part.exceptions)
            for part in parts
        ]  # fmt: skip
    parts.append(PayoutPart(PartKind.REMAINDER, None, 0, payout.remainder, Money.zero(currency)))
    return sorted(parts, key=lambda part: (_ORDER[part.kind], -part.theirs.minor, part.method or ""))


def _entry(document: Sequence[Any]) -> PostedLine:
    number, id_, kind, booked_on, code, amount, currency = document
    return PostedLine(number, UUID(id_), kind, date.fromisoformat(booked_on), code, Money(amount, currency))


def _to_run(row: Any) -> RunRow:
    return RunRow(
        id=_id(row["id"]),
        account_id=PaymentAccountId(_id(row["account_id"])),
        account_name=row["account_name"],
        state=row["state"],
        trigger=row["trigger"],
        dry_run=row["dry_run"],
        rule_version=row["rule_version"],
        started_at=_at(row["started_at"]),
        finished_at=None if row["finished_at"] is None else _at(row["finished_at"]),
        counts=row["counts"],
        failure=row["failure"],
    )


def _id(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def _at(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
