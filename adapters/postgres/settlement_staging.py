"""What a provider told, as COPY text for the staging table."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, cast
from uuid import UUID

import psycopg

from adapters.postgres.session import Session
from ports.ids import Ids
from ports.settlements import DisputeSeen, PayoutSeen, SettlementLine

_NULL = r"\N"
_LINE = (
    "run_id, kind, id, reference, word, raw_word, gross_minor, fee_minor, net_minor, currency, created_at, on_day,"
    " source_reference, tender_reference, merchant_reference, merchant_id, payout_reference, method, description, raw"
)
_PAYOUT = (
    "run_id, kind, id, reference, word, gross_minor, currency, created_at, on_day, source_reference, description, flag,"
    " read"
)
_DISPUTE = (
    "run_id, kind, id, reference, word, gross_minor, currency, created_at, tender_reference, description, flag, due_at"
)


def copy_lines(session: Session, run_id: UUID, lines: Sequence[SettlementLine]) -> None:
    """COPY lines of the provider's balance."""
    _copy(session, _LINE, _lines(run_id.hex, session.ids, lines))


def _lines(run: str, ids: Ids, lines: Iterable[SettlementLine]) -> Iterator[str]:
    for line in lines:
        gross = line.gross
        yield "\t".join((
            run, "line", ids.new().hex, _text(line.external_id), line.category.value, _text(line.raw_category),
            str(gross.minor), str(line.fee.minor), str(line.net.minor), gross.currency, line.created_at.isoformat(),
            line.available_on.isoformat(), _text(line.source_reference), _text(line.tender_reference),
            _text(line.merchant_reference), _identifier(line.merchant_reference), _text(line.payout_reference),
            _text(line.method), _text(line.description), _text(json.dumps(line.raw)) if line.raw else "{}",
        ))  # fmt: skip


def copy_payouts(session: Session, run_id: UUID, payouts: Sequence[PayoutSeen], read: Collection[str]) -> None:
    """COPY payouts; `read` are references of those whose lines were read to the end."""
    _copy(
        session,
        _PAYOUT,
        (
            "\t".join((
                run_id.hex, "payout", session.ids.new().hex, _text(payout.reference), payout.status.value,
                str(payout.amount.minor), payout.amount.currency, payout.created_at.isoformat(),
                payout.arrival_on.isoformat(), _text(payout.bank_reference), _text(payout.failure_code),
                _truth(payout.complete), _truth(payout.reference in read),
            ))
            for payout in payouts
        ),
    )  # fmt: skip


def copy_disputes(session: Session, run_id: UUID, disputes: Sequence[DisputeSeen]) -> None:
    """COPY disputes."""
    _copy(
        session,
        _DISPUTE,
        (
            "\t".join((
                run_id.hex, "dispute", session.ids.new().hex, _text(dispute.reference), dispute.status.value,
                str(dispute.amount.minor), dispute.amount.currency, dispute.created_at.isoformat(),
                _text(dispute.tender_reference), _text(dispute.reason), _truth(dispute.withdrawn),
                _NULL if dispute.evidence_due_at is None else dispute.evidence_due_at.isoformat(),
            ))
            for dispute in disputes
        ),
    )  # fmt: skip


def _copy(session: Session, columns: str, rows: Iterable[str]) -> None:
    text = "\n".join(rows)
    if not text:
        return
    session.wrote = True
    connection = cast("psycopg.Connection[Any]", session.connection.connection.driver_connection)
    statement = cast("Any", f"COPY staging.settlement_rows ({columns}) FROM STDIN")
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(text.encode() + b"\n")


# The text format of COPY: https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS
def _text(value: str | None) -> str:
    if value is None:
        return _NULL
    for sign, escape in (("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"), ("\0", "")):
        if sign in value:
            value = value.replace(sign, escape)
    return value


def _truth(value: bool) -> str:
    return "t" if value else "f"


def _identifier(reference: str | None) -> str:
    """Our own id where the provider echoes one."""
    if reference is None or len(reference) != 36:
        return _NULL
    try:
        return str(UUID(reference))
    except ValueError:
        return _NULL
