"""A cart: lines, contact, addresses and the chosen delivery option. Totals are always recalculated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.cart.errors import CartCompleted, LineNotFound, TooManyLines, VariantUnavailable
from core.shared.address import Address
from core.shared.ids import CarrierAccountId, CartId, LineId, ProductId, ShopperId, VariantId
from core.shared.money import Money

MAX_LINES = 100
MAX_QUANTITY = 9_999


class CartState(StrEnum):
    OPEN = "open"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Contact:
    """Who buys. `tax_id` is a CPF or CNPJ without punctuation."""

    email: str | None = None
    name: str | None = None
    phone: str | None = None
    tax_id: str | None = None


class OptionSource(StrEnum):
    """Where a delivery option's price comes from."""

    TABLE = "table"
    CARRIER = "carrier"


@dataclass(frozen=True, slots=True)
class CarrierOffer:
    """What a carrier offered: the rate under the carrier's own names. `question` is the key of what it was asked."""

    account_id: CarrierAccountId
    carrier: str
    service: str
    rate_id: str
    shipment_reference: str
    question: str


@dataclass(frozen=True, slots=True)
class ShippingOption:
    """A delivery option as it was offered: price and days hold until `expires_at`. `days` None: nobody says.

    `offer` is what a carrier offered, None for an option of the store's table; `estimated`: the carrier does not answer
    now, this is what it said before.
    """

    id: str
    name: str
    price: Money
    days: tuple[int, int] | None
    expires_at: datetime
    estimated: bool = False
    offer: CarrierOffer | None = None

    @property
    def source(self) -> OptionSource:
        return OptionSource.TABLE if self.offer is None else OptionSource.CARRIER


@dataclass(frozen=True, slots=True)
class Offer:
    """A variant as a shopper would buy it now. `available` is None when stock is not tracked."""

    variant_id: VariantId
    product_id: ProductId
    sku: str | None
    title: str
    options: Mapping[str, str]
    image: str | None
    price: Money
    weight_grams: int
    requires_shipping: bool
    tax_category: str
    available: int | None
    for_sale: bool


@dataclass(slots=True)
class CartLine:
    """One variant. `seen_price` is what the shopper saw when they last changed the line."""

    id: LineId
    variant_id: VariantId
    quantity: int
    seen_price: Money
    position: int


@dataclass(slots=True)
class Cart:
    """Everything a shopper has put together; one version guards it."""

    id: CartId
    token_hash: bytes
    currency: str
    locale: str
    created_at: datetime
    updated_at: datetime
    state: CartState = CartState.OPEN
    shopper_id: ShopperId | None = None
    contact: Contact = field(default_factory=Contact)
    shipping_address: Address | None = None
    billing_address: Address | None = None
    shipping_option: ShippingOption | None = None
    lines: list[CartLine] = field(default_factory=list)
    version: int = 0

    def refuse_unless_open(self) -> None:
        """Raises CartCompleted when the cart became an order."""
        if self.state is not CartState.OPEN:
            raise CartCompleted()

    def line(self, line_id: LineId) -> CartLine:
        """Raises LineNotFound."""
        for line in self.lines:
            if line.id == line_id:
                return line
        raise LineNotFound()

    def put(self, new_id: LineId, offer: Offer, quantity: int) -> None:
        """Add `quantity` pieces of a variant, to its line if there is one.

        Raises VariantUnavailable and TooManyLines.
        """
        if not offer.for_sale or offer.price.currency != self.currency:
            raise VariantUnavailable()
        for line in self.lines:
            if line.variant_id == offer.variant_id:
                self.change_quantity(line.id, line.quantity + quantity, offer.price)
                return
        if len(self.lines) >= MAX_LINES or not 1 <= quantity <= MAX_QUANTITY:
            raise TooManyLines()
        position = max((line.position for line in self.lines), default=0) + 1
        self.lines.append(CartLine(new_id, offer.variant_id, quantity, offer.price, position))

    def change_quantity(self, line_id: LineId, quantity: int, price: Money | None = None) -> None:
        """Set a line's quantity; zero takes it out. `price` is what the shopper sees now."""
        line = self.line(line_id)
        if quantity <= 0:
            self.lines.remove(line)
            return
        if quantity > MAX_QUANTITY:
            raise TooManyLines()
        line.quantity = quantity
        line.seen_price = price or line.seen_price

    def complete(self) -> None:
        """The cart became an order."""
        self.refuse_unless_open()
        self.state = CartState.COMPLETED
