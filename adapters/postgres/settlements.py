"""Settlements on PostgreSQL, the write side: what a provider told is staged, taken in, matched and compared by set."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from adapters import guard
from adapters.postgres import settlement_posting as posting
from adapters.postgres import settlement_staging as staging
from adapters.postgres import settlement_statements as taking
from adapters.postgres.session import Session
from adapters.postgres.settlement_findings import FIND
from adapters.postgres.tables.payments import payment_accounts, payments
from adapters.postgres.tables.reconciliation import exceptions, reconciliation_settings
from adapters.postgres.tables.settlements import fee_contracts, payouts, reconciliation_runs
from core.reconciliation.kinds import ExceptionKind
from core.reconciliation.model import ExceptionState
from core.reconciliation.rules import RuleSet, RunState
from core.reconciliation.runs import Run
from core.reconciliation.settling import LineFact, LossFact, PayoutFact
from core.shared.errors import NotFound
from core.shared.ids import PaymentAccountId, PayoutId, ProviderLineId, RunId
from ports.settlement_books import Comparison, FeeContract, Horizon
from ports.settlements import DisputeSeen, PayoutSeen, SettlementLine

# Money may be older than the account's row: that of a shop that was taken over.
_OPENED = sa.func.least(
    payment_accounts.c.created_at,
    sa.select(sa.func.min(payments.c.created_at))
    .where(payments.c.store_id == payment_accounts.c.store_id, payments.c.account_id == payment_accounts.c.id)
    .scalar_subquery(),
)
_HORIZON = sa.select(
    _OPENED.label("opened"),
    sa.select(sa.func.max(reconciliation_runs.c.started_at))
    .where(
        reconciliation_runs.c.store_id == payment_accounts.c.store_id,
        reconciliation_runs.c.account_id == payment_accounts.c.id,
        reconciliation_runs.c.state.in_([RunState.MATCHED, RunState.DONE]),
        ~reconciliation_runs.c.dry_run,
    )
    .scalar_subquery()
    .label("last"),
).where(payment_accounts.c.id == sa.bindparam("account"))
# One that had compared is over: what it left to be posted is posted by whoever comes next.
_read = reconciliation_runs.c.state == RunState.MATCHED
_ABANDONED = (
    sa.update(reconciliation_runs)
    .where(
        reconciliation_runs.c.account_id == sa.bindparam("account"),
        reconciliation_runs.c.state.in_([RunState.PULLING, RunState.MATCHED]),
        reconciliation_runs.c.started_at < sa.bindparam("before"),
    )
    .values(
        state=sa.case((_read, RunState.DONE), else_=RunState.FAILED),
        failure=sa.case((_read, None), else_=sa.bindparam("why")),
        finished_at=sa.bindparam("now"),
    )
    .returning(reconciliation_runs.c.id)
)
# Lines of a payout that does not add up are read again: a page may have left one out.
_SHORT = (
    sa.select(exceptions.c.id)
    .where(
        exceptions.c.store_id == payouts.c.store_id,
        exceptions.c.account_id == payouts.c.account_id,
        exceptions.c.right_reference == payouts.c.reference,
        exceptions.c.kind.in_([ExceptionKind.PAYOUT_SHORT, ExceptionKind.PAYOUT_OVER]),
        exceptions.c.state == ExceptionState.OPEN,
    )
    .exists()
)
_KNOWN = sa.select(payouts.c.reference).where(
    payouts.c.account_id == sa.bindparam("account"),
    payouts.c.lines_read,
    ~_SHORT,
    payouts.c.reference == sa.any_(sa.bindparam("references", type_=sa.ARRAY(sa.Text))),
)
_CLEAR = sa.text("SELECT clear_settlement_rows(:run)")


class PostgresSettlements:
    def __init__(self, session: Session) -> None:
        self._session = session

    # -- runs --------------------------------------------------------------------------------------------------

    def horizon(self, account_id: PaymentAccountId) -> Horizon:
        row = self._session.row(_HORIZON, {"account": account_id})
        if row is None:
            raise NotFound("There is no such payment account.")
        return Horizon(row["opened"], row["last"])

    def add_run(self, run: Run) -> None:
        self._session.write(
            sa.insert(reconciliation_runs).values(
                id=run.id,
                store_id=self._session.store_id,
                account_id=run.account_id,
                trigger=run.trigger,
                dry_run=run.dry_run,
                rule_version=run.rule_version,
                since=run.since,
                started_at=run.started_at,
                **_state(run),
            )
        )

    def save_run(self, run: Run) -> None:
        self._session.write(
            sa.update(reconciliation_runs).where(reconciliation_runs.c.id == run.id).values(**_state(run))
        )

    def abandon(self, account_id: PaymentAccountId, before: datetime, why: str) -> None:
        asked = {"account": account_id, "before": before, "why": why, "now": self._session.now()}
        for row in self._session.write(_ABANDONED, asked).all():
            self.clear(RunId(row.id))

    # -- what the provider tells -------------------------------------------------------------------------------

    def stage_lines(self, run_id: RunId, lines: Sequence[SettlementLine]) -> None:
        staging.copy_lines(self._session, run_id, lines)

    def stage_payouts(self, run_id: RunId, payouts: Sequence[PayoutSeen], read: Collection[str]) -> None:
        staging.copy_payouts(self._session, run_id, payouts, read)

    def stage_disputes(self, run_id: RunId, disputes: Sequence[DisputeSeen]) -> None:
        staging.copy_disputes(self._session, run_id, disputes)

    def clear(self, run_id: RunId) -> None:
        self._session.write(_CLEAR, {"run": run_id})

    def lines_known(self, account_id: PaymentAccountId, payouts: Collection[str]) -> frozenset[str]:
        rows = self._session.rows(_KNOWN, {"account": account_id, "references": sorted(payouts)})
        return frozenset(row["reference"] for row in rows)

    # -- comparing ---------------------------------------------------------------------------------------------

    def compare(self, run: Run, rules: RuleSet, now: datetime) -> Comparison:
        asked = {"account": run.account_id, "run": run.id, "now": now, "rules": rules.version}
        self._session.rows(taking.LOCK, asked)
        self._session.rows(taking.TUNE)
        counts: dict[str, int] = {}
        totals = self._told(asked, counts)
        self._take_in(asked, counts)
        guard.reached("reconciliation.taken_in")
        for statement in (taking.MATCH_EARLIER, taking.MATCH_BY_AMOUNT):
            for (by,) in self._session.write(statement, {**asked, "days": rules.date_window_days}).all():
                counts[f"matched:{by}"] = counts.get(f"matched:{by}", 0) + 1
        self._find(asked, rules, counts)
        guard.reached("reconciliation.compared")
        return Comparison(counts, totals)

    def _told(self, asked: Mapping[str, Any], counts: dict[str, int]) -> dict[str, int]:
        totals: dict[str, int] = {}
        counts["lines_told"] = 0
        for row in self._session.rows(taking.TOLD, asked):
            counts["lines_told"] += row["lines"]
            for name in ("gross", "fee", "net"):
                totals[f"{row['currency']}:{row['word']}:{name}"] = row[name]
        return totals

    def _take_in(self, asked: Mapping[str, Any], counts: dict[str, int]) -> None:
        for statement in (taking.TAKE_DISPUTES, taking.TAKE_DISPUTES_OF_LINES, taking.TAKE_PAYOUTS):
            self._session.write(statement, asked)
        counts["lines_new"] = 0
        for row in self._session.write(taking.TAKE_LINES, asked).mappings().all():
            counts["lines_new"] += row["lines"]
            if row["match_pass"]:
                counts[f"matched:{row['match_pass']}"] = row["lines"]
        if counts["lines_new"] < counts["lines_told"]:
            changed = self._session.write(taking.CHANGE_LINES, asked).scalars().all()
            counts["lines_changed"] = sum(changed)  # those of this run were told in pieces

    def _find(self, asked: Mapping[str, Any], rules: RuleSet, counts: dict[str, int]) -> None:
        limits = {
            "tolerance": rules.fee_tolerance,
            "lag": rules.lag_hours,
            "slow_lag": rules.slow_lag_hours,
            "slow_methods": sorted(rules.slow_methods),
            "label": "reconciliation",
        }
        for row in self._session.write(FIND, {**asked, **limits}).mappings().all():
            what = "raised" if row["what"] == "opened" else row["what"]
            counts[f"{what}:{row['kind']}"] = row["exceptions"]

    # -- posting -----------------------------------------------------------------------------------------------

    def lines_to_post(self, account_id: PaymentAccountId, limit: int) -> Sequence[LineFact]:
        return posting.to_lines(self._session.rows(posting.LINES, {"account": account_id, "at_most": limit}))

    def lines_posted(self, lines: Collection[ProviderLineId]) -> None:
        self._session.write(posting.LINES_POSTED, {"ids": list(lines)})

    def payouts_to_post(self, account_id: PaymentAccountId, limit: int, now: datetime) -> Sequence[PayoutFact]:
        return posting.to_payouts(self._session.rows(posting.PAYOUTS, {"account": account_id, "at_most": limit}), now)

    def payouts_posted(self, payouts: Mapping[PayoutId, bool]) -> None:
        self._session.write(posting.PAYOUTS_POSTED, {"ids": list(payouts), "back": list(payouts.values())})

    def losses_to_post(self, account_id: PaymentAccountId, limit: int, now: datetime) -> Sequence[LossFact]:
        return posting.to_losses(self._session.rows(posting.LOSSES, {"account": account_id, "at_most": limit}), now)

    def losses_posted(self, disputes: Collection[UUID]) -> None:
        self._session.write(posting.LOSSES_POSTED, {"ids": list(disputes)})

    # -- settings ----------------------------------------------------------------------------------------------

    def put_contract(self, account_id: PaymentAccountId, contract: FeeContract) -> None:
        terms = {"basis_points": contract.basis_points, "fixed_minor": contract.fixed_minor}
        key = {
            "store_id": self._session.store_id,
            "account_id": account_id,
            "method": contract.method,
            "currency": contract.currency,
            "valid_from": contract.valid_from,
        }
        statement = insert(fee_contracts).values(id=self._session.ids.new(), **key, **terms)
        self._session.write(statement.on_conflict_do_update(index_elements=list(key), set_=terms))

    def set_approval_limit(self, minor: int) -> None:
        statement = insert(reconciliation_settings).values(store_id=self._session.store_id, approval_limit_minor=minor)
        self._session.write(
            statement.on_conflict_do_update(index_elements=["store_id"], set_={"approval_limit_minor": minor})
        )


def _state(run: Run) -> dict[str, Any]:
    return {
        "state": run.state,
        "finished_at": run.finished_at,
        "counts": run.counts,
        "totals": run.totals,
        "failure": run.failure,
    }
