"""Pictures of pages for the documentation, kept only when SCREENSHOTS=1, so that a test run changes no file."""

from __future__ import annotations

import io
import os
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
        reduced = taken.quantize(palette=_palette(taken, colours), dither=Image.Dither.NONE)
        reduced.save(written, "PNG", optimize=True)
        if written.tell() <= LARGEST:
            break
    return written.getvalue()


def _palette(taken: Image.Image, colours: int) -> Image.Image:
    """Half of the palette are the commonest colours as they are, so that flat areas keep theirs; half are means."""
    counted = cast("list[tuple[int, Colour]]", sorted(taken.getcolors(taken.width * taken.height) or [], reverse=True))
    flat = [colour for _count, colour in counted[: colours // 2]]
    rest = Image.new("RGB", (len(counted), 1))
    rest.putdata([colour for _count, colour in counted])
    means = rest.quantize(colours - len(flat), method=Image.Quantize.MEDIANCUT).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in flat for part in colour] + means[: 3 * (colours - len(flat))])
    return palette
