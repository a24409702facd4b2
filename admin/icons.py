"""Bootstrap Icons, inlined: the wheel's sprite is read once, a template asks for one symbol at a time.

The icon font (148 kB) and the sprite (229 kB compressed) would each break the page's budget; a page
uses about twenty of the two thousand symbols.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import flask_bootstrap
from markupsafe import Markup

_SPRITE = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5" / "icons" / "bootstrap-icons.svg"
_SYMBOL = re.compile(r'<symbol[^>]*?viewBox="([^"]+)"[^>]*?id="([^"]+)"[^>]*>(.*?)</symbol>', re.DOTALL)

_SVG = Markup('<svg class="bi {}" width="{}" height="{}" viewBox="{}" fill="currentColor" {}>{}</svg>')


class UnknownIcon(LookupError):
    """A template names an icon that Bootstrap Icons does not have."""


@cache
def symbols() -> dict[str, tuple[str, Markup]]:
    """Every symbol of the sprite: name -> (viewBox, paths)."""
    sprite = _SPRITE.read_text(encoding="utf-8")
    # The sprite is a file of our locked wheel, not input.
    return {name: (box, Markup(paths)) for box, name, paths in _SYMBOL.findall(sprite)}  # noqa: S704


def icon(name: str, size: int = 16, css: str = "", label: str | None = None) -> Markup:
    """The symbol `name` as an inline svg of `size` px, in the colour of the text around it.

    `css` are further classes. Without `label` it is hidden from screen readers: a word stands beside it.
    Raises UnknownIcon for a name that the sprite lacks.
    """
    try:
        box, paths = symbols()[name]
    except KeyError:
        raise UnknownIcon(name) from None
    hidden = Markup('aria-hidden="true"')
    meaning = hidden if label is None else Markup('role="img" aria-label="{}"').format(label)
    return _SVG.format(css, size, size, box, meaning, paths)
