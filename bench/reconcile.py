"""200,000 settlement lines against 200,000 payments: read, staged, taken in, matched and compared, beside COPY of the
same lines plus one hash join of the two tables on the same server.

The provider makes pages of lines in memory; the time that takes is the provider's and is taken off. Three in two
hundred lines don't fit. The comparison runs in a process of its own, whose peak is read from the operating system; once
more with a tenth of the lines, since memory must not grow with them. Posting is not measured here: it is the ledger's,
a batch at a time.
"""

from __future__ import annotations

import json
import os
import resource
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from adapters.provisioning import ROLES, DatabaseAddresses, start_database
from adapters.settings import Settings
from adapters.wiring import Wired, settle, wire
from bench.import_products import _environment
from core.payments.use_cases.add_account import AddAccount, add_account
from core.reconciliation.rules import Trigger
from core.reconciliation.use_cases import reconcile as comparing
from core.reconciliation.use_cases.set_fee_contract import SetFeeContract, set_fee_contract
from core.shared.context import CallContext, Job
from core.shared.ids import PaymentAccountId, StoreId
from core.shared.money import Money, round_half_even
from core.stores.use_cases.create_store import CreateStore, create_store
from ports.settlement_books import FeeContract
from ports.settlements import DisputeSeen, LineCategory, PayoutSeen, PayoutStatus, SettlementLine, SettlementPage

LINES = 200_000
TENTH = 10
PER_PAYOUT = 5_000
PAGE = 1_000
START = datetime(2026, 11, 1, tzinfo=UTC)
BASIS_POINTS, FIXED = 399, 39

PAYMENTS = """
INSERT INTO payments (id, store_id, account_id, provider, method, cart_id, session_id, state, currency, amount_minor,
    authorised_minor, captured_minor, refunded_minor, refunding_minor, manual_capture, confirmed_by_hand,
    provider_reference, details, created_at, checks, version)
SELECT overlay(%(store)s::text PLACING lpad(to_hex(n), 12, '0') FROM 25)::uuid, %(store)s, %(account)s, 'stripe',
    'card', %(store)s, %(store)s, 'captured', 'BRL', 1000 + n %% 90000, 0, 1000 + n %% 90000, 0, 0, false, false,
    'pi_' || %(mark)s || n, '{}', %(start)s, 0, 1
FROM generate_series(0, %(lines)s - 1) AS n
"""
CAPTURES = """
INSERT INTO payment_operations (id, store_id, payment_id, kind, state, amount_minor, currency, key, details,
    requested_at, finished_at)
SELECT gen_random_uuid(), store_id, id, 'capture', 'succeeded', captured_minor, currency, 'k', '{}', created_at,
    created_at
FROM payments WHERE account_id = %(account)s
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds and bytes of one comparison, and what COPY and the join alone took."""

    lines: int
    seconds: float
    copy_seconds: float
    join_seconds: float
    peak_bytes: int
    small_peak_bytes: int
    counts: dict[str, int]

    @property
    def floor(self) -> float:
        return self.copy_seconds + self.join_seconds

    @property
    def ratio(self) -> float:
        return self.seconds / self.floor

    @property
    def growth(self) -> float:
        return self.peak_bytes / self.small_peak_bytes

    def line(self) -> str:
        """The row of the frame."""
        return (
            f"reconcile: {self.lines:,} lines in {self.seconds:.2f} s = {self.lines / self.seconds:,.0f} lines/s;"
            f" COPY {self.copy_seconds:.2f} s and one hash join {self.join_seconds:.2f} s, ratio {self.ratio:.1f}"
            f" (aim 6); peak {self.peak_bytes / 1e6:.0f} MB,"
            f" {self.growth:.2f} times that of a tenth (aim 1.2)"
        )


class Provider:
    """Pages of lines, each in a payout with 4,999 others; `seconds` is the time that it needs itself."""

    def __init__(self, lines: int, mark: str) -> None:
        self._lines, self._mark = lines, mark
        self.seconds = 0.0

    def payouts(self, since: datetime, cursor: str | None, limit: int) -> SettlementPage[PayoutSeen]:
        started = time.perf_counter()
        told = [
            PayoutSeen(
                f"po_{self._mark}{number}",
                Money(sum(self._line(n).net.minor for n in self._of(number)), "BRL"),
                PayoutStatus.PAID, date(2026, 11, 20), START, complete=False,
            )
            for number in range(self._lines // PER_PAYOUT)
        ]  # fmt: skip
        self.seconds += time.perf_counter() - started
        return SettlementPage(told)

    def payout(self, reference: str) -> SettlementPage[PayoutSeen]:
        raise AssertionError("a payout that was listed is not asked for again")

    def payout_lines(self, reference: str, cursor: str | None, limit: int) -> SettlementPage[SettlementLine]:
        raise AssertionError("lines of a payout that is not complete are not asked for")

    def disputes(self, since: datetime, cursor: str | None, limit: int) -> SettlementPage[DisputeSeen]:
        return SettlementPage()

    def lines(self, since: datetime, cursor: str | None, limit: int) -> SettlementPage[SettlementLine]:
        started = time.perf_counter()
        first = int(cursor or 0)
        page = [self._line(n) for n in range(first, min(first + PAGE, self._lines))]
        after = first + PAGE
        self.seconds += time.perf_counter() - started
        return SettlementPage(page, str(after) if after < self._lines else None)

    def _of(self, payout: int) -> range:
        return range(payout * PER_PAYOUT, (payout + 1) * PER_PAYOUT)

    def _line(self, number: int) -> SettlementLine:
        gross = 1000 + number % 90_000
        fee = round_half_even(gross * BASIS_POINTS, 10_000) + FIXED
        tender = f"pi_{self._mark}{number}"
        if number % 200 == 0:
            gross += 70
        elif number % 200 == 50:
            fee += 90
        elif number % 200 == 100:
            tender = f"pi_{self._mark}unknown{number}"
        net = gross - fee
        return SettlementLine(
            f"txn_{self._mark}{number}", LineCategory.CHARGE, "charge", Money(gross, "BRL"), Money(fee, "BRL"),
            Money(net, "BRL"), START + timedelta(seconds=number), date(2026, 11, 5), f"ch_{self._mark}{number}",
            tender, None, f"po_{self._mark}{number // PER_PAYOUT}", "card",
        )  # fmt: skip

    def rows(self) -> Iterator[str]:
        """The same lines as COPY text."""
        for number in range(self._lines):
            line = self._line(number)
            yield "\t".join((
                line.external_id, line.category, line.raw_category, str(line.gross.minor), str(line.fee.minor),
                str(line.net.minor), "BRL", line.created_at.isoformat(), line.available_on.isoformat(),
                line.source_reference or "", line.tender_reference or "", line.payout_reference or "", "card",
            ))  # fmt: skip


def measure(database: DatabaseAddresses, folder: Path, lines: int = LINES) -> Measured:
    """Compare `lines` lines with as many payments in a new store of `database`, and a tenth in another."""
    small = _child(database, folder, lines // TENTH)
    big = _child(database, folder, lines)
    copied, joined = _floor(database.owner_url, lines, big["mark"])
    return Measured(lines, big["seconds"], copied, joined, big["peak"], small["peak"], big["counts"])


def _floor(url: str, lines: int, mark: str) -> tuple[float, float]:
    """Seconds of COPY of the lines into a plain table, and of one hash join of it with the payments, commits included;
    each the middle of three."""
    text = ("\n".join(Provider(lines, mark).rows()) + "\n").encode()
    copies, joins = [], []
    with psycopg.connect(url) as connection:
        for _ in range(3):
            connection.execute(
                "CREATE TABLE public.bench_lines (external_id text, category text, raw text, gross bigint, fee bigint,"
                " net bigint, currency char(3), created_at timestamptz, available_on date, source text, tender text,"
                " payout text, method text)"
            )
            connection.commit()
            started = time.perf_counter()
            with connection.cursor() as cursor, cursor.copy("COPY public.bench_lines FROM STDIN") as copy:
                copy.write(text)
            connection.commit()
            copies.append(time.perf_counter() - started)
            connection.execute("ANALYZE public.bench_lines")
            started = time.perf_counter()
            connection.execute(
                "SELECT count(*), sum(l.net), sum(p.captured_minor) FROM public.bench_lines l"
                " JOIN payments p ON p.provider_reference = l.tender"
            ).fetchone()
            joins.append(time.perf_counter() - started)
            connection.execute("DROP TABLE public.bench_lines")
            connection.commit()
    return sorted(copies)[1], sorted(joins)[1]


def _child(database: DatabaseAddresses, folder: Path, lines: int) -> dict[str, Any]:
    environment = os.environ | _environment(database, folder)
    command = [sys.executable, "-m", "bench.reconcile", str(lines), database.owner_url]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def run_once(lines: int, owner_url: str) -> dict[str, Any]:
    """Compare `lines` lines in a new store, as the environment says; what it took."""
    wired = wire(Settings.from_environment(os.environ))
    settle()
    mark = secrets.token_hex(3)
    account, context = _shop(wired, mark)
    _payments(owner_url, context.store_id, account, lines, mark)
    provider = Provider(lines, mark)
    gateways = wired.plain["gateways"]
    gateways.settlements = lambda _account: provider
    comparing._post = lambda run, uow, clock: 0
    started = time.perf_counter()
    outcome = wired.app.run(comparing.reconcile, comparing.Reconcile(account, Trigger.COMMAND), context)
    seconds = time.perf_counter() - started - provider.seconds
    if outcome is None or outcome.counts["matched:provider_reference"] != lines - lines // 200:
        raise RuntimeError(f"other matches than made: {outcome}")
    wired.engines.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"seconds": seconds, "peak": peak, "mark": mark, "counts": dict(outcome.counts)}


def _shop(wired: Wired, mark: str) -> tuple[PaymentAccountId, CallContext]:
    nobody = CallContext(None, Job("bench"), "bench")
    store_id: UUID = wired.app.run(
        create_store, CreateStore(name="Bench", slug=f"bench-{mark}", email="b@shop.example"), nobody
    )
    context = CallContext(StoreId(store_id), Job("bench"), "bench")
    keys = {"secret_key": "sk_test_bench", "webhook_secret": "whsec_bench", "publishable_key": "pk_test_bench"}
    account = wired.app.run(add_account, AddAccount("stripe", "Bench", ("card",), keys), context)
    contract = FeeContract("card", "BRL", BASIS_POINTS, FIXED, date(2026, 1, 1))
    wired.app.run(set_fee_contract, SetFeeContract(account, contract), context)
    return account, context


def _payments(owner_url: str, store_id: UUID | None, account: UUID, lines: int, mark: str) -> None:
    asked = {"store": store_id, "account": account, "mark": mark, "lines": lines, "start": START}
    with psycopg.connect(owner_url) as connection:
        connection.execute(PAYMENTS, asked)
        connection.execute(CAPTURES, asked)
        connection.execute("ANALYZE payments, payment_operations")
        connection.execute(
            "UPDATE payment_accounts SET created_at = %s WHERE id = %s", (START - timedelta(days=1), account)
        )


def main() -> None:
    """Measure on a server of our own and print the row."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # our own new folder: the server's user must get in
        passwords = {role: secrets.token_urlsafe(12) for role in ROLES}
        cluster, database = start_database(folder / "postgres", secrets.token_urlsafe(12), passwords)
        try:
            print(measure(database, folder).line())
        finally:
            cluster.remove()


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(json.dumps(run_once(int(sys.argv[1]), sys.argv[2])))
    else:
        main()
