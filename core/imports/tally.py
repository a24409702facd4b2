"""The figures of an import: what a check foresees and what applying has done, in rows and in effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields


@dataclass(slots=True)
class Tally:
    """Counts. Every row of the file that is not blank is in exactly one of the first four."""

    rows_created: int = 0
    rows_changed: int = 0
    rows_unchanged: int = 0
    rows_refused: int = 0
    products_created: int = 0
    products_changed: int = 0
    products_unchanged: int = 0
    products_published: int = 0
    products_withdrawn: int = 0
    variants_created: int = 0
    variants_changed: int = 0
    fields_changed: int = 0
    prices_up: int = 0
    prices_down: int = 0
    stock_counted: int = 0
    pictures_added: int = 0
    sells_on: int = 0
    repairs: int = 0

    @property
    def rows(self) -> int:
        return self.rows_created + self.rows_changed + self.rows_unchanged + self.rows_refused

    @property
    def writes(self) -> int:
        return self.rows_created + self.rows_changed

    def add(self, other: Tally) -> None:
        for field in fields(Tally):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))

    def document(self) -> dict[str, int]:
        """The counts that are not zero, as JSON."""
        return {name: count for name, count in asdict(self).items() if count}

    @classmethod
    def of(cls, document: Mapping[str, int]) -> Tally:
        """The tally in `document`; counts that this release does not know are left out."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: count for name, count in document.items() if name in known})
