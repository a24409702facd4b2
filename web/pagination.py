"""Lists: `limit` and `cursor` in, `{"data": [...], "next": cursor or null}` out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import marshmallow as ma

from ports.paging import MAX_LIMIT, Page, PageRequest
from web.schemas.shape import Shape

T = TypeVar("T")


class PageArguments(Shape):
    """Query parameters of a list; derive from it to add filters."""

    limit = ma.fields.Integer(load_default=20, validate=ma.validate.Range(1, MAX_LIMIT))
    cursor = ma.fields.String(load_default=None, validate=ma.validate.Length(1, 500))


def page_request(arguments: dict[str, Any]) -> PageRequest:
    """Take `limit` and `cursor` out of loaded arguments."""
    return PageRequest(arguments.pop("limit"), arguments.pop("cursor"))


def page_body(page: Page[T], dump: Callable[[T], Any]) -> dict[str, Any]:
    """The wire form of `page`, its rows by `dump`."""
    return {"data": [dump(row) for row in page.rows], "next": page.next}


def listed(schema: type[ma.Schema]) -> type[ma.Schema]:
    """The schema of a page of `schema`, for the document."""
    return ma.Schema.from_dict(
        {
            "data": ma.fields.List(ma.fields.Nested(schema), required=True),
            "next": ma.fields.String(required=True, allow_none=True),
        },
        name=f"{schema.__name__.removesuffix('Schema')}List",
    )
