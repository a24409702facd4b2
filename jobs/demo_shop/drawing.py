"""Pictures of the demo's products: flat drawings in a few warm colours, made when the shop is seeded."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageDraw

SIZE = (800, 1000)
Colour = str
Canvas = ImageDraw.ImageDraw

# Colours of glazes, cloths and woods by the words that the shop uses for them; each with a darker shade.
COLOURS: dict[str, tuple[Colour, Colour]] = {
    "Terracota": ("#B5573A", "#8F3F27"),
    "Musgo": ("#6F8F84", "#4F6C62"),
    "Areia": ("#D9CDB4", "#BBAC8C"),
    "Ferrugem": ("#A6431F", "#7E3014"),
    "Azul": ("#4A6791", "#34496B"),
    "Cru": ("#E6DBC4", "#C6B796"),
    "Natural": ("#B98A55", "#8F6638"),
    "Café": ("#4B3426", "#332218"),
    "Branco": ("#F2EEE4", "#CFC8B6"),
    "Verde": ("#5F7F4F", "#456039"),
}

_GROUNDS = {"Azul": "#DDE4EC", "Musgo": "#E3E8E3", "Verde": "#E3E9DC", "Branco": "#D9E2E0"}


def draw(shape: str, colour: str) -> bytes:
    """A PNG of `shape` (a key of SHAPES) in `colour` (a key of COLOURS)."""
    # Drawn at twice the size and reduced: the library's own edges are not smooth.
    image = Image.new("RGB", (SIZE[0] * 2, SIZE[1] * 2), _GROUNDS.get(colour, "#F0E4D6"))
    canvas = ImageDraw.Draw(image)
    canvas.ellipse((260, 1560, 1340, 1660), fill="#E2D3C0" if colour not in _GROUNDS else "#CBD5D3")
    SHAPES[shape](canvas, *COLOURS[colour])
    buffer = io.BytesIO()
    image.resize(SIZE, Image.Resampling.LANCZOS).save(buffer, "PNG")
    return buffer.getvalue()


def _mug(c: Canvas, light: Colour, dark: Colour) -> None:
    c.ellipse((980, 820, 1360, 1300), outline=light, width=70)
    c.rounded_rectangle((400, 700, 1100, 1600), 110, fill=light)
    c.rectangle((400, 700, 1100, 800), fill=light)
    c.rectangle((400, 700, 1100, 850), fill=dark)


def _bowl(c: Canvas, light: Colour, dark: Colour) -> None:
    c.pieslice((280, 500, 1320, 1600), 0, 180, fill=light)
    c.ellipse((280, 950, 1320, 1160), fill=dark)
    c.rectangle((640, 1560, 960, 1620), fill=dark)


def _plate(c: Canvas, light: Colour, dark: Colour) -> None:
    c.ellipse((200, 560, 1400, 1600), fill=light)
    c.ellipse((400, 730, 1200, 1420), fill=dark)
    c.ellipse((420, 750, 1180, 1400), fill=light)


def _cloth(c: Canvas, light: Colour, dark: Colour) -> None:
    for step, top in enumerate((760, 960, 1160, 1360)):
        c.rounded_rectangle((330, top, 1270, top + 190), 60, fill=light if step % 2 else dark)
    for x in range(360, 1270, 70):
        c.line((x, 1550, x, 1630), fill=dark, width=16)


def _bag(c: Canvas, light: Colour, dark: Colour) -> None:
    c.rounded_rectangle((460, 520, 1140, 1620), 40, fill=light)
    c.rectangle((460, 520, 1140, 680), fill=dark)
    c.ellipse((640, 940, 960, 1260), fill="#D9A441")
    c.arc((700, 980, 900, 1220), 270, 90, fill=dark, width=18)


def _candle(c: Canvas, light: Colour, dark: Colour) -> None:
    c.rounded_rectangle((500, 900, 1100, 1620), 60, fill=light)
    c.ellipse((500, 850, 1100, 960), fill=dark)
    c.line((800, 900, 800, 780), fill="#332218", width=16)
    c.ellipse((750, 600, 850, 800), fill="#D9A441")


def _basket(c: Canvas, light: Colour, dark: Colour) -> None:
    c.arc((480, 520, 1120, 1300), 180, 360, fill=dark, width=44)
    c.polygon([(320, 900), (1280, 900), (1160, 1620), (440, 1620)], fill=light)
    for y in range(980, 1620, 120):
        c.line((330, y, 1270, y), fill=dark, width=14)


def _lamp(c: Canvas, light: Colour, dark: Colour) -> None:
    c.line((800, 200, 800, 700), fill="#332218", width=14)
    c.pieslice((330, 640, 1270, 1580), 180, 360, fill=light)
    c.rectangle((330, 1090, 1270, 1130), fill=dark)
    c.ellipse((720, 1090, 880, 1250), fill="#D9A441")


def _board(c: Canvas, light: Colour, dark: Colour) -> None:
    c.rounded_rectangle((440, 700, 1160, 1620), 90, fill=light)
    c.rounded_rectangle((700, 440, 900, 760), 80, fill=light)
    c.ellipse((760, 500, 840, 580), fill="#F0E4D6")
    for x in (560, 760, 980):
        c.line((x, 820, x, 1540), fill=dark, width=12)


def _pillow(c: Canvas, light: Colour, dark: Colour) -> None:
    c.rounded_rectangle((280, 640, 1320, 1600), 180, fill=light)
    for y in range(800, 1500, 160):
        c.line((380, y, 1220, y), fill=dark, width=34)


def _hammock(c: Canvas, light: Colour, dark: Colour) -> None:
    c.chord((160, 300, 1440, 1500), 20, 160, fill=light)
    for x in (200, 1400):
        c.line((x, 500, 300 if x < 800 else 1300, 1120), fill=dark, width=22)
    c.arc((240, 420, 1360, 1440), 30, 150, fill=dark, width=26)


def _bottle(c: Canvas, light: Colour, dark: Colour) -> None:
    c.rounded_rectangle((560, 760, 1040, 1640), 150, fill=light)
    c.rectangle((700, 440, 900, 820), fill=light)
    c.rectangle((680, 380, 920, 470), fill=dark)


def _spoon(c: Canvas, light: Colour, dark: Colour) -> None:
    c.rounded_rectangle((760, 860, 850, 1640), 40, fill=light)
    c.ellipse((620, 420, 990, 960), fill=light)
    c.ellipse((690, 500, 920, 860), fill=dark)


def _stool(c: Canvas, light: Colour, dark: Colour) -> None:
    for x, lean in ((430, -60), (1090, 60)):
        c.polygon([(x, 960), (x + 80, 960), (x + 80 + lean, 1630), (x + lean, 1630)], fill=dark)
    c.rounded_rectangle((300, 840, 1300, 990), 70, fill=light)


SHAPES: dict[str, Callable[[Canvas, Colour, Colour], None]] = {
    "mug": _mug,
    "bowl": _bowl,
    "plate": _plate,
    "cloth": _cloth,
    "bag": _bag,
    "candle": _candle,
    "basket": _basket,
    "lamp": _lamp,
    "board": _board,
    "pillow": _pillow,
    "hammock": _hammock,
    "bottle": _bottle,
    "spoon": _spoon,
    "stool": _stool,
}
