"""Seals of journal entries and closed days: what nobody can write who has only the database.

A seal is HMAC-SHA256 (RFC 2104) under a key of the settings over everything that an entry says, its number included.
Numbers have no gaps, so an entry that was changed, removed or put in between is found without asking the database's
own triggers, which a superuser can switch off.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

Row = Mapping[str, Any]

_PURPOSE = b"ledger seal, first form"

# What a seal covers, by column. Accounts are named by what they are, so that renaming one is a change.
ENTRY_FIELDS = (
    "store_id", "number", "key", "kind", "fact_at", "booked_on", "source_type", "source_id", "order_id", "reverses",
    "memo", "posted_at",
)  # fmt: skip
POSTING_FIELDS = (
    "line", "account_id", "code", "payment_account_id", "amount_minor", "currency", "open_item", "booked_on", "number",
)  # fmt: skip
DAY_FIELDS = (
    "store_id", "day", "sequence", "closed", "reason", "decided_by", "decided_at", "last_number", "entries", "digest",
)  # fmt: skip


class Seals:
    """Seals with the first of `keys`, recognises seals of any of them."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = [hmac.digest(key, _PURPOSE, "sha256") for key in keys]

    def seal(self, content: bytes) -> bytes:
        return hmac.digest(self._keys[0], content, "sha256")

    def fits(self, content: bytes, seal: bytes) -> bool:
        """Whether `seal` is one of ours for `content`."""
        return any(hmac.compare_digest(hmac.digest(key, content, "sha256"), seal) for key in self._keys)


def entry_content(entry: Row, postings: Sequence[Row]) -> bytes:
    """Everything that an entry's seal covers; `postings` in the order of their lines."""
    lines = [[_plain(posting[name]) for name in POSTING_FIELDS] for posting in postings]
    return _bytes([_plain(entry[name]) for name in ENTRY_FIELDS], lines)


def day_content(day: Row) -> bytes:
    """Everything that the seal of a closed or reopened day covers."""
    return _bytes([_plain(day[name]) for name in DAY_FIELDS], [])


def head_content(store_id: UUID, following: int, last_seal: bytes) -> bytes:
    """What the journal's counter is sealed with: the number to come, and the seal of the entry before it."""
    return _bytes([_plain(store_id), following, _plain(last_seal)], [])


class Digest:
    """The digest of a closed day: the seals of its entries by number, after the digest of the closing before it."""

    def __init__(self, before: bytes) -> None:
        self._hash = hashlib.sha256(before)

    def add(self, seal: bytes) -> None:
        self._hash.update(seal)

    def value(self) -> bytes:
        return self._hash.digest()


def _bytes(fields: list[Any], lines: list[Any]) -> bytes:
    return json.dumps([fields, lines], separators=(",", ":"), ensure_ascii=True).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if value is None or isinstance(value, bool | int | str):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat()  # a day
