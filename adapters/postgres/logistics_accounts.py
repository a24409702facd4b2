"""Accounts at carriers and how often each may be asked, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.logistics_rows import to_account
from adapters.postgres.session import Session
from adapters.postgres.tables.logistics import carrier_accounts, carrier_budgets
from core.logistics.budget import Budget
from core.shared.errors import NotFound
from core.shared.ids import CarrierAccountId
from ports.carriers import CarrierAccount

_GET = sa.select(carrier_accounts).where(carrier_accounts.c.id == sa.bindparam("account_id"))
_ENABLED = (
    sa.select(carrier_accounts)
    .where(carrier_accounts.c.enabled)
    .order_by(carrier_accounts.c.position, carrier_accounts.c.id)
)
_BUDGET = sa.select(carrier_budgets).where(carrier_budgets.c.account_id == sa.bindparam("account_id")).with_for_update()


class PostgresCarrierAccounts:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, account: CarrierAccount, created_at: datetime, position: int) -> None:
        self._session.write(
            sa.insert(carrier_accounts).values(
                id=account.id,
                store_id=self._session.store_id,
                carrier=account.carrier,
                name=account.name,
                config=account.config,
                enabled=account.enabled,
                requests_per_second=account.requests_per_second,
                burst=account.burst,
                requests_per_day=account.requests_per_day,
                position=position,
                created_at=created_at,
            )
        )
        self._session.changed(
            "carrier_account", account.id, None, {"name": account.name, "carrier": account.carrier, "enabled": True}
        )

    def get(self, account_id: CarrierAccountId) -> CarrierAccount:
        row = self._session.row(_GET, {"account_id": account_id})
        if row is None:
            raise NotFound("There is no such carrier account.")
        return to_account(row)

    def enabled(self) -> Sequence[CarrierAccount]:
        return [to_account(row) for row in self._session.rows(_ENABLED)]

    def set_enabled(self, account_id: CarrierAccountId, enabled: bool) -> None:
        before = self.get(account_id)
        self._session.write(
            sa.update(carrier_accounts).where(carrier_accounts.c.id == account_id).values(enabled=enabled)
        )
        self._session.changed("carrier_account", account_id, {"enabled": before.enabled}, {"enabled": enabled})

    def budget(self, account: CarrierAccount, wall: datetime) -> Budget:
        row = self._session.row(_BUDGET, {"account_id": account.id})
        if row is None:
            self._begin(account, wall)
            row = self._session.row(_BUDGET, {"account_id": account.id})
        if row is None:
            raise NotFound("There is no such carrier account.")
        return Budget(
            account_id=account.id,
            most_rate=account.requests_per_second * 1000,
            burst=account.burst,
            per_day=account.requests_per_day,
            rate=min(row["rate_milli"], account.requests_per_second * 1000),
            tokens=row["tokens_milli"],
            refilled_at=row["refilled_at"],
            day=row["day"],
            used_today=row["used_today"],
            paused_until=row["paused_until"],
        )

    # What a budget holds is a note of the machinery's, so it leaves no trace in the activity log.

    def _begin(self, account: CarrierAccount, wall: datetime) -> None:
        full = Budget.full(account.id, account.requests_per_second, account.burst, account.requests_per_day, wall)
        statement = insert(carrier_budgets).values(
            id=self._session.ids.new(), store_id=self._session.store_id, account_id=account.id, **_values(full)
        )
        self._session.connection.execute(statement.on_conflict_do_nothing())

    def save_budget(self, budget: Budget) -> None:
        self._session.connection.execute(
            sa.update(carrier_budgets).where(carrier_budgets.c.account_id == budget.account_id).values(_values(budget))
        )


def _values(budget: Budget) -> dict[str, object]:
    return {
        "rate_milli": budget.rate,
        "tokens_milli": budget.tokens,
        "refilled_at": budget.refilled_at,
        "day": budget.day,
        "used_today": budget.used_today,
        "paused_until": budget.paused_until,
    }
