"""Pictures of pages for the documentation, kept only when SCREENSHOTS=1, so that a test run changes no file."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import cast

from PIL import Image
from playwright.sync_api import Page

Colour = tuple[int, int, int]
FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screens"
LARGEST = 200_000  # bytes
TALLEST = 4_000  # pixels
_SETTLED = """async () => {
  await Promise.all([...document.images].filter((image) => image.checkVisibility()).map((image) => image.decode()));
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
}"""


def picture(page: Page, name: str, *, full: bool = True) -> None:
    """Keep a picture of the whole page, or of the window, as `docs/screens/<name>.png`.

    The window grows to the page's height first: what sticks to it reaches as far, and what waits to be seen loads.
    """
    if os.environ.get("SCREENSHOTS") != "1":
        return
    before = page.viewport_size
    assert before is not None
    if full:
        height = int(page.evaluate("document.documentElement.scrollHeight"))
        page.set_viewport_size({"width": before["width"], "height": min(height, TALLEST)})
    page.wait_for_load_state("networkidle")
    page.evaluate(_SETTLED)
    taken = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")
    page.set_viewport_size(before)
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.png").write_bytes(_small(taken))


def _small(taken: Image.Image) -> bytes:
    """The picture with as many colours as fit into LARGEST bytes, at most 256."""
    for colours in (256, 160, 96, 48):
        written = io.BytesIO()
        _reduced(taken, colours).save(written, "PNG", optimize=True)
        if written.tell() <= LARGEST:
            break
    return written.getvalue()


def _reduced(taken: Image.Image, colours: int) -> Image.Image:
    """Each pixel as its nearest of the commonest colours, which stay as they are, and of means of the others."""
    counted = cast("list[tuple[int, Colour]]", sorted(taken.getcolors(taken.width * taken.height) or [], reverse=True))
    flat = [colour for _count, colour in counted[: colours // 2]]
    others = Image.new("RGB", (len(counted), 1))
    others.putdata([colour for _count, colour in counted])
    means = others.quantize(colours - len(flat), method=Image.Quantize.MEDIANCUT).getpalette() or []
    palette = flat + [(means[at], means[at + 1], means[at + 2]) for at in range(0, 3 * (colours - len(flat)), 3)]
    nearest = {colour: at for at, colour in reversed(list(enumerate(palette)))}
    for _count, colour in counted:
        if colour not in nearest:
            nearest[colour] = palette.index(min(palette, key=partial(_apart, colour)))
    reduced = Image.new("P", taken.size)
    reduced.putpalette([part for colour in palette for part in colour])
    reduced.putdata([nearest[colour] for colour in cast("Iterable[Colour]", taken.get_flattened_data())])
    return reduced


def _apart(one: Colour, other: Colour) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
