"""The demo shop's addresses and logins, as its seeding wrote them, at today's ports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from jobs.data_folder import LOOPBACK, DataFolder

SERVED_BY = {"api": "web", "admin": "web", "storefront": "storefront", "sandbox": "sandbox"}


def demo(data: DataFolder) -> dict[str, Any] | None:
    """`api`, `admin`, `storefront`, `sandbox`, `publishable_key`, `logins`; None before the first run."""
    written = data.read("demo.json")
    if written is None:
        return None
    ports = data.read("ports.json") or {}
    here = {
        name: urlsplit(written[name])._replace(netloc=f"{LOOPBACK}:{ports[program]}").geturl()
        for name, program in SERVED_BY.items()
        if name in written and program in ports
    }
    return written | here


def lines(shown: Mapping[str, Any]) -> Iterator[str]:
    """The demo as lines for a terminal."""
    for name in SERVED_BY:
        if name in shown:
            yield f"  {name:<12}{shown[name]}"
    logins = shown.get("logins", [])
    if logins:
        yield ""
    for login in logins:
        yield f"  {login['role']:<12}{login['email']:<34}{login['password']}"
