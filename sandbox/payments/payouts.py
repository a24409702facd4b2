"""Daily payouts: every business day at midnight in São Paulo, of all that is available by then, when it is positive.

States and what follows a failure: https://docs.stripe.com/payouts (a paid one may still fail within five business
days), https://docs.stripe.com/payouts/reconciliation.
"""

from __future__ import annotations

from dataclasses import replace

from psycopg import sql

from sandbox.ids import new_id
from sandbox.payments import balance, faults
from sandbox.payments.business_days import at, day_of, later, utc_midnight
from sandbox.payments.errors import ApiError
from sandbox.payments.events import emit
from sandbox.payments.money_records import Line, Payout
from sandbox.payments.money_wire import payout_json
from sandbox.payments.records import find, insert, save, select
from sandbox.payments.store import Books, Call

SENT_HOUR = 9  # of São Paulo, when the bank takes the day's payouts
FAILS_WITHIN = 5  # business days
UNPAID = sql.SQL("account = %s AND payout IS NULL AND NOT withheld AND available_on <= %s AND created <= %s")
DELTA = 100  # minor units by which a planted payout differs from its lines


def accounts_due(books: Books, now: int) -> list[str]:
    """Accounts whose daily payout is due."""
    rows = books.execute("SELECT account FROM sandbox.payout_runs WHERE next_run <= %s LIMIT 200", (now,)).fetchall()
    return [row["account"] for row in rows]


def due(books: Books, now: int, account: str | None = None) -> list[tuple[str, str]]:
    """(account, id) of payouts whose state goes on, of one account or all."""
    rows = books.execute(
        "SELECT account, id FROM sandbox.payouts WHERE next_at <= %s AND account = coalesce(%s, account)"
        " ORDER BY next_at, seq LIMIT 200",
        (now, account),
    ).fetchall()
    return [(row["account"], row["id"]) for row in rows]


def alone(call: Call) -> int | None:
    """Have the account's payouts to oneself until the transaction ends; returns when the next is due, if ever.

    Whoever pays out or lets payouts go on takes this first, before any lock on what they carry.
    """
    row = call.books.execute(
        "SELECT next_run FROM sandbox.payout_runs WHERE account = %s FOR UPDATE", (call.account,)
    ).fetchone()
    return None if row is None else int(row["next_run"])


def anything_due(call: Call) -> bool:
    """Whether the account's payouts have something to do."""
    row = call.books.execute(
        "SELECT 1 FROM sandbox.payout_runs WHERE account = %(account)s AND next_run <= %(now)s"
        " UNION ALL SELECT 1 FROM sandbox.payouts WHERE account = %(account)s AND next_at <= %(now)s LIMIT 1",
        {"account": call.account, "now": call.now},
    ).fetchone()
    return row is not None


def run(call: Call) -> bool:
    """Pay out for the next midnight that has passed; False when there is none."""
    midnight = alone(call)
    if midnight is None or midnight > call.now:
        return False
    then = replace(call, now=midnight, request_id=None, idempotency_key=None)
    for currency, amount in _available(then):
        _create(then, currency, amount)
    following = at(later(day_of(midnight if _waiting(call) else max(call.now, midnight)), 1))
    call.books.execute("UPDATE sandbox.payout_runs SET next_run = %s WHERE account = %s", (following, call.account))
    return True


def _waiting(call: Call) -> bool:
    """Whether a later midnight may find anything."""
    row = call.books.execute(
        "SELECT 1 FROM sandbox.balance_transactions WHERE account = %s AND payout IS NULL AND NOT withheld LIMIT 1",
        (call.account,),
    ).fetchone()
    return row is not None


def _available(call: Call) -> list[tuple[str, int]]:
    rows = call.books.execute(
        sql.SQL(
            "SELECT currency, sum(amount - fee)::bigint AS net FROM sandbox.balance_transactions WHERE {}"
            " GROUP BY currency HAVING sum(amount - fee) > 0 ORDER BY currency"
        ).format(UNPAID),
        (call.account, call.now, call.now),
    ).fetchall()
    return [(row["currency"], int(row["net"])) for row in rows]


def _create(call: Call, currency: str, net: int) -> None:
    day = day_of(call.now)
    fault = faults.consume(call.books, call.account, ["payout", "*"], faults.PAYOUT_KINDS, f"payout of {day}")
    planted = fault.kind if fault else None
    amount = net + {"payout_over": DELTA, "payout_short": -DELTA}.get(planted or "", 0)
    payout = Payout(
        id=new_id("po"),
        account=call.account,
        created=call.now,
        amount=max(amount, 1),
        currency=currency,
        arrival_date=utc_midnight(later(day, 1)),
        next_at=at(day, SENT_HOUR),
        planted=planted,
    )
    insert(call.books, payout)
    call.books.execute(
        sql.SQL("UPDATE sandbox.balance_transactions SET payout = %s WHERE {} AND currency = %s").format(UNPAID),
        (payout.id, call.account, call.now, call.now, currency),
    )
    line = balance.new_line(
        call, "payout", "payout", -payout.amount, currency, source=payout.id, payout=payout.id,
        description="STRIPE PAYOUT",
    )  # fmt: skip
    insert(call.books, line)
    payout.balance_transaction = line.id
    save(call.books, payout)
    emit(call, "payout.created", payout_json(payout))


def advance(call: Call, payout_id: str) -> Payout:
    """Let a payout's state go on, as far as its time has come."""
    alone(call)
    payout = find(call, Payout, payout_id, lock=True)
    while payout.next_at is not None and payout.next_at <= call.now:
        then = replace(call, now=payout.next_at, request_id=None, idempotency_key=None)
        if payout.status == "pending":
            _send(then, payout)
        elif payout.planted == "payout_failed":
            _fail(then, payout, "could_not_process")
        else:
            _arrive(then, payout)
    return payout


def _send(call: Call, payout: Payout) -> None:
    """The bank has it, and all its lines are known."""
    payout.status, payout.reconciliation_status = "in_transit", "completed"
    payout.next_at = at(later(day_of(payout.created), 1))
    save(call.books, payout)
    emit(call, "payout.updated", payout_json(payout))
    emit(call, "payout.reconciliation_completed", payout_json(payout))


def _arrive(call: Call, payout: Payout) -> None:
    payout.status, payout.next_at = "paid", None
    payout.trace = f"{day_of(call.now):%Y%m%d}{payout.id.removeprefix('po_')[-9:].upper()}"
    save(call.books, payout)
    emit(call, "payout.paid", payout_json(payout))


def fail(call: Call, payout_id: str, code: str = "account_closed") -> Payout:
    """The bank sends the money back: a line of its own, which the next payout carries.

    Raises ApiError 400 when the payout has failed already or was paid more than five business days ago.
    """
    alone(call)
    payout = find(call, Payout, payout_id, lock=True)
    last = later(day_of(payout.arrival_date + 43_200), FAILS_WITHIN)
    if payout.status == "failed" or day_of(call.now) > last:
        raise ApiError(400, "invalid_request_error", f"Payout {payout.id} cannot fail: it is {payout.status}")
    _fail(call, payout, code)
    return payout


def _fail(call: Call, payout: Payout, code: str) -> None:
    line: Line = balance.new_line(
        call, "payout_failure", "payout_reversal", payout.amount, payout.currency, source=payout.id,
        description="PAYOUT FAILURE",
    )  # fmt: skip
    payout.failure_balance_transaction = balance.book(call, line).id
    payout.status, payout.next_at, payout.failure_code = "failed", None, code
    payout.failure_message = "The bank could not process this transfer."
    payout.reconciliation_status = "completed"
    save(call.books, payout)
    emit(call, "payout.failed", payout_json(payout))
    emit(call, "payout.updated", payout_json(payout))


def of_account(call: Call) -> list[Payout]:
    """Every payout of the account, oldest first."""
    return select(call.books, Payout, sql.SQL("account = %s ORDER BY seq"), [call.account])
