"""One sandbox process for the tests of a worker; each test has an account of its own."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
import stripe

from adapters.provisioning import DatabaseAddresses
from tests.sandbox.checked import CheckedClient
from tests.sandbox.process import SandboxProcess, start_sandbox


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
def api(sandbox: SandboxProcess, account: str) -> stripe.StripeClient:
    """The provider's own library, talking to the sandbox as the account."""
    return client_for(sandbox, account)


def client_for(sandbox: SandboxProcess, account: str, timeout: float = 20) -> stripe.StripeClient:
    """The provider's library for an account; timeout in seconds, no retries of its own.

    Every request that is accepted and every answer is held to the public description.
    """
    return stripe.StripeClient(
        f"sk_test_{account}", base_addresses={"api": sandbox.url}, max_network_retries=0,
        http_client=CheckedClient(timeout=timeout),
    )


@pytest.fixture
def database_url(database: DatabaseAddresses) -> str:
    """The address of the sandbox's role, for tests that start processes of their own."""
    return database.sandbox_url
