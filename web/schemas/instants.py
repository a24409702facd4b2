"""Instants on the wire: RFC 3339 in UTC."""

from __future__ import annotations

from datetime import UTC, datetime


def instant(value: datetime) -> str:
    """`value` in its wire form: `2026-11-24T09:12:00Z`."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def instant_or_null(value: datetime | None) -> str | None:
    return None if value is None else instant(value)
