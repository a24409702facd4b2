"""What a page loads: Bootstrap's CSS from its wheel and our own files, under addresses that name content.

An address holds the file's hash, so browsers keep it for a year and a new release is a new address.
Everything is compressed once, at start. Bootstrap's JavaScript is not loaded: menus are <details> and
popovers, dialogs are <dialog>, which work without any script.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import flask_bootstrap
from flask import Response, request

_BOOTSTRAP = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5"
_OURS = Path(__file__).parent / "static"

# What layout.html loads on every page, in this order; the limit for all of it together is 120 kB compressed.
STYLES = ("bootstrap.min.css", "tokens.css", "shell.css", "admin.css")
SCRIPTS = ("admin.js",)
SELDOM = ("signin.css", "print.css", "catalog.css", "orders.css", "ledger.css", "shipping.css", "finance.css")
DRAWINGS = ("mark.svg", "tiles.svg")

_SOURCES: Mapping[str, Path] = {
    "bootstrap.min.css": _BOOTSTRAP / "css" / "bootstrap.min.css",
    **{name: _OURS / name for name in (*STYLES[1:], *SCRIPTS, *SELDOM, *DRAWINGS)},
}
_YEAR = 31_536_000


@dataclass(frozen=True, slots=True)
class Asset:
    """One file in memory: `digest` is the head of its SHA-256, `packed` its gzip form."""

    name: str
    content: bytes
    packed: bytes
    digest: str
    mimetype: str

    def response(self, digest: str) -> Response:
        """The file for an address with `digest`; one of an older release is answered, but not kept."""
        zipped = bool(request.accept_encodings["gzip"])
        answer = Response(self.packed if zipped else self.content, mimetype=self.mimetype)
        if zipped:
            answer.content_encoding = "gzip"
        answer.vary.add("Accept-Encoding")
        if digest == self.digest:
            answer.cache_control.public = True
            answer.cache_control.max_age = _YEAR
            answer.cache_control.immutable = True
        else:
            answer.cache_control.no_cache = True
        return answer


def load() -> dict[str, Asset]:
    """Every asset by name, read and compressed."""
    assets = {}
    for name, path in _SOURCES.items():
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:16]
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        assets[name] = Asset(name, content, gzip.compress(content, 9, mtime=0), digest, kind)
    return assets
