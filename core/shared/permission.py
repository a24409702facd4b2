"""Which permission a use case needs, declared on the function itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

F = TypeVar("F", bound=Callable[..., object])

_ATTRIBUTE = "__permission__"
_ACTIVITY = "__leaves_activity__"


def permission(name: str, *, activity: bool = True) -> Callable[[F], F]:
    """Declare that a use case or query needs the permission `name` (`context.noun.verb`).

    `activity=False` is for the few writes that leave no activity row: a shopper's changes to a cart.
    """

    def declare(function: F) -> F:
        setattr(function, _ATTRIBUTE, name)
        setattr(function, _ACTIVITY, activity)
        return function

    return declare


def permission_of(function: Callable[..., object]) -> str:
    """The permission that `function` declares. Raises TypeError when it declares none: that is a bug."""
    name = getattr(function, _ATTRIBUTE, None)
    if not isinstance(name, str):
        raise TypeError(f"{function.__module__}.{function.__qualname__} declares no permission")
    return name


def leaves_activity(function: Callable[..., object]) -> bool:
    """Whether what `function` writes is told in the activity log."""
    return bool(getattr(function, _ACTIVITY, True))
