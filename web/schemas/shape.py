"""`Shape`, from which every schema derives, and the fields that take exactly one JSON type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

BIGINT = 2**63 - 1


class Shape(ma.Schema):
    """A JSON object whose members are all known; others are refused."""

    class Meta:
        unknown = ma.RAISE


class Whole(ma.fields.Integer):
    """A whole number as JSON has it: no text, no fraction, no boolean, and none the database can't hold."""

    def __init__(self, *, least: int = -BIGINT, most: int = BIGINT, **options: Any) -> None:
        super().__init__(strict=True, validate=ma.validate.Range(least, most), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> int:
        if type(value) is not int:
            raise self.make_error("invalid", input=value)
        return value


class Text(ma.fields.String):
    """Text without surrounding spaces, of `least` to `most` characters."""

    def __init__(self, *, least: int = 0, most: int = 255, **options: Any) -> None:
        super().__init__(validate=ma.validate.Length(least, most), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options)
        return str(text).strip()
