"""The rules of the look that a machine can hold: tokens, contrast, weight, no inline anything."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import admin
from admin import assets
from tests.admin.gallery import gallery_app

_ROOT = Path(admin.__file__).parent
_STYLES = sorted((_ROOT / "static").glob("*.css"))
_TEMPLATES = sorted((_ROOT / "templates").rglob("*.html"))
_TOKENS = (_ROOT / "static" / "tokens.css").read_text(encoding="utf-8")
_KB = 1024

# Text or mark, its ground, and the contrast in light and dark by the WCAG 2.2 formula, to one decimal.
CONTRASTS = [
    ("text", "surface", 17.2, 14.9), ("text", "ground", 15.5, 16.0),
    ("text-2", "surface", 7.3, 8.3), ("text-2", "ground", 6.5, 8.9),
    ("text-3", "surface", 5.4, 6.3), ("text-3", "ground", 4.9, 6.8),
    ("text-3", "accent-soft", 4.6, 4.8), ("text-3", "sunken", 4.5, 4.5), ("text-3", "raised", 4.5, 4.5),
    ("accent", "surface", 7.3, 8.7), ("accent", "ground", 6.6, 9.4), ("accent", "accent-soft", 4.5, 4.5),
    ("text", "accent-soft", 14.5, 11.2), ("edge", "surface", 3.4, 3.8), ("edge", "ground", 3.1, 4.1),
    ("on-fill", "fill", 7.3, 4.9), ("on-fill", "fill-hover", 7.3, 4.9), ("fill", "surface", 7.3, 3.6),
    ("ok", "ok-bg", 6.5, 7.8), ("ok", "surface", 7.6, 9.7),
    ("warn", "warn-bg", 6.5, 8.3), ("warn", "surface", 7.5, 10.2),
    ("crit", "crit-bg", 6.3, 7.5), ("crit", "surface", 7.5, 8.7),
    ("info", "info-bg", 6.4, 7.1), ("info", "surface", 7.5, 8.9),
    ("neu", "neu-bg", 6.7, 7.5), ("neu", "surface", 8.1, 9.4),
    ("bar", "surface", 7.3, 6.1), ("bar-neg", "surface", 3.8, 6.1), ("bar-neg", "raised", 3.6, 5.7),
    ("bar-sum", "surface", 13.0, 11.4), ("prev", "surface", 3.4, 3.6),
    ("act-text", "act", 13.7, 6.9), ("act-text-2", "act", 8.3, 6.9),
    ("act-link", "act", 9.8, 6.9), ("act-error", "act", 8.9, 6.9),
]  # fmt: skip


def _colour(name: str, theme: int) -> str:
    found = re.search(rf"--{name}: (?:light-dark\((#\w+), (#\w+)\)|(#\w+));", _TOKENS)
    assert found, name
    return found.group(3) or found.group(theme + 1)


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("mark", "ground", "light", "dark"), CONTRASTS)
def test_contrast_of_the_tokens(mark: str, ground: str, light: float, dark: float) -> None:
    for theme, least in enumerate((light, dark)):
        measured = _contrast(_colour(mark, theme), _colour(ground, theme))
        assert round(measured, 1) >= least, ("light", "dark")[theme]


def _without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


@pytest.mark.parametrize("style", [s for s in _STYLES if s.name != "tokens.css"], ids=lambda s: s.name)
def test_colours_and_sizes_stand_in_the_tokens_only(style: Path) -> None:
    css = re.sub(r"@media[^{]*", "", _without_comments(style.read_text(encoding="utf-8")))
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;,\s)])|\b(?:rgb|hsl|oklch)a?\(", css) == []
    assert re.findall(r"[\d.]+(?:px|rem|pt)\b", css) == []


def test_every_token_that_is_used_is_defined() -> None:
    ours = "".join(style.read_text(encoding="utf-8") for style in _STYLES)
    assert set(re.findall(r"var\((--[\w-]+)", ours)) <= set(re.findall(r"(--[\w-]+):", ours))


def test_every_class_that_is_styled_is_drawn() -> None:
    styled = set()
    for style in _STYLES:
        styled |= set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"url\(.*?\)", "", style.read_text(encoding="utf-8"))))
    drawn = "".join(template.read_text(encoding="utf-8") for template in _TEMPLATES)
    drawn += (_ROOT / "static" / "admin.js").read_text(encoding="utf-8")
    made = re.compile(r"t-|tone-|btn-|base|form-|is-")
    assert [name for name in sorted(styled) if not made.match(name) and name not in drawn] == []


@pytest.mark.parametrize("template", _TEMPLATES, ids=lambda t: t.name)
def test_templates_have_nothing_inline(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert re.findall(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", text) == []
    assert re.findall(r"#[0-9a-fA-F]{6}\b", text) == []


def test_the_gallery_shows_every_macro() -> None:
    gallery = (_ROOT / "templates" / "gallery.html").read_text(encoding="utf-8")
    layout = (_ROOT / "templates" / "layout.html").read_text(encoding="utf-8")
    for template in sorted((_ROOT / "templates" / "_macros").glob("*.html")):
        for name in re.findall(r"{% macro ([a-z]\w*)\(", template.read_text(encoding="utf-8")):
            everything = gallery + layout + "".join(t.read_text(encoding="utf-8") for t in _TEMPLATES)
            assert len(re.findall(rf"\b{name}\(", everything)) > 1, f"{template.name}: {name}"


def test_everything_a_page_loads_is_at_most_120_kb_compressed() -> None:
    loaded = assets.load()
    names = (*assets.STYLES, *assets.SCRIPTS, *assets.SELDOM, *assets.DRAWINGS)
    assert sum(len(loaded[name].packed) for name in names) <= 60 * _KB, "leaves half for the page itself"
    for name in (*assets.STYLES[1:], *assets.SELDOM):
        assert len(loaded[name].content) <= 20_000, name


@pytest.mark.parametrize("path", ["/gallery", "/login", "/error"])
def test_pages_draw_and_load_from_here_only(path: str) -> None:
    answer = gallery_app().test_client().get(path)
    assert answer.status_code == 200
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]*"', answer.text) == []
    assert len(re.findall(r"<h1\b", answer.text)) == 1
