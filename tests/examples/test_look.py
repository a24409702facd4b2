"""The style sheet takes colours and sizes of type from the tokens; every icon asked for is drawn."""

from __future__ import annotations

import re
from pathlib import Path

from examples.storefront import words

HOME = Path(words.__file__).parent
SHEET = (HOME / "static/shop.css").read_text()
TOKENS = (HOME / "static/tokens.css").read_text()
TEMPLATES = {path.name: path.read_text() for path in (HOME / "templates").glob("*.html")}


def test_colours_and_sizes_of_type_come_from_the_tokens_only() -> None:
    assert re.findall(r"#[0-9A-Fa-f]{3,8}\b|rgba?\(|hsla?\(", SHEET) == []
    assert re.findall(r"font-size: (?!var\()[^;]+", SHEET) == []
    assert re.findall(r"--[a-z0-9-]+", SHEET)
    used = set(re.findall(r"var\((--[a-z0-9-]+)\)", SHEET))
    assert used <= set(re.findall(r"(--[a-z0-9-]+):", TOKENS))


def test_nothing_comes_from_elsewhere_and_nothing_is_inline() -> None:
    for name, text in TEMPLATES.items():
        assert not re.search(r"https?://|<style|\sstyle=|\son[a-z]+=\"|<script>", text), name
    assert not re.search(r"https?://|@import|@font-face", SHEET)


def test_every_icon_is_drawn() -> None:
    drawn = set(re.findall(r'symbol id="([a-z]+)"', (HOME / "static/icons.svg").read_text()))
    asked = {name for text in TEMPLATES.values() for name in re.findall(r'icon\("([a-z]+)"', text)}
    asked |= {look[1] for look in words.PAYMENT_STATES.values()}
    asked |= {look[0] for look in words.METHODS.values()} | {words.OTHER_METHOD[0]}
    assert asked <= drawn
