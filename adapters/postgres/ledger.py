"""The ledger's write side on PostgreSQL: numbered, sealed entries, by a constant number of statements."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres.json import plain
from adapters.postgres.ledger_rows import ENTRY, JOURNAL, take_journal, to_account, to_posted
from adapters.postgres.ledger_seals import Seals, entry_content, head_content
from adapters.postgres.session import Session
from adapters.postgres.tables.ledger import journal_entries, ledger_accounts, ledger_open_items, postings
from adapters.postgres.tables.stores import counters, stores
from core.ledger.books import PostedSum, books_of
from core.ledger.chart import AccountCode, ItemKind, OpenItem
from core.ledger.facts import OrderBooks
from core.ledger.model import AccountRef, Entry, EntryKind, PostedEntry, booking_day
from core.shared.ids import FulfilmentId, OrderId
from core.shared.money import Money

_ADVANCE = (
    sa.update(counters)
    .where(counters.c.series == JOURNAL)
    .values(next=sa.bindparam("following"), seal=sa.bindparam("head_seal"))
)
_BOOKING = sa.select(
    stores.c.time_zone, sa.func.ledger_closed_through(stores.c.id, type_=sa.Date).label("closed_through")
).where(stores.c.id == sa.bindparam("store_id"))
_KNOWN = sa.select(journal_entries.c.key, journal_entries.c.id).where(
    journal_entries.c.key == sa.any_(sa.bindparam("keys", type_=sa.ARRAY(sa.Text)))
)
_ACCOUNTS = sa.select(ledger_accounts)
_OPEN = (
    sa.select(ledger_open_items.c.amount_minor)
    .join(ledger_accounts, ledger_accounts.c.id == ledger_open_items.c.account_id)
    .where(
        ledger_accounts.c.code == sa.bindparam("code"),
        ledger_accounts.c.currency == sa.bindparam("currency"),
        ledger_accounts.c.payment_account_id.is_not_distinct_from(sa.bindparam("payment_account_id", type_=sa.UUID)),
        ledger_open_items.c.open_item == sa.bindparam("open_item"),
    )
)

_SUMS = (
    sa.select(
        journal_entries.c.kind,
        ledger_accounts.c.code,
        (postings.c.open_item == sa.bindparam("open_item")).is_(True).label("of_order"),
        sa.func.sum(postings.c.amount_minor).label("minor"),
    )
    .join_from(
        journal_entries,
        postings,
        sa.and_(postings.c.store_id == journal_entries.c.store_id, postings.c.entry_id == journal_entries.c.id),
    )
    .join(ledger_accounts, ledger_accounts.c.id == postings.c.account_id)
    .where(journal_entries.c.order_id == sa.bindparam("order_id"))
    .group_by(journal_entries.c.kind, ledger_accounts.c.code, sa.literal_column("of_order"))
)
_GOODS = sa.select(journal_entries.c.kind, journal_entries.c.source_id).where(
    journal_entries.c.order_id == sa.bindparam("order_id"),
    journal_entries.c.kind.in_([EntryKind.GOODS_LEFT, EntryKind.GOODS_BACK]),
)

# One document as parameter, whatever the number of rows: an entry's postings must come in one statement.
_PUT_ENTRIES = sa.text("""
INSERT INTO journal_entries (id, store_id, number, key, kind, fact_at, booked_on, source_type, source_id, order_id,
    reverses, memo, posted_at, seal)
SELECT r.id, r.store_id, r.number, r.key, r.kind, r.fact_at, r.booked_on, r.source_type, r.source_id, r.order_id,
    r.reverses, r.memo, r.posted_at, decode(r.seal, 'hex')
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (id uuid, store_id uuid, number bigint, key text, kind text,
    fact_at timestamptz, booked_on date, source_type text, source_id text, order_id uuid, reverses uuid, memo text,
    posted_at timestamptz, seal text)
""")
_PUT_POSTINGS = sa.text("""
INSERT INTO postings (store_id, entry_id, line, account_id, amount_minor, currency, open_item, booked_on, number)
SELECT r.store_id, r.entry_id, r.line, r.account_id, r.amount_minor, r.currency, r.open_item, r.booked_on, r.number
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (store_id uuid, entry_id uuid, line integer, account_id uuid,
    amount_minor bigint, currency text, open_item text, booked_on date, number bigint)
""")


@dataclass(frozen=True, slots=True)
class _Taken:
    """The journal while this transaction holds it."""

    following: int
    time_zone: str
    closed_through: date | None


class PostgresLedger:
    def __init__(self, session: Session, seals: Seals) -> None:
        self._session = session
        self._seals = seals
        self._accounts: dict[tuple[AccountRef, str], UUID] = {}

    def post(self, entry: Entry) -> bool:
        return bool(self.post_all([entry]))

    def post_all(self, entries: Sequence[Entry]) -> frozenset[str]:
        if not entries:
            return frozenset()
        following = take_journal(self._session)
        known = self._ids_of(key for entry in entries for key in (entry.key, entry.reverses) if key is not None)
        fresh = {entry.key: entry for entry in entries if entry.key not in known}
        if not fresh:
            return frozenset()
        row = self._session.row(_BOOKING, {"store_id": self._session.store_id})
        if row is None:
            raise LookupError("the store of this transaction does not exist")
        self._write(list(fresh.values()), known, _Taken(following, row["time_zone"], row["closed_through"]))
        return frozenset(fresh)

    def hold(self) -> None:
        take_journal(self._session)

    def entry(self, key: str) -> PostedEntry | None:
        rows = self._session.rows(ENTRY.where(journal_entries.c.key == key))
        return to_posted(rows) if rows else None

    def open_amount(self, account: AccountRef, item: OpenItem, currency: str) -> Money:
        asked = {
            "code": account.code,
            "currency": currency,
            "payment_account_id": account.payment_account_id,
            "open_item": str(item),
        }
        row = self._session.row(_OPEN, asked)
        return Money(0 if row is None else row["amount_minor"], currency)

    def books(self, order_id: OrderId) -> OrderBooks:
        take_journal(self._session)
        sums = [
            PostedSum(EntryKind(row["kind"]), AccountCode(row["code"]), row["of_order"], int(row["minor"]))
            for row in self._session.rows(_SUMS, {"order_id": order_id, "open_item": f"{ItemKind.ORDER}:{order_id}"})
        ]
        moved = self._session.rows(_GOODS, {"order_id": order_id})
        left = {row["source_id"] for row in moved if row["kind"] == EntryKind.GOODS_LEFT}
        back = {row["source_id"] for row in moved if row["kind"] == EntryKind.GOODS_BACK}
        return books_of(sums, frozenset(FulfilmentId(UUID(id_)) for id_ in left - back))

    def _ids_of(self, keys: Iterable[str]) -> dict[str, UUID]:
        rows = self._session.rows(_KNOWN, {"keys": sorted(set(keys))})
        return {row["key"]: row["id"] for row in rows}

    def _write(self, fresh: Sequence[Entry], known: dict[str, UUID], taken: _Taken) -> None:
        self._ensure_accounts(fresh)
        ids = {**known, **{entry.key: self._session.ids.new() for entry in fresh}}
        heads: list[dict[str, Any]] = []
        lines: list[dict[str, Any]] = []
        for number, entry in enumerate(fresh, start=taken.following):
            head = self._head(entry, ids, number, taken)
            own = [self._line(head, line, entry) for line in range(len(entry.postings))]
            head["seal"] = self._seals.seal(entry_content(head, own)).hex()
            heads.append(head)
            lines += own
        self._session.write(_PUT_ENTRIES, {"rows": json.dumps(plain(heads))})
        self._session.write(_PUT_POSTINGS, {"rows": json.dumps(plain(lines))})
        following = taken.following + len(fresh)
        sealed = self._seals.seal(head_content(self._session.store_id, following, bytes.fromhex(heads[-1]["seal"])))
        self._session.write(_ADVANCE, {"following": following, "head_seal": sealed})

    def _head(self, entry: Entry, ids: dict[str, UUID], number: int, taken: _Taken) -> dict[str, Any]:
        if entry.reverses is not None and entry.reverses not in ids:
            raise LookupError(f"{entry.key} takes back {entry.reverses}, which was never posted")
        return {
            "id": ids[entry.key],
            "store_id": self._session.store_id,
            "number": number,
            "key": entry.key,
            "kind": entry.kind,
            "fact_at": entry.fact_at,
            "booked_on": booking_day(entry.fact_at, taken.time_zone, taken.closed_through),
            "source_type": entry.source.type,
            "source_id": entry.source.id,
            "order_id": entry.order_id,
            "reverses": None if entry.reverses is None else ids[entry.reverses],
            "memo": entry.memo,
            "posted_at": self._session.now(),
        }

    def _line(self, head: dict[str, Any], line: int, entry: Entry) -> dict[str, Any]:
        posting = entry.postings[line]
        return {
            "store_id": head["store_id"],
            "entry_id": head["id"],
            "line": line,
            "account_id": self._accounts[posting.account, posting.amount.currency],
            "code": posting.account.code,
            "payment_account_id": posting.account.payment_account_id,
            "amount_minor": posting.amount.minor,
            "currency": posting.amount.currency,
            "open_item": None if posting.open_item is None else str(posting.open_item),
            "booked_on": head["booked_on"],
            "number": head["number"],
        }

    def _ensure_accounts(self, entries: Sequence[Entry]) -> None:
        """Know the id of every account that `entries` post to; those that don't exist come to be."""
        wanted = {(p.account, p.amount.currency): None for entry in entries for p in entry.postings}
        if wanted.keys() <= self._accounts.keys():
            return
        for row in self._session.rows(_ACCOUNTS):
            self._accounts[to_account(row), row["currency"]] = row["id"]
        missing = [key for key in wanted if key not in self._accounts]
        if missing:
            self._accounts |= {key: self._session.ids.new() for key in missing}
            self._session.write(
                sa.insert(ledger_accounts).values([self._account(ref, currency) for ref, currency in missing])
            )

    def _account(self, ref: AccountRef, currency: str) -> dict[str, Any]:
        return {
            "id": self._accounts[ref, currency],
            "store_id": self._session.store_id,
            "code": ref.code,
            "currency": currency,
            "payment_account_id": ref.payment_account_id,
            "created_at": self._session.now(),
        }
