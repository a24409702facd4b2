"""Icons come from the wheel's sprite, inlined."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import admin
from admin.icons import UnknownIcon, icon, symbols
from admin.navigation import NAVIGATION
from admin.status import DERIVED, STATUSES

_TEMPLATES = Path(admin.__file__).parent / "templates"


def test_an_icon_is_an_inline_svg_in_the_colour_of_its_text() -> None:
    drawn = icon("check-circle-fill", 12, "end")
    assert drawn.startswith('<svg class="bi end" width="12" height="12" viewBox="0 0 16 16" fill="currentColor"')
    assert 'aria-hidden="true"' in drawn
    assert "<path d=" in drawn


def test_an_icon_with_a_meaning_of_its_own_says_it() -> None:
    drawn = icon("lock", label='private & "mine"')
    assert 'role="img" aria-label="private &amp; &#34;mine&#34;"' in drawn
    assert "aria-hidden" not in drawn


def test_every_path_of_a_symbol_is_drawn() -> None:
    assert icon("clock-history").count("<path") == symbols()["clock-history"][1].count("<path") == 3


def test_an_unknown_icon_is_refused() -> None:
    with pytest.raises(UnknownIcon, match="no-such-icon"):
        icon("no-such-icon")


def test_every_icon_that_code_and_templates_name_exists() -> None:
    named = {look.icon for table in (STATUSES, DERIVED) for axis in table.values() for look in axis.values()}
    named |= {item.icon for group in NAVIGATION for one in group for item in (one, *one.children)}
    for template in _TEMPLATES.rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        named |= set(re.findall(r'icon\("([a-z0-9-]+)"', text))
        named |= set(re.findall(r'(?:icon_name=|"icon": )"([a-z0-9-]+)"', text))
    assert len(named) > 50
    assert named <= symbols().keys(), sorted(named - symbols().keys())
