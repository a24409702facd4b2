"""What can go wrong, in kinds that every face knows how to answer.

A kind says what the caller may do about it; a subclass states the fact and carries a stable `code`.
No HTTP status here: `web`, `admin` and `jobs` each hold one table from kind to answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing wrong with one input.

    `field` is the dotted wire name (`lines.0.quantity`), `code` is stable, `message` is English for people.
    """

    field: str
    code: str
    message: str


class CoreError(Exception):
    """Root of all anticipated errors. `code` is stable and part of the wire contract."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str = "", *, problems: tuple[FieldProblem, ...] = ()) -> None:
        super().__init__(message or (self.__doc__ or self.code).splitlines()[0])
        self.problems = problems

    @property
    def message(self) -> str:
        return str(self.args[0])


class Unauthenticated(CoreError):
    """Who is calling is not known."""

    code = "unauthenticated"


class Forbidden(CoreError):
    """The caller is known and lacks the permission, which is named."""

    code = "forbidden"

    def __init__(self, permission: str) -> None:
        super().__init__(f"This needs the permission {permission}.")
        self.permission = permission


class NotFound(CoreError):
    """There is no such thing in this store."""

    code = "not_found"


class Invalid(CoreError):
    """The input is malformed; `problems` name the fields."""

    code = "invalid"


class Rejected(CoreError):
    """The input is well formed and a rule of the shop says no."""

    code = "rejected"


class PaymentDeclined(CoreError):
    """The provider declined to move the money."""

    code = "payment_declined"


class Conflict(CoreError):
    """The thing is in a state in which this can't be done now."""

    code = "conflict"


class WriteConflict(CoreError):
    """Somebody else saved this first: the version is stale."""

    code = "stale_version"


class Unavailable(CoreError):
    """Something outside does not answer; try again after `retry_after` seconds."""

    code = "unavailable"

    def __init__(self, message: str = "", *, retry_after: int = 5) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TooManyTries(CoreError):
    """Too many tries in a row; wait `retry_after` seconds."""

    code = "too_many_tries"

    def __init__(self, message: str = "", *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
