"""The desk of a request: who sits at it, in which store, and so in which language, region and zone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import cast
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from flask import current_app, g, request

from admin.assets import Asset, load
from admin.navigation import Waiting

LANGUAGES: Mapping[str, str] = {"en": "English", "pt_BR": "Português"}


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in: name for the corner, permissions for the menu, language and region if chosen."""

    name: str
    permissions: frozenset[str] = frozenset()
    language: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class StoreChoice:
    """One of the stores of a person who has several."""

    id: str
    name: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """What the shell must know of a request. `locale` is the store's (BCP 47), `time_zone` an IANA name."""

    store_name: str = "Ecommerce.io"
    locale: str = "en"
    time_zone: str = "UTC"
    person: Person | None = None
    stores: tuple[StoreChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class Shell:
    """How the shell asks the application, and the endpoints of what others provide."""

    desk: Callable[[], Desk]
    now: Callable[[], datetime]
    counts: Callable[[], Mapping[str, Waiting]]
    sign_out: str
    profile: str
    choose_store: str
    search: str
    assets: dict[str, Asset] = field(default_factory=load)


def shell() -> Shell:
    """How this application answers the shell's questions; put there by `admin.shell.install`."""
    return cast(Shell, current_app.extensions["shell"])


def desk() -> Desk:
    """The desk of this request, asked for once."""
    if "desk" not in g:
        g.desk = shell().desk()
    return cast(Desk, g.desk)


def _known(tag: str | None) -> str | None:
    """The language of ours that `tag` ("pt-BR", "pt", "en_GB") stands for, or None."""
    if not tag:
        return None
    wanted = tag.replace("-", "_")
    if wanted in LANGUAGES:
        return wanted
    return next((code for code in LANGUAGES if code.partition("_")[0] == wanted.partition("_")[0]), None)


def language() -> Locale:
    """The language of words: chosen in this browser, by the person, wished by the browser; else English."""
    person = desk().person
    asked = request.accept_languages.values()
    wishes = (request.cookies.get("language"), person.language if person else None, *asked)
    return Locale.parse(next(filter(None, map(_known, wishes)), "en"))


def region() -> Locale:
    """The locale of numbers, money and dates: the person's, which starts as the store's."""
    person = desk().person
    tag = (person.region if person else None) or desk().locale
    try:
        return Locale.parse(tag.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale.parse("en")


def zone() -> tzinfo:
    """The store's time zone: days on every screen are the store's."""
    return ZoneInfo(desk().time_zone)


def now() -> datetime:
    """The business clock."""
    return shell().now()
