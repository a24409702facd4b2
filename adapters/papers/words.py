"""The words of papers, by language. Every language has every key (tested)."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "packing_slip": "Packing slip",
    "pick_list": "Pick list",
    "order": "Order",
    "placed": "Placed {date}",
    "part": "Shipment {part}",
    "parcels_one": "1 parcel",
    "parcels": "{count} parcels",
    "from": "From",
    "to": "To",
    "sku": "SKU",
    "item": "Item",
    "quantity": "Qty",
    "packed": "Packed",
    "pieces_one": "1 piece",
    "pieces": "{count} pieces",
    "rest_one": "1 piece of this order comes in another shipment.",
    "rest": "{count} pieces of this order come in another shipment.",
    "questions": "Questions? Write to {email}.",
    "picked": "Picked",
    "orders_one": "1 order",
    "orders": "{count} orders",
    "for_orders": "For",
    "made": "Made {date}, {time}",
    "page": "Page {page} of {pages}",
}

PORTUGUESE: Mapping[str, str] = {
    "packing_slip": "Romaneio",
    "pick_list": "Lista de separação",
    "order": "Pedido",
    "placed": "Feito em {date}",
    "part": "Remessa {part}",
    "parcels_one": "1 pacote",
    "parcels": "{count} pacotes",
    "from": "Remetente",
    "to": "Destinatário",
    "sku": "SKU",
    "item": "Item",
    "quantity": "Qtd.",
    "packed": "Embalado",
    "pieces_one": "1 peça",
    "pieces": "{count} peças",
    "rest_one": "1 peça deste pedido segue em outra remessa.",
    "rest": "{count} peças deste pedido seguem em outra remessa.",
    "questions": "Dúvidas? Escreva para {email}.",
    "picked": "Separado",
    "orders_one": "1 pedido",
    "orders": "{count} pedidos",
    "for_orders": "Para",
    "made": "Feita em {date}, {time}",
    "page": "Página {page} de {pages}",
}

LANGUAGES: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "pt": PORTUGUESE}


class Words:
    """The words of one language; `locale` is BCP 47, one that is not known is English."""

    def __init__(self, locale: str) -> None:
        language = locale.partition("-")[0].lower()
        self._words = LANGUAGES.get(language, ENGLISH)
        # English outside the countries that have their own is written day before month.
        self.calendar = "pt_BR" if self._words is PORTUGUESE else "en_001"

    def __call__(self, key: str, **values: object) -> str:
        return self._words[key].format(**values)

    def count(self, key: str, count: int) -> str:
        """The words for `count` of something."""
        return self._words[f"{key}_one"] if count == 1 else self._words[key].format(count=count)
