"""The provider's own library, as a client of the worker's sandbox."""

from __future__ import annotations

import pytest
import stripe

from adapters.provisioning import DatabaseAddresses
from tests.sandbox.checked import CheckedClient
from tests.sandbox.process import SandboxProcess


@pytest.fixture
def api(sandbox: SandboxProcess, account: str) -> stripe.StripeClient:
    """The provider's own library, talking to the sandbox as the account."""
    return client_for(sandbox, account)


def client_for(sandbox: SandboxProcess, account: str, timeout: float = 20) -> stripe.StripeClient:
    """The provider's library for an account; timeout in seconds, no retries of its own.

    Every request that is accepted and every answer is held to the public description.
    """
    return stripe.StripeClient(
        f"sk_test_{account}",
        base_addresses={"api": sandbox.url},
        max_network_retries=0,
        http_client=CheckedClient(timeout=timeout),
    )


@pytest.fixture
def database_url(database: DatabaseAddresses) -> str:
    """The address of the sandbox's role, for tests that start processes of their own."""
    return database.sandbox_url
