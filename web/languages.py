"""In which language a page of this face speaks: the one that its view put into `g.language`, else English."""

from __future__ import annotations

from babel import Locale, UnknownLocaleError
from flask import Flask, g
from flask_babel import Babel

LANGUAGES = ("en", "pt_BR")


def language_of(tag: str) -> str:
    """The language of ours for a BCP 47 tag: `pt-PT` is read in `pt_BR`, what we don't speak in `en`."""
    try:
        wanted = Locale.parse(tag, sep="-").language
    except (ValueError, UnknownLocaleError):
        return LANGUAGES[0]
    return next((language for language in LANGUAGES if language.partition("_")[0] == wanted), LANGUAGES[0])


def _selected() -> str:
    return str(g.get("language", LANGUAGES[0]))


def install(flask: Flask) -> None:
    """Let templates and code of `flask` speak through gettext."""
    Babel(flask, locale_selector=_selected)
