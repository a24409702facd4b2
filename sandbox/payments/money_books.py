"""The money side as an oracle: each line with what was planted on it, payouts, disputes, and what they add up to."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sandbox.payments.store import Books


def money(books: Books, account: str) -> dict[str, Any]:
    """What the balance really holds, minor units, over all currencies.

    Lines that are withheld are in `balance_transactions` alone: the API never tells them, and no payout carries them.
    `settlement`: gross by reporting category, fees kept, `paid_out` (failed payouts taken off), `balance` left, and
    `remainders`, what each payout is more than its lines.
    """
    lines = _rows(
        books,
        "SELECT id, created, available_on, amount, fee, amount - fee AS net, currency, type, reporting_category,"
        " source, payment_intent, payout, withheld, repeats, planted FROM sandbox.balance_transactions"
        " WHERE account = %s ORDER BY seq",
        account,
    )
    payouts = _rows(
        books,
        "SELECT id, created, amount, currency, status, arrival_date, trace, failure_code, reconciliation_status,"
        " planted FROM sandbox.payouts WHERE account = %s ORDER BY seq",
        account,
    )
    disputes = _rows(
        books,
        "SELECT id, created, payment_intent, charge, amount, currency, status, reason FROM sandbox.disputes"
        " WHERE account = %s ORDER BY seq",
        account,
    )
    vouchers = _rows(
        books,
        "SELECT id, created, payment_intent, amount, word_at FROM sandbox.voucher_payments"
        " WHERE account = %s ORDER BY seq",
        account,
    )
    told = [line for line in lines if not line["withheld"]]
    return {
        "balance_transactions": lines,
        "payouts": payouts,
        "disputes": disputes,
        "voucher_payments": vouchers,
        "settlement": _added(told, payouts),
    }


def _added(lines: list[dict[str, Any]], payouts: list[dict[str, Any]]) -> dict[str, Any]:
    gross: Counter[str] = Counter()
    carried: Counter[str] = Counter()
    for line in lines:
        gross[line["reporting_category"]] += line["amount"]
        carried[line["payout"] or ""] += line["net"]
    return {
        "gross": dict(gross),
        "fees": sum(line["fee"] for line in lines),
        "paid_out": sum(payout["amount"] for payout in payouts if payout["status"] != "failed"),
        "balance": sum(line["net"] for line in lines),
        "remainders": {payout["id"]: -carried[payout["id"]] for payout in payouts if carried[payout["id"]]},
    }


def _rows(books: Books, statement: Any, account: str) -> list[dict[str, Any]]:
    return list(books.execute(statement, (account,)).fetchall())
