"""Refusals in the provider's own words: https://docs.easypost.com/docs/errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class ApiError(Exception):
    """A refusal that ends the operation and undoes what it wrote."""

    def __init__(self, status: int, code: str, message: str, errors: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"code": code, "message": message, "errors": list(errors)}}


def missing(kind: str) -> ApiError:
    """404: the account has no such object."""
    return ApiError(404, "NOT_FOUND", f"The requested {kind} could not be found.")


def required(field: str) -> ApiError:
    """422 for a parameter that is missing."""
    told = [{"field": field, "message": "cannot be blank"}]
    return ApiError(422, "PARAMETER.REQUIRED", "Missing required parameter.", told)


def invalid(field: str, message: str) -> ApiError:
    """422 for a parameter that is wrong or not played here."""
    told = [{"field": field, "message": message}]
    return ApiError(422, "PARAMETER.INVALID", "A parameter is not valid.", told)


def server_error() -> ApiError:
    """500 as the provider words it."""
    return ApiError(500, "INTERNAL_SERVER_ERROR", "We have encountered an unexpected error.")
