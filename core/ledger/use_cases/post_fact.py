"""Post one fact: what the subscribers of payments' and logistics' events call. A replay posts nothing."""

from __future__ import annotations

from dataclasses import dataclass

from core.ledger import order_posting
from core.ledger.facts import CaptureFact, FulfilmentFact, LabelFact, OrderBooks, OrderFacts, RefundFact
from core.ledger.posting import label_purchased, label_voided
from core.shared.errors import NotFound, Unavailable
from core.shared.ids import FulfilmentId, OperationId, OrderId, ShipmentId
from core.shared.permission import permission
from ports.unit_of_work import Transaction, UnitOfWork


class NotPostedYet(Unavailable):
    """What this takes back is not posted yet; its own delivery is still under way."""

    code = "ledger_not_posted_yet"


@dataclass(frozen=True, slots=True)
class PostOperation:
    """A capture or a refund of a payment."""

    operation_id: OperationId


@dataclass(frozen=True, slots=True)
class PostFulfilment:
    order_id: OrderId
    fulfilment_id: FulfilmentId


@dataclass(frozen=True, slots=True)
class PostShipment:
    shipment_id: ShipmentId


@permission("ledger.fact.post")
def post_capture(cmd: PostOperation, /, *, uow: UnitOfWork) -> None:
    """Money came. Raises NotFound."""
    with uow() as tx:
        capture(tx, tx.ledger_facts.capture(cmd.operation_id))
        tx.finish()


@permission("ledger.fact.post")
def post_refund(cmd: PostOperation, /, *, uow: UnitOfWork) -> None:
    """Money went back; when it has come back already, that too. Raises NotFound."""
    with uow() as tx:
        tx.ledger.hold()  # before the fact is read: whoever posts its failure sees this, or is seen by it
        refund(tx, tx.ledger_facts.refund(cmd.operation_id))
        tx.finish()


@permission("ledger.fact.post")
def reverse_refund(cmd: PostOperation, /, *, uow: UnitOfWork) -> None:
    """A refund failed. One that never succeeded posts nothing, and one whose success is still to be posted is taken
    back together with that. Raises NotFound."""
    with uow() as tx:
        tx.ledger.hold()
        if tx.ledger.entry(f"refund:{cmd.operation_id}") is not None:
            _take_back_refund(tx, tx.ledger_facts.refund(cmd.operation_id))
        tx.finish()


@permission("ledger.fact.post")
def post_goods_left(cmd: PostFulfilment, /, *, uow: UnitOfWork) -> None:
    """Goods left: their share of the order is earned. Raises NotFound."""
    with uow() as tx:
        tx.ledger.hold()  # before facts are read: every fulfilment that is posted is among them
        facts = tx.ledger_facts.order(cmd.order_id)
        goods_left(tx, _fulfilment(facts, cmd.fulfilment_id), facts)
        tx.finish()


@permission("ledger.fact.post")
def reverse_goods_left(cmd: PostFulfilment, /, *, uow: UnitOfWork) -> None:
    """Goods had not left after all. Raises NotFound, NotPostedYet."""
    with uow() as tx:
        tx.ledger.hold()
        facts = tx.ledger_facts.order(cmd.order_id)
        goods_back(tx, _fulfilment(facts, cmd.fulfilment_id), facts)
        tx.finish()


@permission("ledger.fact.post")
def post_label(cmd: PostShipment, /, *, uow: UnitOfWork) -> None:
    """Postage was bought. Raises NotFound."""
    with uow() as tx:
        label(tx, tx.ledger_facts.label(cmd.shipment_id))
        tx.finish()


@permission("ledger.fact.post")
def post_label_void(cmd: PostShipment, /, *, uow: UnitOfWork) -> None:
    """The carrier took postage back. Raises NotFound, NotPostedYet."""
    with uow() as tx:
        label_void(tx, tx.ledger_facts.label(cmd.shipment_id))
        tx.finish()


def capture(tx: Transaction, fact: CaptureFact) -> bool:
    """Post a capture in `tx`. False when it was posted before, or brought nothing."""
    if not fact.amount:
        return False
    if fact.order_id is None:
        return tx.ledger.post(order_posting.captured(fact, None, OrderBooks()))
    books = tx.ledger.books(fact.order_id)
    return tx.ledger.post(order_posting.captured(fact, tx.ledger_facts.order(fact.order_id).order, books))


def refund(tx: Transaction, fact: RefundFact) -> bool:
    """Post a refund in `tx`, and that it came back when it did. False when it was posted before."""
    facts, books = _of_order(tx, fact)
    fresh = tx.ledger.post(order_posting.refunded(fact, facts, books))
    if fact.failed_at is not None:
        _take_back_refund(tx, fact)
    return fresh


def goods_left(tx: Transaction, fact: FulfilmentFact, facts: OrderFacts) -> bool:
    """Post that goods left. False when it was posted before, or they are worth nothing."""
    entry = order_posting.goods_left(fact, facts, tx.ledger.books(facts.order.id))
    return entry is not None and tx.ledger.post(entry)


def goods_back(tx: Transaction, fact: FulfilmentFact, facts: OrderFacts) -> bool:
    """Post that goods had not left. False when it was posted before, or they are worth nothing. Raises NotPostedYet."""
    books = tx.ledger.books(facts.order.id)
    posted = tx.ledger.entry(f"goods_left:{fact.id}") is not None
    if not posted and order_posting.goods_left(fact, facts, books) is not None:
        raise NotPostedYet()
    if not posted or fact.id not in books.away:
        return False
    entry = order_posting.goods_back(fact, facts, books, fact.reversed_at or fact.left_at)
    return entry is not None and tx.ledger.post(entry)


def label(tx: Transaction, fact: LabelFact) -> bool:
    """Post postage. False when it was posted before, or cost nothing."""
    if not fact.amount:
        return False
    return tx.ledger.post(label_purchased(fact.shipment_id, fact.order_id, fact.amount, fact.purchased_at))


def label_void(tx: Transaction, fact: LabelFact) -> bool:
    """Post that postage was taken back. False when it was posted before, or cost nothing. Raises NotPostedYet."""
    if not fact.amount:
        return False
    posted = tx.ledger.entry(f"label:{fact.shipment_id}")
    if posted is None:
        raise NotPostedYet()
    return tx.ledger.post(label_voided(posted.entry, fact.voided_at or fact.purchased_at))


def _take_back_refund(tx: Transaction, fact: RefundFact) -> None:
    facts, books = _of_order(tx, fact)
    posted = tx.ledger.entry(f"refund:{fact.operation_id}")
    if posted is None or tx.ledger.entry(f"refund_reversed:{fact.operation_id}") is not None:
        return
    order = None if facts is None else facts.order
    tx.ledger.post(order_posting.refund_reversed(posted.entry, order, books, fact.failed_at or fact.at))


def _of_order(tx: Transaction, fact: RefundFact) -> tuple[OrderFacts | None, OrderBooks]:
    """The order's books with the journal held, and its facts; none for the money of no order."""
    if fact.order_id is None:
        return None, OrderBooks()
    books = tx.ledger.books(fact.order_id)
    return tx.ledger_facts.order(fact.order_id), books


def _fulfilment(facts: OrderFacts, fulfilment_id: FulfilmentId) -> FulfilmentFact:
    found = next((f for f in facts.fulfilments if f.id == fulfilment_id), None)
    if found is None:
        raise NotFound("These goods never left.")
    return found
