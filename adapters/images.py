"""Pictures that people send, checked and cleaned by Pillow.

Every picture is decoded and written anew: what is no picture does not get through, nor do camera data, places,
comments or bytes hidden behind the end. Dimensions are checked on the header, before anything is decoded.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from core.media.errors import UnusablePicture
from core.media.model import MAX_BYTES
from ports.media import PreparedPicture

MAX_PIXELS = 50_000_000
LONGEST_SIDE = 2048
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")

# The limit is ours, checked on the header below; Pillow's own would warn instead of refusing.
Image.MAX_IMAGE_PIXELS = None


class PillowPictures:
    """Makes pictures of at most `LONGEST_SIDE` pixels: JPEG for photographs, PNG where there is transparency."""

    def prepare(self, content: bytes) -> PreparedPicture:
        if len(content) > MAX_BYTES:
            raise UnusablePicture(f"A picture has at most {MAX_BYTES // 1024 // 1024} MB.")
        try:
            with Image.open(BytesIO(content), formats=_FORMATS) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    raise UnusablePicture(f"A picture has at most {MAX_PIXELS // 1_000_000} million pixels.")
                opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # JPEG: decode no more than is needed
                return _encode(ImageOps.exif_transpose(opened))
        except UnidentifiedImageError:
            raise UnusablePicture("This is no JPEG, PNG, WebP or GIF picture.") from None
        except (OSError, ValueError, SyntaxError, EOFError, ZeroDivisionError) as broken:
            raise UnusablePicture("The picture is damaged.") from broken


def _encode(picture: Image.Image) -> PreparedPicture:
    transparent = picture.has_transparency_data
    clean = picture.convert("RGBA" if transparent else "RGB")
    clean.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    clean.info.clear()
    out = BytesIO()
    if transparent:
        clean.save(out, "PNG", optimize=True)
    else:
        clean.save(out, "JPEG", quality=88, optimize=True, progressive=True)
    return PreparedPicture(out.getvalue(), "image/png" if transparent else "image/jpeg", clean.width, clean.height)
