"""The faces' message catalogues: extracted from the code, kept as .po, compiled to .mo at each start.

The compiled files aren't kept in the repository: they are made whenever a .po is newer.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
CATALOGUES = {face: ROOT / face / "translations" for face in ("admin", "web")}
LOCALES = ("pt_BR",)
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {
    "_": None, "_l": None, "gettext": None, "lazy_gettext": None,
    "ngettext": (1, 2), "_n": (1, 2), "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2), "lazy_pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
# A value that the code fills in: %(amount)s in Python and templates, {n} in what a page hands to its script.
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w+\}")
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}}


def extract(face: str) -> Catalog:
    """Every message of the code and templates of `face`, a key of CATALOGUES."""
    catalogue = Catalog(project="Ecommerce.io", charset="utf-8")
    found = extract_from_dir(
        ROOT / face,
        METHODS,
        OPTIONS,
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
        directory_filter=lambda folder: not Path(folder).name.startswith("."),  # Babel's own leaves _macros out
    )
    for file, line, message, comments, context in found:
        catalogue.add(message, None, [(f"{face}/{file}", line)], auto_comments=comments, context=context)
    return catalogue


def load(face: str, locale: str) -> Catalog:
    """What has been translated so far; an empty catalogue when there's no file."""
    path = _path(face, locale)
    if not path.exists():
        return _empty(face, locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


def update(face: str, locale: str) -> None:
    """Bring the .po up to date with the code; what is no longer used goes away."""
    catalogue = load(face, locale)
    catalogue.update(extract(face), no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
    catalogue.obsolete.clear()
    path = _path(face, locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, sort_output=True, ignore_obsolete=True, include_lineno=False)


def missing(face: str, locale: str) -> list[str]:
    """Problems of a catalogue: messages untranslated, unsure, unused, or with other placeholders."""
    wanted, known = extract(face), load(face, locale)
    problems: list[str] = []
    for message in wanted:
        if not message.id:
            continue
        translated = known.get(message.id, message.context)
        strings = _forms(translated.string) if translated is not None else ()
        if translated is None or not strings or not all(strings):
            problems.append(f"untranslated: {message.id!r} ({message.locations[0][0]})")
        elif translated.fuzzy:
            problems.append(f"unsure: {message.id!r}")
        else:
            problems += [f"{error}: {message.id!r}" for error in translated.check(known)]
            problems += _misfits(message, strings, known.num_plurals)
    unused = [m for m in known if m.id and wanted.get(m.id, m.context) is None]
    return problems + [f"unused: {message.id!r}" for message in unused]


def _forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def _misfits(message: Message, strings: tuple[str, ...], plurals: int) -> list[str]:
    """Plural forms that lack, and forms that don't fill in exactly what their original does."""
    originals = _forms(message.id)
    if len(strings) != (plurals if len(originals) > 1 else 1):
        return [f"plural forms: {message.id!r}"]
    return [
        f"placeholders: {original!r}"
        for original, string in zip((*originals, *originals[-1:] * len(strings)), strings, strict=False)
        if sorted(PLACEHOLDER.findall(original)) != sorted(PLACEHOLDER.findall(string))
    ]


def _empty(face: str, locale: str) -> Catalog:
    now = datetime.now(UTC)
    return Catalog(
        locale=locale,
        project="Ecommerce.io",
        version="1",
        charset="utf-8",
        fuzzy=False,
        header_comment=f"# {locale} of {face}/. New messages: ecommerce translations update",
        creation_date=now,
        revision_date=now,
        last_translator="Ecommerce.io",
        language_team="Ecommerce.io",
        msgid_bugs_address="Ecommerce.io",
        copyright_holder="",
    )


def compile_catalogues() -> None:
    """Write each .mo that is missing or older than its .po; safe when several processes do it at once."""
    for source in (po for folder in CATALOGUES.values() for po in folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        locale = source.parent.parent.name
        unfinished = target.with_name(f".{target.name}.{os.getpid()}")
        with source.open("rb") as po, unfinished.open("wb") as mo:
            write_mo(mo, read_po(po, locale=locale))
        unfinished.replace(target)


def _path(face: str, locale: str) -> Path:
    return CATALOGUES[face] / locale / "LC_MESSAGES" / "messages.po"
