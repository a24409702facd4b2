"""Fixtures that every test may use: the database, and what is skipped for want of a browser."""

from __future__ import annotations

import os
import secrets
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.provisioning import DatabaseAddresses
from jobs.translations import compile_catalogues
from tests.database import RunFolder, TestServer
from tests.paying import account, paying, sandbox, sandbox_process
from tests.sandbox.carrier_process import carrier, carrier_process
from tests.shipping import shipping
from tests.shop import Shop, open_shop

__all__ = [
    "account",
    "carrier",
    "carrier_process",
    "paying",
    "sandbox",
    "sandbox_process",
    "shipping",
]  # fixtures, from where they are declared

RUN_FOLDER = pytest.StashKey[RunFolder]()


def pytest_configure(config: pytest.Config) -> None:
    """The first process of a run makes its folder and tells the workers; it alone removes it."""
    if not hasattr(config, "workerinput"):
        compile_catalogues()
        config.stash[RUN_FOLDER] = RunFolder()
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that being stopped cleans up too


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["run_folder"] = str(node.config.stash[RUN_FOLDER].path)


def pytest_unconfigure(config: pytest.Config) -> None:
    if RUN_FOLDER in config.stash:
        config.stash[RUN_FOLDER].remove()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With REQUIRE_ALL=1 nothing may be skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("REQUIRE_ALL") == "1" and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = exitstatus or pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def database_server(pytestconfig: pytest.Config) -> TestServer:
    """The run's PostgreSQL server, shared by all workers."""
    told = getattr(pytestconfig, "workerinput", {}).get("run_folder")
    return TestServer(Path(told) if told else pytestconfig.stash[RUN_FOLDER].path)


@pytest.fixture(scope="session")
def database(database_server: TestServer) -> Iterator[DatabaseAddresses]:
    """The worker's own migrated database; tests share it, so each makes a store of its own."""
    name = f"worker_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{secrets.token_hex(3)}"
    yield database_server.create(name)
    database_server.drop(name)


@pytest.fixture
def fresh_database(database_server: TestServer) -> Iterator[DatabaseAddresses]:
    """A database for one test alone: for what acts on all stores (relay, schedule, platform)."""
    name = f"fresh_{secrets.token_hex(6)}"
    yield database_server.create(name)
    database_server.drop(name)


@pytest.fixture
def shop(database: DatabaseAddresses, tmp_path: Path) -> Iterator[Shop]:
    """A store of the test's own, on a clock that only the test moves."""
    opened = open_shop(database, tmp_path)
    yield opened
    opened.wired.engines.dispose()
