"""Idempotency keys: one effect per key, whatever repeats."""

from __future__ import annotations

import threading
from typing import Any

import httpx
import psycopg
import pytest
import stripe

from tests.sandbox.description import check
from tests.sandbox.process import SandboxProcess
from tests.sandbox.test_cards import pay

FORM = {"amount": "5000", "currency": "brl", "payment_method": "pm_card_visa", "confirm": "true"}


def post(sandbox: SandboxProcess, account: str, path: str, key: str, form: dict[str, str]) -> httpx.Response:
    headers = {"Authorization": f"Bearer sk_test_{account}", "Idempotency-Key": key}
    return httpx.post(f"{sandbox.url}/v1/{path}", data=form, headers=headers, timeout=30)


def test_a_repeat_gets_the_first_answer(sandbox: SandboxProcess, account: str) -> None:
    first = post(sandbox, account, "payment_intents", "k-1", FORM)
    second = post(sandbox, account, "payment_intents", "k-1", FORM)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.headers["Original-Request"] == first.headers["Request-Id"]
    assert second.headers["Idempotency-Key"] == "k-1"
    books = sandbox.books(account)
    assert (books["totals"]["intents"], books["totals"]["captures"]) == (1, 1)
    assert books["idempotency_keys"][0]["replays"] == 1
    assert books["intents"][0]["idempotency_keys"] == ["k-1"]


def test_keys_belong_to_their_account(sandbox: SandboxProcess, account: str) -> None:
    post(sandbox, account, "payment_intents", "k-1", FORM)
    other = post(sandbox, f"{account}_b", "payment_intents", "k-1", FORM)
    assert "Idempotent-Replayed" not in other.headers


def test_another_body_is_refused(sandbox: SandboxProcess, account: str) -> None:
    post(sandbox, account, "payment_intents", "k-1", FORM)
    other = post(sandbox, account, "payment_intents", "k-1", {**FORM, "amount": "6000"})
    assert (other.status_code, other.json()["error"]["type"]) == (400, "idempotency_error")
    check("error", other.json())
    assert sandbox.books(account)["totals"]["intents"] == 1


def test_a_declined_attempt_is_remembered_with_its_status(sandbox: SandboxProcess, account: str) -> None:
    form = {**FORM, "payment_method": "pm_card_chargeDeclined"}
    answers = [post(sandbox, account, "payment_intents", "k-1", form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [402, 402]
    assert answers[0].json() == answers[1].json()
    assert sandbox.books(account)["totals"]["declines"] == 1


def test_a_refusal_by_state_is_remembered(api: stripe.StripeClient, sandbox: SandboxProcess, account: str) -> None:
    intent = pay(api)
    answers = [post(sandbox, account, f"payment_intents/{intent.id}/capture", "k-1", {}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[1].headers["Idempotent-Replayed"] == "true"


def test_a_refused_parameter_uses_no_key_up(sandbox: SandboxProcess, account: str) -> None:
    wrong = post(sandbox, account, "payment_intents", "k-1", {**FORM, "amout": "5000"})
    assert wrong.status_code == 400
    right = post(sandbox, account, "payment_intents", "k-1", FORM)
    assert (right.status_code, right.headers.get("Idempotent-Replayed")) == (200, None)


@pytest.mark.race
def test_the_same_key_at_the_same_time_has_one_effect(sandbox: SandboxProcess, account: str) -> None:
    answers: list[Any] = []
    gate = threading.Barrier(8)

    def send() -> None:
        gate.wait()
        answers.append(post(sandbox, account, "payment_intents", "k-1", FORM))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 200}) == 1
    for answer in answers:
        if answer.status_code == 409:
            check("error", answer.json())
            assert answer.json()["error"]["code"] == "idempotency_key_in_use"
    totals = sandbox.books(account)["totals"]
    assert (totals["intents"], totals["captures"]) == (1, 1)


def test_two_at_once_are_told_apart(sandbox: SandboxProcess, account: str, database: Any) -> None:
    """While another connection holds the key, the request is told so, and goes through afterwards."""
    with psycopg.connect(database.sandbox_url) as holder:
        holder.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", (f"{account}:k-1",))
        busy = post(sandbox, account, "payment_intents", "k-1", FORM)
        assert (busy.status_code, busy.json()["error"]["code"]) == (409, "idempotency_key_in_use")
    assert post(sandbox, account, "payment_intents", "k-1", FORM).status_code == 200
