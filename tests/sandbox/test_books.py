"""The books themselves, the clock, and the conditions under which the service starts."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import psycopg
import pytest
import stripe

from sandbox.payments.settings import RefusedToStart, from_environment
from sandbox.payments.tables import UPGRADES, upgrade
from tests.sandbox.process import ROOT, SandboxProcess, start_sandbox
from tests.sandbox.test_cards import pay

TOLD = {"DATABASE_SANDBOX_URL": "postgresql://nobody@127.0.0.1:1/none"}


def test_entries_cannot_be_changed(
    api: stripe.StripeClient, database_url: str, account: str, sandbox: SandboxProcess
) -> None:
    pay(api)
    for statement in ("UPDATE sandbox.entries SET amount = 1", "DELETE FROM sandbox.entries"):
        with psycopg.connect(database_url) as books, pytest.raises(psycopg.errors.RaiseException):
            books.execute(statement)
    kinds = [entry["kind"] for entry in sandbox.books(account)["entries"]]
    assert kinds == ["intent_created", "charged", "authorised", "captured"]


def test_books_of_nobody_are_empty(sandbox: SandboxProcess) -> None:
    books = sandbox.books("nobody")
    assert books["entries"] == []
    assert set(books["totals"].values()) == {0}
    assert sandbox.client.get("/_sandbox/books").status_code == 400


def test_the_clock_moves_business_time(sandbox: SandboxProcess, api: stripe.StripeClient) -> None:
    before = sandbox.set_clock(0)
    assert sandbox.set_clock(86_400) - before in {86_400, 86_401}
    assert api.v1.payment_intents.create({"amount": 5000, "currency": "brl"}).created >= before + 86_400
    assert sandbox.client.post("/_sandbox/clock", json={"offset_seconds": "x"}).status_code == 400
    assert sandbox.client.post("/_sandbox/clock", json={"offset": 1}).status_code == 400


@pytest.mark.race
def test_confirming_at_the_same_time_charges_once(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str
) -> None:
    intent = api.v1.payment_intents.create({"amount": 5000, "currency": "brl", "payment_method_types": ["card"]})
    statuses: list[int] = []

    def confirm() -> None:
        answer = sandbox.client.post(
            f"/v1/payment_intents/{intent.id}/confirm",
            data={"payment_method": "pm_card_visa"},
            headers={"Authorization": f"Bearer sk_test_{account}"},
        )
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=confirm) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [400] * 5
    assert sandbox.booked(account, intent.id)["captures"] == 1


def test_books_outlive_the_process(database_url: str, account: str) -> None:
    first = start_sandbox(database_url)
    first.client.post(
        "/v1/payment_intents",
        data={"amount": "5000", "currency": "brl"},
        headers={"Authorization": f"Bearer sk_test_{account}"},
    )
    first.stop(kill=True)
    second = start_sandbox(database_url)
    try:
        assert second.books(account)["totals"]["intents"] == 1
    finally:
        second.stop()


def test_the_tables_are_made_once(database_url: str, sandbox: SandboxProcess) -> None:
    assert upgrade(database_url) == len(UPGRADES)
    with psycopg.connect(database_url) as books:
        books.execute("INSERT INTO sandbox.forms VALUES (999)")
    with pytest.raises(RuntimeError, match="at 999"):
        upgrade(database_url)
    with psycopg.connect(database_url) as books:
        books.execute("DELETE FROM sandbox.forms WHERE number = 999")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ECOMMERCE_ENV": "production"}, "production"),
        ({"ECOMMERCE_ENV": " Production "}, "production"),
        ({"DATABASE_SANDBOX_URL": ""}, "DATABASE_SANDBOX_URL"),
        ({"SANDBOX_PORT": "-1"}, "SANDBOX_PORT"),
        ({"SANDBOX_PORT": "x"}, "SANDBOX_PORT"),
        ({"SANDBOX_PUBLIC_URL": "pay.example"}, "SANDBOX_PUBLIC_URL"),
        ({"SANDBOX_WEBHOOK_REBASE": "//x"}, "SANDBOX_WEBHOOK_REBASE"),
    ],
)
def test_a_wrong_environment_is_refused(change: dict[str, str], words: str) -> None:
    with pytest.raises(RefusedToStart, match=words):
        from_environment({**TOLD, **change})


def test_settings_have_sensible_defaults() -> None:
    settings = from_environment({**TOLD, "SANDBOX_PORT": "9100", "SANDBOX_WEBHOOK_REBASE": "http://127.0.0.1:8000/x"})
    assert (settings.public_url, settings.webhook_rebase) == ("http://127.0.0.1:9100", "http://127.0.0.1:8000")


def test_production_is_refused_by_the_process_itself() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sandbox.payments"],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
        env={**os.environ, **TOLD, "ECOMMERCE_ENV": "production"},
    )
    assert done.returncode == 2
    assert b"never runs in production" in done.stderr
