"""What whoever is signed in may do: the guard of a view, and the question of a template.

`App.run` decides in the end; these spare a form that could not be sent and a button that would be refused.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from admin.context import person, staff_session
from core.identity.roles import OWN_SESSION, ROLE_PERMISSIONS
from core.shared.errors import Forbidden
from core.shared.permission import permission_of
from ports.lookups import StaffSession

P = ParamSpec("P")
R = TypeVar("R")


def granted() -> frozenset[str]:
    """What the person may do in the store of the session; nothing before sign-in."""
    session = staff_session()
    return permissions_of(session) if session else frozenset()


def permissions_of(session: StaffSession) -> frozenset[str]:
    """What the role of `session`, looked up with this request, allows."""
    return OWN_SESSION | (ROLE_PERMISSIONS[session.role] if session.role else frozenset())


def allows(what: str | Callable[..., object]) -> bool:
    """Whether the person holds a permission, or may call a use case or query: for menus and buttons."""
    return (what if isinstance(what, str) else permission_of(what)) in granted()


def requires(permission: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Guard a view: whoever lacks `permission` sees a page that names it (403)."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            person()
            if not allows(permission):
                raise Forbidden(permission)
            return view(*args, **kwargs)

        return wrapper

    return decorate
