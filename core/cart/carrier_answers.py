"""What carriers answered about a delivery, and the options that this makes. Pure.

An answer serves every cart that asks the same. It is given again for a quarter of an hour, its prices hold for half an
hour; when its carrier does not answer any more, it is good for an estimate for a day.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core.cart.model import CarrierOffer, ShippingOption
from core.shared.address import Address, without_punctuation
from core.shared.ids import CarrierAccountId
from core.shared.money import Money

FRESH = timedelta(minutes=15)
HOLDS = timedelta(minutes=30)
STALE = timedelta(hours=24)
QUIET = timedelta(seconds=60)  # so long nobody is asked again who failed to answer

# A price of nothing, or of ten million reais, is a carrier's mistake and never a price (in minor units).
DEAREST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class DeliveryQuestion:
    """What a parcel of `grams` in `box` (length, width, height in mm) costs from `origin` to `destination`."""

    origin: Address
    destination: Address
    grams: int
    box: tuple[int, int, int]
    currency: str

    @property
    def key(self) -> str:
        """The same for all questions that carriers answer alike: it goes by postal code, not by who lives there."""
        asked = [
            *(part for at in (self.origin, self.destination) for part in (at.country, _code(at))),
            self.grams,
            *self.box,
            self.currency,
        ]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def _code(address: Address) -> str:
    return without_punctuation(address.postal_code)


@dataclass(frozen=True, slots=True)
class CarrierPrice:
    """A service's price. `days` from and to, None where the carrier does not say."""

    carrier: str
    service: str
    price: Money
    days: tuple[int, int] | None
    rate_id: str
    shipment_reference: str


@dataclass(frozen=True, slots=True)
class CarrierAnswer:
    """One account's answer to the question with that key. `failed`: there was none, which is not `no offer`.

    `refusals` are the carriers' words of who offers nothing, for people who look into it.
    """

    id: UUID
    account_id: CarrierAccountId
    question: str
    asked_at: datetime
    prices: tuple[CarrierPrice, ...] = ()
    failed: str | None = None
    refusals: tuple[str, ...] = ()


def believable(price: Money, currency: str) -> bool:
    """Whether `price` can be one: a carrier's mistake must never make a delivery free."""
    return price.currency == currency and 0 < price.minor <= DEAREST


def must_ask(answers: Sequence[CarrierAnswer], now: datetime) -> bool:
    """Whether an account with these answers has to be asked: none is fresh, and it did not fail a moment ago."""
    return not any(now - answer.asked_at < (QUIET if answer.failed else FRESH) for answer in answers)


def carrier_options(answers: Iterable[CarrierAnswer], now: datetime) -> list[ShippingOption]:
    """The options that `answers` make, cheapest first; of a service that several accounts offer, the cheapest."""
    by_account: dict[CarrierAccountId, list[CarrierAnswer]] = defaultdict(list)
    for answer in answers:
        by_account[answer.account_id].append(answer)
    found = [option for told in by_account.values() for option in _newest(told, now)]
    found.sort(key=lambda option: (option.price.minor, option.name))
    cheapest: dict[str, ShippingOption] = {}
    for option in found:
        cheapest.setdefault(option.name, option)
    return list(cheapest.values())


def find_option(answers: Iterable[CarrierAnswer], option_id: str, now: datetime) -> ShippingOption | None:
    """The option of that id while it may be taken: also of an answer that a newer one has followed, while it holds."""
    told = list(answers)
    answer = next((a for a in told if a.id == answer_id(option_id)), None)
    if answer is None:
        return None
    same = [a for a in told if a.account_id == answer.account_id]
    candidates = [*_newest(same, now), *_firm(answer, now)]
    return next((option for option in candidates if option.id == option_id), None)


def answer_id(option_id: str) -> UUID | None:
    """The answer that an option's id names; None for an option of the table."""
    name, dot, _ = option_id.partition(".")
    try:
        return UUID(name) if dot else None
    except ValueError:
        return None


def _newest(answers: Sequence[CarrierAnswer], now: datetime) -> list[ShippingOption]:
    """What the last answer of one account offers: firm while it holds, else estimated if nobody answers now."""
    good = max((a for a in answers if not a.failed), key=lambda a: a.asked_at, default=None)
    if good is None:
        return []
    if good.asked_at + HOLDS > now:
        return _firm(good, now)
    silent = max((a.asked_at for a in answers if a.failed and a.asked_at > good.asked_at), default=None)
    if silent is None or silent + HOLDS <= now or now - good.asked_at >= STALE:
        return []
    return _options(good, silent + HOLDS, estimated=True)


def _firm(answer: CarrierAnswer, now: datetime) -> list[ShippingOption]:
    until = answer.asked_at + HOLDS
    return _options(answer, until, estimated=False) if until > now else []


def _options(answer: CarrierAnswer, until: datetime, *, estimated: bool) -> list[ShippingOption]:
    return [
        ShippingOption(
            id=f"{answer.id}.{place}",
            name=f"{told.carrier} {told.service}",
            price=told.price,
            days=told.days,
            expires_at=until,
            estimated=estimated,
            offer=CarrierOffer(
                answer.account_id, told.carrier, told.service, told.rate_id, told.shipment_reference, answer.question
            ),
        )
        for place, told in enumerate(answer.prices)
    ]
