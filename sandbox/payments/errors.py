"""Refusals in the provider's own words: https://docs.stripe.com/api/errors and /error-codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

INVALID_REQUEST = "invalid_request_error"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: HTTP status and JSON body."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)


class ApiError(Exception):
    """A refusal that ends the operation and undoes what it wrote.

    executed: True when the operation had begun, so that an idempotency key remembers the refusal; a request
    refused for its parameters leaves no trace (https://docs.stripe.com/api/idempotent_requests).
    """

    def __init__(
        self,
        status: int,
        type_: str,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        executed: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.executed = executed
        given = {"type": type_, "code": code, "message": message, "param": param, **more}
        self.error = {name: value for name, value in given.items() if value is not None}

    def answer(self) -> Answer:
        """The error as the provider's envelope."""
        return Answer(self.status, {"error": self.error})


def invalid(message: str, *, param: str | None = None, code: str | None = None) -> ApiError:
    """400 for a parameter; nothing was executed."""
    return ApiError(400, INVALID_REQUEST, message, code=code, param=param)


def refused(message: str, *, code: str | None = None, param: str | None = None, **more: Any) -> ApiError:
    """400 for what the object's state forbids; remembered under an idempotency key."""
    return ApiError(400, INVALID_REQUEST, message, code=code, param=param, executed=True, **more)


def missing(kind: str, identifier: str, param: str = "id") -> ApiError:
    """404: the account has no such object.

    kind: the object's name on the wire, such as `payment_intent`.
    """
    return ApiError(
        404,
        INVALID_REQUEST,
        f"No such {kind}: '{identifier}'",
        code="resource_missing",
        param=param,
        executed=True,
    )


def server_error() -> Answer:
    """500 as the provider words it."""
    message = "An unexpected error occurred. Please retry the request with the same idempotency key."
    return Answer(500, {"error": {"type": "api_error", "message": message}})
