"""Reading one account's settlements from its provider, page by page: nothing is believed before it is compared.

Pages may repeat, skip or come in any order; what they hold is staged as it is told. Every call happens outside a
transaction, and each batch is kept in one of its own, so memory holds a batch and never the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from core.reconciliation.errors import SourceFailed
from core.reconciliation.rules import RuleSet
from core.reconciliation.runs import Run
from ports.settlements import PayoutSeen, PayoutStatus, SettlementLine, SettlementPage, SettlementSource
from ports.unit_of_work import UnitOfWork

T = TypeVar("T")

PAGE = 100  # as many as providers give at once
BATCH = 5000  # items that are kept by one transaction
_RETRY_AFTER = 60

Ask = Callable[[str | None], SettlementPage[T]]


@dataclass(frozen=True, slots=True)
class Reading:
    """One run's way to the provider and to what is kept."""

    run: Run
    source: SettlementSource
    uow: UnitOfWork
    rules: RuleSet

    def all(self) -> None:
        """Stage payouts with their lines, all lines, and disputes. Raises SourceFailed when a page fails."""
        self._payouts()
        since = self.run.since
        for lines in _batches(lambda cursor: self.source.lines(since, cursor, PAGE)):
            self._keep(lines)
        disputed = since - timedelta(days=self.rules.disputes_again_days)
        for disputes in _batches(lambda cursor: self.source.disputes(disputed, cursor, PAGE)):
            with self.uow() as tx:
                tx.settlements.stage_disputes(self.run.id, disputes)

    def _payouts(self) -> None:
        since: datetime = self.run.since - timedelta(days=self.rules.payouts_again_days)
        for told in _batches(lambda cursor: self.source.payouts(since, cursor, PAGE)):
            with self.uow() as tx:
                known = tx.settlements.lines_known(self.run.account_id, {payout.reference for payout in told})
            read = [payout.reference for payout in told if payout.reference not in known and _has_lines(payout)]
            for reference in dict.fromkeys(read):
                self._lines_of(reference)
            with self.uow() as tx:
                tx.settlements.stage_payouts(self.run.id, told, read)

    def _lines_of(self, payout: str) -> None:
        for lines in _batches(lambda cursor: self.source.payout_lines(payout, cursor, PAGE)):
            self._keep(lines)

    def _keep(self, lines: Sequence[SettlementLine]) -> None:
        if any(line.net != line.gross - line.fee for line in lines):
            raise SourceFailed("A line's net is not its gross less its fee.", retry_after=_RETRY_AFTER)
        with self.uow() as tx:
            tx.settlements.stage_lines(self.run.id, lines)


def _has_lines(payout: PayoutSeen) -> bool:
    return payout.complete and payout.status is not PayoutStatus.CANCELLED


def _batches(ask: Ask[T]) -> Iterator[Sequence[T]]:
    """What all pages hold, by the batch. A cursor that comes back ends it: pages go in circles.

    Raises SourceFailed when the provider gives no page.
    """
    cursor: str | None = None
    seen: set[str] = set()
    batch: list[T] = []
    while True:
        page = ask(cursor)
        if page.failed is not None:
            raise SourceFailed(f"No page: {page.failed}", retry_after=page.retry_after or _RETRY_AFTER)
        batch.extend(page.items)
        cursor = page.next
        if cursor is None or cursor in seen:
            break
        seen.add(cursor)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
