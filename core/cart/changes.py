"""The changes a cart can take, as records: what is asked, and how it is done to the aggregate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from core.cart.errors import LineNotFound, MalformedInput, VariantUnavailable
from core.cart.model import Cart, Offer
from core.shared.address import Address, address_problems, is_tax_id, normalised, without_punctuation
from core.shared.errors import FieldProblem
from core.shared.ids import LineId, ShopperId, VariantId


@dataclass(frozen=True, slots=True)
class AddLine:
    """Put `quantity` pieces of a variant in."""

    variant_id: VariantId
    quantity: int

    def apply(self, cart: Cart, offers: dict[VariantId, Offer], new_id: LineId) -> None:
        offer = offers.get(self.variant_id)
        if offer is None:
            raise VariantUnavailable()
        cart.put(new_id, offer, self.quantity)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """Set a line's quantity; zero takes it out."""

    line_id: LineId
    quantity: int

    def apply(self, cart: Cart, offers: dict[VariantId, Offer], new_id: LineId) -> None:
        line = next((line for line in cart.lines if line.id == self.line_id), None)
        if line is None:
            raise LineNotFound()
        offer = offers.get(line.variant_id)
        cart.change_quantity(self.line_id, self.quantity, offer.price if offer else None)


@dataclass(frozen=True, slots=True)
class ChangeContact:
    """Merge `fields` (email, name, phone, tax_id; None empties one) into the contact."""

    fields: dict[str, Any]

    def apply(self, cart: Cart, offers: dict[VariantId, Offer], new_id: LineId) -> None:
        values = {key: (value.strip() or None) if value else None for key, value in self.fields.items()}
        problems = []
        if (email := values.get("email")) and ("@" not in email[1:-1] or len(email) > 254):
            problems.append(FieldProblem("contact.email", "malformed", "Not an e-mail address."))
        if tax_id := values.get("tax_id"):
            if is_tax_id(tax_id):
                values["tax_id"] = without_punctuation(tax_id)
            else:
                problems.append(FieldProblem("contact.tax_id", "malformed", "Neither a CPF nor a CNPJ."))
        if problems:
            raise MalformedInput(problems=tuple(problems))
        cart.contact = replace(cart.contact, **values)


@dataclass(frozen=True, slots=True)
class SetAddresses:
    """Where it goes and, when that differs, who it is billed to."""

    shipping: Address
    billing: Address | None

    def apply(self, cart: Cart, offers: dict[VariantId, Offer], new_id: LineId) -> None:
        problems = address_problems(self.shipping, "shipping")
        if self.billing is not None:
            problems += address_problems(self.billing, "billing")
        if problems:
            raise MalformedInput(problems=tuple(problems))
        cart.shipping_address = normalised(self.shipping)
        cart.billing_address = normalised(self.billing) if self.billing else None


@dataclass(frozen=True, slots=True)
class ChooseDelivery:
    """Take the delivery option of that id; whether it is offered is checked against the table."""

    option_id: str

    def apply(self, cart: Cart, offers: dict[VariantId, Offer], new_id: LineId) -> None:
        """Nothing yet: the option's price comes from the table, in the use case."""


@dataclass(frozen=True, slots=True)
class BelongTo:
    """Who is signed in as it changes, None for a guest: whoever was signed in before is not kept."""

    shopper_id: ShopperId | None

    def apply(self, cart: Cart, offers: dict[VariantId, Offer], new_id: LineId) -> None:
        cart.shopper_id = self.shopper_id


CartChange = AddLine | ChangeLine | ChangeContact | SetAddresses | ChooseDelivery | BelongTo
