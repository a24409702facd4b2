"""The chart of accounts: what every store's ledger can post to. An account exists per store and currency.

Numbers follow the usual classes: 1 assets, 2 liabilities, 4 income, 5 and 6 expenses.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AccountCode(StrEnum):
    BANK = "1000"
    CLEARING = "1100"
    PAYOUTS_IN_TRANSIT = "1110"
    DISPUTES = "1120"
    RESERVES = "1130"
    RECEIVABLES = "1150"
    SUSPENSE = "1190"
    DEPOSITS = "2100"
    TAX_PAYABLE = "2200"
    CARRIER_PAYABLE = "2300"
    SALES = "4000"
    SHIPPING_INCOME = "4010"
    RETURNS = "4900"
    DISCOUNTS = "4910"
    SHIPPING_COST = "5000"
    PROVIDER_FEES = "6100"
    DISPUTE_FEES = "6110"
    CHARGEBACK_LOSSES = "6120"
    DIFFERENCES = "6200"


class AccountClass(StrEnum):
    ASSETS = "assets"
    LIABILITIES = "liabilities"
    INCOME = "income"
    EXPENSES = "expenses"


_CLASSES = {
    "1": AccountClass.ASSETS,
    "2": AccountClass.LIABILITIES,
    "4": AccountClass.INCOME,
    "5": AccountClass.EXPENSES,
    "6": AccountClass.EXPENSES,
}


def class_of(code: AccountCode) -> AccountClass:
    """The class that an account's number begins with."""
    return _CLASSES[code.value[0]]


class ItemKind(StrEnum):
    """What an open item is about. Its id is our own, except a dispute's or a bank line's where we have none."""

    PAYMENT = "payment"
    REFUND = "refund"
    ORDER = "order"
    PAYOUT = "payout"
    DISPUTE = "dispute"
    SHIPMENT = "shipment"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What a posting opens or closes: an account is explained when each of its open items is zero."""

    kind: ItemKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> OpenItem:
        """The item that `str` made `text` of. Raises ValueError for an unknown kind."""
        kind, _, id_ = text.partition(":")
        return cls(ItemKind(kind), id_)
