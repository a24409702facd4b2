"""The back office's message catalogues: extracted from the code, kept as .po, compiled to .mo at each start.

The compiled files aren't kept in the repository: they are made whenever a .po is newer.
"""

from __future__ import annotations

import os
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ADMIN = Path(__file__).resolve().parents[1] / "admin"
CATALOGUES = ADMIN / "translations"
LOCALES = ("pt_BR",)
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {
    "_": None, "_l": None, "gettext": None, "lazy_gettext": None,
    "ngettext": (1, 2), "_n": (1, 2), "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2), "lazy_pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}}


def extract() -> Catalog:
    """Every message of the back office's code and templates."""
    catalogue = Catalog(project="Ecommerce.io", charset="utf-8")
    found = extract_from_dir(
        ADMIN, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    )
    for file, line, message, comments, context in found:
        catalogue.add(message, None, [(f"admin/{file}", line)], auto_comments=comments, context=context)
    return catalogue


def load(locale: str) -> Catalog:
    """What has been translated so far; an empty catalogue when there's no file."""
    path = _path(locale)
    if not path.exists():
        return Catalog(locale=locale, project="Ecommerce.io", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


def update(locale: str) -> None:
    """Bring the .po up to date with the code; what is no longer used goes away."""
    catalogue = load(locale)
    catalogue.update(extract(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    path = _path(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, sort_output=True, omit_header=False, ignore_obsolete=True)


def missing(locale: str) -> list[str]:
    """Problems of a catalogue: messages untranslated, unsure, unused, or with other placeholders."""
    wanted, known = extract(), load(locale)
    problems: list[str] = []
    for message in wanted:
        if not message.id:
            continue
        translated = known.get(message.id, message.context)
        strings = (
            ()
            if translated is None
            else (translated.string,)
            if isinstance(translated.string, str)
            else translated.string
        )
        if translated is None or not strings or not all(strings):
            problems.append(f"untranslated: {message.id!r} ({message.locations[0][0]})")
        elif translated.fuzzy:
            problems.append(f"unsure: {message.id!r}")
        else:
            problems += [f"{error}: {message.id!r}" for error in translated.check(known)]
    unused = [m for m in known if m.id and wanted.get(m.id, m.context) is None]
    return problems + [f"unused: {message.id!r}" for message in unused]


def compile_catalogues() -> None:
    """Write each .mo that is missing or older than its .po; safe when several processes do it at once."""
    for source in CATALOGUES.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        locale = source.parent.parent.name
        unfinished = target.with_name(f".{target.name}.{os.getpid()}")
        with source.open("rb") as po, unfinished.open("wb") as mo:
            write_mo(mo, read_po(po, locale=locale))
        unfinished.replace(target)


def _path(locale: str) -> Path:
    return CATALOGUES / locale / "LC_MESSAGES" / "messages.po"
