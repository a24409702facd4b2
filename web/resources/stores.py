"""The store that a key belongs to: what a storefront has to know before it shows anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel import Locale

from core.stores.queries import ShowStoreFront, show_store_front
from web.calls import context, read
from web.resource import Resource
from web.schemas.stores import StoreSchema

stores = Resource("store", description="The store of the key.")

# What shoppers call the ways to pay; a language that is not here reads English.
_METHODS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "card": "Card",
        "pix": "Pix",
        "boleto": "Boleto",
        "bank_transfer": "Bank transfer",
        "cash_on_delivery": "Cash on delivery",
    },
    "pt": {
        "card": "Cartão",
        "pix": "Pix",
        "boleto": "Boleto",
        "bank_transfer": "Transferência bancária",
        "cash_on_delivery": "Pagamento na entrega",
    },
}


@stores.get("/store")
@stores.response(200, StoreSchema)
def show_store() -> dict[str, Any]:
    """Show the store's configuration: currency, languages, countries it delivers to, ways to pay."""
    front = read(show_store_front, ShowStoreFront())
    store = front.store
    language = Locale.parse(context().locale, sep="-")
    words = _METHODS.get(language.language, _METHODS["en"])
    return {
        "name": store.name,
        "currency": store.currency,
        "currencies": list(store.currencies),
        "locale": store.locale,
        "locales": list(store.locales),
        "time_zone": store.time_zone,
        "countries": [{"code": code, "name": language.territories.get(code, code)} for code in store.countries],
        "prices_include_tax": store.prices_include_tax,
        "order_prefix": store.order_prefix,
        "payment_methods": [{"method": method, "name": words.get(method, method)} for method in front.payment_methods],
    }
