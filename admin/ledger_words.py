"""The books in words: accounts, classes, kinds of entries, what an entry comes from, what is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TypeVar

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_babel.speaklater import LazyString

from admin import filters
from core.ledger.chart import AccountClass, AccountCode, ItemKind, OpenItem, class_of
from core.ledger.model import EntryKind, Source, SourceType
from ports.ledger_queries import MOST_OPEN_ITEMS, AccountName

T = TypeVar("T")

ACCOUNTS: Mapping[AccountCode, LazyString] = {
    AccountCode.BANK: _l("Bank"),
    AccountCode.CLEARING: _l("Provider clearing"),
    AccountCode.PAYOUTS_IN_TRANSIT: _l("Payouts in transit"),
    AccountCode.DISPUTES: _l("Disputes receivable"),
    AccountCode.RESERVES: _l("Provider reserves"),
    AccountCode.RECEIVABLES: _l("Receivables"),
    AccountCode.SUSPENSE: _l("Suspense"),
    AccountCode.DEPOSITS: _l("Customer deposits"),
    AccountCode.TAX_PAYABLE: _l("Tax payable"),
    AccountCode.CARRIER_PAYABLE: _l("Carrier payable"),
    AccountCode.SALES: _l("Sales"),
    AccountCode.SHIPPING_INCOME: _l("Shipping income"),
    AccountCode.RETURNS: _l("Sales returns"),
    AccountCode.DISCOUNTS: _l("Discounts"),
    AccountCode.SHIPPING_COST: _l("Shipping cost"),
    AccountCode.PROVIDER_FEES: _l("Provider fees"),
    AccountCode.DISPUTE_FEES: _l("Dispute fees"),
    AccountCode.CHARGEBACK_LOSSES: _l("Chargeback losses"),
    AccountCode.DIFFERENCES: _l("Reconciliation differences"),
}

MEANINGS: Mapping[AccountCode, LazyString] = {
    AccountCode.BANK: _l("What the bank statements show"),
    AccountCode.CLEARING: _l("What the provider owes us by our books"),
    AccountCode.PAYOUTS_IN_TRANSIT: _l("Announced by a provider, not on the bank statement yet"),
    AccountCode.DISPUTES: _l("Taken back by a provider until a dispute is decided"),
    AccountCode.RESERVES: _l("Set aside by a provider"),
    AccountCode.RECEIVABLES: _l("Goods left before their money came"),
    AccountCode.SUSPENSE: _l("Not yet explained"),
    AccountCode.DEPOSITS: _l("Paid, goods not sent yet"),
    AccountCode.TAX_PAYABLE: _l("Tax inside what was sold, less returns"),
    AccountCode.CARRIER_PAYABLE: _l("Postage bought, not paid yet"),
    AccountCode.SALES: _l("Goods that left, before discounts and without tax"),
    AccountCode.SHIPPING_INCOME: _l("Delivery that customers paid for"),
    AccountCode.RETURNS: _l("Given back for goods that had left"),
    AccountCode.DISCOUNTS: _l("Taken off prices"),
    AccountCode.SHIPPING_COST: _l("Postage bought"),
    AccountCode.PROVIDER_FEES: _l("Kept by providers, as their own lines say"),
    AccountCode.DISPUTE_FEES: _l("Kept by providers for disputes"),
    AccountCode.CHARGEBACK_LOSSES: _l("Disputes that were lost"),
    AccountCode.DIFFERENCES: _l("Written off with a reason"),
}

CLASSES: Mapping[AccountClass, LazyString] = {
    AccountClass.ASSETS: _l("Assets"),
    AccountClass.LIABILITIES: _l("Liabilities"),
    AccountClass.INCOME: _l("Income"),
    AccountClass.EXPENSES: _l("Expenses"),
}

KINDS: Mapping[EntryKind, LazyString] = {
    EntryKind.CAPTURE: _l("Capture"),
    EntryKind.REFUND: _l("Refund"),
    EntryKind.REFUND_REVERSED: _l("Refund failed"),
    EntryKind.GOODS_LEFT: _l("Goods left"),
    EntryKind.GOODS_BACK: _l("Goods had not left"),
    EntryKind.LABEL: _l("Postage"),
    EntryKind.LABEL_VOIDED: _l("Postage voided"),
    EntryKind.FEE: _l("Provider's fee"),
    EntryKind.PAYOUT: _l("Payout announced"),
    EntryKind.PAYOUT_FAILED: _l("Payout failed"),
    EntryKind.BANK: _l("Payout on the bank statement"),
    EntryKind.DISPUTE: _l("Dispute opened"),
    EntryKind.DISPUTE_LOST: _l("Dispute lost"),
    EntryKind.DISPUTE_WON: _l("Dispute won"),
    EntryKind.DISPUTE_FEE: _l("Fee of a dispute"),
    EntryKind.RESERVE_HELD: _l("Reserve held"),
    EntryKind.RESERVE_RELEASED: _l("Reserve released"),
    EntryKind.CLOSING_ITEM: _l("Open item closed by decision"),
}

SOURCES: Mapping[SourceType, LazyString] = {
    SourceType.PAYMENT_OPERATION: _l("Payment"),
    SourceType.FULFILMENT: _l("Fulfilment"),
    SourceType.SHIPMENT: _l("Postage"),
    SourceType.PROVIDER_LINE: _l("Provider's line"),
    SourceType.PAYOUT: _l("Payout"),
    SourceType.DISPUTE: _l("Dispute"),
    SourceType.EXCEPTION: _l("Exception"),
    SourceType.BANK_LINE: _l("Line of the bank statement"),
}

ITEMS: Mapping[ItemKind, LazyString] = {
    ItemKind.PAYMENT: _l("Payment"),
    ItemKind.REFUND: _l("Refund"),
    ItemKind.ORDER: lazy_pgettext("open item", "Order"),
    ItemKind.PAYOUT: _l("Payout"),
    ItemKind.DISPUTE: _l("Dispute"),
    ItemKind.SHIPMENT: _l("Postage"),
    ItemKind.LINE: _l("Provider's line"),
}


def account_name(account: AccountName) -> str:
    """{{ row.account|account_name }}: "Stripe clearing", without its number."""
    if account.payment_account is not None:
        return str(_("%(account)s clearing", account=account.payment_account))
    return str(ACCOUNTS[account.code])


def entry_number(number: int) -> str:
    """{{ 4934|entry_number }}: "JE-004934"."""
    return f"JE-{number:06}"


def open_count(count: int) -> str:
    """{{ 12|open_count }}: "12"; "999+" of more than are counted."""
    return filters.number(count) if count <= MOST_OPEN_ITEMS else f"{filters.number(MOST_OPEN_ITEMS)}+"


def item_name(item: OpenItem) -> str:
    """An open item in words: what it is and the end of its id."""
    return f"{ITEMS[item.kind]} …{item.id[-8:]}"


def source_address(source: Source, order_number: int | None) -> str | None:
    """Where the document of an entry is shown: the order's page has its payments, parcels and postage."""
    if source.type is SourceType.EXCEPTION:
        return url_for("exceptions.show", exception_id=source.id)
    return None if order_number is None else url_for("orders.show", number=order_number)


def by_class(rows: Sequence[T], code: str) -> list[tuple[LazyString, list[T]]]:
    """`rows` in the order they come under the names of their classes; `code` is the attribute with the number."""

    def class_name(row: T) -> AccountClass:
        return class_of(getattr(row, code))

    return [(CLASSES[name], list(found)) for name, found in groupby(rows, class_name)]
