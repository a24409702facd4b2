"""Where clients of tests call from."""

from __future__ import annotations

import secrets


def new_address() -> str:
    """A client address of a test's own: tries to sign in from one count together."""
    return f"2001:db8:{secrets.randbelow(0xFFFF):x}:{secrets.randbelow(0xFFFF):x}::1"
