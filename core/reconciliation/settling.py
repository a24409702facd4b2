"""What the provider's lines, payouts and disputes post: pure, each fact under its own key.

The gross of a sale or refund is posted from our own operation; of a line only what we can't know otherwise is posted:
the fee, the dispute, the reserve. A payout then carries each item's net, so that what is explained ends at zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.ledger import posting
from core.ledger.chart import ItemKind, OpenItem
from core.ledger.model import Entry
from core.ledger.posting import Settled
from core.reconciliation.rules import Subject
from core.shared.ids import DisputeId, OrderId, PaymentAccountId, PayoutId, ProviderLineId
from core.shared.money import Money


@dataclass(frozen=True, slots=True)
class LineFact:
    """A line of the provider. `subject` and `subject_id` say what of ours it is matched with; `repeated`: it tells
    again what another told. `category` is the provider's own reporting category in our words."""

    id: ProviderLineId
    account_id: PaymentAccountId
    category: str
    gross: Money
    fee: Money
    at: datetime
    subject: Subject | None = None
    subject_id: UUID | None = None
    order_id: OrderId | None = None
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class PayoutFact:
    """A payout all of whose lines are known, with what it carries by item. `failed_at`: it came back."""

    id: PayoutId
    account_id: PaymentAccountId
    amount: Money
    at: datetime
    carried: Sequence[Settled]
    failed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LossFact:
    """A dispute that was decided against us."""

    id: DisputeId
    amount: Money
    at: datetime
    order_id: OrderId | None


_ITEMS = {Subject.SALE: ItemKind.PAYMENT, Subject.REFUND: ItemKind.REFUND, Subject.DISPUTE: ItemKind.DISPUTE}
_OWN = frozenset({"charge", "capture_reversal", "refund", "refund_failure"})


def item_of(line: LineFact) -> OpenItem:
    """What of clearing the line moves: the item of what it is matched with, or itself."""
    if line.subject is None or line.subject_id is None:
        return OpenItem(ItemKind.LINE, str(line.id))
    return OpenItem(_ITEMS[line.subject], str(line.subject_id))


def entries_of(line: LineFact) -> list[Entry]:
    """What the line posts; nothing for one that repeats another."""
    if line.repeated:
        return []
    if line.category in _OWN:
        return _fee(line, line.fee)
    if line.category in ("dispute", "dispute_reversal"):
        return [*_dispute(line), *_fee(line, line.fee)]
    if line.category == "fee":
        return _fee(line, line.fee - line.gross)
    amount = line.gross - line.fee
    if line.category == "reserve" and amount:
        return [posting.reserve_held(line.id, line.account_id, -amount, line.at)]
    if line.category == "reserve_release" and amount:
        return [posting.reserve_released(line.id, line.account_id, amount, line.at)]
    return []


def _fee(line: LineFact, amount: Money) -> list[Entry]:
    if not amount:
        return []
    make = posting.dispute_fee if line.subject is Subject.DISPUTE else posting.fee
    return [make(line.id, line.account_id, item_of(line), amount, line.at)]


def _dispute(line: LineFact) -> list[Entry]:
    if line.subject is not Subject.DISPUTE or line.subject_id is None or not line.gross:
        return []
    id_ = DisputeId(line.subject_id)
    if line.category == "dispute":
        return [posting.dispute_opened(id_, line.account_id, -line.gross, line.at, line.order_id)]
    return [posting.dispute_won(id_, line.account_id, line.gross, line.at, line.order_id)]


def payout_entry(payout: PayoutFact) -> Entry | None:
    """The payout with what it carries, the remainder as an item of its own; None when it carries nothing at all."""
    net = Money.total((part.amount for part in payout.carried), payout.amount.currency)
    remainder = Settled(OpenItem(ItemKind.PAYOUT, str(payout.id)), payout.amount - net)
    parts = [part for part in (*payout.carried, remainder) if part.amount]
    if not parts:
        return None
    return posting.payout_announced(payout.id, payout.account_id, parts, payout.at)


def loss_entry(loss: LossFact) -> Entry:
    """The disputed money is lost."""
    return posting.dispute_lost(loss.id, loss.amount, loss.at, loss.order_id)
