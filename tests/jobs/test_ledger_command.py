"""The books on the command line: close, reopen, limit, verify, backfill."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result

from adapters.provisioning import DatabaseAddresses
from jobs.cli import main
from tests.admin.order_desk import place
from tests.core.ledger.books import deliver, entries
from tests.core.ledger.test_facts import pay
from tests.shop import StoppedClock, environment_for, open_shop


class Terminal:
    """A shop whose capture happened three days ago, and the command line beside it; the wall's time is the shop's."""

    def __init__(self, database: DatabaseAddresses, folder: Path) -> None:
        clock = StoppedClock()
        clock.at -= timedelta(days=3)
        self.shop = open_shop(database, folder, clock)
        self.environment = environment_for(database, folder)
        self.superuser_url = database.superuser_url
        pay(self.shop, place(self.shop))

    @property
    def day(self) -> str:
        return str(self.shop.clock.at.date() + timedelta(days=1))

    def type(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, ["ledger", *arguments], env=self.environment)


@pytest.fixture
def terminal(fresh_database: DatabaseAddresses, tmp_path: Path) -> Iterator[Terminal]:
    made = Terminal(fresh_database, tmp_path)
    yield made
    made.shop.wired.engines.dispose()


def test_a_day_is_closed_once_its_facts_are_posted_and_opened_with_a_reason(terminal: Terminal) -> None:
    refused = terminal.type("close", "--day", terminal.day)
    assert (refused.exit_code, "1 facts up to that day wait" in refused.output) == (1, True)
    deliver(terminal.shop)
    closed = terminal.type("close", "--day", terminal.day)
    assert (closed.exit_code, f"closed through {terminal.day}." in closed.output) == (0, True), closed.output
    assert "are closed" in terminal.type("close", "--day", terminal.day).output
    assert terminal.type("reopen", "--day", terminal.day).exit_code == 2
    opened = terminal.type("reopen", "--day", terminal.day, "--reason", "A fee was missing")
    assert (opened.exit_code, "is open again" in opened.output) == (0, True)
    yesterday = terminal.type("close")
    assert yesterday.exit_code == 0, yesterday.output


def test_verify_fails_when_something_is_not_as_it_was_written(terminal: Terminal) -> None:
    deliver(terminal.shop)
    fine = terminal.type("verify")
    assert (fine.exit_code, "1 entries and 0 closings read." in fine.output) == (0, True)
    with psycopg.connect(terminal.superuser_url) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("UPDATE journal_entries SET memo = 'x'")
    found = terminal.type("verify")
    assert (found.exit_code, "entry changed: 1" in found.output, "1 not as written" in found.output) == (1, True, True)


def test_backfill_posts_what_no_delivery_told_of(terminal: Terminal) -> None:
    terminal.shop.execute("DELETE FROM deliveries WHERE subscriber LIKE 'ledger.%'")
    assert ": 1 posted." in terminal.type("backfill").output
    assert ": 0 posted." in terminal.type("backfill").output
    assert len(entries(terminal.shop)) == 1


def test_the_limit_and_a_store_that_is_none(terminal: Terminal) -> None:
    assert "the limit is 500 BRL minor units" in terminal.type("limit", "500").output
    assert terminal.shop.sql("SELECT exception_limit_minor FROM ledger_settings") == [{"exception_limit_minor": 500}]
    assert "There is no store nowhere." in terminal.type("verify", "--store", "nowhere").output
    assert terminal.type("--help").exit_code == 0
