"""A shop that takes cards and Pix: the worker's payment sandbox, and an account of each test's own there."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from adapters.provisioning import DatabaseAddresses
from tests.sandbox.process import SandboxProcess, start_sandbox
from tests.shop import Shop, open_shop

WEBHOOK_SECRET = "whsec_of_the_tests"


@dataclass
class PayingShop:
    """A shop and its account at the sandbox, whose books are the oracle."""

    shop: Shop
    sandbox: SandboxProcess
    account: str

    def intent(self, session_id: str) -> str:
        """The provider's name of a payment session's tender."""
        rows = self.shop.sql("SELECT provider_reference AS r FROM payments WHERE session_id = :s", s=session_id)
        return str(rows[0]["r"])

    def books(self) -> dict[str, Any]:
        return self.sandbox.books(self.account)

    def booked(self, session_id: str) -> dict[str, Any]:
        """The books' line of a payment session's tender."""
        return self.sandbox.booked(self.account, self.intent(session_id))

    def exceptions(self) -> list[tuple[str, int]]:
        """What staff are shown: kind and minor units, oldest first."""
        rows = self.shop.sql("SELECT kind, amount_minor FROM reconciliation_exceptions ORDER BY opened_at, id")
        return [(row["kind"], row["amount_minor"]) for row in rows]

    def count(self, table: str) -> int:
        return int(self.shop.sql(f"SELECT count(*) AS n FROM {table}")[0]["n"])  # a test's own word


@pytest.fixture(scope="session")
def sandbox_process(database: DatabaseAddresses) -> Iterator[SandboxProcess]:
    """The worker's sandbox, over the sandbox's own role."""
    process = start_sandbox(database.sandbox_url)
    yield process
    process.stop()


@pytest.fixture
def sandbox(sandbox_process: SandboxProcess) -> Iterator[SandboxProcess]:
    """The sandbox with its clock right and no fault planted, and left so."""
    yield sandbox_process
    sandbox_process.clear_faults()
    sandbox_process.set_clock(0)


@pytest.fixture
def account() -> str:
    """An account nobody used before."""
    return f"loja_{secrets.token_hex(6)}"


@pytest.fixture
def paying(database: DatabaseAddresses, sandbox: SandboxProcess, account: str, tmp_path: Path) -> Iterator[PayingShop]:
    """A shop of the test's own that takes cards and Pix."""
    shop = open_shop(database, tmp_path, SANDBOX_PAYMENTS_URL=sandbox.url)
    shop.add_stripe(f"sk_test_{account}", WEBHOOK_SECRET, timeout="2", retries="0")
    yield PayingShop(shop, sandbox, account)
    shop.wired.engines.dispose()
