"""What is open on the ledger of that which an exception is about: the item of clearing that its details name."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.postgres.tables.ledger import ledger_accounts, ledger_open_items
from adapters.postgres.tables.reconciliation import exceptions
from core.ledger.chart import AccountCode, OpenItem
from core.ledger.model import AccountRef
from core.reconciliation.actions import OpenAmount
from core.shared.ids import PaymentAccountId
from core.shared.money import Money

# The comparison writes down the item that a finding is about, as the ledger names it.
OPEN = (
    sa.select(
        ledger_open_items.c.amount_minor,
        ledger_open_items.c.open_item,
        ledger_accounts.c.currency,
        ledger_accounts.c.code,
        ledger_accounts.c.payment_account_id,
    )
    .select_from(
        exceptions.join(
            ledger_accounts,
            sa.and_(
                ledger_accounts.c.store_id == exceptions.c.store_id,
                ledger_accounts.c.code == AccountCode.CLEARING,
                ledger_accounts.c.currency == exceptions.c.currency,
                ledger_accounts.c.payment_account_id == exceptions.c.account_id,
            ),
        ).join(
            ledger_open_items,
            sa.and_(
                ledger_open_items.c.store_id == exceptions.c.store_id,
                ledger_open_items.c.account_id == ledger_accounts.c.id,
                ledger_open_items.c.open_item == exceptions.c.details["item"].astext,
            ),
        )
    )
    .where(exceptions.c.id == sa.bindparam("exception_id"), ledger_open_items.c.amount_minor != 0)
)


def to_open(row: sa.RowMapping | None) -> OpenAmount | None:
    """The open amount of a row of OPEN."""
    if row is None:
        return None
    account = AccountRef(AccountCode(row["code"]), PaymentAccountId(row["payment_account_id"]))
    return OpenAmount(account, OpenItem.parse(row["open_item"]), Money(row["amount_minor"], row["currency"]))
