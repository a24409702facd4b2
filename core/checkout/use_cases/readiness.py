"""Whether a cart can become an order as it is, and its stock held for that."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from core.cart.assessment import Assessment, Problem, missing
from core.checkout import boleto
from core.checkout.errors import CartHasProblems, CartIncomplete, InsufficientStock
from core.inventory.model import ReservationOwner
from core.shared.errors import FieldProblem
from ports.cart import Basket
from ports.inventory import Shortage, StockClaim
from ports.unit_of_work import Transaction


def refuse_unready(basket: Basket, assessment: Assessment) -> None:
    """Raises CartIncomplete, InsufficientStock (with the lines) and CartHasProblems."""
    if lacking := missing(basket.cart, basket.offers):
        raise CartIncomplete(problems=tuple(lacking))
    short = [p for p in assessment.problems if p.code == "insufficient_stock"]
    if short:
        raise InsufficientStock(problems=_fields(basket, short))
    if assessment.problems:
        raise CartHasProblems(problems=_fields(basket, list(assessment.problems)))


def refuse_without_payer(basket: Basket, method: str) -> None:
    """A boleto is registered with its payer's tax id and address. Raises CartIncomplete."""
    if method != boleto.METHOD:
        return
    cart, lacking = basket.cart, []
    if not cart.contact.tax_id:
        lacking.append(FieldProblem("contact.tax_id", "required", "A boleto names its payer by CPF or CNPJ."))
    if cart.billing_address is None and cart.shipping_address is None:
        lacking.append(FieldProblem("billing_address", "required", "A boleto names its payer's address."))
    if lacking:
        raise CartIncomplete(problems=tuple(lacking))


def _fields(basket: Basket, problems: list[Problem]) -> tuple[FieldProblem, ...]:
    positions = {str(line.id): index for index, line in enumerate(basket.cart.lines)}
    return tuple(
        FieldProblem(f"lines.{positions[p.line_id]}" if p.line_id else "shipping_option", p.code, p.detail)
        for p in problems
    )


def hold_stock(
    tx: Transaction, basket: Basket, owner_kind: ReservationOwner, owner_id: UUID, until: datetime | None
) -> None:
    """Reserve every line for the owner, all of it or nothing. Raises InsufficientStock, with the lines."""
    claims = [StockClaim(line.variant_id, line.quantity, line.id) for line in basket.cart.lines]
    short = tx.stock.reserve(claims, owner_kind, owner_id, until)
    if short:
        raise InsufficientStock(problems=_shortages(basket, list(short)))


def _shortages(basket: Basket, short: list[Shortage]) -> tuple[FieldProblem, ...]:
    positions = {line.id: index for index, line in enumerate(basket.cart.lines)}
    return tuple(
        FieldProblem(f"lines.{positions[s.line_id]}", "insufficient_stock", f"Only {s.available} left.")  # type: ignore[index]  # the ids came from these lines
        for s in short
    )
