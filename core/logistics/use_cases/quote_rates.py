"""Ask what it costs to send the parcels of a fulfilment: all accounts at once, under one deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from core.logistics.errors import NoDestination, NoOrigin
from core.logistics.lifecycle import FULFILMENT_LIFECYCLE, FulfilmentStep
from core.logistics.model import Measures
from core.logistics.use_cases.asking_rates import ask_rates
from core.shared.address import Address
from core.shared.ids import CarrierAccountId, FulfilmentId, ParcelId
from core.shared.permission import permission
from ports.carriers import CarrierAccount, Carriers, ParcelSize, Rate, RateRefusal, RateRequest
from ports.clock import Clock
from ports.ids import Ids
from ports.logistics import StoredQuote
from ports.unit_of_work import Transaction, UnitOfWork

GOOD_FOR = timedelta(hours=1)
DEADLINE_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class QuoteRates:
    """`deadline_seconds` bounds the whole; who answers later is left out."""

    fulfilment_id: FulfilmentId
    deadline_seconds: float = DEADLINE_SECONDS


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An account that gave no answer for a parcel, and why: no price is known then, which is not `no offer`."""

    parcel_id: ParcelId
    account_id: CarrierAccountId
    account: str
    text: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A service that offers nothing for a parcel, in its carrier's words."""

    parcel_id: ParcelId
    account_id: CarrierAccountId
    refusal: RateRefusal


@dataclass(frozen=True, slots=True)
class Quoted:
    """The offers, cheapest first in each parcel, and who offers none."""

    quotes: Sequence[StoredQuote]
    refusals: Sequence[Refusal]
    unanswered: Sequence[Unanswered]


@dataclass(frozen=True, slots=True)
class _Question:
    parcel_id: ParcelId
    measures: Measures
    account: CarrierAccount
    request: RateRequest


@permission("logistics.label.buy")
def quote_rates(cmd: QuoteRates, /, *, uow: UnitOfWork, carriers: Carriers, clock: Clock, ids: Ids) -> Quoted:
    """Ask every enabled account for every parcel and keep the offers, which can be bought for an hour.

    Raises NotFound, TransitionRefused unless it is planned, NoOrigin, NoDestination.
    """
    with uow() as tx:
        questions = _questions(tx, cmd.fulfilment_id, carriers)
    told = ask_rates([(q.account, q.request) for q in questions], carriers, cmd.deadline_seconds)
    answers = list(zip(questions, told, strict=True))
    now = clock.now()
    quotes = [_stored(question, rate, ids, now) for question, answer in answers for rate in answer.rates]
    quotes.sort(key=lambda quote: (quote.price.minor, quote.service))
    if quotes:
        with uow() as tx:
            tx.shipments.add_quotes(quotes)
    return Quoted(
        quotes,
        [Refusal(q.parcel_id, q.account.id, refusal) for q, answer in answers for refusal in answer.refusals],
        [
            Unanswered(q.parcel_id, q.account.id, q.account.name, answer.failed)
            for q, answer in answers
            if answer.failed
        ],
    )


def _questions(tx: Transaction, fulfilment_id: FulfilmentId, carriers: Carriers) -> list[_Question]:
    fulfilment = tx.fulfilments.get(fulfilment_id)
    FULFILMENT_LIFECYCLE.after(fulfilment.state, FulfilmentStep.SHIP)
    order, store = tx.orders.get(fulfilment.order_id), tx.stores.current()
    if store.origin is None:
        raise NoOrigin()
    if order.shipping_address is None:
        raise NoDestination()
    destination = _address(order.shipping_address)
    reference = f"{store.order_prefix}{order.number}-F{fulfilment.number}"
    return [
        _Question(parcel.id, parcel.measures, account, RateRequest(
            store.origin, destination, _size(parcel.measures), order.currency, f"{reference}-{parcel.position}"))
        for parcel in fulfilment.parcels
        for account in tx.carrier_accounts.enabled()
        if carriers.capabilities(account.carrier).rates
    ]  # fmt: skip


def _stored(question: _Question, rate: Rate, ids: Ids, now: datetime) -> StoredQuote:
    return StoredQuote(
        id=ids.new(),
        parcel_id=question.parcel_id,
        account_id=question.account.id,
        carrier=rate.carrier,
        service=rate.service,
        price=rate.price,
        days=rate.days,
        shipment_reference=rate.shipment_reference,
        rate_id=rate.id,
        measures=question.measures,
        quoted_at=now,
        expires_at=now + GOOD_FOR,
    )


def _size(measures: Measures) -> ParcelSize:
    return ParcelSize(measures.weight_grams, measures.length_mm, measures.width_mm, measures.height_mm)


def _address(document: Mapping[str, Any]) -> Address:
    """The address as the order keeps it."""
    known = {field.name for field in fields(Address)}
    return Address(**{name: value for name, value in document.items() if name in known})
