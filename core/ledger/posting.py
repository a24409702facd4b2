"""Facts about postage, providers and the bank as journal entries: pure, one function a row of the posting table.

What concerns an order's own money (captures, refunds, goods leaving) stands in `order_posting`. Amounts are positive
as the rows name them; a fact in the other direction (a fee given back) comes with a negative amount.
In provider clearing a payment, a refund, a dispute or a line of its own is an open item until a payout carries it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.ledger.chart import AccountCode, ItemKind, OpenItem
from core.ledger.model import AccountRef, Entry, EntryKind, Posting, Source, SourceType, mirrored
from core.shared.ids import DisputeId, OrderId, PaymentAccountId, PayoutId, ProviderLineId, ShipmentId
from core.shared.money import Money


def clearing(account_id: PaymentAccountId) -> AccountRef:
    """The clearing account of one payment account."""
    return AccountRef(AccountCode.CLEARING, account_id)


def posting(code: AccountCode, amount: Money, item: OpenItem | None = None) -> Posting:
    """A line on an account that the store has once per currency; debit positive."""
    return Posting(AccountRef(code), amount, item)


# -- postage ---------------------------------------------------------------------------------------------------


def label_purchased(shipment_id: ShipmentId, order_id: OrderId, amount: Money, at: datetime) -> Entry:
    """Shipping cost to carrier payable: postage was bought."""
    return Entry(
        key=f"label:{shipment_id}",
        kind=EntryKind.LABEL,
        fact_at=at,
        source=Source(SourceType.SHIPMENT, str(shipment_id)),
        postings=(
            posting(AccountCode.SHIPPING_COST, amount),
            posting(AccountCode.CARRIER_PAYABLE, -amount, OpenItem(ItemKind.SHIPMENT, str(shipment_id))),
        ),
        order_id=order_id,
    )


def label_voided(purchased: Entry, at: datetime) -> Entry:
    """The carrier takes the postage of `purchased` back."""
    return _taken_back(purchased, EntryKind.LABEL_VOIDED, f"label_voided:{purchased.source.id}", at)


# -- the provider's balance --------------------------------------------------------------------------------------


def fee(
    line_id: ProviderLineId, account_id: PaymentAccountId, item: OpenItem, amount: Money, at: datetime, memo: str = ""
) -> Entry:
    """Provider fees to clearing: what the provider's own line says it kept.

    :param item: what the fee was taken from (the payment of a sale), or the line itself for a fee of its own
    """
    return _line_entry(EntryKind.FEE, line_id, AccountCode.PROVIDER_FEES, account_id, item, amount, at, memo)


def dispute_fee(
    line_id: ProviderLineId, account_id: PaymentAccountId, item: OpenItem, amount: Money, at: datetime, memo: str = ""
) -> Entry:
    """Dispute fees to clearing."""
    return _line_entry(EntryKind.DISPUTE_FEE, line_id, AccountCode.DISPUTE_FEES, account_id, item, amount, at, memo)


def reserve_held(line_id: ProviderLineId, account_id: PaymentAccountId, amount: Money, at: datetime) -> Entry:
    """Provider reserves to clearing: the provider sets money aside."""
    item = OpenItem(ItemKind.LINE, str(line_id))
    return _line_entry(EntryKind.RESERVE_HELD, line_id, AccountCode.RESERVES, account_id, item, amount, at)


def reserve_released(line_id: ProviderLineId, account_id: PaymentAccountId, amount: Money, at: datetime) -> Entry:
    """Clearing to provider reserves: it gives the money free again."""
    item = OpenItem(ItemKind.LINE, str(line_id))
    return _line_entry(EntryKind.RESERVE_RELEASED, line_id, AccountCode.RESERVES, account_id, item, -amount, at)


def _line_entry(
    kind: EntryKind,
    line_id: ProviderLineId,
    debit: AccountCode,
    account_id: PaymentAccountId,
    item: OpenItem,
    amount: Money,
    at: datetime,
    memo: str = "",
) -> Entry:
    return Entry(
        key=f"{kind}:{line_id}",
        kind=kind,
        fact_at=at,
        source=Source(SourceType.PROVIDER_LINE, str(line_id)),
        postings=(posting(debit, amount), Posting(clearing(account_id), -amount, item)),
        memo=memo,
    )


@dataclass(frozen=True, slots=True)
class Settled:
    """What a payout carries of one open item of clearing: negative for refunds, disputes and fees of their own."""

    item: OpenItem
    amount: Money


def payout_announced(
    payout_id: PayoutId, account_id: PaymentAccountId, settled: Sequence[Settled], at: datetime
) -> Entry:
    """Payouts in transit to clearing: each item that the payout carries, and their sum on its way to the bank.

    A payout of exactly nothing still closes its items. Items of nothing are left out. Raises Unbalanced when nothing
    is carried at all.
    """
    carried = [part for part in settled if part.amount]
    currency = carried[0].amount.currency if carried else "XXX"
    total = Money.total((part.amount for part in carried), currency)
    in_transit = posting(AccountCode.PAYOUTS_IN_TRANSIT, total, OpenItem(ItemKind.PAYOUT, str(payout_id)))
    return Entry(
        key=f"payout:{payout_id}",
        kind=EntryKind.PAYOUT,
        fact_at=at,
        source=Source(SourceType.PAYOUT, str(payout_id)),
        postings=(
            *((in_transit,) if total else ()),
            *(Posting(clearing(account_id), -part.amount, part.item) for part in carried),
        ),
    )


def payout_failed(announced: Entry, at: datetime) -> Entry:
    """The payout came back: its items are open in clearing again."""
    return _taken_back(announced, EntryKind.PAYOUT_FAILED, f"payout_failed:{announced.source.id}", at)


def bank_matched(bank_line_id: str, payout_id: PayoutId, amount: Money, at: datetime) -> Entry:
    """Bank to payouts in transit: the bank statement shows the payout."""
    return Entry(
        key=f"bank:{bank_line_id}:{payout_id}",
        kind=EntryKind.BANK,
        fact_at=at,
        source=Source(SourceType.BANK_LINE, bank_line_id),
        postings=(
            posting(AccountCode.BANK, amount),
            posting(AccountCode.PAYOUTS_IN_TRANSIT, -amount, OpenItem(ItemKind.PAYOUT, str(payout_id))),
        ),
    )


# -- disputes ----------------------------------------------------------------------------------------------------


def dispute_opened(
    dispute_id: DisputeId, account_id: PaymentAccountId, amount: Money, at: datetime, order_id: OrderId | None = None
) -> Entry:
    """Disputes receivable to clearing: the provider took the money back until the dispute is decided."""
    item = _dispute(dispute_id)
    return _dispute_entry(
        EntryKind.DISPUTE,
        dispute_id,
        posting(AccountCode.DISPUTES, amount, item),
        Posting(clearing(account_id), -amount, item),
        at,
        order_id,
    )


def dispute_lost(dispute_id: DisputeId, amount: Money, at: datetime, order_id: OrderId | None = None) -> Entry:
    """Chargeback losses to disputes receivable."""
    return _dispute_entry(
        EntryKind.DISPUTE_LOST,
        dispute_id,
        posting(AccountCode.CHARGEBACK_LOSSES, amount),
        posting(AccountCode.DISPUTES, -amount, _dispute(dispute_id)),
        at,
        order_id,
    )


def dispute_won(
    dispute_id: DisputeId, account_id: PaymentAccountId, amount: Money, at: datetime, order_id: OrderId | None = None
) -> Entry:
    """Clearing to disputes receivable: the money is in the provider's balance again."""
    item = _dispute(dispute_id)
    return _dispute_entry(
        EntryKind.DISPUTE_WON,
        dispute_id,
        Posting(clearing(account_id), amount, item),
        posting(AccountCode.DISPUTES, -amount, item),
        at,
        order_id,
    )


def _dispute(dispute_id: DisputeId) -> OpenItem:
    return OpenItem(ItemKind.DISPUTE, str(dispute_id))


def _dispute_entry(
    kind: EntryKind, dispute_id: DisputeId, debit: Posting, credit: Posting, at: datetime, order_id: OrderId | None
) -> Entry:
    source = Source(SourceType.DISPUTE, str(dispute_id))
    return Entry(f"{kind}:{dispute_id}", kind, at, source, (debit, credit), order_id)


# -- decisions ---------------------------------------------------------------------------------------------------


def item_closed(
    decision_id: str, named: AccountRef, of: AccountRef, item: OpenItem, amount: Money, at: datetime, memo: str
) -> Entry:
    """Somebody decided that what is left of an open item is `named`'s: write-off, rounding, currency difference,
    overpayment kept.

    :param decision_id: the exception that was decided
    :param of: the account on which `item` is open
    :param amount: the item's balance there (debit positive), which this brings to zero
    :param memo: the reason that was given
    """
    return Entry(
        key=f"{EntryKind.CLOSING_ITEM}:{decision_id}",
        kind=EntryKind.CLOSING_ITEM,
        fact_at=at,
        source=Source(SourceType.EXCEPTION, decision_id),
        postings=(Posting(named, amount), Posting(of, -amount, item)),
        memo=memo,
    )


def _taken_back(entry: Entry, kind: EntryKind, key: str, at: datetime) -> Entry:
    return Entry(
        key=key,
        kind=kind,
        fact_at=at,
        source=entry.source,
        postings=mirrored(entry.postings),
        order_id=entry.order_id,
        reverses=entry.key,
    )
