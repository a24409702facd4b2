"""Post what no entry holds yet: facts from before the ledger, and those whose delivery was given up."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.ledger.events import BackfillRequested
from core.ledger.use_cases import post_fact
from core.shared.ids import FulfilmentId, OperationId, OrderId, ShipmentId
from core.shared.permission import permission
from ports.ids import Ids
from ports.ledger import FactKind, UnpostedFact
from ports.unit_of_work import Transaction, UnitOfWork

PAGE = 200


@dataclass(frozen=True, slots=True)
class Backfill:
    """Look at the next facts after the id `after`, None for the first. `go_on`: ask for the rest by an event."""

    after: UUID | None
    go_on: bool = True


@dataclass(frozen=True, slots=True)
class BackfillStep:
    """How many facts were posted, and after which id to go on; None when all are looked at."""

    posted: int
    next: UUID | None


@permission("ledger.fact.post")
def backfill(cmd: Backfill, /, *, uow: UnitOfWork, ids: Ids) -> BackfillStep:
    """Post the next facts that are in no entry, in one transaction. Stopped at any point, it can be run again."""
    with uow() as tx:
        tx.ledger.hold()
        page = tx.ledger_facts.unposted(cmd.after, PAGE)
        posted = sum(_post(tx, fact) for fact in page.facts)
        if page.next is not None and cmd.go_on:
            tx.emit(BackfillRequested(str(page.next)), ids.new(), 0)
        tx.finish()
    return BackfillStep(posted, page.next)


def _post(tx: Transaction, fact: UnpostedFact) -> bool:
    match fact.kind:
        case FactKind.CAPTURE:
            return post_fact.capture(tx, tx.ledger_facts.capture(OperationId(fact.id)))
        case FactKind.REFUND:
            return post_fact.refund(tx, tx.ledger_facts.refund(OperationId(fact.id)))
        case FactKind.GOODS:
            return _goods(tx, FulfilmentId(fact.id), fact.order_id)
        case FactKind.LABEL:
            label = tx.ledger_facts.label(ShipmentId(fact.id))
            fresh = post_fact.label(tx, label)
            if label.voided_at is not None:
                post_fact.label_void(tx, label)
            return fresh


def _goods(tx: Transaction, fulfilment_id: FulfilmentId, order_id: OrderId | None) -> bool:
    if order_id is None:
        return False
    facts = tx.ledger_facts.order(order_id)
    fact = next(f for f in facts.fulfilments if f.id == fulfilment_id)
    fresh = post_fact.goods_left(tx, fact, facts)
    if fact.reversed_at is not None:
        post_fact.goods_back(tx, fact, facts)
    return fresh
