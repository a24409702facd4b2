"""Pictures that people send: checked, turned upright, bounded, and without anything but the picture."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from adapters.images import LONGEST_SIDE, MAX_PIXELS, PillowPictures
from core.media.errors import UnusablePicture
from core.media.model import MAX_BYTES
from tests.catalogue import picture

PICTURES = PillowPictures()
SECRET = b"Rua dos Pinheiros 1047"


def shown(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


@pytest.mark.parametrize(
    ("form", "mode", "content_type"),
    [
        ("JPEG", "RGB", "image/jpeg"),
        ("WEBP", "RGB", "image/jpeg"),
        ("GIF", "RGB", "image/jpeg"),
        ("PNG", "RGB", "image/jpeg"),
        ("PNG", "RGBA", "image/png"),
        ("WEBP", "RGBA", "image/png"),
    ],
)
def test_every_format_becomes_one_that_browsers_show(form: str, mode: str, content_type: str) -> None:
    prepared = PICTURES.prepare(picture(60, 40, form=form, mode=mode))
    assert (prepared.content_type, prepared.width, prepared.height) == (content_type, 60, 40)
    opened = shown(prepared.content)
    assert opened.size == (60, 40)
    red, green, blue = opened.convert("RGB").getpixel((30, 20))  # type: ignore[misc]  # three bands
    assert abs(red - 181) < 8
    assert abs(green - 88) < 8
    assert abs(blue - 58) < 8


def test_camera_data_goes_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side: turn it by 90 degrees
    exif[0x010E] = SECRET.decode()
    sent = picture(60, 40, form="JPEG", exif=exif, comment=SECRET) + SECRET
    assert SECRET in sent
    prepared = PICTURES.prepare(sent)
    assert (prepared.width, prepared.height) == (40, 60)
    assert SECRET not in prepared.content
    assert dict(shown(prepared.content).getexif()) == {}


def test_a_large_picture_is_made_smaller_in_proportion() -> None:
    prepared = PICTURES.prepare(picture(5000, 2500, form="JPEG"))
    assert (prepared.width, prepared.height) == (LONGEST_SIDE, LONGEST_SIDE // 2)


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header promises more pixels than anybody's memory holds."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xff\xd8\xff\xe0 no picture",
        picture(400, 400)[:-200],
        picture(400, 400, form="JPEG")[:300],
        bomb(MAX_PIXELS, 2),
        bomb(100_000, 100_000),
        picture() + b"x" * MAX_BYTES,
    ],
    ids=["empty", "svg", "jpeg-head", "half-png", "half-jpeg", "bomb", "larger-bomb", "too-many-bytes"],
)
def test_what_is_no_whole_picture_is_refused(content: bytes) -> None:
    with pytest.raises(UnusablePicture):
        PICTURES.prepare(content)
