"""What carriers are asked about a cart, and what is kept from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from core.cart.carrier_answers import DeliveryQuestion
from core.cart.model import Cart, CartLine, Offer
from core.checkout.delivery_question import delivery_question
from core.shared.address import Address
from core.shared.ids import CartId, LineId, ProductId, StoreId, VariantId
from core.shared.money import Money
from core.stores.model import CapturePolicy, Store
from tests.shop import SAO_PAULO

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PRICE = Money(6990, "BRL")
SENDER = Address("Casa Ipê", "80010-010", "Rua XV de Novembro", "100", "Curitiba", "PR")
STORE = Store(
    id=StoreId(UUID(int=1)), name="Casa Ipê", slug="casa", currency="BRL", currencies=("BRL",), locale="pt-BR",
    locales=("pt-BR",), countries=("BR",), time_zone="America/Sao_Paulo", prices_include_tax=True, order_prefix="",
    capture_policy=CapturePolicy.AT_ONCE, card_seconds=900, pix_minutes=30, bank_transfer_days=5, email="oi@a.example",
    origin=SENDER, created_at=NOW,
)  # fmt: skip
TO = replace(SAO_PAULO, company="Souza Ltda", phone="11999990000", tax_id="52998224725")


def asked(grams: int, quantity: int = 1, *, store: Store = STORE, to: Address | None = TO) -> DeliveryQuestion | None:
    variant = VariantId(uuid4())
    cart = Cart(CartId(uuid4()), b"", "BRL", "pt-BR", NOW, NOW, shipping_address=to)
    cart.lines.append(CartLine(LineId(uuid4()), variant, quantity, PRICE, 1))
    offer = Offer(variant, ProductId(uuid4()), None, "Caneca", {}, None, PRICE, grams, True, "standard", None, True)
    return delivery_question(store, cart, {variant: offer})


def question(grams: int, quantity: int = 1, *, store: Store = STORE, to: Address = TO) -> DeliveryQuestion:
    found = asked(grams, quantity, store=store, to=to)
    assert found is not None
    return found


def test_where_is_told_and_not_who() -> None:
    told = question(410).destination
    assert (told.postal_code, told.city, told.country) == (TO.postal_code, TO.city, TO.country)
    assert (told.name, told.company, told.phone, told.tax_id) == ("", None, None, None)


@pytest.mark.parametrize(("grams", "pieces", "weight"), [(410, 1, 450), (450, 1, 450), (410, 3, 1250), (0, 2, 300)])
def test_weights_are_rounded_up_and_never_nothing(grams: int, pieces: int, weight: int) -> None:
    assert question(grams, pieces).grams == weight


def test_carts_that_ask_the_same_have_the_same_key() -> None:
    key = question(410).key
    assert key == question(440, to=replace(TO, name="João", number="3", postal_code="05422012")).key
    different = [
        question(460),
        question(410, to=replace(TO, postal_code="05422-013")),
        question(410, to=replace(TO, country="PT")),
        question(410, store=replace(STORE, origin=replace(SENDER, postal_code="01310-100"))),
        question(410, store=replace(STORE, box=(300, 200, 150))),
    ]
    assert len({key, *(each.key for each in different)}) == 6


def test_without_an_address_an_origin_or_the_stores_word_nothing_is_asked() -> None:
    assert asked(410, to=None) is None
    assert asked(410, store=replace(STORE, origin=None)) is None
    assert asked(410, store=replace(STORE, carrier_rates=False)) is None
