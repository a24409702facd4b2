"""Reading a cart: one statement."""

from __future__ import annotations

from adapters.postgres.cart import BY_TOKEN, to_basket
from adapters.postgres.reading import Reader
from ports.cart import Basket


class PostgresCartQueries:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def load(self, token_hash: bytes) -> Basket:
        return to_basket(self._reader.rows(BY_TOKEN, {"token_hash": token_hash}))
