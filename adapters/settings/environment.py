"""Reads typed values out of environment variables and keeps account of everything wrong with them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from adapters.settings.signing_keys import SigningKey, parse_signing_keys

FLAGS = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One variable that can't be used, and what it should hold; never the value itself."""

    variable: str
    message: str


class EnvironmentReader:
    """Each method returns the value of one variable, or a neutral one after noting a `Problem`.

    A variable that is set to nothing counts as missing.
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self.problems: list[Problem] = []

    def refuse(self, variable: str, message: str) -> None:
        self.problems.append(Problem(variable, message))

    def text(self, variable: str, default: str | None = None) -> str:
        value = self._env.get(variable, "").strip() or default
        if value is None:
            self.refuse(variable, "is missing")
            return ""
        return value

    def choice(self, variable: str, choices: Sequence[str], default: str | None = None) -> str:
        value = self.text(variable, default).lower()
        if value and value not in choices:
            self.refuse(variable, f"must be one of {', '.join(choices)}")
        return value

    def integer(self, variable: str, *, default: int, least: int, most: int) -> int:
        value = self.text(variable, str(default))
        if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
            self.refuse(variable, f"must be a whole number from {least} to {most}")
            return default
        return int(value)

    def flag(self, variable: str, *, default: bool) -> bool:
        value = self.text(variable, "on" if default else "off").lower()
        if value not in FLAGS:
            self.refuse(variable, "must be on or off")
            return default
        return FLAGS[value]

    def path(self, variable: str, *, default: str) -> Path:
        return Path(self.text(variable, default)).absolute()

    def url(self, variable: str, schemes: Sequence[str]) -> str:
        """A URL without its trailing slash; web addresses need a host and have no query."""
        value = self.text(variable)
        if value and not _is_url(value, schemes):
            wanted = " or ".join(f"{scheme}://" for scheme in schemes)
            self.refuse(variable, f"must be a complete address that begins with {wanted}")
        return value.rstrip("/")

    def optional_url(self, variable: str, schemes: Sequence[str]) -> str | None:
        return self.url(variable, schemes) if self._env.get(variable, "").strip() else None

    def secret(self, variable: str, *, minimum: int) -> bytes:
        value = self.text(variable).encode()
        if value and len(value) < minimum:
            self.refuse(variable, f"must be at least {minimum} bytes long")
        return value

    def keys(self, variable: str, *, length: int) -> tuple[bytes, ...]:
        """Keys in base64, separated by commas, each of `length` bytes."""
        value = self.text(variable)
        if not value:
            return ()
        try:
            keys = tuple(base64.b64decode(part.strip(), validate=True) for part in value.split(","))
        except binascii.Error:
            keys = ()
        if not keys or any(len(key) != length for key in keys):
            self.refuse(variable, f"must hold keys of {length} bytes in base64, separated by commas")
        return keys

    def signing_keys(self, variable: str) -> tuple[SigningKey, ...]:
        value = self.text(variable)
        if not value:
            return ()
        try:
            return parse_signing_keys(value)
        except ValueError:
            self.refuse(variable, "must hold Ed25519 private keys: PEM, or base64 of the 32 bytes, by commas")
            return ()


def _is_url(value: str, schemes: Sequence[str]) -> bool:
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme not in schemes or port == 0:
        return False
    if parts.scheme in ("http", "https"):
        return bool(parts.hostname) and not parts.query and not parts.fragment
    return bool(parts.hostname or "host=" in parts.query) or parts.scheme == "postgresql"
