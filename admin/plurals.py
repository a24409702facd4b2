"""Messages with a count: the number in them is written as the person's region writes it, "1.234 produtos"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from flask import Flask
from flask_babel import Domain
from jinja2 import pass_context
from jinja2.runtime import Context

from admin import filters


class CountingDomain(Domain):
    """gettext whose plurals write their number with the separators of the region, unless told otherwise."""

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        """`singular` or `plural` in the person's language; `%(num)s` is the written number."""
        told = self.get_translations().ungettext(singular, plural, num)
        return str(told % {"num": filters.number(num), **variables})

    def npgettext(self, context: str, singular: str, plural: str, num: int, **variables: Any) -> str:
        """The same in a context."""
        told = self.get_translations().unpgettext(context, singular, plural, num)
        return str(told % {"num": filters.number(num), **variables})


def _counting(plain: Callable[..., str]) -> Callable[..., str]:
    """What templates call: Jinja has its own way to a plural, past the domain."""

    @pass_context
    def ngettext(context: Context, singular: str, plural: str, num: int, **variables: Any) -> str:
        return plain(context, singular, plural, num, **{"num": filters.number(num), **variables})

    return ngettext


def install(app: Flask) -> None:
    """Have `app`, which has Babel already, count so."""
    app.extensions["babel"].instance.domain_instance = CountingDomain()
    plain = cast("Callable[..., str]", app.jinja_env.globals["ngettext"])
    app.jinja_env.globals["ngettext"] = _counting(plain)
