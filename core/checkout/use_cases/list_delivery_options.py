"""How a cart can be delivered: the store's table, with carriers' prices beside it.

Carriers are asked before and outside any transaction, all at once, under one deadline. One that is slow, down or talks
nonsense costs its own options and nobody else's; what it said before is offered as an estimate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.cart.assessment import Problem, needs_delivery
from core.cart.carrier_answers import (
    QUIET,
    STALE,
    CarrierAnswer,
    CarrierPrice,
    DeliveryQuestion,
    believable,
    carrier_options,
    must_ask,
)
from core.cart.model import ShippingOption
from core.checkout.delivery_question import delivery_question
from core.checkout.use_cases.delivery import table_options
from core.logistics.use_cases.asking_rates import ask_rates
from core.shared.errors import Unavailable
from core.shared.hashing import digest
from core.shared.permission import permission
from ports.carriers import CarrierAccount, Carriers, ParcelSize, Rate, RateAnswer, RateRequest
from ports.cart import Basket
from ports.clock import Clock
from ports.ids import Ids
from ports.unit_of_work import Transaction, UnitOfWork

DEADLINE_SECONDS = 1.2  # a shopper is waiting
REFERENCE = "checkout"


@dataclass(frozen=True, slots=True)
class ListDeliveryOptions:
    cart_token: str


@dataclass(frozen=True, slots=True)
class DeliveryOffer:
    """The options: the table's in its order, then the carriers', cheapest first. `problems` say why there is none."""

    options: Sequence[ShippingOption] = ()
    problems: Sequence[Problem] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known before anybody is asked. `question` None: there is nothing to ask."""

    table: Sequence[ShippingOption]
    question: DeliveryQuestion | None = None
    accounts: Sequence[CarrierAccount] = ()
    answers: Sequence[CarrierAnswer] = ()


@permission("storefront.cart.read", activity=False)
def list_delivery_options(
    cmd: ListDeliveryOptions, /, *, uow: UnitOfWork, carriers: Carriers, clock: Clock, ids: Ids
) -> DeliveryOffer:
    """How the cart can be delivered; nothing without an address, or when nothing has to be shipped.

    Raises CartNotFound.
    """
    with uow() as tx:
        basket = tx.carts.load(digest(cmd.cart_token))
        if basket.cart.shipping_address is None or not needs_delivery(basket.cart, basket.offers):
            return DeliveryOffer()
        known = _known(tx, basket, carriers, clock)
    told = _ask(known, carriers, clock, ids)
    if told:
        with uow() as tx:
            tx.carrier_answers.add(told)
    answers = [*known.answers, *told]
    options = [*known.table, *carrier_options(answers, clock.now())]
    return DeliveryOffer(options, () if options else (_nothing_offered(answers),))


def _known(tx: Transaction, basket: Basket, carriers: Carriers, clock: Clock) -> _Known:
    table = table_options(tx, basket, clock)
    accounts = [account for account in tx.carrier_accounts.enabled() if _rates(carriers, account)]
    question = delivery_question(tx.stores.current(), basket.cart, basket.offers) if accounts else None
    if question is None:
        return _Known(table)
    return _Known(table, question, accounts, tx.carrier_answers.known(question.key, clock.now() - STALE))


def _rates(carriers: Carriers, account: CarrierAccount) -> bool:
    """Whether the account can be asked for prices; one whose carrier is not installed here can't."""
    try:
        return carriers.capabilities(account.carrier).rates
    except Unavailable:
        return False


def _ask(known: _Known, carriers: Carriers, clock: Clock, ids: Ids) -> list[CarrierAnswer]:
    """The new answers of the accounts whose last one is too old."""
    if known.question is None:
        return []
    due = [
        account
        for account in known.accounts
        if must_ask([answer for answer in known.answers if answer.account_id == account.id], clock.now())
    ]
    request = _request(known.question)
    answers = ask_rates([(account, request) for account in due], carriers, DEADLINE_SECONDS)
    return [
        _read(CarrierAnswer(ids.new(), account.id, known.question.key, clock.now()), answer, known.question.currency)
        for account, answer in zip(due, answers, strict=True)
    ]


def _request(question: DeliveryQuestion) -> RateRequest:
    size = ParcelSize(question.grams, *question.box)
    return RateRequest(question.origin, question.destination, size, question.currency, REFERENCE)


def _read(empty: CarrierAnswer, told: RateAnswer, currency: str) -> CarrierAnswer:
    """What the carrier told, without the prices that can't be ones."""
    if told.failed is not None:
        return replace(empty, failed=told.failed)
    prices = [_price(rate) for rate in told.rates if believable(rate.price, currency)]
    refused = [f"{refusal.carrier}: {refusal.text}" for refusal in told.refusals]
    refused += [
        f"{rate.carrier} {rate.service}: {rate.price.minor} {rate.price.currency} is no price"
        for rate in told.rates
        if not believable(rate.price, currency)
    ]
    return replace(empty, prices=tuple(prices), refusals=tuple(refused))


def _price(rate: Rate) -> CarrierPrice:
    days = rate.days if rate.days and 0 <= rate.days[0] <= rate.days[1] else None
    return CarrierPrice(rate.carrier, rate.service, rate.price, days, rate.id, rate.shipment_reference)


def _nothing_offered(answers: Sequence[CarrierAnswer]) -> Problem:
    """Another address may be delivered to; where a carrier did not answer, so may this one in a moment."""
    silent = any(answer.failed for answer in answers)
    remedy = {"retry_after": int(QUIET.total_seconds())} if silent else {"change": "shipping_address"}
    detail = "No delivery price is known right now." if silent else "Nothing is delivered to this address."
    return Problem("no_shipping_option", None, detail, remedy)
