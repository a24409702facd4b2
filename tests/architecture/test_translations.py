"""Every word of the back office and the payment page is translated, and the translations fit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.support import Translations

from jobs import translations

PO = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Orders"
msgstr "Pedidos"

#, python-format
msgid "Refund %(amount)s"
msgstr "Reembolsar %(valor)s"

#, fuzzy
msgid "Unsure"
msgstr "Talvez"

msgid "Unused"
msgstr "Sobra"

msgid "Empty"
msgstr ""
"""


@pytest.fixture
def catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "pt_BR" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(PO, encoding="utf-8")
    monkeypatch.setattr(translations, "CATALOGUES", {"admin": tmp_path})
    return folder


@pytest.mark.parametrize("face", translations.CATALOGUES)
@pytest.mark.parametrize("locale", translations.LOCALES)
def test_every_message_is_translated(face: str, locale: str) -> None:
    problems = translations.missing(face, locale)
    assert not problems, "\n".join(problems[:60])


def test_messages_are_found_in_code_and_templates() -> None:
    files = {file for message in translations.extract("admin") for file, _line in message.locations}
    assert any(file.endswith(".py") for file in files)
    assert any(file.endswith(".html") for file in files)
    assert any("/templates/_macros/" in file for file in files)


def test_each_kind_of_fault_is_named(catalogues: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = Catalog()
    for message in ("Orders", "Refund %(amount)s", "Unsure", "Empty", "Absent"):
        wanted.add(message, None, [("admin/orders.py", 1)])
    monkeypatch.setattr(translations, "extract", lambda _face: wanted)
    problems = translations.missing("admin", "pt_BR")
    assert sorted(problem.split(":")[0] for problem in problems if "Refund" not in problem) == [
        "unsure", "untranslated", "untranslated", "unused"
    ]  # fmt: skip
    assert any("Refund" in problem for problem in problems)
    assert not any("Orders" in problem for problem in problems)


PLACEHOLDERS = {
    "Refund %(amount)s": "Reembolsar",
    "%(who)s gave %(amount)s": "%(who)s deu %(amount)s",
    "{n} selected": "{m} selecionados",
    "%(num)s at %(place)s": "%(num)s em %(num)s",
}


def test_a_translation_fills_in_what_its_original_does(monkeypatch: pytest.MonkeyPatch) -> None:
    _translated(monkeypatch, PLACEHOLDERS)
    wrong = {problem for problem in translations.missing("admin", "pt_BR") if problem.startswith("placeholders")}
    assert wrong == {f"placeholders: {message!r}" for message in PLACEHOLDERS if "gave" not in message}


@pytest.mark.parametrize(
    ("forms", "problem"),
    [
        (("%(num)s item", "%(num)s itens"), None),
        (("a cada hora", "a cada %(num)s horas"), "placeholders: '%(num)s item'"),
        (("%(num)s item", "itens"), "placeholders: '%(num)s items'"),
        (("%(num)s item",), "plural forms: ('%(num)s item', '%(num)s items')"),
        (("%(num)s item", ""), "untranslated: ('%(num)s item', '%(num)s items')"),
    ],
)
def test_every_plural_form_is_there(
    monkeypatch: pytest.MonkeyPatch, forms: tuple[str, ...], problem: str | None
) -> None:
    _translated(monkeypatch, {("%(num)s item", "%(num)s items"): forms})
    found = translations.missing("admin", "pt_BR")
    assert (problem is None) == (not found)
    assert problem is None or any(said.startswith(problem) for said in found)


@pytest.mark.parametrize("locale", translations.LOCALES)
def test_each_count_has_its_form(locale: str) -> None:
    known = translations.load("admin", locale)
    counted = [message for message in known if message.pluralizable]
    assert counted
    assert all(len(message.string or ()) == known.num_plurals for message in counted)
    assert known.plural_forms == "nplurals=2; plural=(n > 1);"


def _translated(monkeypatch: pytest.MonkeyPatch, words: Mapping[Any, Any]) -> None:
    """A catalogue with `words` as it is kept and as the code asks for it."""
    wanted, known = Catalog(), Catalog(locale="pt_BR", fuzzy=False)
    for message, string in words.items():
        wanted.add(message, None, [("admin/orders.py", 1)])
        known.add(message, string)
    monkeypatch.setattr(translations, "extract", lambda _face: wanted)
    monkeypatch.setattr(translations, "load", lambda _face, _locale: known)


def test_compiled_files_follow_their_source(catalogues: Path) -> None:
    translations.compile_catalogues()
    loaded = Translations.load(str(catalogues.parents[1]), ["pt_BR"])
    assert loaded.gettext("Orders") == "Pedidos"
    assert loaded.gettext("Unsure") == "Unsure"
    compiled = (catalogues / "messages.mo").stat().st_mtime_ns
    translations.compile_catalogues()
    assert (catalogues / "messages.mo").stat().st_mtime_ns == compiled
    assert [path.name for path in catalogues.iterdir() if path.name.startswith(".")] == []


def test_updating_adds_what_is_new_and_drops_what_is_unused(catalogues: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = Catalog()
    wanted.add("Orders", None, [("admin/orders.py", 1)])
    wanted.add("New", None, [("admin/orders.py", 2)])
    monkeypatch.setattr(translations, "extract", lambda _face: wanted)
    translations.update("admin", "pt_BR")
    known = translations.load("admin", "pt_BR")
    assert {message.id: message.string for message in known if message.id} == {"Orders": "Pedidos", "New": ""}
