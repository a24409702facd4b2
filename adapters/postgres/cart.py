"""Carts on PostgreSQL: one statement loads a cart with its offers and its live session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.json import address, address_document, plain
from adapters.postgres.session import Session
from adapters.postgres.tables.cart import cart_lines, carts
from adapters.postgres.tables.catalog import product_media, products, variants
from adapters.postgres.tables.inventory import stock_items
from adapters.postgres.tables.media import media
from adapters.postgres.tables.payments import payment_sessions, payments
from adapters.postgres.tables.stores import stores
from core.cart.errors import CartNotFound
from core.cart.model import CarrierOffer, Cart, CartLine, CartState, Contact, Offer, ShippingOption
from core.payments.sessions import LIVE_STATES
from core.shared.ids import CarrierAccountId, CartId, LineId, ProductId, ShopperId, VariantId
from core.shared.money import Money
from ports.cart import Basket, SessionGlance

_stock = (
    sa.select(sa.func.sum(stock_items.c.on_hand - stock_items.c.reserved))
    .where(stock_items.c.store_id == variants.c.store_id, stock_items.c.variant_id == variants.c.id)
    .scalar_subquery()
)

_picture = (
    sa.select(media.c.sha256)
    .join(
        product_media,
        sa.and_(product_media.c.store_id == media.c.store_id, product_media.c.media_id == media.c.id),
    )
    .where(product_media.c.store_id == variants.c.store_id, product_media.c.product_id == variants.c.product_id)
    .order_by(product_media.c.media_id.is_distinct_from(variants.c.media_id), product_media.c.position)
    .limit(1)
    .scalar_subquery()
)

_OFFER_COLUMNS = (
    variants.c.id.label("variant_id"),
    variants.c.product_id,
    variants.c.sku,
    products.c.title,
    variants.c.option_values,
    variants.c.price_minor,
    variants.c.currency.label("price_currency"),
    variants.c.weight_grams,
    variants.c.requires_shipping,
    variants.c.tax_category,
    variants.c.tracked,
    products.c.status,
    _stock.label("available"),
    _picture.label("picture"),
)

_product = sa.and_(products.c.store_id == variants.c.store_id, products.c.id == variants.c.product_id)

_BASKET = (
    sa.select(
        carts,
        cart_lines.c.id.label("line_id"),
        cart_lines.c.variant_id.label("line_variant_id"),
        cart_lines.c.quantity.label("line_quantity"),
        cart_lines.c.seen_price_minor,
        cart_lines.c.position.label("line_position"),
        *_OFFER_COLUMNS,
        stores.c.prices_include_tax,
        payment_sessions.c.id.label("session_id"),
        payment_sessions.c.method.label("session_method"),
        payment_sessions.c.state.label("session_state"),
        payment_sessions.c.amount_minor.label("session_amount"),
        payment_sessions.c.currency.label("session_currency"),
        payment_sessions.c.expires_at.label("session_expires_at"),
        payment_sessions.c.next_action.label("session_next_action"),
        payments.c.state.label("payment_state"),
    )
    .select_from(
        carts.join(stores, stores.c.id == carts.c.store_id)
        .outerjoin(
            cart_lines,
            sa.and_(cart_lines.c.store_id == carts.c.store_id, cart_lines.c.cart_id == carts.c.id),
        )
        .outerjoin(
            variants,
            sa.and_(variants.c.store_id == carts.c.store_id, variants.c.id == cart_lines.c.variant_id),
        )
        .outerjoin(products, _product)
        .outerjoin(
            payment_sessions,
            sa.and_(
                payment_sessions.c.store_id == carts.c.store_id,
                payment_sessions.c.cart_id == carts.c.id,
                payment_sessions.c.state.in_([str(s) for s in sorted(LIVE_STATES)]),
            ),
        )
        .outerjoin(
            payments,
            sa.and_(payments.c.store_id == carts.c.store_id, payments.c.id == payment_sessions.c.payment_id),
        )
    )
    .order_by(cart_lines.c.position)
)

BY_TOKEN = _BASKET.where(carts.c.token_hash == sa.bindparam("token_hash"))
# Locks are statements of their own: one that waited would see the cart as it is now, its session as it was.
_LOCK_BY_TOKEN = sa.select(carts.c.id).where(carts.c.token_hash == sa.bindparam("token_hash")).with_for_update()
_BY_ID = _BASKET.where(carts.c.id == sa.bindparam("cart_id"))
_LOCK_BY_ID = sa.select(carts.c.id).where(carts.c.id == sa.bindparam("cart_id")).with_for_update()

_OFFERS = (
    sa.select(*_OFFER_COLUMNS)
    .select_from(variants.join(products, _product))
    .where(variants.c.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.UUID))))
)

_PUT_LINES = insert(cart_lines)
_PUT_LINES_SET = {
    "quantity": _PUT_LINES.excluded.quantity,
    "seen_price_minor": _PUT_LINES.excluded.seen_price_minor,
}


def to_basket(rows: Sequence[sa.RowMapping]) -> Basket:
    """The rows of one cart as a basket. Raises CartNotFound when there are none."""
    if not rows:
        raise CartNotFound()
    first = rows[0]
    cart = _to_cart(first)
    offers: dict[VariantId, Offer] = {}
    for row in rows:
        if row["line_id"] is None:
            continue
        cart.lines.append(
            CartLine(
                LineId(row["line_id"]),
                VariantId(row["line_variant_id"]),
                row["line_quantity"],
                Money(row["seen_price_minor"], cart.currency),
                row["line_position"],
            )
        )
        if row["variant_id"] is not None:
            offer = to_offer(row)
            offers[offer.variant_id] = offer
    return Basket(cart, offers, first["prices_include_tax"], _to_glance(first))


def to_offer(row: sa.RowMapping) -> Offer:
    return Offer(
        variant_id=VariantId(row["variant_id"]),
        product_id=ProductId(row["product_id"]),
        sku=row["sku"],
        title=row["title"],
        options=row["option_values"],
        image=f"/media/{row['picture']}" if row["picture"] else None,
        price=Money(row["price_minor"], row["price_currency"]),
        weight_grams=row["weight_grams"],
        requires_shipping=row["requires_shipping"],
        tax_category=row["tax_category"],
        available=int(row["available"] or 0) if row["tracked"] else None,
        for_sale=row["status"] == "published",
    )


def _to_cart(row: sa.RowMapping) -> Cart:
    option = row["shipping_option"]
    return Cart(
        id=CartId(row["id"]),
        token_hash=bytes(row["token_hash"]),
        currency=row["currency"],
        locale=row["locale"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        state=CartState(row["state"]),
        shopper_id=ShopperId(row["shopper_id"]) if row["shopper_id"] else None,
        contact=Contact(**(row["contact"] or {})),
        shipping_address=address(row["shipping_address"]),
        billing_address=address(row["billing_address"]),
        shipping_option=None if option is None else _to_option(option),
        version=row["version"],
    )


def _to_option(document: dict[str, Any]) -> ShippingOption:
    return ShippingOption(
        document["id"],
        document["name"],
        Money(document["price"]["amount"], document["price"]["currency"]),
        None if document["days"] is None else (document["days"][0], document["days"][1]),
        datetime.fromisoformat(document["expires_at"]),
        document.get("estimated", False),
        None if document.get("offer") is None else _to_offer(document["offer"]),
    )


def _to_offer(document: dict[str, Any]) -> CarrierOffer:
    return CarrierOffer(**{**document, "account_id": CarrierAccountId(UUID(document["account_id"]))})


def _to_glance(row: sa.RowMapping) -> SessionGlance | None:
    if row["session_id"] is None:
        return None
    return SessionGlance(
        id=str(row["session_id"]),
        method=row["session_method"],
        state=row["session_state"],
        payment_state=row["payment_state"],
        amount_minor=row["session_amount"],
        currency=row["session_currency"],
        expires_at=row["session_expires_at"],
        next_action=row["session_next_action"],
    )


def _values(cart: Cart) -> dict[str, Any]:
    return {
        "state": cart.state,
        "currency": cart.currency,
        "shopper_id": cart.shopper_id,
        "contact": asdict(cart.contact),
        "shipping_address": address_document(cart.shipping_address),
        "billing_address": address_document(cart.billing_address),
        "shipping_option": plain(cart.shipping_option),
        "locale": cart.locale,
        "updated_at": cart.updated_at,
    }


class PostgresCarts:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._loaded: dict[CartId, dict[Any, tuple[int, int]]] = {}

    def load(self, token_hash: bytes, *, lock: bool = False) -> Basket:
        if lock:
            self._session.row(_LOCK_BY_TOKEN, {"token_hash": token_hash})
        return self._remember(to_basket(self._session.rows(BY_TOKEN, {"token_hash": token_hash})))

    def load_by_id(self, cart_id: CartId, *, lock: bool = False) -> Basket:
        if lock:
            self._session.row(_LOCK_BY_ID, {"cart_id": cart_id})
        return self._remember(to_basket(self._session.rows(_BY_ID, {"cart_id": cart_id})))

    def _remember(self, basket: Basket) -> Basket:
        self._loaded[basket.cart.id] = {line.id: (line.quantity, line.seen_price.minor) for line in basket.cart.lines}
        return basket

    def offers(self, variant_ids: Sequence[VariantId]) -> dict[VariantId, Offer]:
        rows = self._session.rows(_OFFERS, {"ids": list(variant_ids)})
        return {offer.variant_id: offer for offer in map(to_offer, rows)}

    def add(self, cart: Cart) -> None:
        self._session.write(
            sa.insert(carts).values(
                id=cart.id,
                store_id=self._session.store_id,
                token_hash=cart.token_hash,
                created_at=cart.created_at,
                version=cart.version,
                **_values(cart),
            )
        )

    def save(self, cart: Cart) -> None:
        self._session.update_version(carts, cart.id, cart.version, _values(cart))
        cart.version += 1
        before = self._loaded.get(cart.id, {})
        now = {line.id: (line.quantity, line.seen_price.minor) for line in cart.lines}
        if gone := [line_id for line_id in before if line_id not in now]:
            self._session.write(sa.delete(cart_lines).where(cart_lines.c.id.in_(gone)))
        if put := [line for line in cart.lines if before.get(line.id) != now[line.id]]:
            self._put_lines(cart, put)
        self._loaded[cart.id] = now

    def _put_lines(self, cart: Cart, lines: Sequence[CartLine]) -> None:
        rows = [
            {
                "id": line.id,
                "store_id": self._session.store_id,
                "cart_id": cart.id,
                "variant_id": line.variant_id,
                "quantity": line.quantity,
                "seen_price_minor": line.seen_price.minor,
                "position": line.position,
            }
            for line in lines
        ]
        self._session.write(
            _PUT_LINES.values(rows).on_conflict_do_update(index_elements=[cart_lines.c.id], set_=_PUT_LINES_SET)
        )
