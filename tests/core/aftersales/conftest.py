"""Aftersales at a provider that moves money."""

from __future__ import annotations

from tests.paying import account as account
from tests.paying import paying as paying
from tests.paying import sandbox as sandbox
from tests.paying import sandbox_process as sandbox_process
